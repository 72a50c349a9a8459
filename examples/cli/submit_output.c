/*
 * submit_output.c - what a submission prints on stdout.
 */
#include "submit.h"

#include "table.h"
#include <string.h>

enum { SHORT_FINGERPRINT = 12, SCREEN_COLUMNS = 4, PIPE_COLUMNS = 5 };

static const struct table_column screen_columns[SCREEN_COLUMNS] = {
    { "action", 0, 0 },
    { "file", 0, 1 },
    { "fingerprint", 0, 0 },
    { "note", 0, 0 },
};

static const struct table_column pipe_columns[PIPE_COLUMNS] = {
    { "action", 0, 0 }, { "file", 0, 0 }, { "fingerprint", 0, 0 },
    { "key", 0, 0 },    { "note", 0, 0 },
};

static const char *action_word(const struct submit *submit, uint32_t action)
{
    switch (action) {
    case ICECAT_SUBMITTED:
        return submit->is_dry ? "would-upload" : "uploaded";
    case ICECAT_DUPLICATE:
        return "skipped";
    case ICECAT_KNOWN:
        return "known";
    case ICECAT_REJECTED:
        return "rejected";
    default:
        return "failed";
    }
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void begin_event(struct json_out *out, const char *type)
{
    json_out_init(out, stdout, 0);
    json_out_object(out, NULL);
    json_out_text(out, "type", type);
}

static void write_record(struct json_out *out, const icecat_batch_record *record)
{
    char id[32];

    snprintf(id, sizeof(id), "batch-%llu", (unsigned long long)record->batch_id);
    json_out_object(out, "record");
    json_out_text(out, "client_id", record->client_id);
    json_out_text(out, "batch_id", id);
    json_out_text(out, "s3bucket_source", record->s3bucket_source);
    json_out_text(out, "s3_key", record->s3_key);
    json_out_file(out, "original_file_name", record->original_file_name);
    json_out_text(out, "upload_time", record->upload_time);
    json_out_text(out, "img_fprint", record->fingerprint);
    json_out_i64(out, "epoch_timestamp", record->epoch_timestamp);
    if (record->path != NULL)
        json_out_file(out, "path", record->path);
    json_out_u64(out, "size", record->size_bytes);
    if (record->etag != NULL)
        json_out_text(out, "etag", record->etag);
    if (record->duplicate_of != NULL)
        json_out_file(out, "duplicate_of", record->duplicate_of);
    json_out_close(out);
}

/* Where the verdict is that makes an upload needless. */
static void write_verdict(struct json_out *out, const struct known_verdict *known)
{
    if (known == NULL)
        return;
    json_out_text(out, "img_fprint", known->fingerprint);
    json_out_u64(out, "known_batch_id", known->batch_id);
    json_out_text(out, "verdict", known->is_cat ? "cat" : "not-cat");
}

static void write_item(const struct submit *submit, struct json_out *out,
                       const struct submit_item *item, const icecat_error *error)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    json_out_text(out, "action", action_word(submit, item->action));
    json_out_file(out, "file", item->path);
    if (error != NULL) {
        if (item->fingerprint != NULL)
            json_out_text(out, "img_fprint", item->fingerprint);
        json_out_error(out, "error", error, item->path, cli_hint(error));
    } else if (submit_item_record(submit, item, &record)) {
        write_record(out, &record);
    } else if (item->action == ICECAT_KNOWN) {
        write_verdict(out, submit_known_verdict(&submit->known, item->fingerprint));
    }
}

void submit_print_start(struct submit *submit)
{
    const struct cli *cli = submit->cli;
    struct json_out *out = &submit->document;

    if (cli->format == FORMAT_NDJSON) {
        begin_event(out, "start");
        json_out_text(out, "schema", "icecat/event/1");
        json_out_text(out, "command", "submit");
    } else if (cli->format == FORMAT_JSON && !submit->waits) {
        json_out_init(out, stdout, 2);
        json_out_object(out, NULL);
        json_out_text(out, "schema", "icecat/submit/1");
    } else {
        return;
    }
    if (submit->batch.id != 0)
        json_out_u64(out, "batch_id", submit->batch.id);
    json_out_u64(out, "files", submit->list.count);
    json_out_u64(out, "bytes", submit->list.bytes);
    json_out_bool(out, "dry_run", submit->is_dry);
    if (cli->format == FORMAT_NDJSON)
        json_out_end(out);
    else
        json_out_array(out, "items");
}

void submit_print_item(struct submit *submit, const struct submit_item *item,
                       const icecat_error *error)
{
    struct json_out *out = &submit->document;

    if (submit->cli->format == FORMAT_NDJSON) {
        begin_event(out, "item");
        write_item(submit, out, item, error);
        json_out_end(out);
    } else if (submit->cli->format == FORMAT_JSON && !submit->waits) {
        json_out_object(out, NULL);
        write_item(submit, out, item, error);
        json_out_close(out);
    }
}

/* As often as a log would get a line. */
void submit_print_progress(struct submit *submit)
{
    struct progress_state state = submit->progress.state;
    struct json_out out;
    double eta;

    state.elapsed_ms = progress_now_ms() - submit->begun_ms;
    if (submit->cli->format != FORMAT_NDJSON ||
        !progress_is_due(&state, submit->told_ms, submit->told_done))
        return;
    submit->told_ms = state.elapsed_ms;
    submit->told_done = state.done;
    begin_event(&out, "progress");
    json_out_u64(&out, "files_done", state.done);
    json_out_u64(&out, "files", state.total);
    json_out_u64(&out, "bytes_done", state.bytes_done);
    json_out_u64(&out, "bytes", state.bytes);
    json_out_u64(&out, "failed", state.failed);
    json_out_fixed(&out, "elapsed_s", (double)state.elapsed_ms / 1000.0, 3);
    eta = progress_eta_s(&state);
    if (eta >= 0)
        json_out_fixed(&out, "eta_s", eta, 1);
    else
        json_out_null(&out, "eta_s");
    json_out_end(&out);
}

