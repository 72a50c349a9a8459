/*
 * dynamodb_read.h - GetItem, Query, Scan, BatchGetItem.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_READ_H
#define ICECAT_LOCAL_DYNAMODB_READ_H

#include "dynamodb_capacity.h"
#include "dynamodb_document.h"
#include "dynamodb_store.h"

/* A range of range keys; the bytes are those of dynamodb_key_encode(). */
typedef struct dynamodb_bound {
    bool there;
    bool inclusive;
    unsigned char bytes[DYNAMODB_RANGE_MAX];
    size_t len;
} dynamodb_bound;

typedef struct dynamodb_range {
    unsigned char hash[DYNAMODB_HASH_MAX];
    size_t hash_len;
    dynamodb_bound low;
    dynamodb_bound high;
} dynamodb_range;

/* What a KeyConditionExpression selects from a table or index with these keys. */
bool dynamodb_range_read(const dynamodb_node *condition, const dynamodb_keys *keys,
                         dynamodb_range *out, dynamodb_fault *fault);

/* Whether the encoded keys lie inside. */
bool dynamodb_range_has(const dynamodb_range *range, const dynamodb_key_bytes *key);

cJSON *dynamodb_get_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_query(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_scan(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_batch_get_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);

#endif
