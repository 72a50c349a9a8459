/*
 * ssm_store.c - the parameters in SQLite.
 */
#include "ssm_store.h"

#include "ssm.h"

#include <stdio.h>
#include <string.h>

int ssm_schema(sqlite3 *db)
{
    return sqlite3_exec(db,
                        "CREATE TABLE IF NOT EXISTS ssm_parameter ("
                        " name TEXT PRIMARY KEY, type TEXT NOT NULL, value TEXT NOT NULL,"
                        " version INTEGER NOT NULL, modified_s INTEGER NOT NULL) WITHOUT ROWID;",
                        NULL, NULL, NULL);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql, const char *name)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        return NULL;
    (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    return statement;
}

static ssm_row read_row(sqlite3_stmt *statement)
{
    return (ssm_row){ .name = (const char *)sqlite3_column_text(statement, 0),
                      .type = (const char *)sqlite3_column_text(statement, 1),
                      .value = (const char *)sqlite3_column_text(statement, 2),
                      .version = sqlite3_column_int64(statement, 3),
                      .modified_s = sqlite3_column_int64(statement, 4) };
}

int ssm_store_find(sqlite3 *db, const char *name, ssm_row_fn tell, void *userdata)
{
    sqlite3_stmt *statement = prepare(
        db, "SELECT name, type, value, version, modified_s FROM ssm_parameter WHERE name = ?1",
        name);
    int code = statement == NULL ? SQLITE_ERROR : sqlite3_step(statement);
    int found = code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : -1;

    if (found == 1) {
        ssm_row row = read_row(statement);

        if (row.name == NULL || row.type == NULL || row.value == NULL || !tell(userdata, &row))
            found = -1;
    }
    (void)sqlite3_finalize(statement);
    return found;
}

int ssm_store_delete(sqlite3 *db, const char *name)
{
    sqlite3_stmt *statement = prepare(db, "DELETE FROM ssm_parameter WHERE name = ?1", name);
    int code = statement == NULL ? SQLITE_ERROR : sqlite3_step(statement);

    (void)sqlite3_finalize(statement);
    return code == SQLITE_DONE ? sqlite3_changes(db) : -1;
}

int ssm_store_put(sqlite3 *db, ssm_row *row, int overwrite)
{
    sqlite3_stmt *statement = prepare(
        db,
        overwrite ? "INSERT INTO ssm_parameter VALUES (?1, coalesce(?2, 'String'), ?3, 1, ?4)"
                    " ON CONFLICT (name) DO UPDATE SET type = coalesce(?2, type),"
                    " value = excluded.value, version = version + 1,"
                    " modified_s = excluded.modified_s RETURNING version"
                  : "INSERT INTO ssm_parameter VALUES (?1, coalesce(?2, 'String'), ?3, 1, ?4)"
                    " ON CONFLICT (name) DO NOTHING RETURNING version",
        row->name);
    int code = SQLITE_ERROR;
    int wrote = -1;

    if (statement != NULL) {
        (void)sqlite3_bind_text(statement, 2, row->type, -1, SQLITE_STATIC);
        (void)sqlite3_bind_text(statement, 3, row->value, -1, SQLITE_STATIC);
        (void)sqlite3_bind_int64(statement, 4, row->modified_s);
        code = sqlite3_step(statement);
    }
    if (code == SQLITE_DONE)
        wrote = 0;
    if (code == SQLITE_ROW) {
        row->version = sqlite3_column_int64(statement, 0);
        /* RETURNING ends with a second step. */
        wrote = sqlite3_step(statement) == SQLITE_DONE ? 1 : -1;
    }
    (void)sqlite3_finalize(statement);
    return wrote;
}

int ssm_set(sqlite3 *db, const char *name, const char *value, int64_t now_s)
{
    ssm_row row = { .name = name, .value = value, .type = "String", .modified_s = now_s };

    return ssm_store_put(db, &row, 1) == 1 ? SQLITE_OK : sqlite3_errcode(db);
}

/* One row more than a page is asked for, to know whether there is another page. */
static sqlite3_stmt *prepare_page(sqlite3 *db, const ssm_page *page)
{
    sqlite3_stmt *statement;
    char prefix[SSM_NAME_SIZE + 1];
    size_t len = strlen(page->path);

    (void)snprintf(prefix, sizeof(prefix), "%s%s", page->path,
                   page->path[len - 1] == '/' ? "" : "/");
    statement = prepare(db,
                        "SELECT name, type, value, version, modified_s FROM ssm_parameter"
                        " WHERE substr(name, 1, length(?1)) = ?1 AND name > ?2"
                        " AND (?3 OR instr(substr(name, length(?1) + 1), '/') = 0)"
                        " ORDER BY name LIMIT ?4",
                        NULL);
    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_text(statement, 1, prefix, -1, SQLITE_TRANSIENT);
    (void)sqlite3_bind_text(statement, 2, page->after, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int(statement, 3, page->recursive);
    (void)sqlite3_bind_int(statement, 4, page->limit + 1);
    return statement;
}

int ssm_store_page(sqlite3 *db, ssm_page *page, ssm_row_fn tell, void *userdata)
{
    sqlite3_stmt *statement = prepare_page(db, page);
    char last[SSM_NAME_SIZE] = "";
    int code = SQLITE_ERROR;
    int count = 0;
    int ok = statement != NULL;

    page->next[0] = '\0';
    while (ok && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        ssm_row row = read_row(statement);

        if (++count > page->limit) {
            memcpy(page->next, last, sizeof(last));
            code = SQLITE_DONE;
            break;
        }
        ok = row.name != NULL && row.type != NULL && row.value != NULL && tell(userdata, &row);
        if (ok)
            (void)snprintf(last, sizeof(last), "%s", row.name);
    }
    (void)sqlite3_finalize(statement);
    return ok && code == SQLITE_DONE;
}
