/*
 * made_image.c - PNG and JPEG images made in memory.
 */
#include "made_image.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

void made_free(struct made *made)
{
    free(made->data);
    *made = (struct made){ .data = NULL };
}

/* ---- PNG --------------------------------------------------------------------------------- */

static void append(png_structp png, png_bytep data, size_t len)
{
    struct made *made = png_get_io_ptr(png);
    unsigned char *more = realloc(made->data, made->len + len);

    if (more == NULL)
        abort();
    memcpy(more + made->len, data, len);
    made->data = more;
    made->len += len;
}

static void flush(png_structp png)
{
    (void)png;
}

static void set_palette(png_structp png, png_infop info, const struct made_png *what)
{
    png_color palette[2] = { { 0, 0, 0 }, { 255, 255, 255 } };
    png_byte alpha[1] = { 0 };
    png_color_16 key = { 0, 0, 0, 0, 0 };

    if (what->colour_type == PNG_COLOR_TYPE_PALETTE)
        png_set_PLTE(png, info, palette, 2);
    if (!what->transparent)
        return;
    if (what->colour_type == PNG_COLOR_TYPE_PALETTE)
        png_set_tRNS(png, info, alpha, 1, NULL);
    else
        png_set_tRNS(png, info, NULL, 0, &key);
}

/* One channel of @p depth bits at position @p at of a row. */
static void put(unsigned char *row, size_t at, int depth, unsigned value)
{
    size_t bit = at * (size_t)depth;

    if (depth == 16)
        row[bit / 8] = row[bit / 8 + 1] = value != 0 ? 0xff : 0;
    else
        row[bit / 8] |= (unsigned char)(value << (8u - (unsigned)depth - bit % 8));
}

static void fill_row(unsigned char *row, size_t len, const struct made_png *what, int channels)
{
    unsigned most = what->colour_type == PNG_COLOR_TYPE_PALETTE ? 1
                    : what->bit_depth == 16                     ? 1
                                            : (1u << (unsigned)what->bit_depth) - 1;

    memset(row, 0, len);
    for (uint32_t x = 0; x < what->width; x++) {
        for (int c = 0; c < channels; c++) {
            int is_alpha = (what->colour_type & PNG_COLOR_MASK_ALPHA) != 0 && c + 1 == channels;

            put(row, (size_t)x * (size_t)channels + (size_t)c, what->bit_depth,
                is_alpha || x >= what->width / 2 ? most : 0);
        }
    }
}

struct made made_png(const struct made_png *what)
{
    struct made made = { .data = NULL };
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    int channels = what->colour_type == PNG_COLOR_TYPE_RGB          ? 3
                   : what->colour_type == PNG_COLOR_TYPE_RGB_ALPHA  ? 4
                   : what->colour_type == PNG_COLOR_TYPE_GRAY_ALPHA ? 2
                                                                    : 1;
    size_t len = (size_t)what->width * (size_t)channels * 2 + 8;
    unsigned char *row = malloc(len);
    int passes;

    if (row == NULL)
        abort();
    png_set_write_fn(png, &made, append, flush);
    png_set_IHDR(png, info, what->width, what->height, what->bit_depth, what->colour_type,
                 what->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    set_palette(png, info, what);
    png_write_info(png, info);
    passes = png_set_interlace_handling(png);
    fill_row(row, len, what, channels);
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < what->height; y++)
            png_write_row(png, row);
    }
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    free(row);
    return made;
}

/* ---- JPEG -------------------------------------------------------------------------------- */

static void write_exif(struct jpeg_compress_struct *jpeg, uint32_t orientation)
{
    unsigned char block[] = { 'E', 'x',  'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                              1,   0x12, 0,   3,   0, 0, 0,   1,   0, 0,  0, 0, 0, 0, 0, 0 };

    block[25] = (unsigned char)orientation;
    jpeg_write_marker(jpeg, JPEG_APP0 + 1, block, sizeof(block));
}

static void set_colours(struct jpeg_compress_struct *jpeg, enum made_colours colours)
{
    static const struct {
        J_COLOR_SPACE in, stored;
        int components;
    } spaces[] = { [MADE_GREY] = { JCS_GRAYSCALE, JCS_GRAYSCALE, 1 },
                   [MADE_YCBCR] = { JCS_RGB, JCS_YCbCr, 3 },
                   [MADE_RGB] = { JCS_RGB, JCS_RGB, 3 },
                   [MADE_CMYK] = { JCS_CMYK, JCS_CMYK, 4 },
                   [MADE_YCCK] = { JCS_CMYK, JCS_YCCK, 4 } };

    jpeg->in_color_space = spaces[colours].in;
    jpeg->input_components = spaces[colours].components;
    jpeg_set_defaults(jpeg);
    jpeg_set_colorspace(jpeg, spaces[colours].stored);
}

struct made made_jpeg(const struct made_jpeg *what)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct made made = { .data = NULL };
    unsigned long len = 0;
    unsigned char *row = calloc(what->width, 4);
    size_t half, all;

    if (row == NULL)
        abort();
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &made.data, &len);
    jpeg.image_width = what->width;
    jpeg.image_height = what->height;
    set_colours(&jpeg, what->colours);
    if (what->progressive)
        jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    if (what->orientation != 0)
        write_exif(&jpeg, what->orientation);
    half = (size_t)(what->width / 2) * (size_t)jpeg.input_components;
    all = (size_t)what->width * (size_t)jpeg.input_components;
    memset(row + half, 255, all - half);
    while (jpeg.next_scanline < what->height)
        jpeg_write_scanlines(&jpeg, &row, 1);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    free(row);
    made.len = len;
    return made;
}
