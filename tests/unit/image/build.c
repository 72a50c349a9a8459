/*
 * build.c - images that the tests make themselves.
 */
#include "build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

void bytes_insert(bytes *b, size_t at, const void *data, size_t len)
{
    uint8_t *grown = realloc(b->data, b->len + len + 1);

    if (grown == NULL || at > b->len)
        abort();
    b->data = grown;
    memmove(grown + at + len, grown + at, b->len - at);
    if (data != NULL)
        memcpy(grown + at, data, len);
    else
        memset(grown + at, 0, len);
    b->len += len;
}

void bytes_add(bytes *b, const void *data, size_t len)
{
    bytes_insert(b, b->len, data, len);
}

void bytes_add_zeros(bytes *b, size_t len)
{
    bytes_insert(b, b->len, NULL, len);
}

void bytes_remove(bytes *b, size_t at, size_t len)
{
    if (at > b->len || len > b->len - at)
        abort();
    memmove(b->data + at, b->data + at + len, b->len - at - len);
    b->len -= len;
}

void bytes_free(bytes *b)
{
    free(b->data);
    memset(b, 0, sizeof(*b));
}

size_t bytes_find(const bytes *b, const char *what, size_t len)
{
    for (size_t i = 0; i + len <= b->len; i++) {
        if (memcmp(b->data + i, what, len) == 0)
            return i;
    }
    return SIZE_MAX;
}

/* ---- PNG ---------------------------------------------------------------------------------- */

