/*
 * made_image.h - PNG and JPEG images made in memory for the tests of thumbnails.
 */
#ifndef TESTS_MADE_IMAGE_H
#define TESTS_MADE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

struct made {
    unsigned char *data;
    size_t len;
};

struct made_png {
    uint32_t width, height;
    int colour_type, bit_depth, interlaced;
    int transparent; /* with a tRNS chunk that makes the left half see-through */
};

/* The left half is dark (value 0 of each channel, or palette entry 0), the right half is bright. */
struct made made_png(const struct made_png *what);

enum made_colours { MADE_GREY, MADE_YCBCR, MADE_RGB, MADE_CMYK, MADE_YCCK };

struct made_jpeg {
    uint32_t width, height;
    enum made_colours colours;
    int progressive;
    uint32_t orientation; /* 0: without EXIF */
};

/* The left half is black, the right half is white. */
struct made made_jpeg(const struct made_jpeg *what);

void made_free(struct made *made);

#endif
