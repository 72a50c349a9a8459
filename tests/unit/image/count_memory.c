/*
 * count_memory.c - every allocation of the process, and the stack of a call.
 */
#include "count_memory.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *data, size_t size);
void __libc_free(void *data);

static _Thread_local struct {
    int is_counting;
    size_t allowed, calls, bytes, peak;
    long held;
} now;

static int may_allocate(void)
{
    if (!now.is_counting)
        return 1;
    if (now.calls++ < now.allowed)
        return 1;
    errno = ENOMEM;
    return 0;
}

static void *took(void *data)
{
    if (now.is_counting && data != NULL) {
        now.held++;
        now.bytes += malloc_usable_size(data);
        if (now.bytes > now.peak)
            now.peak = now.bytes;
    }
    return data;
}

static void gave(void *data)
{
    if (now.is_counting && data != NULL) {
        now.held--;
        now.bytes -= malloc_usable_size(data);
    }
}

void *malloc(size_t size)
{
    return may_allocate() ? took(__libc_malloc(size)) : NULL;
}

void *calloc(size_t count, size_t size)
{
    return may_allocate() ? took(__libc_calloc(count, size)) : NULL;
}

void *realloc(void *data, size_t size)
{
    if (!may_allocate())
        return NULL;
    gave(data);
    return took(__libc_realloc(data, size));
}

void free(void *data)
{
    gave(data);
    __libc_free(data);
}

void count_memory_begin(size_t allowed)
{
    memset(&now, 0, sizeof(now));
    now.allowed = allowed;
    now.is_counting = 1;
}

size_t count_memory_end(void)
{
    now.is_counting = 0;
    return now.peak;
}

long count_memory_held(void)
{
    return now.held;
}

size_t count_memory_calls(void)
{
    return now.calls;
}

struct job {
    void (*work)(void *userdata);
    void *userdata;
};

static void *run_job(void *userdata)
{
    const struct job *job = userdata;

    job->work(job->userdata);
    return NULL;
}

size_t count_stack(void (*work)(void *userdata), void *userdata)
{
    enum { SIZE = 1 << 20, PAINT = 0xa5 };
    struct job job = { work, userdata };
    pthread_attr_t attributes;
    pthread_t thread;
    uint8_t *stack = aligned_alloc(65536, SIZE);
    size_t untouched = 0;

    if (stack == NULL)
        abort();
    memset(stack, PAINT, SIZE);
    if (pthread_attr_init(&attributes) != 0 ||
        pthread_attr_setstack(&attributes, stack, SIZE) != 0 ||
        pthread_create(&thread, &attributes, run_job, &job) != 0 || pthread_join(thread, NULL) != 0)
        abort();
    pthread_attr_destroy(&attributes);
    while (untouched < SIZE && stack[untouched] == PAINT)
        untouched++;
    free(stack);
    return SIZE - untouched;
}
