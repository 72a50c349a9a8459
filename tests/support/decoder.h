/*
 * decoder.h - what libpng and libjpeg-turbo find in an image, asked as a careful program asks: nothing
 * printed, no large block allocated on a header's word.
 */
#ifndef DECODER_H
#define DECODER_H

#include <icecat/image.h>
#include <stddef.h>
#include <stdint.h>

#define DECODE_HEADER       0u
#define DECODE_PIXELS       1u /* all of them, unless there are very many */
#define DECODE_ANY_CHECKSUM 2u /* PNG: do not mind wrong ones */

#define DECODER_JPEG_SIDE 65500u /* libjpeg's own limit */

typedef struct decoded {
    uint32_t width, height, depth, channels;
    uint32_t model; /* ICECAT_COLOUR_... */
    uint32_t progressive;
    uint32_t arithmetic;
} decoded;

/** 1 when all that was asked for could be read; @p out has what was read before a fault. */
int decode_png(const uint8_t *data, size_t len, unsigned how, decoded *out);
int decode_jpeg(const uint8_t *data, size_t len, unsigned how, decoded *out);

/** 1 when the library says the same in every field. */
int decoded_is(const decoded *found, const icecat_image_info *info);

#endif
