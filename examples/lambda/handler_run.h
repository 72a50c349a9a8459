/*
 * handler_run.h - one invocation under way, and the log line of each of its objects.
 */
#ifndef LAMBDA_HANDLER_RUN_H
#define LAMBDA_HANDLER_RUN_H

#include "event.h"
#include "handler.h"
#include "metrics.h"

struct run {
    const struct handler *handler;
    const struct handler_request *request;
    struct event event;
    struct metrics metrics;
    char error_type[64]; /* of the first failure that no queue message carries */
    char error_message[512];
};

/** What became of an object for which AWS was not asked. */
void handler_log_reason(const struct run *run, const struct event_record *record, const char *level,
                        const char *action, const char *reason);
/** A verdict, or a refusal that is recorded. */
void handler_log_result(const struct run *run, const struct event_record *record,
                        const icecat_process_result *result, int64_t started_ms);
void handler_log_error(const struct run *run, const struct event_record *record, const char *action,
                       const icecat_error *err, int64_t started_ms);

#endif
