/*
 * detect_print.c - detections on stdout.
 */
#include "detection.h"
#include "json_out.h"
#include "table.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_LEN      96
#define SCREEN_LABELS 3

static const struct table_column columns[] = {
    { "verdict", 0, 0 }, { "confidence", 1, 0 }, { "file", 0, 1 },
    { "labels", 0, 0 },  { "problem", 0, 0 },
};

/* On a screen what is wrong stands where the labels would. */
#define SCREEN_COLUMNS 4

/* "cat" or "not cat", "not-cat" in documents; "dog" with --label Dog. */
static void write_verdict(const struct detect_report *report, const struct detection *item,
                          char between, char out[WORD_LEN])
{
    size_t start = 0;

    if (!item->is_found) {
        snprintf(out, WORD_LEN, "not%c", between);
        start = strlen(out);
    }
    snprintf(out + start, WORD_LEN - start, "%s", report->settings->label);
    for (; out[start] != '\0'; start++)
        out[start] = (char)tolower((unsigned char)out[start]);
}

static size_t shown_labels(const struct detect_report *report, const struct detection *item)
{
    size_t count = item->labels != NULL ? icecat_labels_count(item->labels) : 0;

    return count < report->settings->max_labels ? count : (size_t)report->settings->max_labels;
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void write_label(struct json_out *out, const icecat_labels *labels, size_t index)
{
    icecat_label_box box = ICECAT_LABEL_BOX_INIT;

    json_out_object(out, NULL);
    json_out_text(out, "name", icecat_labels_name(labels, index));
    json_out_double(out, "confidence", icecat_labels_confidence(labels, index));
    json_out_array(out, "parents");
    for (size_t i = 0; icecat_labels_parent(labels, index, i) != NULL; i++)
        json_out_text(out, NULL, icecat_labels_parent(labels, index, i));
    json_out_close(out);
    json_out_array(out, "boxes");
    for (size_t i = 0; icecat_labels_box(labels, index, i, &box); i++) {
        json_out_object(out, NULL);
        json_out_double(out, "left", box.left);
        json_out_double(out, "top", box.top);
        json_out_double(out, "width", box.width);
        json_out_double(out, "height", box.height);
        json_out_double(out, "confidence", box.confidence);
        json_out_close(out);
    }
    json_out_close(out);
    json_out_close(out);
}

static void write_item(struct json_out *out, const char *name, const struct detect_report *report,
                       const struct detection *item)
{
    static const char *const states[] = { "success", "pending", "rejected", "fail" };
    char word[WORD_LEN];
    int is_judged = item->state == DETECTION_SUCCESS;

    write_verdict(report, item, '-', word);
    json_out_object(out, name);
    json_out_file(out, "file", item->path);
    json_out_text(out, "img_fprint", item->fingerprint[0] != '\0' ? item->fingerprint : NULL);
    json_out_text(out, "status", states[item->state]);
    json_out_text(out, "verdict", is_judged ? word : NULL);
    if (is_judged && item->confidence >= 0)
        json_out_double(out, "confidence", item->confidence);
    else
        json_out_null(out, "confidence");
    json_out_array(out, "labels");
    for (size_t i = 0; i < shown_labels(report, item); i++)
        write_label(out, item->labels, i);
    json_out_close(out);
    if (item->err.status != ICECAT_OK)
        json_out_error(out, "error", &item->err, NULL, cli_hint(&item->err));
    json_out_close(out);
}

static void write_counts(struct json_out *out, const struct detect_report *report)
{
    uint64_t by_state[4] = { 0, 0, 0, 0 }, found = 0;

    for (size_t i = 0; i < report->count; i++) {
        by_state[report->items[i]->state]++;
        found += report->items[i]->is_found != 0;
    }
    json_out_object(out, "counts");
    json_out_u64(out, "total", report->count);
    json_out_u64(out, "found", found);
    json_out_u64(out, "not_found", by_state[DETECTION_SUCCESS] - found);
    json_out_u64(out, "rejected", by_state[DETECTION_REJECTED]);
    json_out_u64(out, "failed", by_state[DETECTION_FAILED]);
    json_out_close(out);
    json_out_i64(out, "exit_code", report->exit_code);
}

void detect_print_event(const struct detect_report *report, const struct detection *item)
{
    struct json_out out;

    json_out_init(&out, stdout, 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "type", "result");
    write_item(&out, "result", report, item);
    json_out_end(&out);
}

static void print_summary(const struct detect_report *report)
{
    struct json_out out;

    json_out_init(&out, stdout, 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "type", "summary");
    write_counts(&out, report);
    json_out_end(&out);
}

static void print_document(const struct detect_report *report)
{
    struct json_out out;

    json_out_init(&out, stdout, 2);
    json_out_object(&out, NULL);
    json_out_text(&out, "schema", "icecat/detect/1");
    json_out_text(&out, "label", report->settings->label);
    json_out_array(&out, "items");
    for (size_t i = 0; i < report->count; i++)
        write_item(&out, NULL, report, report->items[i]);
    json_out_close(&out);
    write_counts(&out, report);
    json_out_end(&out);
}

/* ---- tables ------------------------------------------------------------------------------ */

/* "98.4" in every locale. */
static void write_percent(double value, char *out, size_t len)
{
    long tenths = (long)(value * 10 + 0.5);

    snprintf(out, len, "%ld.%ld", tenths / 10, tenths % 10);
}

static void list_labels(const struct detection *item, size_t count, char *out, size_t len)
{
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(out);
        char percent[32];

        write_percent(icecat_labels_confidence(item->labels, i), percent, sizeof(percent));
        snprintf(out + used, len - used, "%s%s %s", i > 0 ? ", " : "",
                 icecat_labels_name(item->labels, i), percent);
    }
}

