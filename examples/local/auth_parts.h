/*
 * auth_parts.h - the pieces of auth.c: the request as the library reads it, and the words of refusal.
 */
#ifndef ICECAT_LOCAL_AUTH_PARTS_H
#define ICECAT_LOCAL_AUTH_PARTS_H

#include "auth.h"
#include <icecat/sigv4.h>

#define AUTH_MAX_SKEW_S 900

/* A request in the library's form, with memory for what it answers. */
typedef struct auth_claim {
    icecat_sigv4_request request;
    icecat_pair *headers;
    char *texts; /* of claim */
    size_t size;
    icecat_sigv4_claim claim;
    icecat_error err;
} auth_claim;

/* Read what the request says of its signature. ICECAT_E_SIGNATURE leaves the reason in claim. */
icecat_status auth_claim_read(auth_claim *self, const http_request *request);
void auth_claim_clear(auth_claim *self);

/* Why a request is refused, before it is said in a service's words. */
typedef enum auth_why {
    AUTH_MISSING,
    AUTH_UNSUPPORTED,
    AUTH_MALFORMED,
    AUTH_WRONG_DATE,
    AUTH_WRONG_SERVICE,
    AUTH_WRONG_REGION,
    AUTH_UNKNOWN_KEY,
    AUTH_EXPIRED_TOKEN,
    AUTH_UNKNOWN_TOKEN,
    AUTH_SKEWED,
    AUTH_EXPIRED,
    AUTH_UNSIGNED_HEADER,
    AUTH_ABSENT_HEADER,
    AUTH_MISMATCH,
    AUTH_TOO_LARGE,
    AUTH_FAILED
} auth_why;

typedef struct auth_refusal {
    auth_why why;
    const http_request *request;
    const icecat_sigv4_claim *claim;
    const char *service;
    const char *region; /* the right one */
    const char *detail; /* the library's message */
} auth_refusal;

/* Set status, code and message; always 0, so that callers can return it. */
int auth_say(auth_fault *fault, int http_status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int auth_say_s3(auth_fault *fault, const auth_refusal *refusal);
int auth_say_json(auth_fault *fault, const auth_refusal *refusal);

/* Does the query have this parameter? */
int auth_has_parameter(const char *query, const char *name);

#endif
