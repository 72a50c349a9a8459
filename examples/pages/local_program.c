/*
 * local_program.c - the options of icecat-local, from the rows of its help.
 */
#include "page.h"
#include "settings_help.h"

#include <stdlib.h>
#include <string.h>

/* Names of the rows, cut at their blanks; they live as long as the program. */
static char names[PAGE_MOST][64];

void page_read_local(struct page_program *out)
{
    const settings_help_row *row;

    memset(out, 0, sizeof(*out));
    out->name = "icecat-local";
    out->summary = "the services of AWS that icecat uses, on this machine";
    for (size_t i = 0; (row = settings_help_at(i)) != NULL && out->option_count < PAGE_MOST; i++) {
        struct page_option *option = &out->options[out->option_count];
        char *name = names[out->option_count];
        char *blank;

        /* An option with several rows is there once. */
        if (row->name == NULL ||
            (out->option_count > 0 && i > 0 && strncmp(row->name, "--fault", 7) == 0 &&
             strcmp(out->options[out->option_count - 1].long_name, "fault") == 0))
            continue;
        option->short_name = row->name[1] != '-' ? row->name[1] : '\0';
        (void)snprintf(name, sizeof(names[0]), "%s", strstr(row->name, "--") + 2);
        blank = strchr(name, ' ');
        if (blank != NULL)
            *blank++ = '\0';
        option->long_name = name;
        option->argument = blank;
        option->help = row->text;
        out->option_count++;
    }
}
