/*
 * view.c - a piece of text by pointer and length.
 */
#include "base/view.h"

#include <string.h>

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static int equal_nocase(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (lower(a[i]) != lower(b[i]))
            return 0;
    }
    return 1;
}

ic_view ic_view_of(const char *text)
{
    return ic_view_n(text, text != NULL ? strlen(text) : 0);
}

ic_view ic_view_n(const void *data, size_t len)
{
    ic_view view = { data, len };

    return view;
}

int ic_view_is(ic_view view, const char *text)
{
    size_t len = strlen(text);

    return view.len == len && (len == 0 || memcmp(view.data, text, len) == 0);
}

int ic_view_is_nocase(ic_view view, const char *text)
{
    size_t len = strlen(text);

    return view.len == len && equal_nocase(view.data, text, len);
}

int ic_view_starts(ic_view view, const char *prefix)
{
    size_t len = strlen(prefix);

    return view.len >= len && (len == 0 || memcmp(view.data, prefix, len) == 0);
}

int ic_view_ends(ic_view view, const char *suffix)
{
    size_t len = strlen(suffix);

    return view.len >= len && (len == 0 || memcmp(view.data + view.len - len, suffix, len) == 0);
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

ic_view ic_view_trim(ic_view view)
{
    while (view.len != 0 && is_blank(view.data[0])) {
        view.data++;
        view.len--;
    }
    while (view.len != 0 && is_blank(view.data[view.len - 1]))
        view.len--;
    return view;
}

ic_view ic_view_split(ic_view view, char separator, ic_view *head)
{
    const char *at = view.len != 0 ? memchr(view.data, separator, view.len) : NULL;
    size_t head_len;

    if (at == NULL) {
        *head = view;
        return ic_view_n(NULL, 0);
    }
    head_len = (size_t)(at - view.data);
    *head = ic_view_n(view.data, head_len);
    return ic_view_n(at + 1, view.len - head_len - 1);
}

int ic_view_u64(ic_view view, uint64_t *out)
{
    uint64_t number = 0;

    if (view.len == 0)
        return 0;
    for (size_t i = 0; i < view.len; i++) {
        unsigned digit = (unsigned)(unsigned char)view.data[i] - '0';

        if (digit > 9 || number > (UINT64_MAX - digit) / 10)
            return 0;
        number = number * 10 + digit;
    }
    *out = number;
    return 1;
}

int ic_text_equal_nocase(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}
