/*
 * ssm.h - the Parameter Store subset of icecat-local, on SQLite.
 */
#ifndef ICECAT_LOCAL_SSM_H
#define ICECAT_LOCAL_SSM_H

#include "json_answer.h"
#include <sqlite3.h>
#include <stdint.h>

/* Create the tables of this part in db when they are missing. Returns an SQLite result code. */
int ssm_schema(sqlite3 *db);

/* Write a String parameter, replacing an older one. Returns an SQLite result code. */
int ssm_set(sqlite3 *db, const char *name, const char *value, int64_t now_s);

/* Run one operation, e.g. "GetParameters". */
json_answer ssm_call(sqlite3 *db, const char *region, int64_t now_s, const char *operation,
                     const cJSON *input);

#endif
