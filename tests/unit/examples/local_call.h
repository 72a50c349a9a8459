/*
 * local_call.h - requests of JSON services as text with ' for ", answers as JSON.
 */
#ifndef LOCAL_CALL_H
#define LOCAL_CALL_H

#include "json_answer.h"

#include <sqlite3.h>

/* Parse text with ' for "; fails the test when it is not JSON. */
cJSON *local_json(const char *text);

/* The answer as compact text with ' for ", or "TYPE" alone for an error. Releases answer->body; the
 * text is released with free(). */
char *local_text(json_answer *answer);

/* A database in memory with ssm's and s3's tables; fails the test when it cannot be made. */
sqlite3 *local_database(void);

#endif
