/*
 * labels_keep.h - what of Rekognition's answer is kept in a record, which has a size. Pure.
 */
#ifndef IC_LABELS_KEEP_H
#define IC_LABELS_KEEP_H

#include "base/buf.h"
#include <icecat/rekognition.h>

/* A table item may have 400 kB; writes are paid by the kilobyte. */
#define IC_MAX_KEPT_LABELS   32768u
#define IC_MAX_KEPT_RESPONSE 32768u

/**
 * Append at most @p most labels in the form of icecat_labels_json(), surest first; label @p must is
 * one of them wherever it stands. A label that does not fit into the buffer's maximum loses its boxes,
 * or is left out.
 */
icecat_status ic_labels_keep(ic_buf *out, const icecat_labels *labels, size_t most, size_t must,
                             icecat_error *err);

/**
 * Append the service's answer without blanks. When it is too long for the buffer's maximum: its
 * labels that fit, its LabelModelVersion, and how many are left out as "LabelsLeftOut".
 */
icecat_status ic_labels_keep_response(ic_buf *out, const icecat_labels *labels, icecat_error *err);

#endif
