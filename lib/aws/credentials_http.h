/*
 * credentials_http.h - one small request for keys or a token, and its small answer.
 */
#ifndef IC_CREDENTIALS_HTTP_H
#define IC_CREDENTIALS_HTTP_H

#include "aws/credentials_chain.h"

#define IC_ANSWER_MAX 65536u /* bytes of an answer */

/** One request. Everything is borrowed. */
typedef struct ic_ask {
    const char *who; /* whom messages name: "sts.eu-west-1.amazonaws.com" */
    const char *method;
    const char *url;
    const ic_pairs *headers;
    const void *body;
    size_t body_len;
    uint32_t timeout_ms; /* of one try; 0: the chain's */
    unsigned tries;      /* in all, while nothing answers or the answer is 429 or 5xx */
    int is_metadata;     /* a service of the machine itself: never through a proxy */
} ic_ask;

/**
 * Send it. ICECAT_OK for any HTTP answer; the caller releases it with ic_answer_free() in every case.
 * A failure is named by @p ask->who.
 */
icecat_status ic_ask_send(const ic_search *search, const ic_ask *ask, ic_response *answer,
                          icecat_error *err);

/** Wipe and release. */
void ic_answer_free(ic_response *answer);

#endif
