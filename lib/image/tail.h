/*
 * tail.h - is the end of the image there, and what follows it?
 */
#ifndef IC_IMAGE_TAIL_H
#define IC_IMAGE_TAIL_H

#include "image/source.h"

#define IC_TAIL_NEAR      65536u    /* JPEG: the last EOI in so many last bytes counts */
#define IC_TAIL_FAR       33554432u /* JPEG: else the first EOI in so many bytes of the scan */
#define IC_TAIL_PNG_LEN   12
#define IC_TAIL_NOT_FOUND UINT64_MAX

/** 1 when these are the last 12 bytes of a PNG. */
int ic_tail_is_iend(const uint8_t bytes[IC_TAIL_PNG_LEN]);

/** After IC_WALK_TAIL: END with walk->end set, FAULT, or MORE when the end is not visible. */
ic_walk_result ic_tail_check(ic_walk *walk, ic_source *source);

/** What both forms say about a JPEG without an end. */
ic_walk_result ic_tail_no_eoi(ic_walk *walk);

#endif
