/*
 * eye_model_none.c - a build without OpenCV's dnn module cannot run a model, and says so.
 */
#include "eye_parts.h"

#include <stdio.h>

eye_status eye_model_open(const char *model_file, const char *classes_file, eye_model **out,
                          char why[EYE_WHY_SIZE])
{
    (void)classes_file;
    *out = NULL;
    (void)snprintf(why, EYE_WHY_SIZE,
                   "%.120s: this icecat-local was built without OpenCV's dnn module and cannot "
                   "run a model",
                   model_file);
    return EYE_FAILED;
}

void eye_model_close(eye_model *self)
{
    (void)self;
}

eye_status eye_model_look(eye_model *self, const eye_image *image, eye_labels *out,
                          char why[EYE_WHY_SIZE])
{
    (void)self;
    (void)image;
    (void)out;
    (void)snprintf(why, EYE_WHY_SIZE, "this icecat-local was built without a detector");
    return EYE_NO_DETECTOR;
}