static void write_totals(const struct submit *submit, struct json_out *out, int exit_code)
{
    json_out_object(out, "counts");
    json_out_u64(out, "total", submit->list.count);
    json_out_u64(out, "uploaded", submit->is_dry ? 0 : submit->counts.submitted);
    json_out_u64(out, "skipped", submit->counts.duplicate);
    if (submit->counts.known != 0)
        json_out_u64(out, "known", submit->counts.known);
    json_out_u64(out, "rejected", submit->counts.rejected);
    json_out_u64(out, "failed", submit->counts.failed);
    json_out_u64(out, "bytes", submit->is_dry ? 0 : submit->counts.bytes);
    json_out_close(out);
    json_out_i64(out, "exit_code", exit_code);
    if (submit->batch.path != NULL && submit_batch_added(&submit->batch) != 0)
        json_out_file(out, "batch_file",
                      submit->batch.is_open ? submit->batch.journal : submit->batch.path);
    json_out_fixed(out, "elapsed_s", (double)(progress_now_ms() - submit->begun_ms) / 1000.0, 3);
}

/* ---- tables ------------------------------------------------------------------------------ */

static const char *note_of(const struct submit *submit, const struct submit_item *item,
                           const icecat_batch_record *record, char *memory, size_t len)
{
    const struct known_verdict *known = NULL;

    if (item->reason != NULL)
        return item->reason;
    if (item->action == ICECAT_KNOWN && item->fingerprint != NULL)
        known = submit_known_verdict(&submit->known, item->fingerprint);
    if (known != NULL) {
        snprintf(memory, len, "%s, says batch %llu", known->is_cat ? "cat" : "not cat",
                 (unsigned long long)known->batch_id);
        return memory;
    }
    if (record->duplicate_of == NULL)
        return "";
    snprintf(memory, len, "same as %s", record->duplicate_of);
    return memory;
}

/* One row: into the table of a screen, which is as wide as its widest cells, or straight out. */
static int print_row(const struct submit *submit, struct table *table,
                     const struct submit_item *item)
{
    int is_wide = options_count(&submit->cli->options, OPTION_WIDE) != 0;
    int is_bad = item->action == ICECAT_REJECTED || item->action == ICECAT_FAILED;
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    const char *word = action_word(submit, item->action);
    const char *whole = item->fingerprint != NULL ? item->fingerprint : "";
    char fingerprint[72];
    char memory[4200];
    const char *note;

    if (submit_item_record(submit, item, &record))
        whole = record.fingerprint;
    note = note_of(submit, item, &record, memory, sizeof(memory));
    if (table == NULL) {
        const char *key = record.s3_key != NULL ? record.s3_key : "";

        table_print_row(stdout, submit->cli->format == FORMAT_CSV,
                        (const char *[]){ word, item->path, whole, key, note }, PIPE_COLUMNS);
        return 1;
    }
    snprintf(fingerprint, sizeof(fingerprint), "%.*s", is_wide ? 64 : SHORT_FINGERPRINT, whole);
    return table_add(
        table,
        (const char *[]){ word, item->path, fingerprint[0] != '\0' ? fingerprint : "-", note },
        is_bad ? TABLE_RED : TABLE_GREEN);
}

static int print_rows(const struct submit *submit)
{
    int is_screen = submit->cli->format == FORMAT_TABLE;
    struct table *table = is_screen ? table_new(screen_columns, SCREEN_COLUMNS) : NULL;
    int ok = !is_screen || table != NULL;

    if (!is_screen)
        table_print_titles(stdout, submit->cli->format == FORMAT_CSV, pipe_columns, PIPE_COLUMNS);
    for (size_t i = 0; ok && i < submit->list.count; i++) {
        if (submit->list.items[i].action != 0)
            ok = print_row(submit, table, &submit->list.items[i]);
    }
    if (ok && is_screen)
        ok = table_write_screen(table, stdout, submit->cli->width, submit->cli->colour_out);
    table_free(table);
    return ok && !ferror(stdout);
}

static void print_table(const struct submit *submit)
{
    const icecat_submit_counts *counts = &submit->counts;

    if (!print_rows(submit) && !ferror(stdout))
        cli_warn(submit->cli, "out of memory: the table is not shown");
    if (submit->cli->format != FORMAT_TABLE)
        return;
    printf(" %zu file%s: %llu %s, %llu equal, %llu rejected, %llu failed", submit->list.count,
           submit->list.count == 1 ? "" : "s", (unsigned long long)counts->submitted,
           submit->is_dry ? "would be uploaded" : "uploaded", (unsigned long long)counts->duplicate,
           (unsigned long long)counts->rejected, (unsigned long long)counts->failed);
    if (counts->known != 0)
        printf(", %llu known", (unsigned long long)counts->known);
    if (submit->batch.id != 0)
        printf("   batch %llu", (unsigned long long)submit->batch.id);
    putchar('\n');
}

void submit_print_end(struct submit *submit, int exit_code)
{
    struct json_out *out = &submit->document;

    switch (submit->cli->format) {
    case FORMAT_NDJSON:
        begin_event(out, "summary");
        write_totals(submit, out, exit_code);
        json_out_end(out);
        break;
    case FORMAT_JSON:
        json_out_close(out);
        write_totals(submit, out, exit_code);
        json_out_end(out);
        break;
    case FORMAT_TABLE:
    case FORMAT_PLAIN:
    case FORMAT_CSV:
        print_table(submit);
        break;
    }
}
