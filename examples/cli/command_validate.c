/*
 * command_validate.c - check image headers on this machine; nothing is sent.
 */
#include "cli.h"
#include "files.h"
#include "option_values.h"
#include "validate_print.h"

#include <string.h>

struct walk_problems {
    const struct cli *cli;
    int count;
};

static void on_problem(const char *path, const char *why, void *userdata)
{
    struct walk_problems *problems = userdata;

    problems->count++;
    cli_warn(problems->cli, "%s: %s", path, why);
}

static int exit_code(const struct validate_print *print, int problems)
{
    if (print->refused > 0)
        return EXIT_REJECTED;
    if (problems > 0)
        return print->sound > 0 ? EXIT_PARTIAL : 1;
    return 0;
}

/* 0 when out of memory. */
static int check_all(struct cli *cli, struct files *files, const icecat_image_options *limits,
                     struct validate_print *print)
{
    struct image_check check;
    const char *path;
    int got = 0;

    while (!icecat_cancel_is_fired(cli->cancel) && (got = files_next(files, &path)) > 0) {
        if (strcmp(path, "-") == 0)
            image_check_stream(stdin, limits, &check);
        else
            image_check_file(path, limits, &check);
        if (icecat_cancel_is_fired(cli->cancel)) /* it ended the reading, too */
            break;
        if (!validate_print_file(print, path, &check))
            return 0;
    }
    return got >= 0;
}

static int run(struct cli *cli, struct files_options *which, const icecat_image_options *limits)
{
    struct walk_problems problems = { cli, 0 };
    struct validate_print print;
    struct files *files = files_open(which, on_problem, &problems);
    int is_done, code;

    if (files == NULL || !validate_print_begin(&print, cli)) {
        files_close(files);
        return cli_fail(cli, &(icecat_error){ .status = ICECAT_E_NO_MEMORY });
    }
    is_done = check_all(cli, files, limits, &print);
    files_close(files);
    code = is_done ? exit_code(&print, problems.count) : 1;
    if (is_done && print.sound + print.refused == 0)
        cli_note(cli, "no images were found");
    validate_print_end(&print, code);
    if (!is_done)
        cli_warn(cli, "out of memory: not all files were checked");
    return code;
}

int command_validate(struct cli *cli)
{
    const struct options *options = &cli->options;
    icecat_image_options limits;
    struct files_options which;
    char why[WHY_LEN];
    int code;

    if (!image_check_options(options, &limits, why, sizeof(why)))
        return cli_fail_usage(cli, "%s", why);
    if (options->arg_count == 0 && options_count(options, OPTION_FOLDER) == 0 &&
        options_count(options, OPTION_FILES_FROM) == 0)
        return cli_fail_usage(cli, "validate needs files or folders, or - for stdin");
    if (!files_options_from(&which, options))
        return cli_fail(cli, &(icecat_error){ .status = ICECAT_E_NO_MEMORY });
    code = run(cli, &which, &limits);
    files_options_clear(&which);
    return code;
}
