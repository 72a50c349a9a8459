/*
 * oom_inject.h - which allocation fails. Shared by the allocator, the malloc of the program, and main.
 */
#ifndef OOM_INJECT_H
#define OOM_INJECT_H

#include "oom.h"

/**
 * The next run: allocation number @p at (from 0) fails, and with @p onwards all that follow it. Those are
 * counted that malloc is asked for, or that the allocator is.
 */
void oom_inject_set(int by_malloc, size_t at, int onwards);
/** Allocations between begin and end, so far. */
size_t oom_inject_seen(void);
/** 1 when an allocation that malloc, or else the allocator, is asked for now must fail. */
int oom_inject_fails(int by_malloc);
/** Pieces that were given and not taken back, by malloc or by the allocator. */
long oom_inject_held(int by_malloc);
void oom_inject_count(int by_malloc, int difference);

extern const icecat_allocator oom_inject_allocator;

/** 1 when this program has a malloc of its own that can fail. */
int oom_malloc_is_ours(void);

/** Of each public function that was called: name, calls, and the most allocations of one call. */
typedef struct oom_function {
    const char *name;
    size_t calls;
    size_t allocations;
} oom_function;

/** Where they are counted: memory that forked processes share. */
void oom_functions_share(void);
size_t oom_functions(const oom_function **out);

/** The case and turn that oom_broken() tells. */
void oom_inject_name(const char *name, const char *how);

#endif
