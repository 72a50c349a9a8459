/*
 * labels.h - Rekognition's labels in memory.
 */
#ifndef IC_LABELS_H
#define IC_LABELS_H

#include "base/json.h"
#include "base/view.h"
#include <icecat/rekognition.h>

/**
 * Read an answer of DetectLabels, or any document with its "Labels" array.
 * ICECAT_E_PROTOCOL when it has none or a label lacks its name or confidence; ICECAT_E_NO_MEMORY.
 */
icecat_status ic_labels_parse(const ic_mem *mem, ic_view answer, icecat_labels **out,
                              icecat_error *err);

/** 1 when label @p index, a parent or an alias of it is called @p name, ASCII case ignored. */
int ic_labels_is(const icecat_labels *labels, size_t index, const char *name);

#endif
