/*
 * settings_help.h - the help of icecat-local as a table, for --help and for its manual page.
 */
#ifndef ICECAT_LOCAL_SETTINGS_HELP_H
#define ICECAT_LOCAL_SETTINGS_HELP_H

#include <stddef.h>

/* An option with its argument, and what it means; without a name, a heading. */
typedef struct settings_help_row {
    const char *name; /* "--data DIR", "-v, --verbose" */
    const char *text;
} settings_help_row;

/* Row @p index; NULL when there are fewer. */
const settings_help_row *settings_help_at(size_t index);

#endif
