/*
 * cancel.h - when a call must end: its deadline and its token.
 */
#ifndef IC_CANCEL_H
#define IC_CANCEL_H

#include "base/clock.h"
#include "base/mem.h"
#include <icecat/cancel.h>

#define IC_NO_DEADLINE UINT64_MAX

typedef struct ic_bounds {
    uint64_t deadline_ms; /* of the clock's monotonic_ms; IC_NO_DEADLINE for none */
    const icecat_cancel *cancel;
    const ic_clock *clock; /* whose time it is; NULL: the system's. Borrowed */
} ic_bounds;

/** Load the caller's bounds; @p call may be NULL. ICECAT_E_ARGUMENT when its size is wrong. */
icecat_status ic_bounds_load(ic_bounds *bounds, const ic_clock *clock,
                             const icecat_call_options *call, icecat_error *err);
/** Now, by the clock of the bounds. */
uint64_t ic_bounds_now(const ic_bounds *bounds);
/** ICECAT_OK, ICECAT_E_CANCELLED or ICECAT_E_DEADLINE, reported. */
icecat_status ic_bounds_check(const ic_bounds *bounds, uint64_t now_ms, icecat_error *err);
/** Milliseconds that are left, at most @p most. */
uint64_t ic_bounds_left(const ic_bounds *bounds, uint64_t now_ms, uint64_t most);
/** Sleep, but wake for the bounds. Same result as ic_bounds_check(). */
icecat_status ic_bounds_sleep(const ic_bounds *bounds, uint64_t ms, icecat_error *err);

#endif
