/*
 * file.h - read local files whole, with a maximum; replace them whole or not at all.
 */
#ifndef IC_FILE_H
#define IC_FILE_H

#include "base/buf.h"

/** Append the whole regular file to @p out. ICECAT_E_FILE with the reason, or ICECAT_E_LIMIT over @p max. */
icecat_status ic_file_read(const char *path, size_t max, ic_buf *out, icecat_error *err);
/** Write beside, fsync, rename. ICECAT_E_FILE with the reason; the old file is then untouched. */
icecat_status ic_file_replace(const char *path, const void *data, size_t len, icecat_error *err);

/** 1 when all was written; else errno tells why. */
int ic_file_write_all(int fd, const void *data, size_t len);
/** A file's name must survive a power failure too, not only its bytes. Best effort: some file systems
 *  cannot sync a directory. */
void ic_file_sync_directory(const char *path);

#endif
