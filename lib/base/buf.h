/*
 * buf.h - a growing byte buffer that has a maximum from birth.
 *
 * Appending never fails half way: on failure the buffer is unchanged and remembers why, so that a
 * writer may append many times and look once, with ic_buf_status().
 */
#ifndef IC_BUF_H
#define IC_BUF_H

#include "base/mem.h"
#include <icecat/error.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ic_buf {
    const ic_mem *mem; /* NULL: fixed memory of the caller */
    char *data;        /* NUL-terminated as soon as it is not NULL */
    size_t len;
    size_t cap;
    size_t max;
    icecat_status failed; /* ICECAT_OK, ICECAT_E_NO_MEMORY or ICECAT_E_LIMIT */
} ic_buf;

void ic_buf_init(ic_buf *buf, const ic_mem *mem, size_t max);
/** Use @p scratch; appending more than @p size - 1 bytes fails with ICECAT_E_LIMIT. */
void ic_buf_init_fixed(ic_buf *buf, char *scratch, size_t size);
void ic_buf_free(ic_buf *buf);
void ic_buf_free_secret(ic_buf *buf);
/** Empty it and forget a failure; the memory is kept. */
void ic_buf_reset(ic_buf *buf);

icecat_status ic_buf_add(ic_buf *buf, const void *data, size_t len);
icecat_status ic_buf_add_text(ic_buf *buf, const char *text);
static inline icecat_status ic_buf_add_char(ic_buf *buf, char c)
{
    if (buf->failed != ICECAT_OK || buf->len >= buf->max || buf->cap - buf->len < 2)
        return ic_buf_add(buf, &c, 1);
    buf->data[buf->len++] = c;
    buf->data[buf->len] = '\0';
    return ICECAT_OK;
}
icecat_status ic_buf_add_u64(ic_buf *buf, uint64_t number);
icecat_status ic_buf_add_format(ic_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
icecat_status ic_buf_reserve(ic_buf *buf, size_t more);

/** ICECAT_OK, or the first failure since the last reset. */
icecat_status ic_buf_status(const ic_buf *buf);
/** As ic_buf_status(), reported: "out of memory for WHAT" or "WHAT is over N bytes". */
icecat_status ic_buf_check(const ic_buf *buf, const char *what, icecat_error *err);
/** Text of the buffer; "" when nothing was appended. */
const char *ic_buf_text(const ic_buf *buf);
/** Hand the memory to the caller, who frees it with ic_mem_free(); NULL when empty or failed. */
char *ic_buf_take(ic_buf *buf, size_t *len);

#endif
