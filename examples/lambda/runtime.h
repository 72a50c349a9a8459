/*
 * runtime.h - the client of Lambda's Runtime API: fetch an invocation, answer it.
 */
#ifndef LAMBDA_RUNTIME_H
#define LAMBDA_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#define RUNTIME_EVENT_MAX (8u << 20) /* Lambda sends 6 MiB at most */

enum runtime_result {
    RUNTIME_OK,
    RUNTIME_EVENT_TOO_LARGE,  /* next only: the invocation has an id and must be answered */
    RUNTIME_REFUSED,          /* the answer was not taken (400, 403); go on with next */
    RUNTIME_ANSWER_TOO_LARGE, /* response only (413): report an error instead */
    RUNTIME_STOP              /* the API is gone or broken: the process must exit */
};

struct runtime_invocation {
    char id[129];
    char trace_id[513];
    char function_arn[513];
    int64_t deadline_ms; /* Unix time; 0 when not told */
    const char *body;    /* lives until the next call with the same runtime */
    size_t body_len;
};

struct runtime;

/** @param address host:port, as in AWS_LAMBDA_RUNTIME_API. NULL when out of memory or not host:port. */
struct runtime *runtime_new(const char *address);
void runtime_free(struct runtime *runtime);

/** Wait, as long as it takes, for the next invocation. */
enum runtime_result runtime_next(struct runtime *runtime, struct runtime_invocation *out);
/** Answer with a JSON document. */
enum runtime_result runtime_respond(struct runtime *runtime, const char *id, const char *json,
                                    size_t len);
/** Report that the invocation failed. @p type as "Function.Something". */
enum runtime_result runtime_fail(struct runtime *runtime, const char *id, const char *type,
                                 const char *message);
/** Report, before the first runtime_next(), that the function cannot start. Then exit. */
enum runtime_result runtime_fail_init(struct runtime *runtime, const char *type,
                                      const char *message);
/** What went wrong in the last call; "" after a success. */
const char *runtime_problem(const struct runtime *runtime);

#endif
