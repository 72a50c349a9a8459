/*
 * base64.c - RFC 4648 base64, by libcrypto's block coder.
 */
#include "base/base64.h"

#include <openssl/evp.h>
#include <string.h>

/* A multiple of three, so that only the last piece is padded. */
#define PIECE 3072

icecat_status ic_base64_encode(ic_buf *out, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    unsigned char text[PIECE / 3 * 4 + 1];

    if (len / 3 >= out->max / 4 + 1)
        return out->failed = ICECAT_E_LIMIT;
    ic_buf_reserve(out, (len + 2) / 3 * 4);
    while (len != 0 && ic_buf_status(out) == ICECAT_OK) {
        size_t piece = len < PIECE ? len : PIECE;
        int written = EVP_EncodeBlock(text, bytes, (int)piece);

        ic_buf_add(out, text, (size_t)written);
        bytes += piece;
        len -= piece;
    }
    return ic_buf_status(out);
}

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : -1;
}

icecat_status ic_base64_decode(ic_buf *out, ic_view text)
{
    size_t padding = 0;

    if (text.len % 4 != 0)
        return ICECAT_E_PARSE;
    while (padding < 2 && text.len != 0 && text.data[text.len - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < text.len; i += 4) {
        size_t filled = i + 4 == text.len ? 4 - padding : 4;
        unsigned bits = 0;
        unsigned char bytes[3];

        for (size_t j = 0; j < 4; j++) {
            int value = j < filled ? sextet(text.data[i + j]) : 0;

            if (value < 0)
                return ICECAT_E_PARSE;
            bits = bits << 6 | (unsigned)value;
        }
        bytes[0] = (unsigned char)(bits >> 16);
        bytes[1] = (unsigned char)(bits >> 8);
        bytes[2] = (unsigned char)bits;
        if (ic_buf_add(out, bytes, filled - 1) != ICECAT_OK)
            return ic_buf_status(out);
    }
    return ICECAT_OK;
}
