/*
 * source.h - where a walk's bytes come from: memory, a prefix in memory, or a file.
 */
#ifndef IC_IMAGE_SOURCE_H
#define IC_IMAGE_SOURCE_H

#include "image/walk.h"

#define IC_SOURCE_BUFFER 16384

typedef struct ic_source {
    ic_window window;
    uint64_t visible; /* bytes that can be had; less than the file's size for a prefix */
    int fd;           /* -1: memory */
    int failed;       /* errno of a read, or -1 when the file became shorter */
    size_t ahead;     /* bytes of the next read that follows the last one */
    uint8_t *buffer;  /* IC_SOURCE_BUFFER bytes; NULL for memory */
} ic_source;

void ic_source_memory(ic_source *source, const void *data, size_t len);
void ic_source_file(ic_source *source, int fd, uint64_t size, uint8_t *buffer);
/** Make the window cover @p need bytes from @p pos. 0 when they are not visible or reading failed. */
int ic_source_load(ic_source *source, uint64_t pos, size_t need);
/** Run the walk until it is not MORE, or, then, no more bytes are to be had. */
ic_walk_result ic_source_walk(ic_source *source, ic_walk *walk);

#endif
