/*
 * command_wait.c - poll a batch until every image has its verdict, then print them.
 */
#include "results_run.h"

int command_wait(struct cli *cli)
{
    return results_command(cli, 1);
}
