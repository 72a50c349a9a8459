/*
 * dynamodb_key.c - key values as ordered bytes, and the rules for keys (pure functions).
 */
#include "dynamodb_binary.h"
#include "dynamodb_store.h"

#include <stdint.h>
#include <string.h>

#define NOT_VALID "One or more parameter values are not valid. "
#define INVALID   "One or more parameter values were invalid: "
/* Two JSON levels per value, and cJSON reads a thousand. */
#define STORED_NESTING_MAX 32

size_t dynamodb_key_encode(const cJSON *value, unsigned char *out, size_t size)
{
    unsigned char number_key[DYNAMODB_NUMBER_KEY_SIZE];
    dynamodb_number number;
    const void *bytes = dynamodb_text(value);
    size_t len;

    if (dynamodb_type_of(value) == DYNAMODB_B) {
        len = dynamodb_binary_decode(dynamodb_text(value), out, size);
        return len == DYNAMODB_BINARY_BAD ? SIZE_MAX : len;
    }
    if (dynamodb_type_of(value) == DYNAMODB_N) {
        dynamodb_value_to_number(value, &number);
        len = dynamodb_number_key(&number, number_key);
        bytes = number_key;
    } else {
        len = strlen(dynamodb_text(value));
    }
    if (len > size)
        return SIZE_MAX;
    memcpy(out, bytes, len);
    return len;
}

static bool check_length(const cJSON *value, const char *name, size_t at, size_t len,
                         dynamodb_fault *fault)
{
    if (len == 0)
        return dynamodb_invalid(fault,
                                NOT_VALID "The AttributeValue for a key attribute cannot contain "
                                          "an empty %s value. Key: %.255s",
                                dynamodb_type_of(value) == DYNAMODB_B ? "binary" : "string", name);
    if (len != SIZE_MAX)
        return true;
    if (at == 0)
        return dynamodb_invalid(fault, INVALID "Size of hashkey has exceeded the maximum size "
                                               "limit of2048 bytes");
    return dynamodb_invalid(fault, INVALID "Aggregated size of all range keys has exceeded the "
                                           "size limit of 1024 bytes");
}

/* Encode value as key number at (0 hash, 1 range). */
static bool encode_part(const dynamodb_keys *keys, size_t at, const cJSON *value,
                        dynamodb_key_bytes *out, dynamodb_fault *fault)
{
    size_t len = at == 0 ? dynamodb_key_encode(value, out->hash, DYNAMODB_HASH_MAX)
                         : dynamodb_key_encode(value, out->range, DYNAMODB_RANGE_MAX);

    if (!check_length(value, keys->names[at], at, len, fault))
        return false;
    *(at == 0 ? &out->hash_len : &out->range_len) = len;
    return true;
}

bool dynamodb_item_key(const dynamodb_table *table, const cJSON *item, dynamodb_key_bytes *out,
                       dynamodb_fault *fault)
{
    const dynamodb_keys *keys = &table->keys;

    out->range_len = 0;
    for (size_t i = 0; i < keys->count; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, keys->names[i]);

        if (value == NULL)
            return dynamodb_invalid(fault, INVALID "Missing the key %.255s in the item",
                                    keys->names[i]);
        if (dynamodb_type_of(value) != keys->types[i])
            return dynamodb_invalid(fault,
                                    INVALID "Type mismatch for key %.255s expected: %s actual: %s",
                                    keys->names[i], dynamodb_type_name(keys->types[i]),
                                    dynamodb_type_name(dynamodb_type_of(value)));
        if (!encode_part(keys, i, value, out, fault))
            return false;
    }
    return true;
}

bool dynamodb_only_key(const dynamodb_table *table, const cJSON *key, dynamodb_key_bytes *out,
                       dynamodb_fault *fault)
{
    const dynamodb_keys *keys = &table->keys;
    bool matches = (size_t)cJSON_GetArraySize(key) == keys->count;

    out->range_len = 0;
    for (size_t i = 0; matches && i < keys->count; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(key, keys->names[i]);

        matches = value != NULL && dynamodb_type_of(value) == keys->types[i];
        if (matches && !encode_part(keys, i, value, out, fault))
            return false;
    }
    return matches || dynamodb_invalid(fault, "The provided key element does not match the schema");
}

bool dynamodb_index_key(const dynamodb_index *index, const cJSON *item, dynamodb_key_bytes *out)
{
    out->range_len = 0;
    for (size_t i = 0; i < index->keys.count; i++) {
        const cJSON *value = item == NULL
                                 ? NULL
                                 : cJSON_GetObjectItemCaseSensitive(item, index->keys.names[i]);

        if (value == NULL || dynamodb_type_of(value) != index->keys.types[i])
            return false;
        if (i == 0)
            out->hash_len = dynamodb_key_encode(value, out->hash, DYNAMODB_HASH_MAX);
        else
            out->range_len = dynamodb_key_encode(value, out->range, DYNAMODB_RANGE_MAX);
    }
    return out->hash_len != SIZE_MAX && out->range_len != SIZE_MAX;
}

static bool nesting_fits(const cJSON *value, unsigned depth)
{
    dynamodb_type type = dynamodb_type_of(value);
    const cJSON *each;

    if (depth > STORED_NESTING_MAX)
        return false;
    if (type != DYNAMODB_L && type != DYNAMODB_M)
        return true;
    cJSON_ArrayForEach(each, dynamodb_content(value))
    {
        if (!nesting_fits(each, depth + 1))
            return false;
    }
    return true;
}

static bool check_index_key(const dynamodb_index *index, size_t at, const cJSON *item, bool update,
                            dynamodb_fault *fault)
{
    unsigned char bytes[DYNAMODB_HASH_MAX];
    const char *name = index->keys.names[at];
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, name);
    dynamodb_type wanted = index->keys.types[at];
    size_t len;

    if (value == NULL)
        return true;
    if (dynamodb_type_of(value) != wanted)
        return dynamodb_invalid(
            fault,
            INVALID "Type mismatch for Index Key %.255s Expected: %s Actual: %s IndexName: %.255s",
            name, dynamodb_type_name(wanted), dynamodb_type_name(dynamodb_type_of(value)),
            index->name);
    len = dynamodb_key_encode(value, bytes, at == 0 ? DYNAMODB_HASH_MAX : DYNAMODB_RANGE_MAX);
    if (len == 0)
        return dynamodb_invalid(
            fault,
            NOT_VALID "%s The AttributeValue for a key attribute cannot contain an empty %s "
                      "value. IndexName: %.255s, IndexKey: %.255s",
            update ? "The update expression attempted to update a secondary index key to a value "
                     "that is not supported."
                   : "A value specified for a secondary index key is not supported.",
            wanted == DYNAMODB_B ? "binary" : "string", index->name, name);
    return len != SIZE_MAX || check_length(value, name, at, len, fault);
}

bool dynamodb_item_check(const dynamodb_table *table, const cJSON *item, bool update,
                         dynamodb_fault *fault)
{
    const cJSON *each;

    for (size_t i = 0; i < table->index_count; i++) {
        for (size_t at = 0; at < table->indexes[i].keys.count; at++) {
            if (!check_index_key(&table->indexes[i], at, item, update, fault))
                return false;
        }
    }
    cJSON_ArrayForEach(each, item)
    {
        if (!nesting_fits(each, 0))
            return dynamodb_invalid(fault, "Nesting Levels have exceeded supported limits");
    }
    if (dynamodb_map_size(item) > DYNAMODB_ITEM_MAX)
        return dynamodb_invalid(fault, "Item size%s has exceeded the maximum allowed size",
                                update ? " to update" : "");
    return true;
}
