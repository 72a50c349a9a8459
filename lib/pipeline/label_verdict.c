/*
 * label_verdict.c - is it a cat? All labels are looked at, however few are kept.
 */
#include "pipeline/label_verdict.h"

#include "services/labels.h"

/* A kitten is a cat: Rekognition names the more general things as parents, and synonyms as aliases. */
int ic_labels_find(const icecat_labels *labels, const char *label, size_t *index,
                   double *confidence)
{
    int found = 0;

    *index = 0;
    *confidence = 0;
    for (size_t i = 0; i < icecat_labels_count(labels); i++) {
        double here = icecat_labels_confidence(labels, i);

        if ((found && here <= *confidence) || !ic_labels_is(labels, i, label))
            continue;
        found = 1;
        *index = i;
        *confidence = here;
    }
    return found;
}

int icecat_labels_verdict(const icecat_labels *labels, const char *label, double *confidence)
{
    size_t index;
    double highest = 0;
    int found = labels != NULL && label != NULL && ic_labels_find(labels, label, &index, &highest);

    if (confidence != NULL)
        *confidence = highest;
    return found;
}
