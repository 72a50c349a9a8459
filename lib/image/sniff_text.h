/*
 * sniff_text.h - name the text that was sent as a picture. Pure.
 */
#ifndef IC_IMAGE_SNIFF_TEXT_H
#define IC_IMAGE_SNIFF_TEXT_H

#include "image/sniff.h"

/** 1 when the bytes are text, or an image that was converted as if it were text. */
int ic_sniff_text(const uint8_t *data, size_t len, ic_sniffed *out);

#endif
