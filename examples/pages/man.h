/*
 * man.h - manual pages of section 1.
 */
#ifndef PAGES_MAN_H
#define PAGES_MAN_H

#include "page.h"

struct man_stamp {
    const char *version;
    const char *date; /* "2026-11-25" */
};

/* Text as a paragraph has it: blanks and line breaks are the reader's. */
void man_text(FILE *out, const char *text);
/* The lines that begin every page, with its NAME. */
void man_begin(FILE *out, const char *name, const char *summary, const struct man_stamp *stamp);
/* One option, as of an item of a list; both spellings when there are two. */
void man_option(FILE *out, const struct page_option *option);

/* man_icecat.c: icecat.1 for COMMAND_COUNT, else that of a command, by its position in the program. */
void man_icecat(FILE *out, const struct page_program *program, size_t command,
                const struct man_stamp *stamp);
/* man_local.c: icecat-local.1. */
void man_local(FILE *out, const struct page_program *program, const struct man_stamp *stamp);

#endif
