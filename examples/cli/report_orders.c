/*
 * report_orders.c - the position of each picture in the orders that a page offers.
 */
#include "report_page.h"

#include <stdlib.h>
#include <string.h>

/* Sort copies that remember where they were, and note where each came to be. */
static size_t *positions(const struct result_row *rows, size_t count, enum result_sort by)
{
    struct result_row *sorted = calloc(count + 1, sizeof(*sorted));
    size_t *out = calloc(count + 1, sizeof(*out));
    int ok = sorted != NULL && out != NULL;

    for (size_t i = 0; ok && i < count; i++) {
        sorted[i] = rows[i];
        sorted[i].record = i;
    }
    ok = ok && result_rows_sort(sorted, count, by);
    for (size_t i = 0; ok && i < count; i++)
        out[sorted[i].record] = i;
    free(sorted);
    if (ok)
        return out;
    free(out);
    return NULL;
}

int report_orders_make(struct report_orders *out, const struct result_row *rows, size_t count)
{
    out->by_file = positions(rows, count, SORT_FILE);
    out->by_verdict = positions(rows, count, SORT_VERDICT);
    out->by_confidence = positions(rows, count, SORT_CONFIDENCE);
    return out->by_file != NULL && out->by_verdict != NULL && out->by_confidence != NULL;
}

void report_orders_clear(struct report_orders *orders)
{
    free(orders->by_file);
    free(orders->by_verdict);
    free(orders->by_confidence);
    *orders = (struct report_orders){ .by_file = NULL };
}
