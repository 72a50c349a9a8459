/*
 * option_table.h - how the parser searches the tables.
 */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include "options.h"

/* One spelling of an option: its row, or an alias of it. */
struct spelling {
    const char *long_name; /* NULL for an alias that is only a letter */
    const char *value;     /* what an alias stands for; NULL when the option's argument follows */
    enum option_id id;
    unsigned commands;
    char short_name;
};

/* Spelling @p index; 0 when there are fewer. */
int spelling_at(size_t index, struct spelling *out);
/* 1 when @p command has it; every command does for COMMAND_COUNT. */
int spelling_applies(const struct spelling *spelling, enum command_id command);
int spelling_takes_value(const struct spelling *spelling);
int spelling_find_short(char letter, enum command_id command, struct spelling *out);
/* 1 found, 0 unknown, -1 when several options begin so. The whole name wins over beginnings. */
int spelling_find_long(const char *name, size_t len, enum command_id command, struct spelling *out);

#endif
