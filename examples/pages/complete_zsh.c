/*
 * complete_zsh.c - the completion for zsh: _arguments does the work.
 */
#include "page.h"

#include <ctype.h>
#include <string.h>

static void write_name(FILE *out, const char *name)
{
    for (; *name != '\0'; name++)
        fputc(isalnum((unsigned char)*name) ? *name : '_', out);
}

/* Text inside single quotes, where @p special are escaped for _arguments or _describe. */
static void write_text(FILE *out, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (*text == '\n')
            fputc(' ', out);
        else
            fprintf(out, "%s%c", strchr(special, *text) != NULL ? "\\" : "", *text);
    }
}

static void write_action(FILE *out, enum page_kind kind, const char *const *words)
{
    if (kind == PAGE_FOLDERS)
        fputs("_files -/", out);
    else if (kind == PAGE_FILES)
        fputs("_files", out);
    else if (kind == PAGE_WORDS) {
        fputc('(', out);
        for (size_t i = 0; words[i] != NULL; i++)
            fprintf(out, "%s%s", i > 0 ? " " : "", words[i]);
        fputc(')', out);
    } else {
        fputc(' ', out);
    }
}

static void write_spelling(FILE *out, const struct page_option *option, int is_long)
{
    fputs("    '*", out);
    if (is_long)
        fprintf(out, "--%s%s[", option->long_name, option->argument != NULL ? "=" : "");
    else
        fprintf(out, "-%c%s[", option->short_name, option->argument != NULL ? "+" : "");
    write_text(out, option->help, "[]:\\");
    fputc(']', out);
    if (option->argument != NULL) {
        fputc(':', out);
        write_text(out, option->argument, ":\\");
        fputc(':', out);
        write_action(out, page_kind_of(option), option->words);
    }
    fputs("'\n", out);
}

static void write_options(FILE *out, const struct page_program *program, unsigned commands,
                          int of_all)
{
    for (size_t i = 0; i < program->option_count; i++) {
        const struct page_option *option = &program->options[i];

        if (page_is_of_all(program, option) != of_all ||
            (!of_all && (option->commands & commands) == 0))
            continue;
        if (option->long_name != NULL)
            write_spelling(out, option, 1);
        if (option->short_name != 0)
            write_spelling(out, option, 0);
    }
}

static void write_command(FILE *out, const struct page_program *program, size_t index)
{
    const struct page_command *command = &program->commands[index];

    fprintf(out, "    %s%s%s)\n      own=(\n", command->name,
            command->other_name != NULL ? "|" : "",
            command->other_name != NULL ? command->other_name : "");
    write_options(out, program, 1u << index, 0);
    if (command->kind == PAGE_FILES)
        fputs("    '*:file:_files'\n", out);
    else if (command->kind == PAGE_WORDS)
        fprintf(out, "    '1:word:(%s)'\n", command->words);
    fputs("      )\n      ;;\n", out);
}

static void write_commands(FILE *out, const struct page_program *program)
{
    fputs("  _arguments -C $options '1:command:->command' '*::argument:->argument' && return 0\n"
          "  if [[ $state == command ]]; then\n"
          "    names=(\n",
          out);
    for (size_t i = 0; i < program->command_count; i++) {
        fprintf(out, "    '%s:", program->commands[i].name);
        write_text(out, program->commands[i].summary, ":\\");
        fputs("'\n", out);
    }
    fputs("    )\n    _describe command names\n    return\n  fi\n  case $words[1] in\n", out);
    for (size_t i = 0; i < program->command_count; i++)
        write_command(out, program, i);
    fputs("  esac\n  _arguments $options $own\n", out);
}

void complete_zsh(FILE *out, const struct page_program *program)
{
    fprintf(out, "#compdef %s\n# zsh completion for %s, made from its table of options.\n\n_",
            program->name, program->name);
    write_name(out, program->name);
    fputs("() {\n"
          "  local curcontext=$curcontext state line\n"
          "  local -a options own names\n"
          "  options=(\n",
          out);
    write_options(out, program, 0, 1);
    fputs("  )\n", out);
    if (program->command_count > 0)
        write_commands(out, program);
    else
        fputs("  _arguments $options\n", out);
    fputs("}\n\n_", out);
    write_name(out, program->name);
    fputs(" \"$@\"\n", out);
}
