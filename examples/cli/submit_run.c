/*
 * submit_run.c - give the files to the library, and take what it makes of each.
 */
#include "submit.h"

#include "option_values.h"
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Limits as the command line has them. 0, or the exit code of a usage error. */
static int image_options(const struct cli *cli, icecat_image_options *out)
{
    size_t profile = ICECAT_PROFILE_REKOGNITION_S3;
    char why[WHY_LEN];

    if (!options_choice(&cli->options, OPTION_PROFILE_LIMIT, &profile, why, sizeof(why)) ||
        !options_size(&cli->options, OPTION_MAX_SIZE, &out->max_bytes, why, sizeof(why)))
        return cli_fail_usage(cli, "%s", why);
    out->profile = (uint32_t)profile;
    out->strict = options_count(&cli->options, OPTION_STRICT) != 0;
    return 0;
}

int submit_item_record(const struct submit *submit, const struct submit_item *item,
                       icecat_batch_record *out)
{
    return item->record != 0 && icecat_batch_at(submit->batch.batch, item->record - 1, out);
}

static void keep_without_record(struct submit_item *item, const icecat_submission *submission)
{
    item->action = submission->action;
    if (submission->fingerprint[0] != '\0')
        item->fingerprint = strdup(submission->fingerprint);
    if (submission->error != NULL) {
        item->status = (icecat_status)submission->error->status;
        item->reason = strdup(submission->error->message);
    }
}

static void count(struct submit *submit, uint32_t action, uint64_t bytes)
{
    icecat_submit_counts *counts = &submit->counts;

    counts->submitted += action == ICECAT_SUBMITTED;
    counts->duplicate += action == ICECAT_DUPLICATE;
    counts->known += action == ICECAT_KNOWN;
    counts->rejected += action == ICECAT_REJECTED;
    counts->failed += action == ICECAT_FAILED;
    if (action == ICECAT_SUBMITTED)
        counts->bytes += bytes;
    submit->settled_bytes += bytes;
    progress_update(&submit->progress,
                    counts->submitted + counts->duplicate + counts->known + counts->rejected +
                        counts->failed,
                    submit->settled_bytes, counts->rejected + counts->failed);
}

void submit_take(struct submit *submit, const struct submit_item *item, uint64_t bytes,
                 const icecat_error *error)
{
    count(submit, item->action, bytes);
    submit_print_item(submit, item, error);
    submit_print_progress(submit);
}

/* ---- upload ------------------------------------------------------------------------------ */

/* Would every other image fail in the same way? */
static int is_hopeless(const struct submit *submit, const icecat_submission *submission)
{
    icecat_status status = ICECAT_OK;
    int code;

    if (submission->action != ICECAT_FAILED)
        return 0;
    status = (icecat_status)submission->error->status;
    code = icecat_status_exit_code(status);
    if (code == 4 || code == 5 || code == 6)
        return 1;
    /* A network that never worked; one that did may come back. */
    return submit->counts.submitted == 0 &&
           (status == ICECAT_E_CONNECT || status == ICECAT_E_RESOLVE || status == ICECAT_E_TLS);
}

static int give_next(const char **path, void *userdata)
{
    struct submit *submit = userdata;

    while (submit->next < submit->list.count && submit->list.items[submit->next].action != 0)
        submit->next++; /* could not even be listed */
    if (submit->next == submit->list.count)
        return 0;
    submit->given[submit->given_count++] = submit->next;
    *path = submit->list.items[submit->next++].path;
    return 1;
}

/* The journal does not take it: end, and keep what it has. */
static int stop_for_journal(struct submit *submit, const icecat_error *err)
{
    submit->failure = *err;
    submit->keeps_journal = 1;
    progress_hide(&submit->progress);
    return 1;
}

/* Recorded first: what is in the bucket and in no file is lost. */
static int record(struct submit *submit, size_t index, const icecat_submission *submission)
{
    struct submit_item *item = &submit->list.items[index];
    icecat_error err;

    if (submit_batch_add(submit->cli, &submit->batch, submission, index + 1, &err) != ICECAT_OK) {
        stop_for_journal(submit, &err);
        cli_warn(submit->cli, "%s was uploaded as %s, which could not be recorded",
                 submission->path, submission->key != NULL ? submission->key : "?");
        return 1;
    }
    item->action = submission->action;
    item->record = icecat_batch_count(submit->batch.batch);
    if (submit_safe_add(submit, index, &err) != ICECAT_OK)
        return stop_for_journal(submit, &err);
    return 0;
}

/* The same bytes are in the bucket already, as an interrupted run recorded. */
static int record_again(struct submit *submit, size_t index, const struct known_record *found,
                        const icecat_submission *submission)
{
    icecat_submission own = *submission;
    icecat_batch_record first = ICECAT_BATCH_RECORD_INIT;

    icecat_batch_at(submit->batch.batch, found->record, &first);
    own.action = ICECAT_DUPLICATE;
    own.key = first.s3_key;
    own.upload_time = first.upload_time;
    own.upload_ts = first.epoch_timestamp;
    own.duplicate_of = first.path;
    return record(submit, index, &own);
}

static int is_known(const char *fingerprint, void *userdata)
{
    const struct submit *submit = userdata;

    return submit_known_record(&submit->known, fingerprint) != NULL ||
           submit_known_verdict(&submit->known, fingerprint) != NULL;
}

