/*
 * memory.h - whose memory the library uses, and how bytes are handed back.
 */
#ifndef ICECAT_MEMORY_H
#define ICECAT_MEMORY_H

#include <icecat/export.h>
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
    void *userdata;
} icecat_allocator;

/** A name with its value: a header, an entry of metadata, a placeholder. Both NUL-terminated. */
typedef struct icecat_pair {
    const char *name;
    const char *value;
} icecat_pair;

/** Bytes that a call returned. Owned by the caller; one thread at a time. */
typedef struct icecat_buffer icecat_buffer;

/** First byte; never NULL for a buffer that a call returned, and followed by a NUL byte. */
ICECAT_API const void *icecat_buffer_data(const icecat_buffer *buffer);

/** Number of bytes, without the NUL byte. 0 when @p buffer is NULL. */
ICECAT_API size_t icecat_buffer_len(const icecat_buffer *buffer);

/** Release a buffer. NULL is allowed. */
ICECAT_API void icecat_buffer_free(icecat_buffer *buffer);

#ifdef __cplusplus
}
#endif

#endif
