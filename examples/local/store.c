/*
 * store.c - the data folder.
 *
 * The file is in WAL mode with synchronous=NORMAL: what was committed survives the end of this
 * process in any way, kill -9 too, because it is in the operating system's hands. Only a power cut
 * may lose the last commits, never the file's consistency; FULL would cost a disk flush for every
 * request and buy what a stand-in on one machine does not need.
 */
#include "store.h"

#include "dynamodb.h"
#include "s3.h"
#include "ssm.h"
#include "trigger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT_VERSION  1
#define BUSY_TIMEOUT_MS 10000
#define PATH_SIZE       4096

static int fail_errno(const char *path, const char *what, char *why, size_t why_len)
{
    (void)snprintf(why, why_len, "%s: %s: %s", path, what, strerror(errno));
    return 0;
}

static int make_folder(const char *folder, char *why, size_t why_len)
{
    struct stat info;

    if (mkdir(folder, 0700) == 0)
        return 1;
    if (errno != EEXIST)
        return fail_errno(folder, "cannot be created", why, why_len);
    if (stat(folder, &info) != 0)
        return fail_errno(folder, "cannot be used", why, why_len);
    if (!S_ISDIR(info.st_mode)) {
        (void)snprintf(why, why_len, "%s: is not a folder", folder);
        return 0;
    }
    return 1;
}

static int join(const char *folder, const char *name, char path[PATH_SIZE], char *why,
                size_t why_len)
{
    int len = snprintf(path, PATH_SIZE, "%s/%s", folder, name);

    if (len > 0 && len < PATH_SIZE)
        return 1;
    (void)snprintf(why, why_len, "%.100s...: the name of the data folder is too long", folder);
    return 0;
}

/* A lock of fcntl() ends with its process, so that no stale one can stay behind. */
static int take_lock(const char *folder, data_store *self, char *why, size_t why_len)
{
    char path[PATH_SIZE];
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

    if (!join(folder, STORE_LOCK, path, why, why_len))
        return 0;
    self->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (self->lock < 0)
        return fail_errno(path, "cannot be opened", why, why_len);
    if (fcntl(self->lock, F_SETLK, &lock) == 0)
        return 1;
    if (errno != EACCES && errno != EAGAIN)
        return fail_errno(path, "cannot be locked", why, why_len);
    if (fcntl(self->lock, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
        (void)snprintf(why, why_len,
                       "%s: another icecat-local, process %ld, uses this folder; end it, or name "
                       "another folder with --data",
                       folder, (long)lock.l_pid);
    else
        (void)snprintf(why, why_len, "%s: another icecat-local uses this folder; try again",
                       folder);
    return 0;
}

static int fail_sqlite(data_store *self, const char *path, char *why, size_t why_len)
{
    (void)snprintf(why, why_len, "%s: %s", path,
                   self->db == NULL ? "out of memory" : sqlite3_errmsg(self->db));
    return 0;
}

static int schema(sqlite3 *db)
{
    int code = sqlite3_exec(db,
                            "CREATE TABLE IF NOT EXISTS store_value ("
                            " name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
                            NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = s3_schema(db);
    if (code == SQLITE_OK)
        code = dynamodb_schema(db);
    if (code == SQLITE_OK)
        code = ssm_schema(db);
    if (code == SQLITE_OK)
        code = trigger_schema(db);
    return code;
}

static int read_version(sqlite3 *db, int *version)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *version = sqlite3_column_int(statement, 0);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_ROW;
}

static int open_database(const char *folder, data_store *self, char *why, size_t why_len)
{
    char path[PATH_SIZE];
    char sql[64];
    int version = 0;
    int file;

    if (!join(folder, STORE_FILE, path, why, why_len))
        return 0;
    /* SQLite gives its other files the mode of this one. */
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return fail_errno(path, "cannot be opened", why, why_len);
    (void)close(file);
    if (sqlite3_open_v2(path, &self->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(self->db, BUSY_TIMEOUT_MS) != SQLITE_OK ||
        !read_version(self->db, &version))
        return fail_sqlite(self, path, why, why_len);
    if (version > FORMAT_VERSION) {
        (void)snprintf(why, why_len,
                       "%s: was written by a newer icecat-local (format %d; this one knows %d)",
                       path, version, FORMAT_VERSION);
        return 0;
    }
    (void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", FORMAT_VERSION);
    if (sqlite3_exec(self->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", NULL, NULL,
                     NULL) != SQLITE_OK ||
        sqlite3_exec(self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
        schema(self->db) != SQLITE_OK ||
        sqlite3_exec(self->db, sql, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(self->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return fail_sqlite(self, path, why, why_len);
    return 1;
}

int store_open(const char *folder, data_store *out, char *why, size_t why_len)
{
    *out = (data_store){ .db = NULL, .lock = -1 };
    if (make_folder(folder, why, why_len) && take_lock(folder, out, why, why_len) &&
        open_database(folder, out, why, why_len))
        return 1;
    store_close(out);
    return 0;
}

void store_close(data_store *self)
{
    (void)sqlite3_close(self->db);
    if (self->lock >= 0)
        (void)close(self->lock);
    *self = (data_store){ .db = NULL, .lock = -1 };
}

int store_read_value(data_store *self, const char *name, char *out, size_t size)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(self->db, "SELECT value FROM store_value WHERE name = ?1", -1,
                                  &statement, NULL);
    int found = -1;

    if (code == SQLITE_OK) {
        (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
        code = sqlite3_step(statement);
    }
    if (code == SQLITE_DONE)
        found = 0;
    if (code == SQLITE_ROW) {
        const char *value = (const char *)sqlite3_column_text(statement, 0);

        if (value != NULL && strlen(value) < size) {
            memcpy(out, value, strlen(value) + 1);
            found = 1;
        }
    }
    (void)sqlite3_finalize(statement);
    return found;
}

int store_write_value(data_store *self, const char *name, const char *value)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(self->db, "INSERT OR REPLACE INTO store_value VALUES (?1, ?2)",
                                  -1, &statement, NULL);

    if (code != SQLITE_OK)
        return code;
    (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(statement, 2, value, -1, SQLITE_STATIC);
    (void)sqlite3_step(statement);
    return sqlite3_finalize(statement);
}
