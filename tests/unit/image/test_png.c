/*
 * test_png.c - the walk over PNG: what it finds in sound ones, and each way to refuse.
 */
#include "check.h"

#include <string.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

#define IHDR_AT 8

static void reports_size_depth_and_colour(void **state)
{
    static const struct {
        uint8_t colour, channels, model, alpha;
    } cases[] = { { 0, 1, ICECAT_COLOUR_GREY, 0 },
                  { 2, 3, ICECAT_COLOUR_RGB, 0 },
                  { 3, 1, ICECAT_COLOUR_PALETTE, 0 },
                  { 4, 2, ICECAT_COLOUR_GREY, 1 },
                  { 6, 4, ICECAT_COLOUR_RGB, 1 } };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        icecat_image_info info;
        bytes b = { 0 };

        png_whole(&b, 97, 13, cases[i].colour);
        info = assert_sound(&b);
        assert_int_equal(info.format, ICECAT_IMAGE_PNG);
        assert_int_equal(info.width_px, 97);
        assert_int_equal(info.height_px, 13);
        assert_int_equal(info.bit_depth, 8);
        assert_int_equal(info.channels, cases[i].channels);
        assert_int_equal(info.colour_model, cases[i].model);
        assert_int_equal(info.has_alpha, cases[i].alpha);
        assert_int_equal(info.size_bytes, b.len);
        assert_int_equal(info.warnings, 0);
        bytes_free(&b);
    }
}

static void takes_exactly_the_fifteen_legal_depths(void **state)
{
    static const uint32_t legal[7] = { 0x10116, 0, 0x10100, 0x116, 0x10100, 0, 0x10100 };
    static const uint8_t palette[3] = { 0 };
    int sound = 0;

    (void)state;
    for (unsigned colour = 0; colour < 9; colour++) {
        for (unsigned depth = 0; depth < 34; depth++) {
            bytes b = { 0 };

            png_head(&b, 5, 5, (uint8_t)depth, (uint8_t)colour, 1);
            if (colour == 3)
                png_chunk(&b, "PLTE", palette, 3);
            png_chunk(&b, "IDAT", "", 0);
            png_chunk(&b, "IEND", "", 0);
            if (colour < 7 && depth < 17 && legal[colour] >> depth & 1) {
                assert_int_equal(assert_sound(&b).progressive, 1);
                sound++;
            } else {
                assert_refused(&b, ICECAT_IMAGE_REASON_PNG_COLOUR, "bit depth");
            }
            bytes_free(&b);
        }
    }
    assert_int_equal(sound, 15);
}

/* A sound PNG with one byte of IHDR changed and its CRC made right again. */
static void assert_ihdr_refused(size_t at, uint8_t value, uint32_t reason, const char *text)
{
    bytes b = { 0 };

    png_whole(&b, 96, 96, 2);
    b.data[IHDR_AT + 8 + at] = value;
    png_fix_crc(&b, IHDR_AT);
    assert_refused(&b, reason, text);
    bytes_free(&b);
}

static void refuses_an_illegal_header(void **state)
{
    bytes b = { 0 };

    (void)state;
    assert_ihdr_refused(3, 0, ICECAT_IMAGE_REASON_ZERO_SIZE, "0 x 96");
    assert_ihdr_refused(7, 0, ICECAT_IMAGE_REASON_ZERO_SIZE, "96 x 0");
    assert_ihdr_refused(0, 0x80, ICECAT_IMAGE_REASON_OVER_FORMAT, "2147483744 x 96");
    assert_ihdr_refused(10, 1, ICECAT_IMAGE_REASON_PNG_METHOD, "compression 1");
    assert_ihdr_refused(11, 64, ICECAT_IMAGE_REASON_PNG_METHOD, "filter 64");
    assert_ihdr_refused(12, 2, ICECAT_IMAGE_REASON_PNG_METHOD, "interlace 2");

    png_whole(&b, 96, 96, 2);
    b.data[IHDR_AT + 8 + 3]++;
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_IHDR_CRC, "checksum");
    b.data[IHDR_AT + 3] = 12;
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_IHDR_LENGTH, "12 bytes");
    memcpy(b.data + IHDR_AT + 4, "tIME", 4);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_NO_IHDR, "IHDR");
    memcpy(b.data + IHDR_AT + 4, "CgBI", 4);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_CGBI, "Apple");
    bytes_free(&b);
}

