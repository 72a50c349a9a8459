/*
 * build.h - images that the tests make themselves: sound ones, and parts to make unsound ones.
 */
#ifndef TEST_IMAGE_BUILD_H
#define TEST_IMAGE_BUILD_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that grow; free with bytes_free(). Running out of memory ends the test program. */
typedef struct bytes {
    uint8_t *data;
    size_t len;
} bytes;

void bytes_add(bytes *b, const void *data, size_t len);
void bytes_add_zeros(bytes *b, size_t len);
void bytes_insert(bytes *b, size_t at, const void *data, size_t len);
void bytes_remove(bytes *b, size_t at, size_t len);
void bytes_free(bytes *b);
/** Offset of the first occurrence, or SIZE_MAX. */
size_t bytes_find(const bytes *b, const char *what, size_t len);

/** One chunk with its length and CRC. */
void png_chunk(bytes *b, const char type[5], const void *data, size_t len);
/** Signature and IHDR. */
void png_head(bytes *b, uint32_t width, uint32_t height, uint8_t depth, uint8_t colour,
              uint8_t interlace);
/** One IDAT with rows of zeros (stored, not compressed); not for interlaced images. */
void png_pixels(bytes *b, uint32_t width, uint32_t height, uint32_t bits_per_pixel);
/** A colour profile (iCCP) of @p len zeros. */
void png_profile(bytes *b, size_t len);
/** A whole sound PNG of 8 bits. @p colour is its colour type: 0, 2, 3, 4 or 6. */
void png_whole(bytes *b, uint32_t width, uint32_t height, uint8_t colour);
/** Write the CRC of the chunk that begins at @p at anew. */
void png_fix_crc(bytes *b, size_t at);

#define JPEG_PROGRESSIVE 1u
#define JPEG_ARITHMETIC  2u
#define JPEG_RESTART     4u
#define JPEG_NO_JFIF     8u
#define JPEG_ADOBE_RGB   16u /* RGB as it is, marked by Adobe's segment */
#define JPEG_YCCK        32u
/** A whole sound JPEG by libjpeg; 1, 3 or 4 components. */
void jpeg_whole(bytes *b, uint32_t width, uint32_t height, int components, unsigned flags);
/** Put a segment in front of the first one, behind SOI. */
void jpeg_segment(bytes *b, uint8_t marker, const void *data, size_t len);
/** Offset of the first marker of this kind, by walking the segments; SIZE_MAX when absent. */
size_t jpeg_find(const bytes *b, uint8_t marker);

/** An EXIF block (TIFF header on) with one entry: the orientation. */
void exif_block(bytes *b, int big_endian, uint16_t orientation);

#endif
