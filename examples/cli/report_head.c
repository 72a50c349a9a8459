/*
 * report_head.c - the top of a report's page: title, counts, facts, and what the reader can choose.
 *
 * The choices are radio buttons; style rules that look at them (:has) hide and order the cards.
 */
#include "report_page.h"
#include "report_text.h"

#include <inttypes.h>
#include <string.h>

#define ICON_PATH                                                                                  \
    "M3.6 3.2a.8.8 0 0 1 1.3-.6l4 3.1a11 11 0 0 1 6.2 0l4-3.1a.8.8 0 0 1 1.3.6v9.3c0 4.9-3.8 "     \
    "8.3-8.4 8.3s-8.4-3.4-8.4-8.3z"

static uint64_t count_of(const struct report *report, size_t verdict)
{
    return report->data->counts.by_verdict[verdict];
}

static size_t kinds(const struct report *report)
{
    size_t found = 0;

    for (size_t i = 0; i < VERDICT_COUNT; i++)
        found += count_of(report, i) != 0;
    return found;
}

/* "9 of 16 pictures show a cat", as plain text. */
static void write_summary(const struct report *report, FILE *file)
{
    uint64_t total = report->data->counts.total, cats = count_of(report, VERDICT_CAT);

    if (total == 0)
        fputs("No pictures in this batch", file);
    else if (total == 1)
        fprintf(file, "The picture: %s", verdict_word(report->data->rows[0].verdict));
    else if (cats == 0)
        fprintf(file, "None of %" PRIu64 " pictures shows a cat", total);
    else
        fprintf(file, "%" PRIu64 " of %" PRIu64 " pictures show%s a cat", cats, total,
                cats == 1 ? "s" : "");
}

/* ---- <head> ------------------------------------------------------------------------------ */

/* Hide what is not chosen, and say so when two choices leave nothing. */
static void write_rules(const struct report *report, const struct report_labels *labels, FILE *file)
{
    for (size_t v = 0; v < VERDICT_COUNT; v++) {
        const char *name = report_class((enum verdict)v);

        if (count_of(report, v) == 0)
            continue;
        fprintf(file, "body:has(#show-%s:checked) .card:not(.%s){display:none}\n", name, name);
        for (size_t i = 0; i < labels->count; i++) {
            if (labels->top[i].by_verdict[v] == 0)
                fprintf(file,
                        "body:has(#show-%s:checked):has(#label-%zu:checked) .nothing"
                        "{display:block}\n",
                        name, i);
        }
    }
    for (size_t i = 0; i < labels->count; i++)
        fprintf(file, "body:has(#label-%zu:checked) .card:not(.l%zu){display:none}\n", i, i);
}

static void write_document_head(const struct report *report, const struct report_labels *labels,
                                FILE *file)
{
    fputs(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"generator\" content=\"icecat " ICECAT_VERSION_STRING "\">\n<title>",
        file);
    if (report->title != NULL)
        html_text(file, report->title);
    else
        write_summary(report, file);
    fputs(" - icecat report</title>\n<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg "
          "xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath fill='%2317724a' "
          "d='" ICON_PATH "'/%3E%3C/svg%3E\">\n<style>\n",
          file);
    fputs(report_css, file);
    write_rules(report, labels, file);
    fputs("</style>\n</head>\n", file);
}

/* ---- what it is about -------------------------------------------------------------------- */

static void write_stack(const struct report *report, FILE *file)
{
    char words[160];

    if (report->data->counts.total == 0)
        return;
    result_counts_text(&report->data->counts, words, sizeof(words));
    fprintf(file, "<div class=\"stack\" role=\"img\" aria-label=\"%s\">", words);
    for (size_t v = 0; v < VERDICT_COUNT; v++) {
        if (count_of(report, v) != 0)
            fprintf(file, "<i class=\"%s\" style=\"flex:%" PRIu64 "\"></i>",
                    report_class((enum verdict)v), count_of(report, v));
    }
    fputs("</div>\n", file);
}

static void write_fact(FILE *file, const char *name, const char *value)
{
    fprintf(file, "<div><dt>%s</dt><dd><bdi>", name);
    html_text(file, value);
    fputs("</bdi></dd></div>\n", file);
}

static void write_times(const struct report *report, FILE *file)
{
    int64_t first = 0, last = 0;

    for (size_t i = 0; i < report->data->row_count; i++) {
        const struct result_row *row = &report->data->rows[i];

        if (row->upload_ts > 0 && (first == 0 || row->upload_ts < first))
            first = row->upload_ts;
        last = row->rek_ts > last ? row->rek_ts : last;
    }
    if (first != 0) {
        fputs("<div><dt>Submitted</dt><dd>", file);
        html_time(file, first);
        fputs("</dd></div>\n", file);
    }
    if (last != 0) {
        fputs("<div><dt>Last verdict</dt><dd>", file);
        html_time(file, last);
        fputs("</dd></div>\n", file);
    }
}

