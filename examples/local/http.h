/*
 * http.h - one HTTP request and its answer as plain data. The services know these two and nothing of
 * the server, so that tests can call them without one.
 */
#ifndef ICECAT_LOCAL_HTTP_H
#define ICECAT_LOCAL_HTTP_H

#include <stddef.h>
#include <stdint.h>

#define HTTP_ANSWER_HEADERS 160u /* an S3 object may have 128 of its own */

typedef struct http_header {
    char *name;
    char *value;
} http_header;

/* Everything is borrowed from the server for the time of the request. */
typedef struct http_request {
    const char *method;         /* "PUT" */
    const char *path;           /* as on the wire, percent-encoded, begins with '/' */
    const char *query;          /* as on the wire, without '?'; "" when there is none */
    const http_header *headers; /* in the order and with the names that were sent */
    size_t header_count;
    const unsigned char *body; /* NUL-terminated; after transfer decoding */
    size_t body_len;
    int64_t now_s; /* seconds since 1970, with the clock offset that was asked for */
    char request_id[40];
} http_request;

/* First header of this name, ASCII case ignored; NULL when there is none. */
const char *http_request_header(const http_request *request, const char *name);

/* What is sent back. The texts and the body belong to the answer. */
typedef struct http_answer {
    int status;
    http_header headers[HTTP_ANSWER_HEADERS]; /* without content-length, date and connection */
    size_t header_count;
    unsigned char *body; /* from malloc; NULL for none; not sent in answer to HEAD */
    size_t body_len;
    uint64_t head_length; /* content-length in answer to HEAD */
    int failed;           /* memory ran out while it was made: becomes a 500 */
} http_answer;

void http_answer_clear(http_answer *answer);
/* Append a header; both texts are copied. Line breaks in value are refused. */
void http_answer_header(http_answer *answer, const char *name, const char *value);
/* Copy a body. */
void http_answer_body(http_answer *answer, const void *data, size_t len);

#endif
