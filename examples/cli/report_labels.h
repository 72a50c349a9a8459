/*
 * report_labels.h - which labels many pictures have: what a reader can filter by.
 */
#ifndef CLI_REPORT_LABELS_H
#define CLI_REPORT_LABELS_H

#include "result_rows.h"

enum { REPORT_LABELS = 12 };

struct report_label {
    char *name;
    size_t count;                     /* pictures that have it */
    size_t by_verdict[VERDICT_COUNT]; /* the same, of each verdict */
};

struct report_labels {
    struct report_label top[REPORT_LABELS]; /* the most frequent first */
    size_t count;
};

/* 0 when out of memory. */
int report_labels_make(struct report_labels *out, const struct result_row *rows, size_t count);
void report_labels_clear(struct report_labels *labels);
/* Position of @p name in top, or REPORT_LABELS. */
size_t report_labels_find(const struct report_labels *labels, const char *name);

#endif
