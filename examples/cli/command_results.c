/*
 * command_results.c - all verdicts of a batch.
 */
#include "results_run.h"

int command_results(struct cli *cli)
{
    return results_command(cli, options_count(&cli->options, OPTION_WAIT) != 0);
}
