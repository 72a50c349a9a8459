/*
 * stack.h - everything that icecat-local consists of, started in order and ended in reverse.
 */
#ifndef ICECAT_LOCAL_STACK_H
#define ICECAT_LOCAL_STACK_H

#include "dispatch.h"
#include "keys.h"
#include "names.h"
#include "settings.h"
#include "store.h"

#define STACK_VARIABLES 16

typedef struct local_stack {
    local_settings settings;
    kept_names names;
    data_store store;
    access_keys keys;
    pool *pool;
    server *server;
    char url[96];
    char *function_environment[STACK_VARIABLES]; /* "NAME=value"; ends with NULL */
    trigger_settings trigger_settings;
    dispatch dispatch;
} local_stack;

/* Start. 1, or 0 with one sentence in @p why; call stack_stop() in any case. */
int stack_start(local_stack *self, struct event_base *base, const local_settings *settings,
                char *why, size_t why_len);
void stack_stop(local_stack *self);

/* Print what clients need, as lines for a shell's eval, and flush. 0 when stdout is gone. */
int stack_print_exports(const local_stack *self);

#endif
