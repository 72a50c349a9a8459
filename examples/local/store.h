/*
 * store.h - the data folder of icecat-local: one SQLite file that all parts share.
 */
#ifndef ICECAT_LOCAL_STORE_H
#define ICECAT_LOCAL_STORE_H

#include <sqlite3.h>
#include <stddef.h>

#define STORE_FILE "icecat-local.sqlite"
#define STORE_LOCK "icecat-local.lock"

typedef struct data_store {
    sqlite3 *db;
    int lock; /* file descriptor; the lock ends with the process, however that ends */
} data_store;

/* Open or create the folder (0700) and its file (0600). 1, or 0 with one sentence in @p why: e.g.
 * when another process uses the folder. Release @p out with store_close() when it was opened. */
int store_open(const char *folder, data_store *out, char *why, size_t why_len);
void store_close(data_store *self);

/* Values that outlive the process. 1 when there is one, 0 when not, -1 on failure. */
int store_read_value(data_store *self, const char *name, char *out, size_t size);
/* Returns an SQLite result code. */
int store_write_value(data_store *self, const char *name, const char *value);

#endif
