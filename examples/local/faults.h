/*
 * faults.h - trouble on purpose: the next requests of a service fail as AWS fails them, or are slow;
 * the next events come twice or out of order.
 */
#ifndef ICECAT_LOCAL_FAULTS_H
#define ICECAT_LOCAL_FAULTS_H

#include "http.h"

#define FAULTS_MAX           16
#define FAULTS_SLOW_MS       1000 /* when a rule does not say */
#define FAULTS_REORDER_MS    1000 /* so long the first of the events waits for those that pass it */
#define FAULTS_REORDER_BURST 500  /* events in one such time */

typedef enum fault_kind {
    FAULT_NONE = 0,
    FAULT_UNAVAILABLE, /* a 5xx */
    FAULT_THROTTLE,    /* the service's own way to ask for patience */
    FAULT_RESET,       /* the connection ends without an answer */
    FAULT_SLOW,        /* the answer comes, but late */
    FAULT_LOST,        /* it is carried out, but the connection ends without an answer */
    FAULT_CUT,         /* it is carried out, but half of the answer comes */
    FAULT_PAGE,        /* somebody else answers, with status 200 and a page for signing in */
    FAULT_DUPLICATE,   /* of events: delivered twice */
    FAULT_REORDER,     /* of events: those of a burst are delivered last first */
} fault_kind;

typedef struct fault_rule {
    const char *service; /* static; NULL: any */
    fault_kind kind;
    unsigned long left; /* requests or events that are still to be troubled */
    unsigned percent;   /* of all requests, for ever; 0: `left` counts */
    unsigned owed;      /* hundredths of a fault that are due */
    unsigned slow_ms;
} fault_rule;

typedef struct fault_rules {
    fault_rule items[FAULTS_MAX];
    size_t count;
    int64_t burst_ms; /* when the events that are being reordered are due */
    unsigned burst;   /* how many they are */
} fault_rules;

/* How an event is delivered. */
typedef struct fault_delivery {
    unsigned copies;
    int64_t due_ms; /* 0: now */
} fault_delivery;

/* Add "SERVICE:KIND:COUNT", e.g. "s3:throttle:2", or "SERVICE:KIND:P%", e.g. "s3:reset:5%" for every
 * twentieth request; services s3, dynamodb, rekognition, ssm and any; kinds unavailable, throttle,
 * reset, lost, cut, page and slow, the last as "s3:slow:COUNT:MS" too; or "events:duplicate:COUNT" or "events:reorder:COUNT".
 * 0 with one sentence in @p why. */
int faults_add(fault_rules *rules, const char *text, char *why, size_t why_len);

/* The fault of the request at hand, which is counted; *slow_ms is set for FAULT_SLOW. */
fault_kind faults_take(fault_rules *rules, const char *service, unsigned *slow_ms);

/* What becomes of the event at hand, which is counted. @p now_ms is Unix time. */
fault_delivery faults_deliver(fault_rules *rules, int64_t now_ms);

/* The answer of an unavailable or throttling service, or of somebody else. */
void faults_answer(fault_kind kind, const http_request *request, const char *service,
                   http_answer *answer);

#endif
