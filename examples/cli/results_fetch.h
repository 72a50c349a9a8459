/*
 * results_fetch.h - the records of a batch from the table (internal to the commands on results).
 */
#ifndef CLI_RESULTS_FETCH_H
#define CLI_RESULTS_FETCH_H

#include "fingerprints.h"
#include "results_run.h"

struct results_fetch {
    struct fingerprints fingerprints; /* of run->images; record i is of distinct[i] */
    icecat_results *results;
};

/* Waits first when run->wait_ms is set; that time over is no failure. Clear it in either case. */
icecat_status results_fetch(struct cli *cli, const struct results_run *run,
                            struct results_fetch *out, icecat_error *err);
void results_fetch_clear(struct results_fetch *fetch);

/* 1 when the function's logs shall be shown. */
int results_want_logs(const struct cli *cli);

#endif
