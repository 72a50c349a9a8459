/*
 * process.c - judge one uploaded object: the order of the steps, which makes it idempotent.
 *
 *   1 read header   2 PutItem pending   3 DetectLabels   4 copy   5 UpdateItem final   6 delete
 *
 * The record becomes final only when the object is where the record says, and the source is deleted
 * only after that. So whatever step was the last before a crash, a repetition finds the object again,
 * or a final record; and two workers at once agree on whose record counts at step 2 or 5.
 */
#include "pipeline/process.h"

#include "aws/engine.h"
#include "base/error.h"
#include "base/json.h"
#include "base/options.h"

#include <stdio.h>
#include <string.h>

IC_NO_PADDING_AFTER(icecat_process_result, fail_code);

void icecat_process_result_init(icecat_process_result *result, size_t struct_size)
{
    ic_options_init(result, struct_size);
}

static icecat_status count_labels(const char *json, uint32_t *count, icecat_error *err)
{
    cJSON *tree = NULL;
    icecat_status status = ICECAT_E_PARSE;

    if (json != NULL)
        status = ic_json_parse(json, strlen(json), "labels", &tree, NULL);
    *count = status == ICECAT_OK ? (uint32_t)cJSON_GetArraySize(tree) : 0;
    cJSON_Delete(tree);
    return status == ICECAT_E_NO_MEMORY ? ic_fail_memory(err, "labels") : ICECAT_OK;
}

static icecat_status tell_before(ic_process *p, const ic_record *record, icecat_error *err)
{
    const icecat_result *result = &record->result;
    uint32_t count;
    icecat_status status = count_labels(result->labels_json, &count, err);

    if (status != ICECAT_OK)
        return status;
    p->result.action = ICECAT_PROCESSED_BEFORE;
    p->result.is_cat = result->is_cat;
    p->result.confidence = result->confidence > 0 ? result->confidence : 0;
    p->result.label_count = count;
    snprintf(p->result.fail_code, sizeof(p->result.fail_code), "%s",
             result->state == ICECAT_RESULT_FAIL ? result->fail_code : "");
    return ICECAT_OK;
}

static const char *target_of(const icecat_pipeline *pipeline, int is_judged)
{
    return is_judged ? pipeline->bucket_dest : pipeline->bucket_fail;
}

/* Another record is there. Not ours to touch when another client wrote it. */
static icecat_status check_owner(const ic_process *p, const ic_record *record, icecat_error *err)
{
    const char *owner = record->result.client_id;

    if (owner == NULL || strcmp(owner, p->key.client_id) == 0)
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_COLLISION,
                   "the record of batch %llu and %.64s is client %.64s's, not %.64s's; submit with "
                   "another batch id",
                   (unsigned long long)p->key.batch_id, p->key.fingerprint, owner,
                   p->key.client_id);
}

/*
 * The record is settled: put the object where its state wants it. @p is_copied: this call has made
 * the copy already. A record that still names the place from which the object goes was left by a
 * writer that died before it said otherwise.
 */
static icecat_status finish_move(ic_process *p, const ic_record *record, int is_copied,
                                 icecat_error *err)
{
    const char *says = record->result.s3img_key != NULL ? record->result.s3img_key : "";
    const char *to = target_of(p->pipeline, record->result.state == ICECAT_RESULT_SUCCESS);
    char here[IC_PLACE_SIZE];
    char there[IC_PLACE_SIZE];
    icecat_status status = tell_before(p, record, err);

    if (status != ICECAT_OK || p->bucket == NULL || p->bucket == to)
        return status;
    ic_process_place(p, p->bucket, here);
    ic_process_place(p, to, there);
    if (!is_copied && strcmp(says, there) != 0)
        status = ic_process_copy(p, p->bucket, to, err);
    if (status == ICECAT_OK && strcmp(says, here) == 0)
        status = ic_process_say_place(p, to, err);
    return status == ICECAT_OK ? ic_process_delete(p, p->bucket, err) : status;
}

/* The source has no such object: it is done, or was moved by a worker that died, or is gone. */
static icecat_status locate_elsewhere(ic_process *p, icecat_error *err)
{
    const char *const buckets[] = { p->pipeline->bucket_dest, p->pipeline->bucket_fail };
    ic_record record;
    int found;
    icecat_status status = ic_process_read(p, &record, &found, err);

    if (status == ICECAT_OK && found)
        status = check_owner(p, &record, err);
    if (status == ICECAT_OK && found && ic_record_is_settled(&record))
        status = tell_before(p, &record, err);
    ic_record_free(&record);
    found = 0;
    for (size_t i = 0; i < 2 && status == ICECAT_OK && p->result.action == 0 && !found; i++) {
        status = ic_process_fetch(p, buckets[i], &found, err);
        if (found)
            p->bucket = buckets[i];
    }
    if (status == ICECAT_OK && p->result.action == 0 && !found)
        ic_process_refuse(p, "object-gone",
                          "the object was deleted before it was judged; submit the image again");
    return status;
}

static icecat_status locate(ic_process *p, icecat_error *err)
{
    int found;
    icecat_status status = ic_process_fetch(p, p->pipeline->bucket_source, &found, err);

    p->bucket = found ? p->pipeline->bucket_source : NULL;
    return status == ICECAT_OK && !found ? locate_elsewhere(p, err) : status;
}

static icecat_status start(ic_process *p, icecat_error *err)
{
    ic_record there;
    int found;
    icecat_status status;

    if (p->is_started)
        return ICECAT_OK;
    status = ic_process_start(p, &there, &found, err);
    if (status == ICECAT_E_PRECONDITION && found) {
        icecat_status owner = check_owner(p, &there, err);

        if (owner != ICECAT_OK)
            status = owner;
        else if (ic_record_is_settled(&there))
            status = finish_move(p, &there, 0, err);
    }
    ic_record_free(&there);
    return status;
}

