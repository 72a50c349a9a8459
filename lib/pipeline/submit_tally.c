/*
 * submit_tally.c - tell the caller of each settled image, count, and conclude a bulk submission.
 */
#include "pipeline/submit_tally.h"

#include "aws/engine.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

#define PROGRESS_MS 50

void ic_tally_init(ic_tally *tally, const ic_submit_plan *plan, icecat_submission_fn settled,
                   void *userdata)
{
    memset(tally, 0, sizeof(*tally));
    tally->plan = plan;
    tally->settled = settled;
    tally->userdata = userdata;
    tally->counts.struct_size = sizeof(tally->counts);
}

static void keep_first(ic_tally_first *first, const icecat_submission *submission)
{
    if (first->error.status != ICECAT_OK && first->index < submission->index)
        return;
    first->index = submission->index;
    first->error = *submission->error;
    if (strstr(first->error.message, submission->path) == NULL)
        ic_error_prefix(&first->error, "%s", submission->path);
}

static void count(ic_tally *tally, const icecat_submission *submission)
{
    switch (submission->action) {
    case ICECAT_SUBMITTED:
        tally->counts.submitted++;
        tally->counts.bytes += submission->size_bytes;
        break;
    case ICECAT_DUPLICATE:
        tally->counts.duplicate++;
        break;
    case ICECAT_KNOWN:
        tally->counts.known++;
        break;
    case ICECAT_REJECTED:
        tally->counts.rejected++;
        keep_first(&tally->rejected, submission);
        break;
    default:
        tally->counts.failed++;
        keep_first(&tally->failed, submission);
        break;
    }
    tally->counts.total++;
    tally->counts.bytes_settled += submission->size_bytes;
}

static void settle(ic_tally *tally, const icecat_submission *submission)
{
    count(tally, submission);
    if (tally->settled == NULL || tally->silent)
        return;
    tally->silent = tally->settled(submission, tally->userdata) != 0;
    tally->stopped |= tally->silent;
}

static icecat_submission describe(const ic_tally *tally, ic_tally_image which, uint32_t action)
{
    icecat_submission submission = ICECAT_SUBMISSION_INIT;

    submission.path = which.path;
    submission.file_name = ic_submit_last_component(which.path);
    submission.batch_id = tally->plan->batch_id;
    submission.size_bytes = which.image->size_bytes;
    submission.index = which.index;
    submission.action = action;
    submission.image_format = which.image->format;
    memcpy(submission.fingerprint, which.image->key.fingerprint,
           sizeof(which.image->key.fingerprint));
    return submission;
}

static void add_place(icecat_submission *submission, const ic_submit_image *image)
{
    submission->key = image->key_text;
    submission->upload_time = image->key.hour;
    submission->upload_ts = image->key.upload_ts;
}

void ic_tally_submitted(ic_tally *tally, ic_tally_image which, const char *etag)
{
    icecat_submission submission = describe(tally, which, ICECAT_SUBMITTED);

    add_place(&submission, which.image);
    snprintf(submission.etag, sizeof(submission.etag), "%s", etag);
    settle(tally, &submission);
}

void ic_tally_duplicate(ic_tally *tally, ic_tally_image which, const char *duplicate_of)
{
    icecat_submission submission = describe(tally, which, ICECAT_DUPLICATE);

    add_place(&submission, which.image);
    submission.duplicate_of = duplicate_of;
    settle(tally, &submission);
}

void ic_tally_known(ic_tally *tally, ic_tally_image which)
{
    icecat_submission submission = describe(tally, which, ICECAT_KNOWN);

    settle(tally, &submission);
}

void ic_tally_rejected(ic_tally *tally, ic_tally_image which, const icecat_error *error)
{
    icecat_submission submission = describe(tally, which, ICECAT_REJECTED);

    submission.error = error;
    settle(tally, &submission);
}

void ic_tally_failed(ic_tally *tally, ic_tally_image which, const icecat_error *error)
{
    icecat_submission submission = describe(tally, which, ICECAT_FAILED);

    submission.error = error;
    settle(tally, &submission);
}

void ic_tally_progress(ic_tally *tally, uint64_t now_ms, const struct ic_run *run)
{
    if (tally->plan->progress == NULL || tally->silent || tally->stopped ||
        now_ms - tally->told_ms < PROGRESS_MS)
        return;
    tally->told_ms = now_ms;
    tally->counts.bytes_under_way = run != NULL ? ic_run_bytes_sent(run) : 0;
    tally->stopped = tally->plan->progress(&tally->counts, tally->userdata) != 0;
}

icecat_status ic_tally_conclude(const ic_tally *tally, icecat_status ran, icecat_error *err)
{
    const icecat_submit_counts *counts = &tally->counts;
    const ic_tally_first *first = counts->failed != 0 ? &tally->failed : &tally->rejected;

    if (tally->stopped)
        return ic_fail(err, ICECAT_E_CALLBACK, "a callback stopped the call after %llu images",
                       (unsigned long long)counts->total);
    if (ran != ICECAT_OK || counts->failed + counts->rejected == 0)
        return ran;
    if (err != NULL)
        *err = first->error;
    if (counts->submitted == 0)
        return (icecat_status)first->error.status;
    ic_error_prefix(err, "of %llu images %llu failed and %llu were rejected, the first %s",
                    (unsigned long long)counts->total, (unsigned long long)counts->failed,
                    (unsigned long long)counts->rejected,
                    counts->failed != 0 ? "failure" : "rejection");
    return ic_error_recast(err, ICECAT_E_PARTIAL);
}
