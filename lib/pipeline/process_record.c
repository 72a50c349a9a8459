/*
 * process_record.c - the steps of process that concern the record, and its log.
 */
#include "pipeline/process.h"

#include "aws/engine.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "pipeline/labels_keep.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ic_process_note(ic_process *p, const char *format, ...)
{
    char line[640];
    char quoted[1400];
    ic_time_utc now = ic_time_split(ic_clock_unix_s(ic_client_clock(p->pipeline->client)));
    va_list args;
    ic_buf text;
    int used;

    used = snprintf(line, sizeof(line), "%04d-%02d-%02dT%02d:%02d:%02dZ ", now.year, now.month,
                    now.day, now.hour, now.minute, now.second);
    va_start(args, format);
    vsnprintf(line + used, sizeof(line) - (size_t)used, format, args);
    va_end(args);
    ic_log_write(ic_client_log(p->pipeline->client), ICECAT_LOG_DEBUG, "pipeline", "%.200s: %s",
                 p->key_text, line + used);
    if (!p->key.debug)
        return;
    ic_buf_init_fixed(&text, quoted, sizeof(quoted));
    ic_json_write_text(&text, line);
    /* Room for the ",", and the "]" that ends the array; a line that does not fit is left out. */
    if (ic_buf_status(&text) != ICECAT_OK || p->log.len + text.len + 2 > p->log.max)
        return;
    ic_buf_add_char(&p->log, p->log.len == 0 ? '[' : ',');
    ic_buf_add(&p->log, text.data, text.len);
}

void ic_process_refuse(ic_process *p, const char *code, const char *reason)
{
    snprintf(p->result.fail_code, sizeof(p->result.fail_code), "%s", code);
    snprintf(p->fail_reason, sizeof(p->fail_reason), "%s", reason);
    ic_process_note(p, "refused for good: %s: %s", code, reason);
}

void ic_process_place(const ic_process *p, const char *bucket, char out[IC_PLACE_SIZE])
{
    snprintf(out, IC_PLACE_SIZE, "%s/%s", bucket, p->key_text);
}

static icecat_status keep_record(ic_process *p, icecat_item *item, ic_record *out, int *found,
                                 icecat_error *err)
{
    icecat_status status = ICECAT_OK;

    *found = 0;
    if (item != NULL)
        status = ic_record_read(&p->pipeline->mem, item, p->pipeline->label, out, err);
    *found = item != NULL && status == ICECAT_OK;
    icecat_item_free(item);
    return status;
}

icecat_status ic_process_read(ic_process *p, ic_record *out, int *found, icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_call_options call;
    icecat_item *key = NULL;
    icecat_item *item = NULL;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    memset(out, 0, sizeof(*out));
    *found = 0;
    if (status != ICECAT_OK)
        return status;
    options.call = &call;
    options.consistent = 1; /* an old copy could make two workers judge one image */
    status = ic_record_key(&p->pipeline->mem, p->key.batch_id, p->key.fingerprint, &key, err);
    if (status == ICECAT_OK)
        status = icecat_dynamodb_get_item(p->pipeline->client, p->pipeline->table, key, &options,
                                          &item, err);
    icecat_item_free(key);
    return status == ICECAT_OK ? keep_record(p, item, out, found, err) : status;
}

/* A condition was false. The record that made it so came with the answer, or is read: not every
   server sends it, and it cannot be kept when memory is short. */
static icecat_status look_why(ic_process *p, icecat_item *old, ic_record *there, int *found,
                              icecat_error *err)
{
    icecat_status status = old != NULL ? keep_record(p, old, there, found, err)
                                       : ic_process_read(p, there, found, err);

    if (status != ICECAT_OK)
        return status;
    return ic_fail(err, ICECAT_E_PRECONDITION,
                   "the record of %.200s changed while it was processed", p->key_text);
}

icecat_status ic_process_start(ic_process *p, ic_record *there, int *found, icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    const ic_mem *mem = &p->pipeline->mem;
    char place[IC_PLACE_SIZE] = "";
    ic_record_start start = { &p->key, NULL, p->file_name, p->pipeline->ttl_s };
    icecat_call_options call;
    icecat_item *item = NULL;
    icecat_item *values = NULL;
    icecat_item *old = NULL;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    memset(there, 0, sizeof(*there));
    *found = 0;
    if (p->bucket != NULL) {
        ic_process_place(p, p->bucket, place);
        start.place = place;
    }
    if (status == ICECAT_OK)
        status = ic_record_pending(mem, &start, &item, err);
    if (status == ICECAT_OK)
        status = ic_record_pending_values(mem, p->key.client_id, &values, err);
    options.call = &call;
    options.condition = ic_record_pending_condition;
    options.values = values;
    if (status == ICECAT_OK)
        status = icecat_dynamodb_put_item(p->pipeline->client, p->pipeline->table, item, &options,
                                          &old, err);
    p->is_started = status == ICECAT_OK;
    icecat_item_free(item);
    icecat_item_free(values);
    return status == ICECAT_E_PRECONDITION ? look_why(p, old, there, found, err) : status;
}

