/*
 * test_jpeg.c - the walk over JPEG: what it finds in sound ones, and each way to refuse.
 */
#include "check.h"

#include <string.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

static void reports_size_colour_and_process(void **state)
{
    static const struct {
        int components;
        unsigned flags;
        uint32_t model, progressive;
    } cases[] = { { 1, 0, ICECAT_COLOUR_GREY, 0 },
                  { 3, 0, ICECAT_COLOUR_YCBCR, 0 },
                  { 3, JPEG_PROGRESSIVE, ICECAT_COLOUR_YCBCR, 1 },
                  { 3, JPEG_NO_JFIF, ICECAT_COLOUR_YCBCR, 0 },
                  { 3, JPEG_ADOBE_RGB, ICECAT_COLOUR_RGB, 0 },
                  { 4, 0, ICECAT_COLOUR_CMYK, 0 },
                  { 4, JPEG_YCCK | JPEG_PROGRESSIVE, ICECAT_COLOUR_YCCK, 1 },
                  { 3, JPEG_RESTART, ICECAT_COLOUR_YCBCR, 0 } };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        icecat_image_info info;
        bytes b = { 0 };

        jpeg_whole(&b, 97, 13, cases[i].components, cases[i].flags);
        info = assert_sound(&b);
        assert_int_equal(info.format, ICECAT_IMAGE_JPEG);
        assert_int_equal(info.width_px, 97);
        assert_int_equal(info.height_px, 13);
        assert_int_equal(info.bit_depth, 8);
        assert_int_equal(info.channels, cases[i].components);
        assert_int_equal(info.colour_model, cases[i].model);
        assert_int_equal(info.progressive, cases[i].progressive);
        assert_int_equal(info.has_alpha, 0);
        assert_int_equal(info.warnings, 0);
        bytes_free(&b);
    }
}

static void refuses_what_decoders_do_not_read(void **state)
{
    bytes b = { 0 };
    size_t sof;

    (void)state;
    jpeg_whole(&b, 96, 96, 3, JPEG_ARITHMETIC);
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_ARITHMETIC, "Arithmetic");
    bytes_free(&b);

    jpeg_whole(&b, 96, 96, 3, 0);
    sof = jpeg_find(&b, 0xc0);
    for (uint8_t marker = 0xc3; marker <= 0xcf; marker++) {
        if (marker == 0xc4 || marker == 0xcc)
            continue;
        b.data[sof + 1] = marker;
        assert_refused(&b,
                       marker == 0xc9 || marker == 0xca ? ICECAT_IMAGE_REASON_JPEG_ARITHMETIC
                                                        : ICECAT_IMAGE_REASON_JPEG_PROCESS,
                       "convert it first");
    }
    b.data[sof + 1] = 0xf7;
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_PROCESS, "JPEG-LS");
    b.data[sof + 1] = 0xc0;
    b.data[sof + 4] = 12;
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_PRECISION, "12 bits");
    bytes_free(&b);
}

/* A sound JPEG with one byte of its frame changed; @p at counts from the marker. */
static void assert_frame_refused(size_t at, uint8_t value, uint32_t reason, const char *text)
{
    bytes b = { 0 };

    jpeg_whole(&b, 96, 96, 3, 0);
    b.data[jpeg_find(&b, 0xc0) + at] = value;
    assert_refused(&b, reason, text);
    bytes_free(&b);
}

static void refuses_an_illegal_frame(void **state)
{
    (void)state;
    assert_frame_refused(6, 0, ICECAT_IMAGE_REASON_ZERO_SIZE, "96 x 0");
    assert_frame_refused(8, 0, ICECAT_IMAGE_REASON_ZERO_SIZE, "0 x 96");
    assert_frame_refused(9, 2, ICECAT_IMAGE_REASON_JPEG_SOF, "2 components");
    assert_frame_refused(9, 0, ICECAT_IMAGE_REASON_JPEG_SOF, "0 components");
    assert_frame_refused(9, 255, ICECAT_IMAGE_REASON_JPEG_SOF, "255 components");
    assert_frame_refused(11, 0x01, ICECAT_IMAGE_REASON_JPEG_SAMPLING, "0 x 1");
    assert_frame_refused(11, 0x25, ICECAT_IMAGE_REASON_JPEG_SAMPLING, "2 x 5");
    assert_frame_refused(11, 0x44, ICECAT_IMAGE_REASON_JPEG_SAMPLING, "18 blocks");
    assert_frame_refused(12, 9, ICECAT_IMAGE_REASON_JPEG_SOF, "table 9");
    assert_frame_refused(12, 3, ICECAT_IMAGE_REASON_JPEG_NO_TABLE, "table 3");
    assert_frame_refused(13, 1, ICECAT_IMAGE_REASON_JPEG_SOF, "component 1 twice");
    assert_frame_refused(13, 9, ICECAT_IMAGE_REASON_JPEG_SOS, "component 2");
    assert_frame_refused(3, 3, ICECAT_IMAGE_REASON_JPEG_SOF, "only 1 bytes");
}

