/*
 * handler.c - from one invocation to its answer.
 *
 * Order in time: the answer must leave before Lambda kills the sandbox, so every process call gets
 * what is left until the deadline minus ANSWER_RESERVE_MS, and no object is begun with less than
 * LEAST_WORK_MS: it is handed back instead, untouched.
 */
#include "handler.h"

#include "event.h"
#include <stdio.h>
#include <string.h>

enum { ANSWER_RESERVE_MS = 500, LEAST_WORK_MS = 1000 };

struct run {
    const struct handler *handler;
    const struct handler_request *request;
    struct event event;
    size_t processed;
    size_t refused;
    size_t ignored;
    size_t failed;
    char error_type[64]; /* of the first failure that no queue message carries */
    char error_message[512];
};

/* ---- the log line of an object ----------------------------------------------------------- */

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

static void log_reason(const struct run *run, const struct event_record *record, const char *level,
                       const char *action, const char *reason)
{
    cJSON *line = record_line(run, record, level, action);

    if (line != NULL)
        cJSON_AddStringToObject(line, "message", reason);
    log_end(&run->handler->log, line);
}

static void log_result(const struct run *run, const struct event_record *record,
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

static void log_error(const struct run *run, const struct event_record *record, const char *action,
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

/* ---- failures ---------------------------------------------------------------------------- */

/* Have the object delivered again: by its queue message if it has one, else by failing the call. */
static void hand_back(struct run *run, const struct event_record *record, const char *type,
                      const char *message)
{
    run->failed++;
    if (record->message != EVENT_NO_MESSAGE) {
        run->event.messages[record->message].failed = 1;
        return;
    }
    if (run->error_type[0] != '\0')
        return;
    snprintf(run->error_type, sizeof(run->error_type), "%s", type);
    snprintf(run->error_message, sizeof(run->error_message), "%s%s%s",
             record->key == NULL ? "" : record->key, record->key == NULL ? "" : ": ", message);
}

/* The names that alarms and on-failure destinations can tell apart. */
static const char *error_type_of(icecat_status status)
{
    if (status == ICECAT_E_COLLISION)
        return "Function.RecordCollision";
    if (status == ICECAT_E_CONFIG)
        return "Function.InvalidConfiguration";
    if (status == ICECAT_E_ACCESS || status == ICECAT_E_AUTH)
        return "Function.AccessDenied";
    if (status == ICECAT_E_THROTTLED)
        return "Function.Throttled";
    if (status == ICECAT_E_DEADLINE)
        return "Function.OutOfTime";
    return "Function.ProcessingFailed";
}

/* ---- one object -------------------------------------------------------------------------- */

/* Time for one process call in ms; 0 when there is too little, UINT64_MAX when there is no deadline. */
static uint64_t time_left(const struct run *run)
{
    int64_t left;

    if (run->request->deadline_ms <= 0)
        return UINT64_MAX;
    left = run->request->deadline_ms - run->handler->now_ms() - ANSWER_RESERVE_MS;
    return left < LEAST_WORK_MS ? 0 : (uint64_t)left;
}

static void process_object(struct run *run, const struct event_record *record)
{
    icecat_process_result result = ICECAT_PROCESS_RESULT_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_error err = { 0 };
    int64_t started_ms = run->handler->now_ms();
    uint64_t left = time_left(run);
    icecat_status status;

    if (left == 0) {
        log_reason(run, record, "WARN", "handed-back", "too little time is left to begin");
        hand_back(run, record, "Function.OutOfTime", "too little time was left to begin");
        return;
    }
    call.timeout_ms = left == UINT64_MAX ? 0 : left;
    status = run->handler->process(run->handler->userdata, record->bucket, record->key, &call,
                                   &result, &err);
    if (status == ICECAT_OK) {
        run->refused += result.action == ICECAT_PROCESSED_REFUSED;
        run->processed++;
        log_result(run, record, &result, started_ms);
    } else if (status == ICECAT_E_KEY) {
        /* Not one of ours, and now in the fail bucket: another delivery would change nothing. */
        run->refused++;
        log_error(run, record, "refused", &err, started_ms);
    } else {
        log_error(run, record, "handed-back", &err, started_ms);
        hand_back(run, record, error_type_of(status), err.message);
    }
}

static void run_record(struct run *run, const struct event_record *record)
{
    if (record->action == EVENT_BAD) {
        log_reason(run, record, "ERROR", "handed-back", record->reason);
        hand_back(run, record, "Function.InvalidEvent", record->reason);
    } else if (record->action == EVENT_IGNORE) {
        run->ignored++;
        log_reason(run, record, "INFO", "ignored", record->reason);
    } else if (strcmp(record->bucket, run->handler->bucket_source) != 0) {
        /* Our own copies into other buckets must never be work again. */
        run->ignored++;
        log_reason(run, record, "WARN", "ignored", "the bucket is not the source bucket");
    } else {
        process_object(run, record);
    }
}

/* ---- the answer -------------------------------------------------------------------------- */

static void fail_answer(struct handler_answer *answer, const char *type, const char *message)
{
    answer->failed = 1;
    snprintf(answer->error_type, sizeof(answer->error_type), "%s", type);
    snprintf(answer->error_message, sizeof(answer->error_message), "%s", message);
}

/* {"batchItemFailures":[{"itemIdentifier":"..."}]}: an empty list says that all are done. */
static int add_failed_messages(cJSON *root, const struct event *event)
{
    cJSON *list = cJSON_AddArrayToObject(root, "batchItemFailures");

    if (list == NULL)
        return 0;
    for (size_t i = 0; i < event->message_count; i++) {
        cJSON *item;

        if (!event->messages[i].failed)
            continue;
        item = cJSON_CreateObject();
        if (item == NULL || !cJSON_AddItemToArray(list, item) ||
            cJSON_AddStringToObject(item, "itemIdentifier", event->messages[i].id) == NULL)
            return 0;
    }
    return 1;
}

static int add_counts(cJSON *root, const struct run *run)
{
    return cJSON_AddNumberToObject(root, "processed", (double)run->processed) != NULL &&
           cJSON_AddNumberToObject(root, "refused", (double)run->refused) != NULL &&
           cJSON_AddNumberToObject(root, "ignored", (double)run->ignored) != NULL;
}

static void write_answer(const struct run *run, struct handler_answer *answer)
{
    cJSON *root;

    if (run->error_type[0] != '\0') {
        fail_answer(answer, run->error_type, run->error_message);
        return;
    }
    root = cJSON_CreateObject();
    if (root != NULL &&
        (run->event.from_queue ? add_failed_messages(root, &run->event) : add_counts(root, run)))
        answer->json = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    if (answer->json == NULL)
        fail_answer(answer, "Runtime.OutOfMemory", "out of memory for the answer");
}

void handler_run(const struct handler *handler, const struct handler_request *request,
                 struct handler_answer *answer)
{
    struct run run = { .handler = handler, .request = request };
    char reason[EVENT_REASON_LEN];

    memset(answer, 0, sizeof(*answer));
    if (!event_parse(request->body, request->body_len, &run.event, reason)) {
        log_message(&handler->log, "ERROR", request->id, reason);
        fail_answer(answer, "Function.InvalidEvent", reason);
    } else {
        for (size_t i = 0; i < run.event.record_count; i++)
            run_record(&run, &run.event.records[i]);
        write_answer(&run, answer);
    }
    event_clear(&run.event);
}

void handler_answer_clear(struct handler_answer *answer)
{
    cJSON_free(answer->json);
    answer->json = NULL;
}
