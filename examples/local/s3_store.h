/*
 * s3_store.h - buckets and objects in SQLite. Functions return SQLite result codes: SQLITE_ROW when
 * what was asked for is there, SQLITE_DONE when it is not or the work is done, else an error.
 */
#ifndef ICECAT_LOCAL_S3_STORE_H
#define ICECAT_LOCAL_S3_STORE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define S3_ETAG_SIZE      40  /* 32 hex digits, "-10000" */
#define S3_ALGORITHM_SIZE 12  /* "CRC64NVME" */
#define S3_CHECKSUM_SIZE  104 /* base64 of 64 bytes, "-10000" */

/* A checksum as S3 shows it; both empty: none. */
typedef struct s3_checksum {
    char algorithm[S3_ALGORITHM_SIZE]; /* "CRC32" */
    char value[S3_CHECKSUM_SIZE];      /* base64; "-N" behind it: of the checksums of N parts */
} s3_checksum;

typedef struct s3_object {
    int64_t body; /* whose pieces are its bytes */
    uint64_t size;
    int64_t modified_s;
    char etag[S3_ETAG_SIZE]; /* without quotes */
    s3_checksum checksum;
    char *headers; /* owned: "name:value\n" of what is given back with it, names in lower case */
} s3_object;

int s3_store_schema(sqlite3 *db);

/* Prepare and run helpers. */
sqlite3_stmt *s3_sql(sqlite3 *db, const char *sql); /* NULL on failure */
void s3_sql_text(sqlite3_stmt *statement, int at, const char *text);
/* Step a statement that has no rows and free it (NULL is allowed). */
int s3_sql_run(sqlite3 *db, sqlite3_stmt *statement);
/* Copy a text column into an array; "" for NULL. */
void s3_sql_copy(sqlite3_stmt *statement, int column, char *out, size_t size);

/* The next number of the store; every one is larger than all before. 0 on failure. */
int64_t s3_store_next(sqlite3 *db);

int s3_store_bucket_find(sqlite3 *db, const char *name);
int s3_store_bucket_add(sqlite3 *db, const char *name, int64_t now_s);
int s3_store_bucket_is_empty(sqlite3 *db, const char *name, bool *empty);
int s3_store_bucket_remove(sqlite3 *db, const char *name); /* with its unfinished uploads */

/* Find an object; release @p object with s3_object_clear() when SQLITE_ROW came back. */
int s3_store_find(sqlite3 *db, const char *bucket, const char *key, s3_object *object);
/* Store an object in place of the one of that name, whose bytes are dropped. */
int s3_store_set(sqlite3 *db, const char *bucket, const char *key, const s3_object *object);
/* Remove an object and its bytes. */
int s3_store_remove(sqlite3 *db, const char *bucket, const char *key);
void s3_object_clear(s3_object *object);

#endif
