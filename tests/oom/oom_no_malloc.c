/*
 * oom_no_malloc.c - where the malloc belongs to a sanitizer.
 */
#include "oom_inject.h"

int oom_malloc_is_ours(void)
{
    return 0;
}
