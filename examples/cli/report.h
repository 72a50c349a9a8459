/*
 * report.h - one file about a batch, to keep or to send: an HTML page, a CSV table, or JSON.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "result_print.h"

/* The words and numbers of the options, before anything is read. 0, or the exit code of a usage
 * error. */
int report_check(const struct cli *cli);

/* Write the report that --report, or the options of the command report, ask for. 0, or the exit code
 * of a failure that was reported. */
int report_write(struct cli *cli, const struct result_report *data);

#endif
