/*
 * s3_copy.c - CopyObject, and the source that UploadPartCopy shares with it.
 */
#include "s3_body.h"
#include "s3_condition.h"
#include "s3_digest.h"
#include "s3_headers.h"
#include "s3_operations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void s3_source_clear(s3_source *source)
{
    free(source->bucket);
    free(source->key);
    s3_object_clear(&source->object);
    *source = (s3_source){ 0 };
}

static bool bad_source(s3_context *c)
{
    return s3_refuse_about(c, "InvalidArgument",
                           "Copy Source must mention the source bucket and key: "
                           "sourcebucket/sourcekey",
                           "ArgumentName", "x-amz-copy-source");
}

/* "[/]bucket/key[?versionId=null]", percent-encoded; also "bucket%2Fkey". */
static bool read_source(s3_context *c, s3_source *source)
{
    const char *header = s3_header(c, "x-amz-copy-source");
    const char *version = strstr(header, "?versionId=");
    size_t len = version == NULL ? strlen(header) : (size_t)(version - header);
    char *decoded;
    char *slash;

    if (version != NULL && !s3_version_allowed(c, version + strlen("?versionId=")))
        return false;
    if (*header == '/') {
        header++;
        len--;
    }
    decoded = s3_uri_decode(header, len, true);
    slash = decoded == NULL ? NULL : strchr(decoded, '/');
    if (slash == NULL || slash[1] == '\0' || !s3_utf8_valid(decoded)) {
        free(decoded);
        return bad_source(c);
    }
    *slash = '\0';
    source->bucket = decoded;
    source->key = strdup(slash + 1);
    return source->key != NULL || s3_no_memory(c);
}

static bool source_conditions_hold(s3_context *c, const s3_object *object)
{
    s3_conditions conditions = { s3_header(c, "x-amz-copy-source-if-match"),
                                 s3_header(c, "x-amz-copy-source-if-none-match"),
                                 s3_header(c, "x-amz-copy-source-if-modified-since"),
                                 s3_header(c, "x-amz-copy-source-if-unmodified-since") };
    const char *which;
    char name[64];

    if (s3_conditions_judge(&conditions, object->etag, object->modified_s, &which) ==
        S3_VERDICT_GO_ON)
        return true;
    (void)snprintf(name, sizeof(name), "x-amz-copy-source-%s", which);
    return s3_refuse_about(c, "PreconditionFailed", NULL, "Condition", name);
}

bool s3_source_find(s3_context *c, s3_source *source)
{
    int found;

    *source = (s3_source){ 0 };
    if (!read_source(c, source))
        return false;
    found = s3_store_bucket_find(c->db, source->bucket);
    if (found == SQLITE_DONE)
        return s3_refuse_about(c, "NoSuchBucket", NULL, "BucketName", source->bucket);
    if (found == SQLITE_ROW)
        found = s3_store_find(c->db, source->bucket, source->key, &source->object);
    if (found == SQLITE_DONE)
        return s3_refuse_about(c, "NoSuchKey", NULL, "Key", source->key);
    if (found != SQLITE_ROW)
        return s3_broken(c);
    return source_conditions_hold(c, &source->object);
}

/* Whether the copy takes the headers of this request instead of the source's. */
static bool read_directive(s3_context *c, const s3_source *source, bool *replace)
{
    const char *directive = s3_header(c, "x-amz-metadata-directive");

    *replace = directive != NULL && strcmp(directive, "REPLACE") == 0;
    if (directive != NULL && !*replace && strcmp(directive, "COPY") != 0)
        return s3_refuse_about(c, "InvalidArgument", "Unknown metadata directive.", "ArgumentValue",
                               directive);
    if (!*replace && strcmp(source->bucket, c->bucket) == 0 && strcmp(source->key, c->key) == 0)
        return s3_refuse(c, "InvalidRequest",
                         "This copy request is illegal because it is trying to copy an object to "
                         "itself without changing the object's metadata, storage class, website "
                         "redirect location or encryption attributes.");
    return true;
}

/* The ETag and the checksum of the new object: those of the source, unless they are of its parts. */
static bool copy_digest(s3_context *c, const s3_object *from, s3_object *to)
{
    const char *wanted = s3_header(c, "x-amz-checksum-algorithm");
    const char *algorithm = wanted == NULL ? from->checksum.algorithm : s3_algorithm_named(wanted);

    if (algorithm == NULL)
        return s3_refuse_about(c, "InvalidRequest",
                               "Checksum algorithm provided is unsupported. Please try again with "
                               "any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
                               "ArgumentValue", wanted);
    memcpy(to->etag, from->etag, sizeof(to->etag));
    to->checksum = from->checksum;
    if (strchr(from->etag, '-') != NULL && !s3_etag_of_body(c->db, to->body, to->size, to->etag))
        return s3_broken(c);
    if (strcmp(algorithm, from->checksum.algorithm) == 0 &&
        strchr(from->checksum.value, '-') == NULL)
        return true;
    return s3_checksum_of_body(c->db, to->body, to->size, algorithm, &to->checksum) || s3_broken(c);
}

static bool copy(s3_context *c, const s3_source *source, s3_text *headers)
{
    s3_object object = { .size = source->object.size, .modified_s = c->request->now_s };
    bool replace;

    if (!read_directive(c, source, &replace) || (replace && !s3_headers_collect(c, headers)))
        return false;
    object.headers = replace ? headers->data : source->object.headers;
    object.body = s3_store_next(c->db);
    if (object.body == 0 || s3_body_copy(c->db, source->object.body, object.body) != SQLITE_DONE)
        return s3_broken(c);
    return copy_digest(c, &source->object, &object) && s3_keep(c, &object, "ObjectCreated:Copy") &&
           s3_answer_copied(c, "CopyObjectResult", object.modified_s, object.etag, &object.checksum,
                            true);
}

bool s3_copy_object(s3_context *c)
{
    s3_source source = { 0 };
    s3_text headers = { 0 };
    bool ok = s3_need_bucket(c) && s3_write_allowed(c) && s3_source_find(c, &source) &&
              copy(c, &source, &headers);

    s3_text_free(&headers);
    s3_source_clear(&source);
    return ok;
}
