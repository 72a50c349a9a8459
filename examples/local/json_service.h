/*
 * json_service.h - the AWS JSON protocols 1.0 and 1.1 around DynamoDB, Rekognition and SSM.
 */
#ifndef ICECAT_LOCAL_JSON_SERVICE_H
#define ICECAT_LOCAL_JSON_SERVICE_H

#include "http.h"
#include "json_answer.h"

/* A request of a JSON service, read. */
typedef struct json_request {
    const char *operation; /* "PutItem"; points into the request's header */
    cJSON *input;          /* release with cJSON_Delete() */
} json_request;

/* Is @p service one of them? */
int json_service_known(const char *service);

/* Read a request. 0 when @p answer has the error already. */
int json_service_read(const http_request *request, const char *service, const unsigned char *body,
                      size_t body_len, json_request *out, http_answer *answer);

/* Turn what the operation said into an answer; releases said->body. */
void json_service_answer(http_answer *answer, const char *service, json_answer *said);

#endif
