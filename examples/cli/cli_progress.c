/*
 * cli_progress.c - the progress line as the command line asks for it.
 */
#include "cli_progress.h"

#include "terminal.h"

static int kind_of(const struct cli *cli, enum progress_kind *out)
{
    /* Log lines would tear a bar to pieces. */
    int is_for_bar = terminal_is_tty(stderr) && cli->verbosity < 1;

    return progress_kind_of(options_text(&cli->options, OPTION_PROGRESS), is_for_bar, out);
}

int cli_progress_check(const struct cli *cli)
{
    enum progress_kind kind;

    if (kind_of(cli, &kind))
        return 0;
    return cli_fail_usage(cli, "--progress %s: it is one of auto, bar, plain, none",
                          options_text(&cli->options, OPTION_PROGRESS));
}

void cli_progress_begin(const struct cli *cli, struct progress *progress,
                        const struct progress_state *state)
{
    enum progress_kind kind = PROGRESS_NONE;
    /* When the output is JSON, so is what else is said, unless a line was asked for. */
    int is_silent = cli_is_json(cli) && options_text(&cli->options, OPTION_PROGRESS) == NULL;

    if (cli->verbosity >= 0 && !is_silent)
        kind_of(cli, &kind);
    progress_begin(progress, kind, stderr, terminal_width(stderr), state);
}
