/*
 * options.h - the command line against one table of options. Every option has one row in options.def;
 * parsing, help and the environment's names come from there.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stddef.h>

#define COMMAND_MANY 1000000u

enum command_id {
#define COMMAND(id, name, original, most, settings, arguments, summary) COMMAND_##id,
#include "commands.def"
#undef COMMAND
    COMMAND_COUNT
};

enum option_id {
#define OPTION(id, short_name, long_name, argument, environment, commands, help) OPTION_##id,
#define ALIAS(short_name, long_name, id, value, commands)
#include "options.def"
#undef ALIAS
#undef OPTION
    OPTION_COUNT
};

/* One row of options.def. */
struct option_row {
    const char *long_name;
    const char *argument; /* NULL: a switch */
    const char *environment;
    const char *help;
    unsigned commands; /* bit 1 << command_id */
    char short_name;
};

/* One row of commands.def. */
struct command_row {
    const char *name;
    const char *original; /* name in the Python client, or NULL */
    const char *arguments;
    const char *summary;
    size_t most_args;
    int needs_settings;
};

struct options {
    enum command_id command_id; /* COMMAND_COUNT when none was given */
    const char *command;        /* canonical name: "submit", "results"; NULL when none was given */
    const char **values[OPTION_COUNT]; /* of a switch: "" once for each time it was given */
    size_t counts[OPTION_COUNT];
    const char **args; /* what is no option */
    size_t arg_count;
};

/*
 * 0 with one sentence in @p why for an unknown option or command, or a missing or surplus argument;
 * the rest of the line is read nevertheless, so that the report can follow --output. Options may stand
 * before and after the command; "--" ends them; long ones may be cut short while they are unique.
 * Values point into argv. To be cleared in either case.
 */
int options_parse(struct options *options, int argc, char **argv, char *why, size_t why_len);
void options_clear(struct options *options);

/* As if the option had been given once more; @p value is borrowed. 0 when out of memory. */
int options_add(struct options *options, enum option_id id, const char *value);

/* Times the option was given. */
size_t options_count(const struct options *options, enum option_id id);
/* Its last value, else that of its environment variable unless empty, else NULL. */
const char *options_text(const struct options *options, enum option_id id);
/* Value @p index of an option that may be repeated; NULL when there are fewer. */
const char *options_at(const struct options *options, enum option_id id, size_t index);

/* The tables, for the help. */
const struct option_row *options_row(enum option_id id);
/* The only values that the option may have, ending with NULL; NULL when it takes others. */
const char *const *options_words(enum option_id id);
/* Short name for that command, 0 when there is none; COMMAND_COUNT for any command. */
char options_short_name(enum option_id id, enum command_id command);
const struct command_row *options_command(enum command_id id);
/* By either name; COMMAND_COUNT when there is none. */
enum command_id options_find_command(const char *name);

#endif
