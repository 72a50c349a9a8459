/*
 * fuzz_http.h - an input that is an HTTP message as text: first line, headers, an empty line, the body.
 */
#ifndef FUZZ_HTTP_H
#define FUZZ_HTTP_H

#include "fuzz.h"

#define FUZZ_HEADERS_MAX 32

/* All texts lie in `text`. What is missing is "". */
typedef struct fuzz_http {
    char *text;
    char *first;  /* "PUT /path?query" or "HTTP/1.1 404 Not Found": up to the first blank */
    char *path;   /* behind it, up to '?' or the end of the line */
    char *query;  /* behind '?' */
    size_t count; /* of headers; later ones are left out */
    icecat_pair headers[FUZZ_HEADERS_MAX];
    const uint8_t *body; /* inside the input */
    size_t body_len;
} fuzz_http;

/** Take an input apart; lines end with LF, and a line without ": " is no header. */
void fuzz_http_read(fuzz_http *out, const uint8_t *data, size_t len);
void fuzz_http_free(fuzz_http *http);

#endif