static int on_settled(const icecat_submission *submission, void *userdata)
{
    struct submit *submit = userdata;
    size_t index = submit->given[submission->index];
    struct submit_item *item = &submit->list.items[index];

    if (submission->action == ICECAT_SUBMITTED || submission->action == ICECAT_DUPLICATE)
        return record(submit, index, submission);
    if (submission->action == ICECAT_KNOWN) {
        const struct known_record *found = submit_known_record(&submit->known,
                                                               submission->fingerprint);

        if (found != NULL)
            return record_again(submit, index, found, submission);
    }
    keep_without_record(item, submission);
    submit_take(submit, item, submission->size_bytes, submission->error);
    if (!is_hopeless(submit, submission))
        return 0;
    submit->failure = *submission->error;
    return 1;
}

static int on_progress(const icecat_submit_counts *counts, void *userdata)
{
    struct submit *submit = userdata;
    icecat_error err;

    (void)counts;
    if (submit_safe_tell(submit, 0, &err) != ICECAT_OK)
        return stop_for_journal(submit, &err);
    return 0;
}

/* The memory of one transfer is that of the next. glibc would give it back to the system after each, and
 * take it again: a twentieth of the CPU time. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    enum { LARGEST_BODY = 16 << 20, LEAST_KEPT = 4 << 20 };

    mallopt(M_MMAP_THRESHOLD, LARGEST_BODY);
    mallopt(M_TRIM_THRESHOLD, LEAST_KEPT);
#endif
}

static void upload(struct submit *submit, const icecat_image_options *image)
{
    const struct options *options = &submit->cli->options;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_submit_options own = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_error err;
    icecat_status status;

    keep_memory();
    call.cancel = submit->cli->cancel;
    own.call = &call;
    own.image = image;
    own.no_validate = options_count(options, OPTION_NO_VALIDATE) != 0;
    own.stop_at_failure = options_count(options, OPTION_FAIL_FAST) != 0;
    own.upload_ts = submit->epoch;
    own.progress = on_progress;
    if (submit->known.record_count + submit->known.verdict_count != 0)
        own.is_known = is_known;
    status = icecat_pipeline_submit_many(submit->cli->pipeline, submit->batch.id, give_next,
                                         on_settled, submit, &own, NULL, &err);
    /* Unless the images tell it, or the callback has. */
    if (status != ICECAT_OK && status != ICECAT_E_PARTIAL && submit->failure.status == 0 &&
        submit->counts.failed + submit->counts.rejected == 0)
        submit->failure = err;
    if (submit_safe_tell(submit, 1, &err) != ICECAT_OK)
        stop_for_journal(submit, &err);
}

/* ---- dry run ----------------------------------------------------------------------------- */

static void look_only(struct submit *submit, const icecat_image_options *image)
{
    int is_checked = options_count(&submit->cli->options, OPTION_NO_VALIDATE) == 0;

    for (size_t i = 0; i < submit->list.count && cli_signal() == 0; i++) {
        struct submit_item *item = &submit->list.items[i];
        icecat_submission submission = ICECAT_SUBMISSION_INIT;
        icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
        icecat_error err;
        icecat_status status;

        if (item->action != 0)
            continue;
        status = icecat_image_probe_file(item->path, image, &info, &err);
        submission.path = item->path;
        submission.size_bytes = info.size_bytes;
        submission.action = ICECAT_SUBMITTED;
        if (status == ICECAT_E_FILE || status == ICECAT_E_NO_MEMORY)
            submission.action = ICECAT_FAILED;
        else if (status != ICECAT_OK && is_checked)
            submission.action = ICECAT_REJECTED;
        submission.error = submission.action != ICECAT_SUBMITTED ? &err : NULL;
        keep_without_record(item, &submission);
        submit_take(submit, item, submission.size_bytes, submission.error);
    }
}

/* ---- all --------------------------------------------------------------------------------- */

/* Folders and lists that could not be read, and what a journal has already, come first. */
static void take_known(struct submit *submit)
{
    for (size_t i = 0; i < submit->list.count; i++) {
        struct submit_item *item = &submit->list.items[i];
        icecat_batch_record done = ICECAT_BATCH_RECORD_INIT;
        icecat_error err = { .status = ICECAT_E_FILE };

        if (item->action == 0)
            continue;
        if (submit_item_record(submit, item, &done)) {
            submit_take(submit, item, done.size_bytes, NULL);
            continue;
        }
        snprintf(err.message, sizeof(err.message), "cannot read %s: %s", item->path, item->reason);
        count(submit, item->action, 0);
        submit_print_item(submit, item, &err);
    }
}

int submit_run(struct submit *submit)
{
    struct progress_state state = { .verb = submit->is_dry ? "checking" : "uploading",
                                    .noun = "files",
                                    .total = submit->list.count,
                                    .bytes = submit->list.bytes,
                                    .tells_failed = 1 };
    icecat_image_options image = ICECAT_IMAGE_OPTIONS_INIT;
    int code = image_options(submit->cli, &image);

    if (code != 0)
        return code;
    submit->given = calloc(submit->list.count + 1, sizeof(*submit->given));
    submit->unsafe = calloc(SUBMIT_UNSAFE_MOST, sizeof(*submit->unsafe));
    if (submit->given == NULL || submit->unsafe == NULL)
        return cli_fail(submit->cli, &(icecat_error){ .status = ICECAT_E_NO_MEMORY });
    submit_print_start(submit);
    cli_progress_begin(submit->cli, &submit->progress, &state);
    take_known(submit);
    if (submit->is_dry)
        look_only(submit, &image);
    else if (submit->batch.is_open)
        upload(submit, &image);
    progress_end(&submit->progress);
    return 0;
}
