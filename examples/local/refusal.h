/*
 * refusal.h - errors that come before a service: a bad signature, an unknown operation, no memory.
 */
#ifndef ICECAT_LOCAL_REFUSAL_H
#define ICECAT_LOCAL_REFUSAL_H

#include "auth.h"
#include "http.h"

/* A refused signature or body in the shape of the service. It has the canonical request
 * and the string to sign, so that the writer of a signer can compare them. */
void refusal_auth(http_answer *answer, const http_request *request, const char *service,
                  const auth_fault *fault);

/* An error of a JSON service. @p code goes without its namespace. */
void refusal_json(http_answer *answer, const char *service, int http_status, const char *code,
                  const char *message);

#endif
