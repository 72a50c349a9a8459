/*
 * test_cli_thumbnail.c - thumbnails of every kind of picture, of damaged ones, and of other files.
 */
#include "cmocka_all.h"

#include "made_image.h"
#include "sha256.h"
#include "thumbnail_raster.h"
#include <fcntl.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKGROUND = 0xd8, TOLERANCE = 6 };

typedef enum thumbnail_state read_fn(FILE *file, uint32_t most_px, struct raster *out);

static enum thumbnail_state read_bytes(read_fn *read, const void *data, size_t len, uint32_t most,
                                       struct raster *out)
{
    FILE *file = fmemopen((void *)(uintptr_t)data, len, "rb");
    enum thumbnail_state state;

    assert_non_null(file);
    state = read(file, most, out);
    fclose(file);
    return state;
}

static void assert_grey(const struct raster *raster, uint32_t x, uint32_t y, int value)
{
    const uint8_t *pixel = raster->rgb + ((size_t)y * raster->width + x) * 3;

    for (size_t c = 0; c < 3; c++)
        assert_in_range(pixel[c] + 256, 256 + value - TOLERANCE, 256 + value + TOLERANCE);
}

/* The left and right halves of what made_image.h draws. */
static void assert_halves(const struct raster *raster, int left, int right)
{
    uint32_t last = raster->width - 1;

    assert_grey(raster, 0, 0, left);
    assert_grey(raster, 0, raster->height - 1, left);
    assert_grey(raster, last, 0, right);
    assert_grey(raster, last, raster->height - 1, right);
    assert_grey(raster, last / 4, raster->height / 2, left);
    assert_grey(raster, last - last / 4, raster->height / 2, right);
}

/* ---- kinds ------------------------------------------------------------------------------- */

static const struct {
    int colour_type, bit_depth;
} png_kinds[] = {
    { PNG_COLOR_TYPE_GRAY, 1 },        { PNG_COLOR_TYPE_GRAY, 2 },
    { PNG_COLOR_TYPE_GRAY, 4 },        { PNG_COLOR_TYPE_GRAY, 8 },
    { PNG_COLOR_TYPE_GRAY, 16 },       { PNG_COLOR_TYPE_RGB, 8 },
    { PNG_COLOR_TYPE_RGB, 16 },        { PNG_COLOR_TYPE_PALETTE, 1 },
    { PNG_COLOR_TYPE_PALETTE, 2 },     { PNG_COLOR_TYPE_PALETTE, 4 },
    { PNG_COLOR_TYPE_PALETTE, 8 },     { PNG_COLOR_TYPE_GRAY_ALPHA, 8 },
    { PNG_COLOR_TYPE_GRAY_ALPHA, 16 }, { PNG_COLOR_TYPE_RGB_ALPHA, 8 },
    { PNG_COLOR_TYPE_RGB_ALPHA, 16 },
};

static void every_png_of_the_standard(void **state)
{
    static const uint32_t sizes[][2] = {
        { 200, 50 }, { 64, 64 }, { 2, 1 }, { 3, 7 }, { 130, 333 }
    };

    (void)state;
    for (size_t i = 0; i < sizeof(png_kinds) / sizeof(png_kinds[0]) * 20; i++) {
        size_t kind = i / 20, size = i / 4 % 5;
        struct made_png what = { .width = sizes[size][0],
                                 .height = sizes[size][1],
                                 .colour_type = png_kinds[kind].colour_type,
                                 .bit_depth = png_kinds[kind].bit_depth,
                                 .interlaced = (int)(i & 1),
                                 .transparent = (i & 2) != 0 && (png_kinds[kind].colour_type &
                                                                 PNG_COLOR_MASK_ALPHA) == 0 };
        struct made made = made_png(&what);
        struct raster raster;

        assert_int_equal(read_bytes(thumbnail_read_png, made.data, made.len, 64, &raster),
                         THUMBNAIL_OK);
        assert_true(raster.width <= 64 && raster.height <= 64);
        assert_true(raster.width == 64 || raster.height == 64 || raster.width == what.width);
        if (what.width % 2 == 0 && raster.width > 1)
            assert_halves(&raster, what.transparent ? BACKGROUND : 0, 255);
        raster_clear(&raster);
        made_free(&made);
    }
}

