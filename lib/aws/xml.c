/*
 * xml.c - find the text of one element.
 */
#include "aws/xml.h"

#include "base/uri.h"

#include <string.h>

static const char *find(ic_view text, const char *wanted)
{
    size_t len = strlen(wanted);

    for (size_t i = 0; i + len <= text.len; i++) {
        if (memcmp(text.data + i, wanted, len) == 0)
            return text.data + i;
    }
    return NULL;
}

static ic_view from(ic_view text, const char *at)
{
    return ic_view_n(at, text.len - (size_t)(at - text.data));
}

static int ends_name(char c)
{
    return c == '>' || c == '/' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Skip the declaration, comments and blanks that may stand before the root. */
static ic_view skip_prolog(ic_view text)
{
    for (;;) {
        const char *end = NULL;
        size_t end_len = 0;

        while (text.len != 0 && strchr(" \t\r\n", text.data[0]) != NULL && text.data[0] != '\0')
            text = ic_view_n(text.data + 1, text.len - 1);
        if (ic_view_starts(text, "\xef\xbb\xbf")) {
            text = ic_view_n(text.data + 3, text.len - 3);
            continue;
        }
        if (ic_view_starts(text, "<?")) {
            end = find(text, "?>");
            end_len = 2;
        } else if (ic_view_starts(text, "<!--")) {
            end = find(text, "-->");
            end_len = 3;
        }
        if (end == NULL)
            return text;
        text = from(text, end + end_len);
    }
}

int ic_xml_root_is(ic_view document, const char *name)
{
    ic_view root = skip_prolog(document);
    size_t len = strlen(name);

    return root.len > len + 1 && root.data[0] == '<' && memcmp(root.data + 1, name, len) == 0 &&
           ends_name(root.data[len + 1]);
}

/* 1 when @p text begins with one of the five entities. */
static int read_entity(ic_view text, char *c, size_t *len)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {
        { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' }
    };

    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        if (ic_view_starts(text, entities[i].name)) {
            *c = entities[i].c;
            *len = strlen(entities[i].name);
            return 1;
        }
    }
    return 0;
}

/* The number of "&#10;" or "&#xA;" and its length; 0 when it is none that XML allows. */
static uint32_t read_reference(ic_view text, size_t *len)
{
    int is_hex = ic_view_starts(text, "&#x");
    uint32_t base = is_hex ? 16 : 10;
    uint32_t code = 0;
    size_t at = is_hex ? 3 : 2;

    if (!ic_view_starts(text, "&#"))
        return 0;
    for (; at < text.len && text.data[at] != ';'; at++) {
        int digit = ic_hex_value(text.data[at]);

        if (digit < 0 || (uint32_t)digit >= base || code > 0x10ffff)
            return 0;
        code = code * base + (uint32_t)digit;
    }
    *len = at + 1;
    return at < text.len && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? code : 0;
}

static void add_code(ic_buf *out, uint32_t code)
{
    if (code < 0x80) {
        ic_buf_add_char(out, (char)code);
        return;
    }
    if (code < 0x800) {
        ic_buf_add_char(out, (char)(0xc0 | code >> 6));
    } else {
        if (code < 0x10000) {
            ic_buf_add_char(out, (char)(0xe0 | code >> 12));
        } else {
            ic_buf_add_char(out, (char)(0xf0 | code >> 18));
            ic_buf_add_char(out, (char)(0x80 | (code >> 12 & 0x3f)));
        }
        ic_buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
    }
    ic_buf_add_char(out, (char)(0x80 | (code & 0x3f)));
}

static void add_decoded(ic_buf *out, ic_view text)
{
    while (text.len != 0) {
        size_t step = 1;
        char c = text.data[0];
        uint32_t code = c == '&' ? read_reference(text, &step) : 0;

        if (code != 0) {
            add_code(out, code);
        } else {
            step = 1;
            if (c == '&')
                (void)read_entity(text, &c, &step);
            ic_buf_add_char(out, c);
        }
        text = ic_view_n(text.data + step, text.len - step);
    }
}

/* The '>' of the tag at @p text, or NULL; inside of an attribute's quotes it is none. */
static const char *tag_end(ic_view text)
{
    char quote = '\0';

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return text.data + i;
    }
    return NULL;
}

int ic_xml_text(ic_view document, const char *name, ic_buf *out)
{
    size_t len = strlen(name);
    ic_view rest = skip_prolog(document);
    const char *open;

    while ((open = rest.len != 0 ? memchr(rest.data, '<', rest.len) : NULL) != NULL) {
        const char *end;
        const char *close;

        rest = from(rest, open + 1);
        if (rest.len <= len || memcmp(rest.data, name, len) != 0 || !ends_name(rest.data[len]))
            continue;
        end = tag_end(rest);
        if (end == NULL)
            return 0;
        if (end[-1] == '/')
            return 1;
        rest = from(rest, end + 1);
        close = memchr(rest.data, '<', rest.len);
        if (close == NULL || from(rest, close).len < 2 || close[1] != '/')
            return 0;
        add_decoded(out, ic_view_n(rest.data, (size_t)(close - rest.data)));
        return 1;
    }
    return 0;
}
