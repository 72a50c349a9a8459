/*
 * handler_log.c - the one log line of each object.
 */
#include "handler_run.h"

#include <stdio.h>

static cJSON *record_line(const struct run *run, const struct event_record *record,
                          const char *level, const char *action)
{
    cJSON *line = log_begin(level, run->request->id);

    if (line == NULL)
        return NULL;
    cJSON_AddStringToObject(line, "action", action);
    if (record->message != EVENT_NO_MESSAGE)
        cJSON_AddStringToObject(line, "messageId", run->event.messages[record->message].id);
    if (record->name != NULL)
        cJSON_AddStringToObject(line, "eventName", record->name);
    if (record->bucket != NULL)
        cJSON_AddStringToObject(line, "bucket", record->bucket);
    if (record->key != NULL)
        cJSON_AddStringToObject(line, "key", record->key);
    if (record->size >= 0)
        cJSON_AddNumberToObject(line, "size", (double)record->size);
    return line;
}

void handler_log_reason(const struct run *run, const struct event_record *record, const char *level,
                        const char *action, const char *reason)
{
    cJSON *line = record_line(run, record, level, action);

    if (line != NULL)
        cJSON_AddStringToObject(line, "message", reason);
    log_end(&run->handler->log, line);
}

void handler_log_result(const struct run *run, const struct event_record *record,
                        const icecat_process_result *result, int64_t started_ms)
{
    static const char *const actions[] = { "none", "judged", "judged-before", "refused" };
    uint32_t action = result->action <= ICECAT_PROCESSED_REFUSED ? result->action : 0;
    cJSON *line = record_line(run, record, "INFO", actions[action]);
    char batch[24];

    if (line != NULL) {
        snprintf(batch, sizeof(batch), "%llu", (unsigned long long)result->batch_id);
        cJSON_AddRawToObject(line, "batchId", batch);
        cJSON_AddStringToObject(line, "fingerprint", result->fingerprint);
        if (action == ICECAT_PROCESSED_REFUSED) {
            cJSON_AddStringToObject(line, "failCode", result->fail_code);
        } else {
            cJSON_AddBoolToObject(line, "isCat", result->is_cat != 0);
            cJSON_AddNumberToObject(line, "confidence", result->confidence);
            cJSON_AddNumberToObject(line, "labels", (double)result->label_count);
        }
        cJSON_AddNumberToObject(line, "ms", (double)(run->handler->now_ms() - started_ms));
    }
    log_end(&run->handler->log, line);
}

void handler_log_error(const struct run *run, const struct event_record *record, const char *action,
                       const icecat_error *err, int64_t started_ms)
{
    cJSON *line = record_line(run, record, "ERROR", action);

    if (line != NULL) {
        cJSON_AddStringToObject(line, "status", icecat_status_name((icecat_status)err->status));
        cJSON_AddStringToObject(line, "message", err->message);
        if (err->aws_code[0] != '\0')
            cJSON_AddStringToObject(line, "awsCode", err->aws_code);
        if (err->request_id[0] != '\0')
            cJSON_AddStringToObject(line, "awsRequestId", err->request_id);
        cJSON_AddNumberToObject(line, "attempts", (double)err->attempts);
        cJSON_AddNumberToObject(line, "ms", (double)(run->handler->now_ms() - started_ms));
    }
    log_end(&run->handler->log, line);
}
