/*
 * results_run.c - read the verdicts of a batch, waiting for them if wanted, and print them.
 */
#include "results_run.h"

#include "cli_error.h"
#include "cli_progress.h"
#include "fingerprints.h"
#include "option_values.h"
#include "report.h"
#include "result_file.h"
#include "result_print.h"
#include "results_fetch.h"
#include "results_search.h"
#include <stdlib.h>

enum { DEFAULT_WAIT_S = 300, MOST_WAIT_S = 604800 };

/* What is at hand between reading and printing. */
struct sheet {
    struct results_fetch fetch;
    struct result_row *rows; /* all */
    size_t count;
    struct result_counts counts;
};

int results_wait_ms(const struct cli *cli, uint64_t *out)
{
    uint64_t seconds = DEFAULT_WAIT_S;
    char why[WHY_LEN];

    if (!options_number(&cli->options, OPTION_WAIT_TIMEOUT, 1, MOST_WAIT_S, &seconds, why,
                        sizeof(why)))
        return cli_fail_usage(cli, "%s", why);
    *out = seconds * 1000;
    return 0;
}

/* ---- rows -------------------------------------------------------------------------------- */

static void row_of_image(struct sheet *sheet, const struct results_run *run, size_t index)
{
    const struct known_image *image = &run->images[index];
    struct result_row *row = &sheet->rows[index];
    size_t place = sheet->fetch.fingerprints.place[index];
    icecat_result result = ICECAT_RESULT_INIT;

    if (image->batch_id != 0) {
        *row = (struct result_row){ .verdict = image->verdict, .confidence = image->confidence };
    } else if (image->reason != NULL || place == FINGERPRINT_NONE) {
        *row = (struct result_row){ .verdict = image->verdict, .confidence = -1 };
        row->reason = image->reason;
        row->status = image->status;
    } else if (icecat_results_at(sheet->fetch.results, place, &result)) {
        result_row_from(row, &result);
    } else {
        *row = (struct result_row){ .verdict = VERDICT_MISSING, .confidence = -1 };
    }
    row->record = image->reason == NULL && image->batch_id == 0 ? place : FINGERPRINT_NONE;
    row->file = image->file;
    row->batch_id = image->batch_id != 0 ? image->batch_id : run->batch_id;
    row->size_bytes = image->size_bytes;
    if (image->fingerprint != NULL && image->fingerprint[0] != '\0')
        row->fingerprint = image->fingerprint;
}

static int make_rows(struct sheet *sheet, const struct results_run *run)
{
    sheet->count = run->images != NULL ? run->image_count
                                       : icecat_results_count(sheet->fetch.results);
    sheet->rows = calloc(sheet->count + 1, sizeof(*sheet->rows));
    if (sheet->rows == NULL)
        return 0;
    for (size_t i = 0; i < sheet->count; i++) {
        icecat_result result = ICECAT_RESULT_INIT;

        if (run->images != NULL) {
            row_of_image(sheet, run, i);
        } else if (icecat_results_at(sheet->fetch.results, i, &result)) {
            result_row_from(&sheet->rows[i], &result);
            sheet->rows[i].record = i;
        }
        result_counts_add(&sheet->counts, sheet->rows[i].verdict);
    }
    return 1;
}

/* ---- files ------------------------------------------------------------------------------- */

static icecat_status write_beside(const struct cli *cli, const struct results_run *run,
                                  const struct sheet *sheet, icecat_error *err)
{
    char *results_path = result_file_name(run->batch_file, "-results.json");
    char *logs_path = result_file_name(run->batch_file, "-debug-logs.json");
    icecat_status status = ICECAT_OK;

    if (results_path == NULL || logs_path == NULL)
        status = cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
    if (status == ICECAT_OK)
        status = result_file_write(results_path, sheet->fetch.results, sheet->rows, sheet->count,
                                   err);
    if (status == ICECAT_OK)
        cli_note(cli, "results written to %s", results_path);
    if (status == ICECAT_OK && options_count(&cli->options, OPTION_DEBUG) != 0) {
        status = result_file_write_logs(logs_path, sheet->rows, sheet->count, err);
        if (status == ICECAT_OK)
            cli_note(cli, "logs written to %s", logs_path);
    }
    free(results_path);
    free(logs_path);
    return status;
}

