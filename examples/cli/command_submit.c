/*
 * command_submit.c - upload images: look them up, check, hash, put, record.
 */
#include "submit.h"

#include "cli_error.h"
#include "option_values.h"
#include "report.h"
#include "results_run.h"
#include <stdlib.h>
#include <time.h>

static int skips_known(const struct cli *cli)
{
    return options_count(&cli->options, OPTION_SKIP_KNOWN) +
               options_count(&cli->options, OPTION_KNOWN) !=
           0;
}

static icecat_status check_table(const struct submit *submit, icecat_error *err)
{
    const char *who = submit->waits ? "--wait" : "--skip-known and --known";

    if ((!submit->waits && !skips_known(submit->cli)) ||
        config_text(&submit->cli->config, CONFIG_TABLE) != NULL)
        return ICECAT_OK;
    return cli_error(err, ICECAT_E_CONFIG,
                     "for %s the table of verdicts is read: set DYNAMODB_TABLE_NAME or --table",
                     who);
}

/* What is needed beside the files, before the first is touched. */
static int check_settings(struct submit *submit, uint64_t *batch_id)
{
    struct cli *cli = submit->cli;
    const char *id = options_text(&cli->options, OPTION_BATCHID);
    icecat_error err;
    icecat_status status = ICECAT_OK;

    if (id != NULL && icecat_batch_id_parse(id, batch_id, &err) != ICECAT_OK)
        return cli_fail_usage(cli, "--batchid %s: %s", id, err.message);
    if (submit->is_dry)
        return 0;
    if (config_text(&cli->config, CONFIG_BUCKET_SOURCE) == NULL)
        status = cli_error(&err, ICECAT_E_CONFIG,
                           "no bucket to put images into: set S3BUCKET_SOURCE or --bucket");
    else
        status = check_table(submit, &err);
    if (status == ICECAT_OK)
        status = cli_need_client_id(cli, &err);
    if (status == ICECAT_OK)
        status = cli_need_pipeline(cli, &err);
    if (status == ICECAT_OK && id == NULL) {
        *batch_id = icecat_batch_id_new();
        if (*batch_id == 0)
            status = cli_error(&err, ICECAT_E_INTERNAL, "the system gives no random number");
    }
    return status == ICECAT_OK ? 0 : cli_fail(cli, &err);
}

/* ---- the end ----------------------------------------------------------------------------- */

static void tell_journal(const struct submit *submit)
{
    const struct submit_batch *batch = &submit->batch;

    if (!batch->is_open)
        return;
    cli_warn(submit->cli,
             "%zu of %zu files are uploaded and recorded; to go on: icecat submit --resume %s",
             submit_batch_added(batch), submit->list.count, batch->journal);
    if (submit_batch_added(batch) != 0)
        cli_note(submit->cli, "for their verdicts: icecat results -b %s", batch->journal);
}

static size_t untried(const struct submit_list *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += list->items[i].action == 0;
    return count;
}

static struct known_image known(const struct submit *submit, const struct submit_item *item)
{
    struct known_image image = { .file = item->path, .fingerprint = item->fingerprint };
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    if (submit_item_record(submit, item, &record))
        image.fingerprint = record.fingerprint;
    if (item->action == ICECAT_KNOWN && item->fingerprint != NULL) {
        const struct known_verdict *found = submit_known_verdict(&submit->known, item->fingerprint);

        image.verdict = found->is_cat ? VERDICT_CAT : VERDICT_NOT_CAT;
        image.batch_id = found->batch_id;
        image.confidence = found->confidence;
    }

    if (item->action == ICECAT_REJECTED || item->action == ICECAT_FAILED) {
        image.verdict = item->action == ICECAT_REJECTED ? VERDICT_REJECTED : VERDICT_FAILED;
        image.status = item->status;
        image.reason = item->reason != NULL ? item->reason : icecat_status_message(item->status);
    }
    return image;
}

