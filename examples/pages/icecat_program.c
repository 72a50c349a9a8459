/*
 * icecat_program.c - the commands and options of icecat, from its tables.
 */
#include "help.h"
#include "option_table.h"
#include "page.h"

#include <ctype.h>
#include <string.h>

static void append(char *words, size_t size, const char *word, size_t len)
{
    size_t used = strlen(words);

    if (used + len + 2 < size)
        snprintf(words + used, size - used, "%s%.*s", used > 0 ? " " : "", (int)len, word);
}

/* The words of "put|get s3://BUCKET/KEY". */
static void read_words(struct page_command *out, const char *arguments)
{
    while (islower((unsigned char)*arguments)) {
        size_t len = strcspn(arguments, "| ");

        append(out->words, sizeof(out->words), arguments, len);
        arguments += len;
        if (*arguments != '|')
            return;
        arguments++;
    }
}

static void read_topics(struct page_command *out)
{
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        const char *name = options_command((enum command_id)i)->name;

        append(out->words, sizeof(out->words), name, strlen(name));
    }
    for (size_t i = 0; help_topic_name(i) != NULL; i++) {
        if (options_find_command(help_topic_name(i)) == COMMAND_COUNT)
            append(out->words, sizeof(out->words), help_topic_name(i), strlen(help_topic_name(i)));
    }
}

static void read_command(struct page_command *out, enum command_id id)
{
    const struct command_row *row = options_command(id);

    memset(out, 0, sizeof(*out));
    out->name = row->name;
    out->other_name = row->original;
    out->summary = row->summary;
    out->kind = PAGE_WORDS;
    if (id == COMMAND_help)
        read_topics(out);
    else if (islower((unsigned char)row->arguments[0]))
        read_words(out, row->arguments);
    else if (row->arguments[0] != '\0')
        out->kind = PAGE_FILES;
    else
        out->kind = PAGE_TEXT;
}

void page_read_icecat(struct page_program *out)
{
    struct spelling spelling;

    memset(out, 0, sizeof(*out));
    out->name = "icecat";
    out->summary = "is there a cat in this picture?";
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        read_command(&out->commands[out->command_count++], (enum command_id)i);
    for (size_t i = 0; spelling_at(i, &spelling) && out->option_count < PAGE_MOST; i++) {
        const struct option_row *row = options_row(spelling.id);
        struct page_option *option = &out->options[out->option_count++];

        option->long_name = spelling.long_name;
        option->short_name = spelling.short_name;
        option->argument = spelling_takes_value(&spelling) ? row->argument : NULL;
        option->help = row->help;
        option->words = option->argument != NULL ? options_words(spelling.id) : NULL;
        option->commands = spelling.commands;
    }
}
