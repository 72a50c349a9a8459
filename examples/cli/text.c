/*
 * text.c - how a text appears on a terminal.
 *
 * The widths are a small table of our own, because wcwidth() needs a UTF-8 locale, which a container
 * or a service often has not.
 */
#include "text.h"

#include "json_out.h"
#include <string.h>

struct range {
    uint32_t first;
    uint32_t last;
};

static const struct range unprintable[] = {
    { 0x01, 0x1f },     { 0x7f, 0x9f },     { 0x061c, 0x061c }, { 0x200e, 0x200f },
    { 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff },
};

static const struct range zero[] = {
    { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd },   { 0x0610, 0x061a },
    { 0x064b, 0x065f }, { 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e },   { 0x1ab0, 0x1aff },
    { 0x1dc0, 0x1dff }, { 0x200b, 0x200d }, { 0x20d0, 0x20ff },   { 0x3099, 0x309a },
    { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xe0100, 0xe01ef },
};

static const struct range wide[] = {
    { 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },   { 0xa960, 0xa97f },
    { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },
    { 0xffe0, 0xffe6 },   { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff },
    { 0x20000, 0x3fffd },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int is_in(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return 1;
    }
    return 0;
}

int text_steers(uint32_t code)
{
    return is_in(unprintable, COUNT(unprintable), code);
}

const char *text_next(const char *text, struct glyph *glyph)
{
    uint32_t code;
    size_t len;

    if (*text == '\0')
        return NULL;
    len = utf8_decode(text, &code);
    if (len == 0) {
        memcpy(glyph->bytes, "\xef\xbf\xbd", 3);
        glyph->len = 3;
        glyph->width = 1;
        return text + 1;
    }
    if (text_steers(code)) {
        snprintf(glyph->bytes, sizeof(glyph->bytes), code < 0x100 ? "\\x%02x" : "\\u%04x",
                 (unsigned)code);
        glyph->len = strlen(glyph->bytes);
        glyph->width = glyph->len;
        return text + len;
    }
    memcpy(glyph->bytes, text, len);
    glyph->len = len;
    glyph->width = is_in(zero, COUNT(zero), code) ? 0 : is_in(wide, COUNT(wide), code) ? 2 : 1;
    return text + len;
}

size_t text_plain_len(const char *text)
{
    size_t len = 0;

    while (text[len] >= ' ' && text[len] <= '~' && text[len] != '"' && text[len] != '\\')
        len++;
    return len;
}

size_t text_width(const char *text)
{
    struct glyph glyph;
    size_t width = text_plain_len(text);

    text += width;
    while ((text = text_next(text, &glyph)) != NULL)
        width += glyph.width;
    return width;
}

/* Write glyphs from @p text on while they fit into @p width; returns the columns. */
static size_t write_up_to(const char *text, size_t width, FILE *file)
{
    struct glyph glyph;
    size_t used = 0;

    while ((text = text_next(text, &glyph)) != NULL && used + glyph.width <= width) {
        fwrite(glyph.bytes, 1, glyph.len, file);
        used += glyph.width;
    }
    return used;
}

void text_write_safe(const char *text, FILE *file)
{
    write_up_to(text, SIZE_MAX / 2, file);
}

size_t text_write_elided(const char *text, size_t width, FILE *file)
{
    size_t whole = text_width(text);
    size_t head;
    size_t used;
    struct glyph glyph;

    if (whole <= width)
        return write_up_to(text, width, file);
    if (width == 0)
        return 0;
    head = width / 3; /* the end of a path tells more than its beginning */
    used = write_up_to(text, head, file);
    fputs("\xe2\x80\xa6", file);
    used++;
    /* Leave out from the front until the rest fits. */
    while (whole > width - used && (text = text_next(text, &glyph)) != NULL)
        whole -= glyph.width;
    return text != NULL ? used + write_up_to(text, width - used, file) : used;
}
