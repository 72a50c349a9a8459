/*
 * results_run.h - read the verdicts of a batch, waiting for them if wanted, and print them.
 */
#ifndef CLI_RESULTS_RUN_H
#define CLI_RESULTS_RUN_H

#include "batch_source.h"
#include "result_rows.h"

/* An image that a command knows, uploaded or not. */
struct known_image {
    const char *file;
    const char *fingerprint; /* NULL or "" when it was not uploaded */
    const char *reason;      /* then: why */
    icecat_status status;
    uint64_t size_bytes;  /* 0 when unknown */
    enum verdict verdict; /* VERDICT_REJECTED or VERDICT_FAILED when it was not uploaded */
    uint64_t batch_id;    /* of an earlier batch whose verdict is known; 0: it is to be read */
    double confidence;    /* then: of that verdict */
};

struct results_run {
    uint64_t batch_id;
    const char *batch_file;              /* results are written beside it; NULL: not written */
    const struct known_image *images;    /* NULL: whatever the table has */
    const icecat_search_options *search; /* not NULL: whatever of it is found */
    size_t image_count;
    uint64_t wait_ms; /* 0: do not wait */
    uint64_t begun_ms;
    int skip_rejected; /* rejected images do not change the exit code */
    int only_report;   /* write the report, print and write nothing else */
    int own_exit_code; /* of the command that knows better; 0: the verdicts tell */
};

/* The whole of it. Returns the exit code; failures are reported. */
int results_run(struct cli *cli, const struct results_run *run);

/* The same for a batch that was opened; @p run tells what else is wanted. */
int results_run_source(struct cli *cli, const struct batch_source *source, struct results_run *run);

/* --wait-timeout in milliseconds, or 300 s. 0, or the exit code of a usage error. */
int results_wait_ms(const struct cli *cli, uint64_t *out);

/* A whole command: the batch that the command line names. */
int results_command(struct cli *cli, int waits);

#endif
