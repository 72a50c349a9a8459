/*
 * dynamodb_condition.c - evaluate a parsed condition on one item (pure functions).
 *
 * A missing attribute makes every comparison false, except <>, as does a pair of different types.
 */
#include "dynamodb_binary.h"
#include "dynamodb_document.h"
#include "dynamodb_types.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value of an operand. size() needs room for a value that is nowhere in the item. */
typedef struct operand {
    const cJSON *value; /* NULL: nothing there */
    cJSON wrapper;
    cJSON number;
    char text[24];
} operand;

const cJSON *dynamodb_path_find(const cJSON *item, const dynamodb_node *path)
{
    const cJSON *map = item;
    const cJSON *value = NULL;

    for (const dynamodb_node *each = path->first; each != NULL; each = each->next) {
        if (each != path->first) {
            dynamodb_type wanted = each->kind == DYNAMODB_NODE_FIELD ? DYNAMODB_M : DYNAMODB_L;

            map = dynamodb_type_of(value) == wanted ? dynamodb_content(value) : NULL;
        }
        if (map == NULL)
            return NULL;
        if (each->kind == DYNAMODB_NODE_FIELD)
            value = cJSON_GetObjectItemCaseSensitive(map, each->name);
        else
            value = cJSON_GetArrayItem(map, (int)each->index);
        if (value == NULL)
            return NULL;
    }
    return value;
}

