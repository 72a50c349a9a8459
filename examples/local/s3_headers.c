/*
 * s3_headers.c - content headers and metadata of an object.
 */
#include "s3_headers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define META_PREFIX  "x-amz-meta-"
#define META_BYTES   2048 /* S3's own limit: names without the prefix, and values */
#define META_ENTRIES 128  /* what an answer has room for */

/* Stored content headers and the query parameter that overrides each in an answer. */
static const struct {
    const char *name;
    const char *parameter;
} content[] = { { "content-type", "response-content-type" },
                { "cache-control", "response-cache-control" },
                { "content-disposition", "response-content-disposition" },
                { "content-encoding", "response-content-encoding" },
                { "content-language", "response-content-language" },
                { "expires", "response-expires" } };
#define CONTENT (sizeof(content) / sizeof(content[0]))

static bool acl_allowed(s3_context *c)
{
    static const char *const grants[] = { "x-amz-grant-read", "x-amz-grant-write",
                                          "x-amz-grant-read-acp", "x-amz-grant-write-acp",
                                          "x-amz-grant-full-control" };
    const char *acl = s3_header(c, "x-amz-acl");
    bool ok = acl == NULL || strcmp(acl, "private") == 0 ||
              strcmp(acl, "bucket-owner-full-control") == 0;

    for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++)
        ok = ok && s3_header(c, grants[i]) == NULL;
    return ok || s3_refuse(c, "AccessControlListNotSupported", NULL);
}

static bool refuse_header(s3_context *c, const char *name)
{
    return s3_refuse_about(c, "InvalidArgument", "This cannot be a header of an answer",
                           "ArgumentName", name);
}

/* What is asked to be given back must be a header of HTTP: no line break, no blank in its name. */
static bool can_be_given_back(s3_context *c)
{
    for (size_t i = 0; i < CONTENT; i++) {
        const char *value = s3_parameter_of(c, content[i].parameter);

        if (value != NULL && strpbrk(value, "\r\n") != NULL)
            return refuse_header(c, content[i].parameter);
    }
    for (size_t i = 0; i < c->request->header_count; i++) {
        const http_header *header = &c->request->headers[i];

        if (strpbrk(header->name, "\r\n: ") != NULL || strpbrk(header->value, "\r\n") != NULL)
            return refuse_header(c, header->name);
    }
    return true;
}

bool s3_headers_allowed(s3_context *c)
{
    static const char *const absent[] = {
        "x-amz-tagging",
        "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-customer-algorithm",
        "x-amz-copy-source-server-side-encryption-customer-algorithm",
        "x-amz-website-redirect-location",
        "x-amz-object-lock-mode",
        "x-amz-object-lock-legal-hold",
        "x-amz-bucket-object-lock-enabled",
        "x-amz-write-offset-bytes",
        "x-amz-mfa",
    };
    const char *owner = s3_header(c, "x-amz-expected-bucket-owner");
    const char *storage = s3_header(c, "x-amz-storage-class");

    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        if (s3_header(c, absent[i]) != NULL)
            return s3_refuse_about(c, "NotImplemented", NULL, "Header", absent[i]);
    }
    if (owner != NULL && strcmp(owner, S3_ACCOUNT) != 0)
        return s3_refuse(c, "AccessDenied", NULL);
    if (storage != NULL && strcmp(storage, "STANDARD") != 0)
        return s3_refuse_about(c, "InvalidStorageClass", NULL, "StorageClassRequested", storage);
    return acl_allowed(c) && can_be_given_back(c);
}

/* "aws-chunked" tells how the body travelled, not what it is. */
static void add_encoding(s3_text *out, const char *value)
{
    bool first = true;

    while (*value != '\0') {
        size_t len;

        value += strspn(value, ", \t");
        len = strcspn(value, ", \t");
        if (len > 0 && !(len == 11 && strncasecmp(value, "aws-chunked", len) == 0)) {
            s3_text_puts(out, first ? "content-encoding:" : ",");
            s3_text_add(out, value, len);
            first = false;
        }
        value += len;
    }
    if (!first)
        s3_text_puts(out, "\n");
}

