/*
 * verdict.h - from a finished walk to the answer: options with their defaults, confirmation, limits.
 */
#ifndef IC_IMAGE_VERDICT_H
#define IC_IMAGE_VERDICT_H

#include "image/walk.h"

/** Load the caller's options and put the profile's values where they are 0. */
icecat_status ic_image_options_load(icecat_image_options *own, const icecat_image_options *caller,
                                    icecat_error *err);

/** After IC_WALK_HEADER: 1 when the library agrees; 0 and a fault when not; -1 out of memory. */
int ic_image_confirm(ic_walk *walk);

/**
 * What is said in the end.
 *
 * @param result END, FAULT, or MORE when bytes were not visible.
 * @param info   The caller's struct.
 */
icecat_status ic_image_verdict(ic_walk *walk, ic_walk_result result,
                               const icecat_image_options *options, icecat_image_info *info,
                               icecat_error *err);

#endif
