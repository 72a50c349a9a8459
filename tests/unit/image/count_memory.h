/*
 * count_memory.h - every allocation of the process, those of libpng and libjpeg too: the test program's
 * malloc counts and hands on to the C library's. Only glibc, and not with a sanitizer, which has a
 * malloc of its own.
 */
#ifndef TEST_COUNT_MEMORY_H
#define TEST_COUNT_MEMORY_H

#include <stddef.h>

/** Begin: nothing is held, and the first @p allowed allocations of this thread succeed. */
void count_memory_begin(size_t allowed);
/** End; gives the most bytes that were held at once. */
size_t count_memory_end(void);
/** Pieces that were allocated since the beginning and not freed before the end. */
long count_memory_held(void);
/** Allocations since the beginning, those that failed too. */
size_t count_memory_calls(void);

/** Run @p work on a stack of its own; gives how many bytes of it were used. */
size_t count_stack(void (*work)(void *userdata), void *userdata);

#endif
