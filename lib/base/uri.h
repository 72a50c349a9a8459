/*
 * uri.h - percent-encoding as SigV4 defines it, and the parts of a URL.
 */
#ifndef IC_URI_H
#define IC_URI_H

#include "base/buf.h"
#include "base/view.h"

/** Encode every byte but A-Z a-z 0-9 - . _ ~, and but '/' when @p keep_slash. */
icecat_status ic_uri_encode(ic_buf *out, ic_view text, int keep_slash);
/** Decode %XX; '+' is a space when @p plus_is_space. ICECAT_E_PARSE for a malformed escape or NUL. */
icecat_status ic_uri_decode(ic_buf *out, ic_view text, int plus_is_space);

/** 0 to 15, or -1 when @p c is no hex digit. */
int ic_hex_value(char c);

typedef struct ic_url {
    ic_view scheme; /* "http" or "https", lower case in the text */
    ic_view host;   /* without brackets */
    ic_view path;   /* may be empty; never with '?' or '#' */
    unsigned port;  /* always set */
    int is_ipv6;
    int is_default_port;
} ic_url;

/** 1 when @p text is an absolute http or https URL without user, query or fragment. */
int ic_url_parse(const char *text, ic_url *out);

#endif
