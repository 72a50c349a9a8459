/*
 * fingerprints.h - the distinct fingerprints among many, and where each one is.
 */
#ifndef CLI_FINGERPRINTS_H
#define CLI_FINGERPRINTS_H

#include <stddef.h>

#define FINGERPRINT_NONE ((size_t)-1)

struct fingerprints {
    const char **distinct; /* in the order of their first appearance; borrowed texts */
    size_t distinct_count;
    size_t *place; /* for each one given: its position in distinct, or FINGERPRINT_NONE */
};

/* @p all may have NULL and "" for images without a fingerprint. 0 when out of memory. */
int fingerprints_make(struct fingerprints *out, const char *const *all, size_t count);
void fingerprints_clear(struct fingerprints *fingerprints);

#endif
