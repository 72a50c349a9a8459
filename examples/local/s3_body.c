/*
 * s3_body.c - the bytes of objects: pieces in SQLite.
 */
#include "s3_body.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 65536u

int s3_body_write(sqlite3 *db, int64_t body, const s3_piece *piece, const void *bytes)
{
    sqlite3_stmt *statement = s3_sql(
        db, "INSERT OR REPLACE INTO s3_piece"
            " (body, number, size, modified_s, etag, algorithm, checksum, bytes)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    if (statement != NULL) {
        (void)sqlite3_bind_int64(statement, 1, body);
        (void)sqlite3_bind_int(statement, 2, piece->number);
        (void)sqlite3_bind_int64(statement, 3, (sqlite3_int64)piece->size);
        (void)sqlite3_bind_int64(statement, 4, piece->modified_s);
        s3_sql_text(statement, 5, piece->etag);
        s3_sql_text(statement, 6, piece->checksum.algorithm);
        s3_sql_text(statement, 7, piece->checksum.value);
        if (sqlite3_bind_blob64(statement, 8, piece->size == 0 ? "" : bytes, piece->size,
                                SQLITE_STATIC) == SQLITE_TOOBIG) {
            (void)sqlite3_finalize(statement);
            return SQLITE_TOOBIG;
        }
    }
    return s3_sql_run(db, statement);
}

int s3_body_find(sqlite3 *db, int64_t body, int number, s3_piece *piece)
{
    sqlite3_stmt *statement = s3_sql(db, "SELECT size, modified_s, etag, algorithm, checksum"
                                         " FROM s3_piece WHERE body = ?1 AND number = ?2");
    int result;

    *piece = (s3_piece){ .number = number };
    if (statement == NULL)
        return sqlite3_errcode(db);
    (void)sqlite3_bind_int64(statement, 1, body);
    (void)sqlite3_bind_int(statement, 2, number);
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        piece->size = (uint64_t)sqlite3_column_int64(statement, 0);
        piece->modified_s = sqlite3_column_int64(statement, 1);
        s3_sql_copy(statement, 2, piece->etag, sizeof(piece->etag));
        s3_sql_copy(statement, 3, piece->checksum.algorithm, sizeof(piece->checksum.algorithm));
        s3_sql_copy(statement, 4, piece->checksum.value, sizeof(piece->checksum.value));
    }
    (void)sqlite3_finalize(statement);
    return result;
}

typedef struct walk {
    s3_body_take take;
    void *userdata;
    uint64_t skip; /* bytes before those that are wanted */
    uint64_t left; /* bytes that are wanted */
    unsigned char block[BLOCK_SIZE];
} walk;

/* Hand on what is wanted of an open piece. */
static int walk_blob(walk *w, sqlite3_blob *blob, uint64_t size)
{
    uint64_t at = w->skip;

    w->skip = 0;
    while (at < size && w->left > 0) {
        uint64_t len = size - at < w->left ? size - at : w->left;
        int result;

        if (len > BLOCK_SIZE)
            len = BLOCK_SIZE;
        result = sqlite3_blob_read(blob, w->block, (int)len, (int)at);
        if (result != SQLITE_OK)
            return result;
        if (!w->take(w->userdata, w->block, (size_t)len))
            return SQLITE_ABORT;
        at += len;
        w->left -= len;
    }
    return SQLITE_OK;
}

static int walk_piece(sqlite3 *db, walk *w, sqlite3_int64 id, uint64_t size)
{
    sqlite3_blob *blob = NULL;
    int result;

    if (w->skip >= size) {
        w->skip -= size;
        return SQLITE_OK;
    }
    result = sqlite3_blob_open(db, "main", "s3_piece", "bytes", id, 0, &blob);
    if (result == SQLITE_OK)
        result = walk_blob(w, blob, size);
    (void)sqlite3_blob_close(blob);
    return result;
}

static int walk_all(sqlite3 *db, walk *w, int64_t body)
{
    sqlite3_stmt *statement = s3_sql(
        db, "SELECT id, size FROM s3_piece WHERE body = ?1 ORDER BY number");
    int result = statement == NULL ? sqlite3_errcode(db) : SQLITE_OK;

    if (statement != NULL)
        (void)sqlite3_bind_int64(statement, 1, body);
    while (result == SQLITE_OK && w->left > 0) {
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW)
            result = walk_piece(db, w, sqlite3_column_int64(statement, 0),
                                (uint64_t)sqlite3_column_int64(statement, 1));
    }
    (void)sqlite3_finalize(statement);
    if (result == SQLITE_DONE) /* fewer bytes than the object's row says */
        return SQLITE_CORRUPT;
    return result == SQLITE_OK ? SQLITE_DONE : result;
}

int s3_body_walk(sqlite3 *db, int64_t body, uint64_t start, uint64_t len, s3_body_take take,
                 void *userdata)
{
    walk *w = malloc(sizeof(*w));
    int result;

    if (w == NULL)
        return SQLITE_NOMEM;
    w->take = take;
    w->userdata = userdata;
    w->skip = start;
    w->left = len;
    result = walk_all(db, w, body);
    free(w);
    return result;
}

typedef struct target {
    unsigned char *data;
    size_t used;
} target;

static bool gather(void *userdata, const void *bytes, size_t len)
{
    target *to = userdata;

    memcpy(to->data + to->used, bytes, len);
    to->used += len;
    return true;
}

unsigned char *s3_body_read(sqlite3 *db, int64_t body, uint64_t start, uint64_t len)
{
    target to = { 0 };

    if (len < SIZE_MAX)
        to.data = malloc((size_t)len + 1);
    if (to.data == NULL)
        return NULL;
    if (s3_body_walk(db, body, start, len, gather, &to) != SQLITE_DONE) {
        free(to.data);
        return NULL;
    }
    to.data[to.used] = '\0';
    return to.data;
}

/* Run a statement whose parameters are numbers. */
static int run(sqlite3 *db, const char *sql, int64_t a, int64_t b, int64_t c)
{
    sqlite3_stmt *statement = s3_sql(db, sql);

    if (statement != NULL) {
        (void)sqlite3_bind_int64(statement, 1, a);
        (void)sqlite3_bind_int64(statement, 2, b);
        (void)sqlite3_bind_int64(statement, 3, c);
    }
    return s3_sql_run(db, statement);
}

int s3_body_copy(sqlite3 *db, int64_t from, int64_t to)
{
    return run(db,
               "INSERT INTO s3_piece (body, number, size, modified_s, etag, algorithm, checksum,"
               " bytes) SELECT ?2, number, size, modified_s, etag, algorithm, checksum, bytes"
               " FROM s3_piece WHERE body = ?1",
               from, to, 0);
}

int s3_body_drop(sqlite3 *db, int64_t body)
{
    return s3_body_drop_between(db, body, 0, INT_MAX);
}

int s3_body_drop_between(sqlite3 *db, int64_t body, int above, int below)
{
    return run(db, "DELETE FROM s3_piece WHERE body = ?1 AND number > ?2 AND number < ?3", body,
               above, below);
}
