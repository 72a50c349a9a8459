/*
 * faults.h - trouble on purpose: the next requests of a service fail as AWS fails them.
 */
#ifndef ICECAT_LOCAL_FAULTS_H
#define ICECAT_LOCAL_FAULTS_H

#include "http.h"

#define FAULTS_MAX 16

typedef enum fault_kind {
    FAULT_NONE = 0,
    FAULT_UNAVAILABLE, /* a 5xx */
    FAULT_THROTTLE,    /* the service's own way to ask for patience */
    FAULT_RESET,       /* the connection ends without an answer */
} fault_kind;

typedef struct fault_rule {
    const char *service; /* static; NULL: any */
    fault_kind kind;
    unsigned long left; /* requests that are still to fail */
    unsigned percent;   /* of requests that fail for ever; 0: `left` counts */
    unsigned owed;      /* hundredths of a fault that are due */
} fault_rule;

typedef struct fault_rules {
    fault_rule items[FAULTS_MAX];
    size_t count;
} fault_rules;

/* Add "SERVICE:KIND:COUNT", e.g. "s3:throttle:2", or "SERVICE:KIND:P%", e.g. "s3:reset:5%" for every
 * twentieth request; services s3, dynamodb, rekognition, ssm and any;
 * kinds unavailable, throttle and reset. 0 with one sentence in @p why. */
int faults_add(fault_rules *rules, const char *text, char *why, size_t why_len);

/* The fault of the request at hand, which is counted. */
fault_kind faults_take(fault_rules *rules, const char *service);

/* The answer of an unavailable or throttling service. */
void faults_answer(fault_kind kind, const http_request *request, const char *service,
                   http_answer *answer);

#endif
