/*
 * http.c - find a request's header; build an answer.
 */
#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *http_request_header(const http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

void http_answer_clear(http_answer *answer)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        free(answer->headers[i].name);
        free(answer->headers[i].value);
    }
    free(answer->body);
    *answer = (http_answer){ 0 };
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

void http_answer_header(http_answer *answer, const char *name, const char *value)
{
    http_header *header;

    /* A line break would let a stored value write headers of its own. */
    if (answer->header_count == HTTP_ANSWER_HEADERS || strpbrk(value, "\r\n") != NULL ||
        strpbrk(name, "\r\n: ") != NULL) {
        answer->failed = 1;
        return;
    }
    header = &answer->headers[answer->header_count];
    header->name = copy_text(name);
    header->value = copy_text(value);
    if (header->name == NULL || header->value == NULL) {
        free(header->name);
        free(header->value);
        *header = (http_header){ 0 };
        answer->failed = 1;
        return;
    }
    answer->header_count++;
}

void http_answer_body(http_answer *answer, const void *data, size_t len)
{
    unsigned char *copy = malloc(len + 1);

    free(answer->body);
    answer->body = copy;
    answer->body_len = 0;
    if (copy == NULL) {
        answer->failed = 1;
        return;
    }
    if (len > 0)
        memcpy(copy, data, len);
    copy[len] = '\0';
    answer->body_len = len;
}
