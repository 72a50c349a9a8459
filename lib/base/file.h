/*
 * file.h - read local files whole, with a maximum; replace them whole or not at all.
 */
#ifndef IC_FILE_H
#define IC_FILE_H

#include "base/buf.h"
#include "base/digest.h"

/** Append the whole regular file to @p out. ICECAT_E_FILE with the reason, or ICECAT_E_LIMIT over @p max. */
icecat_status ic_file_read(const char *path, size_t max, ic_buf *out, icecat_error *err);
/** The same, and its SHA-256, which is computed while the bytes are in the cache. Also ICECAT_E_CRYPTO. */
icecat_status ic_file_read_hashed(const char *path, size_t max, ic_buf *out,
                                  unsigned char digest[IC_SHA256_LEN], icecat_error *err);

/** A file that is written beside another, to take its place. */
typedef struct ic_replacement {
    int fd;
    char beside[4096];
} ic_replacement;

/** Begin. ICECAT_E_FILE with the reason. */
icecat_status ic_replacement_open(ic_replacement *own, const char *path, icecat_error *err);
/** Append. On failure everything is undone. */
icecat_status ic_replacement_add(ic_replacement *own, const char *path, const void *data,
                                 size_t len, icecat_error *err);
/** fsync and rename, or on failure undo everything. */
icecat_status ic_replacement_finish(ic_replacement *own, const char *path, icecat_error *err);
/** Undo everything; allowed after a failure. */
void ic_replacement_drop(ic_replacement *own);

/** Write beside, fsync, rename. ICECAT_E_FILE with the reason; the old file is then untouched. */
icecat_status ic_file_replace(const char *path, const void *data, size_t len, icecat_error *err);

/** Create a file under a name beside @p path that nobody has; -1 with errno. */
int ic_file_create_beside(const char *path, char *beside, size_t size);
/** 1 when all was written; else errno tells why. */
int ic_file_write_all(int fd, const void *data, size_t len);
/** A file's name must survive a power failure too, not only its bytes. Best effort: some file systems
 *  cannot sync a directory. */
void ic_file_sync_directory(const char *path);

#endif