static void write_facts(const struct report *report, FILE *file)
{
    const struct result_report *data = report->data;
    const char *client = NULL;
    char text[160];

    for (size_t i = 0; client == NULL && i < data->row_count; i++)
        client = data->rows[i].client_id;
    fputs("<dl class=\"facts\">\n", file);
    if (data->batch_id != 0) {
        snprintf(text, sizeof(text), "%" PRIu64, data->batch_id);
        write_fact(file, "Batch", text);
    }
    if (client != NULL)
        write_fact(file, "Client", client);
    write_times(report, file);
    result_counts_text(&data->counts, text, sizeof(text));
    write_fact(file, "Counts", text);
    fputs("</dl>\n", file);
}

/* ---- choices ----------------------------------------------------------------------------- */

static void begin_group(FILE *file, const char *legend)
{
    fprintf(file, "<fieldset class=\"group\"><legend>%s</legend>\n", legend);
}

static void begin_option(FILE *file, const char *group, const char *id, int is_chosen)
{
    fprintf(file, "<label class=\"option\"><input type=\"radio\" name=\"%s\" id=\"%s\"%s>", group,
            id, is_chosen ? " checked" : "");
}

static void end_option(FILE *file, uint64_t count)
{
    if (count != 0)
        fprintf(file, "<span class=\"count\">%" PRIu64 "</span>", count);
    fputs("</label>\n", file);
}

static void write_verdicts(const struct report *report, FILE *file)
{
    begin_group(file, "Show");
    begin_option(file, "show", "show-all", 1);
    fputs("All", file);
    end_option(file, report->data->counts.total);
    for (size_t v = 0; v < VERDICT_COUNT; v++) {
        const char *name = report_class((enum verdict)v);
        char id[32];

        if (count_of(report, v) == 0)
            continue;
        snprintf(id, sizeof(id), "show-%s", name);
        begin_option(file, "show", id, 0);
        fprintf(file, "<svg class=\"icon %s\" aria-hidden=\"true\"><use href=\"#i-%s\"/></svg>%s",
                name, name, verdict_word((enum verdict)v));
        end_option(file, count_of(report, v));
    }
    fputs("</fieldset>\n", file);
}

static void write_sorts(FILE *file)
{
    static const char *const sorts[][2] = { { "by-given", "as given" },
                                            { "by-file", "file" },
                                            { "by-verdict", "verdict" },
                                            { "by-confidence", "confidence" } };

    begin_group(file, "Order");
    for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
        begin_option(file, "by", sorts[i][0], i == 0);
        fputs(sorts[i][1], file);
        end_option(file, 0);
    }
    fputs("</fieldset>\n", file);
}

static void write_labels(const struct report_labels *labels, FILE *file)
{
    begin_group(file, "Label");
    begin_option(file, "label", "label-any", 1);
    fputs("any", file);
    end_option(file, 0);
    for (size_t i = 0; i < labels->count; i++) {
        char id[32];

        snprintf(id, sizeof(id), "label-%zu", i);
        begin_option(file, "label", id, 0);
        fputs("<bdi class=\"text\">", file);
        html_text(file, labels->top[i].name);
        fputs("</bdi>", file);
        end_option(file, labels->top[i].count);
    }
    fputs("</fieldset>\n", file);
}

static int has_boxes(const struct report *report)
{
    for (size_t i = 0; i < report->data->row_count; i++) {
        const char *labels = report->data->rows[i].labels_json;

        if (labels != NULL && strstr(labels, "\"left\"") != NULL)
            return report->thumbs_px != 0;
    }
    return 0;
}

static void write_tools(const struct report *report, const struct report_labels *labels, FILE *file)
{
    if (report->data->row_count < 2)
        return;
    fputs("<form class=\"tools\" autocomplete=\"off\" aria-label=\"What to show\"><div "
          "class=\"wrap\">\n",
          file);
    if (kinds(report) > 1)
        write_verdicts(report, file);
    write_sorts(file);
    fputs("<div class=\"more\">\n", file);
    if (labels->count > 1)
        write_labels(labels, file);
    if (has_boxes(report))
        fputs("<label class=\"option toggle\"><input type=\"checkbox\" id=\"boxes\" checked>"
              "<svg class=\"tick\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><path d=\"m2.5 6 2.5 "
              "2.6 4.6-5.2\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/></svg>"
              "Outlines</label>\n",
              file);
    fputs("<button class=\"reset\" type=\"reset\">Reset</button>\n</div></div></form>\n", file);
}

void report_head(const struct report *report, const struct report_labels *labels, FILE *file)
{
    write_document_head(report, labels, file);
    fputs("<body>\n", file);
    fputs(report_svg, file);
    fputs("<header class=\"wrap\"><div class=\"head\">\n<p class=\"brand\"><svg class=\"icon\" "
          "aria-hidden=\"true\"><use href=\"#i-cat\"/></svg>icecat report</p>\n<h1>",
          file);
    if (report->title != NULL) {
        html_text(file, report->title);
        fputs("</h1>\n<p class=\"lead\">", file);
        write_summary(report, file);
        fputs("</p>\n", file);
    } else {
        write_summary(report, file);
        fputs("</h1>\n", file);
    }
    write_stack(report, file);
    write_facts(report, file);
    fputs("</div></header>\n", file);
    write_tools(report, labels, file);
}
