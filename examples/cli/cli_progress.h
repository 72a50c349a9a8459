/*
 * cli_progress.h - the progress line as the command line asks for it.
 */
#ifndef CLI_CLI_PROGRESS_H
#define CLI_CLI_PROGRESS_H

#include "cli.h"
#include "progress.h"

/* 0, or the exit code of a usage error for an unknown --progress. */
int cli_progress_check(const struct cli *cli);
void cli_progress_begin(const struct cli *cli, struct progress *progress,
                        const struct progress_state *state);

#endif
