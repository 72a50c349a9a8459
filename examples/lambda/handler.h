/*
 * handler.h - from one invocation to its answer: read the event, process each object, say what
 * happened. Knows nothing of HTTP.
 */
#ifndef LAMBDA_HANDLER_H
#define LAMBDA_HANDLER_H

#include "log.h"
#include <icecat/pipeline.h>

/** icecat_pipeline_process() with its pipeline in @p userdata; tests give another one. */
typedef icecat_status (*handler_process_fn)(void *userdata, const char *bucket, const char *key,
                                            const icecat_call_options *call,
                                            icecat_process_result *out, icecat_error *err);

/** icecat_pipeline_forget() in the same way. */
typedef icecat_status (*handler_forget_fn)(void *userdata, const char *bucket, const char *key,
                                           const icecat_call_options *call, uint32_t *removed,
                                           icecat_error *err);

struct handler {
    handler_process_fn process;
    handler_forget_fn forget;
    void *userdata;
    int64_t (*now_ms)(void); /* Unix time in ms */
    const char *bucket_source;
    const char *bucket_dest;
    const char *bucket_fail;
    const char *function_name; /* a dimension of the metrics; NULL: unknown */
    struct log log;
};

struct handler_request {
    const char *id;
    const char *body;
    size_t body_len;
    int64_t deadline_ms; /* Unix time; 0 for none */
};

struct handler_answer {
    int failed; /* 1: report error_type and error_message; 0: respond with json */
    char *json; /* NULL when failed */
    char error_type[64];
    char error_message[512];
};

/**
 * Run one invocation. An object whose processing may succeed later makes the invocation fail or,
 * when a queue message brought it, makes that message return to the queue. The others are done.
 */
void handler_run(const struct handler *handler, const struct handler_request *request,
                 struct handler_answer *answer);
void handler_answer_clear(struct handler_answer *answer);

#endif
