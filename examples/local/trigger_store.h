/*
 * trigger_store.h - the queue in SQLite: events that wait or run, and dead letters.
 *
 * Which event runs is known to the running program only. So there is nothing to repair after a
 * crash: every event that is still in the table is due again.
 */
#ifndef ICECAT_LOCAL_TRIGGER_STORE_H
#define ICECAT_LOCAL_TRIGGER_STORE_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

typedef struct trigger_event {
    int64_t row;
    char *id;          /* request id of the invocation, the same in every attempt; from malloc */
    char *json;        /* from malloc */
    unsigned attempts; /* that failed */
} trigger_event;

void trigger_event_clear(trigger_event *event);

/* All return SQLite result codes. */

/* Make every event due now: this program has just started. */
int trigger_store_open(sqlite3 *db);

/*
 * The event that has been due the longest and is not among the @p running_count rows of @p running.
 * SQLITE_ROW and *out; or SQLITE_DONE and *next_due_ms, -1 when no other event waits.
 */
int trigger_store_next(sqlite3 *db, int64_t now_ms, const int64_t *running, size_t running_count,
                       trigger_event *out, int64_t *next_due_ms);
/* The function has answered. */
int trigger_store_done(sqlite3 *db, int64_t row);
/* An attempt failed; another one follows at @p due_ms. */
int trigger_store_retry(sqlite3 *db, int64_t row, int64_t due_ms);
/* The last attempt failed: move it to the dead letters. */
int trigger_store_bury(sqlite3 *db, int64_t row, const char *type, const char *message,
                       int64_t now_ms);
int trigger_store_count(sqlite3 *db, uint64_t *out);

/* Step a statement that gives no rows, and free it. */
int trigger_store_finish(sqlite3 *db, sqlite3_stmt *statement);
/* The clock of due times: Unix time in ms. */
int64_t trigger_store_now_ms(void);

#endif
