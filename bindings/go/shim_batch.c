/*
 * shim_batch.c - the file of a batch.
 */
#include "shim_wire.h"

static icecat_status give(goicecat_call *call, icecat_status status, const icecat_batch *batch)
{
    call->frame->made = goicecat_address(batch);
    return status;
}

GOICECAT_OPERATION(batch_new)
{
    icecat_batch *batch = icecat_batch_new();

    return give(call, batch != NULL ? ICECAT_OK : ICECAT_E_NO_MEMORY, batch);
}

GOICECAT_OPERATION(batch_load)
{
    icecat_batch *batch = NULL;
    icecat_status status;

    status = icecat_batch_load(goicecat_text(call), &batch, goicecat_error_of(call));
    return give(call, status, batch);
}

GOICECAT_OPERATION(batch_resume)
{
    icecat_batch *batch = NULL;
    icecat_status status;

    status = icecat_batch_resume(goicecat_text(call), &batch, goicecat_error_of(call));
    return give(call, status, batch);
}

GOICECAT_OPERATION(batch_add)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    record.client_id = goicecat_text(call);
    record.s3bucket_source = goicecat_text(call);
    record.s3_key = goicecat_text(call);
    record.original_file_name = goicecat_text(call);
    record.upload_time = goicecat_text(call);
    record.fingerprint = goicecat_text(call);
    record.path = goicecat_text(call);
    record.etag = goicecat_text(call);
    record.duplicate_of = goicecat_text(call);
    record.batch_id = goicecat_number(call);
    record.size_bytes = goicecat_number(call);
    record.epoch_timestamp = (int64_t)goicecat_number(call);
    record.position = goicecat_number(call);
    return icecat_batch_add(goicecat_object(call), &record, goicecat_error_of(call));
}

GOICECAT_OPERATION(batch_note)
{
    return icecat_batch_note(goicecat_object(call), goicecat_text(call), goicecat_error_of(call));
}

GOICECAT_OPERATION(batch_notes)
{
    size_t count = icecat_batch_note_count(goicecat_object(call));

    goicecat_put_number(&call->reply, count);
    for (size_t i = 0; i < count; i++)
        goicecat_put_text(&call->reply, icecat_batch_note_at(goicecat_object(call), i));
    return ICECAT_OK;
}

GOICECAT_OPERATION(batch_journal)
{
    return icecat_batch_journal(goicecat_object(call), goicecat_text(call),
                                goicecat_error_of(call));
}

GOICECAT_OPERATION(batch_defer)
{
    icecat_batch_defer(goicecat_object(call));
    return ICECAT_OK;
}

GOICECAT_OPERATION(batch_sync)
{
    return icecat_batch_sync(goicecat_object(call), goicecat_error_of(call));
}

GOICECAT_OPERATION(batch_save)
{
    return icecat_batch_save(goicecat_object(call), goicecat_text(call), goicecat_error_of(call));
}

GOICECAT_OPERATION(batch_count)
{
    goicecat_put_number(&call->reply, icecat_batch_count(goicecat_object(call)));
    return ICECAT_OK;
}

GOICECAT_OPERATION(batch_at)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    size_t index = (size_t)goicecat_number(call);

    if (!icecat_batch_at(goicecat_object(call), index, &record))
        return ICECAT_E_NOT_FOUND;
    goicecat_put_text(&call->reply, record.client_id);
    goicecat_put_text(&call->reply, record.s3bucket_source);
    goicecat_put_text(&call->reply, record.s3_key);
    goicecat_put_text(&call->reply, record.original_file_name);
    goicecat_put_text(&call->reply, record.upload_time);
    goicecat_put_text(&call->reply, record.fingerprint);
    goicecat_put_text(&call->reply, record.path);
    goicecat_put_text(&call->reply, record.etag);
    goicecat_put_text(&call->reply, record.duplicate_of);
    goicecat_put_number(&call->reply, record.batch_id);
    goicecat_put_number(&call->reply, record.size_bytes);
    goicecat_put_signed(&call->reply, record.epoch_timestamp);
    goicecat_put_number(&call->reply, record.position);
    return ICECAT_OK;
}

GOICECAT_OPERATION(batch_free)
{
    icecat_batch_free(goicecat_object(call));
    return ICECAT_OK;
}
