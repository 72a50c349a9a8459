/*
 * samples.h - one image of each shape that the checks tell apart, small enough to damage everywhere.
 */
#ifndef TEST_IMAGE_SAMPLES_H
#define TEST_IMAGE_SAMPLES_H

#include "build.h"

#define SAMPLE_COUNT 10

/** The sample's bytes, which the caller frees, and its name. */
const char *sample_make(unsigned index, bytes *out);

#endif
