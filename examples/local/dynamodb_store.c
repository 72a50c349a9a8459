/*
 * dynamodb_store.c - read and write items and their index entries.
 */
#include "dynamodb_store.h"

#include "dynamodb_sql.h"

#include <string.h>

int dynamodb_store_schema(sqlite3 *db)
{
    return sqlite3_exec(
        db,
        "CREATE TABLE IF NOT EXISTS dynamodb_table ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,"
        " description TEXT NOT NULL, ttl TEXT);"
        "CREATE TABLE IF NOT EXISTS dynamodb_item ("
        " id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, hash_key BLOB NOT NULL,"
        " range_key BLOB NOT NULL, size INTEGER NOT NULL, item TEXT NOT NULL,"
        " UNIQUE (table_id, hash_key, range_key));"
        "CREATE TABLE IF NOT EXISTS dynamodb_entry ("
        " table_id INTEGER NOT NULL, index_name TEXT NOT NULL, hash_key BLOB NOT NULL,"
        " range_key BLOB NOT NULL, item_hash BLOB NOT NULL, item_range BLOB NOT NULL,"
        " item_id INTEGER NOT NULL,"
        " PRIMARY KEY (table_id, index_name, hash_key, range_key, item_hash, item_range))"
        " WITHOUT ROWID;",
        NULL, NULL, NULL);
}

bool dynamodb_store_read(sqlite3 *db, const dynamodb_table *table, const dynamodb_key_bytes *key,
                         cJSON **item, dynamodb_fault *fault)
{
    sqlite3_stmt *statement = dynamodb_sql_prepare(
        db,
        "SELECT item FROM dynamodb_item WHERE table_id = ?1 AND hash_key = ?2 AND range_key = ?3",
        fault);
    bool row = false;
    bool ok = statement != NULL;

    *item = NULL;
    if (ok) {
        (void)sqlite3_bind_int64(statement, 1, table->id);
        dynamodb_sql_blob(statement, 2, key->hash, key->hash_len);
        dynamodb_sql_blob(statement, 3, key->range, key->range_len);
        ok = dynamodb_sql_step(statement, &row, fault);
    }
    if (ok && row) {
        *item = dynamodb_sql_json(statement, 0, fault);
        ok = *item != NULL;
    }
    (void)sqlite3_finalize(statement);
    return ok;
}

static bool delete_item(sqlite3 *db, const dynamodb_table *table, const dynamodb_key_bytes *key,
                        dynamodb_fault *fault)
{
    sqlite3_stmt *statement = dynamodb_sql_prepare(
        db, "DELETE FROM dynamodb_item WHERE table_id = ?1 AND hash_key = ?2 AND range_key = ?3",
        fault);

    if (statement != NULL) {
        (void)sqlite3_bind_int64(statement, 1, table->id);
        dynamodb_sql_blob(statement, 2, key->hash, key->hash_len);
        dynamodb_sql_blob(statement, 3, key->range, key->range_len);
    }
    return dynamodb_sql_run(statement, fault);
}

static bool upsert_item(sqlite3 *db, const dynamodb_table *table, const dynamodb_key_bytes *key,
                        const cJSON *item, sqlite3_int64 *id, dynamodb_fault *fault)
{
    char *text = cJSON_PrintUnformatted(item);
    sqlite3_stmt *statement = NULL;
    bool row = false;
    bool ok;

    if (text == NULL)
        return dynamodb_broken(fault, "out of memory for an item");
    statement = dynamodb_sql_prepare(
        db,
        "INSERT INTO dynamodb_item (table_id, hash_key, range_key, size, item)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (table_id, hash_key, range_key)"
        " DO UPDATE SET size = excluded.size, item = excluded.item RETURNING id",
        fault);
    ok = statement != NULL;
    if (ok) {
        (void)sqlite3_bind_int64(statement, 1, table->id);
        dynamodb_sql_blob(statement, 2, key->hash, key->hash_len);
        dynamodb_sql_blob(statement, 3, key->range, key->range_len);
        (void)sqlite3_bind_int64(statement, 4, (sqlite3_int64)dynamodb_map_size(item));
        dynamodb_sql_text(statement, 5, text);
        ok = dynamodb_sql_step(statement, &row, fault);
        *id = sqlite3_column_int64(statement, 0);
        /* RETURNING ends with a second step. */
        ok = ok && dynamodb_sql_step(statement, &row, fault);
    }
    (void)sqlite3_finalize(statement);
    cJSON_free(text);
    return ok;
}

