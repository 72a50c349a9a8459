/*
 * retry.h - whether to try again, and when. Pure: the random number and the tokens are arguments.
 *
 * Source of the rules: AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode as of
 * November 2026.
 */
#ifndef IC_RETRY_H
#define IC_RETRY_H

#include "aws/request.h"
#include <stdint.h>

#define IC_RETRY_TOKENS 500u /* at the start, and at most */

typedef enum ic_failure {
    IC_FAILURE_FINAL,     /* trying again cannot help */
    IC_FAILURE_TRANSIENT, /* the connection or the service failed */
    IC_FAILURE_THROTTLED  /* the service asks to slow down */
} ic_failure;

ic_failure ic_retry_classify(icecat_status status);

/** Attempts in all when the user set none: 3, DynamoDB 4. */
unsigned ic_retry_default_attempts(ic_service service);

/**
 * Milliseconds before retry number @p retry (0 is the first), @p random in [0, 1), @p hint_ms from the
 * service or 0.
 */
uint64_t ic_retry_delay_ms(ic_service service, ic_failure failure, unsigned retry, double random,
                           uint32_t hint_ms);

/** Tokens that a retry takes from the client's store, so that a broken service is not flooded. */
unsigned ic_retry_cost(ic_failure failure);

#endif
