/*
 * retry.c - whether to try again, and when.
 */
#include "aws/retry.h"

#define MAX_DELAY_MS      20000.0
#define MAX_HINT_EXTRA_MS 5000u

ic_failure ic_retry_classify(icecat_status status)
{
    if (status == ICECAT_E_THROTTLED)
        return IC_FAILURE_THROTTLED;
    return icecat_status_is_retryable(status) ? IC_FAILURE_TRANSIENT : IC_FAILURE_FINAL;
}

unsigned ic_retry_default_attempts(ic_service service)
{
    return service == IC_SERVICE_DYNAMODB ? 4 : 3;
}

static double base_ms(ic_service service, ic_failure failure)
{
    if (failure == IC_FAILURE_THROTTLED)
        return 1000.0;
    return service == IC_SERVICE_DYNAMODB ? 25.0 : 50.0;
}

uint64_t ic_retry_delay_ms(ic_service service, ic_failure failure, unsigned retry, double random,
                           uint32_t hint_ms)
{
    double ceiling = base_ms(service, failure) * (double)(1u << (retry < 16 ? retry : 16));
    uint64_t delay = (uint64_t)(random * (ceiling < MAX_DELAY_MS ? ceiling : MAX_DELAY_MS));
    uint64_t most = delay + MAX_HINT_EXTRA_MS;
    uint64_t hinted = hint_ms < most ? hint_ms : most;

    return delay > hinted ? delay : hinted;
}

unsigned ic_retry_cost(ic_failure failure)
{
    return failure == IC_FAILURE_THROTTLED ? 5 : 14;
}
