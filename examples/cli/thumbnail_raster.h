/*
 * thumbnail_raster.h - the parts of making a thumbnail (internal to thumbnail*.c).
 */
#ifndef CLI_THUMBNAIL_RASTER_H
#define CLI_THUMBNAIL_RASTER_H

#include "thumbnail.h"
#include <stdio.h>

/* What libpng or libjpeg may take of the 32 MB; the rest is ours, for sums and pixels of the result. */
#define THUMBNAIL_DECODER_BYTES(most_px)                                                           \
    ((31u << 20) - (size_t)(most_px) * (most_px) * (4 * sizeof(uint64_t) + 8))
/* More pixels take too long: twice what Rekognition accepts. */
#define THUMBNAIL_MOST_PIXELS 200000000u
#define THUMBNAIL_MOST_SIDE   200000u

/* Pixels of three bytes: red, green, blue. */
struct raster {
    uint8_t *rgb;
    uint32_t width, height;
};

void raster_clear(struct raster *raster);
/* Turn it as EXIF's @p orientation says, 1 to 8; others leave it. 0 when out of memory. */
int raster_orient(struct raster *raster, uint32_t orientation);

/*
 * Averages pixels over the area that each pixel of the raster covers. The pixels may come in any
 * order, as those of an interlaced PNG do. Sums are exact: a pixel counts as many units as it covers of
 * the cells it touches, at most two in each direction.
 */
struct shrink {
    uint32_t in_width, in_height;
    uint32_t width, height; /* of the result: at most as asked, never larger than the picture */
    uint64_t *sums;         /* of each cell: red, green, blue, each times alpha, and alpha */
    uint64_t *line;         /* the same of one row of pixels, not yet weighed by its height */
};

/* 0 when out of memory or a side is 0. */
int shrink_begin(struct shrink *shrink, uint32_t width, uint32_t height, uint32_t most_px);
/* @p count RGBA pixels of row @p y, from column @p x on, every @p step columns. */
void shrink_add(struct shrink *shrink, uint32_t y, uint32_t x, uint32_t step, const uint8_t *rgba,
                uint32_t count);
/* What is transparent lets a neutral background through. 0 when out of memory. */
int shrink_end(const struct shrink *shrink, struct raster *out);
void shrink_clear(struct shrink *shrink);

/* Decode @p file from where it stands. */
enum thumbnail_state thumbnail_read_jpeg(FILE *file, uint32_t most_px, struct raster *out);
enum thumbnail_state thumbnail_read_png(FILE *file, uint32_t most_px, struct raster *out);
/* Encode; the bytes are malloc'd. 0 when out of memory. */
int thumbnail_write_jpeg(const struct raster *raster, unsigned char **out, size_t *len);

#endif