static void refuses_a_missing_or_doubled_part(void **state)
{
    static const uint8_t two[] = { 8, 0, 96, 0, 96, 2, 1, 0x11, 0, 2, 0x11, 0 };
    bytes b = { 0 }, frame = { 0 };
    size_t at;

    (void)state;
    jpeg_whole(&b, 96, 96, 3, 0);
    at = jpeg_find(&b, 0xdb);
    bytes_add(&frame, b.data + at, 69);
    bytes_remove(&b, at, 69);
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_NO_TABLE, "quantisation table 0");
    bytes_insert(&b, at, frame.data, frame.len);
    bytes_free(&frame);

    at = jpeg_find(&b, 0xc0);
    bytes_add(&frame, b.data + at, 19);
    bytes_insert(&b, at, frame.data, 19);
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_TWO_SOF, "two frame headers");
    bytes_remove(&b, at, 38);
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_NO_SOF, "SOF");
    jpeg_segment(&b, 0xc0, two, sizeof(two));
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_COMPONENTS, "2 components");
    bytes_free(&frame);
    bytes_free(&b);

    jpeg_whole(&b, 96, 96, 3, 0);
    at = jpeg_find(&b, 0xda);
    b.data[at + 1] = 0xd9;
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_NO_SOS, "SOS");
    b.data[at + 1] = 0xd8;
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_SECOND_SOI, "SOI");
    b.data[at + 1] = 0x3c;
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_MARKER, "ff3c");
    b.data[at + 1] = 0xda;
    b.data[at + 4] = 2;
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_SOS, "2 components");
    bytes_free(&b);
}

static void refuses_illegal_tables(void **state)
{
    uint8_t huff[17 + 257] = { 0 };
    uint8_t quant[65] = { 0x04 };
    bytes b = { 0 };

    (void)state;
    jpeg_whole(&b, 96, 96, 3, 0);
    jpeg_segment(&b, 0xdb, quant, sizeof(quant));
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_TABLE, "04 does not exist");
    b.data[6] = 0x10;
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_TABLE, "65 of 129");
    b.data[6] = 0;
    assert_sound(&b);
    bytes_remove(&b, 2, 69);

    huff[8] = 255;
    huff[9] = 2; /* 257 symbols */
    jpeg_segment(&b, 0xc4, huff, sizeof(huff));
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_TABLE, "do not fit");
    b.data[6 + 9] = 0;
    b.data[6 + 8] = 0;
    b.data[6 + 1] = 3; /* three codes of one bit */
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_TABLE, "do not fit");
    b.data[6] = 0x24;
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_TABLE, "24 does not exist");
    bytes_free(&b);
}

/* Arithmetic conditioning means nothing here, but libjpeg reads it wherever it stands. */
static void refuses_illegal_conditioning(void **state)
{
    static const uint8_t illegal[][4] = { { 32, 0x10 }, { 0, 0x01 }, { 16, 5, 31 } };
    bytes b = { 0 };

    (void)state;
    jpeg_whole(&b, 96, 96, 3, 0);
    jpeg_segment(&b, 0xcc, "\0\x10\x1f\xff", 4);
    assert_sound(&b);
    for (size_t i = 0; i < 3; i++) {
        bytes_remove(&b, 2, i == 0 ? 8 : 6);
        jpeg_segment(&b, 0xcc, illegal[i], i == 2 ? 3 : 2);
        assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_TABLE, "conditioning (DAC)");
    }
    bytes_remove(&b, 2, 7);
    jpeg_segment(&b, 0xcc, NULL, 66);
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_TABLE, "conditioning (DAC)");
    bytes_free(&b);
}

static void skips_stray_and_fill_bytes_but_not_for_ever(void **state)
{
    bytes b = { 0 };
    size_t at;

    (void)state;
    jpeg_whole(&b, 96, 96, 3, 0);
    at = jpeg_find(&b, 0xdb);
    bytes_insert(&b, at, "\xff\xff\xff", 3);
    assert_int_equal(assert_sound(&b).warnings, 0);
    bytes_insert(&b, at, "junk\xff\0", 6);
    assert_int_equal(assert_sound(&b).warnings, ICECAT_IMAGE_WARN_JUNK);
    bytes_insert(&b, at, NULL, 70000);
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_MARKER, "65536 stray bytes");
    memset(b.data + at, 0xff, 70000);
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_MARKER, "65536 stray bytes");
    bytes_free(&b);
}

static void believes_no_hostile_length(void **state)
{
    bytes b = { 0 };

    (void)state;
    jpeg_whole(&b, 96, 96, 3, 0);
    b.data[4] = 0xff;
    b.data[5] = 0xff;
    assert_refused(&b, ICECAT_IMAGE_REASON_TRUNCATED, "segment ffe0 at byte 2 claims 65535 bytes");
    b.data[4] = 0;
    b.data[5] = 1;
    assert_refused(&b, ICECAT_IMAGE_REASON_JPEG_SEGMENT, "length 1");
    bytes_free(&b);
}

