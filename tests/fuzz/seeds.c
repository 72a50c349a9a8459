/*
 * seeds.c - write the fuzz corpora: one small file for each shape of image that the checks tell
 * apart, made by the same code as the unit tests' images.
 */
#include "../unit/image/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *root;

static void save(const char *folder, const char *name, bytes *b)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", root, folder);
    mkdir(path, 0777);
    snprintf(path, sizeof(path), "%s/%s/%s", root, folder, name);
    file = fopen(path, "wb");
    if (file == NULL || fwrite(b->data, 1, b->len, file) != b->len || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
    bytes_free(b);
}

static void save_text(const char *name, const char *text, size_t len)
{
    bytes b = { 0 };

    bytes_add(&b, text, len);
    save("foreign", name, &b);
}

/* ---- PNG ---------------------------------------------------------------------------------- */

static void png_colours(void)
{
    static const uint8_t colours[] = { 0, 2, 3, 4, 6 };

    for (size_t i = 0; i < sizeof(colours); i++) {
        char name[32];
        bytes b = { 0 };

        png_whole(&b, 3, 2, colours[i]);
        snprintf(name, sizeof(name), "colour-%d.png", colours[i]);
        save("png", name, &b);
    }
}

/* Every chunk between header and pixels that the walk knows, in one file. */
static void png_chunks(void)
{
    static const uint8_t palette[6] = { 0, 0, 0, 255, 255, 255 };
    static const uint8_t frames[8] = { 0, 0, 0, 1, 0, 0, 0, 0 };
    bytes b = { 0 }, exif = { 0 };

    exif_block(&exif, 1, 6);
    png_head(&b, 7, 5, 1, 3, 1);
    png_chunk(&b, "tEXt", "a\0b", 3);
    png_chunk(&b, "acTL", frames, sizeof(frames));
    png_chunk(&b, "PLTE", palette, sizeof(palette));
    png_chunk(&b, "tRNS", "\200", 1);
    png_chunk(&b, "eXIf", exif.data, exif.len);
    png_chunk(&b, "IDAT", "\x78\x01", 2);
    png_chunk(&b, "fdAT", "\0\0\0\1", 4);
    png_chunk(&b, "IDAT", "", 0);
    png_chunk(&b, "IEND", NULL, 0);
    bytes_free(&exif);
    save("png", "chunks.png", &b);
}

static void png_faults(void)
{
    bytes b = { 0 };

    png_whole(&b, 3, 2, 2);
    b.len -= 12;
    save("png", "no-end.png", &b);

    png_whole(&b, 3, 2, 2);
    bytes_add(&b, "PK\5\6", 4);
    bytes_add_zeros(&b, 18);
    save("png", "trailing.png", &b);

    png_whole(&b, 3, 2, 2);
    memcpy(b.data + 33, "\x7f\xff\xff\xff", 4);
    save("png", "hostile-length.png", &b);

    png_whole(&b, 3, 2, 2);
    bytes_insert(&b, 8, "\0\0\0\4CgBI\x50\0\x20\2\x2b\xd5\xb3\x7f", 16);
    save("png", "cgbi.png", &b);

    png_whole(&b, 3, 2, 2);
    bytes_remove(&b, 4, 1);
    save("png", "mangled-signature.png", &b);

    png_head(&b, 0x7fffffff, 0x7fffffff, 16, 6, 0);
    png_chunk(&b, "IDAT", "", 0);
    png_chunk(&b, "IEND", NULL, 0);
    save("png", "bomb.png", &b);

    png_whole(&b, 3, 2, 2);
    bytes_remove(&b, 33, b.len - 33 - 12);
    save("png", "no-pixels.png", &b);
}

/* ---- JPEG --------------------------------------------------------------------------------- */

static void jpeg_kinds(void)
{
    static const struct {
        const char *name;
        int components;
        unsigned flags;
    } kinds[] = {
        { "grey.jpg", 1, 0 },
        { "colour.jpg", 3, 0 },
        { "progressive.jpg", 3, JPEG_PROGRESSIVE },
        { "restart.jpg", 3, JPEG_RESTART },
        { "no-jfif.jpg", 3, JPEG_NO_JFIF },
        { "adobe-rgb.jpg", 3, JPEG_ADOBE_RGB | JPEG_NO_JFIF },
        { "cmyk.jpg", 4, 0 },
        { "ycck.jpg", 4, JPEG_YCCK },
        { "arithmetic.jpg", 1, JPEG_ARITHMETIC },
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        bytes b = { 0 };

        jpeg_whole(&b, 17, 9, kinds[i].components, kinds[i].flags);
        save("jpeg", kinds[i].name, &b);
    }
}

