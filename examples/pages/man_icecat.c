/*
 * man_icecat.c - the manual pages of icecat and of its commands.
 */
#include "help.h"
#include "man.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- topics of the help as parts of a page ------------------------------------------------ */

static void write_pair(FILE *out, const char *name, const char *text)
{
    fputs(".TP\n.B ", out);
    man_text(out, name);
    man_text(out, text);
}

static void write_text(FILE *out, const char *text)
{
    fputs(".PP\n", out);
    man_text(out, text);
}

static void write_items(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t mark = strcspn(text, " "), len = strcspn(text, "\n");
        char item[512];

        fprintf(out, ".IP \"%s%.*s\" 3\n", *text == '-' ? "\\" : "", (int)mark, text);
        snprintf(item, sizeof(item), "%.*s", (int)(len - mark), text + mark);
        man_text(out, item);
        text += len + (text[len] == '\n');
    }
}

static void write_line(FILE *out, const char *name, const char *note)
{
    fputs(".br\n", out);
    man_text(out, name);
    if (*note != '\0')
        man_text(out, note);
}

static void write_gap(FILE *out)
{
    (void)out;
}

static void write_topics(FILE *out)
{
    static const struct help_writer as_page = { write_pair, write_text, write_items, write_line,
                                                write_gap };
    static const char *const titles[][2] = { { "exit-codes", "EXIT STATUS" },
                                             { "environment", "ENVIRONMENT" },
                                             { "config", "SETTINGS" },
                                             { "formats", "OUTPUT FORMATS" },
                                             { "compat", "THE PYTHON CLIENT" } };

    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        char *topic = NULL;
        size_t len = 0;
        FILE *file = open_memstream(&topic, &len);

        if (file == NULL)
            return;
        help_topic(file, titles[i][0], &as_page);
        fclose(file);
        /* A heading begins a paragraph by itself. */
        fprintf(out, ".SH %s\n%s", titles[i][1], topic + (strncmp(topic, ".PP\n", 4) == 0 ? 4 : 0));
        free(topic);
    }
}

/* ---- pages ------------------------------------------------------------------------------- */

/* Returns how many there are. */
static size_t write_options(FILE *out, const struct page_program *program, unsigned commands,
                            int of_all)
{
    size_t count = 0;

    for (size_t i = 0; i < program->option_count; i++) {
        const struct page_option *option = &program->options[i];

        if (page_is_of_all(program, option) == of_all &&
            (of_all || (option->commands & commands) != 0)) {
            man_option(out, option);
            count++;
        }
    }
    return count;
}

static void write_program(FILE *out, const struct page_program *program,
                          const struct man_stamp *stamp)
{
    man_begin(out, program->name, program->summary, stamp);
    fputs(".SH SYNOPSIS\n.B icecat\n[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIOPTIONS\\fR] "
          "[\\fIARGUMENTS\\fR]\n.SH COMMANDS\n",
          out);
    for (size_t i = 0; i < program->command_count; i++) {
        const struct page_command *command = &program->commands[i];

        fprintf(out, ".TP\n.BR icecat\\-%s (1)", command->name);
        if (command->other_name != NULL)
            fprintf(out, " \", also %s\"", command->other_name);
        fputc('\n', out);
        man_text(out, command->summary);
    }
    fputs(".SH OPTIONS\nThey may stand before and after the command; long ones may be cut short\n"
          "while they are unique. Each command has its own, too.\n",
          out);
    write_options(out, program, 0, 1);
    write_topics(out);
    fputs(".SH SEE ALSO\n.BR icecat\\-local (1),\n.BR libicecat (3)\n", out);
}

static void write_command(FILE *out, const struct page_program *program, size_t index,
                          const struct man_stamp *stamp)
{
    const struct page_command *command = &program->commands[index];
    const char *arguments = options_command(options_find_command(command->name))->arguments;
    char name[64], summary[160];

    snprintf(name, sizeof(name), "icecat-%s", command->name);
    man_begin(out, name, command->summary, stamp);
    fprintf(out, ".SH SYNOPSIS\n.B icecat %s\n[\\fIOPTIONS\\fR]", command->name);
    if (*arguments != '\0') {
        fputs(" \\fI", out);
        fputs(arguments, out);
        fputs("\\fR", out);
    }
    fputs("\n.SH DESCRIPTION\n", out);
    snprintf(summary, sizeof(summary), "%s.", command->summary);
    summary[0] = (char)toupper((unsigned char)summary[0]);
    man_text(out, summary);
    if (command->other_name != NULL)
        fprintf(out, "Its name in the Python client,\n.BR %s ,\nmeans the same.\n",
                command->other_name);
    fputs(".SH OPTIONS\n", out);
    if (write_options(out, program, 1u << index, 0) > 0)
        fputs(".PP\n", out);
    fputs("The options of every command, exit codes, environment and output formats are in\n"
          ".BR icecat (1).\n.SH SEE ALSO\n.BR icecat (1)\n",
          out);
}

void man_icecat(FILE *out, const struct page_program *program, size_t command,
                const struct man_stamp *stamp)
{
    if (command == program->command_count)
        write_program(out, program, stamp);
    else
        write_command(out, program, command, stamp);
}
