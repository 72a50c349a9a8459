/*
 * s3_encode.c - bytes as base64 and hexadecimal.
 */
#include "s3_digest.h"

#include <openssl/evp.h>
#include <string.h>

void s3_base64(const unsigned char *bytes, size_t len, char *out)
{
    out[0] = '\0';
    if (len > 0)
        (void)EVP_EncodeBlock((unsigned char *)out, bytes, (int)len);
}

bool s3_base64_decode(const char *text, unsigned char *out, size_t len)
{
    unsigned char raw[S3_DIGEST_MAX + 3];
    size_t digits = (len + 2) / 3 * 4;

    /* The length fixes the padding, so the decoder's zero bytes for it cannot be mistaken. */
    if (len > S3_DIGEST_MAX || strlen(text) != digits ||
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") !=
            digits - (3 - len % 3) % 3 ||
        EVP_DecodeBlock(raw, (const unsigned char *)text, (int)digits) < (int)len)
        return false;
    memcpy(out, raw, len);
    return true;
}

void s3_hex(const unsigned char *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15u];
    }
    out[2 * len] = '\0';
}

bool s3_hex_decode(const char *text, unsigned char *out, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    if (strlen(text) != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        const char *high = strchr(digits, text[2 * i]);
        const char *low = strchr(digits, text[2 * i + 1]);

        if (high == NULL || low == NULL)
            return false;
        out[i] = (unsigned char)((high - digits) * 16 + (low - digits));
    }
    return true;
}
