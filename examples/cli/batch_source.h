/*
 * batch_source.h - which batch a command is about: a batch file, an id, or the newest file.
 */
#ifndef CLI_BATCH_SOURCE_H
#define CLI_BATCH_SOURCE_H

#include "cli.h"

struct batch_source {
    uint64_t batch_id;
    icecat_batch *batch; /* NULL when only the id is known */
    char *path;          /* of the batch file or journal; NULL with batch */
};

/* From -b FILE, --batchid ID or --latest. 0, or the exit code of a failure that was reported. */
int batch_source_open(struct cli *cli, struct batch_source *out);
/* A batch file that is known. The path is copied. */
int batch_source_load(const struct cli *cli, const char *path, struct batch_source *out);
void batch_source_close(struct batch_source *source);

/* --logs-dir, or "./logs". */
const char *batch_logs_dir(const struct cli *cli);

/* ---- names ------------------------------------------------------------------------------- */

/* The id in "CLIENT_batch-ID.json" or "CLIENT_batch-ID.json.journal"; 0 when it is no such name. */
uint64_t batch_name_id(const char *name);
/* The newest batch file or journal in @p dir, of batch @p batch_id unless that is 0. NULL when there is
 * none; errno is 0 unless the folder could not be read. free() it. */
char *batch_find(const char *dir, uint64_t batch_id);

#endif
