/*
 * manifest.h - read the rows of the image corpus's MANIFEST.tsv.
 */
#ifndef TEST_MANIFEST_H
#define TEST_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

typedef struct manifest manifest;

typedef struct manifest_row {
    char file[1024]; /* to open */
    const char *path;
    const char *verdict;
    const char *level;
    const char *notes;
    const char *info;
    const char *decoder;
    const char *limits;
    uint32_t width, height; /* 0 when not listed */
} manifest_row;

/** NULL when there is no corpus. */
manifest *manifest_open(void);
int manifest_next(manifest *list, manifest_row *row);
void manifest_close(manifest *list);

/** The whole file in a new block of exactly its size, so that a read behind it is seen. */
uint8_t *read_whole(const char *path, size_t *len);

#endif
