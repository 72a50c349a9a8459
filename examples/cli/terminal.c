/*
 * terminal.c - what a stream is, and text that is safe to show.
 */
#include "terminal.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LEAST_WIDTH 20
#define MOST_WIDTH  1000

int terminal_is_tty(FILE *stream)
{
    return isatty(fileno(stream)) == 1;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : NULL;
}

size_t terminal_width(FILE *stream)
{
    const char *columns = variable("COLUMNS");
    long width = 0;

    if (!terminal_is_tty(stream))
        return 0;
    if (columns != NULL)
        width = strtol(columns, NULL, 10);
#ifdef TIOCGWINSZ
    if (width <= 0) {
        struct winsize size;

        if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0)
            width = size.ws_col;
    }
#endif
    if (width <= 0)
        return 80;
    return width < LEAST_WIDTH ? LEAST_WIDTH : width > MOST_WIDTH ? MOST_WIDTH : (size_t)width;
}

static int is_on(const char *name)
{
    const char *value = variable(name);

    return value != NULL && strcmp(value, "0") != 0;
}

int terminal_colour(FILE *stream, enum terminal_when when)
{
    const char *term = getenv("TERM");
    const char *clicolor = getenv("CLICOLOR");

    if (when != TERMINAL_AUTO)
        return when == TERMINAL_ALWAYS;
    if (variable("NO_COLOR") != NULL)
        return 0;
    if (is_on("CLICOLOR_FORCE") || is_on("FORCE_COLOR"))
        return 1;
    if ((term != NULL && strcmp(term, "dumb") == 0) ||
        (clicolor != NULL && strcmp(clicolor, "0") == 0))
        return 0;
    return terminal_is_tty(stream);
}

const char *terminal_style(int colour, enum terminal_style style)
{
    static const char *const sequences[] = {
        [STYLE_NONE] = "",        [STYLE_BOLD] = "\x1b[1m",   [STYLE_DIM] = "\x1b[2m",
        [STYLE_RED] = "\x1b[31m", [STYLE_GREEN] = "\x1b[32m", [STYLE_YELLOW] = "\x1b[33m",
    };

    return colour ? sequences[style] : "";
}

const char *terminal_reset(int colour)
{
    return colour ? "\x1b[0m" : "";
}

size_t terminal_safe(char *out, size_t len, const char *text)
{
    size_t needed = 0, wrote = 0;
    int is_full = len == 0;
    struct glyph glyph;

    for (text = text_next(text, &glyph); text != NULL; text = text_next(text, &glyph)) {
        needed += glyph.len;
        is_full = is_full || glyph.len >= len - wrote;
        if (!is_full) {
            memcpy(out + wrote, glyph.bytes, glyph.len);
            wrote += glyph.len;
        }
    }
    if (len > 0)
        out[wrote] = '\0';
    return needed;
}
