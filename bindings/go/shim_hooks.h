/*
 * shim_hooks.h - what Go gives in the place of the log, the clock, chance and the network.
 */
#ifndef GOICECAT_SHIM_HOOKS_H
#define GOICECAT_SHIM_HOOKS_H

#include "shim_wire.h"

/* Bits of what there is; those of hooks.go. */
#define GOICECAT_HAS_LOG       1u
#define GOICECAT_HAS_CLOCK     2u
#define GOICECAT_HAS_RANDOM    4u
#define GOICECAT_HAS_TRANSPORT 8u
#define GOICECAT_HAS_SLEEP     16u

typedef struct goicecat_hooks {
    uint32_t has;
    uint32_t log_level;
    uint64_t handle; /* cgo.Handle, for as long as the object that has the hooks */
    icecat_clock clock;
    icecat_transport transport;
} goicecat_hooks;

/** Read them from the arguments. */
void goicecat_read_hooks(goicecat_call *call, goicecat_hooks *out);

void goicecat_log(uint32_t level, const char *area, const char *text, void *userdata);
int goicecat_random(void *out, size_t len, void *userdata);

#endif
