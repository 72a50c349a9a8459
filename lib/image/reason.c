/*
 * reason.c - the tables of names: reasons with their status, formats with their media type. The
 * names appear in JSON and in scripts, so they never change.
 */
#include "image/reason.h"

#include <stddef.h>

static const struct {
    uint32_t reason;
    icecat_status status;
    const char *name;
} reasons[] = {
    { ICECAT_IMAGE_REASON_EMPTY, ICECAT_E_IMAGE_FORMAT, "empty" },
    { ICECAT_IMAGE_REASON_FOREIGN, ICECAT_E_IMAGE_FORMAT, "foreign" },
    { ICECAT_IMAGE_REASON_UNKNOWN, ICECAT_E_IMAGE_FORMAT, "unknown" },
    { ICECAT_IMAGE_REASON_TEXT_MANGLED, ICECAT_E_IMAGE_FORMAT, "text-mangled" },
    { ICECAT_IMAGE_REASON_EXTENSION, ICECAT_E_IMAGE_FORMAT, "extension" },
    { ICECAT_IMAGE_REASON_TRUNCATED, ICECAT_E_IMAGE_CORRUPT, "truncated" },
    { ICECAT_IMAGE_REASON_ZERO_SIZE, ICECAT_E_IMAGE_CORRUPT, "zero-size" },
    { ICECAT_IMAGE_REASON_OVER_FORMAT, ICECAT_E_IMAGE_CORRUPT, "over-format" },
    { ICECAT_IMAGE_REASON_TOO_MANY_SEGMENTS, ICECAT_E_IMAGE_CORRUPT, "too-many-segments" },
    { ICECAT_IMAGE_REASON_DECODER, ICECAT_E_IMAGE_CORRUPT, "decoder" },
    { ICECAT_IMAGE_REASON_STRICT, ICECAT_E_IMAGE_CORRUPT, "strict" },
    { ICECAT_IMAGE_REASON_PNG_SIGNATURE, ICECAT_E_IMAGE_CORRUPT, "png-signature" },
    { ICECAT_IMAGE_REASON_PNG_NO_IHDR, ICECAT_E_IMAGE_CORRUPT, "png-no-ihdr" },
    { ICECAT_IMAGE_REASON_PNG_IHDR_LENGTH, ICECAT_E_IMAGE_CORRUPT, "png-ihdr-length" },
    { ICECAT_IMAGE_REASON_PNG_IHDR_CRC, ICECAT_E_IMAGE_CORRUPT, "png-ihdr-crc" },
    { ICECAT_IMAGE_REASON_PNG_COLOUR, ICECAT_E_IMAGE_CORRUPT, "png-colour" },
    { ICECAT_IMAGE_REASON_PNG_METHOD, ICECAT_E_IMAGE_CORRUPT, "png-method" },
    { ICECAT_IMAGE_REASON_PNG_CGBI, ICECAT_E_IMAGE_CORRUPT, "png-cgbi" },
    { ICECAT_IMAGE_REASON_PNG_CHUNK_TYPE, ICECAT_E_IMAGE_CORRUPT, "png-chunk-type" },
    { ICECAT_IMAGE_REASON_PNG_CHUNK_LENGTH, ICECAT_E_IMAGE_CORRUPT, "png-chunk-length" },
    { ICECAT_IMAGE_REASON_PNG_CRITICAL, ICECAT_E_IMAGE_CORRUPT, "png-critical" },
    { ICECAT_IMAGE_REASON_PNG_ORDER, ICECAT_E_IMAGE_CORRUPT, "png-order" },
    { ICECAT_IMAGE_REASON_PNG_PALETTE, ICECAT_E_IMAGE_CORRUPT, "png-palette" },
    { ICECAT_IMAGE_REASON_PNG_NO_IDAT, ICECAT_E_IMAGE_CORRUPT, "png-no-idat" },
    { ICECAT_IMAGE_REASON_PNG_CHUNK_CRC, ICECAT_E_IMAGE_CORRUPT, "png-chunk-crc" },
    { ICECAT_IMAGE_REASON_JPEG_LEADING_JUNK, ICECAT_E_IMAGE_CORRUPT, "jpeg-leading-junk" },
    { ICECAT_IMAGE_REASON_JPEG_MARKER, ICECAT_E_IMAGE_CORRUPT, "jpeg-marker" },
    { ICECAT_IMAGE_REASON_JPEG_SEGMENT, ICECAT_E_IMAGE_CORRUPT, "jpeg-segment" },
    { ICECAT_IMAGE_REASON_JPEG_SECOND_SOI, ICECAT_E_IMAGE_CORRUPT, "jpeg-second-soi" },
    { ICECAT_IMAGE_REASON_JPEG_NO_SOF, ICECAT_E_IMAGE_CORRUPT, "jpeg-no-sof" },
    { ICECAT_IMAGE_REASON_JPEG_NO_SOS, ICECAT_E_IMAGE_CORRUPT, "jpeg-no-sos" },
    { ICECAT_IMAGE_REASON_JPEG_TWO_SOF, ICECAT_E_IMAGE_CORRUPT, "jpeg-two-sof" },
    { ICECAT_IMAGE_REASON_JPEG_SOF, ICECAT_E_IMAGE_CORRUPT, "jpeg-sof" },
    { ICECAT_IMAGE_REASON_JPEG_PRECISION, ICECAT_E_IMAGE_CORRUPT, "jpeg-precision" },
    { ICECAT_IMAGE_REASON_JPEG_COMPONENTS, ICECAT_E_IMAGE_CORRUPT, "jpeg-components" },
    { ICECAT_IMAGE_REASON_JPEG_SAMPLING, ICECAT_E_IMAGE_CORRUPT, "jpeg-sampling" },
    { ICECAT_IMAGE_REASON_JPEG_ARITHMETIC, ICECAT_E_IMAGE_CORRUPT, "jpeg-arithmetic" },
    { ICECAT_IMAGE_REASON_JPEG_PROCESS, ICECAT_E_IMAGE_CORRUPT, "jpeg-process" },
    { ICECAT_IMAGE_REASON_JPEG_TABLE, ICECAT_E_IMAGE_CORRUPT, "jpeg-table" },
    { ICECAT_IMAGE_REASON_JPEG_NO_TABLE, ICECAT_E_IMAGE_CORRUPT, "jpeg-no-table" },
    { ICECAT_IMAGE_REASON_JPEG_SOS, ICECAT_E_IMAGE_CORRUPT, "jpeg-sos" },
    { ICECAT_IMAGE_REASON_TOO_MANY_BYTES, ICECAT_E_IMAGE_LIMIT, "too-many-bytes" },
    { ICECAT_IMAGE_REASON_TOO_SMALL, ICECAT_E_IMAGE_LIMIT, "too-small" },
    { ICECAT_IMAGE_REASON_TOO_LARGE, ICECAT_E_IMAGE_LIMIT, "too-large" },
    { ICECAT_IMAGE_REASON_TOO_MANY_PIXELS, ICECAT_E_IMAGE_LIMIT, "too-many-pixels" },
    { ICECAT_IMAGE_REASON_BOMB, ICECAT_E_IMAGE_LIMIT, "decompression-bomb" },
};

