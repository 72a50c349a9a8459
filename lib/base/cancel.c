/*
 * cancel.c - when a call must end: its deadline and its token.
 */
#include "base/cancel.h"

#include "base/error.h"
#include "base/options.h"

#include <stdatomic.h>
#include <stdlib.h>

IC_NO_PADDING_AFTER(icecat_call_options, timeout_ms);

/* A token is looked at so often while a call waits. */
#define LOOK_MS 50

struct icecat_cancel {
    atomic_int fired; /* lock-free, so that a signal handler may fire it */
};

icecat_cancel *icecat_cancel_new(void)
{
    return calloc(1, sizeof(icecat_cancel));
}

void icecat_cancel_fire(icecat_cancel *cancel)
{
    if (cancel != NULL)
        atomic_store_explicit(&cancel->fired, 1, memory_order_release);
}

int icecat_cancel_is_fired(const icecat_cancel *cancel)
{
    return cancel != NULL && atomic_load_explicit(&cancel->fired, memory_order_acquire) != 0;
}

void icecat_cancel_free(icecat_cancel *cancel)
{
    free(cancel);
}

void icecat_call_options_init(icecat_call_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

icecat_status ic_bounds_load(ic_bounds *bounds, const ic_clock *clock,
                             const icecat_call_options *call, icecat_error *err)
{
    icecat_call_options own;
    uint64_t now = ic_clock_monotonic_ms(clock);
    icecat_status status = IC_OPTIONS_LOAD(&own, call, icecat_call_options, err);

    if (status != ICECAT_OK)
        return status;
    bounds->cancel = own.cancel;
    bounds->clock = clock;
    bounds->deadline_ms = own.timeout_ms == 0 || own.timeout_ms >= IC_NO_DEADLINE - now
                              ? IC_NO_DEADLINE
                              : now + own.timeout_ms;
    return ICECAT_OK;
}

uint64_t ic_bounds_now(const ic_bounds *bounds)
{
    return ic_clock_monotonic_ms(bounds->clock);
}

icecat_status ic_bounds_check(const ic_bounds *bounds, uint64_t now_ms, icecat_error *err)
{
    if (icecat_cancel_is_fired(bounds->cancel))
        return ic_fail(err, ICECAT_E_CANCELLED, "the call was cancelled");
    if (now_ms >= bounds->deadline_ms)
        return ic_fail(err, ICECAT_E_DEADLINE, "the deadline of the call passed");
    return ICECAT_OK;
}

uint64_t ic_bounds_left(const ic_bounds *bounds, uint64_t now_ms, uint64_t most)
{
    uint64_t left = bounds->deadline_ms > now_ms ? bounds->deadline_ms - now_ms : 0;

    if (bounds->deadline_ms == IC_NO_DEADLINE)
        left = most;
    if (bounds->cancel != NULL && left > LOOK_MS)
        left = LOOK_MS;
    return left < most ? left : most;
}

icecat_status ic_bounds_sleep(const ic_bounds *bounds, uint64_t ms, icecat_error *err)
{
    uint64_t now = ic_bounds_now(bounds);
    uint64_t until = now + ms;
    icecat_status status = ic_bounds_check(bounds, now, err);

    while (status == ICECAT_OK && now < until) {
        ic_clock_sleep(bounds->clock, ic_bounds_left(bounds, now, until - now));
        now = ic_bounds_now(bounds);
        status = ic_bounds_check(bounds, now, err);
    }
    return status;
}
