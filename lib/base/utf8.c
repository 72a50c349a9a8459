/*
 * utf8.c - where one character of UTF-8 ends, and lines that are fit to be read.
 *
 * Source of the rules: RFC 3629; overlong forms, surrogates and numbers over U+10FFFF are malformed.
 */
#include "base/utf8.h"

#include <string.h>

size_t ic_utf8_len(const void *text, size_t len)
{
    const unsigned char *bytes = text;
    size_t need;

    if (len == 0)
        return 0;
    need = bytes[0] < 0x80   ? 1
           : bytes[0] < 0xc2 ? 0
           : bytes[0] < 0xe0 ? 2
           : bytes[0] < 0xf0 ? 3
           : bytes[0] < 0xf5 ? 4
                             : 0;
    if (need == 0 || need > len)
        return 0;
    for (size_t i = 1; i < need; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((bytes[0] == 0xe0 && bytes[1] < 0xa0) || (bytes[0] == 0xed && bytes[1] > 0x9f) ||
        (bytes[0] == 0xf0 && bytes[1] < 0x90) || (bytes[0] == 0xf4 && bytes[1] > 0x8f))
        return 0;
    return need;
}

int ic_utf8_is_valid(const void *text, size_t len)
{
    const char *at = text;
    size_t step = 1;

    for (; len != 0 && step != 0; at += step, len -= step)
        step = ic_utf8_len(at, len);
    return step != 0;
}

/* Characters of one, two and three bytes that would end the line or change how a terminal shows it. */
static int breaks_line(const unsigned char *c, size_t len)
{
    if (len == 1)
        return c[0] < 0x20 || c[0] == 0x7f;
    if (len == 2)
        return c[0] == 0xc2 && c[1] < 0xa0; /* U+0080 to U+009F */
    if (len != 3 || c[0] != 0xe2)
        return 0;
    /* U+2028 to U+202E, U+2066 to U+2069 */
    return (c[1] == 0x80 && c[2] >= 0xa8 && c[2] <= 0xae) ||
           (c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9);
}

/* 1 when the bytes from @p text to the end are the beginning of one character. */
static int is_cut(const unsigned char *text, size_t len)
{
    size_t need = text[0] < 0xc2 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;

    if (text[0] > 0xf4 || len >= need)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    }
    return 1;
}

void ic_utf8_make_line(char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t len = strlen(text);
    int is_full = len + 1 >= size;
    size_t to = 0;

    for (size_t at = 0; at < len;) {
        size_t step = ic_utf8_len(bytes + at, len - at);

        if (step == 0 && is_full && is_cut(bytes + at, len - at))
            break;
        if (step == 0 || breaks_line(bytes + at, step)) {
            text[to++] = step == 0 ? '?' : ' ';
            at += step != 0 ? step : 1;
            continue;
        }
        memmove(text + to, text + at, step);
        to += step;
        at += step;
    }
    text[to] = '\0';
}
