/*
 * utf8.c - where one character of UTF-8 ends.
 *
 * Source of the rules: RFC 3629; overlong forms, surrogates and numbers over U+10FFFF are malformed.
 */
#include "base/utf8.h"

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
