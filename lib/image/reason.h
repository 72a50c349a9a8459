/*
 * reason.h - the table of refusals: name and status of each reason.
 */
#ifndef IC_IMAGE_REASON_H
#define IC_IMAGE_REASON_H

#include <icecat/image.h>

icecat_status ic_image_reason_status(uint32_t reason);

#endif
