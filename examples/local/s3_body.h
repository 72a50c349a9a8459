/*
 * s3_body.h - the bytes of objects: pieces in SQLite, read without loading what is not asked for.
 */
#ifndef ICECAT_LOCAL_S3_BODY_H
#define ICECAT_LOCAL_S3_BODY_H

#include "s3_store.h"

/* One piece; the part of a multipart upload, or number 1 of an object put at once. */
typedef struct s3_piece {
    int number;
    uint64_t size;
    int64_t modified_s;
    char etag[S3_ETAG_SIZE];
    s3_checksum checksum;
} s3_piece;

/* Store a piece in place of the one of that number. SQLITE_DONE or an error. */
int s3_body_write(sqlite3 *db, int64_t body, const s3_piece *piece, const void *bytes);

/* Find a piece: SQLITE_ROW, SQLITE_DONE or an error. */
int s3_body_find(sqlite3 *db, int64_t body, int number, s3_piece *piece);

/* The bytes from start on, NUL-terminated, from malloc. NULL on failure. */
unsigned char *s3_body_read(sqlite3 *db, int64_t body, uint64_t start, uint64_t len);

/* Hand the bytes on in order, in blocks. SQLITE_DONE, or an error (SQLITE_ABORT: take said no). */
typedef bool (*s3_body_take)(void *userdata, const void *bytes, size_t len);
int s3_body_walk(sqlite3 *db, int64_t body, uint64_t start, uint64_t len, s3_body_take take,
                 void *userdata);

/* Give another body the same pieces. */
int s3_body_copy(sqlite3 *db, int64_t from, int64_t to);
int s3_body_drop(sqlite3 *db, int64_t body);
/* Drop the pieces with numbers between these two. */
int s3_body_drop_between(sqlite3 *db, int64_t body, int above, int below);

#endif
