/*
 * poll_set.c - the sockets that a transport waits for.
 */
#include "aws/poll_set.h"

#include <limits.h>
#include <string.h>

#define FIRST_CAP 16u
#define MOST      4096u

void ic_poll_set_init(ic_poll_set *set, const ic_mem *mem)
{
    memset(set, 0, sizeof(*set));
    set->mem = mem;
}

void ic_poll_set_free(ic_poll_set *set)
{
    ic_mem_free(set->mem, set->watched);
    ic_mem_free(set->mem, set->ready);
    ic_poll_set_init(set, set->mem);
}

static struct pollfd *find(ic_poll_set *set, int fd)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->watched[i].fd == fd)
            return &set->watched[i];
    }
    return NULL;
}

/* The larger of the two sizes counts only when both have grown. */
static int make_room(ic_poll_set *set)
{
    size_t cap = set->cap != 0 ? set->cap * 2 : FIRST_CAP;
    struct pollfd *grown;

    if (set->count < set->cap)
        return 1;
    if (cap > MOST)
        return 0;
    grown = ic_mem_regrow(set->mem, set->watched, cap, sizeof(*grown));
    if (grown == NULL)
        return 0;
    set->watched = grown;
    grown = ic_mem_regrow(set->mem, set->ready, cap, sizeof(*grown));
    if (grown == NULL)
        return 0;
    set->ready = grown;
    set->cap = cap;
    return 1;
}

int ic_poll_set_watch(ic_poll_set *set, int fd, short events)
{
    struct pollfd *one = find(set, fd);

    if (one == NULL) {
        if (!make_room(set))
            return 0;
        one = &set->watched[set->count++];
    }
    *one = (struct pollfd){ .fd = fd, .events = events };
    return 1;
}

void ic_poll_set_remove(ic_poll_set *set, int fd)
{
    struct pollfd *one = find(set, fd);

    if (one != NULL)
        *one = set->watched[--set->count];
}

void ic_poll_set_wait(ic_poll_set *set, uint64_t timeout_ms,
                      void (*ready)(int fd, short events, void *userdata), void *userdata)
{
    size_t count = set->count;
    int timeout = timeout_ms < INT_MAX ? (int)timeout_ms : INT_MAX;

    if (count != 0)
        memcpy(set->ready, set->watched, count * sizeof(*set->ready));
    if (poll(set->ready, (nfds_t)count, timeout) <= 0)
        return;
    for (size_t i = 0; i < count; i++) {
        struct pollfd one = set->ready[i]; /* the set may grow, and move, meanwhile */

        if (one.revents != 0 && find(set, one.fd) != NULL)
            ready(one.fd, one.revents, userdata);
    }
}