static const struct {
    uint32_t format;
    const char *name;
    const char *content_type; /* NULL: not an image */
} formats[] = {
    { ICECAT_IMAGE_JPEG, "jpeg", "image/jpeg" },
    { ICECAT_IMAGE_PNG, "png", "image/png" },
    { ICECAT_IMAGE_WEBP, "webp", "image/webp" },
    { ICECAT_IMAGE_GIF, "gif", "image/gif" },
    { ICECAT_IMAGE_BMP, "bmp", "image/bmp" },
    { ICECAT_IMAGE_TIFF, "tiff", "image/tiff" },
    { ICECAT_IMAGE_HEIC, "heic", "image/heic" },
    { ICECAT_IMAGE_AVIF, "avif", "image/avif" },
    { ICECAT_IMAGE_JPEG_XL, "jpeg-xl", "image/jxl" },
    { ICECAT_IMAGE_JPEG_2000, "jpeg-2000", "image/jp2" },
    { ICECAT_IMAGE_PDF, "pdf", NULL },
    { ICECAT_IMAGE_HTML, "html", NULL },
    { ICECAT_IMAGE_XML, "xml", NULL },
    { ICECAT_IMAGE_JSON, "json", NULL },
    { ICECAT_IMAGE_GZIP, "gzip", NULL },
    { ICECAT_IMAGE_ZIP, "zip", NULL },
    { ICECAT_IMAGE_LFS_POINTER, "lfs-pointer", NULL },
    { ICECAT_IMAGE_BASE64, "base64", NULL },
    { ICECAT_IMAGE_TEXT, "text", NULL },
    { ICECAT_IMAGE_EMPTY, "empty", NULL },
    { ICECAT_IMAGE_APPLE_DOUBLE, "apple-double", NULL },
    { ICECAT_IMAGE_SVG, "svg", "image/svg+xml" },
    { ICECAT_IMAGE_ICO, "ico", "image/vnd.microsoft.icon" },
    { ICECAT_IMAGE_PSD, "psd", "image/vnd.adobe.photoshop" },
    { ICECAT_IMAGE_MNG, "mng", "video/x-mng" },
    { ICECAT_IMAGE_JNG, "jng", "image/x-jng" },
    { ICECAT_IMAGE_MP4, "mp4", NULL },
    { ICECAT_IMAGE_PNM, "pnm", "image/x-portable-anymap" },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

icecat_status ic_image_reason_status(uint32_t reason)
{
    for (size_t i = 0; i < COUNT(reasons); i++) {
        if (reasons[i].reason == reason)
            return reasons[i].status;
    }
    return reason == ICECAT_IMAGE_REASON_NONE ? ICECAT_OK : ICECAT_E_INTERNAL;
}

const char *icecat_image_reason_name(uint32_t reason)
{
    for (size_t i = 0; i < COUNT(reasons); i++) {
        if (reasons[i].reason == reason)
            return reasons[i].name;
    }
    return reason == ICECAT_IMAGE_REASON_NONE ? "none" : "unknown-reason";
}

const char *icecat_image_format_name(uint32_t format)
{
    for (size_t i = 0; i < COUNT(formats); i++) {
        if (formats[i].format == format)
            return formats[i].name;
    }
    return "unknown";
}

const char *icecat_image_content_type(uint32_t format)
{
    for (size_t i = 0; i < COUNT(formats); i++) {
        if (formats[i].format == format)
            return formats[i].content_type;
    }
    return NULL;
}
