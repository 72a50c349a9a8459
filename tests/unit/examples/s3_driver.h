/*
 * s3_driver.h - call icecat-local's S3 with one line per request, on a store in memory.
 */
#ifndef S3_DRIVER_H
#define S3_DRIVER_H

#include "s3.h"

#include <stdbool.h>

#define S3_DRIVER_NOW    1700000000 /* Tue, 14 Nov 2023 22:13:20 GMT */
#define S3_DRIVER_EVENTS 64

typedef struct s3_driver {
    sqlite3 *db;
    s3_settings settings;
    int64_t now_s;
    int refuse_event; /* what on_event returns */
    size_t event_count;
    struct {
        char name[64];
        char key[64];
        char etag[64];
        uint64_t size;
        char sequencer[17];
    } events[S3_DRIVER_EVENTS];
    http_answer answer; /* of the last request */
} s3_driver;

/* cmocka set-up and tear-down: *state becomes an s3_driver with bucket "cats". */
int s3_driver_open(void **state);
int s3_driver_close(void **state);

/*
 * One request, e.g. "PUT /cats/tom.jpg?x=y". headers is "Name: value\nName: value", or NULL.
 * Returns the status; the answer stays in the driver until the next request.
 */
int s3_do(s3_driver *d, const char *request, const char *headers, const char *body);
int s3_do_bytes(s3_driver *d, const char *request, const char *headers, const void *body,
                size_t len);

/* Run it and fail the test unless the status is this one. */
void s3_want(s3_driver *d, const char *request, const char *headers, const char *body, int status);

/* Run it and fail the test unless it is refused with status and <Code>. */
void s3_refused(s3_driver *d, const char *request, const char *headers, const char *body,
                int status, const char *code);

/* Of the last answer: a header ("" when it is absent), the body as text, whether the body has a
   part; the text between <name> and </name> where it occurs first behind the start of body. */
const char *s3_got(const s3_driver *d, const char *header);
const char *s3_body(const s3_driver *d);
bool s3_has(const s3_driver *d, const char *part);
const char *s3_element(const s3_driver *d, const char *name, char *out, size_t size);

/* How often part is in the body. */
size_t s3_count(const s3_driver *d, const char *part);

/* The number in the first row and column of a query. */
int64_t s3_sql_number(s3_driver *d, const char *sql);

#endif
