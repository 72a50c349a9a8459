/*
 * trigger.h - from an S3 event to the function: a durable queue, the Lambda Runtime API, and the
 * unmodified bootstrap as child processes.
 *
 * Delivery is at least once, in no promised order. An event leaves the queue only when the function
 * has answered it, or for the dead-letter list after the last attempt; what ran when this program
 * ended, in whatever way, is delivered again.
 */
#ifndef ICECAT_LOCAL_TRIGGER_H
#define ICECAT_LOCAL_TRIGGER_H

#include "s3.h"
#include <cjson/cJSON.h>
#include <event2/event.h>
#include <sqlite3.h>

typedef struct trigger trigger;

/* Texts live as long as the trigger. Zero or NULL means the default where one is named. */
typedef struct trigger_settings {
    const char *bucket;    /* events of this bucket only */
    const char *bootstrap; /* path of the program */
    const char *const *
        environment; /* "NAME=value" for the program, besides those of Lambda itself; ends with NULL */
    const char *region;
    unsigned workers;       /* processes at once; 2 */
    unsigned timeout_s;     /* of one invocation; 30 */
    unsigned attempts;      /* in all, before the event goes to the dead-letter list; 3 */
    unsigned retry_base_ms; /* pause before the second attempt; doubled each time; 1000 */
    unsigned restart_ms; /* pause before a process that failed starts again; doubled to 30 s; 200 */
    unsigned init_s;     /* time from the start of a process to its first request; 10 */
    /* A line from the program (@p worker counts from 1) or about it; NULL: to stderr. */
    void (*log)(unsigned worker, const char *line, void *userdata);
    void *userdata;
} trigger_settings;

/* Create the tables of this part in db when they are missing. Returns an SQLite result code. */
int trigger_schema(sqlite3 *db);

/* Is this an event for the function? Other buckets' events and removals are not. */
int trigger_wants(const trigger_settings *settings, const s3_event *event);

/*
 * Queue an event if it is wanted; call it inside the transaction that stored the object
 * (s3_settings.on_event). @p copies is 1 but in tests of duplicates, each copy an invocation of its
 * own; @p due_ms is a Unix time, 0 for now. Returns an SQLite result code.
 */
int trigger_queue(sqlite3 *db, const trigger_settings *settings, const s3_event *event,
                  unsigned copies, int64_t due_ms);

/*
 * Start listening and the processes. NULL with one sentence in @p why. @p base must not be given
 * another handler of SIGCHLD; SIGPIPE must be ignored.
 */
trigger *trigger_start(struct event_base *base, sqlite3 *db, const trigger_settings *settings,
                       char *why, size_t why_len);
/* Look at the queue soon: an event was committed. NULL is allowed. */
void trigger_wake(trigger *self);
/* Events that wait or run. */
uint64_t trigger_backlog(const trigger *self);
/* End the processes (SIGTERM, then SIGKILL after 2 s) and stop listening. Running events stay in the
 * queue. NULL is allowed. */
void trigger_stop(trigger *self);

/*
 * The dead letters, oldest first, 1000 at most: [{"id", "bucket", "key", "attempts", "errorType",
 * "errorMessage", "timeMs", "event"}]. Returns an SQLite result code; release *out with
 * cJSON_Delete().
 */
int trigger_dead_letters(sqlite3 *db, cJSON **out);
/* Put all dead letters back into the queue, with all their attempts. Call trigger_wake() then. */
int trigger_redrive(sqlite3 *db, uint64_t *moved);

#endif
