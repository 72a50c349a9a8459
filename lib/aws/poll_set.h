/*
 * poll_set.h - the sockets that a transport waits for.
 */
#ifndef IC_POLL_SET_H
#define IC_POLL_SET_H

#include "base/mem.h"
#include <poll.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ic_poll_set {
    const ic_mem *mem;
    struct pollfd *watched;
    struct pollfd *ready; /* of the same size; what poll() said last */
    size_t count;
    size_t cap;
} ic_poll_set;

void ic_poll_set_init(ic_poll_set *set, const ic_mem *mem);
void ic_poll_set_free(ic_poll_set *set);

/** Wait for @p events of @p fd from now on, instead of those before. 0 when out of memory. */
int ic_poll_set_watch(ic_poll_set *set, int fd, short events);
void ic_poll_set_remove(ic_poll_set *set, int fd);

/**
 * Sleep until a socket is ready, at most so long, and tell @p ready of each that is. It may change the
 * set; of a socket that was removed meanwhile nothing is told.
 */
void ic_poll_set_wait(ic_poll_set *set, uint64_t timeout_ms,
                      void (*ready)(int fd, short events, void *userdata), void *userdata);

#endif