/* Another worker was faster. Its verdict counts; a copy of ours that it does not need goes away. */
static icecat_status yield_to(ic_process *p, const ic_record *there, const char *copied_to,
                              icecat_error *err)
{
    const char *wanted = target_of(p->pipeline, there->result.state == ICECAT_RESULT_SUCCESS);
    icecat_status status = check_owner(p, there, err);

    if (status != ICECAT_OK)
        return status;
    if (!ic_record_is_settled(there))
        return ICECAT_E_PRECONDITION; /* as ic_process_finish() reported */
    if (copied_to != NULL && copied_to != wanted)
        status = ic_process_delete(p, copied_to, err);
    return status == ICECAT_OK ? finish_move(p, there, copied_to == wanted, err) : status;
}

/* Steps 4 to 6. */
static icecat_status finish(ic_process *p, icecat_error *err)
{
    const char *to = p->bucket != NULL ? target_of(p->pipeline, p->result.fail_code[0] == '\0')
                                       : NULL;
    int moves = p->bucket != NULL && p->bucket != to;
    ic_record there;
    int found;
    icecat_status status = moves ? ic_process_copy(p, p->bucket, to, err) : ICECAT_OK;

    if (status != ICECAT_OK)
        return status;
    status = ic_process_finish(p, to, &there, &found, err);
    if (status == ICECAT_E_PRECONDITION && found) {
        status = yield_to(p, &there, moves ? to : NULL, err);
    } else if (status == ICECAT_OK) {
        p->result.action = p->result.fail_code[0] == '\0' ? ICECAT_PROCESSED
                                                          : ICECAT_PROCESSED_REFUSED;
        status = moves ? ic_process_delete(p, p->bucket, err) : ICECAT_OK;
    }
    ic_record_free(&there);
    return status;
}

/* What an earlier look found out. The pending record stays ours. */
static void forget(ic_process *p)
{
    p->is_vanished = 0;
    p->result.action = 0;
    p->result.is_cat = 0;
    p->result.confidence = 0;
    p->result.label_count = 0;
    p->result.fail_code[0] = '\0';
}

static icecat_status run(ic_process *p, icecat_error *err)
{
    icecat_status status;

    forget(p);
    status = locate(p, err);
    if (status != ICECAT_OK || p->result.action != 0)
        return status;
    status = start(p, err);
    if (status != ICECAT_OK || p->result.action != 0)
        return status;
    if (p->result.fail_code[0] == '\0')
        status = ic_process_detect(p, err);
    return status == ICECAT_OK ? finish(p, err) : status;
}

static icecat_status check(icecat_pipeline *pipeline, const char *bucket, const char *key,
                           icecat_error *err)
{
    icecat_status status;

    if (pipeline == NULL || bucket == NULL || key == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "pipeline, bucket or key is NULL");
    status = ic_pipeline_need(pipeline,
                              IC_NEED_SOURCE | IC_NEED_DEST | IC_NEED_FAIL | IC_NEED_TABLE, err);
    if (status == ICECAT_OK && strcmp(bucket, pipeline->bucket_source) != 0)
        return ic_fail(err, ICECAT_E_CONFIG,
                       "the object is in bucket \"%.63s\", but the source bucket is \"%s\"; an "
                       "event of another bucket must not reach this pipeline",
                       bucket, pipeline->bucket_source);
    return status;
}

static icecat_status process(ic_process *p, icecat_error *err)
{
    icecat_error foreign;
    icecat_status status;

    ic_error_clear(&foreign);
    status = ic_object_key_parse(p->key_text, &p->key, &foreign);
    if (status != ICECAT_OK) {
        icecat_status aside = ic_process_set_aside(p, foreign.message, err);

        if (aside == ICECAT_OK && err != NULL)
            *err = foreign;
        return aside == ICECAT_OK ? status : aside;
    }
    p->result.batch_id = p->key.batch_id;
    memcpy(p->result.fingerprint, p->key.fingerprint, sizeof(p->key.fingerprint));
    status = run(p, err);
    /* Another worker moved it while this one looked: look once more, and find its record. */
    if (p->is_vanished && status == ICECAT_E_NOT_FOUND)
        status = run(p, err);
    if (status != ICECAT_OK)
        forget(p);
    return status;
}

icecat_status icecat_pipeline_process(icecat_pipeline *pipeline, const char *bucket,
                                      const char *key, const icecat_call_options *call,
                                      icecat_process_result *out, icecat_error *err)
{
    ic_process p = { .pipeline = pipeline, .key_text = key };
    icecat_status status;

    ic_error_clear(err);
    icecat_process_result_init(&p.result, sizeof(p.result));
    if (out != NULL)
        status = IC_OPTIONS_STORE(out, &p.result, icecat_process_result, err);
    else
        status = ICECAT_OK;
    if (status == ICECAT_OK)
        status = check(pipeline, bucket, key, err);
    if (status == ICECAT_OK)
        status = ic_steps_begin(&p.steps, ic_client_clock(pipeline->client), call, err);
    if (status != ICECAT_OK)
        return status;
    ic_buf_init(&p.log, &pipeline->mem, IC_MAX_LOG_JSON);
    status = process(&p, err);
    if (status == ICECAT_OK)
        ic_error_clear(err);
    icecat_labels_free(p.labels);
    ic_mem_free(&pipeline->mem, p.file_name);
    ic_buf_free(&p.log);
    if (out != NULL)
        IC_OPTIONS_STORE(out, &p.result, icecat_process_result, NULL);
    return status;
}
