/*
 * text.h - how a text appears on a terminal.
 */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One thing to print: a character, or what stands for one that must not reach a terminal. */
struct glyph {
    char bytes[12];
    size_t len;   /* of bytes */
    size_t width; /* terminal columns */
};

/* Read the glyph at @p text and return where the next one begins; NULL at the end. Control and
 * direction characters become \xHH or \uHHHH, bytes that are not UTF-8 become U+FFFD. */
const char *text_next(const char *text, struct glyph *glyph);

/* How many bytes at @p text are printable ASCII without quotes and backslashes: in every form of output
 * they stand for themselves, so that texts can be written in pieces rather than letter by letter. */
size_t text_plain_len(const char *text);

/* Does a character steer a terminal, end the line, or turn the direction of writing? */
int text_steers(uint32_t code);

/* Terminal columns of @p text: 0 for combining marks, 2 for wide East Asian characters. */
size_t text_width(const char *text);
/* Write @p text so that it can neither move the cursor nor break the line. */
void text_write_safe(const char *text, FILE *file);
/* The same in at most @p width columns; a part of a longer text becomes "…". Returns the columns. */
size_t text_write_elided(const char *text, size_t width, FILE *file);

#endif
