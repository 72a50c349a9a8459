/*
 * partition.h - the separate clouds of AWS, told by how a region's name begins. Pure.
 */
#ifndef IC_PARTITION_H
#define IC_PARTITION_H

typedef struct ic_partition {
    const char *name;             /* "aws", "aws-cn", ... */
    const char *region_prefix;    /* "" fits every region */
    const char *domain;           /* "amazonaws.com" */
    const char *dualstack_domain; /* "api.aws": of services but S3 */
} ic_partition;

/** Never NULL: a region that nobody knows is taken for one of "aws". */
const ic_partition *ic_partition_of(const char *region);

#endif
