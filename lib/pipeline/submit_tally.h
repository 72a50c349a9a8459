/*
 * submit_tally.h - tell the caller of each settled image, count, and conclude a bulk submission.
 */
#ifndef IC_SUBMIT_TALLY_H
#define IC_SUBMIT_TALLY_H

#include "pipeline/submit.h"

/** The earliest image that ended one way. */
typedef struct ic_tally_first {
    icecat_error error; /* its message names the image; status 0 when there is none */
    uint64_t index;
} ic_tally_first;

typedef struct ic_tally {
    const ic_submit_plan *plan;
    icecat_submission_fn settled; /* may be NULL */
    void *userdata;
    icecat_submit_counts counts;
    ic_tally_first failed;
    ic_tally_first rejected;
    uint64_t told_ms; /* when the progress callback was last called */
    int stopped;      /* a callback wants the call to end */
    int silent;       /* it was `settled`, which is then told no more */
} ic_tally;

void ic_tally_init(ic_tally *tally, const ic_submit_plan *plan, icecat_submission_fn settled,
                   void *userdata);

/** Which image it is. */
typedef struct ic_tally_image {
    const char *path;
    uint64_t index;
    const ic_submit_image *image;
} ic_tally_image;

/* Count an image and tell of it. */
void ic_tally_submitted(ic_tally *tally, ic_tally_image which, const char *etag);
void ic_tally_duplicate(ic_tally *tally, ic_tally_image which, const char *duplicate_of);
void ic_tally_known(ic_tally *tally, ic_tally_image which);
void ic_tally_rejected(ic_tally *tally, ic_tally_image which, const icecat_error *error);
void ic_tally_failed(ic_tally *tally, ic_tally_image which, const icecat_error *error);

struct ic_run;
/** Tell the progress callback, when there is one and it was not told just now. @p run is NULL when nothing is
 *  under way any more. Sets `stopped` when it wants the call to end. */
void ic_tally_progress(ic_tally *tally, uint64_t now_ms, const struct ic_run *run);

/** What the call returns; @p ran is how its loop ended, and is in @p err already. */
icecat_status ic_tally_conclude(const ic_tally *tally, icecat_status ran, icecat_error *err);

#endif
