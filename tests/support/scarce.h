/*
 * scarce.h - an allocator that gives only so many pieces, and counts those that are not given back.
 */
#ifndef SCARCE_H
#define SCARCE_H

#include <icecat/memory.h>

typedef struct scarce {
    size_t left; /* allocations that will succeed */
    size_t live; /* pieces that were not freed */
} scarce;

icecat_allocator scarce_allocator(scarce *s);

#endif
