/*
 * s3_text.c - text that grows up to a limit.
 */
#include "s3_text.h"

#include <stdlib.h>
#include <string.h>

void s3_text_free(s3_text *text)
{
    free(text->data);
    *text = (s3_text){ 0 };
}

void s3_text_clear(s3_text *text)
{
    text->len = 0;
    if (text->data != NULL)
        text->data[0] = '\0';
}

static bool reserve(s3_text *text, size_t more)
{
    size_t wanted = text->capacity == 0 ? 256 : text->capacity;
    char *data;

    if (more >= S3_TEXT_MAX - text->len)
        return false;
    while (wanted < text->len + more + 1)
        wanted *= 2;
    if (wanted == text->capacity)
        return true;
    data = realloc(text->data, wanted);
    if (data == NULL)
        return false;
    text->data = data;
    text->capacity = wanted;
    return true;
}

void s3_text_add(s3_text *text, const char *bytes, size_t len)
{
    if (text->failed || !reserve(text, len)) {
        text->failed = true;
        return;
    }
    if (len > 0)
        memcpy(text->data + text->len, bytes, len);
    text->len += len;
    text->data[text->len] = '\0';
}

void s3_text_puts(s3_text *text, const char *string)
{
    s3_text_add(text, string, strlen(string));
}

const char *s3_text_string(const s3_text *text)
{
    return text->data == NULL ? "" : text->data;
}
