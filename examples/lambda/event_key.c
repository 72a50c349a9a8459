/*
 * event_key.c - names inside an S3 event: decode and check them. Pure.
 */
#include "event_key.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 1024, BUCKET_MAX = 63, BUCKET_MIN = 3 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Bytes of the UTF-8 sequence at @p s, 0 when it is not one. The terminating NUL ends any sequence. */
static size_t utf8_length(const unsigned char *s)
{
    size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

    if (s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return len;
}

static const char *key_problem(const char *key)
{
    const unsigned char *s = (const unsigned char *)key;
    size_t len = strlen(key);

    if (len == 0)
        return "the object key is empty";
    if (len > KEY_MAX)
        return "the object key is longer than 1024 bytes";
    while (*s != 0) {
        size_t step = utf8_length(s);

        if (step == 0)
            return "the object key is not UTF-8";
        s += step;
    }
    return NULL;
}

static char *checked(char *key, const char **why)
{
    *why = key_problem(key);
    if (*why == NULL)
        return key;
    free(key);
    return NULL;
}

char *event_key_decode(const char *text, const char **why)
{
    char *key = malloc(strlen(text) + 1);
    char *to = key;

    if (key == NULL) {
        *why = "out of memory";
        return NULL;
    }
    for (; *text != '\0'; text++) {
        int high, low;

        if (*text != '%') {
            *to++ = *text == '+' ? ' ' : *text;
            continue;
        }
        high = hex_digit(text[1]);
        low = high < 0 ? -1 : hex_digit(text[2]);
        if (low < 0 || (high == 0 && low == 0)) {
            *why = low < 0 ? "the object key has a malformed % escape"
                           : "the object key holds a NUL character";
            free(key);
            return NULL;
        }
        *to++ = (char)(high * 16 + low);
        text += 2;
    }
    *to = '\0';
    return checked(key, why);
}

char *event_key_copy(const char *text, const char **why)
{
    char *key = strdup(text);

    if (key == NULL) {
        *why = "out of memory";
        return NULL;
    }
    return checked(key, why);
}

int event_bucket_is_valid(const char *name)
{
    size_t len = strlen(name);

    return len >= BUCKET_MIN && len <= BUCKET_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == len;
}

int event_has_nul_escape(const char *data, size_t len)
{
    /* A backslash escapes one character, so pairs are skipped: "\\u0000" is no NUL. */
    for (size_t i = 0; i + 1 < len; i++) {
        if (data[i] != '\\')
            continue;
        if (len - i >= 6 && memcmp(data + i, "\\u0000", 6) == 0)
            return 1;
        i++;
    }
    return 0;
}
