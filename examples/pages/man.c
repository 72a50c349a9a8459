/*
 * man.c - what the manual pages have in common: the man(7) macros.
 */
#include "man.h"

#include <ctype.h>
#include <string.h>

#define COLUMNS 78

static size_t put(FILE *out, char character)
{
    switch (character) {
    case '\\':
        fputs("\\e", out);
        return 2;
    case '-':
        fputs("\\-", out);
        return 2;
    default:
        fputc(character, out);
        return 1;
    }
}

/* A line that begins with a dot or an apostrophe would be a request. */
static size_t put_word(FILE *out, const char *word, size_t len, int is_first)
{
    size_t used = 0;

    if (is_first && (*word == '.' || *word == '\'')) {
        fputs("\\&", out);
        used = 2;
    }
    for (size_t i = 0; i < len; i++)
        used += put(out, word[i]);
    return used;
}

void man_text(FILE *out, const char *text)
{
    size_t at = 0;

    for (text += strspn(text, " \n"); *text != '\0'; text += strspn(text, " \n")) {
        size_t len = strcspn(text, " \n");

        if (at > 0 && at + len + 1 > COLUMNS) {
            fputc('\n', out);
            at = 0;
        } else if (at > 0) {
            fputc(' ', out);
            at++;
        }
        at += put_word(out, text, len, at == 0);
        text += len;
    }
    fputc('\n', out);
}

void man_begin(FILE *out, const char *name, const char *summary, const struct man_stamp *stamp)
{
    fputs(".TH ", out);
    for (const char *at = name; *at != '\0'; at++)
        fputc(toupper((unsigned char)*at), out);
    fprintf(out, " 1 \"%s\" \"icecat %s\" \"icecat\"\n.SH NAME\n", stamp->date, stamp->version);
    put_word(out, name, strlen(name), 1);
    fputs("\n\\- ", out);
    man_text(out, summary);
}

void man_option(FILE *out, const struct page_option *option)
{
    fputs(".TP\n.B ", out);
    if (option->short_name != 0)
        fprintf(out, "\\-%c%s", option->short_name, option->long_name != NULL ? ", " : "");
    if (option->long_name != NULL) {
        fputs("\\-\\-", out);
        put_word(out, option->long_name, strlen(option->long_name), 0);
    }
    if (option->argument != NULL) {
        fputs(" \\fI", out);
        put_word(out, option->argument, strlen(option->argument), 0);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    man_text(out, option->help);
}
