/*
 * dynamodb_range.c - a KeyConditionExpression as one hash key and a range of range keys
 * (pure functions).
 */
#include "dynamodb_read.h"

#include <stdint.h>
#include <string.h>

/* One condition on a key, with the attribute on the left. */
typedef struct key_condition {
    const char *name;
    const cJSON *first;
    const cJSON *second; /* of BETWEEN */
    dynamodb_node_kind kind;
} key_condition;

typedef struct key_conditions {
    key_condition list[2];
    size_t count;
} key_conditions;

static dynamodb_node_kind mirrored(dynamodb_node_kind kind)
{
    if (kind == DYNAMODB_NODE_LT)
        return DYNAMODB_NODE_GT;
    if (kind == DYNAMODB_NODE_LE)
        return DYNAMODB_NODE_GE;
    if (kind == DYNAMODB_NODE_GT)
        return DYNAMODB_NODE_LT;
    return kind == DYNAMODB_NODE_GE ? DYNAMODB_NODE_LE : kind;
}

static bool allowed(const dynamodb_node *node)
{
    if (node->kind == DYNAMODB_NODE_FUNCTION)
        return node->function == DYNAMODB_BEGINS_WITH;
    return node->kind == DYNAMODB_NODE_BETWEEN ||
           (node->kind >= DYNAMODB_NODE_EQ && node->kind <= DYNAMODB_NODE_GE &&
            node->kind != DYNAMODB_NODE_NE);
}

static bool read_condition(const dynamodb_node *node, key_condition *out, dynamodb_fault *fault)
{
    const dynamodb_node *path = node->first;
    const dynamodb_node *value = path->next;

    out->kind = node->kind;
    if (path->kind == DYNAMODB_NODE_VALUE && value->kind == DYNAMODB_NODE_PATH &&
        node->kind != DYNAMODB_NODE_FUNCTION && node->kind != DYNAMODB_NODE_BETWEEN) {
        out->kind = mirrored(node->kind);
        path = value;
        value = node->first;
    }
    if (path->kind == DYNAMODB_NODE_VALUE)
        return dynamodb_invalid(fault, "Invalid condition in KeyConditionExpression: No key "
                                       "attribute specified");
    if (path->kind != DYNAMODB_NODE_PATH)
        return dynamodb_invalid(fault, "KeyConditionExpressions cannot contain nested operations");
    if (path->first->next != NULL)
        return dynamodb_invalid(fault, "KeyConditionExpressions cannot have conditions on nested "
                                       "attributes");
    if (value->kind != DYNAMODB_NODE_VALUE ||
        (node->kind == DYNAMODB_NODE_BETWEEN && value->next->kind != DYNAMODB_NODE_VALUE))
        return dynamodb_invalid(fault, "Invalid condition in KeyConditionExpression: Multiple "
                                       "attribute names used in one condition");
    out->name = path->first->name;
    out->first = value->value;
    out->second = node->kind == DYNAMODB_NODE_BETWEEN ? value->next->value : NULL;
    return true;
}

static bool collect(const dynamodb_node *node, key_conditions *out, dynamodb_fault *fault)
{
    key_condition condition;

    if (node->kind == DYNAMODB_NODE_AND) {
        for (const dynamodb_node *each = node->first; each != NULL; each = each->next) {
            if (!collect(each, out, fault))
                return false;
        }
        return true;
    }
    if (!allowed(node))
        return dynamodb_invalid(fault, "Invalid operator used in KeyConditionExpression: %s",
                                dynamodb_node_label(node));
    if (!read_condition(node, &condition, fault))
        return false;
    for (size_t i = 0; i < out->count; i++) {
        if (strcmp(out->list[i].name, condition.name) == 0)
            return dynamodb_invalid(fault, "KeyConditionExpressions must only contain one "
                                           "condition per key");
    }
    if (out->count == 2)
        return dynamodb_invalid(
            fault, "Conditions can be of length 1 or 2 only in KeyConditionExpression");
    out->list[out->count++] = condition;
    return true;
}

static const key_condition *condition_on(const key_conditions *conditions, const char *name)
{
    for (size_t i = 0; i < conditions->count; i++) {
        if (strcmp(conditions->list[i].name, name) == 0)
            return &conditions->list[i];
    }
    return NULL;
}

