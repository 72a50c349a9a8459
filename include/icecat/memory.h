/*
 * memory.h - whose memory the library uses.
 */
#ifndef ICECAT_MEMORY_H
#define ICECAT_MEMORY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Memory functions of a client. They cover libicecat's own allocations; libcurl, OpenSSL, cJSON,
 * libpng and libjpeg keep theirs, because their hooks are global to the process. All three are
 * needed; they must be safe to call from every thread that uses the client.
 */
typedef struct icecat_allocator {
    void *(*alloc)(size_t size, void *userdata);               /**< NULL on failure. @p size > 0. */
    void *(*realloc)(void *data, size_t size, void *userdata); /**< As realloc; @p size > 0. */
    void (*free)(void *data, void *userdata);                  /**< @p data may be NULL. */
    void *userdata;                                            /**< Given to all three. */
} icecat_allocator;

/** A name with its value: a header, an entry of metadata, a placeholder. Both NUL-terminated. */
typedef struct icecat_pair {
    const char *name;  /**< Never NULL. */
    const char *value; /**< Never NULL. */
} icecat_pair;

#ifdef __cplusplus
}
#endif

#endif