/* Bit by bit, so that it shares no table with what it tests. */
static uint32_t crc_of(const uint8_t *data, size_t len)
{
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < len; i++) {
        crc ^= data[i];
        for (int k = 0; k < 8; k++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}

static void put32(uint8_t out[4], uint32_t value)
{
    out[0] = (uint8_t)(value >> 24);
    out[1] = (uint8_t)(value >> 16);
    out[2] = (uint8_t)(value >> 8);
    out[3] = (uint8_t)value;
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void png_fix_crc(bytes *b, size_t at)
{
    uint32_t len = get32(b->data + at);

    put32(b->data + at + 8 + len, crc_of(b->data + at + 4, len + 4));
}

void png_chunk(bytes *b, const char type[5], const void *data, size_t len)
{
    size_t at = b->len;
    uint8_t number[4];

    put32(number, (uint32_t)len);
    bytes_add(b, number, 4);
    bytes_add(b, type, 4);
    bytes_add(b, data, len);
    bytes_add_zeros(b, 4);
    png_fix_crc(b, at);
}

void png_head(bytes *b, uint32_t width, uint32_t height, uint8_t depth, uint8_t colour,
              uint8_t interlace)
{
    uint8_t ihdr[13] = { 0, 0, 0, 0, 0, 0, 0, 0, depth, colour, 0, 0, interlace };

    put32(ihdr, width);
    put32(ihdr + 4, height);
    bytes_add(b, "\x89PNG\r\n\x1a\n", 8);
    png_chunk(b, "IHDR", ihdr, sizeof(ihdr));
}

/* So many zeros as a zlib stream, stored. */
static void add_zlib_zeros(bytes *b, size_t left)
{
    uint32_t adler = (uint32_t)(left % 65521) << 16 | 1;
    uint8_t end[4];

    bytes_add(b, "\x78\x01", 2);
    do {
        size_t n = left < 65535 ? left : 65535;
        uint8_t head[5] = { n == left, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)~n,
                            (uint8_t)(~n >> 8) };

        bytes_add(b, head, sizeof(head));
        bytes_add_zeros(b, n);
        left -= n;
    } while (left != 0);
    put32(end, adler);
    bytes_add(b, end, 4);
}

void png_pixels(bytes *b, uint32_t width, uint32_t height, uint32_t bits_per_pixel)
{
    bytes zlib = { 0 };

    add_zlib_zeros(&zlib, ((size_t)width * bits_per_pixel + 7) / 8 * height + height);
    png_chunk(b, "IDAT", zlib.data, zlib.len);
    bytes_free(&zlib);
}

void png_profile(bytes *b, size_t len)
{
    bytes content = { 0 };

    bytes_add(&content, "profile\0", 9); /* name, and the method of compression */
    add_zlib_zeros(&content, len);
    png_chunk(b, "iCCP", content.data, content.len);
    bytes_free(&content);
}

void png_whole(bytes *b, uint32_t width, uint32_t height, uint8_t colour)
{
    static const uint8_t channels[7] = { 1, 0, 3, 1, 2, 0, 4 };
    static const uint8_t palette[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

    png_head(b, width, height, 8, colour, 0);
    if (colour == 3)
        png_chunk(b, "PLTE", palette, sizeof(palette));
    png_pixels(b, width, height, 8u * channels[colour]);
    png_chunk(b, "IEND", NULL, 0);
}

/* ---- JPEG --------------------------------------------------------------------------------- */

static J_COLOR_SPACE space_of(int components)
{
    return components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
}

void jpeg_whole(bytes *b, uint32_t width, uint32_t height, int components, unsigned flags)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *out = NULL;
    unsigned long out_len = 0;
    uint8_t *row = malloc((size_t)width * (size_t)components);

    if (row == NULL)
        abort();
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &out, &out_len);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = components;
    jpeg.in_color_space = space_of(components);
    jpeg_set_defaults(&jpeg);
    if (flags & JPEG_ADOBE_RGB)
        jpeg_set_colorspace(&jpeg, JCS_RGB);
    if (flags & JPEG_YCCK)
        jpeg_set_colorspace(&jpeg, JCS_YCCK);
    if (flags & JPEG_NO_JFIF)
        jpeg.write_JFIF_header = FALSE;
    if (flags & JPEG_PROGRESSIVE)
        jpeg_simple_progression(&jpeg);
    jpeg.arith_code = (flags & JPEG_ARITHMETIC) != 0;
    jpeg.restart_interval = flags & JPEG_RESTART ? 2 : 0;
    jpeg_start_compress(&jpeg, TRUE);
    for (uint32_t y = 0; y < height; y++) {
        for (size_t x = 0; x < (size_t)width * (size_t)components; x++)
            row[x] = (uint8_t)(x * 7 + y * 5);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    bytes_add(b, out, out_len);
    free(out);
    free(row);
}

void jpeg_segment(bytes *b, uint8_t marker, const void *data, size_t len)
{
    uint8_t head[4] = { 0xff, marker, (uint8_t)((len + 2) >> 8), (uint8_t)(len + 2) };

    bytes_insert(b, 2, head, sizeof(head));
    bytes_insert(b, 6, data, len);
}

size_t jpeg_find(const bytes *b, uint8_t marker)
{
    size_t at = 2;

    while (at + 4 <= b->len && b->data[at] == 0xff) {
        if (b->data[at + 1] == marker)
            return at;
        if (b->data[at + 1] == 0xda)
            break;
        at += 2 + ((size_t)b->data[at + 2] << 8) + b->data[at + 3];
    }
    return SIZE_MAX;
}

/* ---- EXIF --------------------------------------------------------------------------------- */

void exif_block(bytes *b, int big_endian, uint16_t orientation)
{
    static const uint8_t little[] = { 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3,
                                      0,   1,   0,  0, 0, 0, 0, 0, 0, 0, 0,    0, 0 };
    static const uint8_t big[] = { 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0,
                                   3,   0,   0, 0,  1, 0, 0, 0, 0, 0, 0, 0,    0 };
    size_t at = b->len;

    bytes_add(b, big_endian ? big : little, sizeof(big));
    b->data[at + 18 + (big_endian != 0)] = (uint8_t)orientation;
    b->data[at + 18 + (big_endian == 0)] = (uint8_t)(orientation >> 8);
}