static void every_jpeg_colour(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        struct made_jpeg what = { .width = 1000,
                                  .height = 200,
                                  .colours = (enum made_colours)(i / 2),
                                  .progressive = (int)(i & 1) };
        struct made made = made_jpeg(&what);
        struct raster raster;

        assert_int_equal(read_bytes(thumbnail_read_jpeg, made.data, made.len, 320, &raster),
                         THUMBNAIL_OK);
        assert_int_equal(raster.width, 320);
        assert_int_equal(raster.height, 64);
        assert_halves(&raster, 0, 255);
        raster_clear(&raster);
        made_free(&made);
    }
}

/* The sides are rounded, never 0, and nothing is made larger. */
static void sizes_are_bounded(void **state)
{
    static const uint32_t sizes[][4] = {
        { 1, 1, 1, 1 },      { 320, 320, 320, 320 }, { 321, 1, 320, 1 },       { 5000, 2, 320, 1 },
        { 3, 9000, 1, 320 }, { 319, 12, 319, 12 },   { 4000, 3000, 320, 240 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct made_jpeg jpeg = { .width = sizes[i][0], .height = sizes[i][1] };
        struct made_png png = { .width = sizes[i][0], .height = sizes[i][1], .bit_depth = 8 };
        struct made made[2] = { made_jpeg(&jpeg), made_png(&png) };

        for (size_t k = 0; k < 2; k++) {
            struct raster raster;

            assert_int_equal(read_bytes(k == 0 ? thumbnail_read_jpeg : thumbnail_read_png,
                                        made[k].data, made[k].len, 320, &raster),
                             THUMBNAIL_OK);
            assert_int_equal(raster.width, sizes[i][2]);
            assert_int_equal(raster.height, sizes[i][3]);
            raster_clear(&raster);
            made_free(&made[k]);
        }
    }
}

/* Averages are exact: a grey level of n / 256 bright pixels comes out as such. */
static void shrinking_averages_areas(void **state)
{
    const uint8_t rgba[] = { 0, 0, 0, 255, 255, 255, 255, 255, 90, 90, 90, 255 };
    struct shrink shrink;
    struct raster raster;

    (void)state;
    assert_true(shrink_begin(&shrink, 3, 1, 2));
    shrink_add(&shrink, 0, 0, 1, rgba, 3);
    assert_true(shrink_end(&shrink, &raster));
    assert_int_equal(raster.width, 2);
    assert_int_equal(raster.rgb[0], 85);  /* (2 * 0 + 255) / 3 */
    assert_int_equal(raster.rgb[3], 145); /* (255 + 2 * 90) / 3 */
    shrink_clear(&shrink);
    raster_clear(&raster);
}

/* ---- orientation ------------------------------------------------------------------------- */

static void every_orientation(void **state)
{
    /* Of the stored picture AB / CD / EF, as the standard shows it. */
    static const char *const shown[] = { "ABCDEF", "BADCFE", "FEDCBA", "EFCDAB",
                                         "ACEBDF", "ECAFDB", "FDBECA", "BDFACE" };

    (void)state;
    for (uint32_t o = 1; o <= 8; o++) {
        struct raster raster = { malloc(18), 2, 3 };
        char got[7] = "";

        for (size_t i = 0; i < 18; i++)
            raster.rgb[i] = (uint8_t)("ABCDEF"[i / 3]);
        assert_true(raster_orient(&raster, o));
        for (size_t i = 0; i < 6; i++)
            got[i] = (char)raster.rgb[i * 3];
        assert_string_equal(got, shown[o - 1]);
        assert_int_equal(raster.width, o < 5 ? 2 : 3);
        raster_clear(&raster);
    }
}

/* ---- damage ------------------------------------------------------------------------------ */

static unsigned next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33);
}

