/*
 * page.h - what the manual pages of section 1 and the completions are made of: a program, its commands and
 * its options, whichever program it is.
 */
#ifndef PAGES_PAGE_H
#define PAGES_PAGE_H

#include <stddef.h>
#include <stdio.h>

#define PAGE_MOST 128

/* One spelling of an option, or two: the letter and the word. */
struct page_option {
    const char *long_name; /* NULL when there is only the letter */
    const char *argument;  /* NULL: a switch */
    const char *help;
    const char *const *words; /* the only values, ending with NULL; NULL when there are others */
    unsigned commands;        /* bit 1 << position in the commands */
    char short_name;          /* 0 when there is none */
};

/* What an argument of a command, or of an option, is. */
enum page_kind { PAGE_TEXT, PAGE_FILES, PAGE_FOLDERS, PAGE_WORDS };

struct page_command {
    const char *name;
    const char *other_name; /* or NULL */
    const char *summary;
    enum page_kind kind;
    char words[256]; /* of PAGE_WORDS, between blanks */
};

/* A program; without commands when it has none. */
struct page_program {
    const char *name;
    const char *summary;
    struct page_option options[PAGE_MOST];
    size_t option_count;
    struct page_command commands[32];
    size_t command_count;
};

/* icecat_program.c, local_program.c: from the tables of the two programs. */
void page_read_icecat(struct page_program *out);
void page_read_local(struct page_program *out);

/* What the value of an option is. */
enum page_kind page_kind_of(const struct page_option *option);
/* 1 when every command has it. */
int page_is_of_all(const struct page_program *program, const struct page_option *option);

/* complete_*.c: a whole completion. */
void complete_bash(FILE *out, const struct page_program *program);
void complete_zsh(FILE *out, const struct page_program *program);
void complete_fish(FILE *out, const struct page_program *program);

#endif
