/*
 * command_submit.c - upload images: look them up, check, hash, put, record.
 */
#include "submit.h"

#include "cli_error.h"
#include "option_values.h"
#include "report.h"
#include "results_run.h"
#include <stdlib.h>

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
    else if (submit->waits && config_text(&cli->config, CONFIG_TABLE) == NULL)
        status = cli_error(
            &err, ICECAT_E_CONFIG,
            "--wait reads the table of verdicts: set DYNAMODB_TABLE_NAME or --table");
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
    size_t added = submit_batch_added(&submit->batch);

    if (added == 0)
        return;
    cli_warn(submit->cli,
             "%zu of %zu files are uploaded and recorded in %s; for their verdicts: icecat results "
             "-b %s",
             added, submit->list.count, submit->batch.journal, submit->batch.journal);
    cli_note(submit->cli, "submitting again uploads all of them once more, in a new batch");
}

static size_t untried(const struct submit_list *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += list->items[i].action == 0;
    return count;
}

static struct known_image known(const struct submit_item *item)
{
    struct known_image image = { .file = item->path, .fingerprint = item->fingerprint };

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
        images[run.image_count++] = known(item);
    }
    code = results_run(submit->cli, &run);
    free(images);
    return code;
}

/* Put the batch file in its place and find the exit code: what stopped the whole tells more than what
 * became of single images. 1 when there may be verdicts to wait for. */
static int settle(struct submit *submit, int *code)
{
    struct cli *cli = submit->cli;
    size_t left = untried(&submit->list);
    icecat_error err = submit->failure;
    int is_saved = 0;

    *code = submit_exit_code(&submit->list, options_count(&cli->options, OPTION_SKIP_INVALID) != 0);
    if (cli_signal() == 0 && !submit->keeps_journal)
        is_saved = submit_batch_save(&submit->batch, &err) == ICECAT_OK;
    if (!is_saved)
        tell_journal(submit);
    if (!is_saved || submit->failure.status != 0) {
        int why = cli_fail(cli, &err);

        *code = is_saved && submit_batch_added(&submit->batch) != 0 ? EXIT_PARTIAL : why;
    }
    if (left != 0 && cli_signal() == 0)
        cli_warn(cli, "%zu files were not tried, or not to the end", left);
    if (is_saved && submit_batch_added(&submit->batch) != 0)
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

static int run(struct submit *submit, uint64_t wait_ms)
{
    struct cli *cli = submit->cli;
    uint64_t batch_id = 0;
    icecat_error err;
    int code;

    submit->begun_ms = progress_now_ms();
    code = submit_scan(cli, &submit->list);
    if (code == 0)
        code = check_settings(submit, &batch_id);
    if (code != 0)
        return code;
    if (submit->list.count == 0)
        cli_warn(cli, "nothing to upload: no file has a name that is taken");
    else if (!submit->is_dry && submit_batch_open(cli, batch_id, &submit->batch, &err) != ICECAT_OK)
        return cli_fail(cli, &err);
    code = submit_run(submit);
    return code != 0 ? code : end(submit, wait_ms);
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
    submit_list_clear(&submit.list);
    free(submit.given);
    return code;
}
