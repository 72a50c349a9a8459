/*
 * result_print.c - many results on stdout, in the format that was asked for.
 */
#include "result_print.h"

#include "json_out.h"
#include "table.h"
#include <string.h>

enum { SHORT_FINGERPRINT = 12, MOST_SHOWN_LABELS = 3, LEAST_FILE = 20, ALL_LABELS = 1000 };

enum column {
    COLUMN_VERDICT,
    COLUMN_CONFIDENCE,
    COLUMN_FILE,
    COLUMN_FINGERPRINT,
    COLUMN_LABELS,
    COLUMN_REASON,
    COLUMNS
};

/* On a screen the reason stands where the labels would. */
static const struct table_column screen_columns[] = {
    { "verdict", 0, 0 },     { "conf", 1, 0 },   { "file", 0, 1 },
    { "fingerprint", 0, 0 }, { "labels", 0, 0 },
};

static const struct table_column pipe_columns[COLUMNS] = {
    { "verdict", 0, 0 },     { "confidence", 1, 0 }, { "file", 0, 0 },
    { "fingerprint", 0, 0 }, { "labels", 0, 0 },     { "reason", 0, 0 },
};

static enum table_colour colour_of(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_CAT:
        return TABLE_GREEN;
    case VERDICT_FAILED:
    case VERDICT_MISSING:
    case VERDICT_REJECTED:
        return TABLE_RED;
    case VERDICT_PENDING:
        return TABLE_YELLOW;
    case VERDICT_NOT_CAT:
    case VERDICT_COUNT:
        break;
    }
    return TABLE_NO_COLOUR;
}

static const char *or_dash(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : "-";
}

static int add_screen_row(struct table *table, const struct result_row *row, size_t labels,
                          int is_wide)
{
    char confidence[32];
    char fingerprint[72];
    char names[1024];
    const char *cells[] = { verdict_word(row->verdict), confidence, or_dash(row->file), fingerprint,
                            names };

    result_row_confidence(row, confidence, sizeof(confidence));
    if (confidence[0] == '\0')
        strcpy(confidence, "-");
    snprintf(fingerprint, sizeof(fingerprint), "%.*s", is_wide ? 64 : SHORT_FINGERPRINT,
             or_dash(row->fingerprint));
    result_row_labels(row, labels, " \xc2\xb7 ", names, sizeof(names));
    if (row->reason != NULL)
        cells[COLUMN_LABELS] = row->reason;
    return table_add(table, cells, colour_of(row->verdict));
}

static struct table *screen_table(const struct cli *cli, const struct result_report *report,
                                  size_t labels)
{
    int is_wide = options_count(&cli->options, OPTION_WIDE) != 0;
    struct table *table = table_new(screen_columns,
                                    sizeof(screen_columns) / sizeof(screen_columns[0]));

    for (size_t i = 0; table != NULL && i < report->row_count; i++) {
        if (!add_screen_row(table, &report->rows[i], labels, is_wide)) {
            table_free(table);
            table = NULL;
        }
    }
    return table;
}

/* As many whole labels as the terminal has room for. */
static int print_screen(const struct cli *cli, const struct result_report *report)
{
    size_t width = cli->width;
    size_t labels = MOST_SHOWN_LABELS;
    struct table *table = screen_table(cli, report, labels);
    char counts[160];
    int ok;

    while (table != NULL && labels > 0 && width != 0 &&
           table_least_width(table, LEAST_FILE) > width) {
        table_free(table);
        table = screen_table(cli, report, --labels);
    }
    if (table == NULL)
        return 0;
    ok = table_rows(table) == 0 || table_write_screen(table, stdout, width, cli->colour_out);
    table_free(table);
    result_counts_text(&report->counts, counts, sizeof(counts));
    printf(" %s", counts);
    if (report->batch_id != 0)
        printf("   batch %llu", (unsigned long long)report->batch_id);
    if (report->elapsed_ms != 0)
        printf("   %llu.%llu s", (unsigned long long)(report->elapsed_ms / 1000),
               (unsigned long long)(report->elapsed_ms % 1000 / 100));
    putchar('\n');
    return ok;
}

static int add_pipe_row(struct table *table, const struct result_row *row)
{
    char confidence[32];
    char labels[8192];
    const char *cells[COLUMNS] = {
        [COLUMN_VERDICT] = verdict_word(row->verdict),
        [COLUMN_CONFIDENCE] = confidence,
        [COLUMN_FILE] = row->file,
        [COLUMN_FINGERPRINT] = row->fingerprint,
        [COLUMN_LABELS] = labels,
        [COLUMN_REASON] = row->reason,
    };

    result_row_confidence(row, confidence, sizeof(confidence));
    result_row_labels(row, ALL_LABELS, ", ", labels, sizeof(labels));
    return table_add(table, cells, TABLE_NO_COLOUR);
}

int result_print_table(const struct cli *cli, const struct result_report *report)
{
    struct table *table;
    int ok;

    if (cli->format == FORMAT_TABLE)
        return print_screen(cli, report);
    table = table_new(pipe_columns, COLUMNS);
    ok = table != NULL;
    for (size_t i = 0; ok && i < report->row_count; i++)
        ok = add_pipe_row(table, &report->rows[i]);
    if (ok)
        ok = cli->format == FORMAT_CSV ? table_write_csv(table, stdout)
                                       : table_write_plain(table, stdout);
    table_free(table);
    return ok;
}

/* ---- JSON -------------------------------------------------------------------------------- */

void result_print_events(const struct result_report *report)
{
    for (size_t i = 0; i < report->row_count; i++) {
        struct json_out out;

        json_out_init(&out, stdout, 0);
        json_out_object(&out, NULL);
        json_out_text(&out, "type", "result");
        result_row_json(&out, "result", &report->rows[i]);
        json_out_end(&out);
    }
}

static void write_totals(struct json_out *out, const struct result_report *report)
{
    json_out_object(out, "counts");
    result_counts_json(out, &report->counts);
    json_out_close(out);
    json_out_i64(out, "exit_code", report->exit_code);
    if (report->batch_file != NULL)
        json_out_file(out, "batch_file", report->batch_file);
    json_out_fixed(out, "elapsed_s", (double)report->elapsed_ms / 1000.0, 3);
}

void result_print_summary_event(const struct result_report *report)
{
    struct json_out out;

    json_out_init(&out, stdout, 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "type", "summary");
    write_totals(&out, report);
    json_out_end(&out);
}

static int print_document(const struct result_report *report)
{
    struct json_out out;

    json_out_init(&out, stdout, 2);
    json_out_object(&out, NULL);
    json_out_text(&out, "schema", "icecat/results/1");
    if (report->batch_id != 0)
        json_out_u64(&out, "batch_id", report->batch_id);
    else
        json_out_null(&out, "batch_id");
    json_out_array(&out, "results");
    for (size_t i = 0; i < report->row_count; i++)
        result_row_json(&out, NULL, &report->rows[i]);
    json_out_close(&out);
    write_totals(&out, report);
    return json_out_end(&out);
}

int result_print(const struct cli *cli, const struct result_report *report)
{
    switch (cli->format) {
    case FORMAT_JSON:
        return print_document(report);
    case FORMAT_NDJSON:
        result_print_events(report);
        result_print_summary_event(report);
        return ferror(stdout) == 0;
    case FORMAT_TABLE:
    case FORMAT_PLAIN:
    case FORMAT_CSV:
        break;
    }
    return result_print_table(cli, report) && fflush(stdout) == 0;
}
