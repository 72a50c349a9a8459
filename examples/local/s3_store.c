/*
 * s3_store.c - buckets and objects in SQLite.
 *
 * An object's row is small and is all that a listing reads; its bytes are pieces (s3_body.h), of
 * which a plain upload has one and a multipart upload one for each part.
 */
#include "s3_store.h"

#include "s3.h"
#include "s3_body.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int s3_store_schema(sqlite3 *db)
{
    return sqlite3_exec(
        db,
        "CREATE TABLE IF NOT EXISTS s3_counter (one INTEGER PRIMARY KEY CHECK (one = 1),"
        " value INTEGER NOT NULL);"
        "INSERT OR IGNORE INTO s3_counter VALUES (1, 0);"
        "CREATE TABLE IF NOT EXISTS s3_bucket (name TEXT PRIMARY KEY, created_s INTEGER NOT NULL)"
        " WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS s3_object (bucket TEXT NOT NULL, key TEXT NOT NULL,"
        " body INTEGER NOT NULL, size INTEGER NOT NULL, modified_s INTEGER NOT NULL,"
        " etag TEXT NOT NULL, algorithm TEXT NOT NULL, checksum TEXT NOT NULL,"
        " headers TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS s3_upload (id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE,"
        " bucket TEXT NOT NULL, key TEXT NOT NULL, created_s INTEGER NOT NULL,"
        " algorithm TEXT NOT NULL, composite INTEGER NOT NULL, headers TEXT NOT NULL);"
        "CREATE INDEX IF NOT EXISTS s3_upload_by_key ON s3_upload (bucket, key, id);"
        "CREATE TABLE IF NOT EXISTS s3_piece (id INTEGER PRIMARY KEY, body INTEGER NOT NULL,"
        " number INTEGER NOT NULL, size INTEGER NOT NULL, modified_s INTEGER NOT NULL,"
        " etag TEXT NOT NULL, algorithm TEXT NOT NULL, checksum TEXT NOT NULL,"
        " bytes BLOB NOT NULL, UNIQUE (body, number));",
        NULL, NULL, NULL);
}

