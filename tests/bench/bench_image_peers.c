/*
 * bench_image_peers.c - what a header check is compared with: the two libraries as a careful program
 * would use them (no output, only the information before the pixels), and a sniff by hand.
 */
#include "bench_image_peers.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

void bench_libjpeg(void *userdata)
{
    const struct picture *p = userdata;
    struct jpeg_decompress_struct decoder;
    struct jpeg_error_mgr errors;

    decoder.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, p->data, (unsigned long)p->len);
    jpeg_read_header(&decoder, TRUE);
    jpeg_destroy_decompress(&decoder);
}

static void give(png_structp png, png_bytep out, size_t len)
{
    struct picture *p = png_get_io_ptr(png);

    if (len > p->len - p->at)
        png_error(png, "end");
    memcpy(out, p->data + p->at, len);
    p->at += len;
}

static void be_quiet(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

void bench_libpng(void *userdata)
{
    struct picture *p = userdata;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, be_quiet);
    png_infop info = png_create_info_struct(png);

    p->at = 0;
    if (setjmp(png_jmpbuf(png)) != 0)
        exit(1);
    png_set_read_fn(png, p, give);
    png_read_info(png, info);
    png_destroy_read_struct(&png, &info, NULL);
}

/* Size and kind, believing every byte; what many programs call a check. */
void bench_sniff(void *userdata)
{
    const struct picture *p = userdata;
    const unsigned char *data = p->data;
    volatile uint32_t width = 0;
    size_t at = 2;

    if (p->len > 24 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0)
        width = (uint32_t)data[16] << 24 | (uint32_t)data[17] << 16 | (uint32_t)data[18] << 8 |
                data[19];
    else if (p->len > 4 && data[0] == 0xff && data[1] == 0xd8) {
        while (at + 9 < p->len && !(data[at + 1] >= 0xc0 && data[at + 1] <= 0xc2))
            at += 2 + ((size_t)data[at + 2] << 8) + data[at + 3];
        width = at + 9 < p->len ? (uint32_t)data[at + 7] << 8 | data[at + 8] : 0;
    }
    if (width == 0)
        exit(1);
}
