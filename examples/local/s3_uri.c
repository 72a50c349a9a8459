/*
 * s3_uri.c - percent encoding, UTF-8 and the query of a request.
 */
#include "s3_uri.h"

#include "encoding.h"

#include <stdlib.h>
#include <string.h>

char *s3_uri_decode(const char *text, size_t len, bool plus_is_space)
{
    char *out = malloc(len + 1);
    size_t used = 0;
    bool ok = out != NULL;

    for (size_t i = 0; ok && i < len; i++) {
        int byte = (unsigned char)text[i];

        if (byte == '+' && plus_is_space) {
            byte = ' ';
        } else if (byte == '%') {
            byte = len - i < 3 ? -1 : encoding_hex_byte(text + i + 1);
            i += 2;
        }
        ok = byte > 0;
        out[used++] = (char)byte;
    }
    if (!ok) {
        free(out);
        return NULL;
    }
    out[used] = '\0';
    return out;
}

void s3_uri_encode(s3_text *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-._~/";

    while (*text != '\0') {
        size_t len = strspn(text, plain);

        s3_text_add(out, text, len);
        text += len;
        if (*text != '\0') {
            char escape[3];

            encoding_percent(*text++, escape);
            s3_text_add(out, escape, sizeof(escape));
        }
    }
}

void s3_uri_hex(s3_text *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        char two[3];

        encoding_hex(&byte, 1, two);
        s3_text_add(out, two, 2);
    }
}

char *s3_uri_from_hex(const char *hex)
{
    size_t len = strlen(hex) / 2;
    char *out = strlen(hex) % 2 != 0 ? NULL : malloc(len + 1);
    bool ok = out != NULL;

    for (size_t i = 0; ok && i < len; i++) {
        int byte = encoding_hex_byte(hex + 2 * i);

        ok = byte > 0;
        out[i] = (char)byte;
    }
    if (!ok) {
        free(out);
        return NULL;
    }
    out[len] = '\0';
    return out;
}

size_t s3_utf8_sequence(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t len = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;

    if (at[0] == 0 || at[0] > 0xF4)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xC0u) != 0x80u)
            return 0;
    }
    /* Overlong forms, surrogates, and what is beyond U+10FFFF. */
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
        (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
        return 0;
    return len;
}

bool s3_utf8_valid(const char *text)
{
    while (*text != '\0') {
        size_t len = s3_utf8_sequence(text);

        if (len == 0)
            return false;
        text += len;
    }
    return true;
}

/* Decode one name or value into storage; NULL when malformed. */
static const char *take(char **storage, const char *text, size_t len)
{
    char *decoded = s3_uri_decode(text, len, true);
    char *at = *storage;

    if (decoded == NULL)
        return NULL;
    memcpy(at, decoded, strlen(decoded) + 1);
    *storage += strlen(decoded) + 1;
    free(decoded);
    return s3_utf8_valid(at) ? at : NULL;
}

bool s3_query_read(s3_query *query, const char *text)
{
    char *storage;

    *query = (s3_query){ 0 };
    /* Every parameter may add an empty value to the bytes that the text has. */
    query->storage = storage = malloc(strlen(text) + 2 * S3_QUERY_MAX + 2);
    if (storage == NULL)
        return false;
    while (*text != '\0') {
        size_t len = strcspn(text, "&");
        const char *equals = memchr(text, '=', len);
        size_t name_len = equals == NULL ? len : (size_t)(equals - text);
        size_t value_at = equals == NULL ? len : name_len + 1;
        s3_parameter *item = &query->items[query->count];

        if (len > 0) {
            if (query->count == S3_QUERY_MAX)
                return false;
            item->name = take(&storage, text, name_len);
            item->value = take(&storage, text + value_at, len - value_at);
            if (item->name == NULL || item->value == NULL)
                return false;
            query->count++;
        }
        text += len + (text[len] == '&');
    }
    return true;
}

void s3_query_free(s3_query *query)
{
    free(query->storage);
    *query = (s3_query){ 0 };
}

const char *s3_query_get(const s3_query *query, const char *name)
{
    for (size_t i = 0; i < query->count; i++) {
        if (strcmp(query->items[i].name, name) == 0)
            return query->items[i].value;
    }
    return NULL;
}
