/*
 * process_forget.c - an object went away: take its record out of the table.
 *
 * Only a final record that names this very place goes. So the removals that process itself makes are
 * harmless in whatever order their events come: by then the record names another bucket. An event
 * that is older than a later upload is harmless too, because the object is looked for first.
 */
#include "pipeline/process.h"

#include "aws/engine.h"
#include "base/error.h"
#include <icecat/s3.h>

#include <string.h>

static const char forget_condition[] = "s3img_key = :place AND op_status <> :pending";

static icecat_status check(const icecat_pipeline *pipeline, const char *bucket, const char *key,
                           icecat_error *err)
{
    icecat_status status;

    if (pipeline == NULL || bucket == NULL || key == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "pipeline, bucket or key is NULL");
    status = ic_pipeline_need(pipeline, IC_NEED_DEST | IC_NEED_FAIL | IC_NEED_TABLE, err);
    if (status == ICECAT_OK && strcmp(bucket, pipeline->bucket_dest) != 0 &&
        strcmp(bucket, pipeline->bucket_fail) != 0)
        return ic_fail(err, ICECAT_E_CONFIG,
                       "the object was removed from bucket \"%.63s\"; records follow buckets "
                       "\"%s\" and \"%s\" only",
                       bucket, pipeline->bucket_dest, pipeline->bucket_fail);
    return status;
}

static icecat_status look(ic_process *p, int *is_there, icecat_error *err)
{
    icecat_call_options call;
    icecat_s3_object *object = NULL;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    if (status != ICECAT_OK)
        return status;
    status = icecat_s3_head_object(p->pipeline->client, p->bucket, p->key_text, &call, &object,
                                   err);
    *is_there = status == ICECAT_OK;
    icecat_s3_object_free(object);
    return status == ICECAT_E_NOT_FOUND ? ICECAT_OK : status;
}

static icecat_status condition_values(const ic_process *p, icecat_item **out, icecat_error *err)
{
    char place[IC_PLACE_SIZE];
    icecat_status status;

    *out = icecat_item_new(&p->pipeline->mem);
    if (*out == NULL)
        return ic_fail_memory(err, "an item");
    ic_process_place(p, p->bucket, place);
    status = icecat_item_set_string(*out, ":place", place, err);
    return status == ICECAT_OK ? icecat_item_set_string(*out, ":pending", "pending", err) : status;
}

static icecat_status remove_record(ic_process *p, uint32_t *removed, icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_call_options call;
    icecat_item *key = NULL;
    icecat_item *values = NULL;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    if (status == ICECAT_OK)
        status = ic_record_key(&p->pipeline->mem, p->key.batch_id, p->key.fingerprint, &key, err);
    if (status == ICECAT_OK)
        status = condition_values(p, &values, err);
    options.call = &call;
    options.condition = forget_condition;
    options.values = values;
    if (status == ICECAT_OK)
        status = icecat_dynamodb_delete_item(p->pipeline->client, p->pipeline->table, key, &options,
                                             err);
    *removed = status == ICECAT_OK;
    icecat_item_free(key);
    icecat_item_free(values);
    return status == ICECAT_E_PRECONDITION ? ICECAT_OK : status;
}

icecat_status icecat_pipeline_forget(icecat_pipeline *pipeline, const char *bucket, const char *key,
                                     const icecat_call_options *call, uint32_t *removed,
                                     icecat_error *err)
{
    ic_process p = { .pipeline = pipeline, .bucket = bucket, .key_text = key };
    uint32_t is_removed = 0;
    int is_there = 0;
    icecat_status status;

    ic_error_clear(err);
    if (removed != NULL)
        *removed = 0;
    status = check(pipeline, bucket, key, err);
    if (status == ICECAT_OK)
        status = ic_object_key_parse(key, &p.key, err);
    if (status == ICECAT_OK)
        status = ic_steps_begin(&p.steps, ic_client_clock(pipeline->client), call, err);
    if (status == ICECAT_OK)
        status = look(&p, &is_there, err);
    if (status == ICECAT_OK && !is_there)
        status = remove_record(&p, &is_removed, err);
    if (status == ICECAT_OK)
        ic_error_clear(err);
    if (removed != NULL)
        *removed = is_removed;
    return status;
}
