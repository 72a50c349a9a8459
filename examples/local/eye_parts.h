/*
 * eye_parts.h - what the eye is made of. Only the files eye*.c and eye*.cc include it.
 *
 * A detector is either the cascades (with OpenCV) or nothing (without); both have the functions
 * declared here, and the build picks the file.
 */
#ifndef ICECAT_LOCAL_EYE_PARTS_H
#define ICECAT_LOCAL_EYE_PARTS_H

#include "eye.h"

#ifdef __cplusplus
extern "C" {
#endif

/* eye_labels.c: the label file. */
typedef struct eye_label_file eye_label_file;
eye_status eye_label_file_open(const char *path, eye_label_file **out, char why[EYE_WHY_SIZE]);
void eye_label_file_close(eye_label_file *self);
/** 1 when the file has an entry for the picture; @p out then holds its labels. */
int eye_label_file_find(const eye_label_file *self, const unsigned char *data, size_t len,
                        eye_labels *out);

/** Read a text file of at most @p max bytes; NUL-terminated, free with free(). */
eye_status eye_read_text(const char *path, size_t max, char **out, char why[EYE_WHY_SIZE]);

/** Add a label, or raise the confidence of the one with that name. NULL when the list is full. */
eye_label *eye_labels_add(eye_labels *labels, const char *name, double confidence);
/** Name one more parent of @p label; more than EYE_PARENTS_MAX are left out. */
void eye_label_add_parent(eye_label *label, const char *parent);
/** Most confident first; equals keep their order. */
void eye_labels_sort(eye_labels *labels);

/* eye_cascade.cc or eye_none.c */
typedef struct eye_cascade eye_cascade;
const char *eye_cascade_name(void);
eye_status eye_cascade_open(eye_cascade **out, char why[EYE_WHY_SIZE]);
void eye_cascade_close(eye_cascade *self);
eye_status eye_cascade_look(eye_cascade *self, const eye_image *image, eye_labels *out,
                            char why[EYE_WHY_SIZE]);

/* eye_model.cc or eye_none.c */
typedef struct eye_model eye_model;
eye_status eye_model_open(const char *model_file, const char *classes_file, eye_model **out,
                          char why[EYE_WHY_SIZE]);
void eye_model_close(eye_model *self);
eye_status eye_model_look(eye_model *self, const eye_image *image, eye_labels *out,
                          char why[EYE_WHY_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