/* UpdateItem on the object's record. */
static icecat_status update(ic_process *p, const char *expression, const char *condition,
                            const icecat_item *values, icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_call_options call;
    icecat_item *key = NULL;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    if (status == ICECAT_OK)
        status = ic_record_key(&p->pipeline->mem, p->key.batch_id, p->key.fingerprint, &key, err);
    options.call = &call;
    options.condition = condition;
    options.values = values;
    if (status == ICECAT_OK)
        status = icecat_dynamodb_update_item(p->pipeline->client, p->pipeline->table, key,
                                             expression, &options, NULL, err);
    icecat_item_free(key);
    return status;
}

/* The texts of a judged record, bounded so that the item stays far below DynamoDB's 400 kB. */
static icecat_status keep_answer(ic_process *p, ic_buf *labels, ic_buf *response, icecat_error *err)
{
    icecat_status status;

    if (p->result.fail_code[0] != '\0')
        return ICECAT_OK;
    status = ic_labels_keep(labels, p->labels, p->pipeline->max_labels, p->label_index, err);
    return status == ICECAT_OK ? ic_labels_keep_response(response, p->labels, err) : status;
}

static icecat_status send_final(ic_process *p, const ic_record_end *end, icecat_error *err)
{
    const ic_mem *mem = &p->pipeline->mem;
    icecat_item *values = NULL;
    icecat_status status;
    ic_buf expression;

    ic_buf_init(&expression, mem, 1024);
    status = ic_record_final(mem, end, &expression, &values, err);
    if (status == ICECAT_OK)
        status = update(p, ic_buf_text(&expression), ic_record_final_condition, values, err);
    icecat_item_free(values);
    ic_buf_free(&expression);
    return status;
}

icecat_status ic_process_finish(ic_process *p, const char *bucket, ic_record *there, int *found,
                                icecat_error *err)
{
    const ic_mem *mem = &p->pipeline->mem;
    char place[IC_PLACE_SIZE];
    ic_record_end end = { .client_id = p->key.client_id,
                          .confidence = p->result.confidence,
                          .is_cat = (int)p->result.is_cat,
                          .now_s = ic_clock_unix_s(ic_client_clock(p->pipeline->client)) };
    icecat_status status;
    ic_buf labels;
    ic_buf response;

    memset(there, 0, sizeof(*there));
    *found = 0;
    ic_buf_init(&labels, mem, IC_MAX_KEPT_LABELS);
    ic_buf_init(&response, mem, IC_MAX_KEPT_RESPONSE);
    status = keep_answer(p, &labels, &response, err);
    if (bucket != NULL) {
        ic_process_place(p, bucket, place);
        end.place = place;
    }
    if (p->result.fail_code[0] != '\0') {
        end.fail_code = p->result.fail_code;
        end.fail_reason = p->fail_reason;
    }
    end.labels_json = ic_buf_text(&labels);
    end.response_json = ic_buf_text(&response);
    /* Lines that do not fit into memory must not cost the verdict. */
    if (p->log.len != 0 && ic_buf_add_char(&p->log, ']') == ICECAT_OK)
        end.logs_json = ic_buf_text(&p->log);
    if (status == ICECAT_OK)
        status = send_final(p, &end, err);
    ic_buf_free(&labels);
    ic_buf_free(&response);
    return status == ICECAT_E_PRECONDITION ? look_why(p, NULL, there, found, err) : status;
}

icecat_status ic_process_say_place(ic_process *p, const char *bucket, icecat_error *err)
{
    char place[IC_PLACE_SIZE];
    icecat_item *values = icecat_item_new(&p->pipeline->mem);
    icecat_status status;

    ic_process_place(p, bucket, place);
    if (values == NULL)
        return ic_fail_memory(err, "an item");
    status = icecat_item_set_string(values, ":place", place, err);
    if (status == ICECAT_OK)
        status = update(p, "SET s3img_key = :place", "attribute_exists(batch_id)", values, err);
    icecat_item_free(values);
    return status;
}
