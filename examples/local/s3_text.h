/*
 * s3_text.h - text that grows up to a limit; what S3 writes its XML and its names into.
 */
#ifndef ICECAT_LOCAL_S3_TEXT_H
#define ICECAT_LOCAL_S3_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define S3_TEXT_MAX (16u * 1024u * 1024u) /* a page of 1,000 keys, every byte escaped, is 7 MB */

/* Start with { 0 }. After a failure it takes nothing more, so one look at the end is enough. */
typedef struct s3_text {
    char *data; /* NUL-terminated once something was added; NULL before */
    size_t len;
    size_t capacity;
    bool failed; /* memory ran out or the limit was reached */
} s3_text;

void s3_text_free(s3_text *text);
void s3_text_clear(s3_text *text); /* empty, keeping the memory */
void s3_text_add(s3_text *text, const char *bytes, size_t len);
void s3_text_puts(s3_text *text, const char *string);

/* The text as a string, "" when nothing was added. */
const char *s3_text_string(const s3_text *text);

#endif
