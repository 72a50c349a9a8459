/*
 * worker.h - one process of the function: kept alive, given one event at a time.
 */
#ifndef ICECAT_LOCAL_WORKER_H
#define ICECAT_LOCAL_WORKER_H

#include "trigger.h"
#include "trigger_store.h"

typedef struct worker worker;

/* What became of a worker and its event. None of these may free the worker. */
typedef struct worker_hooks {
    void (*idle)(void *userdata);
    /* The event was answered; 0 when this could not be recorded. */
    int (*done)(const trigger_event *event, void *userdata);
    /* The attempt failed: by the function, by its end, or by its time; 0 as above. */
    int (*failed)(const trigger_event *event, const char *type, const char *message,
                  void *userdata);
} worker_hooks;

/* Start a process soon. @p settings (without zeros) and @p hooks are borrowed. NULL when out of
 * memory. */
worker *worker_new(struct event_base *base, unsigned number, const trigger_settings *settings,
                   const worker_hooks *hooks, void *userdata);
/* Kills the process if it runs. NULL is allowed. */
void worker_free(worker *self);

int worker_is_idle(const worker *self);
/* Row of the event that runs, or 0. */
int64_t worker_row(const worker *self);
/* Give an idle worker an event, which it takes over. */
void worker_invoke(worker *self, trigger_event *event);

/* After SIGCHLD: was it this one? */
void worker_check(worker *self);

/* Ask the process to end (SIGTERM) and start no other; worker_has_stopped() says when it has. */
void worker_stop(worker *self);
int worker_has_stopped(worker *self);

/* A line about the function, to the log of the settings. */
void worker_log(const trigger_settings *settings, unsigned number, const char *line);

#endif
