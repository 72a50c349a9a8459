/*
 * main.c - icecat: from the command line to the exit code.
 */
#include "cli.h"

#include "help.h"
#include "option_values.h"
#include "signals.h"
#include "terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef int command_fn(struct cli *cli);

static command_fn *const functions[] = {
#define COMMAND(id, name, original, most, settings, arguments, summary)                            \
    [COMMAND_##id] = command_##id,
#include "commands.def"
#undef COMMAND
};

/* What the options say about the streams. 0 with a sentence in @p why. */
static int begin_streams(struct cli *cli, char *why, size_t why_len)
{
    const struct options *options = &cli->options;
    size_t format = 5, when = TERMINAL_AUTO, debug = options_count(options, OPTION_DEBUG) > 0;
    int is_sound = options_choice(options, OPTION_OUTPUT, &format, why, why_len);

    if (is_sound)
        is_sound = options_choice(options, OPTION_COLOR, &when, why, why_len);
    cli->width = terminal_width(stdout);
    cli->format = format < 5                ? (enum cli_format)format
                  : terminal_is_tty(stdout) ? FORMAT_TABLE
                                            : FORMAT_PLAIN;
    cli->colour_out = terminal_colour(stdout, (enum terminal_when)when);
    cli->colour_err = terminal_colour(stderr, (enum terminal_when)when);
    cli->verbosity = (int)options_count(options, OPTION_VERBOSE) -
                     (int)options_count(options, OPTION_QUIET);
    if (debug && cli->verbosity < 2)
        cli->verbosity = 2;
    return is_sound;
}

static int run_command(struct cli *cli)
{
    enum command_id id = cli->options.command_id;
    struct config_context context = { &cli->options, cli->cancel, cli_log_level(cli) };
    icecat_error err;

    if (options_command(id)->needs_settings) {
        if (config_load(&cli->config, &context, &err) != ICECAT_OK)
            return cli_fail(cli, &err);
        if (cli->config.alias_used != NULL)
            cli_warn(cli, "%s", cli->config.alias_used);
    }
    return functions[id](cli);
}

static int run(struct cli *cli, int argc, char **argv)
{
    char why[WHY_LEN], stream_why[WHY_LEN];
    int is_parsed = options_parse(&cli->options, argc, argv, why, sizeof(why));
    int is_sound = begin_streams(cli, stream_why, sizeof(stream_why));

    if (!is_parsed || !is_sound)
        return cli_fail_usage(cli, "%s", is_parsed ? stream_why : why);
    if (options_count(&cli->options, OPTION_HELP) > 0)
        return help_command(stdout, cli->options.command_id);
    if (options_count(&cli->options, OPTION_VERSION) > 0)
        return command_version(cli);
    if (cli->options.command == NULL) {
        help_command(stderr, COMMAND_COUNT);
        return EXIT_USAGE;
    }
    cli->cancel = icecat_cancel_new();
    if (cli->cancel == NULL)
        return cli_fail(cli, &(icecat_error){ .status = ICECAT_E_NO_MEMORY });
    signals_catch(cli->cancel);
    return run_command(cli);
}

/* Results that could not be written are a failure, whatever the command made of it. */
static int end_stdout(const struct cli *cli, int code)
{
    int had_error = ferror(stdout);
    int failed = fflush(stdout) != 0;
    int saved = errno;

    if (!had_error && !failed)
        return code;
    if (signals_pipe_broke())
        return EXIT_SIGPIPE;
    cli_warn(cli, "the results could not be written: %s",
             failed ? strerror(saved) : "writing to stdout failed");
    return code == 0 ? 1 : code;
}

int main(int argc, char **argv)
{
    struct cli cli;
    int code;

    memset(&cli, 0, sizeof(cli));
    for (unsigned i = 0; i < CONFIG_COUNT; i++)
        cli.config.values[i].source = CONFIG_UNSET;
    code = end_stdout(&cli, run(&cli, argc, argv));
    if (cli_signal() != 0)
        code = 128 + cli_signal();
    icecat_pipeline_free(cli.pipeline);
    icecat_client_free(cli.client);
    config_clear(&cli.config);
    options_clear(&cli.options);
    /* The token stays: a signal may still use it. */
    return code;
}