/* Whatever comes out, it is bounded, and the sanitizers have nothing to say. */
static void try_damaged(read_fn *read, const struct made *made, uint64_t *seed)
{
    unsigned char *copy = malloc(made->len);
    size_t len = next_random(seed) % 8 == 0 ? 1 + next_random(seed) % made->len : made->len;
    struct raster raster;

    assert_non_null(copy);
    memcpy(copy, made->data, made->len);
    for (unsigned i = next_random(seed) % 6; i-- > 0;)
        copy[next_random(seed) % made->len] ^= (unsigned char)(1u << next_random(seed) % 8);
    if (read_bytes(read, copy, len, 100, &raster) == THUMBNAIL_OK)
        assert_true(raster.width <= 100 && raster.height <= 100 && raster.width > 0);
    else
        assert_null(raster.rgb);
    raster_clear(&raster);
    free(copy);
}

static void damaged_pictures(void **state)
{
    uint64_t seed = 20240611;

    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        struct made_jpeg jpeg = { .width = 160,
                                  .height = 120,
                                  .colours = i < 4 ? MADE_YCBCR : MADE_YCCK,
                                  .progressive = (int)(i & 1) };
        struct made_png png = { .width = 160,
                                .height = 120,
                                .colour_type = i < 4 ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB,
                                .bit_depth = 8,
                                .interlaced = (int)(i & 1) };
        struct made made[2] = { made_jpeg(&jpeg), made_png(&png) };

        for (unsigned k = 0; k < 300; k++)
            try_damaged(k % 2 == 0 ? thumbnail_read_jpeg : thumbnail_read_png, &made[k % 2], &seed);
        made_free(&made[0]);
        made_free(&made[1]);
    }
}

static void cut_pictures(void **state)
{
    struct made_png what = { .width = 60, .height = 60, .bit_depth = 8, .interlaced = 1 };
    struct made made = made_png(&what);
    struct raster raster;

    (void)state;
    /* The last 12 bytes are IEND, and 4 of the Adler sum and 4 of the CRC come before. */
    for (size_t len = 1; len + 24 < made.len; len++) {
        assert_int_equal(read_bytes(thumbnail_read_png, made.data, len, 100, &raster),
                         THUMBNAIL_UNSOUND);
        assert_null(raster.rgb);
    }
    made_free(&made);
}

static void set_u32(unsigned char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> (24 - 8 * i));
}

static uint32_t crc_of(const unsigned char *data, size_t len)
{
    uint32_t crc = UINT32_MAX;

    while (len-- > 0) {
        crc ^= *data++;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}

static void bombs_are_refused(void **state)
{
    struct made_png png = { .width = 8, .height = 8, .bit_depth = 8 };
    struct made_jpeg jpeg = { .width = 8, .height = 8, .progressive = 1 };
    struct made made = made_png(&png);
    struct raster raster;

    (void)state;
    set_u32(made.data + 16, 100000);
    set_u32(made.data + 20, 100000);
    set_u32(made.data + 29, crc_of(made.data + 12, 17));
    assert_int_equal(read_bytes(thumbnail_read_png, made.data, made.len, 100, &raster),
                     THUMBNAIL_TOO_BIG);
    made_free(&made);

    made = made_jpeg(&jpeg);
    for (size_t i = 0; i + 8 < made.len; i++) {
        if (made.data[i] == 0xff && made.data[i + 1] == 0xc2) { /* SOF2: height and width */
            memset(made.data + i + 5, 0x2f, 4);                 /* 12079 by 12079 */
            break;
        }
    }
    assert_int_equal(read_bytes(thumbnail_read_jpeg, made.data, made.len, 100, &raster),
                     THUMBNAIL_TOO_BIG);
    made_free(&made);
}

/* ---- files ------------------------------------------------------------------------------- */

struct folder {
    char path[64], picture[96], other[96];
    char fingerprint[SHA256_HEX_LEN];
};

static void write_file(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));
    struct made_jpeg what = { .width = 400, .height = 100, .orientation = 6 };
    struct made made = made_jpeg(&what);

    strcpy(folder->path, "/tmp/icecat-thumbnail-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    snprintf(folder->picture, sizeof(folder->picture), "%s/picture.jpg", folder->path);
    snprintf(folder->other, sizeof(folder->other), "%s/other", folder->path);
    write_file(folder->picture, made.data, made.len);
    assert_true(sha256_hex(made.data, made.len, folder->fingerprint));
    made_free(&made);
    *state = folder;
    return 0;
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;

    unlink(folder->picture);
    unlink(folder->other);
    rmdir(folder->path);
    free(folder);
    return 0;
}

