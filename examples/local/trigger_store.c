/*
 * trigger_store.c - the queue in SQLite. The tables belong to this file alone.
 */
#include "trigger_store.h"

#include "encoding.h"
#include "s3_record.h"
#include "trigger.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int trigger_schema(sqlite3 *db)
{
    return sqlite3_exec(db,
                        "CREATE TABLE IF NOT EXISTS trigger_event("
                        "row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, "
                        "bucket TEXT NOT NULL, object_key TEXT NOT NULL, json TEXT NOT NULL, "
                        "attempts INTEGER NOT NULL, due_ms INTEGER NOT NULL);"
                        "CREATE INDEX IF NOT EXISTS trigger_event_due "
                        "ON trigger_event(due_ms, row);"
                        "CREATE TABLE IF NOT EXISTS trigger_dead_letter("
                        "row INTEGER PRIMARY KEY, id TEXT NOT NULL, bucket TEXT NOT NULL, "
                        "object_key TEXT NOT NULL, json TEXT NOT NULL, attempts INTEGER NOT NULL, "
                        "error_type TEXT NOT NULL, error_message TEXT NOT NULL, "
                        "time_ms INTEGER NOT NULL);",
                        NULL, NULL, NULL);
}

/* Not the event's own time, which a test may have moved. */
int64_t trigger_store_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int trigger_store_finish(sqlite3 *db, sqlite3_stmt *statement)
{
    int rc = sqlite3_step(statement);

    sqlite3_finalize(statement);
    return rc == SQLITE_DONE ? SQLITE_OK : rc == SQLITE_ROW ? SQLITE_ERROR : sqlite3_errcode(db);
}

static int bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    return sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

/* ---- queue ------------------------------------------------------------------------------- */

/* A random UUID (version 4), the form of Lambda's request ids. */
static void make_id(char out[ENCODING_UUID_SIZE])
{
    unsigned char b[16];

    sqlite3_randomness(sizeof(b), b);
    encoding_uuid(b, out);
}

static int insert(sqlite3 *db, const s3_event *event, const char *json, int64_t due_ms)
{
    sqlite3_stmt *statement;
    char id[ENCODING_UUID_SIZE];
    int rc = sqlite3_prepare_v2(db,
                                "INSERT INTO trigger_event(id, bucket, object_key, json, attempts, "
                                "due_ms) VALUES(?1, ?2, ?3, ?4, 0, ?5)",
                                -1, &statement, NULL);

    if (rc != SQLITE_OK)
        return rc;
    make_id(id);
    bind_text(statement, 1, id);
    bind_text(statement, 2, event->bucket);
    bind_text(statement, 3, event->key);
    bind_text(statement, 4, json);
    sqlite3_bind_int64(statement, 5, due_ms);
    return trigger_store_finish(db, statement);
}

int trigger_wants(const trigger_settings *settings, const s3_event *event)
{
    return strcmp(event->bucket, settings->bucket) == 0 &&
           strncmp(event->name, "ObjectCreated:", 14) == 0;
}

int trigger_queue(sqlite3 *db, const trigger_settings *settings, const s3_event *event,
                  unsigned copies, int64_t due_ms)
{
    char *json;
    int rc = SQLITE_OK;

    if (!trigger_wants(settings, event))
        return SQLITE_OK;
    if (due_ms == 0)
        due_ms = trigger_store_now_ms();
    json = s3_record_document(event, settings->region);
    if (json == NULL)
        return SQLITE_NOMEM;
    for (unsigned i = 0; i < copies && rc == SQLITE_OK; i++)
        rc = insert(db, event, json, due_ms);
    cJSON_free(json);
    return rc;
}

int trigger_store_open(sqlite3 *db)
{
    return sqlite3_exec(db, "UPDATE trigger_event SET due_ms = 0", NULL, NULL, NULL);
}

/* ---- take -------------------------------------------------------------------------------- */

void trigger_event_clear(trigger_event *event)
{
    free(event->id);
    free(event->json);
    *event = (trigger_event){ 0 };
}

static char *column_copy(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return text == NULL ? NULL : strdup(text);
}

static int is_running(int64_t row, const int64_t *running, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (running[i] == row)
            return 1;
    }
    return 0;
}

static int load(sqlite3 *db, int64_t row, trigger_event *out)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db, "SELECT id, json, attempts FROM trigger_event WHERE row = ?1",
                                -1, &statement, NULL);

    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(statement, 1, row);
    rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
        out->row = row;
        out->id = column_copy(statement, 0);
        out->json = column_copy(statement, 1);
        out->attempts = (unsigned)sqlite3_column_int(statement, 2);
        if (out->id == NULL || out->json == NULL) {
            trigger_event_clear(out);
            rc = SQLITE_NOMEM;
        }
    }
    sqlite3_finalize(statement);
    return rc;
}

int trigger_store_next(sqlite3 *db, int64_t now_ms, const int64_t *running, size_t running_count,
                       trigger_event *out, int64_t *next_due_ms)
{
    sqlite3_stmt *statement;
    int64_t row = 0;
    int64_t due_ms = 0;
    int rc = sqlite3_prepare_v2(
        db, "SELECT row, due_ms FROM trigger_event ORDER BY due_ms, row LIMIT ?1", -1, &statement,
        NULL);

    *next_due_ms = -1;
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(statement, 1, (int64_t)running_count + 1);
    do {
        rc = sqlite3_step(statement);
        if (rc != SQLITE_ROW)
            break;
        row = sqlite3_column_int64(statement, 0);
        due_ms = sqlite3_column_int64(statement, 1);
    } while (is_running(row, running, running_count));
    sqlite3_finalize(statement);
    if (rc == SQLITE_ROW && due_ms > now_ms) {
        *next_due_ms = due_ms;
        return SQLITE_DONE;
    }
    return rc == SQLITE_ROW ? load(db, row, out) : rc;
}

/* ---- settle ------------------------------------------------------------------------------ */

static int run_for_row(sqlite3 *db, const char *sql, int64_t row)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(statement, 1, row);
    return trigger_store_finish(db, statement);
}

int trigger_store_done(sqlite3 *db, int64_t row)
{
    return run_for_row(db, "DELETE FROM trigger_event WHERE row = ?1", row);
}

int trigger_store_retry(sqlite3 *db, int64_t row, int64_t due_ms)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(
        db, "UPDATE trigger_event SET attempts = attempts + 1, due_ms = ?2 WHERE row = ?1", -1,
        &statement, NULL);

    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(statement, 1, row);
    sqlite3_bind_int64(statement, 2, due_ms);
    return trigger_store_finish(db, statement);
}

/* ---- look -------------------------------------------------------------------------------- */

int trigger_store_count(sqlite3 *db, uint64_t *out)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db, "SELECT COUNT(*) FROM trigger_event", -1, &statement, NULL);

    *out = 0;
    if (rc != SQLITE_OK)
        return rc;
    rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        *out = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return rc == SQLITE_ROW ? SQLITE_OK : rc;
}
