/*
 * command_help.c - help [COMMAND|TOPIC], in 80 columns, from options.def and commands.def.
 */
#include "cli.h"
#include "help.h"
#include "suggest.h"

#include <stdio.h>
#include <string.h>

#define TEXT_AT 26

static void one_option(FILE *out, enum option_id id, enum command_id command)
{
    const struct option_row *row = options_row(id);
    char short_name = options_short_name(id, command);
    char left[80];
    size_t len;

    if (row->help == NULL)
        return;
    snprintf(left, sizeof(left), "  %c%c%c --%s%s%s", short_name != 0 ? '-' : ' ',
             short_name != 0 ? short_name : ' ', short_name != 0 ? ',' : ' ', row->long_name,
             row->argument != NULL ? " " : "", row->argument != NULL ? row->argument : "");
    len = strlen(left);
    fputs(left, out);
    if (len + 2 > TEXT_AT) {
        fputc('\n', out);
        len = 0;
    }
    fprintf(out, "%*s", (int)(TEXT_AT - len), "");
    help_wrap(out, row->help, TEXT_AT, TEXT_AT);
}

/* Options of that command alone, or those of all commands. */
static void option_list(FILE *out, enum command_id command, int of_all)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        unsigned commands = options_row((enum option_id)i)->commands;

        if ((commands == ~0u) == (of_all != 0) && (of_all || (commands & (1u << command)) != 0))
            one_option(out, (enum option_id)i, command);
    }
}

static int has_options(enum command_id command)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        unsigned commands = options_row((enum option_id)i)->commands;

        if (commands != ~0u && (commands & (1u << command)) != 0)
            return 1;
    }
    return 0;
}

static void whole_program(FILE *out)
{
    fputs("icecat - is there a cat in this picture?\n\n"
          "Usage: icecat [OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]\n\nCommands:\n",
          out);
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        const struct command_row *row = options_command((enum command_id)i);
        char left[64];

        snprintf(left, sizeof(left), "  %s%s%s", row->name, row->original != NULL ? ", " : "",
                 row->original != NULL ? row->original : "");
        fprintf(out, "%-*s", TEXT_AT, left);
        help_wrap(out, row->summary, TEXT_AT, TEXT_AT);
    }
    fputs("\nOptions of every command, before or after it:\n", out);
    option_list(out, COMMAND_COUNT, 1);
    fputs("\nHelp on a command: icecat help COMMAND. Topics:\n", out);
    for (size_t i = 0; help_topic_name(i) != NULL; i++)
        fprintf(out, "  %s\n", help_topic_name(i));
}

int help_command(FILE *out, enum command_id command)
{
    const struct command_row *row;

    if (command == COMMAND_COUNT) {
        whole_program(out);
        return 0;
    }
    row = options_command(command);
    fprintf(out, "icecat %s - %s\n\n", row->name, row->summary);
    fprintf(out, "Usage: icecat %s [OPTIONS]%s%s\n", row->name,
            row->arguments[0] != '\0' ? " " : "", row->arguments);
    if (row->original != NULL)
        fprintf(out, "Also:  icecat %s, its name in the Python client\n", row->original);
    if (has_options(command)) {
        fputs("\nOptions:\n", out);
        option_list(out, command, 0);
    }
    fputs("\nOptions of every command:\n", out);
    option_list(out, command, 1);
    return 0;
}

int command_help(struct cli *cli)
{
    const char *name = cli->options.arg_count > 0 ? cli->options.args[0] : NULL;
    struct suggestion suggestion;
    enum command_id id;

    if (name == NULL)
        return help_command(stdout, COMMAND_COUNT);
    id = options_find_command(name);
    if (id != COMMAND_COUNT) {
        help_command(stdout, id);
        if (strcmp(name, "config") == 0) /* a topic, too */
            fputc('\n', stdout);
    }
    if (help_topic(stdout, name, &help_as_text) || id != COMMAND_COUNT)
        return 0;
    suggest_begin(&suggestion, name);
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        suggest_offer(&suggestion, options_command((enum command_id)i)->name);
    for (size_t i = 0; help_topic_name(i) != NULL; i++)
        suggest_offer(&suggestion, help_topic_name(i));
    if (suggestion.best != NULL)
        return cli_fail_usage(cli, "there is no help on \"%s\"; did you mean %s?", name,
                              suggestion.best);
    return cli_fail_usage(cli, "there is no help on \"%s\"", name);
}
