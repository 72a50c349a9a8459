/*
 * report_labels.c - which labels many pictures have.
 */
#include "report_labels.h"

#include <stdlib.h>
#include <string.h>

/* Rekognition knows some 3,000; a file of others' making may have more, which are not counted. */
enum { MOST_NAMES = 4096, SLOTS = 2 * MOST_NAMES };

/* Names by their hash, so that many pictures take no longer than few. */
struct tally {
    struct report_label names[MOST_NAMES];
    size_t
        last_row[MOST_NAMES]; /* row that counted it last, from 1: a label counts once a picture */
    uint16_t slots[SLOTS];    /* position in names, from 1; 0 is empty */
    size_t count;
};

static size_t hash(const char *name)
{
    uint64_t value = 14695981039346656037u;

    for (; *name != '\0'; name++)
        value = (value ^ (unsigned char)*name) * 1099511628211u;
    return (size_t)(value % SLOTS);
}

/* Position of @p name, made if it is new; MOST_NAMES when there is no room or memory. */
static size_t place_of(struct tally *tally, const char *name)
{
    size_t slot = hash(name);

    while (tally->slots[slot] != 0) {
        size_t place = tally->slots[slot] - 1u;

        if (strcmp(tally->names[place].name, name) == 0)
            return place;
        slot = (slot + 1) % SLOTS;
    }
    if (tally->count == MOST_NAMES || (tally->names[tally->count].name = strdup(name)) == NULL)
        return MOST_NAMES;
    tally->slots[slot] = (uint16_t)++tally->count;
    return tally->count - 1;
}

static void count_row(struct tally *tally, const struct result_row *row, size_t number)
{
    cJSON *labels = result_parse_array(row->labels_json);
    const cJSON *label = labels != NULL ? labels->child : NULL;
    const char *name;
    double confidence;

    for (; (label = result_next_label(label, &name, &confidence)) != NULL; label = label->next) {
        size_t place = place_of(tally, name);

        if (place == MOST_NAMES || tally->last_row[place] == number)
            continue;
        tally->last_row[place] = number;
        tally->names[place].count++;
        tally->names[place].by_verdict[row->verdict]++;
    }
    cJSON_Delete(labels);
}

static int compare(const void *a, const void *b)
{
    const struct report_label *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return strcmp(left->name, right->name);
}

int report_labels_make(struct report_labels *out, const struct result_row *rows, size_t count)
{
    struct tally *tally = calloc(1, sizeof(*tally));

    *out = (struct report_labels){ .count = 0 };
    if (tally == NULL)
        return 0;
    for (size_t i = 0; i < count; i++)
        count_row(tally, &rows[i], i + 1);
    qsort(tally->names, tally->count, sizeof(tally->names[0]), compare);
    for (size_t i = 0; i < tally->count; i++) {
        if (i < REPORT_LABELS)
            out->top[out->count++] = tally->names[i];
        else
            free(tally->names[i].name);
    }
    free(tally);
    return 1;
}

void report_labels_clear(struct report_labels *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        free(labels->top[i].name);
    labels->count = 0;
}

size_t report_labels_find(const struct report_labels *labels, const char *name)
{
    for (size_t i = 0; i < labels->count; i++) {
        if (strcmp(labels->top[i].name, name) == 0)
            return i;
    }
    return REPORT_LABELS;
}
