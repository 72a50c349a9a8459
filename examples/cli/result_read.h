/*
 * result_read.h - read the file that results were written to: a report without asking the table.
 */
#ifndef CLI_RESULT_READ_H
#define CLI_RESULT_READ_H

#include "result_rows.h"

struct result_list {
    struct result_row *rows;
    size_t count;
    cJSON *tree; /* the rows' texts are in it, or in these */
    icecat_batch *batch;
    char **made; /* labels that were made from a whole answer, or NULL */
    struct result_counts counts;
    uint64_t batch_id;
};

/* 1 when @p path is such a file and no batch file; 0 also when it cannot be read. */
int result_read_is(const char *path);
/* Paths and sizes come from the batch file beside it, when that is there. */
icecat_status result_read(const char *path, struct result_list *out, icecat_error *err);
void result_read_clear(struct result_list *list);

#endif
