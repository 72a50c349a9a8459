/*
 * name.c - what a file's name promises (pure). Only the bytes decide; a broken promise is a warning.
 */
#include "image/name.h"

#include "base/view.h"

#include <icecat/image.h>
#include <string.h>

uint32_t ic_image_format_of_name(const char *path)
{
    static const struct {
        const char *extension;
        uint32_t format;
    } table[] = {
        { "jpg", ICECAT_IMAGE_JPEG },  { "jpeg", ICECAT_IMAGE_JPEG }, { "jpe", ICECAT_IMAGE_JPEG },
        { "jfif", ICECAT_IMAGE_JPEG }, { "mpo", ICECAT_IMAGE_JPEG },  { "png", ICECAT_IMAGE_PNG },
        { "apng", ICECAT_IMAGE_PNG },  { "webp", ICECAT_IMAGE_WEBP }, { "gif", ICECAT_IMAGE_GIF },
        { "bmp", ICECAT_IMAGE_BMP },   { "tif", ICECAT_IMAGE_TIFF },  { "tiff", ICECAT_IMAGE_TIFF },
        { "heic", ICECAT_IMAGE_HEIC }, { "heif", ICECAT_IMAGE_HEIC }, { "avif", ICECAT_IMAGE_AVIF },
        { "pdf", ICECAT_IMAGE_PDF },   { "svg", ICECAT_IMAGE_SVG },   { "ico", ICECAT_IMAGE_ICO },
    };
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash != NULL ? slash : path, '.');

    if (dot == NULL)
        return ICECAT_IMAGE_UNKNOWN;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (ic_text_equal_nocase(dot + 1, table[i].extension))
            return table[i].format;
    }
    return ICECAT_IMAGE_UNKNOWN;
}
