/*
 * terminal.h - what a stream is, and text that is safe to show.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stddef.h>
#include <stdio.h>

int terminal_is_tty(FILE *stream);
/* Columns of the terminal behind @p stream (COLUMNS, else asked, else 80); 0 when it is none. */
size_t terminal_width(FILE *stream);

enum terminal_when { TERMINAL_AUTO, TERMINAL_ALWAYS, TERMINAL_NEVER };
/* Colours on that stream? --color, NO_COLOR, CLICOLOR_FORCE and FORCE_COLOR, TERM=dumb, CLICOLOR=0,
 * else whether it is a terminal. */
int terminal_colour(FILE *stream, enum terminal_when when);

enum terminal_style { STYLE_NONE, STYLE_BOLD, STYLE_DIM, STYLE_RED, STYLE_GREEN, STYLE_YELLOW };
/* Escape sequence that begins a style, and the one that ends it; "" when @p colour is 0. */
const char *terminal_style(int colour, enum terminal_style style);
const char *terminal_reset(int colour);

/*
 * Text of strangers (file names, answers) as text_write_safe() writes it, into memory. Returns the bytes
 * needed without the NUL; a longer result is cut at a character. @p out may be NULL with @p len 0.
 */
size_t terminal_safe(char *out, size_t len, const char *text);

#endif
