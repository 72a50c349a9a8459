/*
 * s3_put.c - PutObject, and what every way of making an object ends with.
 */
#include "s3_body.h"
#include "s3_condition.h"
#include "s3_digest.h"
#include "s3_headers.h"
#include "s3_operations.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool precondition_failed(s3_context *c, const char *condition)
{
    return s3_refuse_about(c, "PreconditionFailed", NULL, "Condition", condition);
}

bool s3_write_allowed(s3_context *c)
{
    const char *match = s3_header(c, "if-match");
    const char *none = s3_header(c, "if-none-match");
    s3_object now;
    int found;
    bool same;

    if (none != NULL && strcmp(none, "*") != 0)
        return s3_refuse_about(c, "NotImplemented", NULL, "Header", "If-None-Match");
    if (match == NULL && none == NULL)
        return true;
    found = s3_store_find(c->db, c->bucket, c->key, &now);
    if (found != SQLITE_ROW && found != SQLITE_DONE)
        return s3_broken(c);
    same = found == SQLITE_ROW && match != NULL && s3_etag_listed(match, now.etag);
    s3_object_clear(&now);
    if (none != NULL && found == SQLITE_ROW)
        return precondition_failed(c, "If-None-Match");
    if (match != NULL && found == SQLITE_DONE)
        return s3_refuse(c, "NoSuchKey", NULL);
    return match == NULL || same || precondition_failed(c, "If-Match");
}

bool s3_tell(s3_context *c, const char *event, const char *key, const s3_object *object)
{
    s3_event e = { .name = event,
                   .bucket = c->bucket,
                   .key = key,
                   .etag = object == NULL ? NULL : object->etag,
                   .size = object == NULL ? 0 : object->size,
                   .request_id = c->request->request_id,
                   .time_ms = c->request->now_s * 1000 };
    int64_t number = s3_store_next(c->db);

    if (number == 0)
        return s3_broken(c);
    (void)snprintf(e.sequencer, sizeof(e.sequencer), "%016" PRIX64, (uint64_t)number);
    if (c->settings->on_event == NULL ||
        c->settings->on_event(c->db, &e, c->settings->userdata) == 0)
        return true;
    return s3_refuse(c, "InternalError",
                     "The event of this change could not be queued, so the "
                     "change was not made. Please try again.");
}

bool s3_keep(s3_context *c, const s3_object *object, const char *event)
{
    if (s3_store_set(c->db, c->bucket, c->key, object) != SQLITE_DONE)
        return s3_broken(c);
    return s3_tell(c, event, c->key, object);
}

/* Write the body's bytes as one piece. */
static bool write_body(s3_context *c, s3_object *object)
{
    s3_piece piece = { .number = 1, .size = object->size, .modified_s = object->modified_s };

    memcpy(piece.etag, object->etag, sizeof(piece.etag));
    object->body = s3_store_next(c->db);
    if (object->body == 0 || s3_body_write(c->db, object->body, &piece, c->body) != SQLITE_DONE)
        return s3_broken(c);
    return true;
}

static bool put(s3_context *c, s3_text *headers)
{
    s3_object object = { .size = c->body_len, .modified_s = c->request->now_s };

    if (!s3_headers_collect(c, headers) ||
        !s3_headers_checksum_of(c, c->body, c->body_len, "CRC64NVME", &object.checksum))
        return false;
    if (!s3_etag_of(c->body, c->body_len, object.etag))
        return s3_no_memory(c);
    object.headers = headers->data;
    if (!write_body(c, &object) || !s3_keep(c, &object, "ObjectCreated:Put"))
        return false;
    c->answer->status = 200;
    s3_headers_etag(c->answer, object.etag);
    s3_headers_checksum(c->answer, &object.checksum);
    return true;
}

bool s3_put_object(s3_context *c)
{
    s3_text headers = { 0 };
    bool ok = s3_need_bucket(c) && s3_write_allowed(c) && put(c, &headers);

    s3_text_free(&headers);
    return ok;
}
