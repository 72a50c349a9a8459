/*
 * eye.c - opens the parts of the eye and asks the first one that can answer.
 */
#include "eye.h"

#include "eye_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct eye {
    eye_label_file *labels;
    eye_model *model;
    eye_cascade *cascade;
};

eye_status eye_open(const eye_options *options, eye **out, char why[EYE_WHY_SIZE])
{
    static const eye_options none = { NULL, NULL, NULL };
    eye_status status = EYE_OK;
    eye *self = calloc(1, sizeof(*self));

    *out = NULL;
    if (options == NULL)
        options = &none;
    if (self == NULL) {
        (void)snprintf(why, EYE_WHY_SIZE, "out of memory for the detector");
        return EYE_FAILED;
    }
    if ((options->model_file == NULL) != (options->classes_file == NULL)) {
        (void)snprintf(why, EYE_WHY_SIZE,
                       "a model needs its list of classes: name both files, or neither");
        status = EYE_FAILED;
        goto out;
    }
    if (options->label_file != NULL)
        status = eye_label_file_open(options->label_file, &self->labels, why);
    if (status == EYE_OK && options->model_file != NULL)
        status = eye_model_open(options->model_file, options->classes_file, &self->model, why);
    else if (status == EYE_OK)
        status = eye_cascade_open(&self->cascade, why);

out:
    if (status != EYE_OK) {
        eye_close(self);
        return status;
    }
    *out = self;
    return EYE_OK;
}

void eye_close(eye *self)
{
    if (self == NULL)
        return;
    eye_label_file_close(self->labels);
    eye_model_close(self->model);
    eye_cascade_close(self->cascade);
    free(self);
}

const char *eye_detector_name(const eye *self)
{
    return self->model != NULL ? "model" : eye_cascade_name();
}

eye_status eye_look(eye *self, const eye_image *image, eye_labels *out, char why[EYE_WHY_SIZE])
{
    eye_status status;

    out->count = 0;
    if (self->labels != NULL && eye_label_file_find(self->labels, image->data, image->len, out)) {
        eye_labels_sort(out);
        return EYE_OK;
    }
    if ((unsigned long long)image->width_px * image->height_px > EYE_MAX_PIXELS) {
        (void)snprintf(why, EYE_WHY_SIZE,
                       "%u x %u pixels are more than the %u that are decoded here", image->width_px,
                       image->height_px, EYE_MAX_PIXELS);
        return EYE_TOO_LARGE;
    }
    if (self->model != NULL)
        status = eye_model_look(self->model, image, out, why);
    else
        status = eye_cascade_look(self->cascade, image, out, why);
    if (status == EYE_OK)
        eye_labels_sort(out);
    else
        out->count = 0;
    return status;
}

eye_label *eye_labels_add(eye_labels *labels, const char *name, double confidence)
{
    eye_label *label;

    for (size_t i = 0; i < labels->count; i++) {
        label = &labels->items[i];
        if (strcmp(label->name, name) == 0) {
            if (confidence > label->confidence)
                label->confidence = confidence;
            return label;
        }
    }
    if (labels->count == EYE_LABELS_MAX)
        return NULL;
    label = &labels->items[labels->count++];
    memset(label, 0, sizeof(*label));
    (void)snprintf(label->name, sizeof(label->name), "%s", name);
    label->confidence = confidence;
    return label;
}

void eye_label_add_parent(eye_label *label, const char *parent)
{
    for (size_t i = 0; i < label->parent_count; i++) {
        if (strcmp(label->parents[i], parent) == 0)
            return;
    }
    if (label->parent_count == EYE_PARENTS_MAX)
        return;
    (void)snprintf(label->parents[label->parent_count++], EYE_NAME_SIZE, "%s", parent);
}

/* Insertion sort: the list is short, and equals must keep their order. */
void eye_labels_sort(eye_labels *labels)
{
    for (size_t i = 1; i < labels->count; i++) {
        eye_label moving = labels->items[i];
        size_t at = i;

        while (at > 0 && labels->items[at - 1].confidence < moving.confidence) {
            labels->items[at] = labels->items[at - 1];
            at--;
        }
        labels->items[at] = moving;
    }
}
