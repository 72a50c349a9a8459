/*
 * shim_s3.c - objects.
 */
#include "shim_wire.h"

/* icecat/s3.h: 8 kB plus three times the session token is always enough. */
#define URL_ROOM (8192 + 3 * 16384)

GOICECAT_OPERATION(s3_put)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    icecat_s3_put_result made = ICECAT_S3_PUT_RESULT_INIT;
    const char *bucket = goicecat_text(call);
    const char *key = goicecat_text(call);
    icecat_status status;

    options.call = &call->bounds;
    options.content_type = goicecat_text(call);
    options.payload_sha256 = goicecat_text(call);
    options.metadata = goicecat_pairs(call, &options.metadata_count);
    options.if_none_match = goicecat_number32(call);
    status = icecat_s3_put_object(goicecat_object(call), bucket, key, call->data, call->data_len,
                                  &options, &made, goicecat_error_of(call));
    goicecat_put_text(&call->reply, made.etag);
    goicecat_put_text(&call->reply, made.version_id);
    return status;
}

static icecat_status put_object(goicecat_call *call, icecat_status status, icecat_s3_object *object)
{
    const char *name;
    size_t count = 0;
    size_t place;

    if (status != ICECAT_OK)
        return status;
    goicecat_put_number(&call->reply, icecat_s3_object_size(object));
    place = goicecat_put_place(&call->reply);
    while ((name = icecat_s3_object_header_name(object, count)) != NULL) {
        goicecat_put_text(&call->reply, name);
        goicecat_put_text(&call->reply, icecat_s3_object_header(object, name));
        count++;
    }
    goicecat_set_number(&call->reply, place, count);
    goicecat_put_bytes(&call->reply, icecat_s3_object_data(object), icecat_s3_object_len(object));
    icecat_s3_object_free(object);
    return ICECAT_OK;
}

GOICECAT_OPERATION(s3_get)
{
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    const char *bucket = goicecat_text(call);
    const char *key = goicecat_text(call);
    icecat_s3_object *object = NULL;
    icecat_status status;

    options.call = &call->bounds;
    options.range_start = goicecat_number(call);
    options.range_len = goicecat_number(call);
    options.max_bytes = goicecat_number(call);
    status = icecat_s3_get_object(goicecat_object(call), bucket, key, &options, &object,
                                  goicecat_error_of(call));
    return put_object(call, status, object);
}

GOICECAT_OPERATION(s3_head)
{
    const char *bucket = goicecat_text(call);
    const char *key = goicecat_text(call);
    icecat_s3_object *object = NULL;
    icecat_status status = icecat_s3_head_object(goicecat_object(call), bucket, key, &call->bounds,
                                                 &object, goicecat_error_of(call));

    return put_object(call, status, object);
}

GOICECAT_OPERATION(s3_copy)
{
    const char *source_bucket = goicecat_text(call);
    const char *source_key = goicecat_text(call);
    const char *bucket = goicecat_text(call);
    const char *key = goicecat_text(call);
    icecat_s3_copy_options options = ICECAT_S3_COPY_OPTIONS_INIT;

    options.call = &call->bounds;
    options.content_type = goicecat_text(call);
    options.metadata = goicecat_pairs(call, &options.metadata_count);
    options.replace_metadata = goicecat_number32(call);
    return icecat_s3_copy_object(goicecat_object(call), source_bucket, source_key, bucket, key,
                                 &options, goicecat_error_of(call));
}

GOICECAT_OPERATION(s3_delete)
{
    const char *bucket = goicecat_text(call);
    const char *key = goicecat_text(call);

    return icecat_s3_delete_object(goicecat_object(call), bucket, key, &call->bounds,
                                   goicecat_error_of(call));
}

GOICECAT_OPERATION(s3_presign)
{
    icecat_s3_presign_options options = ICECAT_S3_PRESIGN_OPTIONS_INIT;
    icecat_s3_presign_result made = ICECAT_S3_PRESIGN_RESULT_INIT;
    const char *method = goicecat_text(call);
    const char *bucket = goicecat_text(call);
    const char *key = goicecat_text(call);
    char url[URL_ROOM];
    icecat_status status;

    options.call = &call->bounds;
    options.content_type = goicecat_text(call);
    options.payload_sha256 = goicecat_text(call);
    options.expires_s = goicecat_number32(call);
    url[0] = '\0';
    status = icecat_s3_presign(goicecat_object(call), method, bucket, key, &options, url,
                               sizeof(url), &made, goicecat_error_of(call));
    goicecat_put_text(&call->reply, url);
    goicecat_put_signed(&call->reply, made.expires_unix_s);
    goicecat_put_number(&call->reply, made.is_cut_short);
    return status;
}
