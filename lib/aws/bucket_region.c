/*
 * bucket_region.c - which regions buckets turned out to be in.
 */
#include "aws/bucket_region.h"

#include "aws/endpoint.h"
#include "aws/partition.h"

#include <stdio.h>
#include <string.h>

static ic_bucket_region *find(const ic_bucket_regions *regions, const char *bucket)
{
    for (size_t i = 0; i < IC_BUCKETS_KNOWN; i++) {
        if (regions->items[i].bucket[0] != '\0' && strcmp(regions->items[i].bucket, bucket) == 0)
            return (ic_bucket_region *)&regions->items[i];
    }
    return NULL;
}

const char *ic_bucket_regions_get(const ic_bucket_regions *regions, const char *bucket)
{
    const ic_bucket_region *found = find(regions, bucket);

    return found != NULL ? found->region : NULL;
}

void ic_bucket_regions_put(ic_bucket_regions *regions, const char *bucket, const char *region)
{
    ic_bucket_region *item = find(regions, bucket);

    if (strlen(bucket) >= IC_BUCKET_SIZE || strlen(region) >= IC_REGION_SIZE)
        return;
    if (item == NULL) {
        item = &regions->items[regions->oldest];
        regions->oldest = (regions->oldest + 1) % IC_BUCKETS_KNOWN;
    }
    snprintf(item->bucket, sizeof(item->bucket), "%s", bucket);
    snprintf(item->region, sizeof(item->region), "%s", region);
}

int ic_bucket_region_may_follow(const char *used, const char *told)
{
    return ic_region_is_valid(told) && strcmp(used, told) != 0 &&
           ic_partition_of(used) == ic_partition_of(told);
}
