/*
 * report_html.c - a report as one HTML page that needs nothing else: no script, no network.
 */
#include "report_page.h"
#include "report_text.h"

#include <inttypes.h>

const char *report_class(enum verdict verdict)
{
    static const char *const names[VERDICT_COUNT] = {
        [VERDICT_CAT] = "cat",       [VERDICT_NOT_CAT] = "not-cat", [VERDICT_PENDING] = "pending",
        [VERDICT_FAILED] = "failed", [VERDICT_MISSING] = "missing", [VERDICT_REJECTED] = "rejected",
    };

    return verdict < VERDICT_COUNT ? names[verdict] : "";
}

static void write_foot(const struct report *report, FILE *file)
{
    fputs("<p class=\"nothing\">No picture is both.</p>\n</main>\n<footer class=\"wrap\">"
          "<div class=\"foot\">\n<p>Made by icecat " ICECAT_VERSION_STRING " on ",
          file);
    html_time(file, report->now);
    fputs(". This file is complete: it has no script and loads nothing from anywhere.</p>\n", file);
    if (report->not_found != 0)
        fprintf(
            file,
            "<p>%zu picture%s not where %s submitted from, or changed since; a picture is shown "
            "only when its bytes have the fingerprint on record.</p>\n",
            report->not_found, report->not_found == 1 ? " is" : "s are",
            report->not_found == 1 ? "it was" : "they were");
    fputs("</div></footer>\n</body>\n</html>\n", file);
}

int report_html(struct report *report, FILE *file, report_progress_fn progress, void *userdata)
{
    const struct result_report *data = report->data;
    struct report_orders orders = { .by_file = NULL };
    struct report_labels labels = { .count = 0 };
    int ok = report_labels_make(&labels, data->rows, data->row_count) &&
             report_orders_make(&orders, data->rows, data->row_count);

    if (ok) {
        report_head(report, &labels, file);
        fputs("<main class=\"wrap\">\n<h2 class=\"hidden\">Pictures</h2>\n<ol class=\"grid\">\n",
              file);
        for (size_t i = 0; ok && i < data->row_count; i++) {
            report_card(report, i, &orders, &labels, file);
            ok = progress(i + 1, userdata) == 0 && ferror(file) == 0;
        }
        fputs("</ol>\n", file);
        write_foot(report, file);
    }
    report_orders_clear(&orders);
    report_labels_clear(&labels);
    return ok && ferror(file) == 0;
}