static void refuses_chunks_where_they_may_not_be(void **state)
{
    static const uint8_t palette[12] = { 0 };
    bytes b = { 0 };

    (void)state;
    png_head(&b, 9, 9, 8, 3, 0);
    png_pixels(&b, 9, 9, 8);
    png_chunk(&b, "IEND", "", 0);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_PALETTE, "needs a palette");
    bytes_free(&b);

    png_head(&b, 9, 9, 8, 3, 0);
    png_chunk(&b, "PLTE", palette, 4);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_PALETTE, "4 bytes");
    bytes_free(&b);

    png_head(&b, 9, 9, 8, 0, 0);
    png_chunk(&b, "PLTE", palette, 3);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_PALETTE, "greyscale");
    bytes_free(&b);

    png_head(&b, 9, 9, 8, 2, 0);
    png_chunk(&b, "PLTE", palette, 3);
    png_chunk(&b, "PLTE", palette, 3);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_ORDER, "two palettes");
    b.data[33 + 8]++;
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_CHUNK_CRC, "PLTE");
    bytes_free(&b);

    png_head(&b, 9, 9, 8, 2, 0);
    png_chunk(&b, "IHDR", palette, 12);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_ORDER, "two headers");
    bytes_free(&b);

    png_head(&b, 9, 9, 8, 2, 0);
    png_chunk(&b, "QQqQ", palette, 12);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_CRITICAL, "QQqQ");
    bytes_free(&b);

    png_head(&b, 9, 9, 8, 2, 0);
    png_chunk(&b, "IEND", "", 0);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_NO_IDAT, "no pixels");
    bytes_free(&b);

    png_head(&b, 9, 9, 8, 2, 0);
    png_chunk(&b, "tE\x01t", "", 0);
    assert_refused(&b, ICECAT_IMAGE_REASON_PNG_CHUNK_TYPE, "74450174 at byte 37");
    bytes_free(&b);
}

static void names_the_chunk_that_a_truncated_file_ends_in(void **state)
{
    bytes b = { 0 };

    (void)state;
    png_head(&b, 96, 96, 8, 2, 0);
    bytes_add(&b, "\0\0\x20\0IDAT", 8);
    bytes_add_zeros(&b, 120);
    assert_refused(&b, ICECAT_IMAGE_REASON_TRUNCATED,
                   "chunk IDAT at byte 33 claims 8192 bytes but 120 are left");
    bytes_free(&b);
}

/* Lengths that made libpng 1.6.39 take 2 GiB. */
static void believes_no_hostile_length(void **state)
{
    static const char *const lengths[] = { "\x7f\xff\xff\xff", "\x7f\xff\xff\xf4",
                                           "\xff\xff\xff\xff", "\x80\x00\x00\x00" };
    static const char *const types[] = { "tEXt", "iCCP", "IDAT", "zTXt", "eXIf", "PLTE", "acTL" };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < 7; k++) {
            bytes b = { 0 };

            png_head(&b, 96, 96, 8, 2, 0);
            bytes_add(&b, lengths[i], 4);
            bytes_add(&b, types[k], 4);
            bytes_add_zeros(&b, 4);
            assert_refused(
                &b, i < 2 ? ICECAT_IMAGE_REASON_TRUNCATED : ICECAT_IMAGE_REASON_PNG_CHUNK_LENGTH,
                types[k]);
            bytes_free(&b);
        }
    }
}

static void finds_animation_transparency_and_orientation(void **state)
{
    icecat_image_info info;
    bytes b = { 0 }, exif = { 0 };

    (void)state;
    exif_block(&exif, 1, 6);
    png_head(&b, 96, 48, 8, 2, 0);
    png_chunk(&b, "acTL", "\0\0\0\2\0\0\0\0", 8);
    png_chunk(&b, "tRNS", "\0\1\0\2\0\3", 6);
    png_chunk(&b, "eXIf", exif.data, exif.len);
    png_pixels(&b, 96, 48, 24);
    png_chunk(&b, "IEND", "", 0);
    info = assert_sound(&b);
    assert_int_equal(info.animated, 1);
    assert_int_equal(info.has_alpha, 1);
    assert_int_equal(info.orientation, 6);
    assert_int_equal(info.width_px, 96);
    assert_int_equal(info.display_width_px, 48);
    assert_int_equal(info.display_height_px, 96);
    bytes_free(&exif);
    bytes_free(&b);
}

static void ignores_a_damaged_exif_chunk(void **state)
{
    bytes b = { 0 };

    (void)state;
    png_head(&b, 96, 48, 8, 2, 0);
    png_chunk(&b, "eXIf", "MM\0*\0\0\1\0\0\0", 10);
    png_pixels(&b, 96, 48, 24);
    png_chunk(&b, "IEND", "", 0);
    assert_int_equal(assert_sound(&b).warnings, ICECAT_IMAGE_WARN_EXIF_DAMAGED);
    bytes_free(&b);
}

