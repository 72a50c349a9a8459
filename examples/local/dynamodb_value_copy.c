/*
 * dynamodb_value_copy.c - the gate for attribute values: check, normalise, copy.
 */
#include "dynamodb_binary.h"
#include "dynamodb_types.h"

#include <stdlib.h>
#include <string.h>

#define NESTING_MAX 32

static cJSON *copy_nested(const cJSON *value, int depth, dynamodb_fault *fault);

static cJSON *refused(dynamodb_fault *fault, const char *message)
{
    (void)dynamodb_invalid(fault, "%s", message);
    return NULL;
}

static cJSON *out_of_memory(dynamodb_fault *fault)
{
    (void)dynamodb_broken(fault, "out of memory for an attribute value");
    return NULL;
}

static cJSON *copy_number(const char *text, dynamodb_fault *fault)
{
    dynamodb_number number;
    char message[256];
    char normal[DYNAMODB_NUMBER_TEXT_SIZE];
    dynamodb_number_result result = dynamodb_number_parse(text, &number);
    cJSON *copy;

    if (result != DYNAMODB_NUMBER_OK) {
        dynamodb_number_explain(result, text, message, sizeof(message));
        return refused(fault, message);
    }
    dynamodb_number_print(&number, normal);
    copy = cJSON_CreateString(normal);
    return copy == NULL ? out_of_memory(fault) : copy;
}

