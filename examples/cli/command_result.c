/*
 * command_result.c - the verdict of one image.
 */
#include "batch_source.h"
#include "cli_error.h"
#include "progress.h"
#include "result_file.h"
#include "result_print.h"
#include "results_fetch.h"
#include "sha256.h"
#include "text.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* The fingerprint that is asked for: given, or that of a file. 0, or an exit code. */
static int find_fingerprint(const struct cli *cli, char out[SHA256_HEX_LEN])
{
    const char *given = options_text(&cli->options, OPTION_IMGFPRINT);
    const char *file = options_text(&cli->options, OPTION_FILE);
    icecat_error err;

    if ((given != NULL) + (file != NULL) != 1)
        return cli_fail_usage(cli, "result needs one of -p HASH and --file IMAGE");
    if (file != NULL)
        return sha256_file(file, out, &err) == ICECAT_OK ? 0 : cli_fail(cli, &err);
    if (strlen(given) >= SHA256_HEX_LEN)
        return cli_fail_usage(cli, "-p %s: a fingerprint has at most 64 hex digits", given);
    strcpy(out, given);
    return 0;
}

static int find_batch(const struct cli *cli, uint64_t *out)
{
    const char *text = options_text(&cli->options, OPTION_BATCHID);
    icecat_error err;

    if (text == NULL)
        return cli_fail_usage(cli, "result needs -b ID, the batch to look in");
    if (icecat_batch_id_parse(text, out, &err) != ICECAT_OK)
        return cli_fail_usage(cli, "-b %s: %s", text, err.message);
    return 0;
}

/* A record of the Python client has no file name; the batch file may. Its texts live with @p source. */
static void add_file_name(const struct cli *cli, struct batch_source *source,
                          struct result_row *row)
{
    char *path = batch_find(batch_logs_dir(cli), row->batch_id);
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    if (path != NULL && icecat_batch_load(path, &source->batch, NULL) == ICECAT_OK) {
        for (size_t i = 0; icecat_batch_at(source->batch, i, &record); i++) {
            if (strcmp(record.fingerprint, row->fingerprint) == 0 && record.duplicate_of == NULL)
                row->file = record.original_file_name;
        }
    }
    free(path);
}

/* Under the table, for a reader; the other formats have them in the row or not at all. */
static void print_logs(const struct cli *cli, const struct result_row *row)
{
    cJSON *logs = row->logs_json != NULL ? cJSON_Parse(row->logs_json) : NULL;

    for (const cJSON *line = logs != NULL ? logs->child : NULL; line != NULL; line = line->next) {
        if (!cJSON_IsString(line))
            continue;
        fputs("   ", stdout);
        text_write_safe(line->valuestring, stdout);
        putchar('\n');
    }
    if (logs == NULL)
        cli_note(cli, "the record has no logs: they are kept of images submitted with --debug");
    cJSON_Delete(logs);
}

/* CLIENT_ID-debug-logs.json, as the Python client names it, so that the batch's own is kept. */
static int write_logs(const struct cli *cli, const struct result_row *row)
{
    const char *dir = batch_logs_dir(cli);
    const char *client = row->client_id != NULL ? row->client_id : "unknown";
    char path[4096];
    icecat_error err;

    snprintf(path, sizeof(path), "%s/%s_%llu-debug-logs.json", dir, client,
             (unsigned long long)row->batch_id);
    if (strchr(client, '/') != NULL)
        cli_error(&err, ICECAT_E_FILE, "the record's client id %s is no file name", client);
    else if (result_file_write_logs(path, row, 1, &err) == ICECAT_OK) {
        cli_note(cli, "logs written to %s", path);
        return 0;
    }
    return cli_fail(cli, &err);
}

static int exit_code(const struct cli *cli, const struct result_counts *counts,
                     const struct result_row *row)
{
    int code = result_counts_exit(counts, options_count(&cli->options, OPTION_ALLOW_PENDING) != 0);

    if (code == 0 && row->verdict == VERDICT_NOT_CAT &&
        options_count(&cli->options, OPTION_EXIT_VERDICT) != 0)
        return EXIT_NO_CAT;
    return code;
}

static int show(struct cli *cli, const icecat_results *results, uint64_t begun_ms)
{
    icecat_result result = ICECAT_RESULT_INIT;
    struct batch_source source = { .batch_id = 0 };
    struct result_row row;
    struct result_report report = { .rows = &row, .row_count = 1 };
    int debug = options_count(&cli->options, OPTION_DEBUG) != 0;
    int failed = 0;

    icecat_results_at(results, 0, &result);
    result_row_from(&row, &result);
    if (row.file == NULL)
        add_file_name(cli, &source, &row);
    if (debug && row.logs_json != NULL && options_count(&cli->options, OPTION_NO_WRITE) == 0)
        failed = write_logs(cli, &row);
    if (!results_want_logs(cli))
        row.logs_json = NULL;
    result_counts_add(&report.counts, row.verdict);
    report.batch_id = row.batch_id;
    report.elapsed_ms = progress_now_ms() - begun_ms;
    report.exit_code = exit_code(cli, &report.counts, &row);
    result_print(cli, &report);
    if (cli->format == FORMAT_TABLE && results_want_logs(cli))
        print_logs(cli, &row);
    batch_source_close(&source);
    return failed != 0 ? failed : report.exit_code;
}

int command_result(struct cli *cli)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    uint64_t begun_ms = progress_now_ms();
    icecat_results *results = NULL;
    char fingerprint[SHA256_HEX_LEN];
    uint64_t batch_id;
    icecat_error err;
    int code = find_batch(cli, &batch_id);

    if (code == 0)
        code = find_fingerprint(cli, fingerprint);
    if (code != 0)
        return code;
    call.cancel = cli->cancel;
    options.call = &call;
    options.with_logs = (uint32_t)results_want_logs(cli);
    if (cli_need_pipeline(cli, &err) != ICECAT_OK ||
        icecat_pipeline_result(cli->pipeline, batch_id, fingerprint, &options, &results, &err) !=
            ICECAT_OK)
        return cli_fail(cli, &err);
    code = show(cli, results, begun_ms);
    icecat_results_free(results);
    return code;
}