static void bind_entry(sqlite3_stmt *statement, const dynamodb_table *table,
                       const dynamodb_index *index, const dynamodb_key_bytes *entry,
                       const dynamodb_key_bytes *key)
{
    (void)sqlite3_bind_int64(statement, 1, table->id);
    dynamodb_sql_text(statement, 2, index->name);
    dynamodb_sql_blob(statement, 3, entry->hash, entry->hash_len);
    dynamodb_sql_blob(statement, 4, entry->range, entry->range_len);
    dynamodb_sql_blob(statement, 5, key->hash, key->hash_len);
    dynamodb_sql_blob(statement, 6, key->range, key->range_len);
}

static bool delete_entry(sqlite3 *db, const dynamodb_table *table, const dynamodb_index *index,
                         const dynamodb_key_bytes *entry, const dynamodb_key_bytes *key,
                         dynamodb_fault *fault)
{
    sqlite3_stmt *statement = dynamodb_sql_prepare(
        db,
        "DELETE FROM dynamodb_entry WHERE table_id = ?1 AND index_name = ?2 AND hash_key = ?3"
        " AND range_key = ?4 AND item_hash = ?5 AND item_range = ?6",
        fault);

    if (statement != NULL)
        bind_entry(statement, table, index, entry, key);
    return dynamodb_sql_run(statement, fault);
}

static bool insert_entry(sqlite3 *db, const dynamodb_table *table, const dynamodb_index *index,
                         const dynamodb_key_bytes *entry, const dynamodb_key_bytes *key,
                         sqlite3_int64 id, dynamodb_fault *fault)
{
    sqlite3_stmt *statement = dynamodb_sql_prepare(
        db,
        "INSERT INTO dynamodb_entry (table_id, index_name, hash_key, range_key, item_hash,"
        " item_range, item_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        fault);

    if (statement != NULL) {
        bind_entry(statement, table, index, entry, key);
        (void)sqlite3_bind_int64(statement, 7, id);
    }
    return dynamodb_sql_run(statement, fault);
}

static bool same_entry(const dynamodb_key_bytes *a, const dynamodb_key_bytes *b)
{
    return a->hash_len == b->hash_len && a->range_len == b->range_len &&
           memcmp(a->hash, b->hash, a->hash_len) == 0 &&
           memcmp(a->range, b->range, a->range_len) == 0;
}

static bool move_entry(sqlite3 *db, const dynamodb_table *table, const dynamodb_index *index,
                       const dynamodb_key_bytes *key, const cJSON *old, const cJSON *item,
                       sqlite3_int64 id, dynamodb_fault *fault)
{
    dynamodb_key_bytes before;
    dynamodb_key_bytes after;
    bool was = dynamodb_index_key(index, old, &before);
    bool is = dynamodb_index_key(index, item, &after);

    if (was && is && same_entry(&before, &after))
        return true;
    if (was && !delete_entry(db, table, index, &before, key, fault))
        return false;
    return !is || insert_entry(db, table, index, &after, key, id, fault);
}

bool dynamodb_store_write(sqlite3 *db, const dynamodb_table *table, const dynamodb_key_bytes *key,
                          const cJSON *old, const cJSON *item, dynamodb_fault *fault)
{
    sqlite3_int64 id = 0;

    if (item == NULL && old == NULL)
        return true;
    if (item == NULL ? !delete_item(db, table, key, fault)
                     : !upsert_item(db, table, key, item, &id, fault))
        return false;
    for (size_t i = 0; i < table->index_count; i++) {
        if (!move_entry(db, table, &table->indexes[i], key, old, item, id, fault))
            return false;
    }
    return true;
}