static int print_verdicts(struct submit *submit, uint64_t wait_ms, int code)
{
    const struct submit_list *list = &submit->list;
    struct known_image *images = calloc(list->count + 1, sizeof(*images));
    struct results_run run = { .batch_id = submit->batch.id,
                               .images = images,
                               .wait_ms = wait_ms,
                               .begun_ms = submit->begun_ms };
    icecat_error err;

    if (images == NULL) {
        cli_error(&err, ICECAT_E_NO_MEMORY, "out of memory");
        return cli_fail(submit->cli, &err);
    }
    if (submit_batch_added(&submit->batch) != 0)
        run.batch_file = submit->batch.path;
    else
        run.own_exit_code = code;
    run.skip_rejected = options_count(&submit->cli->options, OPTION_SKIP_INVALID) != 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct submit_item *item = &list->items[i];

        if (item->action == 0)
            continue;
        images[run.image_count++] = known(submit, item);
    }
    code = results_run(submit->cli, &run);
    free(images);
    return code;
}

/* Is there something to go on with? What failed alone is told and done with; what was not tried is not. */
static int is_interrupted(const struct submit *submit)
{
    if (cli_signal() != 0 || submit->keeps_journal)
        return 1;
    return submit->failure.status != 0 &&
           (submit->is_resumed || submit_batch_added(&submit->batch) != 0);
}

/* Put the batch file in its place and find the exit code: what stopped the whole tells more than what
 * became of single images. 1 when there may be verdicts to wait for. */
static int settle(struct submit *submit, int *code)
{
    struct cli *cli = submit->cli;
    size_t left = untried(&submit->list);
    size_t added = submit_batch_added(&submit->batch);
    icecat_error err = submit->failure;
    int is_saved = 0;

    *code = submit_exit_code(&submit->list, options_count(&cli->options, OPTION_SKIP_INVALID) != 0);
    if (!is_interrupted(submit))
        is_saved = submit_batch_save(&submit->batch, &err) == ICECAT_OK;
    if (!is_saved)
        tell_journal(submit);
    if (!is_saved || submit->failure.status != 0) {
        int why = cli_fail(cli, &err);

        *code = added != 0 && submit->failure.status != 0 && !submit->keeps_journal ? EXIT_PARTIAL
                                                                                    : why;
    }
    if (left != 0 && cli_signal() == 0)
        cli_warn(cli, "%zu files were not tried, or not to the end", left);
    if (is_saved && added != 0)
        cli_note(cli, "batch file: %s", submit->batch.path);
    return is_saved;
}

static int end(struct submit *submit, uint64_t wait_ms)
{
    int code;
    int is_saved = settle(submit, &code);
    int has_rows = submit->failure.status == 0 || submit_batch_added(&submit->batch) != 0;

    if (submit->waits && is_saved && has_rows) {
        int found = print_verdicts(submit, wait_ms, code);

        return submit->failure.status != 0 && found == 0 ? code : found;
    }
    /* A document of verdicts was promised and cannot be given: stdout stays empty. */
    if (!submit->waits || submit->cli->format != FORMAT_JSON)
        submit_print_end(submit, code);
    return code;
}

/* ---- begin ------------------------------------------------------------------------------- */

/* A new submission: its files, its id, its journal with the plan. */
static int begin(struct submit *submit)
{
    struct cli *cli = submit->cli;
    uint64_t batch_id = 0;
    icecat_error err;
    icecat_status status;
    int code = submit_scan(cli, &submit->list);

    if (code == 0)
        code = check_settings(submit, &batch_id);
    if (code != 0)
        return code;
    if (submit->list.count == 0)
        cli_warn(cli, "nothing to upload: no file has a name that is taken");
    if (submit->list.count == 0 || submit->is_dry)
        return 0;
    submit->epoch = (int64_t)time(NULL);
    status = submit_known_read(cli, batch_id, &submit->known, &err);
    if (status == ICECAT_OK)
        status = submit_batch_open(cli, batch_id, &submit->batch, &err);
    if (status == ICECAT_OK)
        status = submit_plan_write(submit, &err);
    if (status == ICECAT_OK)
        status = submit_batch_begin(&submit->batch, &err);
    return status == ICECAT_OK ? 0 : cli_fail(cli, &err);
}

