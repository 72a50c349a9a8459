/*
 * request.h - one HTTP request as a plain description, and its answer. No I/O.
 */
#ifndef IC_REQUEST_H
#define IC_REQUEST_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/pairs.h"

typedef enum ic_service {
    IC_SERVICE_S3,
    IC_SERVICE_DYNAMODB,
    IC_SERVICE_REKOGNITION,
    IC_SERVICE_SSM,
    IC_SERVICE_COUNT
} ic_service;

/** "s3", "dynamodb", ...: the endpoint's and the signature's name of the service. */
const char *ic_service_name(ic_service service);

/**
 * What to ask. Made by services/x_request.c; signed and sent, maybe several times, by the engine.
 * Owns everything but the body, which it may borrow.
 */
typedef struct ic_request {
    const ic_mem *mem;
    ic_service service;
    const char *operation; /* "PutObject"; static, for messages and retry rules */
    const char *method;    /* static */
    const char *subject;   /* for messages: "table cats"; borrowed; NULL means bucket and path */
    char *bucket;          /* S3 only: put into host or path by the endpoint's rule; else NULL */
    ic_buf path;           /* percent-encoded, begins with '/'; S3: the key's part only */
    ic_buf query;          /* percent-encoded, without '?' */
    ic_pairs headers;      /* without host, date, token, authorization, content-length */
    const void *body;      /* borrowed, or own_body's data */
    size_t body_len;
    ic_buf own_body;                       /* used when the body was made for this request */
    char payload_hash[IC_SHA256_HEX_SIZE]; /* of the body; "" lets the engine compute it */
    size_t max_answer;                     /* most bytes of the answer's body */
    unsigned error_in_success : 1;         /* a 200 may carry an error document (CopyObject) */
    unsigned takes_checksum : 1; /* the service verifies a checksum of the body (PutObject) */
} ic_request;

void ic_request_init(ic_request *request, const ic_mem *mem, ic_service service,
                     const char *operation, const char *method);
void ic_request_free(ic_request *request);
/** Point body at own_body once it is written. */
void ic_request_use_own_body(ic_request *request);

/** What came back. */
typedef struct ic_response {
    const ic_mem *mem;
    int http_status;
    ic_pairs headers;        /* of the final answer; names in lower case */
    ic_buf body;             /* bounded by the request's max_answer */
    int follows_lost_answer; /* an earlier attempt failed, but may have been carried out */
    int is_open_ended;       /* nothing says where the body ends: it may be cut */
} ic_response;

void ic_response_init(ic_response *response, const ic_mem *mem, size_t max_body);
void ic_response_free(ic_response *response);

#endif
