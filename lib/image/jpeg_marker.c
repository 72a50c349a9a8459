/*
 * jpeg_marker.c - what each marker of a JPEG is.
 */
#include "image/jpeg_marker.h"

#include "image/exif.h"

#define SKIP                                                                                       \
    {                                                                                              \
        IC_MARKER_SKIP, 0                                                                          \
    }
#define BAD                                                                                        \
    {                                                                                              \
        IC_MARKER_BAD, 0                                                                           \
    }
#define ALONE                                                                                      \
    {                                                                                              \
        IC_MARKER_ALONE, 0                                                                         \
    }
#define OTHER                                                                                      \
    {                                                                                              \
        IC_MARKER_PROCESS, 0                                                                       \
    }
#define FRAME                                                                                      \
    {                                                                                              \
        IC_MARKER_FRAME, 6 + 3 * 4                                                                 \
    }
#define JFIF                                                                                       \
    {                                                                                              \
        IC_MARKER_APP, 14                                                                          \
    }
#define EXIF                                                                                       \
    {                                                                                              \
        IC_MARKER_APP, IC_EXIF_ID_LEN + IC_EXIF_HEADER_LEN                                         \
    }
#define MPF                                                                                        \
    {                                                                                              \
        IC_MARKER_APP, 4                                                                           \
    }
#define ADOBE                                                                                      \
    {                                                                                              \
        IC_MARKER_APP, 12                                                                          \
    }

/* clang-format off */
const ic_jpeg_marker ic_jpeg_markers[64] = {
    /* c0: frames; c4 DHT, c8 JPG, cc DAC */
    FRAME, FRAME, FRAME, FRAME, { IC_MARKER_HUFF, 0 }, FRAME, FRAME, FRAME,
    OTHER, FRAME, FRAME, FRAME, { IC_MARKER_CONDITION, IC_JPEG_DAC_MAX }, FRAME, FRAME, FRAME,
    /* d0: RSTn; d8 SOI, EOI, SOS, DQT, DNL, DRI, DHP, EXP */
    ALONE, ALONE, ALONE, ALONE, ALONE, ALONE, ALONE, ALONE,
    { IC_MARKER_FIRST, 0 }, { IC_MARKER_LAST, 0 }, { IC_MARKER_START, 16 }, { IC_MARKER_QUANT, 0 },
    SKIP, { IC_MARKER_INTERVAL, 2 }, OTHER, OTHER,
    /* e0: APPn */
    JFIF, EXIF, MPF, SKIP, SKIP, SKIP, SKIP, SKIP,
    SKIP, SKIP, SKIP, SKIP, SKIP, SKIP, ADOBE, SKIP,
    /* f0: extensions; f7 JPEG-LS, fe COM */
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, OTHER,
    BAD, BAD, BAD, BAD, BAD, BAD, SKIP, BAD,
};
/* clang-format on */