/* What the journal says, may not be said again. */
static int check_alone(const struct cli *cli)
{
    static const enum option_id others[] = {
        OPTION_FOLDER,          OPTION_FILES_FROM, OPTION_INCLUDE,    OPTION_EXCLUDE,
        OPTION_FOLLOW_SYMLINKS, OPTION_STRICT,     OPTION_MAX_SIZE,   OPTION_PROFILE_LIMIT,
        OPTION_CLIENT_ID,       OPTION_BATCHID,    OPTION_LOGS_DIR,   OPTION_KEYS,
        OPTION_NO_VALIDATE,     OPTION_DRY_RUN,    OPTION_SKIP_KNOWN, OPTION_KNOWN,
    };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (options_count(&cli->options, others[i]) != 0)
            return cli_fail_usage(cli, "--%s and --resume do not go together: the journal has it",
                                  options_row(others[i])->long_name);
    }
    if (cli->options.arg_count != 0)
        return cli_fail_usage(cli, "--resume takes no files: the journal has them");
    return 0;
}

/* For what the journal does not have yet. */
static icecat_status prepare_rest(struct submit *submit, icecat_error *err)
{
    icecat_status status = check_table(submit, err);

    if (status == ICECAT_OK)
        status = cli_need_pipeline(submit->cli, err);
    if (status == ICECAT_OK)
        status = submit_known_read(submit->cli, submit->batch.id, &submit->known, err);
    if (status == ICECAT_OK)
        status = submit_known_index(submit->batch.batch, submit->batch.first, &submit->known, err);
    return status;
}

static int resume(struct submit *submit, const char *file)
{
    struct cli *cli = submit->cli;
    int code = check_alone(cli);
    icecat_error err;
    icecat_status status;

    if (code != 0)
        return code;
    submit->is_resumed = 1;
    status = submit_batch_resume(file, &submit->batch, &err);
    if (status == ICECAT_OK)
        status = submit_plan_read(submit, &err);
    if (status == ICECAT_OK && !submit->batch.is_open)
        cli_note(cli, "nothing is left to do: the submission has ended");
    else if (status == ICECAT_OK)
        status = prepare_rest(submit, &err);
    return status == ICECAT_OK ? 0 : cli_fail(cli, &err);
}

static int run(struct submit *submit, uint64_t wait_ms)
{
    const char *file = options_text(&submit->cli->options, OPTION_RESUME);
    int code;

    submit->begun_ms = progress_now_ms();
    code = file != NULL ? resume(submit, file) : begin(submit);
    if (code == 0)
        code = submit_run(submit);
    if (code == 0)
        return end(submit, wait_ms);
    if (!submit->is_resumed)
        submit_batch_discard(&submit->batch);
    return code;
}

int command_submit(struct cli *cli)
{
    struct submit submit = { .cli = cli };
    uint64_t wait_ms = 0;
    int code = cli_progress_check(cli);

    submit.is_dry = options_count(&cli->options, OPTION_DRY_RUN) != 0;
    submit.waits = options_count(&cli->options, OPTION_WAIT) != 0 && !submit.is_dry;
    if (code == 0)
        code = report_check(cli);
    if (code == 0 && !submit.waits && !submit.is_dry &&
        options_text(&cli->options, OPTION_REPORT) != NULL)
        code = cli_fail_usage(cli, "--report of submit needs --wait: before, there is no verdict");
    if (code == 0)
        code = results_wait_ms(cli, &wait_ms);
    if (code == 0)
        code = run(&submit, wait_ms);
    submit_batch_close(&submit.batch);
    submit_known_clear(&submit.known);
    submit_list_clear(&submit.list);
    free(submit.given);
    free(submit.unsafe);
    return code;
}
