/*
 * clock.h - the time, from the embedder's clock or the system's.
 *
 * An ic_clock is a copy of the embedder's icecat_clock. NULL stands for the system's.
 */
#ifndef IC_CLOCK_H
#define IC_CLOCK_H

#include <icecat/clock.h>

typedef icecat_clock ic_clock;

/** The clocks of the system. */
extern const ic_clock ic_clock_system;

int64_t ic_clock_unix_s(const ic_clock *clock);
uint64_t ic_clock_monotonic_ms(const ic_clock *clock);
void ic_clock_sleep(const ic_clock *clock, uint64_t ms);

#endif
