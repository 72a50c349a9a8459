/*
 * test_oracle.c - size, depth and colour of every sound image are those that libpng and libjpeg-turbo
 * find, decoding all of it; and what the decoders cannot read to its end is not called sound, except
 * for damaged pixels, which only a decode can see.
 */
#include "check.h"
#include "manifest.h"
#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

#define PIXELS_MAX 30000000u /* larger ones are only asked for their header */

/* What a decoder found. */
typedef struct found {
    jmp_buf jump;
    const uint8_t *data;
    size_t len, at;
    uint32_t width, height, depth, channels, model, progressive;
    int warnings;
} found;

static void on_png_error(png_structp png, png_const_charp message)
{
    found *f = png_get_error_ptr(png);

    (void)message;
    longjmp(f->jump, 1);
}

static void on_png_warning(png_structp png, png_const_charp message)
{
    (void)message;
    ((found *)png_get_error_ptr(png))->warnings++;
}

static void give(png_structp png, png_bytep out, size_t len)
{
    found *f = png_get_io_ptr(png);

    if (len > f->len - f->at)
        png_error(png, "end");
    memcpy(out, f->data + f->at, len);
    f->at += len;
}

static uint32_t png_model(int colour_type)
{
    return (colour_type & PNG_COLOR_MASK_PALETTE) != 0 ? ICECAT_COLOUR_PALETTE
           : (colour_type & PNG_COLOR_MASK_COLOR) != 0 ? ICECAT_COLOUR_RGB
                                                       : ICECAT_COLOUR_GREY;
}

static void decode_png_pixels(png_structp png, png_infop info, uint8_t *row)
{
    int passes = png_set_interlace_handling(png);

    png_read_update_info(png, info);
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < png_get_image_height(png, info); y++)
            png_read_row(png, row, NULL);
    }
    png_read_end(png, NULL);
}

/* 1 when all of it was decoded. */
static int decode_png(found *f)
{
    png_structp volatile png = png_create_read_struct(PNG_LIBPNG_VER_STRING, f, on_png_error,
                                                      on_png_warning);
    png_infop volatile info = png_create_info_struct(png);
    png_structp gone_png = png;
    png_infop gone_info = info;
    uint8_t *volatile row = NULL;
    volatile int whole = 0;

    if (setjmp(f->jump) == 0) {
        png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
        png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
        png_set_read_fn(png, f, give);
        png_read_info(png, info);
        f->width = png_get_image_width(png, info);
        f->height = png_get_image_height(png, info);
        f->depth = png_get_bit_depth(png, info);
        f->channels = png_get_channels(png, info);
        f->model = png_model(png_get_color_type(png, info));
        f->progressive = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
        row = (uint64_t)f->width * f->height <= PIXELS_MAX ? malloc(png_get_rowbytes(png, info))
                                                           : NULL;
        if (row != NULL)
            decode_png_pixels(png, info, row);
        whole = 1;
    }
    free(row);
    png_destroy_read_struct(&gone_png, &gone_info, NULL);
    return whole;
}

struct manager {
    struct jpeg_error_mgr errors; /* first: libjpeg hands back a pointer to it */
    found *f;
};

static void on_jpeg_error(j_common_ptr common)
{
    longjmp(((struct manager *)(void *)common->err)->f->jump, 1);
}

static void on_jpeg_message(j_common_ptr common, int level)
{
    if (level < 0)
        ((struct manager *)(void *)common->err)->f->warnings++;
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

static void decode_jpeg_pixels(struct jpeg_decompress_struct *jpeg)
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

static int decode_jpeg(found *f)
{
    struct jpeg_decompress_struct jpeg;
    struct manager manager = { .f = f };
    volatile int whole = 0;

    memset(&jpeg, 0, sizeof(jpeg));
    jpeg.err = jpeg_std_error(&manager.errors);
    manager.errors.error_exit = on_jpeg_error;
    manager.errors.emit_message = on_jpeg_message;
    if (setjmp(f->jump) == 0) {
        jpeg_create_decompress(&jpeg);
        jpeg_mem_src(&jpeg, f->data, (unsigned long)f->len);
        jpeg_read_header(&jpeg, TRUE);
        f->width = jpeg.image_width;
        f->height = jpeg.image_height;
        f->depth = (uint32_t)jpeg.data_precision;
        f->channels = (uint32_t)jpeg.num_components;
        f->model = jpeg_model(jpeg.jpeg_color_space);
        f->progressive = jpeg.progressive_mode != 0;
        if ((uint64_t)f->width * f->height <= PIXELS_MAX)
            decode_jpeg_pixels(&jpeg);
        whole = 1;
    }
    jpeg_destroy_decompress(&jpeg);
    return whole;
}

static int is_same(const found *f, const icecat_image_info *info)
{
    return f->width == info->width_px && f->height == info->height_px &&
           f->depth == info->bit_depth && f->channels == info->channels &&
           f->model == info->colour_model && f->progressive == info->progressive;
}

/* Compare one file; 1 and a line when the decoder finds something else. */
static int compare(const char *name, const uint8_t *data, size_t len, int *sound)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    found f = { .data = data, .len = len };
    icecat_status status;
    int whole;

    options.profile = ICECAT_PROFILE_ANY;
    options.check_crc = 1;
    status = icecat_image_probe(data, len, &options, &info, NULL);
    /* libjpeg goes no further than 65,500 pixels, which is a limit and no fault. */
    if (status != ICECAT_OK)
        return 0;
    *sound += 1;
    whole = info.format == ICECAT_IMAGE_PNG ? decode_png(&f) : decode_jpeg(&f);
    if (f.width == 0 || !is_same(&f, &info)) {
        print_error("%s: %ux%u %u bits %u channels model %u, the decoder: %ux%u %u %u %u\n", name,
                    info.width_px, info.height_px, info.bit_depth, info.channels, info.colour_model,
                    f.width, f.height, f.depth, f.channels, f.model);
        return 1;
    }
    return whole ? 0 : -1;
}

static void every_sound_file_is_what_its_decoder_says(void **state)
{
    manifest *list = manifest_open();
    int wrong = 0, sound = 0, damaged = 0;
    manifest_row row;

    (void)state;
    if (list == NULL)
        skip();
    while (manifest_next(list, &row)) {
        size_t len = 0;
        uint8_t *data = read_whole(row.file, &len);
        int result;

        assert_non_null(data);
        result = compare(row.path, data, len, &sound);
        free(data);
        wrong += result > 0;
        if (result < 0) {
            damaged++;
            if (strstr(row.verdict, "body bad") == NULL) {
                print_error("%s: the decoder cannot read its pixels\n", row.path);
                wrong++;
            }
        }
    }
    manifest_close(list);
    print_message("%d sound files, %d with damaged pixels\n", sound, damaged);
    assert_true(sound > 440);
    assert_int_equal(wrong, 0);
}

static void every_sample_is_what_its_decoder_says(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
        bytes b = { 0 };
        const char *name = sample_make(i, &b);
        int sound = 0;

        assert_true(compare(name, b.data, b.len, &sound) <= 0);
        assert_int_equal(sound, i != 9); /* which is no JPEG or PNG */
        bytes_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sound_file_is_what_its_decoder_says),
        cmocka_unit_test(every_sample_is_what_its_decoder_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
