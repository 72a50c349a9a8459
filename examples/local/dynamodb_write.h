/*
 * dynamodb_write.h - one write: alone, in a batch or in a transaction.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_WRITE_H
#define ICECAT_LOCAL_DYNAMODB_WRITE_H

#include "dynamodb_capacity.h"
#include "dynamodb_document.h"
#include "dynamodb_store.h"

typedef enum dynamodb_write_kind {
    DYNAMODB_WRITE_PUT,
    DYNAMODB_WRITE_UPDATE,
    DYNAMODB_WRITE_DELETE,
    DYNAMODB_WRITE_CHECK /* of a transaction: the condition only */
} dynamodb_write_kind;

typedef struct dynamodb_write {
    dynamodb_write_kind kind;
    dynamodb_table table;
    dynamodb_key_bytes key;
    cJSON *given; /* owned: Item or Key, checked */
    dynamodb_scope scope;
    dynamodb_expression condition;
    dynamodb_expression update;
    bool return_old_on_failure;
    cJSON *old;  /* owned: the item before, NULL for none */
    cJSON *item; /* owned: the item after, NULL for none */
} dynamodb_write;

/* Check a request with Item or Key and expressions, without touching an item. */
bool dynamodb_write_prepare(sqlite3 *db, const cJSON *input, dynamodb_write_kind kind,
                            dynamodb_write *write, dynamodb_fault *fault);

/* The same for a batch: a table and an Item or Key alone. */
bool dynamodb_write_prepare_plain(sqlite3 *db, const char *table, const cJSON *given,
                                  dynamodb_write_kind kind, dynamodb_write *write,
                                  dynamodb_fault *fault);

/* Check the condition and do it. */
bool dynamodb_write_run(sqlite3 *db, dynamodb_write *write, dynamodb_fault *fault);
void dynamodb_write_free(dynamodb_write *write);

/* Whether both write the same item. */
bool dynamodb_write_same_item(const dynamodb_write *a, const dynamodb_write *b);

cJSON *dynamodb_put_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_update_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_delete_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_batch_write_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_transact_write_items(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);

#endif