static void assert_thumbnail(const char *path, const char *fingerprint, enum thumbnail_state state)
{
    struct thumbnail thumbnail;

    thumbnail_make(&thumbnail, path, fingerprint, 320);
    assert_int_equal(thumbnail.state, state);
    assert_int_equal(thumbnail.jpeg != NULL, state == THUMBNAIL_OK);
    thumbnail_clear(&thumbnail);
}

static void a_file_is_turned_and_encoded(void **state)
{
    const struct folder *folder = *state;
    struct thumbnail thumbnail;
    struct raster raster;

    thumbnail_make(&thumbnail, folder->picture, folder->fingerprint, 320);
    assert_int_equal(thumbnail.state, THUMBNAIL_OK);
    assert_int_equal(thumbnail.source_width, 100);
    assert_int_equal(thumbnail.source_height, 400);
    assert_true(thumbnail.source_bytes > 0);
    assert_int_equal(thumbnail.width, 80);
    assert_int_equal(thumbnail.height, 320);
    assert_int_equal(read_bytes(thumbnail_read_jpeg, thumbnail.jpeg, thumbnail.len, 320, &raster),
                     THUMBNAIL_OK);
    /* Orientation 6: what is stored left is shown at the top. */
    assert_grey(&raster, 40, 0, 0);
    assert_grey(&raster, 40, 319, 255);
    raster_clear(&raster);
    thumbnail_clear(&thumbnail);
}

static void only_what_was_submitted_is_shown(void **state)
{
    const struct folder *folder = *state;

    assert_thumbnail(folder->picture, folder->fingerprint, THUMBNAIL_OK);
    assert_thumbnail(folder->picture, "0123", THUMBNAIL_CHANGED);
    assert_thumbnail(folder->picture, "", THUMBNAIL_CHANGED);
    assert_thumbnail(folder->picture, NULL, THUMBNAIL_CHANGED);
    assert_thumbnail(folder->other, folder->fingerprint, THUMBNAIL_GONE);
    assert_thumbnail(folder->path, folder->fingerprint, THUMBNAIL_GONE); /* a folder */
    assert_thumbnail("/dev/zero", folder->fingerprint, THUMBNAIL_GONE);
    assert_thumbnail(NULL, folder->fingerprint, THUMBNAIL_GONE);
    assert_int_equal(mkfifo(folder->other, 0600), 0); /* nobody writes: it must not wait */
    assert_thumbnail(folder->other, folder->fingerprint, THUMBNAIL_GONE);
    assert_int_equal(unlink(folder->other), 0);
    assert_int_equal(symlink(folder->picture, folder->other), 0);
    assert_thumbnail(folder->other, folder->fingerprint, THUMBNAIL_OK);
}

static void other_files_are_not_decoded(void **state)
{
    static const char text[] = "root:x:0:0:root:/root:/bin/sh\n";
    const struct folder *folder = *state;
    char fingerprint[SHA256_HEX_LEN];

    write_file(folder->other, text, sizeof(text));
    assert_true(sha256_hex(text, sizeof(text), fingerprint));
    assert_thumbnail(folder->other, fingerprint, THUMBNAIL_UNSOUND);
    write_file(folder->other, "", 0);
    assert_true(sha256_hex("", 0, fingerprint));
    assert_thumbnail(folder->other, fingerprint, THUMBNAIL_UNSOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_png_of_the_standard),
        cmocka_unit_test(every_jpeg_colour),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(shrinking_averages_areas),
        cmocka_unit_test(every_orientation),
        cmocka_unit_test(damaged_pictures),
        cmocka_unit_test(cut_pictures),
        cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test_setup_teardown(a_file_is_turned_and_encoded, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(only_what_was_submitted_is_shown, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(other_files_are_not_decoded, make_folder, remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
