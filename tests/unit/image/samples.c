/*
 * samples.c - one image of each shape that the checks tell apart.
 */
#include "samples.h"

#include <stdlib.h>

static void jpeg_with_exif(bytes *out)
{
    bytes exif = { 0 };

    jpeg_whole(out, 96, 96, 3, 0);
    bytes_add(&exif, "Exif\0", 6);
    exif_block(&exif, 1, 6);
    jpeg_segment(out, 0xe1, exif.data, exif.len);
    jpeg_segment(out, 0xe2, "MPF\0II*\0", 8);
    bytes_free(&exif);
}

static void png_with_everything(bytes *out)
{
    static const uint8_t palette[12] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9, 8 };
    bytes exif = { 0 };

    exif_block(&exif, 0, 8);
    png_head(out, 80, 90, 2, 3, 1);
    png_chunk(out, "tEXt", "a\0b", 3);
    png_chunk(out, "acTL", "\0\0\0\1\0\0\0\0", 8);
    png_chunk(out, "PLTE", palette, sizeof(palette));
    png_chunk(out, "tRNS", "\1\2", 2);
    png_chunk(out, "eXIf", exif.data, exif.len);
    png_chunk(out, "IDAT", "\x78\x01\3\0\0\0\0\1", 8);
    png_chunk(out, "fdAT", "\0\0\0\1", 4);
    png_chunk(out, "IEND", NULL, 0);
    bytes_free(&exif);
}

const char *sample_make(unsigned index, bytes *out)
{
    switch (index) {
    case 0:
        png_whole(out, 9, 9, 2);
        return "png rgb";
    case 1:
        png_whole(out, 30, 20, 3);
        return "png palette";
    case 2:
        png_with_everything(out);
        return "png everything";
    case 3:
        png_whole(out, 80, 80, 4); /* longer than one read of its file */
        return "png grey with alpha";
    case 4:
        jpeg_whole(out, 96, 96, 1, 0);
        return "jpeg grey";
    case 5:
        jpeg_whole(out, 96, 96, 3, JPEG_PROGRESSIVE);
        return "jpeg progressive";
    case 6:
        jpeg_whole(out, 96, 96, 4, JPEG_YCCK | JPEG_RESTART);
        return "jpeg ycck";
    case 7:
        jpeg_with_exif(out);
        return "jpeg with exif";
    case 8:
        jpeg_whole(out, 96, 96, 3, JPEG_NO_JFIF | JPEG_ADOBE_RGB);
        bytes_add_zeros(out, 5000); /* the end is far from the end of the file */
        return "jpeg with trailing zeros";
    case 9:
        bytes_add(out, "RIFF\x20\0\0\0WEBPVP8 \x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                  40);
        return "webp";
    default:
        abort();
    }
}
