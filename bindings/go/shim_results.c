/*
 * shim_results.c - read what became of images.
 */
#include "shim_wire.h"

static void put_result(goicecat_writer *reply, const icecat_results *results, size_t index,
                       int with_attributes)
{
    icecat_result one = ICECAT_RESULT_INIT;

    icecat_results_at(results, index, &one);
    goicecat_put_number(reply, one.batch_id);
    goicecat_put_signed(reply, one.upload_ts);
    goicecat_put_signed(reply, one.rek_ts);
    goicecat_put_signed(reply, one.ttl);
    goicecat_put_real(reply, one.confidence);
    goicecat_put_number(reply, one.state);
    goicecat_put_number(reply, one.is_cat);
    goicecat_put_text(reply, one.fingerprint);
    goicecat_put_text(reply, one.client_id);
    goicecat_put_text(reply, one.file_name);
    goicecat_put_text(reply, one.s3img_key);
    goicecat_put_text(reply, one.labels_json);
    goicecat_put_text(reply, one.logs_json);
    goicecat_put_text(reply, one.fail_code);
    goicecat_put_text(reply, one.fail_reason);
    goicecat_put_text(reply,
                      with_attributes ? icecat_results_attributes_json(results, index) : NULL);
}

/* Each with its length, so that Go makes one after the other; frees them. */
static icecat_status put_results(goicecat_call *call, icecat_status status, icecat_results *results,
                                 int with_attributes)
{
    size_t count = icecat_results_count(results);

    goicecat_put_number(&call->reply, count);
    for (size_t i = 0; i < count; i++) {
        size_t place = goicecat_put_place(&call->reply);

        put_result(&call->reply, results, i, with_attributes);
        goicecat_set_number(&call->reply, place, call->reply.len - place - sizeof(uint64_t));
    }
    icecat_results_free(results);
    return status;
}

static int read_options(goicecat_call *call, icecat_results_options *out)
{
    *out = (icecat_results_options)ICECAT_RESULTS_OPTIONS_INIT;
    out->call = &call->bounds;
    out->fingerprints = goicecat_texts(call, &out->fingerprints_count);
    out->with_logs = goicecat_number32(call);
    out->consistent = goicecat_number32(call);
    out->with_response = goicecat_number32(call);
    return goicecat_number(call) != 0;
}

GOICECAT_OPERATION(result)
{
    uint64_t batch_id = goicecat_number(call);
    const char *fingerprint = goicecat_text(call);
    icecat_results_options options;
    int with_attributes = read_options(call, &options);
    icecat_results *results = NULL;
    icecat_status status = icecat_pipeline_result(goicecat_object(call), batch_id, fingerprint,
                                                  &options, &results, goicecat_error_of(call));

    return put_results(call, status, results, with_attributes);
}

GOICECAT_OPERATION(results)
{
    uint64_t batch_id = goicecat_number(call);
    icecat_results_options options;
    int with_attributes = read_options(call, &options);
    icecat_results *results = NULL;
    icecat_status status = icecat_pipeline_results(goicecat_object(call), batch_id, &options,
                                                   &results, goicecat_error_of(call));

    return put_results(call, status, results, with_attributes);
}

GOICECAT_OPERATION(search)
{
    icecat_search_options options = ICECAT_SEARCH_OPTIONS_INIT;
    icecat_results *results = NULL;
    icecat_status status;
    int with_attributes;

    options.call = &call->bounds;
    options.client_id = goicecat_text(call);
    options.batch_id = goicecat_number(call);
    options.since = (int64_t)goicecat_number(call);
    options.until = (int64_t)goicecat_number(call);
    options.max_results = goicecat_number(call);
    options.state = goicecat_number32(call);
    options.verdict = goicecat_number32(call);
    options.newest_first = goicecat_number32(call);
    options.with_logs = goicecat_number32(call);
    options.with_response = goicecat_number32(call);
    with_attributes = goicecat_number(call) != 0;
    status = icecat_pipeline_search(goicecat_object(call), &options, &results,
                                    goicecat_error_of(call));
    return put_results(call, status, results, with_attributes);
}

static int looked(uint64_t finished, uint64_t total, void *userdata)
{
    unsigned char room[2 * sizeof(uint64_t)];
    goicecat_writer told = { .bytes = room, .size = sizeof(room) };

    goicecat_put_number(&told, finished);
    goicecat_put_number(&told, total);
    return (int)goicecat_ask(goicecat_address(userdata), GOICECAT_ON_WAIT, told.bytes, told.len,
                             NULL, 0);
}

GOICECAT_OPERATION(wait)
{
    uint64_t batch_id = goicecat_number(call);
    icecat_results_options options;
    int with_attributes = read_options(call, &options);
    uint64_t callbacks = call->frame->callbacks;
    icecat_results *results = NULL;
    icecat_status status = icecat_pipeline_wait(
        goicecat_object(call), batch_id, &options, callbacks != 0 ? looked : NULL,
        goicecat_pointer(callbacks), &results, goicecat_error_of(call));

    return put_results(call, status, results, with_attributes);
}
