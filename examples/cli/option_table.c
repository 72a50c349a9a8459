/*
 * option_table.c - the tables of options.def, choices.def and commands.def, and how they are searched.
 */
#include "option_table.h"

#include <stdlib.h>
#include <string.h>

#define FOR(id) (1u << COMMAND_##id)
#define FOR_ALL (~0u)

static const struct command_row commands[] = {
#define COMMAND(id, name, original, most, settings, arguments, summary)                            \
    [COMMAND_##id] = { name, original, arguments, summary, most, settings },
#include "commands.def"
#undef COMMAND
};

static const struct option_row rows[] = {
#define OPTION(id, short_name, long_name, argument, environment, for_commands, help)               \
    [OPTION_##id] = { long_name, argument, environment, help, for_commands, short_name },
#define ALIAS(short_name, long_name, id, value, for_commands)
#include "options.def"
#undef ALIAS
#undef OPTION
};

static const struct spelling aliases[] = {
#define OPTION(id, short_name, long_name, argument, environment, for_commands, help)
#define ALIAS(short_name, long_name, id, value, for_commands)                                      \
    { long_name, value, OPTION_##id, for_commands, short_name },
#include "options.def"
#undef ALIAS
#undef OPTION
};

#define CHOICES(id, ...) static const char *const words_##id[] = { __VA_ARGS__, NULL };
#include "choices.def"
#undef CHOICES

static const char *const *const words[OPTION_COUNT] = {
#define CHOICES(id, ...) [OPTION_##id] = words_##id,
#include "choices.def"
#undef CHOICES
};

#define ALIAS_COUNT (sizeof(aliases) / sizeof(aliases[0]))

int spelling_at(size_t index, struct spelling *out)
{
    if (index < OPTION_COUNT) {
        const struct option_row *row = &rows[index];

        *out = (struct spelling){ row->long_name, NULL, (enum option_id)index, row->commands,
                                  row->short_name };
        return 1;
    }
    if (index < OPTION_COUNT + ALIAS_COUNT) {
        *out = aliases[index - OPTION_COUNT];
        return 1;
    }
    return 0;
}

int spelling_applies(const struct spelling *spelling, enum command_id command)
{
    return command == COMMAND_COUNT || (spelling->commands & (1u << command)) != 0;
}

int spelling_takes_value(const struct spelling *spelling)
{
    return spelling->value == NULL && rows[spelling->id].argument != NULL;
}

int spelling_find_short(char letter, enum command_id command, struct spelling *out)
{
    for (size_t i = 0; spelling_at(i, out); i++) {
        if (out->short_name == letter && spelling_applies(out, command))
            return 1;
    }
    return 0;
}

int spelling_find_long(const char *name, size_t len, enum command_id command, struct spelling *out)
{
    struct spelling spelling;
    int found = 0;

    for (size_t i = 0; spelling_at(i, &spelling); i++) {
        if (spelling.long_name == NULL || !spelling_applies(&spelling, command) ||
            strncmp(spelling.long_name, name, len) != 0)
            continue;
        if (spelling.long_name[len] == '\0') {
            *out = spelling;
            return 1;
        }
        if (found == 0) {
            *out = spelling;
            found = 1;
        } else if (spelling.id != out->id) {
            found = -1;
        }
    }
    return found;
}

enum command_id options_find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0 ||
            (commands[i].original != NULL && strcmp(commands[i].original, name) == 0))
            return (enum command_id)i;
    }
    return COMMAND_COUNT;
}

size_t options_count(const struct options *options, enum option_id id)
{
    return options->counts[id];
}

const char *options_text(const struct options *options, enum option_id id)
{
    const char *value;

    if (options->counts[id] > 0)
        return options->values[id][options->counts[id] - 1];
    if (rows[id].environment == NULL)
        return NULL;
    value = getenv(rows[id].environment);
    return value != NULL && *value != '\0' ? value : NULL;
}

const char *options_at(const struct options *options, enum option_id id, size_t index)
{
    return index < options->counts[id] ? options->values[id][index] : NULL;
}

const struct option_row *options_row(enum option_id id)
{
    return &rows[id];
}

const char *const *options_words(enum option_id id)
{
    return words[id];
}

char options_short_name(enum option_id id, enum command_id command)
{
    if (rows[id].short_name != 0)
        return rows[id].short_name;
    for (size_t i = 0; i < ALIAS_COUNT; i++) {
        if (aliases[i].id == id && aliases[i].short_name != 0 && command != COMMAND_COUNT &&
            (aliases[i].commands & (1u << command)) != 0)
            return aliases[i].short_name;
    }
    return 0;
}

const struct command_row *options_command(enum command_id id)
{
    return &commands[id];
}