/* A string, number or binary, alone or inside a set. */
static cJSON *copy_text(dynamodb_type type, const cJSON *content, dynamodb_fault *fault)
{
    cJSON *copy;

    if (!cJSON_IsString(content)) {
        (void)dynamodb_wrong_json(fault, content, type == DYNAMODB_B ? "ByteBuffer" : "String");
        return NULL;
    }
    if (type == DYNAMODB_N)
        return copy_number(content->valuestring, fault);
    if (type == DYNAMODB_B && dynamodb_binary_length(content->valuestring) == DYNAMODB_BINARY_BAD) {
        (void)dynamodb_refuse(fault, "SerializationException",
                              "A Binary value is not padded base64 (length %zu)",
                              strlen(content->valuestring));
        return NULL;
    }
    copy = cJSON_CreateString(content->valuestring);
    if (copy == NULL)
        return out_of_memory(fault);
    if (type == DYNAMODB_B)
        dynamodb_binary_normalise(copy->valuestring);
    return copy;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether two children have the same text: the value of each, or its name. */
static bool has_duplicates(const cJSON *parent, bool names, bool *no_memory)
{
    size_t count = (size_t)cJSON_GetArraySize(parent);
    const char **texts = count < 2 ? NULL : malloc(count * sizeof(*texts));
    const cJSON *each;
    size_t used = 0;
    bool found = false;

    *no_memory = count >= 2 && texts == NULL;
    if (texts == NULL)
        return false;
    cJSON_ArrayForEach(each, parent)
    {
        texts[used++] = names ? each->string : each->valuestring;
    }
    qsort(texts, used, sizeof(*texts), compare_texts);
    for (size_t i = 1; i < used && !found; i++)
        found = strcmp(texts[i - 1], texts[i]) == 0;
    free(texts);
    return found;
}

static bool check_set(dynamodb_type type, const cJSON *set, dynamodb_fault *fault)
{
    bool no_memory;

    if (set->child == NULL && type == DYNAMODB_BS)
        return dynamodb_invalid(
            fault, "One or more parameter values were invalid: Binary sets should not be empty");
    if (set->child == NULL)
        return dynamodb_invalid(
            fault, "One or more parameter values were invalid: An %s set  may not be empty",
            type == DYNAMODB_SS ? "string" : "number");
    if (has_duplicates(set, false, &no_memory)) {
        if (type == DYNAMODB_NS)
            return dynamodb_invalid(fault, "Input collection contains duplicates");
        return dynamodb_invalid(fault, "One or more parameter values were invalid: Input "
                                       "collection contains duplicates.");
    }
    if (no_memory)
        return dynamodb_broken(fault, "out of memory for a set");
    return true;
}

/* The elements of a list, or of a set. */
static cJSON *copy_elements(dynamodb_type type, const cJSON *content, int depth,
                            dynamodb_fault *fault)
{
    cJSON *copy = cJSON_CreateArray();
    const cJSON *each;

    if (copy == NULL)
        return out_of_memory(fault);
    if (!cJSON_IsArray(content)) {
        (void)dynamodb_wrong_json(fault, content, "List");
        goto failed;
    }
    cJSON_ArrayForEach(each, content)
    {
        cJSON *element = type == DYNAMODB_L ? copy_nested(each, depth + 1, fault)
                                            : copy_text(dynamodb_set_element(type), each, fault);

        if (element == NULL)
            goto failed;
        (void)cJSON_AddItemToArray(copy, element);
    }
    if (type == DYNAMODB_L || check_set(type, copy, fault))
        return copy;

failed:
    cJSON_Delete(copy);
    return NULL;
}

static bool copy_attributes(cJSON *copy, const cJSON *content, int depth, dynamodb_fault *fault)
{
    const cJSON *each;
    bool no_memory;

    if (!cJSON_IsObject(content))
        return dynamodb_wrong_json(fault, content, "Map");
    if (has_duplicates(content, true, &no_memory))
        return dynamodb_refuse(fault, "SerializationException",
                               "A map has the same attribute name twice");
    if (no_memory)
        return dynamodb_broken(fault, "out of memory for a map");
    cJSON_ArrayForEach(each, content)
    {
        cJSON *value = copy_nested(each, depth + 1, fault);

        if (value == NULL)
            return false;
        if (!cJSON_AddItemToObject(copy, each->string, value)) {
            cJSON_Delete(value);
            return dynamodb_broken(fault, "out of memory for a map");
        }
    }
    return true;
}

static cJSON *copy_map(const cJSON *content, int depth, dynamodb_fault *fault)
{
    cJSON *copy = cJSON_CreateObject();

    if (copy == NULL)
        return out_of_memory(fault);
    if (!copy_attributes(copy, content, depth, fault)) {
        cJSON_Delete(copy);
        return NULL;
    }
    return copy;
}

static cJSON *copy_flag(dynamodb_type type, const cJSON *content, dynamodb_fault *fault)
{
    cJSON *copy;

    if (!cJSON_IsBool(content)) {
        (void)dynamodb_wrong_json(fault, content, "Boolean");
        return NULL;
    }
    if (type == DYNAMODB_NULL && !cJSON_IsTrue(content))
        return refused(fault, "One or more parameter values were invalid: Null attribute value "
                              "types must have the value of true");
    copy = cJSON_CreateBool(cJSON_IsTrue(content));
    return copy == NULL ? out_of_memory(fault) : copy;
}

/* The one member of value that names a type; others are unknown fields and ignored. */
static const cJSON *only_type(const cJSON *value, dynamodb_fault *fault)
{
    const cJSON *found = NULL;
    const cJSON *each;

    if (!cJSON_IsObject(value)) {
        (void)dynamodb_wrong_json(fault, value, "AttributeValue");
        return NULL;
    }
    cJSON_ArrayForEach(each, value)
    {
        if (cJSON_IsNull(each) || dynamodb_type_named(each->string) == DYNAMODB_TYPE_COUNT)
            continue;
        if (found != NULL) {
            (void)dynamodb_invalid(fault, "Supplied AttributeValue has more than one datatypes "
                                          "set, must contain exactly one of the supported "
                                          "datatypes");
            return NULL;
        }
        found = each;
    }
    if (found == NULL)
        (void)dynamodb_invalid(fault, "Supplied AttributeValue is empty, must contain exactly one "
                                      "of the supported datatypes");
    return found;
}

static cJSON *copy_content(dynamodb_type type, const cJSON *content, int depth,
                           dynamodb_fault *fault)
{
    switch (type) {
    case DYNAMODB_S:
    case DYNAMODB_N:
    case DYNAMODB_B:
        return copy_text(type, content, fault);
    case DYNAMODB_BOOL:
    case DYNAMODB_NULL:
        return copy_flag(type, content, fault);
    case DYNAMODB_SS:
    case DYNAMODB_NS:
    case DYNAMODB_BS:
        return copy_elements(type, content, depth, fault);
    case DYNAMODB_L:
        return copy_elements(type, content, depth, fault);
    case DYNAMODB_M:
    case DYNAMODB_TYPE_COUNT:
        break;
    }
    return copy_map(content, depth, fault);
}

static cJSON *copy_nested(const cJSON *value, int depth, dynamodb_fault *fault)
{
    const cJSON *content = only_type(value, fault);
    dynamodb_type type;
    cJSON *copy;

    if (content == NULL)
        return NULL;
    if (depth > NESTING_MAX)
        return refused(fault, "Nesting Levels have exceeded supported limits");
    type = dynamodb_type_named(content->string);
    copy = copy_content(type, content, depth, fault);
    if (copy == NULL)
        return NULL;
    copy = dynamodb_value_wrap(type, copy);
    return copy == NULL ? out_of_memory(fault) : copy;
}

cJSON *dynamodb_value_copy(const cJSON *value, dynamodb_fault *fault)
{
    return copy_nested(value, 0, fault);
}

cJSON *dynamodb_map_copy(const cJSON *map, dynamodb_fault *fault)
{
    return copy_map(map, -1, fault);
}
