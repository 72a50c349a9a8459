/*
 * result_file.h - the files beside a batch file: results, and the function's logs.
 */
#ifndef CLI_RESULT_FILE_H
#define CLI_RESULT_FILE_H

#include "result_rows.h"

/*
 * The name of a file that belongs to @p batch_file: a last ".journal" and a last ".json" go, @p ending
 * comes. It always differs from batch_file. NULL when out of memory; free() it.
 */
char *result_file_name(const char *batch_file, const char *ending);

/* The list that the Python client writes: every record's attributes as texts, and
 * "original_file_name". Images without a record are left out. */
icecat_status result_file_write(const char *path, const icecat_results *results,
                                const struct result_row *rows, size_t count, icecat_error *err);

/* The logs of every image that has some, by its fingerprint. */
icecat_status result_file_write_logs(const char *path, const struct result_row *rows, size_t count,
                                     icecat_error *err);

#endif
