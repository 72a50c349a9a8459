/*
 * s3_condition.h - If-Match and its relatives, and Range: pure functions.
 */
#ifndef ICECAT_LOCAL_S3_CONDITION_H
#define ICECAT_LOCAL_S3_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

/* The headers' values; NULL when absent. */
typedef struct s3_conditions {
    const char *match;
    const char *none_match;
    const char *modified_since;
    const char *unmodified_since;
} s3_conditions;

typedef enum s3_verdict {
    S3_VERDICT_GO_ON,
    S3_VERDICT_NOT_MODIFIED, /* If-None-Match or If-Modified-Since */
    S3_VERDICT_FAILED        /* If-Match or If-Unmodified-Since */
} s3_verdict;

/* Judge an object; *which is the header that decided. A malformed date is as if absent. */
s3_verdict s3_conditions_judge(const s3_conditions *conditions, const char *etag,
                               int64_t modified_s, const char **which);

/* Whether a list of entity tags ("*", quoted, weak or bare) has this one. */
bool s3_etag_listed(const char *list, const char *etag);

typedef enum s3_range_kind {
    S3_RANGE_WHOLE, /* no range, or one that has to be ignored */
    S3_RANGE_PART,
    S3_RANGE_BEYOND /* cannot be satisfied */
} s3_range_kind;

/* Read "bytes=a-b", "bytes=a-" or "bytes=-n". Several ranges are ignored, as S3 does. */
s3_range_kind s3_range_read(const char *header, uint64_t size, uint64_t *start, uint64_t *len);

#endif
