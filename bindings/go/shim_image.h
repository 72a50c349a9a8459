/*
 * shim_image.h - limits of images, which submissions have too.
 */
#ifndef GOICECAT_SHIM_IMAGE_H
#define GOICECAT_SHIM_IMAGE_H

#include "shim_wire.h"

void goicecat_image_options(goicecat_call *call, icecat_image_options *out);

#endif
