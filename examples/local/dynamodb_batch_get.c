/*
 * dynamodb_batch_get.c - BatchGetItem.
 */
#include "dynamodb_input.h"
#include "dynamodb_read.h"

#include <stdlib.h>
#include <string.h>

#define BATCH_KEYS_MAX  100
#define BATCH_BYTES_MAX (16 * 1048576)

/* One table's part of a BatchGetItem. */
typedef struct batch_part {
    dynamodb_table table;
    dynamodb_scope scope;
    dynamodb_expression projection;
    const cJSON *request; /* {"Keys": ..., ...} */
    const cJSON *keys;
    bool consistent;
    dynamodb_key_bytes *encoded; /* owned, in the order of keys */
    size_t count;
    cJSON *found;       /* owned by the answer */
    cJSON *unprocessed; /* likewise; NULL for none */
    dynamodb_usage usage;
} batch_part;

typedef struct batch_read {
    batch_part *parts;
    size_t count;
    size_t bytes; /* of items so far */
    dynamodb_capacity_mode mode;
    cJSON *responses;
    cJSON *unprocessed;
} batch_read;

static bool no_memory(dynamodb_fault *fault)
{
    return dynamodb_broken(fault, "out of memory for a batch");
}

static void free_batch(batch_read *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        dynamodb_expression_free(&batch->parts[i].projection);
        dynamodb_scope_free(&batch->parts[i].scope);
        dynamodb_table_close(&batch->parts[i].table);
        free(batch->parts[i].encoded);
    }
    free(batch->parts);
}

static bool same_key(const dynamodb_key_bytes *a, const dynamodb_key_bytes *b)
{
    return a->hash_len == b->hash_len && a->range_len == b->range_len &&
           memcmp(a->hash, b->hash, a->hash_len) == 0 &&
           memcmp(a->range, b->range, a->range_len) == 0;
}

static bool encode_keys(batch_part *part, dynamodb_fault *fault)
{
    const cJSON *each;

    cJSON_ArrayForEach(each, part->keys)
    {
        cJSON *key = dynamodb_map_copy(each, fault);
        dynamodb_key_bytes *encoded = &part->encoded[part->count];
        bool ok = key != NULL && dynamodb_only_key(&part->table, key, encoded, fault);

        cJSON_Delete(key);
        if (!ok)
            return false;
        for (size_t i = 0; i < part->count; i++) {
            if (same_key(&part->encoded[i], encoded))
                return dynamodb_invalid(fault, "Provided list of item keys contains duplicates");
        }
        part->count++;
    }
    return true;
}

static bool prepare_part(sqlite3 *db, const cJSON *request, batch_part *part, dynamodb_fault *fault)
{
    size_t count;

    if (!cJSON_IsObject(request))
        return dynamodb_wrong_json(fault, request, "KeysAndAttributes");
    part->request = request;
    if (!dynamodb_input_refuse_legacy(request, fault) ||
        !dynamodb_input_list(request, "Keys", &part->keys, fault) ||
        !dynamodb_input_bool(request, "ConsistentRead", &part->consistent, fault) ||
        !dynamodb_scope_init(&part->scope, request, fault) ||
        !dynamodb_parse_projection(&part->projection, &part->scope, request, "ProjectionExpression",
                                   fault) ||
        !dynamodb_scope_finish(&part->scope, "ProjectionExpression is null", fault))
        return false;
    if (part->keys == NULL || part->keys->child == NULL)
        return dynamodb_invalid(fault,
                                "1 validation error detected: Value at 'requestItems.%.255s."
                                "member.keys' failed to satisfy constraint: Member must "
                                "have length greater than or equal to 1",
                                request->string);
    count = (size_t)cJSON_GetArraySize(part->keys);
    if (count > BATCH_KEYS_MAX)
        return dynamodb_invalid(fault,
                                "1 validation error detected: Value at 'requestItems.%.255s."
                                "member.keys' failed to satisfy constraint: Member must "
                                "have length less than or equal to %d",
                                request->string, BATCH_KEYS_MAX);
    part->encoded = calloc(count, sizeof(*part->encoded));
    if (part->encoded == NULL)
        return no_memory(fault);
    return dynamodb_table_open_named(db, request->string, &part->table, fault) &&
           encode_keys(part, fault);
}