/* ---- printing ---------------------------------------------------------------------------- */

static size_t keep_only(struct result_row *rows, size_t count, const char *word)
{
    enum verdict only = word != NULL ? verdict_from_word(word) : VERDICT_COUNT;
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (only == VERDICT_COUNT || rows[i].verdict == only)
            rows[kept++] = rows[i];
    }
    return kept;
}

static enum result_sort sort_by(const struct cli *cli)
{
    size_t choice = SORT_AS_GIVEN;
    char why[WHY_LEN];

    options_choice(&cli->options, OPTION_SORT, &choice, why, sizeof(why));
    return (enum result_sort)choice;
}

/* Words are checked before anything is read, so that a slip costs nothing. */
static int check_words(const struct cli *cli)
{
    size_t choice = 0;
    char why[WHY_LEN];

    if (options_choice(&cli->options, OPTION_ONLY, &choice, why, sizeof(why)) &&
        options_choice(&cli->options, OPTION_SORT, &choice, why, sizeof(why)))
        return 0;
    return cli_fail_usage(cli, "%s", why);
}

static int exit_code(const struct cli *cli, const struct results_run *run,
                     const struct result_counts *counts)
{
    struct result_counts own = *counts;
    int allow = options_count(&cli->options, OPTION_ALLOW_PENDING) != 0;

    if (run->skip_rejected) {
        own.total -= own.by_verdict[VERDICT_REJECTED];
        own.by_verdict[VERDICT_REJECTED] = 0;
    }
    if (run->search != NULL)
        return 0; /* what was to be found was found, whatever its state */
    return run->own_exit_code != 0 ? run->own_exit_code : result_counts_exit(&own, allow);
}

static void tell_open(const struct cli *cli, const struct results_run *run,
                      const struct result_counts *counts)
{
    unsigned long long pending = counts->by_verdict[VERDICT_PENDING];
    unsigned long long missing = counts->by_verdict[VERDICT_MISSING];

    if (pending + missing == 0 || run->search != NULL)
        return;
    cli_warn(cli,
             "no verdict yet: %llu pending, %llu without a record (not begun, or removed after "
             "its time to live)",
             pending, missing);
    if (run->batch_file != NULL)
        cli_note(cli, "to look again: icecat results --wait -b %s", run->batch_file);
    else
        cli_note(cli, "to look again: icecat results --wait --batchid %llu",
                 (unsigned long long)run->batch_id);
}

static int print(struct cli *cli, const struct results_run *run, struct sheet *sheet)
{
    struct result_report report = { .rows = sheet->rows,
                                    .counts = sheet->counts,
                                    .batch_id = run->batch_id,
                                    .batch_file = run->batch_file,
                                    .elapsed_ms = progress_now_ms() - run->begun_ms,
                                    .exit_code = exit_code(cli, run, &sheet->counts) };
    icecat_error err;

    report.row_count = keep_only(sheet->rows, sheet->count,
                                 options_text(&cli->options, OPTION_ONLY));
    if (result_rows_sort(sheet->rows, report.row_count, sort_by(cli)) &&
        result_print(cli, &report)) {
        tell_open(cli, run, &sheet->counts);
        return report.exit_code;
    }
    if (ferror(stdout))
        return 1; /* whoever ends the program tells why */
    cli_error(&err, ICECAT_E_NO_MEMORY, "out of memory");
    return cli_fail(cli, &err);
}

/* All rows as they are, whatever is printed. */
static int report(struct cli *cli, const struct results_run *run, const struct sheet *sheet)
{
    struct result_report all = { .rows = sheet->rows,
                                 .row_count = sheet->count,
                                 .counts = sheet->counts,
                                 .batch_id = run->batch_id,
                                 .batch_file = run->batch_file };

    return run->only_report || options_text(&cli->options, OPTION_REPORT) != NULL
               ? report_write(cli, &all)
               : 0;
}

