/*
 * report_page.h - the parts of a report (internal to report*.c).
 */
#ifndef CLI_REPORT_PAGE_H
#define CLI_REPORT_PAGE_H

#include "report_labels.h"
#include "result_print.h"
#include <stdio.h>

enum report_format { REPORT_HTML, REPORT_CSV, REPORT_JSON };

struct report {
    const struct result_report *data;
    const char *title;  /* NULL: the counts say it */
    const char *images; /* folder to look for pictures in, too; or NULL */
    uint32_t thumbs_px; /* 0: no thumbnails */
    uint64_t max_inline;
    uint64_t inlined; /* bytes of thumbnails so far, as they are in the file */
    int64_t now;      /* seconds since 1970 */
    size_t shown;     /* thumbnails */
    size_t not_found; /* pictures that are not where they were, or are others now */
};

/* Told after each picture; non-zero stops. */
typedef int (*report_progress_fn)(size_t done, void *userdata);

/* All return 0 when memory ran out, the stream has an error, or the progress stopped it. */
int report_html(struct report *report, FILE *file, report_progress_fn progress, void *userdata);
int report_csv(const struct report *report, FILE *file);
int report_json(const struct report *report, FILE *file);

/* ---- HTML -------------------------------------------------------------------------------- */

/* Positions of each row in the orders that the page offers. */
struct report_orders {
    size_t *by_file, *by_verdict, *by_confidence;
};
/* 0 when out of memory. */
int report_orders_make(struct report_orders *out, const struct result_row *rows, size_t count);
void report_orders_clear(struct report_orders *orders);

/* "cat", "not-cat" ...: class names of a verdict. */
const char *report_class(enum verdict verdict);
/* Everything above the pictures. */
void report_head(const struct report *report, const struct report_labels *labels, FILE *file);
/* One picture, with its thumbnail when there is one. */
void report_card(struct report *report, size_t index, const struct report_orders *orders,
                 const struct report_labels *labels, FILE *file);

/* report.css and report.svg, as text. */
extern const char report_css[];
extern const char report_svg[];

#endif
