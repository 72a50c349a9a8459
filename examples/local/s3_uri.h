/*
 * s3_uri.h - percent encoding, UTF-8 and the query of a request.
 */
#ifndef ICECAT_LOCAL_S3_URI_H
#define ICECAT_LOCAL_S3_URI_H

#include "s3_text.h"

#define S3_QUERY_MAX 64 /* parameters */

typedef struct s3_parameter {
    const char *name;
    const char *value; /* "" when there is none */
} s3_parameter;

typedef struct s3_query {
    s3_parameter items[S3_QUERY_MAX];
    size_t count;
    char *storage;
} s3_query;

/* Decode len bytes into a new string. NULL for a broken escape, a NUL byte or no memory. */
char *s3_uri_decode(const char *text, size_t len, bool plus_is_space);

/* Append text with everything but the unreserved characters and '/' percent-encoded. */
void s3_uri_encode(s3_text *out, const char *text);

/* Append the bytes of text in hexadecimal, and back: NULL when hex is malformed. */
void s3_uri_hex(s3_text *out, const char *text);
char *s3_uri_from_hex(const char *hex);

/* Bytes of the UTF-8 sequence at the beginning of text; 0 when there is no well-formed one, or its end. */
size_t s3_utf8_sequence(const char *text);

/* Whether text is well-formed UTF-8. */
bool s3_utf8_valid(const char *text);

/* Read a query. False when it is malformed, too long or memory ran out. */
bool s3_query_read(s3_query *query, const char *text);
void s3_query_free(s3_query *query);

/* The parameter's value; NULL when it is absent. */
const char *s3_query_get(const s3_query *query, const char *name);

#endif
