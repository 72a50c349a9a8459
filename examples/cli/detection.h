/*
 * detection.h - one image, and what Rekognition sees in it.
 */
#ifndef CLI_DETECTION_H
#define CLI_DETECTION_H

#include "cli.h"
#include "sha256.h"

enum detect_match { MATCH_PARENTS, MATCH_EXACT, MATCH_SUBSTRING };

struct detect_settings {
    const char *label;
    enum detect_match match;
    double min_confidence;
    uint64_t max_labels; /* shown; all are looked at */
    int no_validate;
    int strict;
    int is_dry_run;
};

enum detection_state { DETECTION_SUCCESS, DETECTION_PENDING, DETECTION_REJECTED, DETECTION_FAILED };

struct detection {
    char *path;
    char fingerprint[SHA256_HEX_LEN]; /* "" when unknown */
    enum detection_state state;
    int is_found;
    double confidence; /* of the label, or of the surest one when it was not found; -1 unknown */
    icecat_labels *labels; /* NULL when there are none */
    icecat_error err;      /* of what was rejected or failed */
};

/* Ask about one image: a file, or s3://BUCKET/KEY. NULL when out of memory. */
struct detection *detection_make(struct cli *cli, const struct detect_settings *settings,
                                 const char *path);
void detection_free(struct detection *detection);

/* Is @p label among the labels? Pure. */
int detection_matches(const icecat_labels *labels, const char *label, enum detect_match match,
                      double *confidence);

/* ---- detect_print.c ---------------------------------------------------------------------- */

struct detect_report {
    struct detection **items;
    size_t count;
    const struct detect_settings *settings;
    int exit_code;
};

/* One "result" event, for ndjson as things happen. */
void detect_print_event(const struct detect_report *report, const struct detection *item);
/* All, in the format that was asked for; of ndjson only the summary. 0 when out of memory. */
int detect_print(const struct cli *cli, const struct detect_report *report);

#endif
