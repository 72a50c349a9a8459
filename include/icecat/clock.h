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
 * elsewhere. Both functions are needed; they must be safe to call from every thread that uses the
 * object they were given to.
 */
typedef struct icecat_clock {
    int64_t (*unix_s)(void *userdata);        /**< Seconds since 1970, UTC. */
    uint64_t (*monotonic_ms)(void *userdata); /**< Never goes back; its zero does not matter. */
    void *userdata;
} icecat_clock;

#ifdef __cplusplus
}
#endif

#endif