static void add_line(s3_text *out, const char *name, const char *value)
{
    s3_text_puts(out, name);
    s3_text_puts(out, ":");
    s3_text_puts(out, value);
    s3_text_puts(out, "\n");
}

static bool is_meta(const http_header *header)
{
    return strncasecmp(header->name, META_PREFIX, strlen(META_PREFIX)) == 0;
}

/* Whether an earlier header has the same name. */
static bool seen(const http_request *request, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (strcasecmp(request->headers[i].name, request->headers[at].name) == 0)
            return true;
    }
    return false;
}

/* One line for a name: its values, in order, joined by commas. */
static void add_meta(const http_request *request, size_t at, s3_text *out)
{
    const char *name = request->headers[at].name;

    for (const char *c = name; *c != '\0'; c++) {
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;

        s3_text_add(out, &lower, 1);
    }
    for (size_t i = at; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0) {
            s3_text_puts(out, i == at ? ":" : ",");
            s3_text_puts(out, request->headers[i].value);
        }
    }
    s3_text_puts(out, "\n");
}

static bool collect_meta(s3_context *c, s3_text *out)
{
    size_t bytes = 0;
    size_t entries = 0;

    for (size_t i = 0; i < c->request->header_count; i++) {
        size_t before = out->len;

        if (!is_meta(&c->request->headers[i]) || seen(c->request, i))
            continue;
        add_meta(c->request, i, out);
        bytes += out->len - before - strlen(META_PREFIX) - 2; /* ':' and the line's end */
        if (out->failed || bytes > META_BYTES)
            return s3_refuse_about(c, "MetadataTooLarge", NULL, "MaxSizeAllowed", "2048");
        if (++entries > META_ENTRIES)
            return s3_refuse(c, "MetadataTooLarge",
                             "icecat-local keeps at most 128 metadata headers of an object");
    }
    return true;
}

bool s3_headers_collect(s3_context *c, s3_text *out)
{
    for (size_t i = 0; i < CONTENT; i++) {
        const char *value = s3_header(c, content[i].name);

        if (i == 0 && (value == NULL || *value == '\0'))
            value = "binary/octet-stream";
        if (value == NULL)
            continue;
        if (strcmp(content[i].name, "content-encoding") == 0)
            add_encoding(out, value);
        else
            add_line(out, content[i].name, value);
    }
    if (!collect_meta(c, out))
        return false;
    return !out->failed || s3_no_memory(c);
}

static const char *override_of(s3_context *c, const char *name)
{
    for (size_t i = 0; i < CONTENT; i++) {
        if (strcmp(content[i].name, name) == 0)
            return s3_parameter_of(c, content[i].parameter);
    }
    return NULL;
}

void s3_headers_answer(s3_context *c, const s3_object *object)
{
    char *copy = strdup(object->headers);
    char *line = copy;

    if (copy == NULL) {
        c->answer->failed = 1;
        return;
    }
    while (*line != '\0') {
        char *value = line + strcspn(line, ":");
        char *end = value + strcspn(value, "\n");
        char *next = *end == '\0' ? end : end + 1;

        *end = '\0';
        if (*value == ':') {
            *value++ = '\0';
            if (override_of(c, line) == NULL)
                http_answer_header(c->answer, line, value);
        }
        line = next;
    }
    free(copy);
    for (size_t i = 0; i < CONTENT; i++) {
        const char *value = s3_parameter_of(c, content[i].parameter);

        if (value != NULL)
            http_answer_header(c->answer, content[i].name, value);
    }
}

void s3_headers_etag(http_answer *answer, const char *etag)
{
    char quoted[S3_ETAG_SIZE + 2];

    (void)snprintf(quoted, sizeof(quoted), "\"%s\"", etag);
    http_answer_header(answer, "etag", quoted);
}
