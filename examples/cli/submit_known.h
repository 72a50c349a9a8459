/*
 * submit_known.h - images that need not be uploaded: those that a table has a verdict on, and those that
 * the journal of a resumed submission has.
 */
#ifndef CLI_SUBMIT_KNOWN_H
#define CLI_SUBMIT_KNOWN_H

#include "cli.h"

/* A verdict of an earlier batch. */
struct known_verdict {
    char fingerprint[65];
    uint64_t batch_id;
    double confidence;
    int is_cat;
};

/* A record of this batch. */
struct known_record {
    const char *fingerprint; /* of the batch */
    size_t record;
};

struct submit_known {
    struct known_verdict *verdicts; /* sorted */
    size_t verdict_count;
    size_t verdict_cap;
    struct known_record *records; /* sorted */
    size_t record_count;
};

/* --skip-known and --known: read the verdicts from the table. @p batch_id is this submission's, whose own
 * do not count. */
icecat_status submit_known_read(struct cli *cli, uint64_t batch_id, struct submit_known *known,
                                icecat_error *err);
/* The uploaded images among the records from @p first on; the batch must outlive @p known. */
icecat_status submit_known_index(const icecat_batch *batch, size_t first,
                                 struct submit_known *known, icecat_error *err);
void submit_known_clear(struct submit_known *known);

/* NULL when there is none. */
const struct known_verdict *submit_known_verdict(const struct submit_known *known,
                                                 const char *fingerprint);
const struct known_record *submit_known_record(const struct submit_known *known,
                                               const char *fingerprint);

#endif
