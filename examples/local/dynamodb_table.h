/*
 * dynamodb_table.h - tables: their keys and indexes, and the operations on them.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_TABLE_H
#define ICECAT_LOCAL_DYNAMODB_TABLE_H

#include "dynamodb_fault.h"
#include "dynamodb_types.h"

#include <sqlite3.h>

#define DYNAMODB_INDEXES_MAX 20

typedef struct dynamodb_keys {
    const char *names[2]; /* the hash key, the range key */
    dynamodb_type types[2];
    size_t count; /* 1 or 2 */
} dynamodb_keys;

typedef struct dynamodb_index {
    const char *name;
    dynamodb_keys keys;
    bool keys_only;        /* projects the keys of table and index, and: */
    const cJSON *included; /* more names; NULL for none */
} dynamodb_index;

typedef struct dynamodb_table {
    sqlite3_int64 id;
    cJSON *description; /* owned; all names point into it */
    const char *name;
    dynamodb_keys keys;
    dynamodb_index indexes[DYNAMODB_INDEXES_MAX];
    size_t index_count;
} dynamodb_table;

/* Find the table that input's TableName names. Free with dynamodb_table_close(). */
bool dynamodb_table_open(sqlite3 *db, const cJSON *input, dynamodb_table *table,
                         dynamodb_fault *fault);
bool dynamodb_table_open_named(sqlite3 *db, const char *name, dynamodb_table *table,
                               dynamodb_fault *fault);
void dynamodb_table_close(dynamodb_table *table);

/* Check a TableName (a name or an ARN) and return the name in it, or NULL with the reason. */
const char *dynamodb_table_name(const cJSON *input, dynamodb_fault *fault);

/* Whether name is one of the keys. */
bool dynamodb_keys_have(const dynamodb_keys *keys, const char *name);

/* Whether an index shows attribute name. */
bool dynamodb_index_projects(const dynamodb_table *table, const dynamodb_index *index,
                             const char *name);

/* Operations; each returns the answer's body, or NULL with the reason. */
cJSON *dynamodb_create_table(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_describe_table(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_delete_table(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_list_tables(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_update_ttl(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);
cJSON *dynamodb_describe_ttl(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);

/* The description of the table that a CreateTable request asks for, or NULL with the reason. */
cJSON *dynamodb_schema_describe(const cJSON *input, dynamodb_fault *fault);

#endif
