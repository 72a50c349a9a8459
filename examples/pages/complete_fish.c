/*
 * complete_fish.c - the completion for fish: one line for each option and command.
 */
#include "page.h"

/* Text inside single quotes. */
static void write_text(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
    fputc('\'', out);
}

/* "-n 'it is one of the option's commands'". */
static void write_condition(FILE *out, const struct page_program *program, unsigned commands)
{
    fputs(" -n '__fish_seen_subcommand_from", out);
    for (size_t i = 0; i < program->command_count; i++) {
        const struct page_command *command = &program->commands[i];

        if ((commands & (1u << i)) != 0)
            fprintf(out, " %s%s%s", command->name, command->other_name != NULL ? " " : "",
                    command->other_name != NULL ? command->other_name : "");
    }
    fputc('\'', out);
}

static void write_option(FILE *out, const struct page_program *program,
                         const struct page_option *option)
{
    fprintf(out, "complete -c %s", program->name);
    if (!page_is_of_all(program, option))
        write_condition(out, program, option->commands);
    if (option->short_name != 0)
        fprintf(out, " -s %c", option->short_name);
    if (option->long_name != NULL)
        fprintf(out, " -l %s", option->long_name);
    if (option->argument != NULL) {
        switch (page_kind_of(option)) {
        case PAGE_WORDS:
            fputs(" -x -a '", out);
            for (size_t i = 0; option->words[i] != NULL; i++)
                fprintf(out, "%s%s", i > 0 ? " " : "", option->words[i]);
            fputc('\'', out);
            break;
        case PAGE_FILES:
            fputs(" -r -F", out);
            break;
        case PAGE_FOLDERS:
            fputs(" -x -a '(__fish_complete_directories)'", out);
            break;
        case PAGE_TEXT:
            fputs(" -x", out);
            break;
        }
    }
    fputs(" -d ", out);
    write_text(out, option->help);
    fputc('\n', out);
}

static void write_command(FILE *out, const struct page_program *program, size_t index)
{
    const struct page_command *command = &program->commands[index];

    fprintf(out, "complete -c %s -n __fish_use_subcommand -a %s -d ", program->name, command->name);
    write_text(out, command->summary);
    fputc('\n', out);
    if (command->kind == PAGE_TEXT)
        return;
    fprintf(out, "complete -c %s", program->name);
    write_condition(out, program, 1u << index);
    if (command->kind == PAGE_WORDS)
        fprintf(out, " -a '%s'\n", command->words);
    else
        fputs(" -F\n", out);
}

void complete_fish(FILE *out, const struct page_program *program)
{
    fprintf(out,
            "# fish completion for %s, made from its table of options.\n\n"
            "complete -c %s -f\n",
            program->name, program->name);
    for (size_t i = 0; i < program->command_count; i++)
        write_command(out, program, i);
    for (size_t i = 0; i < program->option_count; i++)
        write_option(out, program, &program->options[i]);
}
