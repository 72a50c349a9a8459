/*
 * help.h - texts of the help, made from the tables.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "options.h"
#include <stdio.h>

/* How the parts of a topic are written: as text here, as a manual page by examples/pages. */
struct help_writer {
    void (*pair)(FILE *out, const char *name, const char *text); /* a name and what it means */
    void (*text)(FILE *out, const char *text);                   /* a paragraph */
    void (*items)(FILE *out, const char *text); /* lines that begin with "- " or a number */
    void (*line)(FILE *out, const char *name, const char *note); /* one of a list of names */
    void (*gap)(FILE *out);                                      /* between two of these */
};
extern const struct help_writer help_as_text;

/* Help of one command, or of the whole program for COMMAND_COUNT. Returns the exit code 0. */
int help_command(FILE *out, enum command_id command);
/* 1 when there is such a topic, and it was written. */
int help_topic(FILE *out, const char *name, const struct help_writer *writer);
/* Name of topic @p index, NULL when there are fewer. */
const char *help_topic_name(size_t index);

/* Write @p text in lines of at most 80 columns; the first begins at column @p at. Lines that are
 * broken here go on behind @p indent blanks; those that the text breaks begin at the edge. */
void help_wrap(FILE *out, const char *text, size_t at, size_t indent);

#endif
