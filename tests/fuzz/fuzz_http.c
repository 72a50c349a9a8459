/*
 * fuzz_http.c - an input that is an HTTP message as text.
 */
#include "fuzz_http.h"

#include <stdlib.h>
#include <string.h>

/* End @p text at the first @p separator; what is behind it, or NULL. */
static char *cut(char *text, const char *separator)
{
    char *at = strstr(text, separator);

    if (at == NULL)
        return NULL;
    *at = '\0';
    return at + strlen(separator);
}

static size_t head_len(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if (data[i] == '\n' && data[i + 1] == '\n')
            return i;
    }
    return len;
}

static void read_line(fuzz_http *out, char *line)
{
    char *value = cut(line, ": ");

    if (value == NULL || out->count == FUZZ_HEADERS_MAX)
        return;
    out->headers[out->count].name = line;
    out->headers[out->count++].value = value;
}

void fuzz_http_read(fuzz_http *out, const uint8_t *data, size_t len)
{
    size_t head = head_len(data, len);
    char *line;

    memset(out, 0, sizeof(*out));
    out->body = data + (head < len ? head + 2 : len);
    out->body_len = len - (head < len ? head + 2 : len);
    out->text = fuzz_copy(data, head);
    out->first = out->text;
    line = cut(out->text, "\n");
    out->path = cut(out->first, " ");
    if (out->path == NULL)
        out->path = out->first + strlen(out->first);
    out->query = cut(out->path, "?");
    if (out->query == NULL)
        out->query = out->path + strlen(out->path);
    while (line != NULL) {
        char *next = cut(line, "\n");

        read_line(out, line);
        line = next;
    }
}

void fuzz_http_free(fuzz_http *http)
{
    free(http->text);
    http->text = NULL;
}