static bool prepare(sqlite3 *db, const cJSON *input, batch_read *batch, dynamodb_fault *fault)
{
    const cJSON *requests = NULL;
    const cJSON *each;
    size_t keys = 0;

    if (!dynamodb_capacity_mode_read(input, &batch->mode, fault) ||
        !dynamodb_input_map(input, "RequestItems", &requests, fault))
        return false;
    if (requests == NULL || requests->child == NULL)
        return dynamodb_input_missing("RequestItems", fault);
    cJSON_ArrayForEach(each, requests)
    {
        keys += (size_t)cJSON_GetArraySize(dynamodb_input_get(each, "Keys"));
    }
    if (keys > BATCH_KEYS_MAX)
        return dynamodb_invalid(fault, "Too many items requested for the BatchGetItem call");
    batch->parts = calloc((size_t)cJSON_GetArraySize(requests), sizeof(*batch->parts));
    if (batch->parts == NULL)
        return no_memory(fault);
    cJSON_ArrayForEach(each, requests)
    {
        if (!prepare_part(db, each, &batch->parts[batch->count++], fault))
            return false;
    }
    return true;
}

/* The request's part again, with Keys emptied: what UnprocessedKeys has for a table. */
static cJSON *unprocessed_part(batch_read *batch, batch_part *part)
{
    cJSON *copy = cJSON_Duplicate(part->request, true);

    if (copy == NULL ||
        !cJSON_ReplaceItemInObjectCaseSensitive(copy, "Keys", cJSON_CreateArray()) ||
        !cJSON_AddItemToObject(batch->unprocessed, part->request->string, copy)) {
        cJSON_Delete(copy);
        return NULL;
    }
    return copy;
}

static bool leave_unprocessed(batch_read *batch, batch_part *part, const cJSON *key,
                              dynamodb_fault *fault)
{
    cJSON *copy = cJSON_Duplicate(key, true);

    if (part->unprocessed == NULL)
        part->unprocessed = unprocessed_part(batch, part);
    if (copy == NULL || part->unprocessed == NULL ||
        !cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(part->unprocessed, "Keys"), copy)) {
        cJSON_Delete(copy);
        return no_memory(fault);
    }
    return true;
}

static bool take_item(batch_read *batch, batch_part *part, const cJSON *key, cJSON *item,
                      dynamodb_fault *fault)
{
    size_t size = item == NULL ? 0 : dynamodb_map_size(item);
    cJSON *shown = item;

    if (batch->bytes + size > BATCH_BYTES_MAX) {
        batch->bytes = BATCH_BYTES_MAX; /* the page is full: nothing more goes in */
        cJSON_Delete(item);
        return leave_unprocessed(batch, part, key, fault);
    }
    batch->bytes += size;
    part->usage.table += dynamodb_usage_of_read(size, part->consistent);
    if (item == NULL)
        return true;
    if (part->projection.root != NULL) {
        shown = dynamodb_project(item, part->projection.root, fault);
        cJSON_Delete(item);
        if (shown == NULL)
            return false;
    }
    return cJSON_AddItemToArray(part->found, shown) || no_memory(fault);
}

static bool run_part(sqlite3 *db, batch_read *batch, batch_part *part, dynamodb_fault *fault)
{
    const cJSON *key;
    size_t at = 0;

    part->found = cJSON_AddArrayToObject(batch->responses, part->request->string);
    if (part->found == NULL)
        return no_memory(fault);
    cJSON_ArrayForEach(key, part->keys)
    {
        cJSON *item;

        if (!dynamodb_store_read(db, &part->table, &part->encoded[at++], &item, fault) ||
            !take_item(batch, part, key, item, fault))
            return false;
    }
    return true;
}

static bool report(const batch_read *batch, cJSON *body, dynamodb_fault *fault)
{
    cJSON *list;

    if (batch->mode == DYNAMODB_CAPACITY_NONE)
        return true;
    list = cJSON_AddArrayToObject(body, "ConsumedCapacity");
    for (size_t i = 0; i < batch->count; i++) {
        cJSON *one = dynamodb_usage_json(&batch->parts[i].usage, &batch->parts[i].table,
                                         batch->mode);

        if (list == NULL || one == NULL || !cJSON_AddItemToArray(list, one)) {
            cJSON_Delete(one);
            return no_memory(fault);
        }
    }
    return true;
}

cJSON *dynamodb_batch_get_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    batch_read batch;
    cJSON *body = cJSON_CreateObject();
    bool ok;

    memset(&batch, 0, sizeof(batch));
    batch.responses = cJSON_AddObjectToObject(body, "Responses");
    batch.unprocessed = cJSON_AddObjectToObject(body, "UnprocessedKeys");
    ok = batch.responses != NULL && batch.unprocessed != NULL;
    if (!ok)
        (void)no_memory(fault);
    ok = ok && prepare(db, input, &batch, fault);
    for (size_t i = 0; ok && i < batch.count; i++)
        ok = run_part(db, &batch, &batch.parts[i], fault);
    ok = ok && report(&batch, body, fault);
    free_batch(&batch);
    if (ok)
        return body;
    cJSON_Delete(body);
    return NULL;
}
