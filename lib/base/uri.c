/*
 * uri.c - percent-encoding as SigV4 defines it, and the parts of a URL (RFC 3986).
 */
#include "base/uri.h"

#include <string.h>

static int is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

icecat_status ic_uri_encode(ic_buf *out, ic_view text, int keep_slash)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t plain = 0; /* run of bytes that need no escape, appended at once */

    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        char escape[3];

        if (is_unreserved(text.data[i]) || (keep_slash && byte == '/'))
            continue;
        ic_buf_add(out, text.data + plain, i - plain);
        plain = i + 1;
        escape[0] = '%';
        escape[1] = digits[byte >> 4];
        escape[2] = digits[byte & 15];
        ic_buf_add(out, escape, sizeof(escape));
    }
    if (plain < text.len)
        ic_buf_add(out, text.data + plain, text.len - plain);
    return ic_buf_status(out);
}

int ic_hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

icecat_status ic_uri_decode(ic_buf *out, ic_view text, int plus_is_space)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (c == '+' && plus_is_space) {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < text.len ? ic_hex_value(text.data[i + 1]) : -1;
            int low = i + 2 < text.len ? ic_hex_value(text.data[i + 2]) : -1;

            if (i + 2 >= text.len || high < 0 || low < 0)
                return ICECAT_E_PARSE;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if (c == '\0')
            return ICECAT_E_PARSE;
        if (ic_buf_add_char(out, c) != ICECAT_OK)
            return ic_buf_status(out);
    }
    return ICECAT_OK;
}

static int is_host_text(ic_view host, int is_ipv6)
{
    if (host.len == 0 || host.len > 253)
        return 0;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.data[i];
        int ok = is_ipv6 ? ic_hex_value(c) >= 0 || c == ':' || c == '.' || c == '%'
                         : is_unreserved(c) && c != '~';

        if (!ok)
            return 0;
    }
    return 1;
}

/* "host", "host:port" or "[v6]:port" */
static int parse_authority(ic_view authority, ic_url *out)
{
    ic_view port = { NULL, 0 };
    uint64_t number;

    if (authority.len != 0 && authority.data[0] == '[') {
        ic_view rest = ic_view_split(ic_view_n(authority.data + 1, authority.len - 1), ']',
                                     &out->host);

        if (rest.data == NULL)
            return 0;
        if (rest.len != 0 && rest.data[0] != ':')
            return 0;
        if (rest.len != 0)
            port = ic_view_n(rest.data + 1, rest.len - 1);
        out->is_ipv6 = 1;
    } else {
        port = ic_view_split(authority, ':', &out->host);
    }
    if (!is_host_text(out->host, out->is_ipv6))
        return 0;
    if (port.data == NULL)
        return 1;
    if (!ic_view_u64(port, &number) || number == 0 || number > 65535)
        return 0;
    out->is_default_port = number == out->port;
    out->port = (unsigned)number;
    return 1;
}

int ic_url_parse(const char *text, ic_url *out)
{
    ic_view rest = ic_view_of(text);
    ic_view authority;
    const char *slash;

    memset(out, 0, sizeof(*out));
    if (ic_view_starts(rest, "https://")) {
        out->scheme = ic_view_n(rest.data, 5);
        out->port = 443;
    } else if (ic_view_starts(rest, "http://")) {
        out->scheme = ic_view_n(rest.data, 4);
        out->port = 80;
    } else {
        return 0;
    }
    out->is_default_port = 1;
    rest = ic_view_n(rest.data + out->scheme.len + 3, rest.len - out->scheme.len - 3);
    for (size_t i = 0; i < rest.len; i++) {
        unsigned char byte = (unsigned char)rest.data[i];

        if (byte <= 0x20 || byte >= 0x7f || strchr("?#@\\\"<>", (int)byte) != NULL)
            return 0;
    }
    slash = rest.len != 0 ? memchr(rest.data, '/', rest.len) : NULL;
    authority = slash != NULL ? ic_view_n(rest.data, (size_t)(slash - rest.data)) : rest;
    out->path = ic_view_n(rest.data + authority.len, rest.len - authority.len);
    return parse_authority(authority, out);
}
