/*
 * options.h - the command line against one table of options. Every option has one row in options.def;
 * parsing, help and the environment's names come from there.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stddef.h>

enum option_id {
#define OPTION(id, short_name, long_name, argument, environment, commands, help) OPTION_##id,
#include "options.def"
#undef OPTION
    OPTION_COUNT
};

struct options {
    const char *command; /* canonical name: "submit", "results"; NULL when none was given */
    const char **values[OPTION_COUNT];
    size_t counts[OPTION_COUNT];
    const char **args; /* what is no option */
    size_t arg_count;
};

/* 0 with one sentence in @p why for an unknown option or command, or a missing or surplus argument. */
int options_parse(struct options *options, int argc, char **argv, char *why, size_t why_len);
void options_clear(struct options *options);

/* Times the option was given. */
size_t options_count(const struct options *options, enum option_id id);
/* Its last value, else that of its environment variable, else NULL. */
const char *options_text(const struct options *options, enum option_id id);
/* Value @p index of an option that may be repeated. */
const char *options_at(const struct options *options, enum option_id id, size_t index);

#endif
