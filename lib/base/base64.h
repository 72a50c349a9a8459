/*
 * base64.h - RFC 4648 base64.
 */
#ifndef IC_BASE64_H
#define IC_BASE64_H

#include "base/buf.h"
#include "base/view.h"

icecat_status ic_base64_encode(ic_buf *out, const void *data, size_t len);
/** ICECAT_E_PARSE when @p text is not base64 with its padding. */
icecat_status ic_base64_decode(ic_buf *out, ic_view text);

#endif