static bool encode(const cJSON *value, dynamodb_type type, const char *name, unsigned char *out,
                   size_t size, size_t *len, dynamodb_fault *fault)
{
    if (dynamodb_type_of(value) != type)
        return dynamodb_invalid(fault, "One or more parameter values were invalid: Condition "
                                       "parameter type does not match schema type");
    *len = dynamodb_key_encode(value, out, size);
    if (*len == 0)
        return dynamodb_invalid(fault,
                                "One or more parameter values are not valid. The AttributeValue "
                                "for a key attribute cannot contain an empty %s value. Key: %.255s",
                                type == DYNAMODB_B ? "binary" : "string", name);
    if (*len == SIZE_MAX)
        return dynamodb_invalid(fault,
                                "One or more parameter values were invalid: the value for key "
                                "%.255s is longer than the %zu bytes that such a key may have",
                                name, size);
    return true;
}

static bool read_bound(const key_condition *condition, const cJSON *value, dynamodb_type type,
                       bool inclusive, dynamodb_bound *bound, dynamodb_fault *fault)
{
    bound->there = true;
    bound->inclusive = inclusive;
    return encode(value, type, condition->name, bound->bytes, sizeof(bound->bytes), &bound->len,
                  fault);
}

/* Turn a prefix into the first bytes that no longer begin with it; none behind 0xFF 0xFF. */
static void end_of_prefix(const dynamodb_bound *prefix, dynamodb_bound *end)
{
    *end = *prefix;
    end->inclusive = false;
    while (end->len > 0 && end->bytes[end->len - 1] == 0xFF)
        end->len--;
    end->there = end->len > 0;
    if (end->there)
        end->bytes[end->len - 1]++;
}

static bool read_bounds(const key_condition *condition, dynamodb_type type, dynamodb_range *out,
                        dynamodb_fault *fault)
{
    dynamodb_node_kind kind = condition->kind;
    bool low = kind == DYNAMODB_NODE_GT || kind == DYNAMODB_NODE_GE;

    if (kind == DYNAMODB_NODE_FUNCTION) {
        if (!read_bound(condition, condition->first, type, true, &out->low, fault))
            return false;
        end_of_prefix(&out->low, &out->high);
        return true;
    }
    if (kind == DYNAMODB_NODE_BETWEEN)
        return read_bound(condition, condition->first, type, true, &out->low, fault) &&
               read_bound(condition, condition->second, type, true, &out->high, fault);
    if (kind == DYNAMODB_NODE_EQ) {
        if (!read_bound(condition, condition->first, type, true, &out->low, fault))
            return false;
        out->high = out->low;
        return true;
    }
    return read_bound(condition, condition->first, type,
                      kind == DYNAMODB_NODE_GE || kind == DYNAMODB_NODE_LE,
                      low ? &out->low : &out->high, fault);
}

bool dynamodb_range_read(const dynamodb_node *condition, const dynamodb_keys *keys,
                         dynamodb_range *out, dynamodb_fault *fault)
{
    key_conditions conditions = { .count = 0 };
    const key_condition *hash;
    const key_condition *range = NULL;

    memset(out, 0, sizeof(*out));
    if (!collect(condition, &conditions, fault))
        return false;
    hash = condition_on(&conditions, keys->names[0]);
    if (keys->count == 2)
        range = condition_on(&conditions, keys->names[1]);
    if (hash == NULL || (conditions.count == 2 && range == NULL))
        return dynamodb_invalid(fault, "Query condition missed key schema element: %.255s",
                                hash == NULL || keys->count < 2 ? keys->names[0] : keys->names[1]);
    if (hash->kind != DYNAMODB_NODE_EQ)
        return dynamodb_invalid(fault, "Query key condition not supported");
    if (!encode(hash->first, keys->types[0], hash->name, out->hash, sizeof(out->hash),
                &out->hash_len, fault))
        return false;
    return range == NULL || read_bounds(range, keys->types[1], out, fault);
}

static int compare_bytes(const unsigned char *a, size_t a_len, const unsigned char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

bool dynamodb_range_has(const dynamodb_range *range, const dynamodb_key_bytes *key)
{
    int low = 1;
    int high = -1;

    if (compare_bytes(range->hash, range->hash_len, key->hash, key->hash_len) != 0)
        return false;
    if (range->low.there)
        low = compare_bytes(key->range, key->range_len, range->low.bytes, range->low.len);
    if (range->high.there)
        high = compare_bytes(key->range, key->range_len, range->high.bytes, range->high.len);
    return (low > 0 || (low == 0 && range->low.inclusive)) &&
           (high < 0 || (high == 0 && range->high.inclusive));
}
