/*
 * result_sort.c - put results in order; equal ones stay as they were given.
 */
#include "result_rows.h"

#include <stdlib.h>
#include <string.h>

struct keyed {
    struct result_row row;
    size_t position;
    enum result_sort by;
};

static int compare_texts(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return (a == NULL) - (b == NULL); /* those without a name last */
    return strcmp(a, b);
}

static int compare_rows(const void *a, const void *b)
{
    const struct keyed *left = a;
    const struct keyed *right = b;
    int order = 0;

    if (left->by == SORT_FILE)
        order = compare_texts(left->row.file, right->row.file);
    else if (left->by == SORT_VERDICT)
        order = (int)left->row.verdict - (int)right->row.verdict;
    else if (left->by == SORT_CONFIDENCE) /* the surest first */
        order = (left->row.confidence < right->row.confidence) -
                (left->row.confidence > right->row.confidence);
    if (order != 0)
        return order;
    return left->position < right->position ? -1 : left->position > right->position;
}

int result_rows_sort(struct result_row *rows, size_t count, enum result_sort by)
{
    struct keyed *keyed;

    if (by == SORT_AS_GIVEN || count < 2)
        return 1;
    keyed = calloc(count, sizeof(*keyed));
    if (keyed == NULL)
        return 0;
    for (size_t i = 0; i < count; i++)
        keyed[i] = (struct keyed){ rows[i], i, by };
    qsort(keyed, count, sizeof(*keyed), compare_rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = keyed[i].row;
    free(keyed);
    return 1;
}