static int finish(struct cli *cli, const struct results_run *run, struct sheet *sheet)
{
    int write = run->batch_file != NULL && !run->only_report &&
                options_count(&cli->options, OPTION_NO_WRITE) == 0;
    int failed;
    icecat_error err;
    int code;

    if (sheet->count == 0 && run->images == NULL && run->search == NULL) {
        cli_error(&err, ICECAT_E_NOT_FOUND, "batch %llu has no record in table %s",
                  (unsigned long long)run->batch_id, config_text(&cli->config, CONFIG_TABLE));
        return cli_fail(cli, &err);
    }
    failed = report(cli, run, sheet);
    if (run->only_report)
        return failed;
    if (write && write_beside(cli, run, sheet, &err) != ICECAT_OK)
        failed = cli_fail(cli, &err);
    for (size_t i = 0; !results_want_logs(cli) && i < sheet->count; i++)
        sheet->rows[i].logs_json = NULL;
    code = print(cli, run, sheet);
    return failed != 0 ? failed : code;
}

int results_run(struct cli *cli, const struct results_run *run)
{
    struct sheet sheet = { .count = 0 };
    icecat_error err;
    icecat_status status = results_fetch(cli, run, &sheet.fetch, &err);
    int code;

    if (status == ICECAT_OK && !make_rows(&sheet, run))
        status = cli_error(&err, ICECAT_E_NO_MEMORY, "out of memory");
    if (status == ICECAT_OK)
        code = finish(cli, run, &sheet);
    else
        code = cli_fail(cli, &err);
    free(sheet.rows);
    results_fetch_clear(&sheet.fetch);
    return code;
}

/* ---- a batch file ------------------------------------------------------------------------ */

int results_run_source(struct cli *cli, const struct batch_source *source, struct results_run *run)
{
    size_t count = icecat_batch_count(source->batch);
    struct known_image *images = NULL;
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    icecat_error err;
    int code;

    run->batch_id = source->batch_id;
    run->batch_file = source->path;
    run->begun_ms = progress_now_ms();
    if (source->batch == NULL)
        return results_run(cli, run);
    images = calloc(count + 1, sizeof(*images));
    if (images == NULL) {
        cli_error(&err, ICECAT_E_NO_MEMORY, "out of memory");
        return cli_fail(cli, &err);
    }
    for (size_t i = 0; icecat_batch_at(source->batch, i, &record); i++)
        images[i] = (struct known_image){ .file = record.path != NULL ? record.path
                                                                      : record.original_file_name,
                                          .fingerprint = record.fingerprint,
                                          .size_bytes = record.size_bytes };
    run->images = images;
    run->image_count = count;
    code = results_run(cli, run);
    free(images);
    return code;
}

static int search_table(struct cli *cli)
{
    icecat_search_options search = ICECAT_SEARCH_OPTIONS_INIT;
    struct results_run run = { .search = &search, .begun_ms = progress_now_ms() };
    int code = check_words(cli);

    if (code == 0)
        code = results_search_read(cli, &search);
    run.batch_id = search.batch_id;
    return code == 0 ? results_run(cli, &run) : code;
}

int results_command(struct cli *cli, int waits)
{
    struct batch_source source;
    struct results_run run = { .batch_id = 0 };
    int code = cli_progress_check(cli);

    if (code == 0 && cli->options.command_id == COMMAND_results &&
        results_search_is_asked(&cli->options))
        return search_table(cli);
    if (code == 0)
        code = check_words(cli);
    if (code == 0)
        code = report_check(cli);
    if (code == 0 && waits)
        code = results_wait_ms(cli, &run.wait_ms);
    if (code == 0)
        code = batch_source_open(cli, &source);
    if (code != 0)
        return code;
    code = results_run_source(cli, &source, &run);
    batch_source_close(&source);
    return code;
}
