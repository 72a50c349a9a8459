/*
 * trigger.h - from an S3 event to the function: a durable queue, the Lambda Runtime API, and the
 * unmodified bootstrap as child processes.
 */
#ifndef ICECAT_LOCAL_TRIGGER_H
#define ICECAT_LOCAL_TRIGGER_H

#include "s3.h"
#include <event2/event.h>
#include <sqlite3.h>

typedef struct trigger trigger;

typedef struct trigger_settings {
    const char *bucket;    /* events of this bucket only */
    const char *bootstrap; /* path of the program */
    const char *const *
        environment; /* "NAME=value" for the program, besides those of Lambda itself; ends with NULL */
    const char *region;
    unsigned workers;       /* processes at once */
    unsigned timeout_s;     /* of one invocation */
    unsigned attempts;      /* in all, before the event goes to the dead-letter list */
    unsigned retry_base_ms; /* pause before the second attempt; doubled each time */
} trigger_settings;

/* Create the tables of this part in db when they are missing. Returns an SQLite result code. */
int trigger_schema(sqlite3 *db);

/* Queue an event; call it inside the transaction that stored the object (s3_settings.on_event). */
int trigger_queue(sqlite3 *db, const s3_event *event);

/* Start listening and the processes. NULL with one sentence in @p why. */
trigger *trigger_start(struct event_base *base, sqlite3 *db, const trigger_settings *settings,
                       char *why, size_t why_len);
/* Look at the queue soon: an event was committed. */
void trigger_wake(trigger *self);
/* Events that wait or run. */
uint64_t trigger_backlog(const trigger *self);
/* End the processes (SIGTERM, then SIGKILL) and stop listening. Running events stay in the queue. */
void trigger_stop(trigger *self);

#endif
