/*
 * s3_xml_read.c - a strict reader of the small documents that S3 requests carry.
 *
 * No document type, no entities but the five of XML, no processing instructions, no CDATA; depth,
 * names and texts are bounded. So nothing here can expand, recurse or fetch.
 */
#include "s3_xml.h"

#include "s3_uri.h"

#include <string.h>

#define PATH_SIZE 256
#define DEPTH_MAX 8
#define TEXT_MAX  8192

typedef struct reader {
    const char *at;
    const char *end;
    s3_xml_visit visit;
    void *userdata;
    char path[PATH_SIZE];
    char names[DEPTH_MAX][64]; /* as written, with prefixes */
    size_t depth;
    bool has_elements; /* the open element has had an element inside */
    char text[TEXT_MAX + 1];
    size_t text_len;
} reader;

static bool space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(reader *r)
{
    while (r->at < r->end && space(*r->at))
        r->at++;
}

static bool starts(const reader *r, const char *what)
{
    size_t len = strlen(what);

    return (size_t)(r->end - r->at) >= len && memcmp(r->at, what, len) == 0;
}

static bool take(reader *r, const char *what)
{
    if (!starts(r, what))
        return false;
    r->at += strlen(what);
    return true;
}

/* Go behind the next occurrence of what. */
static bool skip_past(reader *r, const char *what)
{
    while (r->at < r->end) {
        if (take(r, what))
            return true;
        r->at++;
    }
    return false;
}

static bool name_char(char c, bool first)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
        return true;
    return !first && ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':');
}

static bool read_name(reader *r, char *out, size_t size)
{
    size_t len = 0;

    while (r->at < r->end && name_char(*r->at, len == 0)) {
        if (len + 1 == size)
            return false;
        out[len++] = *r->at++;
    }
    out[len] = '\0';
    return len > 0;
}

static bool add_byte(reader *r, char c)
{
    if (r->text_len == TEXT_MAX)
        return false;
    r->text[r->text_len++] = c;
    return true;
}

/* Append a code point as UTF-8. */
static bool add_point(reader *r, unsigned long point)
{
    if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return false;
    if (point < 0x80)
        return add_byte(r, (char)point);
    if (point < 0x800)
        return add_byte(r, (char)(0xC0 | (point >> 6))) && add_byte(r, (char)(0x80 | (point & 63)));
    if (point < 0x10000)
        return add_byte(r, (char)(0xE0 | (point >> 12))) &&
               add_byte(r, (char)(0x80 | ((point >> 6) & 63))) &&
               add_byte(r, (char)(0x80 | (point & 63)));
    return add_byte(r, (char)(0xF0 | (point >> 18))) &&
           add_byte(r, (char)(0x80 | ((point >> 12) & 63))) &&
           add_byte(r, (char)(0x80 | ((point >> 6) & 63))) &&
           add_byte(r, (char)(0x80 | (point & 63)));
}

/* Behind "&#": digits and ';'. */
static bool read_number(reader *r)
{
    unsigned base = take(r, "x") ? 16 : 10;
    unsigned long point = 0;
    size_t digits = 0;

    for (; r->at < r->end && *r->at != ';'; r->at++, digits++) {
        static const char all[] = "0123456789abcdef0123456789ABCDEF";
        const char *found = memchr(all, *r->at, sizeof(all) - 1);
        unsigned value = found == NULL ? 16 : (unsigned)((found - all) % 16);

        if (value >= base || digits == 8)
            return false;
        point = point * base + value;
    }
    return digits > 0 && take(r, ";") && add_point(r, point);
}

