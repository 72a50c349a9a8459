/*
 * server_request.c - target, method, ids, dates, printable text.
 */
#include "server_request.h"

#include "encoding.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

int server_target_read(const char *uri, server_target *out)
{
    const char *begin = uri;
    const char *empty = "";
    size_t len;
    char *mark;

    *out = (server_target){ 0 };
    if (uri != NULL && strncmp(uri, "http://", 7) == 0) {
        begin = uri + 7 + strcspn(uri + 7, "/?");
        if (*begin == '\0')
            begin = "/";
    }
    if (begin == NULL || *begin != '/') {
        out->malformed = 1;
        return 0;
    }
    len = strlen(begin);
    out->path = malloc(len + 1);
    if (out->path == NULL)
        return 0;
    memcpy(out->path, begin, len + 1);
    mark = strchr(out->path, '?');
    out->query = mark == NULL ? empty : mark + 1;
    if (mark != NULL)
        *mark = '\0';
    return 1;
}

void server_target_clear(server_target *target)
{
    free(target->path);
    *target = (server_target){ 0 };
}

const char *server_method_name(enum evhttp_cmd_type type)
{
    static const struct {
        enum evhttp_cmd_type type;
        const char *name;
    } names[] = {
        { EVHTTP_REQ_GET, "GET" },       { EVHTTP_REQ_POST, "POST" },
        { EVHTTP_REQ_HEAD, "HEAD" },     { EVHTTP_REQ_PUT, "PUT" },
        { EVHTTP_REQ_DELETE, "DELETE" }, { EVHTTP_REQ_OPTIONS, "OPTIONS" },
        { EVHTTP_REQ_TRACE, "TRACE" },   { EVHTTP_REQ_CONNECT, "CONNECT" },
        { EVHTTP_REQ_PATCH, "PATCH" },
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].type == type)
            return names[i].name;
    }
    return "";
}

int server_request_id(char out[40])
{
    unsigned char b[16];

    if (RAND_bytes(b, sizeof(b)) != 1)
        return 0;
    encoding_uuid(b, out);
    return 1;
}

void server_copy_printable(char *out, size_t size, const char *text)
{
    size_t len = 0;

    for (; *text != '\0' && len + 1 < size; text++)
        out[len++] = *text > ' ' && *text < 0x7f ? *text : '?';
    out[len] = '\0';
}
