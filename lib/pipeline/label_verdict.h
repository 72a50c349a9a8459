/*
 * label_verdict.h - the label that makes the verdict. Pure.
 */
#ifndef IC_LABEL_VERDICT_H
#define IC_LABEL_VERDICT_H

#include <icecat/pipeline.h>

/**
 * Which of @p labels is @p label, by its name, a parent or an alias, with the highest confidence?
 * 1 and @p index and @p confidence set when there is one; else 0 and both 0.
 */
int ic_labels_find(const icecat_labels *labels, const char *label, size_t *index,
                   double *confidence);

#endif
