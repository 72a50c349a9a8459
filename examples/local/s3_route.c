/*
 * s3_route.c - which bucket, which key, which operation?
 */
#include "s3_headers.h"
#include "s3_operations.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KEY_MAX 1024 /* bytes */

static const char *last_of(const char *host, size_t len, const char *what)
{
    size_t what_len = strlen(what);

    for (size_t at = len < what_len ? 0 : len - what_len; at > 0; at--) {
        if (strncasecmp(host + at, what, what_len) == 0)
            return host + at;
    }
    return NULL;
}

/* Bytes of the host name that are a bucket: before ".s3." or a final ".localhost". */
static size_t bucket_in_host(const char *host)
{
    size_t len = strcspn(host, ":");
    const char *end = last_of(host, len, ".s3.");

    if (end != NULL)
        return (size_t)(end - host);
    if (strncasecmp(host, "s3.", 3) == 0 || len <= 10 ||
        strncasecmp(host + len - 10, ".localhost", 10) != 0)
        return 0;
    return len - 10;
}

static bool set_bucket(s3_context *c, const char *text, size_t len)
{
    c->bucket = s3_uri_decode(text, len, false);
    if (c->bucket == NULL || !s3_utf8_valid(c->bucket))
        return s3_refuse(c, "InvalidURI", NULL);
    if (!s3_bucket_name_valid(c->bucket))
        return s3_refuse(c, "InvalidBucketName", NULL);
    return true;
}

static bool set_key(s3_context *c, const char *text)
{
    if (*text == '\0')
        return true;
    c->key = s3_uri_decode(text, strlen(text), false);
    if (c->key == NULL || !s3_utf8_valid(c->key))
        return s3_refuse(c, "InvalidURI", NULL);
    return strlen(c->key) <= KEY_MAX || s3_refuse(c, "KeyTooLongError", NULL);
}

bool s3_route_target(s3_context *c)
{
    const char *path = c->request->path;
    const char *host = s3_header(c, "host");
    size_t in_host = host == NULL ? 0 : bucket_in_host(host);
    size_t len;

    if (*path != '/')
        return s3_refuse(c, "InvalidURI", NULL);
    path++;
    if (in_host > 0)
        return set_bucket(c, host, in_host) && set_key(c, path);
    len = strcspn(path, "/");
    if (len == 0)
        return *path == '\0' || s3_refuse(c, "InvalidBucketName", NULL);
    return set_bucket(c, path, len) && (path[len] == '\0' || set_key(c, path + len + 1));
}

typedef struct route {
    const char *method;
    const char *parameter; /* must be there; NULL: always fits */
    const char *header;    /* must be there too; NULL: none */
    s3_operation operation;
    bool writes;
} route;

/* The first that fits. */
static const route of_bucket[] = {
    { "GET", "location", NULL, s3_get_bucket_location, false },
    { "GET", "uploads", NULL, s3_list_uploads, false },
    { "GET", "list-type", NULL, s3_list_objects_v2, false },
    { "GET", NULL, NULL, s3_list_objects, false },
    { "HEAD", NULL, NULL, s3_head_bucket, false },
    { "PUT", NULL, NULL, s3_create_bucket, true },
    { "DELETE", NULL, NULL, s3_delete_bucket, true },
    { "POST", "delete", NULL, s3_delete_objects, true },
    { NULL, NULL, NULL, NULL, false },
};

static const route of_object[] = {
    { "GET", "uploadId", NULL, s3_list_parts, false },
    { "GET", NULL, NULL, s3_get_object, false },
    { "HEAD", NULL, NULL, s3_head_object, false },
    { "PUT", "uploadId", "x-amz-copy-source", s3_upload_part_copy, true },
    { "PUT", "uploadId", NULL, s3_upload_part, true },
    { "PUT", NULL, "x-amz-copy-source", s3_copy_object, true },
    { "PUT", NULL, NULL, s3_put_object, true },
    { "POST", "uploads", NULL, s3_create_upload, true },
    { "POST", "uploadId", NULL, s3_complete_upload, true },
    { "DELETE", "uploadId", NULL, s3_abort_upload, true },
    { "DELETE", NULL, NULL, s3_delete_object, true },
    { NULL, NULL, NULL, NULL, false },
};

static const route of_service[] = {
    { "GET", NULL, NULL, s3_list_buckets, false },
    { NULL, NULL, NULL, NULL, false },
};

/* Parameters that ask for another operation than the plain one, and that are not here. */
static const char *missing_feature(const s3_context *c)
{
    static const char *const all[] = {
        "abac",          "analytics",
        "attributes",    "intelligent-tiering",
        "inventory",     "metadataConfiguration",
        "metadataTable", "metrics",
        "partNumber",    "renameObject",
        "restore",       "select",
        "session",       "torrent",
        "versions",
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (s3_parameter_of(c, all[i]) != NULL)
            return all[i];
    }
    return NULL;
}

static const route *find(const s3_context *c, const route *routes)
{
    for (; routes->method != NULL; routes++) {
        if (strcmp(routes->method, c->request->method) == 0 &&
            (routes->parameter == NULL || s3_parameter_of(c, routes->parameter) != NULL) &&
            (routes->header == NULL || s3_header(c, routes->header) != NULL))
            return routes;
    }
    return NULL;
}

s3_operation s3_route_operation(s3_context *c, bool *writes)
{
    const route *routes = c->bucket == NULL ? of_service : c->key == NULL ? of_bucket : of_object;
    const route *found;
    const char *missing = missing_feature(c);

    if (!s3_headers_allowed(c))
        return NULL;
    *writes = false;
    if (c->bucket != NULL && s3_is_probe(c))
        return s3_probe;
    if (missing != NULL && s3_parameter_of(c, "uploadId") == NULL) {
        (void)s3_refuse_about(c, "NotImplemented", NULL, "Parameter", missing);
        return NULL;
    }
    found = find(c, routes);
    if (found != NULL) {
        *writes = found->writes;
        return found->operation;
    }
    if (c->key == NULL && strcmp(c->request->method, "POST") == 0)
        (void)s3_refuse_about(c, "NotImplemented", NULL, "Operation", "PostObject");
    else
        (void)s3_refuse_about(c, "MethodNotAllowed", NULL, "Method", c->request->method);
    return NULL;
}
