/*
 * submit_run.c - give the files to the library, and take what it makes of each.
 */
#include "submit.h"

#include "option_values.h"
#include <stdlib.h>
#include <string.h>

/* Limits as the command line has them. 0, or the exit code of a usage error. */
static int image_options(const struct cli *cli, icecat_image_options *out)
{
    static const char *const profiles[] = { "bytes", "s3object", "any", NULL };
    size_t profile = ICECAT_PROFILE_REKOGNITION_S3;
    char why[WHY_LEN];

    if (!options_choice(&cli->options, OPTION_PROFILE_LIMIT, profiles, &profile, why,
                        sizeof(why)) ||
        !options_size(&cli->options, OPTION_MAX_SIZE, &out->max_bytes, why, sizeof(why)))
        return cli_fail_usage(cli, "%s", why);
    out->profile = (uint32_t)profile;
    out->strict = options_count(&cli->options, OPTION_STRICT) != 0;
    return 0;
}

static char *copy(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

static void keep(struct submit_item *item, const icecat_submission *submission)
{
    item->action = submission->action;
    item->key = copy(submission->key);
    item->duplicate_of = copy(submission->duplicate_of);
    memcpy(item->fingerprint, submission->fingerprint, sizeof(item->fingerprint));
    if (submission->error != NULL) {
        item->status = (icecat_status)submission->error->status;
        item->reason = copy(submission->error->message);
    }
}

static void count(struct submit *submit, const icecat_submission *submission)
{
    icecat_submit_counts *counts = &submit->counts;

    counts->submitted += submission->action == ICECAT_SUBMITTED;
    counts->duplicate += submission->action == ICECAT_DUPLICATE;
    counts->rejected += submission->action == ICECAT_REJECTED;
    counts->failed += submission->action == ICECAT_FAILED;
    if (submission->action == ICECAT_SUBMITTED)
        counts->bytes += submission->size_bytes;
    submit->settled_bytes += submission->size_bytes;
    progress_update(&submit->progress,
                    counts->submitted + counts->duplicate + counts->rejected + counts->failed,
                    submit->settled_bytes, counts->rejected + counts->failed);
}

static void take(struct submit *submit, struct submit_item *item,
                 const icecat_submission *submission)
{
    keep(item, submission);
    count(submit, submission);
    submit_print_item(submit, submission);
    submit_print_progress(submit);
}

/* ---- upload ------------------------------------------------------------------------------ */

/* Would every other image fail in the same way? */
static int is_hopeless(const struct submit *submit, const icecat_submission *submission)
{
    icecat_status status = (icecat_status)submission->error->status;
    int code = icecat_status_exit_code(status);

    if (submission->action != ICECAT_FAILED)
        return 0;
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

static int on_settled(const icecat_submission *submission, void *userdata)
{
    struct submit *submit = userdata;
    struct submit_item *item = &submit->list.items[submit->given[submission->index]];

    /* Recorded first: what is in the bucket and in no file is lost. */
    if (submission->action == ICECAT_SUBMITTED || submission->action == ICECAT_DUPLICATE) {
        icecat_error err;

        if (submit_batch_add(submit->cli, &submit->batch, submission, &err) != ICECAT_OK) {
            submit->failure = err;
            submit->keeps_journal = 1;
            progress_hide(&submit->progress);
            cli_warn(submit->cli, "%s was uploaded as %s, which could not be recorded",
                     submission->path, submission->key != NULL ? submission->key : "?");
            return 1;
        }
    }
    take(submit, item, submission);
    if (submission->error == NULL || !is_hopeless(submit, submission))
        return 0;
    submit->failure = *submission->error;
    return 1;
}

static void upload(struct submit *submit, const icecat_image_options *image)
{
    const struct options *options = &submit->cli->options;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_submit_options own = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_error err;
    icecat_status status;

    call.cancel = submit->cli->cancel;
    own.call = &call;
    own.image = image;
    own.no_validate = options_count(options, OPTION_NO_VALIDATE) != 0;
    own.stop_at_failure = options_count(options, OPTION_FAIL_FAST) != 0;
    status = icecat_pipeline_submit_many(submit->cli->pipeline, submit->batch.id, give_next,
                                         on_settled, submit, &own, NULL, &err);
    /* Unless the images tell it, or the callback has. */
    if (status != ICECAT_OK && status != ICECAT_E_PARTIAL && submit->failure.status == 0 &&
        submit->counts.failed + submit->counts.rejected == 0)
        submit->failure = err;
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
        take(submit, item, &submission);
    }
}

/* ---- all --------------------------------------------------------------------------------- */

/* Folders and lists that could not be read come first. */
static void take_problems(struct submit *submit)
{
    for (size_t i = 0; i < submit->list.count; i++) {
        struct submit_item *item = &submit->list.items[i];
        icecat_submission submission = ICECAT_SUBMISSION_INIT;
        icecat_error err = { .status = ICECAT_E_FILE };

        if (item->action == 0)
            continue;
        snprintf(err.message, sizeof(err.message), "cannot read %s: %s", item->path, item->reason);
        submission.path = item->path;
        submission.action = ICECAT_FAILED;
        submission.error = &err;
        count(submit, &submission);
        submit_print_item(submit, &submission);
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
    if (submit->given == NULL)
        return cli_fail(submit->cli, &(icecat_error){ .status = ICECAT_E_NO_MEMORY });
    submit_print_start(submit);
    cli_progress_begin(submit->cli, &submit->progress, &state);
    take_problems(submit);
    if (submit->is_dry)
        look_only(submit, &image);
    else if (submit->list.count != 0)
        upload(submit, &image);
    progress_end(&submit->progress);
    return 0;
}
