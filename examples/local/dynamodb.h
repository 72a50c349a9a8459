/*
 * dynamodb.h - the DynamoDB subset of icecat-local: one call per request, SQLite as the only store.
 *
 * The caller has already checked the signature and parsed the JSON body. Each call is one SQLite
 * transaction; when it returns an error nothing was written.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_H
#define ICECAT_LOCAL_DYNAMODB_H

#include "json_answer.h"
#include <sqlite3.h>

/* Create the tables of this part in db when they are missing. Returns an SQLite result code. */
int dynamodb_schema(sqlite3 *db);

/* Run one operation, e.g. "PutItem"; the region is for ARNs. input is borrowed. */
json_answer dynamodb_call(sqlite3 *db, const char *region, const char *operation,
                          const cJSON *input);

#endif
