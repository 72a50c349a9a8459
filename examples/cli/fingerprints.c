/*
 * fingerprints.c - the distinct fingerprints among many, and where each one is.
 */
#include "fingerprints.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const char *text;
    size_t index;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    int order = strcmp(left->text, right->text);

    if (order != 0)
        return order;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* Let each one point to the first that is equal. */
static void find_firsts(const struct entry *entries, size_t count, size_t *first)
{
    for (size_t i = 0; i < count; i++) {
        int repeats = i != 0 && strcmp(entries[i].text, entries[i - 1].text) == 0;

        first[entries[i].index] = repeats ? first[entries[i - 1].index] : entries[i].index;
    }
}

int fingerprints_make(struct fingerprints *out, const char *const *all, size_t count)
{
    struct entry *entries = calloc(count + 1, sizeof(*entries));
    size_t used = 0;

    out->distinct = calloc(count + 1, sizeof(*out->distinct));
    out->place = calloc(count + 1, sizeof(*out->place));
    out->distinct_count = 0;
    if (entries == NULL || out->distinct == NULL || out->place == NULL) {
        free(entries);
        fingerprints_clear(out);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        out->place[i] = FINGERPRINT_NONE;
        if (all[i] != NULL && all[i][0] != '\0')
            entries[used++] = (struct entry){ all[i], i };
    }
    qsort(entries, used, sizeof(*entries), compare_entries);
    find_firsts(entries, used, out->place);
    /* A first one comes before those that point to it, so its place is known when they need it. */
    for (size_t i = 0; i < count; i++) {
        if (out->place[i] == FINGERPRINT_NONE)
            continue;
        if (out->place[i] != i) {
            out->place[i] = out->place[out->place[i]];
            continue;
        }
        out->distinct[out->distinct_count] = all[i];
        out->place[i] = out->distinct_count++;
    }
    free(entries);
    return 1;
}

void fingerprints_clear(struct fingerprints *fingerprints)
{
    free(fingerprints->distinct);
    free(fingerprints->place);
    *fingerprints = (struct fingerprints){ .distinct = NULL };
}
