/*
 * complete_bash.c - the completion for bash. Needs nothing but bash itself.
 */
#include "page.h"

#include <ctype.h>

/* "icecat-local" as a part of a function's name. */
static void write_name(FILE *out, const char *name)
{
    for (; *name != '\0'; name++)
        fputc(isalnum((unsigned char)*name) ? *name : '_', out);
}

/* Patterns of "COMMAND:OPTION". A long name means one option; a letter may mean another elsewhere. */
static void write_patterns(FILE *out, const struct page_program *program,
                           const struct page_option *option)
{
    const char *between = "";

    if (option->long_name != NULL) {
        fprintf(out, "*:--%s", option->long_name);
        between = " | ";
    }
    if (option->short_name == 0)
        return;
    if (page_is_of_all(program, option)) {
        fprintf(out, "%s*:-%c", between, option->short_name);
        return;
    }
    for (size_t i = 0; i < program->command_count; i++) {
        if ((option->commands & (1u << i)) != 0) {
            fprintf(out, "%s%s:-%c", between, program->commands[i].name, option->short_name);
            between = " | ";
        }
    }
}

static void write_value(FILE *out, const struct page_program *program,
                        const struct page_option *option)
{
    enum page_kind kind = page_kind_of(option);

    fputs("        ", out);
    write_patterns(out, program, option);
    fputs(") ", out);
    if (kind == PAGE_WORDS) {
        fputs("COMPREPLY=($(compgen -W '", out);
        for (size_t i = 0; option->words[i] != NULL; i++)
            fprintf(out, "%s%s", i > 0 ? " " : "", option->words[i]);
        fputs("' -- \"$current\")) ", out);
    } else if (kind != PAGE_TEXT) {
        fputc('_', out);
        write_name(out, program->name);
        fprintf(out, "_files %s ", kind == PAGE_FOLDERS ? "-d" : "-f");
    }
    fputs(";;\n", out);
}

static void write_helpers(FILE *out, const struct page_program *program)
{
    fputs("# Files or folders (-f, -d) that begin like the current word.\n_", out);
    write_name(out, program->name);
    fputs("_files() {\n"
          "    local IFS=$'\\n'\n"
          "    compopt -o filenames 2>/dev/null\n"
          "    COMPREPLY=($(compgen \"$1\" -- \"$current\"))\n"
          "}\n\n"
          "# What may follow an option of a command; fails when nothing does.\n_",
          out);
    write_name(out, program->name);
    fputs("_value() {\n    case \"$1:$2\" in\n", out);
    for (size_t i = 0; i < program->option_count; i++) {
        if (program->options[i].argument != NULL)
            write_value(out, program, &program->options[i]);
    }
    fputs("        *) return 1 ;;\n    esac\n}\n\n", out);
}

static void write_options(FILE *out, const struct page_program *program, unsigned commands,
                          int of_all)
{
    const char *between = "";

    fputs("options+='", out);
    for (size_t i = 0; i < program->option_count; i++) {
        const struct page_option *option = &program->options[i];

        if (option->long_name != NULL && page_is_of_all(program, option) == of_all &&
            (of_all || (option->commands & commands) != 0)) {
            fprintf(out, "%s--%s", between, option->long_name);
            between = " ";
        }
    }
    fputs(" '", out);
}

static void write_command(FILE *out, const struct page_program *program, size_t index)
{
    const struct page_command *command = &program->commands[index];

    fprintf(out, "        %s)\n            ", command->name);
    write_options(out, program, 1u << index, 0);
    if (command->kind == PAGE_FILES) {
        fputs("\n            [[ $current == -* ]] || _", out);
        write_name(out, program->name);
        fputs("_files -f", out);
    } else if (command->kind == PAGE_WORDS) {
        fprintf(out, "\n            words='%s'", command->words);
    }
    fputs("\n            ;;\n", out);
}

/* Which word is the command: options and their values may stand before it. */
static void write_search(FILE *out, const struct page_program *program)
{
    fputs("    for ((i = 1; i < COMP_CWORD; i++)); do\n        case ${COMP_WORDS[i]} in\n", out);
    for (size_t i = 0; i < program->command_count; i++) {
        const struct page_command *command = &program->commands[i];

        fprintf(out, "            %s%s%s) command=${command:-%s} ;;\n", command->name,
                command->other_name != NULL ? " | " : "",
                command->other_name != NULL ? command->other_name : "", command->name);
    }
    fputs("            -*)\n                if _", out);
    write_name(out, program->name);
    fputs("_value \"$command\" \"${COMP_WORDS[i]}\"; then\n"
          "                    [[ ${COMP_WORDS[i + 1]} != '=' ]] || ((i++))\n"
          "                    ((i++))\n"
          "                fi\n"
          "                ;;\n"
          "        esac\n"
          "    done\n",
          out);
}

static void write_main(FILE *out, const struct page_program *program)
{
    fputc('_', out);
    write_name(out, program->name);
    fputs("() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local command='' options='' words='' i\n",
          out);
    write_search(out, program);
    fputs("    COMPREPLY=()\n"
          "    # \"--option=value\" is three words.\n"
          "    if [[ $current == '=' ]]; then\n"
          "        current=''\n"
          "    elif [[ $option == '=' ]]; then\n"
          "        option=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    fi\n"
          "    [[ $option == -* ]] && _",
          out);
    write_name(out, program->name);
    fputs("_value \"$command\" \"$option\" && return 0\n    ", out);
    write_options(out, program, 0, 1);
    fputs("\n", out);
    if (program->command_count > 0) {
        fputs("    case $command in\n", out);
        for (size_t i = 0; i < program->command_count; i++)
            write_command(out, program, i);
        fputs("        *) words='", out);
        for (size_t i = 0; i < program->command_count; i++)
            fprintf(out, "%s%s", i > 0 ? " " : "", program->commands[i].name);
        fputs("' ;;\n    esac\n", out);
    }
    fputs("    [[ $current == -* ]] && words=$options\n"
          "    [[ -z $words ]] || COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
          "    return 0\n}\n\n",
          out);
}

void complete_bash(FILE *out, const struct page_program *program)
{
    fprintf(out, "# bash completion for %s, made from its table of options.\n\n", program->name);
    write_helpers(out, program);
    write_main(out, program);
    fputs("complete -F _", out);
    write_name(out, program->name);
    fprintf(out, " %s\n", program->name);
}
