/*
 * bootstrap.c - the Lambda function: a custom runtime that judges the pictures which S3 reports.
 *
 * It starts once per sandbox, then loops: wait for an invocation, run the handler, answer. It ends
 * only when it cannot start (init/error, exit 1) or when the Runtime API is gone (exit 1).
 */
#include "handler.h"
#include "runtime.h"
#include "settings.h"
#include <curl/curl.h>
#include <icecat/icecat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONNECT_TIMEOUT_MS = 3000, STALL_TIMEOUT_MS = 15000 };

struct function {
    icecat_client *client;
    icecat_pipeline *pipeline;
    struct settings settings;
};

static const struct log std_log = { .write = log_to_stdout };

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_library_log(uint32_t level, const char *area, const char *text, void *userdata)
{
    cJSON *line = log_begin(level == ICECAT_LOG_ERROR ? "ERROR" : "WARN", NULL);

    (void)userdata;
    if (line != NULL) {
        cJSON_AddStringToObject(line, "area", area);
        cJSON_AddStringToObject(line, "message", text);
    }
    log_end(&std_log, line);
}

static icecat_status process(void *userdata, const char *bucket, const char *key,
                             const icecat_call_options *call, icecat_process_result *out,
                             icecat_error *err)
{
    return icecat_pipeline_process(userdata, bucket, key, call, out, err);
}

static icecat_status forget(void *userdata, const char *bucket, const char *key,
                            const icecat_call_options *call, uint32_t *removed, icecat_error *err)
{
    return icecat_pipeline_forget(userdata, bucket, key, call, removed, err);
}

/* ---- start ------------------------------------------------------------------------------- */

/* 1, or 0 with the reason in @p problem. */
static int function_start(struct function *function, char *problem, size_t len)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_error err = { 0 };

    if (!settings_read(&function->settings, problem, len))
        return 0;
    options.region = function->settings.region;
    options.ca_bundle = settings_ca_bundle();
    options.log = on_library_log;
    options.log_level = ICECAT_LOG_WARN;
    options.user_agent = "icecat-lambda";
    options.connect_timeout_ms = CONNECT_TIMEOUT_MS;
    options.stall_timeout_ms = STALL_TIMEOUT_MS;
    if (icecat_client_new(&options, &function->client, &err) == ICECAT_OK &&
        icecat_pipeline_new(function->client, &function->settings.pipeline, &function->pipeline,
                            &err) == ICECAT_OK)
        return 1;
    snprintf(problem, len, "%s", err.message);
    return 0;
}

static void function_end(struct function *function)
{
    icecat_pipeline_free(function->pipeline);
    icecat_client_free(function->client);
}

/* ---- loop -------------------------------------------------------------------------------- */

/* The environment keeps this buffer itself: setenv() would leak one string per invocation. */
static void set_trace_id(const char *trace_id)
{
    static char variable[sizeof("_X_AMZN_TRACE_ID=") + 512];
    static int is_set;

    snprintf(variable, sizeof(variable), "_X_AMZN_TRACE_ID=%s", trace_id);
    if (!is_set)
        is_set = putenv(variable) == 0;
}

static enum runtime_result send_answer(struct runtime *rt, const char *id,
                                       const struct handler_answer *answer)
{
    enum runtime_result result;

    if (answer->failed)
        return runtime_fail(rt, id, answer->error_type, answer->error_message);
    result = runtime_respond(rt, id, answer->json, strlen(answer->json));
    if (result == RUNTIME_ANSWER_TOO_LARGE)
        result = runtime_fail(rt, id, "Function.AnswerTooLarge", "the answer is too large");
    return result;
}

static enum runtime_result run_invocation(struct runtime *rt, const struct handler *handler,
                                          const struct runtime_invocation *invocation)
{
    struct handler_request request = { .id = invocation->id,
                                       .body = invocation->body,
                                       .body_len = invocation->body_len,
                                       .deadline_ms = invocation->deadline_ms };
    struct handler_answer answer;
    enum runtime_result result;

    set_trace_id(invocation->trace_id);
    handler_run(handler, &request, &answer);
    result = send_answer(rt, invocation->id, &answer);
    handler_answer_clear(&answer);
    return result;
}

/* Returns when the process must end. */
static void loop(struct runtime *rt, const struct handler *handler)
{
    struct runtime_invocation invocation;
    enum runtime_result result;

    for (;;) {
        result = runtime_next(rt, &invocation);
        if (result == RUNTIME_OK)
            result = run_invocation(rt, handler, &invocation);
        else if (result == RUNTIME_EVENT_TOO_LARGE)
            result = runtime_fail(rt, invocation.id, "Function.EventTooLarge", runtime_problem(rt));
        if (result != RUNTIME_OK)
            log_message(&std_log, result == RUNTIME_STOP ? "ERROR" : "WARN", NULL,
                        runtime_problem(rt));
        if (result == RUNTIME_STOP)
            return;
    }
}

static int serve(struct runtime *rt)
{
    struct function function = { 0 };
    struct handler handler = { .process = process,
                               .forget = forget,
                               .now_ms = now_ms,
                               .function_name = getenv("AWS_LAMBDA_FUNCTION_NAME"),
                               .log = std_log };
    char problem[512];

    if (function_start(&function, problem, sizeof(problem))) {
        handler.userdata = function.pipeline;
        handler.bucket_source = function.settings.pipeline.bucket_source;
        handler.bucket_dest = function.settings.pipeline.bucket_dest;
        handler.bucket_fail = function.settings.pipeline.bucket_fail;
        loop(rt, &handler);
    } else {
        log_message(&std_log, "ERROR", NULL, problem);
        if (runtime_fail_init(rt, "Function.InvalidConfiguration", problem) != RUNTIME_OK)
            log_message(&std_log, "ERROR", NULL, runtime_problem(rt));
    }
    function_end(&function);
    return EXIT_FAILURE;
}

int main(void)
{
    const char *address = getenv("AWS_LAMBDA_RUNTIME_API");
    struct runtime *rt;
    int code;

    if (address == NULL || *address == '\0') {
        fputs("bootstrap: AWS_LAMBDA_RUNTIME_API is not set; AWS Lambda and icecat-local set it\n",
              stderr);
        return EXIT_FAILURE;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        fputs("bootstrap: libcurl cannot be initialised\n", stderr);
        return EXIT_FAILURE;
    }
    rt = runtime_new(address);
    if (rt == NULL) {
        fprintf(stderr, "bootstrap: AWS_LAMBDA_RUNTIME_API=%.100s is not host:port\n", address);
        return EXIT_FAILURE;
    }
    code = serve(rt);
    runtime_free(rt);
    curl_global_cleanup();
    return code;
}
