/*
 * dynamodb_store.h - items in SQLite: one row per item, one row per item and index it is in.
 *
 * Keys are stored as bytes whose memcmp order is the service's order, so that a Query is one
 * range of an index, never a scan.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_STORE_H
#define ICECAT_LOCAL_DYNAMODB_STORE_H

#include "dynamodb_table.h"

#define DYNAMODB_HASH_MAX  2048
#define DYNAMODB_RANGE_MAX 1024
#define DYNAMODB_ITEM_MAX  409600
#define DYNAMODB_PAGE_MAX  1048576

typedef struct dynamodb_key_bytes {
    unsigned char hash[DYNAMODB_HASH_MAX];
    unsigned char range[DYNAMODB_RANGE_MAX];
    size_t hash_len;
    size_t range_len;
} dynamodb_key_bytes;

/* Encode one S, N or B value; 0 or SIZE_MAX (too long) are not valid keys. */
size_t dynamodb_key_encode(const cJSON *value, unsigned char *out, size_t size);

/* The table's key of a complete item (PutItem), with every rule for keys checked. */
bool dynamodb_item_key(const dynamodb_table *table, const cJSON *item, dynamodb_key_bytes *out,
                       dynamodb_fault *fault);

/* The key of a Key parameter: exactly the key attributes. */
bool dynamodb_only_key(const dynamodb_table *table, const cJSON *key, dynamodb_key_bytes *out,
                       dynamodb_fault *fault);

/* The index's key of an item; false when the item is not in the index. item may be NULL. */
bool dynamodb_index_key(const dynamodb_index *index, const cJSON *item, dynamodb_key_bytes *out);

/* Check what only a whole item shows: size, nesting, types of index keys. update: the wording. */
bool dynamodb_item_check(const dynamodb_table *table, const cJSON *item, bool update,
                         dynamodb_fault *fault);

/* The item at key, or *item NULL. */
bool dynamodb_store_read(sqlite3 *db, const dynamodb_table *table, const dynamodb_key_bytes *key,
                         cJSON **item, dynamodb_fault *fault);

/* Replace old (NULL: none) by item (NULL: delete), in the table and in its indexes. */
bool dynamodb_store_write(sqlite3 *db, const dynamodb_table *table, const dynamodb_key_bytes *key,
                          const cJSON *old, const cJSON *item, dynamodb_fault *fault);

/* Create the SQLite tables; returns an SQLite result code. */
int dynamodb_store_schema(sqlite3 *db);

#endif
