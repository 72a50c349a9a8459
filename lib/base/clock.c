/*
 * clock.c - the time, from the embedder's clock or the system's.
 */
#include "base/clock.h"

#include "base/time.h"

#include <stddef.h>
#include <time.h>

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

static void system_sleep_ms(uint64_t ms, void *userdata)
{
    struct timespec pause = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

    (void)userdata;
    nanosleep(&pause, NULL);
}

const ic_clock ic_clock_system = { system_unix_s, system_monotonic_ms, system_sleep_ms, NULL };

int64_t ic_clock_unix_s(const ic_clock *clock)
{
    return clock != NULL ? clock->unix_s(clock->userdata) : ic_time_unix_s();
}

uint64_t ic_clock_monotonic_ms(const ic_clock *clock)
{
    return clock != NULL ? clock->monotonic_ms(clock->userdata) : ic_time_monotonic_ms();
}

void ic_clock_sleep(const ic_clock *clock, uint64_t ms)
{
    if (clock != NULL && clock->sleep_ms != NULL)
        clock->sleep_ms(ms, clock->userdata);
    else
        system_sleep_ms(ms, NULL);
}
