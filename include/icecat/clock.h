/*
 * clock.h - whose time the library uses.
 */
#ifndef ICECAT_CLOCK_H
#define ICECAT_CLOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Clocks of a client or of a source of credentials, for tests and for devices whose time comes from
 * elsewhere. The first two functions are needed; all must be safe to call from every thread that uses
 * the object they were given to. With a clock that stands still between the calls, give sleep_ms too
 * and let it move the time: a pause ends when monotonic_ms says so.
 */
typedef struct icecat_clock {
    int64_t (*unix_s)(void *userdata);        /**< Seconds since 1970, UTC. */
    uint64_t (*monotonic_ms)(void *userdata); /**< Never goes back; its zero does not matter. */
    void (*sleep_ms)(uint64_t ms, void *userdata); /**< A pause; NULL for the system's. */
    void *userdata;                                /**< Given to all three. */
} icecat_clock;

#ifdef __cplusplus
}
#endif

#endif
