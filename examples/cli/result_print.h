/*
 * result_print.h - many results on stdout, in the format that was asked for.
 */
#ifndef CLI_RESULT_PRINT_H
#define CLI_RESULT_PRINT_H

#include "cli.h"
#include "result_rows.h"

struct result_report {
    const struct result_row *rows;
    size_t row_count;
    struct result_counts counts; /* of all, whatever rows are shown */
    uint64_t batch_id;
    const char *batch_file; /* NULL for none */
    uint64_t elapsed_ms;
    int exit_code;
};

/* Table, plain, CSV, one JSON document, or "result" events with a summary. 0 when stdout failed or
 * memory ran out. */
int result_print(const struct cli *cli, const struct result_report *report);

/* Parts of it, for a command that prints more around them. */
int result_print_table(const struct cli *cli, const struct result_report *report);
void result_print_events(const struct result_report *report);
/* A "summary" event or the last members of a document are written by these. */
void result_print_summary_event(const struct result_report *report);

#endif
