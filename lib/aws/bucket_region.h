/*
 * bucket_region.h - which regions buckets turned out to be in. Bounded; no locks of its own. Pure.
 */
#ifndef IC_BUCKET_REGION_H
#define IC_BUCKET_REGION_H

#include <stddef.h>

#define IC_REGION_SIZE   64 /* with the NUL byte */
#define IC_BUCKET_SIZE   64
#define IC_BUCKETS_KNOWN 32

typedef struct ic_bucket_region {
    char bucket[IC_BUCKET_SIZE]; /* "": unused */
    char region[IC_REGION_SIZE];
} ic_bucket_region;

/** Zeroed, it is empty. */
typedef struct ic_bucket_regions {
    ic_bucket_region items[IC_BUCKETS_KNOWN];
    size_t oldest; /* replaced when all are used */
} ic_bucket_regions;

/** NULL when nothing is known of the bucket. */
const char *ic_bucket_regions_get(const ic_bucket_regions *regions, const char *bucket);
/** Names that are too long are not kept. */
void ic_bucket_regions_put(ic_bucket_regions *regions, const char *bucket, const char *region);

/**
 * 1 when a request that was signed for @p used may be signed again for @p told: a region's name, another
 * one, and of the same partition, for keys are worth nothing in another.
 */
int ic_bucket_region_may_follow(const char *used, const char *told);

#endif
