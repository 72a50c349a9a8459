/*
 * help_text.c - the help as text, in 80 columns.
 */
#include "help.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS  80
#define NAME_AT  2
#define VALUE_AT 30
#define CODE_AT  7

static void blanks(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

void help_wrap(FILE *out, const char *text, size_t at, size_t indent)
{
    while (*text != '\0') {
        size_t len = strcspn(text, " \n");

        if (at + len > COLUMNS && at > indent) {
            fputc('\n', out);
            blanks(out, indent);
            at = indent;
        }
        fwrite(text, 1, len, out);
        at += len;
        text += len;
        while (*text == ' ') {
            text++;
            if (at < COLUMNS && *text != '\0' && at + 1 + strcspn(text, " \n") <= COLUMNS) {
                fputc(' ', out);
                at++;
            } else if (*text != '\0') {
                at = COLUMNS;
            }
        }
        if (*text == '\n') {
            text++;
            fputc('\n', out);
            at = 0;
        }
    }
    if (at > 0)
        fputc('\n', out);
}

/* Numbers are narrow, so that their texts begin further left. */
static void write_pair(FILE *out, const char *name, const char *text)
{
    if (strspn(name, "0123456789") == strlen(name)) {
        fprintf(out, "%*s  ", CODE_AT - 2, name);
        help_wrap(out, text, CODE_AT, CODE_AT);
        return;
    }
    fprintf(out, "  %-*s", VALUE_AT - NAME_AT, name);
    if (strlen(name) + NAME_AT >= VALUE_AT)
        fprintf(out, "\n%*s", VALUE_AT, "");
    help_wrap(out, text, VALUE_AT, VALUE_AT);
}

static void write_text(FILE *out, const char *text)
{
    help_wrap(out, text, 0, 0);
}

static void write_items(FILE *out, const char *text)
{
    help_wrap(out, text, 0, strcspn(text, " ") + 1);
}

static void write_line(FILE *out, const char *name, const char *note)
{
    fprintf(out, "  %s%s%s\n", name, *note != '\0' ? "  " : "", note);
}

static void write_gap(FILE *out)
{
    fputc('\n', out);
}

const struct help_writer help_as_text = { write_pair, write_text, write_items, write_line,
                                          write_gap };
