/*
 * jpeg_marker.h - the vocabulary of the JPEG walk: what each marker is, and where the walk stands.
 */
#ifndef IC_IMAGE_JPEG_MARKER_H
#define IC_IMAGE_JPEG_MARKER_H

#include "image/walk.h"

/* States of the walk; ic_jpeg.state. */
enum {
    IC_JPEG_MARKER,
    IC_JPEG_SEGMENT,
    IC_JPEG_QUANT,
    IC_JPEG_HUFF,
    IC_JPEG_EXIF_HEAD,
    IC_JPEG_EXIF_DIRECTORY,
    IC_JPEG_SCAN_DATA
};

/* Kinds of markers; from IC_MARKER_FIRST on they begin no segment of a header. */
enum {
    IC_MARKER_SKIP, /* stepped over by its length */
    IC_MARKER_FRAME,
    IC_MARKER_HUFF,
    IC_MARKER_QUANT,
    IC_MARKER_CONDITION,
    IC_MARKER_INTERVAL,
    IC_MARKER_START,
    IC_MARKER_APP,
    IC_MARKER_FIRST,
    IC_MARKER_LAST,
    IC_MARKER_ALONE, /* has no length */
    IC_MARKER_PROCESS,
    IC_MARKER_BAD
};

#define IC_EXIF_ID_LEN 6u /* "Exif", NUL, NUL */

typedef struct ic_jpeg_marker {
    uint8_t kind;
    uint8_t want; /* bytes of its content that are looked at before it is left */
} ic_jpeg_marker;

/** Of the markers from ffc0 on. */
extern const ic_jpeg_marker ic_jpeg_markers[64];

static inline uint32_t ic_jpeg_kind(uint32_t marker)
{
    if (marker < 0xc0)
        return marker == 0x01 ? IC_MARKER_ALONE : IC_MARKER_BAD; /* TEM */
    return ic_jpeg_markers[marker - 0xc0].kind;
}

/* jpeg_exif.c: steps of the walk */
ic_walk_result ic_jpeg_exif_head(ic_walk *walk, const ic_window *window);
ic_walk_result ic_jpeg_exif_directory(ic_walk *walk, const ic_window *window);

#endif