static void jpeg_segments(void)
{
    bytes b = { 0 }, app = { 0 };

    jpeg_whole(&b, 8, 8, 1, 0);
    bytes_add(&app, "Exif\0", 6);
    exif_block(&app, 0, 8);
    jpeg_segment(&b, 0xe1, app.data, app.len);
    jpeg_segment(&b, 0xe2, "MPF\0II*\0", 8);
    jpeg_segment(&b, 0xfe, "comment", 7);
    jpeg_segment(&b, 0xcc, "\0\x10\x1f\xff", 4);
    bytes_insert(&b, 2, "\xff\xff\xff\1", 4); /* fill bytes and a marker that stands alone */
    bytes_free(&app);
    save("jpeg", "segments.jpg", &b);

    jpeg_whole(&b, 8, 8, 1, 0);
    bytes_insert(&b, 2, "junk", 4);
    bytes_add_zeros(&b, 9);
    save("jpeg", "junk.jpg", &b);
}

static void jpeg_faults(void)
{
    bytes b = { 0 };

    jpeg_whole(&b, 8, 8, 1, 0);
    b.len -= 2;
    save("jpeg", "no-end.jpg", &b);

    jpeg_whole(&b, 8, 8, 1, 0);
    b.data[jpeg_find(&b, 0xc0) + 4] = 12;
    save("jpeg", "twelve-bit.jpg", &b);

    jpeg_whole(&b, 8, 8, 1, 0);
    b.data[jpeg_find(&b, 0xc0) + 1] = 0xc3;
    save("jpeg", "lossless.jpg", &b);

    jpeg_whole(&b, 8, 8, 1, 0);
    b.data[4] = 0xff; /* the first segment claims more than there is */
    save("jpeg", "hostile-length.jpg", &b);

    jpeg_whole(&b, 8, 8, 1, 0);
    bytes_insert(&b, 0, "\r\n", 2);
    save("jpeg", "leading-junk.jpg", &b);
}

/* ---- EXIF and what is no image ------------------------------------------------------------ */

static void exif_blocks(void)
{
    for (uint16_t i = 0; i < 2; i++) {
        bytes b = { 0 };

        exif_block(&b, i, (uint16_t)(3 + 3 * i));
        save("exif", i ? "big-endian" : "little-endian", &b);
    }
}

static void exif_odd(void)
{
    bytes b = { 0 };

    exif_block(&b, 0, 5);
    b.data[12] = 4; /* LONG instead of SHORT */
    save("exif", "long", &b);

    exif_block(&b, 1, 6);
    bytes_insert(&b, 8, "....", 4); /* the directory does not follow at once */
    b.data[7] = 12;
    save("exif", "directory-later", &b);

    exif_block(&b, 1, 6);
    b.data[8] = 0x7f; /* more entries than there are */
    b.data[10] = 9;
    save("exif", "too-many-entries", &b);

    exif_block(&b, 1, 6);
    b.len = 9;
    save("exif", "cut", &b);
}

static void foreign(void)
{
#define TEXT(name, text) save_text(name, text, sizeof(text) - 1)
    TEXT("webp", "RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0");
    TEXT("gif", "GIF89a\1\0\1\0\0\0\0;");
    TEXT("bmp", "BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0\1\0\1\0\1\0\x18\0");
    TEXT("tiff", "II*\0\x08\0\0\0\0\0");
    TEXT("heic", "\0\0\0\x18"
                 "ftypmif1\0\0\0\0mif1heic");
    TEXT("avif", "\0\0\0\x18"
                 "ftypmif1\0\0\0\0mif1avif");
    TEXT("html", "<!DOCTYPE html><html><head></head></html>");
    TEXT("s3-error", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>");
    TEXT("svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    TEXT("json", "\xef\xbb\xbf {\"a\":1}");
    TEXT("lfs-pointer", "version https://git-lfs.github.com/spec/v1\nsize 1\n");
    TEXT("base64", "iVBORw0KGgoAAAANSUhEUgAA");
    TEXT("mangled", "\xc3\xbf\xc3\x98\xc3\xbf\xc3\xa0");
    TEXT("text", "not a picture \xc3\xa9\n");
    TEXT("cut-signature", "\x89PNG\r");
    TEXT("bytes", "\1\2\3\4\5\6\7\x80\x90");
#undef TEXT
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
        return 2;
    }
    root = argv[1];
    png_colours();
    png_chunks();
    png_faults();
    jpeg_kinds();
    jpeg_segments();
    jpeg_faults();
    exif_blocks();
    exif_odd();
    foreign();
    return 0;
}
