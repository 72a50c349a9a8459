/*
 * shim_pipeline.c - submit images and process them.
 */
#include "shim_image.h"

#include <limits.h>

#define KEY_ROOM 256
/* Longer ones cannot be opened. */
#define PATH_ROOM (PATH_MAX + 1)

GOICECAT_OPERATION(pipeline_new)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_pipeline *pipeline = NULL;
    icecat_status status;

    options.bucket_source = goicecat_text(call);
    options.bucket_dest = goicecat_text(call);
    options.bucket_fail = goicecat_text(call);
    options.table = goicecat_text(call);
    options.client_id = goicecat_text(call);
    options.label = goicecat_text(call);
    options.min_confidence = goicecat_real(call);
    options.max_labels = goicecat_number32(call);
    options.ttl_s = goicecat_number32(call);
    options.debug = goicecat_number32(call);
    options.compat_keys = goicecat_number32(call);
    status = icecat_pipeline_new(goicecat_object(call), &options, &pipeline,
                                 goicecat_error_of(call));
    call->frame->made = goicecat_address(pipeline);
    return status;
}

GOICECAT_OPERATION(pipeline_free)
{
    icecat_pipeline_free(goicecat_object(call));
    return ICECAT_OK;
}

GOICECAT_OPERATION(batch_id_new)
{
    goicecat_put_number(&call->reply, icecat_batch_id_new());
    return ICECAT_OK;
}

GOICECAT_OPERATION(batch_id_parse)
{
    uint64_t id = 0;
    icecat_status status = icecat_batch_id_parse(goicecat_text(call), &id, goicecat_error_of(call));

    goicecat_put_number(&call->reply, id);
    return status;
}

static void read_options(goicecat_call *call, icecat_image_options *image,
                         icecat_submit_options *out)
{
    *out = (icecat_submit_options)ICECAT_SUBMIT_OPTIONS_INIT;
    goicecat_image_options(call, image);
    out->call = &call->bounds;
    out->image = image;
    out->no_validate = goicecat_number32(call);
    out->stop_at_failure = goicecat_number32(call);
    out->upload_ts = (int64_t)goicecat_number(call);
}

GOICECAT_OPERATION(submit)
{
    uint64_t batch_id = goicecat_number(call);
    const char *file_name = goicecat_text(call);
    char key[KEY_ROOM] = "";
    icecat_image_options image;
    icecat_submit_options options;
    icecat_status status;

    read_options(call, &image, &options);
    status = icecat_pipeline_submit(goicecat_object(call), batch_id, file_name, call->data,
                                    call->data_len, &options, key, sizeof(key),
                                    goicecat_error_of(call));
    goicecat_put_text(&call->reply, key);
    return status;
}

/* A bulk submission: whom to ask, and the path that was given last. */
typedef struct many {
    uint64_t callbacks;
    char path[PATH_ROOM];
} many;

static int next_path(const char **path, void *userdata)
{
    many *own = userdata;

    *path = own->path;
    return (int)goicecat_ask(own->callbacks, GOICECAT_ON_NEXT, NULL, 0, own->path,
                             sizeof(own->path));
}

static int settled(const icecat_submission *one, void *userdata)
{
    const many *own = userdata;
    unsigned char room[2048];
    goicecat_writer told = { .bytes = room, .size = sizeof(room) };
    int64_t answer;

    goicecat_put_number(&told, one->action);
    goicecat_put_number(&told, one->batch_id);
    goicecat_put_number(&told, one->size_bytes);
    goicecat_put_signed(&told, one->upload_ts);
    goicecat_put_number(&told, one->index);
    goicecat_put_number(&told, one->image_format);
    goicecat_put_text(&told, one->path);
    goicecat_put_text(&told, one->file_name);
    goicecat_put_text(&told, one->key);
    goicecat_put_text(&told, one->upload_time);
    goicecat_put_text(&told, one->fingerprint);
    goicecat_put_text(&told, one->etag);
    goicecat_put_text(&told, one->duplicate_of);
    goicecat_put_error(&told, one->error);
    answer = goicecat_ask(own->callbacks, GOICECAT_ON_SETTLED, told.bytes, told.len, NULL, 0);
    goicecat_writer_free(&told);
    return (int)answer;
}

static int is_known(const char *fingerprint, void *userdata)
{
    const many *own = userdata;
    unsigned char room[128];
    goicecat_writer told = { .bytes = room, .size = sizeof(room) };
    int64_t answer;

    goicecat_put_text(&told, fingerprint);
    answer = goicecat_ask(own->callbacks, GOICECAT_ON_KNOWN, told.bytes, told.len, NULL, 0);
    goicecat_writer_free(&told);
    return (int)answer;
}

static void put_counts(goicecat_writer *writer, const icecat_submit_counts *counts)
{
    goicecat_put_number(writer, counts->total);
    goicecat_put_number(writer, counts->submitted);
    goicecat_put_number(writer, counts->duplicate);
    goicecat_put_number(writer, counts->rejected);
    goicecat_put_number(writer, counts->failed);
    goicecat_put_number(writer, counts->known);
    goicecat_put_number(writer, counts->bytes);
    goicecat_put_number(writer, counts->bytes_settled);
    goicecat_put_number(writer, counts->bytes_under_way);
}

static int progress(const icecat_submit_counts *counts, void *userdata)
{
    const many *own = userdata;
    unsigned char room[128];
    goicecat_writer told = { .bytes = room, .size = sizeof(room) };
    int64_t answer;

    put_counts(&told, counts);
    answer = goicecat_ask(own->callbacks, GOICECAT_ON_PROGRESS, told.bytes, told.len, NULL, 0);
    goicecat_writer_free(&told);
    return (int)answer;
}

GOICECAT_OPERATION(submit_many)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    uint64_t batch_id = goicecat_number(call);
    many own = { .callbacks = call->frame->callbacks };
    icecat_image_options image;
    icecat_submit_options options;
    icecat_status status;

    read_options(call, &image, &options);
    options.is_known = goicecat_number(call) != 0 ? is_known : NULL;
    options.progress = goicecat_number(call) != 0 ? progress : NULL;
    status = icecat_pipeline_submit_many(goicecat_object(call), batch_id, next_path, settled, &own,
                                         &options, &counts, goicecat_error_of(call));
    put_counts(&call->reply, &counts);
    return status;
}

GOICECAT_OPERATION(process)
{
    icecat_process_result made = ICECAT_PROCESS_RESULT_INIT;
    const char *bucket = goicecat_text(call);
    const char *key = goicecat_text(call);
    icecat_status status = icecat_pipeline_process(goicecat_object(call), bucket, key,
                                                   &call->bounds, &made, goicecat_error_of(call));

    goicecat_put_number(&call->reply, made.action);
    goicecat_put_number(&call->reply, made.batch_id);
    goicecat_put_real(&call->reply, made.confidence);
    goicecat_put_number(&call->reply, made.is_cat);
    goicecat_put_number(&call->reply, made.label_count);
    goicecat_put_text(&call->reply, made.fingerprint);
    goicecat_put_text(&call->reply, made.fail_code);
    return status;
}

GOICECAT_OPERATION(forget)
{
    const char *bucket = goicecat_text(call);
    const char *key = goicecat_text(call);
    uint32_t removed = 0;
    icecat_status status = icecat_pipeline_forget(goicecat_object(call), bucket, key, &call->bounds,
                                                  &removed, goicecat_error_of(call));

    goicecat_put_number(&call->reply, removed);
    return status;
}
