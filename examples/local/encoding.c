/*
 * encoding.c - bytes as text and back (pure functions).
 */
#include "encoding.h"

#include <openssl/evp.h>
#include <string.h>

static const char lower[] = "0123456789abcdef";
static const char upper[] = "0123456789ABCDEF";

void encoding_hex(const unsigned char *bytes, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = lower[bytes[i] >> 4];
        out[2 * i + 1] = lower[bytes[i] & 15u];
    }
    out[2 * len] = '\0';
}

/* What a digit stands for; -1 for another character. */
static int value_of(const char *digits, char c)
{
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)(at - digits);
}

bool encoding_hex_read(const char *text, unsigned char *out, size_t len)
{
    if (strlen(text) != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        int high = value_of(lower, text[2 * i]);
        int low = value_of(lower, text[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

static int digit_of(char c)
{
    int value = value_of(lower, c);

    return value < 0 ? value_of(upper, c) : value;
}

int encoding_hex_byte(const char *two)
{
    int high = digit_of(two[0]);
    int low = high < 0 ? -1 : digit_of(two[1]);

    return low < 0 ? -1 : high * 16 + low;
}

void encoding_base64(const unsigned char *bytes, size_t len, char *out)
{
    out[0] = '\0';
    if (len > 0)
        (void)EVP_EncodeBlock((unsigned char *)out, bytes, (int)len);
}

bool encoding_base64_read(const char *text, unsigned char *out, size_t len)
{
    unsigned char raw[ENCODING_BASE64_MAX + 3]; /* decoding fills whole groups of three */
    char again[(ENCODING_BASE64_MAX + 2) / 3 * 4 + 1];
    size_t digits = (len + 2) / 3 * 4;

    if (len > ENCODING_BASE64_MAX || strlen(text) != digits ||
        EVP_DecodeBlock(raw, (const unsigned char *)text, (int)digits) < (int)len)
        return false;
    /* The decoder lets blanks and stray bits of the last digit pass. */
    encoding_base64(raw, len, again);
    if (strcmp(text, again) != 0)
        return false;
    if (len > 0)
        memcpy(out, raw, len);
    return true;
}

void encoding_percent(char c, char out[3])
{
    unsigned char byte = (unsigned char)c;

    out[0] = '%';
    out[1] = upper[byte >> 4];
    out[2] = upper[byte & 15u];
}

void encoding_uuid(const unsigned char random[16], char out[ENCODING_UUID_SIZE])
{
    static const unsigned char groups[] = { 4, 2, 2, 2, 6 };
    unsigned char bytes[16];
    const unsigned char *at = bytes;

    memcpy(bytes, random, sizeof(bytes));
    bytes[6] = (unsigned char)((bytes[6] & 0x0fu) | 0x40u);
    bytes[8] = (unsigned char)((bytes[8] & 0x3fu) | 0x80u);
    for (size_t i = 0; i < sizeof(groups); i++) {
        encoding_hex(at, groups[i], out);
        at += groups[i];
        out += 2 * groups[i];
        *out++ = '-';
    }
    out[-1] = '\0';
}
