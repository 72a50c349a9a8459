/*
 * submit_run.h - the state of one bulk submission.
 *
 * Every image that was given is, until it is settled, in exactly one place: under way (a candidate in
 * the engine), read ahead (a candidate in the list `ready`), waiting for equal bytes that are under way
 * (a waiter of submit_seen), or in line to be tried after those failed (a candidate in the list `again`).
 * Only candidates hold a file's bytes; when one fails, the next waiter takes its bytes over, so that no
 * file is read twice.
 */
#ifndef IC_SUBMIT_RUN_H
#define IC_SUBMIT_RUN_H

#include "pipeline/submit_seen.h"
#include "pipeline/submit_tally.h"

/** An image that can be sent. */
typedef struct ic_candidate {
    struct ic_candidate *next; /* in the list */
    ic_seen *seen;             /* owns the path */
    uint64_t index;
    ic_buf bytes;
    ic_submit_image image;
    ic_request request;
    icecat_error error; /* why it, or the one before it with equal bytes, failed */
} ic_candidate;

/** First in, first out. */
typedef struct ic_candidates {
    ic_candidate *first;
    ic_candidate **end;
    size_t count;
    size_t bytes; /* of their files */
} ic_candidates;

void ic_candidates_init(ic_candidates *list);
void ic_candidates_add(ic_candidates *list, ic_candidate *one);
/** NULL when there is none. */
ic_candidate *ic_candidates_take(ic_candidates *list);

/* Memory of files that were sent, for those that follow: fresh pages cost more than reading into them. */
#define IC_SPARE_MOST 4

typedef struct ic_submit_run {
    ic_submit_plan plan;
    ic_tally tally;
    ic_seen_table seen;
    icecat_next_path_fn next;
    void *userdata;
    ic_candidates again;
    ic_candidates ready;
    ic_buf spare[IC_SPARE_MOST];
    size_t spare_count;
    uint64_t given;
    size_t in_flight;
    icecat_status bounds; /* ICECAT_OK until the deadline or the token ended the run */
    int no_more;          /* start no more images */
    int drained;          /* next() has no more */
} ic_submit_run;

/** Settle an image that was not uploaded; @p error says why, and is completed. */
void ic_submit_refuse(ic_submit_run *run, ic_tally_image which, icecat_status status,
                      icecat_error *error);
/** Settle an image whose equal is uploaded. */
void ic_submit_duplicate(ic_submit_run *run, const char *path, uint64_t index, const ic_seen *seen);

/**
 * Read, hash and check the file at @p path, which is image number @p index. NULL when it is not to be
 * sent now: it is settled, or waits for its equal without its bytes.
 */
ic_candidate *ic_candidate_open(ic_submit_run *run, const char *path, uint64_t index);
void ic_candidate_free(ic_submit_run *run, ic_candidate *one);
/** Release the spare memory. */
void ic_submit_run_free_spare(ic_submit_run *run);

/**
 * Make key and request under the path that its `seen` holds, and mark it as in flight. Bytes that were
 * tried before keep their key: an upload that did reach S3, but whose answer was lost, is then replaced
 * and leaves no second object.
 */
icecat_status ic_candidate_address(const ic_submit_run *run, ic_candidate *one, icecat_error *err);

#endif
