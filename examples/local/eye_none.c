/*
 * eye_none.c - the detector of a build without OpenCV: it says that it sees nothing.
 */
#include "eye_parts.h"

#include <stdio.h>

static const char blind[] = "this icecat-local was built without a detector; build it with OpenCV, "
                            "or give the picture's labels in a label file";

const char *eye_cascade_name(void)
{
    return "none";
}

eye_status eye_cascade_open(eye_cascade **out, char why[EYE_WHY_SIZE])
{
    (void)why;
    *out = NULL;
    return EYE_OK;
}

void eye_cascade_close(eye_cascade *self)
{
    (void)self;
}

eye_status eye_cascade_look(eye_cascade *self, const eye_image *image, eye_labels *out,
                            char why[EYE_WHY_SIZE])
{
    (void)self;
    (void)image;
    (void)out;
    (void)snprintf(why, EYE_WHY_SIZE, "%s", blind);
    return EYE_NO_DETECTOR;
}
