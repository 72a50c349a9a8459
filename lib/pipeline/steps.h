/*
 * steps.h - a call that makes several calls of the services: each gets what is left of its bounds.
 */
#ifndef IC_STEPS_H
#define IC_STEPS_H

#include "base/cancel.h"

typedef struct ic_steps {
    icecat_cancel *cancel;
    ic_bounds bounds;
} ic_steps;

/** Start the clock. @p call may be NULL. ICECAT_E_ARGUMENT when its size is wrong. */
icecat_status ic_steps_begin(ic_steps *steps, const ic_clock *clock,
                             const icecat_call_options *call, icecat_error *err);

/** Fill @p call for the next step; ICECAT_E_CANCELLED or ICECAT_E_DEADLINE when there is no next. */
icecat_status ic_steps_next(const ic_steps *steps, icecat_call_options *call, icecat_error *err);

/** Milliseconds until the deadline; UINT64_MAX without one. */
uint64_t ic_steps_left_ms(const ic_steps *steps);

#endif