static void counts_the_bytes_behind_the_end(void **state)
{
    /* The last two lie behind the region in which chunks are walked without need. */
    static const size_t sides[] = { 3, 3, 60, 60 };
    static const size_t extra[] = { 1, 70000, 1, 700000 };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        icecat_image_info info;
        bytes b = { 0 };

        png_whole(&b, (uint32_t)sides[i], (uint32_t)sides[i], 2);
        bytes_add_zeros(&b, extra[i]);
        info = assert_sound(&b);
        assert_int_equal(info.trailing_bytes, extra[i]);
        assert_int_equal(info.warnings, ICECAT_IMAGE_WARN_TRAILING_DATA);
        bytes_free(&b);
    }
}

static void refuses_a_large_file_without_its_end(void **state)
{
    bytes b = { 0 };

    (void)state;
    png_whole(&b, 100, 100, 2);
    b.len -= 1;
    assert_refused(&b, ICECAT_IMAGE_REASON_TRUNCATED, "end chunk");
    b.len -= 11;
    assert_refused(&b, ICECAT_IMAGE_REASON_TRUNCATED, "end chunk");
    b.len -= 9;
    assert_refused(&b, ICECAT_IMAGE_REASON_TRUNCATED, "chunk IDAT at byte 33 claims 30111 bytes");
    bytes_free(&b);
}

static void bounds_the_number_of_chunks(void **state)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_error err;
    bytes b = { 0 };

    (void)state;
    options.profile = ICECAT_PROFILE_ANY;
    png_head(&b, 9, 9, 8, 2, 0);
    for (int i = 0; i < 99; i++)
        png_chunk(&b, "tEXt", "a\0b", 3);
    png_pixels(&b, 9, 9, 24);
    png_chunk(&b, "IEND", "", 0);
    options.max_segments = 100;
    assert_int_equal(icecat_image_probe(b.data, b.len, &options, &info, &err), ICECAT_OK);
    options.max_segments = 99;
    assert_int_equal(icecat_image_probe(b.data, b.len, &options, &info, &err),
                     ICECAT_E_IMAGE_CORRUPT);
    assert_int_equal(info.reason, ICECAT_IMAGE_REASON_TOO_MANY_SEGMENTS);
    bytes_free(&b);
}

static void checks_every_checksum_on_request(void **state)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_error err;
    bytes b = { 0 };

    (void)state;
    options.profile = ICECAT_PROFILE_ANY;
    options.check_crc = 1;
    png_head(&b, 200, 200, 8, 2, 0);
    png_chunk(&b, "tEXt", "a\0b", 3);
    png_pixels(&b, 200, 200, 24);
    png_chunk(&b, "IEND", "", 0);
    assert_int_equal(icecat_image_probe(b.data, b.len, &options, &info, &err), ICECAT_OK);
    assert_int_equal(info.warnings, 0);

    b.data[33 + 8] ^= 1; /* in tEXt, which decoders may skip */
    for (size_t chunk = 1; chunk < 9000; chunk = chunk * 3 + 1) {
        assert_int_equal(probe_stream(b.data, b.len, chunk, 0, &options, &info, &err), ICECAT_OK);
        assert_int_equal(info.warnings, ICECAT_IMAGE_WARN_CHUNK_CRC);
    }

    b.data[90000] ^= 1; /* in IDAT */
    assert_int_equal(icecat_image_probe(b.data, b.len, &options, &info, &err),
                     ICECAT_E_IMAGE_CORRUPT);
    assert_int_equal(info.reason, ICECAT_IMAGE_REASON_PNG_CHUNK_CRC);
    assert_int_equal(info.fault_offset, 48);
    assert_int_equal(probe_stream(b.data, b.len, 1000, 1, &options, &info, &err),
                     ICECAT_E_IMAGE_CORRUPT);
    options.check_crc = 0;
    assert_int_equal(icecat_image_probe(b.data, b.len, &options, &info, &err), ICECAT_OK);
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_size_depth_and_colour),
        cmocka_unit_test(takes_exactly_the_fifteen_legal_depths),
        cmocka_unit_test(refuses_an_illegal_header),
        cmocka_unit_test(refuses_chunks_where_they_may_not_be),
        cmocka_unit_test(names_the_chunk_that_a_truncated_file_ends_in),
        cmocka_unit_test(believes_no_hostile_length),
        cmocka_unit_test(finds_animation_transparency_and_orientation),
        cmocka_unit_test(ignores_a_damaged_exif_chunk),
        cmocka_unit_test(counts_the_bytes_behind_the_end),
        cmocka_unit_test(refuses_a_large_file_without_its_end),
        cmocka_unit_test(bounds_the_number_of_chunks),
        cmocka_unit_test(checks_every_checksum_on_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
