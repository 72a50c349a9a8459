/*
 * dynamodb_sql.h - SQLite as the DynamoDB part uses it: a failure becomes an InternalServerError.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_SQL_H
#define ICECAT_LOCAL_DYNAMODB_SQL_H

#include "dynamodb_fault.h"

#include <sqlite3.h>
#include <stddef.h>

/* A prepared statement, or NULL with the reason. Free with sqlite3_finalize(). */
sqlite3_stmt *dynamodb_sql_prepare(sqlite3 *db, const char *sql, dynamodb_fault *fault);

/* Bind bytes that stay unchanged until the statement has run; zero bytes is a blob, not NULL. */
void dynamodb_sql_blob(sqlite3_stmt *statement, int at, const void *bytes, size_t len);
void dynamodb_sql_text(sqlite3_stmt *statement, int at, const char *text);

/* Step to the next row: true with *row set, or false with the reason. */
bool dynamodb_sql_step(sqlite3_stmt *statement, bool *row, dynamodb_fault *fault);

/* Step a statement that has no rows, and free it (NULL is allowed: its failure is recorded). */
bool dynamodb_sql_run(sqlite3_stmt *statement, dynamodb_fault *fault);

/* Run text without parameters. */
bool dynamodb_sql_exec(sqlite3 *db, const char *sql, dynamodb_fault *fault);

/* The JSON in a column, or NULL with the reason. */
cJSON *dynamodb_sql_json(sqlite3_stmt *statement, int column, dynamodb_fault *fault);

#endif
