/*
 * dynamodb_binary.c - base64 as the Binary type needs it (pure functions).
 */
#include "dynamodb_binary.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int digit_value(char c)
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

static size_t padding(const char *text, size_t len)
{
    if (len == 0 || text[len - 1] != '=')
        return 0;
    return text[len - 2] == '=' ? 2 : 1;
}

size_t dynamodb_binary_length(const char *text)
{
    size_t len = strlen(text);
    size_t pad;

    if (len % 4 != 0)
        return DYNAMODB_BINARY_BAD;
    pad = padding(text, len);
    for (size_t i = 0; i < len - pad; i++) {
        if (digit_value(text[i]) < 0)
            return DYNAMODB_BINARY_BAD;
    }
    return len / 4 * 3 - pad;
}

/* Byte number at of the decoded text. */
static unsigned char byte_at(const char *text, size_t at)
{
    const char *digit = text + at / 3 * 4 + at % 3;
    unsigned shift = 4 - 2 * (unsigned)(at % 3);
    unsigned both = (unsigned)digit_value(digit[0]) << 6 | (unsigned)digit_value(digit[1]);

    return (unsigned char)(both >> shift);
}

size_t dynamodb_binary_decode(const char *text, unsigned char *out, size_t size)
{
    size_t len = dynamodb_binary_length(text);

    if (len == DYNAMODB_BINARY_BAD || len > size)
        return DYNAMODB_BINARY_BAD;
    for (size_t i = 0; i < len; i++)
        out[i] = byte_at(text, i);
    return len;
}

int dynamodb_binary_compare(const char *a, const char *b)
{
    size_t len_a = dynamodb_binary_length(a);
    size_t len_b = dynamodb_binary_length(b);

    for (size_t i = 0; i < len_a && i < len_b; i++) {
        int order = (int)byte_at(a, i) - (int)byte_at(b, i);

        if (order != 0)
            return order;
    }
    return (len_a > len_b) - (len_a < len_b);
}

bool dynamodb_binary_begins(const char *whole, const char *part)
{
    size_t len = dynamodb_binary_length(part);

    if (len > dynamodb_binary_length(whole))
        return false;
    for (size_t i = 0; i < len; i++) {
        if (byte_at(whole, i) != byte_at(part, i))
            return false;
    }
    return true;
}

void dynamodb_binary_normalise(char *text)
{
    size_t len = strlen(text);
    size_t pad = padding(text, len);
    size_t last = len - pad - 1;

    if (pad == 0)
        return;
    text[last] = alphabet[digit_value(text[last]) & (pad == 1 ? ~3 : ~15)];
}