static bool read_entity(reader *r)
{
    static const struct {
        const char *name;
        char stands_for;
    } all[] = {
        { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' }
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (take(r, all[i].name))
            return add_byte(r, all[i].stands_for);
    }
    return take(r, "&#") && read_number(r);
}

/* Attributes say nothing here (namespaces), but must be well-formed. Stops at '>' or "/>". */
static bool skip_attributes(reader *r)
{
    char name[64];

    for (;;) {
        const char *before = r->at;
        char quote;

        skip_space(r);
        if (r->at == r->end)
            return false;
        if (*r->at == '>' || *r->at == '/')
            return true;
        if (before == r->at || !read_name(r, name, sizeof(name)) || !take(r, "="))
            return false;
        quote = r->at < r->end ? *r->at++ : '\0';
        if (quote != '"' && quote != '\'')
            return false;
        while (r->at < r->end && *r->at != quote && *r->at != '<')
            r->at++;
        if (r->at == r->end || *r->at++ != quote)
            return false;
    }
}

static bool push(reader *r, const char *name)
{
    const char *colon = strrchr(name, ':');
    const char *local = colon == NULL ? name : colon + 1;
    size_t len = strlen(r->path);

    if (r->depth == DEPTH_MAX || len + strlen(local) + 2 > PATH_SIZE)
        return false;
    memcpy(r->names[r->depth++], name, strlen(name) + 1);
    if (len > 0)
        r->path[len++] = '/';
    memcpy(r->path + len, local, strlen(local) + 1);
    return true;
}

static void pop(reader *r)
{
    char *slash = strrchr(r->path, '/');

    *(slash == NULL ? r->path : slash) = '\0';
    r->depth--;
}

/* Text between elements must be space. */
static bool text_is_blank(const reader *r)
{
    for (size_t i = 0; i < r->text_len; i++) {
        if (!space(r->text[i]))
            return false;
    }
    return true;
}

static bool end_element(reader *r)
{
    r->text[r->text_len] = '\0';
    if (r->has_elements) {
        if (!text_is_blank(r))
            return false;
        r->text[0] = '\0';
    }
    if (strlen(r->text) != (r->has_elements ? 0 : r->text_len) || !s3_utf8_valid(r->text) ||
        !r->visit(r->userdata, r->path, r->text))
        return false;
    pop(r);
    r->text_len = 0;
    r->has_elements = true; /* its parent has had one now */
    return true;
}

static bool start_tag(reader *r)
{
    char name[sizeof(r->names[0])];

    if (!text_is_blank(r) || !read_name(r, name, sizeof(name)) || !skip_attributes(r) ||
        !push(r, name) || !r->visit(r->userdata, r->path, NULL))
        return false;
    r->text_len = 0;
    r->has_elements = false;
    if (take(r, "/>"))
        return end_element(r);
    return take(r, ">");
}

static bool end_tag(reader *r)
{
    char name[sizeof(r->names[0])];

    if (!read_name(r, name, sizeof(name)) || strcmp(name, r->names[r->depth - 1]) != 0)
        return false;
    skip_space(r);
    return take(r, ">") && end_element(r);
}

static bool read_inside(reader *r)
{
    while (r->depth > 0) {
        bool ok;

        if (r->at == r->end)
            return false;
        if (take(r, "<!--"))
            ok = skip_past(r, "-->");
        else if (take(r, "</"))
            ok = end_tag(r);
        else if (take(r, "<"))
            ok = start_tag(r);
        else if (*r->at == '&')
            ok = read_entity(r);
        else
            ok = add_byte(r, *r->at++);
        if (!ok)
            return false;
    }
    return true;
}

bool s3_xml_read(const unsigned char *data, size_t len, s3_xml_visit visit, void *userdata)
{
    reader r = { .at = (const char *)data, .visit = visit, .userdata = userdata };

    r.end = r.at + len;
    (void)take(&r, "\xEF\xBB\xBF");
    if (take(&r, "<?xml ") && !skip_past(&r, "?>"))
        return false;
    skip_space(&r);
    if (!take(&r, "<") || !start_tag(&r) || !read_inside(&r))
        return false;
    skip_space(&r);
    return r.at == r.end;
}
