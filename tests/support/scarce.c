/*
 * scarce.c - an allocator that gives only so many pieces.
 */
#include "scarce.h"

#include <stdlib.h>

static void *scarce_alloc(size_t size, void *userdata)
{
    scarce *s = userdata;
    void *data = s->left != 0 ? malloc(size) : NULL;

    if (data != NULL) {
        s->left--;
        s->live++;
    }
    return data;
}

static void *scarce_realloc(void *data, size_t size, void *userdata)
{
    scarce *s = userdata;
    void *grown = s->left != 0 ? realloc(data, size) : NULL;

    if (grown == NULL)
        return NULL;
    s->left--;
    s->live += data == NULL;
    return grown;
}

static void scarce_free(void *data, void *userdata)
{
    ((scarce *)userdata)->live -= data != NULL;
    free(data);
}

icecat_allocator scarce_allocator(scarce *s)
{
    icecat_allocator allocator = { scarce_alloc, scarce_realloc, scarce_free, s };

    return allocator;
}
