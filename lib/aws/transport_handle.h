/*
 * transport_handle.h - one easy handle of libcurl, for one request after the other.
 */
#ifndef IC_TRANSPORT_HANDLE_H
#define IC_TRANSPORT_HANDLE_H

#include "aws/transport_status.h"
#include "base/buf.h"

#include <curl/curl.h>

typedef struct ic_handle {
    CURL *easy;
    struct ic_handle *next_idle;
    const ic_mem *mem;
    const ic_transport_settings *settings;
    ic_buf texts;             /* of the header lines, each with its NUL byte */
    struct curl_slist *lines; /* the list of them that libcurl reads */
    size_t line_cap;
    char error_text[CURL_ERROR_SIZE];
    ic_transfer_end end;
} ic_handle;

/** A handle with all that is the same for every request. @p settings must outlive it. NULL when out of memory. */
ic_handle *ic_handle_new(const ic_mem *mem, const ic_transport_settings *settings);
void ic_handle_free(ic_handle *handle);

/** Make it ready for @p exchange, which must live until ic_handle_clear(). ICECAT_E_NO_MEMORY. */
icecat_status ic_handle_load(ic_handle *handle, ic_exchange *exchange, icecat_error *err);
/** Bytes of the body that were sent so far. */
uint64_t ic_handle_sent(const ic_handle *handle);
/** Leave nothing of one request for the next. */
void ic_handle_clear(ic_handle *handle);

#endif
