/*
 * decoder.c - what libpng and libjpeg-turbo find in an image.
 */
#include "decoder.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#define PIXELS_MAX 30000000u
#define BLOCK_MAX  4194304u /* largest block that libpng may allocate */

/* ---- PNG ---------------------------------------------------------------------------------- */

struct reader {
    const uint8_t *data;
    size_t len, at;
    jmp_buf jump;
};

static void on_png_error(png_structp png, png_const_charp message)
{
    struct reader *reader = png_get_error_ptr(png);

    (void)message;
    longjmp(reader->jump, 1);
}

static void on_png_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static png_voidp allocate(png_structp png, png_alloc_size_t size)
{
    (void)png;
    return size <= BLOCK_MAX ? malloc(size) : NULL;
}

static void release(png_structp png, png_voidp data)
{
    (void)png;
    free(data);
}

static void give(png_structp png, png_bytep out, size_t len)
{
    struct reader *reader = png_get_io_ptr(png);

    if (len > reader->len - reader->at)
        png_error(png, "end");
    memcpy(out, reader->data + reader->at, len);
    reader->at += len;
}

static uint32_t png_model(int colour_type)
{
    return (colour_type & PNG_COLOR_MASK_PALETTE) != 0 ? ICECAT_COLOUR_PALETTE
           : (colour_type & PNG_COLOR_MASK_COLOR) != 0 ? ICECAT_COLOUR_RGB
                                                       : ICECAT_COLOUR_GREY;
}

static void read_png_header(png_structp png, png_infop info, unsigned how, decoded *out)
{
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    if (how & DECODE_ANY_CHECKSUM)
        png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    png_read_info(png, info);
    out->width = png_get_image_width(png, info);
    out->height = png_get_image_height(png, info);
    out->depth = png_get_bit_depth(png, info);
    out->channels = png_get_channels(png, info);
    out->model = png_model(png_get_color_type(png, info));
    out->progressive = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
}

static void read_png_pixels(png_structp png, png_infop info, uint8_t *row)
{
    int passes = png_set_interlace_handling(png);

    png_read_update_info(png, info);
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < png_get_image_height(png, info); y++)
            png_read_row(png, row, NULL);
    }
    png_read_end(png, NULL);
}

int decode_png(const uint8_t *data, size_t len, unsigned how, decoded *out)
{
    struct reader reader = { .data = data, .len = len };
    png_structp volatile png = png_create_read_struct_2(
        PNG_LIBPNG_VER_STRING, &reader, on_png_error, on_png_warning, NULL, allocate, release);
    png_infop volatile info = png_create_info_struct(png);
    png_structp gone_png = png;
    png_infop gone_info = info;
    uint8_t *volatile row = NULL;
    volatile int whole = 0;

    memset(out, 0, sizeof(*out));
    if (setjmp(reader.jump) == 0) {
        png_set_read_fn(png, &reader, give);
        read_png_header(png, info, how, out);
        if ((how & DECODE_PIXELS) && (uint64_t)out->width * out->height <= PIXELS_MAX) {
            row = malloc(png_get_rowbytes(png, info));
            if (row == NULL)
                abort();
            read_png_pixels(png, info, row);
        }
        whole = 1;
    }
    free(row);
    png_destroy_read_struct(&gone_png, &gone_info, NULL);
    return whole;
}

/* ---- JPEG --------------------------------------------------------------------------------- */

struct manager {
    struct jpeg_error_mgr errors; /* first: libjpeg hands back a pointer to it */
    jmp_buf jump;
};

static void on_jpeg_error(j_common_ptr common)
{
    struct manager *manager = (struct manager *)(void *)common->err;

    longjmp(manager->jump, 1);
}

static void on_jpeg_message(j_common_ptr common, int level)
{
    (void)common;
    (void)level;
}

static uint32_t jpeg_model(J_COLOR_SPACE space)
{
    return space == JCS_GRAYSCALE ? ICECAT_COLOUR_GREY
           : space == JCS_RGB     ? ICECAT_COLOUR_RGB
           : space == JCS_YCbCr   ? ICECAT_COLOUR_YCBCR
           : space == JCS_CMYK    ? ICECAT_COLOUR_CMYK
           : space == JCS_YCCK    ? ICECAT_COLOUR_YCCK
                                  : ICECAT_COLOUR_UNKNOWN;
}

static void read_jpeg_header(struct jpeg_decompress_struct *jpeg, decoded *out)
{
    jpeg_read_header(jpeg, TRUE);
    out->width = jpeg->image_width;
    out->height = jpeg->image_height;
    out->depth = (uint32_t)jpeg->data_precision;
    out->channels = (uint32_t)jpeg->num_components;
    out->model = jpeg_model(jpeg->jpeg_color_space);
    out->progressive = jpeg->progressive_mode != 0;
    out->arithmetic = jpeg->arith_code != 0;
}

static void read_jpeg_pixels(struct jpeg_decompress_struct *jpeg)
{
    JSAMPARRAY row;

    jpeg->out_color_space = jpeg->jpeg_color_space; /* as stored */
    jpeg_start_decompress(jpeg);
    row = jpeg->mem->alloc_sarray((j_common_ptr)jpeg, JPOOL_IMAGE,
                                  jpeg->output_width * (JDIMENSION)jpeg->output_components, 1);
    while (jpeg->output_scanline < jpeg->output_height)
        jpeg_read_scanlines(jpeg, row, 1);
    jpeg_finish_decompress(jpeg);
}

int decode_jpeg(const uint8_t *data, size_t len, unsigned how, decoded *out)
{
    struct jpeg_decompress_struct jpeg;
    struct manager manager;
    volatile int whole = 0;

    memset(out, 0, sizeof(*out));
    memset(&jpeg, 0, sizeof(jpeg));
    jpeg.err = jpeg_std_error(&manager.errors);
    manager.errors.error_exit = on_jpeg_error;
    manager.errors.emit_message = on_jpeg_message;
    if (setjmp(manager.jump) == 0) {
        jpeg_create_decompress(&jpeg);
        jpeg_mem_src(&jpeg, data, (unsigned long)len);
        read_jpeg_header(&jpeg, out);
        if ((how & DECODE_PIXELS) && (uint64_t)out->width * out->height <= PIXELS_MAX)
            read_jpeg_pixels(&jpeg);
        whole = 1;
    }
    jpeg_destroy_decompress(&jpeg);
    return whole;
}

int decoded_is(const decoded *found, const icecat_image_info *info)
{
    return found->width == info->width_px && found->height == info->height_px &&
           found->depth == info->bit_depth && found->channels == info->channels &&
           found->model == info->colour_model && found->progressive == info->progressive &&
           !found->arithmetic;
}
