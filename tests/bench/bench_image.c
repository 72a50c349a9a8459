/*
 * bench_image.c - what a header check costs, against libpng and libjpeg-turbo reading the header.
 *
 * The peers are used as a careful program would: error manager without output, and for PNG the
 * information before the pixels only. They do not look at the end of the file, as the check does.
 */
#include "bench.h"
#include <icecat/image.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

struct picture {
    unsigned char *data;
    size_t len;
    size_t at;
};

static void check(void *userdata)
{
    const struct picture *p = userdata;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;

    if (icecat_image_probe(p->data, p->len, NULL, &info, NULL) != ICECAT_OK)
        exit(1);
}

static void read_jpeg(void *userdata)
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

static void read_png(void *userdata)
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

static void compare(const char *name, void (*peer)(void *), const char *peer_name)
{
    struct picture picture = { 0 };
    char path[512];
    char what[128];
    double theirs;
    double ours;

    snprintf(path, sizeof(path), ICECAT_SOURCE_DIR "/examples/samples/%s", name);
    picture.data = bench_read(path, &picture.len);
    theirs = bench_ns(peer, &picture);
    ours = bench_ns(check, &picture);
    snprintf(what, sizeof(what), "header of %s: %s", name, peer_name);
    bench_print(what, theirs, "ns", 0, NULL);
    snprintf(what, sizeof(what), "header of %s: icecat_image_probe", name);
    bench_print(what, ours, "ns", ours / theirs, peer_name);
    free(picture.data);
}

int main(void)
{
    compare("tabby.jpg", read_jpeg, "libjpeg-turbo");
    compare("black-cat.jpg", read_jpeg, "libjpeg-turbo");
    compare("siamese.png", read_png, "libpng");
    compare("teapot.png", read_png, "libpng");
    return 0;
}
