/*
 * runtime_api.h - Lambda's Runtime API (2018-06-01) for one process: a listener on loopback.
 */
#ifndef ICECAT_LOCAL_RUNTIME_API_H
#define ICECAT_LOCAL_RUNTIME_API_H

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>

/* The largest answer that Lambda takes. */
#define RUNTIME_API_RESPONSE_MAX (6u * 1024u * 1024u + 100u)

typedef struct runtime_api runtime_api;

/* What the process did. None of these may free the runtime_api. */
typedef struct runtime_api_hooks {
    /* It waits for an invocation: runtime_api_invoke() may be called, also from here. */
    void (*waiting)(void *userdata);
    /* It answered the invocation. 0: this could not be recorded, which the process is told. */
    int (*responded)(void *userdata);
    int (*failed)(const char *type, const char *message, void *userdata);
    /* It cannot start, and will exit. */
    void (*init_failed)(const char *type, const char *message, void *userdata);
} runtime_api_hooks;

/* Texts live until the invocation is answered or the runtime_api is freed. */
typedef struct runtime_api_invocation {
    const char *id;
    const char *json;
    const char *function_arn;
    int64_t deadline_ms; /* Unix time */
} runtime_api_invocation;

/* Listen on a free port of 127.0.0.1. NULL when that is not possible. @p hooks is borrowed. */
runtime_api *runtime_api_new(struct event_base *base, const runtime_api_hooks *hooks,
                             void *userdata);
void runtime_api_free(runtime_api *api);

/* "127.0.0.1:PORT", for AWS_LAMBDA_RUNTIME_API. */
const char *runtime_api_address(const runtime_api *api);
/* 1 when the process waits for an invocation. */
int runtime_api_is_waiting(const runtime_api *api);
/* Give the waiting process an invocation. */
void runtime_api_invoke(runtime_api *api, const runtime_api_invocation *invocation);

#endif
