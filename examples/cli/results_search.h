/*
 * results_search.h - does a command line ask for a batch, or does it search the table?
 */
#ifndef CLI_RESULTS_SEARCH_H
#define CLI_RESULTS_SEARCH_H

#include "cli.h"

/* 1 when it searches: by client, status or time, or for a verdict without naming a batch. */
int results_search_is_asked(const struct options *options);
/* What is searched for. 0, or the exit code of a usage error. */
int results_search_read(const struct cli *cli, icecat_search_options *out);

#endif
