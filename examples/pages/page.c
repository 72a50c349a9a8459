/*
 * page.c - what the options of a program have in common.
 */
#include "page.h"

#include <string.h>

enum page_kind page_kind_of(const struct page_option *option)
{
    static const char *const files[] = { "FILE", "IMAGE", "PATH", "SRC" };

    if (option->words != NULL)
        return PAGE_WORDS;
    if (strcmp(option->argument, "DIR") == 0)
        return PAGE_FOLDERS;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (strcmp(option->argument, files[i]) == 0)
            return PAGE_FILES;
    }
    return PAGE_TEXT;
}

int page_is_of_all(const struct page_program *program, const struct page_option *option)
{
    unsigned all = program->command_count == 0 ? 0 : (1u << program->command_count) - 1;

    return (option->commands & all) == all;
}