static int add_row(struct table *table, const struct cli *cli, const struct detect_report *report,
                   const struct detection *item)
{
    static const char *const words[] = { "", "not asked", "rejected", "failed" };
    size_t count = shown_labels(report, item);
    int is_screen = cli->format == FORMAT_TABLE;
    char word[WORD_LEN], percent[32] = "", labels[8192];
    const char *cells[] = { words[item->state], percent, item->path, labels, item->err.message };

    if (is_screen && count > SCREEN_LABELS)
        count = SCREEN_LABELS;
    list_labels(item, count, labels, sizeof(labels));
    if (item->state == DETECTION_SUCCESS) {
        write_verdict(report, item, ' ', word);
        cells[0] = word;
        if (item->confidence >= 0)
            write_percent(item->confidence, percent, sizeof(percent));
    } else if (is_screen) {
        cells[3] = item->err.message;
    }
    return table_add(table, cells,
                     item->is_found                      ? TABLE_GREEN
                     : item->state >= DETECTION_REJECTED ? TABLE_RED
                                                         : TABLE_NO_COLOUR);
}

static int print_table(const struct cli *cli, const struct detect_report *report)
{
    int is_screen = cli->format == FORMAT_TABLE;
    struct table *table = table_new(columns, is_screen ? SCREEN_COLUMNS
                                                       : sizeof(columns) / sizeof(columns[0]));
    int ok = table != NULL;

    for (size_t i = 0; ok && i < report->count; i++)
        ok = add_row(table, cli, report, report->items[i]);
    if (ok && is_screen)
        table_write_screen(table, stdout, cli->width, cli->colour_out);
    else if (ok && cli->format == FORMAT_CSV)
        table_write_csv(table, stdout);
    else if (ok)
        table_write_plain(table, stdout);
    table_free(table);
    return ok;
}

int detect_print(const struct cli *cli, const struct detect_report *report)
{
    if (cli->format == FORMAT_NDJSON)
        print_summary(report);
    else if (cli->format == FORMAT_JSON)
        print_document(report);
    else
        return print_table(cli, report);
    return 1;
}
