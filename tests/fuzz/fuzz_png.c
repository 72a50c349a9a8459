/*
 * fuzz_png.c - every PNG that is called sound has a header that libpng reads from the real bytes,
 * and reads as the same. (The library shows libpng a header put together anew; this shows it all.)
 */
#include "fuzz_image.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_MAX 262144u

struct reader {
    const uint8_t *data;
    size_t len, at;
    jmp_buf jump;
};

static void on_error(png_structp png, png_const_charp message)
{
    struct reader *reader = png_get_error_ptr(png);

    (void)message;
    longjmp(reader->jump, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static png_voidp allocate(png_structp png, png_alloc_size_t size)
{
    (void)png;
    return size <= MEMORY_MAX ? malloc(size) : NULL;
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

/* 1 when libpng reads the information before the pixels, and as @p info. */
static int libpng_agrees(struct reader *reader, const icecat_image_info *info)
{
    png_structp volatile png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, reader, on_error,
                                                        on_warning, NULL, allocate, release);
    png_infop volatile end = png_create_info_struct(png);
    png_structp gone_png = png;
    png_infop gone_info = end;
    volatile int agrees = 0;

    if (setjmp(reader->jump) == 0) {
        png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
        png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
        png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
        png_set_read_fn(png, reader, give);
        png_read_info(png, end);
        agrees = png_get_image_width(png, end) == info->width_px &&
                 png_get_image_height(png, end) == info->height_px &&
                 png_get_bit_depth(png, end) == info->bit_depth &&
                 png_get_channels(png, end) == info->channels &&
                 (png_get_interlace_type(png, end) != 0) == (info->progressive != 0);
    }
    png_destroy_read_struct(&gone_png, &gone_info, NULL);
    return agrees;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct reader reader = { .data = data, .len = len };
    fuzz_answer answer;

    fuzz_probe_all(data, len, &answer);
    if (answer.info.format == ICECAT_IMAGE_PNG && fuzz_is_sound(&answer))
        FUZZ_CHECK(libpng_agrees(&reader, &answer.info));
    return 0;
}
