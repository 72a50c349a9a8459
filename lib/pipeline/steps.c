/*
 * steps.c - one absolute deadline and one token for all steps of a call.
 */
#include "pipeline/steps.h"

#include "base/error.h"
#include "base/options.h"

icecat_status ic_steps_begin(ic_steps *steps, const ic_clock *clock,
                             const icecat_call_options *call, icecat_error *err)
{
    icecat_call_options own;
    icecat_status status = IC_OPTIONS_LOAD(&own, call, icecat_call_options, err);

    if (status != ICECAT_OK)
        return status;
    steps->cancel = own.cancel;
    return ic_bounds_load(&steps->bounds, clock, call, err);
}

icecat_status ic_steps_next(const ic_steps *steps, icecat_call_options *call, icecat_error *err)
{
    icecat_status status = ic_bounds_check(&steps->bounds, ic_bounds_now(&steps->bounds), err);
    uint64_t left = ic_steps_left_ms(steps);

    if (status != ICECAT_OK)
        return status;
    icecat_call_options_init(call, sizeof(*call));
    call->cancel = steps->cancel;
    /* 0 would mean no limit; the clock may have ticked since the check. */
    call->timeout_ms = left == UINT64_MAX ? 0 : left != 0 ? left : 1;
    return ICECAT_OK;
}

uint64_t ic_steps_left_ms(const ic_steps *steps)
{
    uint64_t now = ic_bounds_now(&steps->bounds);

    if (steps->bounds.deadline_ms == IC_NO_DEADLINE)
        return UINT64_MAX;
    return steps->bounds.deadline_ms > now ? steps->bounds.deadline_ms - now : 0;
}
