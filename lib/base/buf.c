/*
 * buf.c - a growing byte buffer that has a maximum from birth.
 */
#include "base/buf.h"

#include "base/error.h"

#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_CAP 128

void ic_buf_init(ic_buf *buf, const ic_mem *mem, size_t max)
{
    memset(buf, 0, sizeof(*buf));
    buf->mem = mem != NULL ? mem : &ic_mem_default;
    buf->max = max < SIZE_MAX ? max : SIZE_MAX - 1;
}

void ic_buf_init_fixed(ic_buf *buf, char *scratch, size_t size)
{
    memset(buf, 0, sizeof(*buf));
    buf->data = scratch;
    buf->cap = size;
    buf->max = size != 0 ? size - 1 : 0;
    if (size != 0)
        scratch[0] = '\0';
}

void ic_buf_free(ic_buf *buf)
{
    if (buf->mem != NULL)
        ic_mem_free(buf->mem, buf->data);
    memset(buf, 0, sizeof(*buf));
}

void ic_buf_free_secret(ic_buf *buf)
{
    if (buf->data != NULL)
        OPENSSL_cleanse(buf->data, buf->cap);
    ic_buf_free(buf);
}

void ic_buf_reset(ic_buf *buf)
{
    buf->len = 0;
    buf->failed = ICECAT_OK;
    if (buf->data != NULL && buf->cap != 0)
        buf->data[0] = '\0';
}

static icecat_status grow(ic_buf *buf, size_t need)
{
    size_t cap = buf->cap != 0 ? buf->cap : FIRST_CAP;
    char *data;

    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    if (cap > buf->max + 1)
        cap = buf->max + 1;
    data = ic_mem_regrow(buf->mem, buf->data, cap, 1);
    if (data == NULL)
        return buf->failed = ICECAT_E_NO_MEMORY;
    buf->data = data;
    buf->data[buf->len] = '\0';
    buf->cap = cap;
    return ICECAT_OK;
}

icecat_status ic_buf_reserve(ic_buf *buf, size_t more)
{
    if (buf->failed != ICECAT_OK)
        return buf->failed;
    if (more > buf->max - buf->len)
        return buf->failed = ICECAT_E_LIMIT;
    if (buf->len + more + 1 <= buf->cap)
        return ICECAT_OK;
    /* Fixed memory has cap == max + 1, so it never comes here. */
    return grow(buf, buf->len + more + 1);
}

icecat_status ic_buf_add(ic_buf *buf, const void *data, size_t len)
{
    icecat_status status = ic_buf_reserve(buf, len);

    if (status != ICECAT_OK)
        return status;
    if (len != 0)
        memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
    return ICECAT_OK;
}

icecat_status ic_buf_add_text(ic_buf *buf, const char *text)
{
    return ic_buf_add(buf, text, strlen(text));
}

icecat_status ic_buf_add_u64(ic_buf *buf, uint64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return ic_buf_add(buf, digits + at, sizeof(digits) - at);
}

icecat_status ic_buf_add_format(ic_buf *buf, const char *format, ...)
{
    va_list args;
    va_list again;
    int len;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 && buf->failed == ICECAT_OK)
        buf->failed = ICECAT_E_LIMIT; /* longer than an int can say */
    if (len >= 0 && ic_buf_reserve(buf, (size_t)len) == ICECAT_OK) {
        vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    return buf->failed;
}

icecat_status ic_buf_status(const ic_buf *buf)
{
    return buf->failed;
}

icecat_status ic_buf_check(const ic_buf *buf, const char *what, icecat_error *err)
{
    if (buf->failed == ICECAT_E_NO_MEMORY)
        return ic_fail_memory(err, what);
    if (buf->failed != ICECAT_OK)
        return ic_fail(err, buf->failed, "%s is over %zu bytes", what, buf->max);
    return ICECAT_OK;
}

const char *ic_buf_text(const ic_buf *buf)
{
    return buf->data != NULL && buf->cap != 0 ? buf->data : "";
}

char *ic_buf_take(ic_buf *buf, size_t *len)
{
    char *data = buf->failed == ICECAT_OK ? buf->data : NULL;

    if (data == NULL)
        ic_buf_free(buf);
    if (len != NULL)
        *len = data != NULL ? buf->len : 0;
    buf->data = NULL;
    buf->len = 0;
    buf->cap = 0;
    return data;
}
