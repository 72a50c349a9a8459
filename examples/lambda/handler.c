/*
 * handler.c - from one invocation to its answer.
 *
 * Order in time: the answer must leave before Lambda kills the sandbox, so every process call gets
 * what is left until the deadline minus ANSWER_RESERVE_MS, and no object is begun with less than
 * LEAST_WORK_MS: it is handed back instead, untouched.
 */
#include "handler_run.h"

#include <stdio.h>
#include <string.h>

enum { ANSWER_RESERVE_MS = 500, LEAST_WORK_MS = 1000 };

/* ---- failures ---------------------------------------------------------------------------- */

/* Have the object delivered again: by its queue message if it has one, else by failing the call. */
static void hand_back(struct run *run, const struct event_record *record, const char *type,
                      const char *message)
{
    run->metrics.handed_back++;
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

/* 1, or 0 when there is too little time to begin: the object is handed back. */
static int begin(struct run *run, const struct event_record *record, icecat_call_options *call)
{
    uint64_t left = time_left(run);

    if (left == 0) {
        handler_log_reason(run, record, "WARN", "handed-back", "too little time is left to begin");
        hand_back(run, record, "Function.OutOfTime", "too little time was left to begin");
        return 0;
    }
    call->timeout_ms = left == UINT64_MAX ? 0 : left;
    return 1;
}

static void process_object(struct run *run, const struct event_record *record)
{
    icecat_process_result result = ICECAT_PROCESS_RESULT_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_error err = { 0 };
    int64_t started_ms = run->handler->now_ms();
    icecat_status status;

    if (!begin(run, record, &call))
        return;
    status = run->handler->process(run->handler->userdata, record->bucket, record->key, &call,
                                   &result, &err);
    metrics_add_latency(&run->metrics, run->handler->now_ms() - started_ms);
    if (status == ICECAT_OK) {
        metrics_add_result(&run->metrics, &result);
        handler_log_result(run, record, &result, started_ms);
    } else if (status == ICECAT_E_KEY) {
        /* Not one of ours, and now in the fail bucket: another delivery would change nothing. */
        run->metrics.foreign++;
        handler_log_error(run, record, "refused", &err, started_ms);
    } else {
        handler_log_error(run, record, "handed-back", &err, started_ms);
        hand_back(run, record, error_type_of(status), err.message);
    }
}

static void ignore(struct run *run, const struct event_record *record, const char *level,
                   const char *reason)
{
    run->metrics.ignored++;
    handler_log_reason(run, record, level, "ignored", reason);
}

/* The table follows the two buckets where objects stay. Our own moves out of the source bucket
   are no removals, and those between the two leave a record that names the other one. */
static void forget_object(struct run *run, const struct event_record *record)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_error err = { 0 };
    int64_t started_ms = run->handler->now_ms();
    uint32_t removed = 0;
    icecat_status status;

    if (!begin(run, record, &call))
        return;
    status = run->handler->forget(run->handler->userdata, record->bucket, record->key, &call,
                                  &removed, &err);
    if (status == ICECAT_E_KEY) {
        ignore(run, record, "INFO", "the removed object's key belongs to no record");
    } else if (status != ICECAT_OK) {
        handler_log_error(run, record, "handed-back", &err, started_ms);
        hand_back(run, record, error_type_of(status), err.message);
    } else if (removed) {
        run->metrics.forgotten++;
        handler_log_reason(run, record, "INFO", "forgotten", "the record went with its object");
    } else {
        ignore(run, record, "INFO", "no record names the removed object as its place");
    }
}

static int is_bucket(const struct event_record *record, const char *bucket)
{
    return bucket != NULL && strcmp(record->bucket, bucket) == 0;
}

static void run_object(struct run *run, const struct event_record *record)
{
    const struct handler *handler = run->handler;
    int is_removal = record->action == EVENT_REMOVED;

    if (is_removal &&
        (is_bucket(record, handler->bucket_dest) || is_bucket(record, handler->bucket_fail)))
        forget_object(run, record);
    else if (!is_bucket(record, handler->bucket_source))
        /* Our own copies into other buckets must never be work again. */
        ignore(run, record, "WARN",
               is_removal ? "no record follows this bucket"
                          : "the bucket is not the source bucket");
    else if (is_removal)
        ignore(run, record, "INFO", "removals from the source bucket are moves");
    else
        process_object(run, record);
}

static void run_record(struct run *run, const struct event_record *record)
{
    if (record->action == EVENT_BAD) {
        handler_log_reason(run, record, "ERROR", "handed-back", record->reason);
        hand_back(run, record, "Function.InvalidEvent", record->reason);
    } else if (record->action == EVENT_IGNORE) {
        ignore(run, record, "INFO", record->reason);
    } else {
        run_object(run, record);
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
    const struct metrics *m = &run->metrics;
    size_t processed = m->cats + m->no_cats + m->judged_before + m->refused;

    return cJSON_AddNumberToObject(root, "processed", (double)processed) != NULL &&
           cJSON_AddNumberToObject(root, "refused", (double)(m->refused + m->foreign)) != NULL &&
           cJSON_AddNumberToObject(root, "forgotten", (double)m->forgotten) != NULL &&
           cJSON_AddNumberToObject(root, "ignored", (double)m->ignored) != NULL;
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
        metrics_write(&run.metrics, &handler->log, handler->function_name, handler->now_ms());
        write_answer(&run, answer);
    }
    event_clear(&run.event);
}

void handler_answer_clear(struct handler_answer *answer)
{
    cJSON_free(answer->json);
    answer->json = NULL;
}
