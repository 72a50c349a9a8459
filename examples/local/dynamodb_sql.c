/*
 * dynamodb_sql.c - thin wrappers that turn SQLite's result codes into faults.
 */
#include "dynamodb_sql.h"

static bool failed(sqlite3 *db, dynamodb_fault *fault)
{
    return dynamodb_broken(fault, "the data file of icecat-local cannot be used: %s (SQLite %d)",
                           sqlite3_errmsg(db), sqlite3_extended_errcode(db));
}

sqlite3_stmt *dynamodb_sql_prepare(sqlite3 *db, const char *sql, dynamodb_fault *fault)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK)
        return statement;
    (void)failed(db, fault);
    return NULL;
}

void dynamodb_sql_blob(sqlite3_stmt *statement, int at, const void *bytes, size_t len)
{
    /* A failed bind leaves NULL, which NOT NULL columns refuse and comparisons never match. */
    (void)sqlite3_bind_blob64(statement, at, len == 0 ? "" : bytes, len, SQLITE_STATIC);
}

void dynamodb_sql_text(sqlite3_stmt *statement, int at, const char *text)
{
    (void)sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

bool dynamodb_sql_step(sqlite3_stmt *statement, bool *row, dynamodb_fault *fault)
{
    int result = sqlite3_step(statement);

    *row = result == SQLITE_ROW;
    if (result == SQLITE_ROW || result == SQLITE_DONE)
        return true;
    return failed(sqlite3_db_handle(statement), fault);
}

bool dynamodb_sql_run(sqlite3_stmt *statement, dynamodb_fault *fault)
{
    bool row;
    bool ok = statement != NULL && dynamodb_sql_step(statement, &row, fault);

    (void)sqlite3_finalize(statement);
    return ok;
}

bool dynamodb_sql_exec(sqlite3 *db, const char *sql, dynamodb_fault *fault)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || failed(db, fault);
}

cJSON *dynamodb_sql_json(sqlite3_stmt *statement, int column, dynamodb_fault *fault)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    int len = sqlite3_column_bytes(statement, column);
    cJSON *json = text == NULL ? NULL : cJSON_ParseWithLength(text, (size_t)len);

    if (json == NULL)
        (void)dynamodb_broken(fault, "a stored document cannot be read (out of memory, or the "
                                     "data file is damaged)");
    return json;
}
