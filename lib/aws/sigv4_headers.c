/*
 * sigv4_headers.c - which headers are signed, and how they are written for that.
 */
#include "aws/sigv4.h"
#include "base/error.h"
#include "base/view.h"

#include <string.h>

int ic_sigv4_is_unsigned_header(const char *name)
{
    static const char *const names[] = { "authorization",    "user-agent", "expect",
                                         "connection",       "keep-alive", "te",
                                         "trailer",          "upgrade",    "x-amzn-trace-id",
                                         "transfer-encoding" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (ic_text_equal_nocase(name, names[i]))
            return 1;
    }
    return strlen(name) > 6 && ic_view_is_nocase(ic_view_n(name, 6), "proxy-");
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static int header_order(const ic_sigv4_item *a, const ic_sigv4_item *b)
{
    size_t len = a->name_len < b->name_len ? a->name_len : b->name_len;

    for (size_t i = 0; i < len; i++) {
        unsigned char x = (unsigned char)lower(a->name[i]);
        unsigned char y = (unsigned char)lower(b->name[i]);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return a->name_len < b->name_len ? -1 : a->name_len > b->name_len;
}

int ic_sigv4_insert_header(ic_sigv4_work *work, const char *name, const char *value)
{
    ic_sigv4_item item = { name, value, strlen(name), strlen(value) };
    size_t at;

    if (work->headers_count == IC_SIGV4_MAX_ITEMS)
        return 0;
    for (at = work->headers_count++; at != 0 && header_order(&item, &work->headers[at - 1]) < 0;
         at--)
        work->headers[at] = work->headers[at - 1];
    work->headers[at] = item;
    return 1;
}

/* A token of RFC 9110. A blank, a comma or a semicolon in a name would make another list of what is signed. */
static int is_name(const char *name)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    const char *c = name;

    while ((*c >= '0' && *c <= '9') || (lower(*c) >= 'a' && lower(*c) <= 'z') ||
           (*c != '\0' && strchr(marks, *c) != NULL))
        c++;
    return c != name && *c == '\0';
}

static int has_header(const ic_sigv4_work *work, const char *name)
{
    for (size_t i = 0; i < work->headers_count; i++) {
        if (ic_text_equal_nocase(work->headers[i].name, name))
            return 1;
    }
    return 0;
}

static int insert_missing(ic_sigv4_work *work, const char *name, const char *value)
{
    return has_header(work, name) || ic_sigv4_insert_header(work, name, value);
}

icecat_status ic_sigv4_gather_headers(ic_sigv4_work *work, icecat_error *err)
{
    const icecat_sigv4_request *request = work->request;
    const char *token = ic_sigv4_session_token(work->options);
    uint32_t flags = work->options->flags;
    int ok = 1;

    for (size_t i = 0; i < request->headers_count && ok; i++) {
        const icecat_pair *header = &request->headers[i];

        if (ic_sigv4_is_unsigned_header(header->name))
            continue;
        if (!is_name(header->name))
            return ic_fail(err, ICECAT_E_ARGUMENT, "\"%.100s\" is not the name of a header",
                           header->name);
        ok = ic_sigv4_insert_header(work, header->name, header->value);
    }
    if (ok && !has_header(work, "host"))
        return ic_fail(err, ICECAT_E_ARGUMENT, "the headers to sign lack \"host\"");
    if (ok && (flags & ICECAT_SIGV4_CONTENT_SHA256) != 0)
        ok = insert_missing(work, "x-amz-content-sha256", request->payload_hash);
    if (ok && !ic_sigv4_is_presigning(work->options)) {
        ok = insert_missing(work, "x-amz-date", work->amz_date);
        if (ok && token != NULL && (flags & ICECAT_SIGV4_OMIT_SESSION_TOKEN) == 0)
            ok = insert_missing(work, "x-amz-security-token", token);
    }
    if (!ok)
        return ic_fail(err, ICECAT_E_LIMIT, "more than %d headers to sign", IC_SIGV4_MAX_ITEMS - 4);
    return ICECAT_OK;
}

static void add_lower(ic_buf *out, const char *text, size_t len)
{
    size_t start = out->len;

    if (ic_buf_add(out, text, len) != ICECAT_OK)
        return;
    for (size_t i = start; i < out->len; i++)
        out->data[i] = lower(out->data[i]);
}

static int same_name(const ic_sigv4_item *a, const ic_sigv4_item *b)
{
    return a->name_len == b->name_len &&
           ic_view_is_nocase(ic_view_n(a->name, a->name_len), b->name);
}

icecat_status ic_sigv4_add_signed_headers(ic_buf *out, const ic_sigv4_work *work)
{
    for (size_t i = 0; i < work->headers_count; i++) {
        if (i != 0 && same_name(&work->headers[i], &work->headers[i - 1]))
            continue;
        if (i != 0)
            ic_buf_add_char(out, ';');
        add_lower(out, work->headers[i].name, work->headers[i].name_len);
    }
    return ic_buf_status(out);
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Blanks at both ends go; a run of them inside, quoted or not, becomes one space. */
static void add_folded(ic_buf *out, const char *text, size_t len)
{
    ic_view rest = ic_view_trim(ic_view_n(text, len));

    while (rest.len != 0) {
        size_t word = 0;

        while (word < rest.len && !is_blank(rest.data[word]))
            word++;
        ic_buf_add(out, rest.data, word);
        if (word < rest.len)
            ic_buf_add_char(out, ' ');
        while (word < rest.len && is_blank(rest.data[word]))
            word++;
        rest = ic_view_n(rest.data + word, rest.len - word);
    }
}

icecat_status ic_sigv4_add_headers(ic_buf *out, const ic_sigv4_work *work)
{
    for (size_t i = 0; i < work->headers_count; i++) {
        const ic_sigv4_item *header = &work->headers[i];

        if (i != 0 && same_name(header, header - 1)) {
            ic_buf_add_char(out, ',');
        } else {
            add_lower(out, header->name, header->name_len);
            ic_buf_add_char(out, ':');
        }
        add_folded(out, header->value, header->value_len);
        if (i + 1 == work->headers_count || !same_name(header, header + 1))
            ic_buf_add_char(out, '\n');
    }
    return ic_buf_status(out);
}
