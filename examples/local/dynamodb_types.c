/*
 * dynamodb_types.c - look into, compare and measure checked attribute values (pure functions).
 */
#include "dynamodb_types.h"

#include "dynamodb_binary.h"

#include <string.h>

static const char *const type_names[DYNAMODB_TYPE_COUNT] = { "S",  "N",  "B",  "BOOL", "NULL",
                                                             "SS", "NS", "BS", "L",    "M" };

const char *dynamodb_type_name(dynamodb_type type)
{
    return type < DYNAMODB_TYPE_COUNT ? type_names[type] : "?";
}

dynamodb_type dynamodb_type_named(const char *name)
{
    for (unsigned i = 0; i < DYNAMODB_TYPE_COUNT; i++) {
        if (strcmp(name, type_names[i]) == 0)
            return (dynamodb_type)i;
    }
    return DYNAMODB_TYPE_COUNT;
}

dynamodb_type dynamodb_type_of(const cJSON *value)
{
    return dynamodb_type_named(value->child->string);
}

const cJSON *dynamodb_content(const cJSON *value)
{
    return value->child;
}

const char *dynamodb_text(const cJSON *value)
{
    return value->child->valuestring;
}

bool dynamodb_is_set(dynamodb_type type)
{
    return type == DYNAMODB_SS || type == DYNAMODB_NS || type == DYNAMODB_BS;
}

dynamodb_type dynamodb_set_element(dynamodb_type set)
{
    if (set == DYNAMODB_SS)
        return DYNAMODB_S;
    return set == DYNAMODB_NS ? DYNAMODB_N : DYNAMODB_B;
}

cJSON *dynamodb_value_wrap(dynamodb_type type, cJSON *content)
{
    cJSON *value = content == NULL ? NULL : cJSON_CreateObject();

    if (value == NULL || !cJSON_AddItemToObject(value, type_names[type], content)) {
        cJSON_Delete(content);
        cJSON_Delete(value);
        return NULL;
    }
    return value;
}

cJSON *dynamodb_value_new(dynamodb_type type, const char *text)
{
    return dynamodb_value_wrap(type, cJSON_CreateString(text));
}

cJSON *dynamodb_value_number(const dynamodb_number *number)
{
    char text[DYNAMODB_NUMBER_TEXT_SIZE];

    dynamodb_number_print(number, text);
    return dynamodb_value_new(DYNAMODB_N, text);
}

void dynamodb_value_to_number(const cJSON *value, dynamodb_number *out)
{
    memset(out, 0, sizeof(*out));
    (void)dynamodb_number_parse(dynamodb_text(value), out);
}

bool dynamodb_set_has(const cJSON *set_content, const char *element)
{
    const cJSON *each;

    cJSON_ArrayForEach(each, set_content)
    {
        if (strcmp(each->valuestring, element) == 0)
            return true;
    }
    return false;
}

static bool sets_equal(const cJSON *a, const cJSON *b)
{
    const cJSON *each;

    if (cJSON_GetArraySize(a) != cJSON_GetArraySize(b))
        return false;
    cJSON_ArrayForEach(each, a)
    {
        if (!dynamodb_set_has(b, each->valuestring))
            return false;
    }
    return true;
}

static bool lists_equal(const cJSON *a, const cJSON *b)
{
    for (a = a->child, b = b->child; a != NULL && b != NULL; a = a->next, b = b->next) {
        if (!dynamodb_value_equal(a, b))
            return false;
    }
    return a == NULL && b == NULL;
}

static bool maps_equal(const cJSON *a, const cJSON *b)
{
    const cJSON *same_place = b->child;

    if (cJSON_GetArraySize(a) != cJSON_GetArraySize(b))
        return false;
    for (a = a->child; a != NULL; a = a->next) {
        const cJSON *other = same_place;

        /* Mostly both have the same order; the search is for the rest. */
        if (strcmp(other->string, a->string) != 0)
            other = cJSON_GetObjectItemCaseSensitive(b, a->string);
        if (other == NULL || !dynamodb_value_equal(a, other))
            return false;
        same_place = same_place->next;
    }
    return true;
}

bool dynamodb_value_equal(const cJSON *a, const cJSON *b)
{
    dynamodb_type type = dynamodb_type_of(a);

    if (type != dynamodb_type_of(b))
        return false;
    a = dynamodb_content(a);
    b = dynamodb_content(b);
    switch (type) {
    case DYNAMODB_S:
    case DYNAMODB_N:
    case DYNAMODB_B:
        return strcmp(a->valuestring, b->valuestring) == 0;
    case DYNAMODB_BOOL:
        return cJSON_IsTrue(a) == cJSON_IsTrue(b);
    case DYNAMODB_SS:
    case DYNAMODB_NS:
    case DYNAMODB_BS:
        return sets_equal(a, b);
    case DYNAMODB_L:
        return lists_equal(a, b);
    case DYNAMODB_M:
        return maps_equal(a, b);
    case DYNAMODB_NULL:
    case DYNAMODB_TYPE_COUNT:
        break;
    }
    return true;
}

int dynamodb_value_compare(const cJSON *a, const cJSON *b)
{
    dynamodb_number number_a;
    dynamodb_number number_b;

    if (dynamodb_type_of(a) == DYNAMODB_S)
        return strcmp(dynamodb_text(a), dynamodb_text(b)); /* UTF-8 bytes, as unsigned */
    if (dynamodb_type_of(a) == DYNAMODB_B)
        return dynamodb_binary_compare(dynamodb_text(a), dynamodb_text(b));
    dynamodb_value_to_number(a, &number_a);
    dynamodb_value_to_number(b, &number_b);
    return dynamodb_number_compare(&number_a, &number_b);
}

static size_t scalar_size(dynamodb_type type, const char *text)
{
    dynamodb_number number;

    if (type == DYNAMODB_S)
        return strlen(text);
    if (type == DYNAMODB_B)
        return dynamodb_binary_length(text);
    memset(&number, 0, sizeof(number));
    (void)dynamodb_number_parse(text, &number);
    return dynamodb_number_size(&number);
}

size_t dynamodb_value_size(const cJSON *value)
{
    dynamodb_type type = dynamodb_type_of(value);
    const cJSON *content = dynamodb_content(value);
    const cJSON *each;
    size_t size = 3; /* of a list or map itself */

    if (type <= DYNAMODB_B)
        return scalar_size(type, content->valuestring);
    if (type == DYNAMODB_BOOL || type == DYNAMODB_NULL)
        return 1;
    if (dynamodb_is_set(type))
        size = 0;
    cJSON_ArrayForEach(each, content)
    {
        if (dynamodb_is_set(type))
            size += scalar_size(dynamodb_set_element(type), each->valuestring);
        else
            size += 1 + dynamodb_value_size(each) + (type == DYNAMODB_M ? strlen(each->string) : 0);
    }
    return size;
}

size_t dynamodb_map_size(const cJSON *map)
{
    const cJSON *each;
    size_t size = 0;

    cJSON_ArrayForEach(each, map)
    {
        size += strlen(each->string) + dynamodb_value_size(each);
    }
    return size;
}
