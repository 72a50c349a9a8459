/*
 * oom_malloc.c - the program's malloc: of libcurl, OpenSSL, libpng, libjpeg, cJSON and the C library too. It
 * fails when it is told to, and else hands on to the C library's. Only glibc, and not with a sanitizer,
 * which has a malloc of its own.
 */
#include "oom_inject.h"
#include "oom_others.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *data, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *data);
void *memalign(size_t alignment, size_t size);

int oom_malloc_is_ours(void)
{
    return 1;
}

static int fails(void)
{
    if (!oom_inject_fails(1))
        return 0;
    oom_note_failure();
    errno = ENOMEM;
    return 1;
}

static void *took(void *data)
{
    if (data != NULL) {
        oom_inject_count(1, 1);
        oom_trace_took(data);
    }
    return data;
}

void *malloc(size_t size)
{
    return fails() ? NULL : took(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : took(__libc_calloc(count, size));
}

void *realloc(void *data, size_t size)
{
    void *grown;

    if (data == NULL)
        return malloc(size);
    if (size != 0 && fails())
        return NULL;
    grown = __libc_realloc(data, size);
    if (size == 0) /* the C library has freed it */
        oom_inject_count(1, -1);
    if (grown != NULL || size == 0)
        oom_trace_gave(data);
    if (grown != NULL)
        oom_trace_took(grown);
    return grown;
}

void free(void *data)
{
    if (data != NULL) {
        oom_inject_count(1, -1);
        oom_trace_gave(data);
    }
    __libc_free(data);
}

void *memalign(size_t alignment, size_t size)
{
    return fails() ? NULL : took(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *data = memalign(alignment, size);

    if (data == NULL)
        return ENOMEM;
    *out = data;
    return 0;
}