static size_t count_characters(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* What size() says about value; false for types without a size. */
static bool measure(const cJSON *value, size_t *size)
{
    switch (dynamodb_type_of(value)) {
    case DYNAMODB_S:
        *size = count_characters(dynamodb_text(value));
        return true;
    case DYNAMODB_B:
        *size = dynamodb_binary_length(dynamodb_text(value));
        return true;
    case DYNAMODB_SS:
    case DYNAMODB_NS:
    case DYNAMODB_BS:
    case DYNAMODB_L:
    case DYNAMODB_M:
        *size = (size_t)cJSON_GetArraySize(dynamodb_content(value));
        return true;
    case DYNAMODB_N:
    case DYNAMODB_BOOL:
    case DYNAMODB_NULL:
    case DYNAMODB_TYPE_COUNT:
        break;
    }
    return false;
}

static void resolve(const dynamodb_node *node, const cJSON *item, operand *out)
{
    size_t size;

    out->value = NULL;
    if (node->kind == DYNAMODB_NODE_VALUE) {
        out->value = node->value;
    } else if (node->kind == DYNAMODB_NODE_PATH) {
        out->value = dynamodb_path_find(item, node);
    } else { /* size(), the only function that is an operand */
        resolve(node->first, item, out);
        if (out->value == NULL || !measure(out->value, &size)) {
            out->value = NULL;
            return;
        }
        memset(&out->wrapper, 0, sizeof(out->wrapper));
        memset(&out->number, 0, sizeof(out->number));
        (void)snprintf(out->text, sizeof(out->text), "%zu", size);
        out->wrapper.type = cJSON_Object;
        out->wrapper.child = &out->number;
        out->number.type = cJSON_String;
        out->number.valuestring = out->text;
        out->number.string = (char *)(uintptr_t)dynamodb_type_name(DYNAMODB_N);
        out->value = &out->wrapper;
    }
}

static bool orderable(const cJSON *a, const cJSON *b)
{
    return a != NULL && b != NULL && dynamodb_type_of(a) == dynamodb_type_of(b) &&
           dynamodb_type_of(a) <= DYNAMODB_B;
}

static bool equal(const cJSON *a, const cJSON *b)
{
    return a != NULL && b != NULL && dynamodb_value_equal(a, b);
}

static bool compare(const dynamodb_node *node, const cJSON *item)
{
    operand left;
    operand right;
    int order;

    resolve(node->first, item, &left);
    resolve(node->first->next, item, &right);
    if (node->kind == DYNAMODB_NODE_EQ)
        return equal(left.value, right.value);
    if (node->kind == DYNAMODB_NODE_NE)
        return !equal(left.value, right.value);
    if (!orderable(left.value, right.value))
        return false;
    order = dynamodb_value_compare(left.value, right.value);
    if (node->kind == DYNAMODB_NODE_LT)
        return order < 0;
    if (node->kind == DYNAMODB_NODE_LE)
        return order <= 0;
    return node->kind == DYNAMODB_NODE_GT ? order > 0 : order >= 0;
}

static bool between(const dynamodb_node *node, const cJSON *item)
{
    operand value;
    operand low;
    operand high;

    resolve(node->first, item, &value);
    resolve(node->first->next, item, &low);
    resolve(node->first->next->next, item, &high);
    return orderable(value.value, low.value) && orderable(value.value, high.value) &&
           dynamodb_value_compare(value.value, low.value) >= 0 &&
           dynamodb_value_compare(value.value, high.value) <= 0;
}

static bool in(const dynamodb_node *node, const cJSON *item)
{
    operand value;

    resolve(node->first, item, &value);
    for (const dynamodb_node *each = node->first->next; each != NULL; each = each->next) {
        operand candidate;

        resolve(each, item, &candidate);
        if (equal(value.value, candidate.value))
            return true;
    }
    return false;
}

static bool binary_contains(const char *whole, const char *part)
{
    size_t whole_len = dynamodb_binary_length(whole);
    size_t part_len = dynamodb_binary_length(part);
    unsigned char *bytes = malloc(whole_len + part_len + 1);
    bool found = false;

    if (bytes == NULL)
        return false;
    (void)dynamodb_binary_decode(whole, bytes, whole_len);
    (void)dynamodb_binary_decode(part, bytes + whole_len, part_len);
    for (size_t at = 0; !found && at + part_len <= whole_len; at++)
        found = memcmp(bytes + at, bytes + whole_len, part_len) == 0;
    free(bytes);
    return found;
}

static bool contains(const cJSON *whole, const cJSON *part)
{
    dynamodb_type type;
    const cJSON *each;

    if (whole == NULL || part == NULL)
        return false;
    type = dynamodb_type_of(whole);
    if (type == DYNAMODB_L) {
        cJSON_ArrayForEach(each, dynamodb_content(whole))
        {
            if (dynamodb_value_equal(each, part))
                return true;
        }
        return false;
    }
    if (dynamodb_is_set(type))
        return dynamodb_type_of(part) == dynamodb_set_element(type) &&
               dynamodb_set_has(dynamodb_content(whole), dynamodb_text(part));
    if (type != dynamodb_type_of(part))
        return false;
    if (type == DYNAMODB_B)
        return binary_contains(dynamodb_text(whole), dynamodb_text(part));
    return type == DYNAMODB_S && strstr(dynamodb_text(whole), dynamodb_text(part)) != NULL;
}

static bool begins_with(const cJSON *whole, const cJSON *part)
{
    dynamodb_type type;
    const char *a;
    const char *b;

    if (!orderable(whole, part))
        return false;
    type = dynamodb_type_of(whole);
    a = dynamodb_text(whole);
    b = dynamodb_text(part);
    if (type == DYNAMODB_S)
        return strncmp(a, b, strlen(b)) == 0;
    return type == DYNAMODB_B && dynamodb_binary_begins(a, b);
}

static bool call(const dynamodb_node *node, const cJSON *item)
{
    operand first;
    operand second;

    resolve(node->first, item, &first);
    if (node->function == DYNAMODB_ATTRIBUTE_EXISTS)
        return first.value != NULL;
    if (node->function == DYNAMODB_ATTRIBUTE_NOT_EXISTS)
        return first.value == NULL;
    resolve(node->first->next, item, &second);
    if (node->function == DYNAMODB_BEGINS_WITH)
        return begins_with(first.value, second.value);
    if (node->function == DYNAMODB_CONTAINS)
        return contains(first.value, second.value);
    return first.value != NULL && second.value != NULL &&
           strcmp(dynamodb_type_name(dynamodb_type_of(first.value)), dynamodb_text(second.value)) ==
               0;
}

static bool all_hold(const dynamodb_node *node, const cJSON *item)
{
    for (const dynamodb_node *each = node->first; each != NULL; each = each->next) {
        if (!dynamodb_condition_holds(each, item))
            return false;
    }
    return true;
}

static bool any_holds(const dynamodb_node *node, const cJSON *item)
{
    for (const dynamodb_node *each = node->first; each != NULL; each = each->next) {
        if (dynamodb_condition_holds(each, item))
            return true;
    }
    return false;
}

bool dynamodb_condition_holds(const dynamodb_node *condition, const cJSON *item)
{
    if (condition == NULL)
        return true;
    if (condition->kind == DYNAMODB_NODE_AND)
        return all_hold(condition, item);
    if (condition->kind == DYNAMODB_NODE_OR)
        return any_holds(condition, item);
    if (condition->kind == DYNAMODB_NODE_NOT)
        return !dynamodb_condition_holds(condition->first, item);
    if (condition->kind == DYNAMODB_NODE_FUNCTION)
        return call(condition, item);
    if (condition->kind == DYNAMODB_NODE_BETWEEN)
        return between(condition, item);
    if (condition->kind == DYNAMODB_NODE_IN)
        return in(condition, item);
    return compare(condition, item);
}
