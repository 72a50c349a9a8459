/*
 * dynamodb.h - the DynamoDB subset of icecat-local: one call per request, SQLite as the only store.
 *
 * The caller has already checked the signature and parsed the JSON body. Each call is one SQLite
 * transaction; when it returns an error nothing was written.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_H
#define ICECAT_LOCAL_DYNAMODB_H

#include <cjson/cJSON.h>
#include <sqlite3.h>

#ifndef ICECAT_LOCAL_JSON_ANSWER
#define ICECAT_LOCAL_JSON_ANSWER
typedef struct json_answer {
    int http_status;
    const char *error_type; /* NULL, or e.g. "ResourceNotFoundException" */
    cJSON *body;            /* owned by the receiver; NULL only when memory ran out */
} json_answer;
#endif

/* Create the tables of this part in db when they are missing. Returns an SQLite result code. */
int dynamodb_schema(sqlite3 *db);

/* Run one operation, e.g. "PutItem". input is borrowed. */
json_answer dynamodb_call(sqlite3 *db, const char *operation, const cJSON *input);

#endif
