/*
 * report_tables.c - a report as a CSV table, and as a JSON document.
 */
#include "report_page.h"
#include "report_text.h"
#include "table.h"

#include <inttypes.h>

enum { LABELS_LEN = 8192, ALL_LABELS = 1000 };

enum column {
    COLUMN_VERDICT,
    COLUMN_CONFIDENCE,
    COLUMN_FILE,
    COLUMN_FINGERPRINT,
    COLUMN_LABELS,
    COLUMN_REASON,
    COLUMN_SIZE,
    COLUMN_BATCH,
    COLUMN_CLIENT,
    COLUMN_UPLOADED,
    COLUMN_JUDGED,
    COLUMN_KEY,
    COLUMNS
};

static const struct table_column columns[COLUMNS] = {
    { "verdict", 0, 0 },   { "confidence", 0, 0 }, { "file", 0, 0 },   { "fingerprint", 0, 0 },
    { "labels", 0, 0 },    { "reason", 0, 0 },     { "size", 0, 0 },   { "batch_id", 0, 0 },
    { "client_id", 0, 0 }, { "uploaded", 0, 0 },   { "judged", 0, 0 }, { "s3img_key", 0, 0 },
};

static void format_time(int64_t seconds, char *out, size_t len)
{
    out[0] = '\0';
    if (seconds != 0)
        format_utc(seconds, out, len);
}

static int add_row(struct table *table, const struct result_row *row)
{
    char confidence[32], size[24] = "", batch[24], uploaded[32], judged[32], labels[LABELS_LEN];
    const char *cells[COLUMNS] = {
        [COLUMN_VERDICT] = verdict_word(row->verdict),
        [COLUMN_CONFIDENCE] = confidence,
        [COLUMN_FILE] = row->file,
        [COLUMN_FINGERPRINT] = row->fingerprint,
        [COLUMN_LABELS] = labels,
        [COLUMN_REASON] = row->reason,
        [COLUMN_SIZE] = size,
        [COLUMN_BATCH] = batch,
        [COLUMN_CLIENT] = row->client_id,
        [COLUMN_UPLOADED] = uploaded,
        [COLUMN_JUDGED] = judged,
        [COLUMN_KEY] = row->s3img_key,
    };

    result_row_confidence(row, confidence, sizeof(confidence));
    result_row_labels(row, ALL_LABELS, ", ", labels, sizeof(labels));
    if (row->size_bytes != 0)
        snprintf(size, sizeof(size), "%" PRIu64, row->size_bytes);
    snprintf(batch, sizeof(batch), "%" PRIu64, row->batch_id);
    format_time(row->upload_ts, uploaded, sizeof(uploaded));
    format_time(row->rek_ts, judged, sizeof(judged));
    return table_add(table, cells, TABLE_NO_COLOUR);
}

int report_csv(const struct report *report, FILE *file)
{
    struct table *table = table_new(columns, COLUMNS);
    int ok = table != NULL;

    for (size_t i = 0; ok && i < report->data->row_count; i++)
        ok = add_row(table, &report->data->rows[i]);
    ok = ok && table_write_csv(table, file);
    table_free(table);
    return ok;
}

int report_json(const struct report *report, FILE *file)
{
    const struct result_report *data = report->data;
    struct json_out out;
    char made[32];

    format_utc(report->now, made, sizeof(made));
    json_out_init(&out, file, 2);
    json_out_object(&out, NULL);
    json_out_text(&out, "schema", "icecat/report/1");
    json_out_text(&out, "generator", "icecat " ICECAT_VERSION_STRING);
    json_out_text(&out, "generated_at", made);
    json_out_i64(&out, "generated_ts", report->now);
    if (report->title != NULL)
        json_out_text(&out, "title", report->title);
    if (data->batch_id != 0)
        json_out_u64(&out, "batch_id", data->batch_id);
    else
        json_out_null(&out, "batch_id");
    json_out_object(&out, "counts");
    result_counts_json(&out, &data->counts);
    json_out_close(&out);
    json_out_array(&out, "results");
    for (size_t i = 0; i < data->row_count; i++)
        result_row_json(&out, NULL, &data->rows[i]);
    return json_out_end(&out);
}