static void finds_orientation_and_multiple_pictures(void **state)
{
    (void)state;
    for (uint16_t orientation = 0; orientation < 11; orientation++) {
        for (int big_endian = 0; big_endian < 2; big_endian++) {
            bytes b = { 0 }, exif = { 0 };
            icecat_image_info info;
            int legal = orientation >= 1 && orientation <= 8;

            bytes_add(&exif, "Exif\0\0", 6);
            exif_block(&exif, big_endian, orientation);
            jpeg_whole(&b, 96, 48, 3, 0);
            jpeg_segment(&b, 0xe1, exif.data, exif.len);
            jpeg_segment(&b, 0xe2, "MPF\0II*\0", 8);
            info = assert_sound(&b);
            assert_int_equal(info.orientation, legal ? orientation : 0);
            assert_int_equal(info.warnings, legal ? 0 : ICECAT_IMAGE_WARN_EXIF_DAMAGED);
            assert_int_equal(info.display_width_px, legal && orientation >= 5 ? 48 : 96);
            assert_int_equal(info.display_height_px, legal && orientation >= 5 ? 96 : 48);
            assert_int_equal(info.multi_picture, 1);
            bytes_free(&exif);
            bytes_free(&b);
        }
    }
}

static void takes_no_size_from_a_thumbnail(void **state)
{
    bytes b = { 0 }, exif = { 0 };

    (void)state;
    bytes_add(&exif, "Exif\0\0", 6);
    exif_block(&exif, 1, 1);
    jpeg_whole(&exif, 40, 30, 3, 0);
    jpeg_whole(&b, 96, 48, 3, 0);
    jpeg_segment(&b, 0xe1, exif.data, exif.len);
    assert_int_equal(assert_sound(&b).width_px, 96);

    b.len -= 2; /* the thumbnail's end is not the picture's */
    assert_refused(&b, ICECAT_IMAGE_REASON_TRUNCATED, "end marker");
    bytes_free(&exif);
    bytes_free(&b);
}

static void reads_an_exif_directory_at_the_end_of_its_block(void **state)
{
    bytes b = { 0 }, exif = { 0 };

    (void)state;
    bytes_add(&exif, "Exif\0\0", 6);
    exif_block(&exif, 1, 8);
    bytes_insert(&exif, 6 + 8, NULL, 30000);
    exif.data[6 + 6] = 30008 >> 8;
    exif.data[6 + 7] = 30008 & 0xff;
    jpeg_whole(&b, 96, 48, 3, 0);
    jpeg_segment(&b, 0xe1, exif.data, exif.len);
    assert_int_equal(assert_sound(&b).orientation, 8);
    bytes_free(&exif);
    bytes_free(&b);
}

static void accepts_a_header_of_a_megabyte(void **state)
{
    bytes b = { 0 };
    uint8_t profile[60000] = { 'I', 'C', 'C' };

    (void)state;
    jpeg_whole(&b, 96, 96, 3, 0);
    for (int i = 0; i < 18; i++)
        jpeg_segment(&b, 0xe2, profile, sizeof(profile));
    assert_int_equal(assert_sound(&b).width_px, 96);
    bytes_free(&b);
}

static void counts_the_bytes_behind_the_end(void **state)
{
    /* Beyond 64 kB, the first end marker of the scan counts instead of the last of the file. */
    static const size_t extra[] = { 1, 2, 512, 65534, 65535, 65536, 65537, 66000, 300000 };

    (void)state;
    for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]); i++) {
        bytes b = { 0 };
        icecat_image_info info;

        jpeg_whole(&b, 300, 200, 3, 0);
        bytes_add_zeros(&b, extra[i]);
        info = assert_sound(&b);
        assert_int_equal(info.trailing_bytes, extra[i]);
        assert_int_equal(info.warnings, ICECAT_IMAGE_WARN_TRAILING_DATA);
        bytes_free(&b);
    }
}

static void bounds_the_number_of_segments(void **state)
{
    bytes b = { 0 };

    (void)state;
    jpeg_whole(&b, 96, 96, 3, 0);
    bytes_insert(&b, 2, NULL, 65537 * 4);
    for (size_t i = 0; i < 65537; i++)
        memcpy(b.data + 2 + i * 4, "\xff\xfe\0\2", 4);
    assert_refused(&b, ICECAT_IMAGE_REASON_TOO_MANY_SEGMENTS, "65536 segments");
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_size_colour_and_process),
        cmocka_unit_test(refuses_what_decoders_do_not_read),
        cmocka_unit_test(refuses_an_illegal_frame),
        cmocka_unit_test(refuses_a_missing_or_doubled_part),
        cmocka_unit_test(refuses_illegal_tables),
        cmocka_unit_test(refuses_illegal_conditioning),
        cmocka_unit_test(skips_stray_and_fill_bytes_but_not_for_ever),
        cmocka_unit_test(believes_no_hostile_length),
        cmocka_unit_test(finds_orientation_and_multiple_pictures),
        cmocka_unit_test(takes_no_size_from_a_thumbnail),
        cmocka_unit_test(reads_an_exif_directory_at_the_end_of_its_block),
        cmocka_unit_test(accepts_a_header_of_a_megabyte),
        cmocka_unit_test(counts_the_bytes_behind_the_end),
        cmocka_unit_test(bounds_the_number_of_segments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