sqlite3_stmt *s3_sql(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    return sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

void s3_sql_text(sqlite3_stmt *statement, int at, const char *text)
{
    /* A failed bind leaves NULL, which NOT NULL columns refuse and comparisons never match. */
    (void)sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

int s3_sql_run(sqlite3 *db, sqlite3_stmt *statement)
{
    int result = statement == NULL ? sqlite3_errcode(db) : sqlite3_step(statement);

    (void)sqlite3_finalize(statement);
    return result;
}

void s3_sql_copy(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    (void)snprintf(out, size, "%s", text == NULL ? "" : text);
}

/* Run a statement whose parameters are texts, at most three. */
static int run(sqlite3 *db, const char *sql, const char *a, const char *b)
{
    sqlite3_stmt *statement = s3_sql(db, sql);

    if (statement != NULL) {
        s3_sql_text(statement, 1, a);
        if (b != NULL)
            s3_sql_text(statement, 2, b);
    }
    return s3_sql_run(db, statement);
}

int64_t s3_store_next(sqlite3 *db)
{
    sqlite3_stmt *statement = s3_sql(db, "UPDATE s3_counter SET value = value + 1 RETURNING value");
    int64_t value = 0;

    if (statement != NULL && sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    return sqlite3_finalize(statement) == SQLITE_OK ? value : 0;
}

int s3_store_bucket_find(sqlite3 *db, const char *name)
{
    return run(db, "SELECT 1 FROM s3_bucket WHERE name = ?1", name, NULL);
}

int s3_store_bucket_add(sqlite3 *db, const char *name, int64_t now_s)
{
    sqlite3_stmt *statement = s3_sql(db, "INSERT OR IGNORE INTO s3_bucket VALUES (?1, ?2)");

    if (statement != NULL) {
        s3_sql_text(statement, 1, name);
        (void)sqlite3_bind_int64(statement, 2, now_s);
    }
    return s3_sql_run(db, statement);
}

int s3_store_bucket_is_empty(sqlite3 *db, const char *name, bool *empty)
{
    int result = run(db, "SELECT 1 FROM s3_object WHERE bucket = ?1 LIMIT 1", name, NULL);

    *empty = result == SQLITE_DONE;
    return result;
}

int s3_store_bucket_remove(sqlite3 *db, const char *name)
{
    int result = run(db,
                     "DELETE FROM s3_piece WHERE body IN (SELECT id FROM s3_upload"
                     " WHERE bucket = ?1)",
                     name, NULL);

    if (result == SQLITE_DONE)
        result = run(db, "DELETE FROM s3_upload WHERE bucket = ?1", name, NULL);
    if (result == SQLITE_DONE)
        result = run(db, "DELETE FROM s3_bucket WHERE name = ?1", name, NULL);
    return result;
}

static int read_object(sqlite3_stmt *statement, s3_object *object)
{
    const char *headers = (const char *)sqlite3_column_text(statement, 6);

    object->body = sqlite3_column_int64(statement, 0);
    object->size = (uint64_t)sqlite3_column_int64(statement, 1);
    object->modified_s = sqlite3_column_int64(statement, 2);
    s3_sql_copy(statement, 3, object->etag, sizeof(object->etag));
    s3_sql_copy(statement, 4, object->checksum.algorithm, sizeof(object->checksum.algorithm));
    s3_sql_copy(statement, 5, object->checksum.value, sizeof(object->checksum.value));
    object->headers = headers == NULL ? NULL : strdup(headers);
    return object->headers == NULL ? SQLITE_NOMEM : SQLITE_ROW;
}

int s3_store_find(sqlite3 *db, const char *bucket, const char *key, s3_object *object)
{
    sqlite3_stmt *statement = s3_sql(db, "SELECT body, size, modified_s, etag, algorithm, checksum,"
                                         " headers FROM s3_object WHERE bucket = ?1 AND key = ?2");
    int result;

    *object = (s3_object){ 0 };
    if (statement == NULL)
        return sqlite3_errcode(db);
    s3_sql_text(statement, 1, bucket);
    s3_sql_text(statement, 2, key);
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        result = read_object(statement, object);
    (void)sqlite3_finalize(statement);
    return result;
}

int s3_store_set(sqlite3 *db, const char *bucket, const char *key, const s3_object *object)
{
    sqlite3_stmt *statement;
    int result = s3_store_remove(db, bucket, key);

    if (result != SQLITE_DONE)
        return result;
    statement = s3_sql(db, "INSERT INTO s3_object VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    if (statement != NULL) {
        s3_sql_text(statement, 1, bucket);
        s3_sql_text(statement, 2, key);
        (void)sqlite3_bind_int64(statement, 3, object->body);
        (void)sqlite3_bind_int64(statement, 4, (sqlite3_int64)object->size);
        (void)sqlite3_bind_int64(statement, 5, object->modified_s);
        s3_sql_text(statement, 6, object->etag);
        s3_sql_text(statement, 7, object->checksum.algorithm);
        s3_sql_text(statement, 8, object->checksum.value);
        s3_sql_text(statement, 9, object->headers);
    }
    return s3_sql_run(db, statement);
}

int s3_store_remove(sqlite3 *db, const char *bucket, const char *key)
{
    int result = run(db,
                     "DELETE FROM s3_piece WHERE body = (SELECT body FROM s3_object"
                     " WHERE bucket = ?1 AND key = ?2)",
                     bucket, key);

    return result != SQLITE_DONE
               ? result
               : run(db, "DELETE FROM s3_object WHERE bucket = ?1 AND key = ?2", bucket, key);
}

void s3_object_clear(s3_object *object)
{
    free(object->headers);
    object->headers = NULL;
}

int s3_schema(sqlite3 *db)
{
    return s3_store_schema(db);
}

int s3_ensure_bucket(sqlite3 *db, const char *bucket, int64_t now_s)
{
    int result = s3_store_bucket_add(db, bucket, now_s);

    return result == SQLITE_DONE ? SQLITE_OK : result;
}

int s3_read(sqlite3 *db, const char *bucket, const char *key, unsigned char **data, size_t *len)
{
    s3_object object;
    int found = s3_store_find(db, bucket, key, &object);

    *data = NULL;
    *len = 0;
    if (found != SQLITE_ROW)
        return found == SQLITE_DONE ? 0 : -1;
    *data = s3_body_read(db, object.body, 0, object.size);
    *len = *data == NULL ? 0 : (size_t)object.size;
    s3_object_clear(&object);
    return *data == NULL ? -1 : 1;
}
