/*
 * fuzz_jpeg.c - every JPEG that is called sound has a header that libjpeg reads from the real bytes,
 * and reads as the same. (The library shows libjpeg a header put together anew; this shows it all.)
 */
#include "fuzz_image.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#define SIDE_MAX 65500u /* libjpeg's own */

struct manager {
    struct jpeg_error_mgr errors; /* first: libjpeg hands back a pointer to it */
    jmp_buf jump;
};

static void on_error(j_common_ptr common)
{
    struct manager *manager = (struct manager *)(void *)common->err;

    longjmp(manager->jump, 1);
}

static void on_message(j_common_ptr common, int level)
{
    (void)common;
    (void)level;
}

static uint32_t model_of(J_COLOR_SPACE space)
{
    return space == JCS_GRAYSCALE ? ICECAT_COLOUR_GREY
           : space == JCS_RGB     ? ICECAT_COLOUR_RGB
           : space == JCS_YCbCr   ? ICECAT_COLOUR_YCBCR
           : space == JCS_CMYK    ? ICECAT_COLOUR_CMYK
                                  : ICECAT_COLOUR_YCCK;
}

/* 1 when libjpeg reads the header, and as @p info. */
static int libjpeg_agrees(const uint8_t *data, size_t len, const icecat_image_info *info)
{
    struct jpeg_decompress_struct jpeg;
    struct manager manager;
    volatile int agrees = 0;

    memset(&jpeg, 0, sizeof(jpeg));
    jpeg.err = jpeg_std_error(&manager.errors);
    manager.errors.error_exit = on_error;
    manager.errors.emit_message = on_message;
    if (setjmp(manager.jump) == 0) {
        jpeg_create_decompress(&jpeg);
        jpeg_mem_src(&jpeg, data, (unsigned long)len);
        jpeg_read_header(&jpeg, TRUE);
        agrees = jpeg.image_width == info->width_px && jpeg.image_height == info->height_px &&
                 jpeg.num_components == (int)info->channels &&
                 model_of(jpeg.jpeg_color_space) == info->colour_model &&
                 jpeg.progressive_mode == (boolean)info->progressive && !jpeg.arith_code;
    }
    jpeg_destroy_decompress(&jpeg);
    return agrees;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    fuzz_answer answer;

    fuzz_probe_all(data, len, &answer);
    if (answer.info.format == ICECAT_IMAGE_JPEG && fuzz_is_sound(&answer) &&
        answer.info.width_px <= SIDE_MAX && answer.info.height_px <= SIDE_MAX)
        FUZZ_CHECK(libjpeg_agrees(data, len, &answer.info));
    return 0;
}
