/*
 * process_state.h - what a library could change in the process that uses it.
 */
#ifndef PROCESS_STATE_H
#define PROCESS_STATE_H

#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

#ifndef NSIG
#define NSIG 65
#endif
#define PROCESS_FDS 1024

typedef struct process_state {
    unsigned char fds[PROCESS_FDS]; /* 0: closed; 1: open; 2: open, and left open by exec */
    int threads;
    struct sigaction actions[NSIG];
    sigset_t blocked;
    mode_t mask;
    char folder[PATH_MAX];
    char locale[512];
    char *const *environment;
    unsigned long environment_hash;
    long core_limit;
    int coin;      /* what rand() gave */
    int next_coin; /* what it gives next, when nobody uses it meanwhile */
} process_state;

/** Look. Starts rand() anew. */
void process_state_take(process_state *out);

/** 0 when something has changed, which is told on stderr. */
int process_state_is_same(const process_state *before, const process_state *after);

/** 1 when every socket that was opened since @p before is closed by exec; but for pairs, which lead nowhere. */
int process_state_new_sockets_close_on_exec(const process_state *before);

#endif
