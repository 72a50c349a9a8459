/*
 * s3.h - the S3 subset of icecat-local, on SQLite. The signature has been checked already.
 */
#ifndef ICECAT_LOCAL_S3_H
#define ICECAT_LOCAL_S3_H

#include "http.h"
#include <sqlite3.h>

/* Something happened to an object. */
typedef struct s3_event {
    const char *name; /* "ObjectCreated:Put", "ObjectCreated:Copy", "ObjectRemoved:Delete" */
    const char *bucket;
    const char *key;  /* decoded */
    const char *etag; /* without quotes; NULL after a removal */
    uint64_t size;
    const char *request_id;
    int64_t time_ms;
    char sequencer[17]; /* grows with every event of the store; upper-case hex */
} s3_event;

typedef struct s3_settings {
    const char *region;
    /* Told inside the transaction that stores the object; 0 to go on, else the request fails. May be NULL. */
    int (*on_event)(sqlite3 *db, const s3_event *event, void *userdata);
    void *userdata;
} s3_settings;

/* Create the tables of this part in db when they are missing. Returns an SQLite result code. */
int s3_schema(sqlite3 *db);

/* Create a bucket unless it exists. Returns an SQLite result code. */
int s3_ensure_bucket(sqlite3 *db, const char *bucket, int64_t now_s);

/*
 * Answer one request. @p body is the payload without aws-chunked framing; both bucket styles are
 * understood (path, and virtual host "BUCKET.localhost[:port]" or "BUCKET.s3...").
 */
void s3_handle(sqlite3 *db, const s3_settings *settings, const http_request *request,
               const unsigned char *body, size_t body_len, http_answer *answer);

/* An XML error answer with S3's shape; used for refused signatures too. */
void s3_error(http_answer *answer, const http_request *request, int http_status, const char *code,
              const char *message);

/* The bytes of an object for Rekognition: 1 and *data from malloc, 0 when there is none, -1 on failure. */
int s3_read(sqlite3 *db, const char *bucket, const char *key, unsigned char **data, size_t *len);

#endif
