/*
 * dynamodb_driver.h - call icecat-local's DynamoDB with JSON text, as one request each.
 */
#ifndef DYNAMODB_DRIVER_H
#define DYNAMODB_DRIVER_H

#include "dynamodb.h"

#define DRIVER_REGION "us-east-1" /* in ARNs */

/* cmocka set-up and tear-down: *state becomes an sqlite3 * in memory with table "cats"
   (batch_id N, img_fprint S; index "by_status" op_status S + upload_ts N with ALL, index "slim"
   client_id S with INCLUDE file_name). */
int driver_open(void **state);
int driver_close(void **state);

/* Run operation; the text uses ' for ". Returns the body, which must be freed; fails the test when
   the answer is not a success. */
cJSON *driver_call(void **state, const char *operation, const char *input);

/* Run it and free the body. */
void driver_do(void **state, const char *operation, const char *input);

/* Run it and fail the test unless the body is exactly want (with ' for "). */
void driver_expect(void **state, const char *operation, const char *input, const char *want);

/* Run it and fail the test unless it is refused with type, and the message has the part. */
void driver_refused(void **state, const char *operation, const char *input, const char *type,
                    const char *part);

#endif
