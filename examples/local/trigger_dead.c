/*
 * trigger_dead.c - events whose last attempt failed: keep them, list them, put them back.
 */
#include "trigger.h"
#include "trigger_store.h"

enum { DEAD_LETTERS_MAX = 1000 };

static int copy_to_dead(sqlite3 *db, int64_t row, const char *type, const char *message,
                        int64_t now_ms)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db,
                                "INSERT INTO trigger_dead_letter SELECT row, id, bucket, "
                                "object_key, json, attempts + 1, ?2, ?3, ?4 FROM trigger_event "
                                "WHERE row = ?1",
                                -1, &statement, NULL);

    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(statement, 1, row);
    sqlite3_bind_text(statement, 2, type, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 3, message, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(statement, 4, now_ms);
    return trigger_store_finish(db, statement);
}

/* A savepoint is a transaction of its own, or part of one that is open already. */
static int end_savepoint(sqlite3 *db, int rc)
{
    if (rc != SQLITE_OK)
        sqlite3_exec(db, "ROLLBACK TO trigger_move; RELEASE trigger_move", NULL, NULL, NULL);
    else
        rc = sqlite3_exec(db, "RELEASE trigger_move", NULL, NULL, NULL);
    return rc;
}

int trigger_store_bury(sqlite3 *db, int64_t row, const char *type, const char *message,
                       int64_t now_ms)
{
    int rc = sqlite3_exec(db, "SAVEPOINT trigger_move", NULL, NULL, NULL);

    if (rc != SQLITE_OK)
        return rc;
    rc = copy_to_dead(db, row, type, message, now_ms);
    if (rc == SQLITE_OK)
        rc = trigger_store_done(db, row);
    return end_savepoint(db, rc);
}

int trigger_redrive(sqlite3 *db, uint64_t *moved)
{
    int rc = sqlite3_exec(db, "SAVEPOINT trigger_move", NULL, NULL, NULL);

    *moved = 0;
    if (rc != SQLITE_OK)
        return rc;
    rc = sqlite3_exec(db,
                      "INSERT INTO trigger_event(id, bucket, object_key, json, attempts, due_ms) "
                      "SELECT id, bucket, object_key, json, 0, 0 FROM trigger_dead_letter "
                      "ORDER BY row",
                      NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, "DELETE FROM trigger_dead_letter WHERE 1", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        *moved = (uint64_t)sqlite3_changes(db);
    return end_savepoint(db, rc);
}

/* ---- list ------------------------------------------------------------------------------- */

static int add_column(cJSON *letter, const char *name, sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return text != NULL && cJSON_AddStringToObject(letter, name, text) != NULL;
}

static int add_event(cJSON *letter, const char *json)
{
    cJSON *event = json == NULL ? NULL : cJSON_Parse(json);

    if (event != NULL && cJSON_AddItemToObject(letter, "event", event))
        return 1;
    cJSON_Delete(event);
    return 0;
}

static int add_letter(cJSON *list, sqlite3_stmt *statement)
{
    cJSON *letter = cJSON_CreateObject();

    if (letter == NULL || !cJSON_AddItemToArray(list, letter)) {
        cJSON_Delete(letter);
        return 0;
    }
    return add_column(letter, "id", statement, 0) && add_column(letter, "bucket", statement, 1) &&
           add_column(letter, "key", statement, 2) &&
           cJSON_AddNumberToObject(letter, "attempts", sqlite3_column_double(statement, 3)) !=
               NULL &&
           add_column(letter, "errorType", statement, 4) &&
           add_column(letter, "errorMessage", statement, 5) &&
           cJSON_AddNumberToObject(letter, "timeMs", sqlite3_column_double(statement, 6)) != NULL &&
           add_event(letter, (const char *)sqlite3_column_text(statement, 7));
}

int trigger_dead_letters(sqlite3 *db, cJSON **out)
{
    sqlite3_stmt *statement;
    cJSON *list = cJSON_CreateArray();
    int rc = sqlite3_prepare_v2(db,
                                "SELECT id, bucket, object_key, attempts, error_type, "
                                "error_message, time_ms, json FROM trigger_dead_letter "
                                "ORDER BY row LIMIT ?1",
                                -1, &statement, NULL);

    *out = NULL;
    if (rc == SQLITE_OK) {
        sqlite3_bind_int(statement, 1, DEAD_LETTERS_MAX);
        while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
            if (list == NULL || !add_letter(list, statement)) {
                rc = SQLITE_NOMEM;
                break;
            }
        }
        sqlite3_finalize(statement);
    }
    if (rc == SQLITE_DONE && list != NULL) {
        *out = list;
        return SQLITE_OK;
    }
    cJSON_Delete(list);
    return rc == SQLITE_DONE ? SQLITE_NOMEM : rc;
}
