/*
 * name.h - what a file's name promises.
 */
#ifndef IC_IMAGE_NAME_H
#define IC_IMAGE_NAME_H

#include <stdint.h>

/** The format whose extension @p path has; ICECAT_IMAGE_UNKNOWN when it has no known one. */
uint32_t ic_image_format_of_name(const char *path);

#endif
