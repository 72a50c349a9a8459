/*
 * s3_get.c - GetObject and HeadObject: conditions, a range, headers, bytes.
 */
#include "dates.h"
#include "s3_body.h"
#include "s3_condition.h"
#include "s3_headers.h"
#include "s3_operations.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool s3_version_allowed(s3_context *c, const char *version)
{
    if (version == NULL || strcmp(version, "null") == 0)
        return true;
    return s3_refuse_about(c, "NoSuchVersion", NULL, "VersionId", version);
}

bool s3_need_object(s3_context *c, s3_object *object)
{
    int found;

    *object = (s3_object){ 0 };
    if (!s3_need_bucket(c) || !s3_version_allowed(c, s3_parameter_of(c, "versionId")))
        return false;
    found = s3_store_find(c->db, c->bucket, c->key, object);
    if (found == SQLITE_DONE)
        return s3_refuse(c, "NoSuchKey", NULL);
    return found == SQLITE_ROW || s3_broken(c);
}

static void answer_validators(s3_context *c, const s3_object *object)
{
    char modified[DATES_SIZE];

    dates_http(object->modified_s, modified);
    s3_headers_etag(c->answer, object->etag);
    http_answer_header(c->answer, "last-modified", modified);
}

/* Whether the conditions let the object through; else the answer is filled: 304, or 412. */
static bool conditions_hold(s3_context *c, const s3_object *object, bool *not_modified)
{
    s3_conditions conditions = { s3_header(c, "if-match"), s3_header(c, "if-none-match"),
                                 s3_header(c, "if-modified-since"),
                                 s3_header(c, "if-unmodified-since") };
    const char *which;

    *not_modified = false;
    switch (s3_conditions_judge(&conditions, object->etag, object->modified_s, &which)) {
    case S3_VERDICT_GO_ON:
        return true;
    case S3_VERDICT_NOT_MODIFIED:
        *not_modified = true;
        c->answer->status = 304;
        answer_validators(c, object);
        return true;
    case S3_VERDICT_FAILED:
        break;
    }
    return s3_refuse_about(c, "PreconditionFailed", NULL, "Condition", which);
}

static bool beyond(s3_context *c, uint64_t size)
{
    char value[48];

    (void)s3_refuse_about(c, "InvalidRange", NULL, "RangeRequested", s3_header(c, "range"));
    (void)snprintf(value, sizeof(value), "bytes */%" PRIu64, size);
    http_answer_header(c->answer, "content-range", value);
    return false;
}

static void answer_headers(s3_context *c, const s3_object *object, bool part)
{
    const char *mode = s3_header(c, "x-amz-checksum-mode");

    answer_validators(c, object);
    http_answer_header(c->answer, "accept-ranges", "bytes");
    s3_headers_answer(c, object);
    /* The checksum is of the whole; with a part, clients would compare it and fail. */
    if (mode != NULL && strcasecmp(mode, "ENABLED") == 0 && !part)
        s3_headers_checksum(c->answer, &object->checksum);
}

static bool answer_bytes(s3_context *c, const s3_object *object, uint64_t start, uint64_t len)
{
    c->answer->head_length = len;
    if (strcmp(c->request->method, "HEAD") == 0)
        return true;
    c->answer->body = s3_body_read(c->db, object->body, start, len);
    if (c->answer->body == NULL)
        return sqlite3_errcode(c->db) == SQLITE_OK ? s3_no_memory(c) : s3_broken(c);
    c->answer->body_len = (size_t)len;
    return true;
}

static bool answer(s3_context *c, const s3_object *object)
{
    uint64_t start;
    uint64_t len;
    s3_range_kind kind = s3_range_read(s3_header(c, "range"), object->size, &start, &len);
    bool not_modified;

    if (!conditions_hold(c, object, &not_modified))
        return false;
    if (not_modified)
        return true;
    if (kind == S3_RANGE_BEYOND)
        return beyond(c, object->size);
    c->answer->status = kind == S3_RANGE_PART ? 206 : 200;
    if (kind == S3_RANGE_PART) {
        char value[80];

        (void)snprintf(value, sizeof(value), "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, start,
                       start + len - 1, object->size);
        http_answer_header(c->answer, "content-range", value);
    }
    answer_headers(c, object, kind == S3_RANGE_PART);
    return answer_bytes(c, object, start, len);
}

bool s3_get_object(s3_context *c)
{
    s3_object object;
    bool ok = s3_need_object(c, &object) && answer(c, &object);

    s3_object_clear(&object);
    return ok;
}

bool s3_head_object(s3_context *c)
{
    return s3_get_object(c);
}
