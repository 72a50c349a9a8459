/*
 * utf8.c - read UTF-8 code point by code point, strictly.
 */
#include "json_out.h"

size_t utf8_decode(const char *text, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *at = (const unsigned char *)text;
    size_t len = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;

    if (at[0] >= 0xf5)
        len = 0;
    *code = at[0];
    if (len < 2)
        return len;
    *code = at[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80) /* also stops at the NUL byte */
            return 0;
        *code = *code << 6 | (at[i] & 0x3fu);
    }
    if (*code < least[len] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
        return 0;
    return len;
}

int utf8_is_valid(const char *text)
{
    uint32_t code;

    while (*text != '\0') {
        size_t len = utf8_decode(text, &code);

        if (len == 0)
            return 0;
        text += len;
    }
    return 1;
}
