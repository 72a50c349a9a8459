/*
 * clock.c - the time, from the embedder's clock or the system's.
 */
#include "base/clock.h"

#include "base/time.h"

#include <stddef.h>

static int64_t system_unix_s(void *userdata)
{
    (void)userdata;
    return ic_time_unix_s();
}

static uint64_t system_monotonic_ms(void *userdata)
{
    (void)userdata;
    return ic_time_monotonic_ms();
}

const ic_clock ic_clock_system = { system_unix_s, system_monotonic_ms, NULL };

int64_t ic_clock_unix_s(const ic_clock *clock)
{
    return clock != NULL ? clock->unix_s(clock->userdata) : ic_time_unix_s();
}

uint64_t ic_clock_monotonic_ms(const ic_clock *clock)
{
    return clock != NULL ? clock->monotonic_ms(clock->userdata) : ic_time_monotonic_ms();
}
