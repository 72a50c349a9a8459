/*
 * test_limits.c - sound or not is one answer, inside the limits another: profiles, settings, strictness,
 * names of files, prefixes, and what is no image file at all.
 */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

typedef struct answer {
    icecat_status status;
    icecat_image_info info;
    icecat_error err;
} answer;

static answer ask(const bytes *b, const icecat_image_options *options)
{
    answer a = { .info = ICECAT_IMAGE_INFO_INIT };

    a.status = icecat_image_probe(b->data, b->len, options, &a.info, &a.err);
    return a;
}

static answer ask_file(const char *path, const icecat_image_options *options)
{
    answer a = { .info = ICECAT_IMAGE_INFO_INIT };

    a.status = icecat_image_probe_file(path, options, &a.info, &a.err);
    return a;
}

/* Outside the limits for this reason, and still described as what it is. */
static void assert_limit(const answer *a, uint32_t reason, const char *text)
{
    assert_int_equal(a->status, ICECAT_E_IMAGE_LIMIT);
    assert_string_equal(icecat_image_reason_name(a->info.reason), icecat_image_reason_name(reason));
    assert_int_equal(a->info.within_limits, 0);
    assert_int_equal(a->info.fault_offset, 0);
    assert_true(a->info.width_px != 0 && a->info.channels != 0);
    if (strstr(a->err.message, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", a->err.message, text);
}

static void eighty_pixels_are_enough(void **state)
{
    static const struct {
        uint32_t width, height;
        int is_enough;
    } cases[] = { { 80, 80, 1 }, { 79, 80, 0 }, { 80, 79, 0 }, { 10000, 80, 1 } };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        bytes b = { 0 };
        answer a;

        jpeg_whole(&b, cases[i].width, cases[i].height, 1, 0);
        a = ask(&b, NULL);
        if (cases[i].is_enough)
            assert_int_equal(a.status, ICECAT_OK);
        else
            assert_limit(&a, ICECAT_IMAGE_REASON_TOO_SMALL, "at least 80");
        bytes_free(&b);
    }
}

static void ten_thousand_pixels_are_the_most(void **state)
{
    bytes b = { 0 };
    answer a;

    (void)state;
    jpeg_whole(&b, 10001, 80, 1, 0);
    a = ask(&b, NULL);
    assert_limit(&a, ICECAT_IMAGE_REASON_TOO_LARGE, "10001 x 80");
    bytes_free(&b);
}

/* 5 MiB in a request, 15 MiB in S3, to the byte. What follows the end is only a warning. */
static void each_profile_has_its_bytes(void **state)
{
    static const struct {
        uint32_t profile;
        uint64_t most;
    } cases[] = { { ICECAT_PROFILE_REKOGNITION_BYTES, 5242880 },
                  { ICECAT_PROFILE_REKOGNITION_S3, 15728640 } };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
        bytes b = { 0 };
        const char *path;
        answer a;

        options.profile = cases[i].profile;
        png_whole(&b, 96, 96, 2);
        path = write_temporary(".png", b.data, b.len);
        assert_int_equal(truncate(path, (off_t)cases[i].most), 0);
        a = ask_file(path, &options);
        assert_int_equal(a.status, ICECAT_OK);
        assert_int_equal(a.info.warnings, ICECAT_IMAGE_WARN_TRAILING_DATA);
        assert_int_equal(truncate(path, (off_t)cases[i].most + 1), 0);
        a = ask_file(path, &options);
        assert_limit(&a, ICECAT_IMAGE_REASON_TOO_MANY_BYTES, "over the limit of");
        assert_int_equal(strstr(a.err.message, "S3") != NULL,
                         cases[i].profile == ICECAT_PROFILE_REKOGNITION_BYTES);
        options.profile = ICECAT_PROFILE_ANY;
        assert_int_equal(ask_file(path, &options).status, ICECAT_OK);
        unlink(path);
        bytes_free(&b);
    }
}

static void every_limit_can_be_set(void **state)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    bytes b = { 0 };
    answer a;

    (void)state;
    png_whole(&b, 100, 90, 2);
    options.min_side_px = 91;
    a = ask(&b, &options);
    assert_limit(&a, ICECAT_IMAGE_REASON_TOO_SMALL, "at least 91");
    options.min_side_px = 90;
    options.max_side_px = 99;
    a = ask(&b, &options);
    assert_limit(&a, ICECAT_IMAGE_REASON_TOO_LARGE, "at most 99");
    options.max_side_px = 100;
    options.max_pixels = 8999;
    a = ask(&b, &options);
    assert_limit(&a, ICECAT_IMAGE_REASON_TOO_MANY_PIXELS, "9000");
    options.max_pixels = 9000;
    options.max_bytes = b.len - 1;
    a = ask(&b, &options);
    assert_limit(&a, ICECAT_IMAGE_REASON_TOO_MANY_BYTES, "make it smaller");
    options.max_bytes = b.len;
    a = ask(&b, &options);
    assert_int_equal(a.status, ICECAT_OK);
    assert_int_equal(a.info.within_limits, 1);
    bytes_free(&b);
}

static void a_bomb_is_recognised_by_its_shape(void **state)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    bytes b = { 0 };
    size_t sof;
    answer a;

    (void)state;
    png_head(&b, 9000, 9000, 8, 6, 0);
    png_chunk(&b, "IDAT", "\x78\x01", 2);
    png_chunk(&b, "IEND", NULL, 0);
    a = ask(&b, NULL);
    assert_limit(&a, ICECAT_IMAGE_REASON_BOMB, "9000 x 9000 pixels in 59 bytes");
    options.profile = ICECAT_PROFILE_ANY; /* only soundness is asked for */
    assert_int_equal(ask(&b, &options).status, ICECAT_OK);
    bytes_free(&b);

    jpeg_whole(&b, 96, 96, 1, 0);
    sof = jpeg_find(&b, 0xc0);
    memcpy(b.data + sof + 5, "\x27\x10\x27\x10", 4); /* 10,000 x 10,000 */
    a = ask(&b, NULL);
    assert_limit(&a, ICECAT_IMAGE_REASON_BOMB, "10000 x 10000");
    bytes_free(&b);
}

/* A fault is named before a limit, because a smaller copy of a broken file is as broken. */
static void a_fault_comes_before_a_limit(void **state)
{
    bytes b = { 0 };
    answer a;

    (void)state;
    png_whole(&b, 9, 9, 2);
    b.len -= 12;
    a = ask(&b, NULL);
    assert_int_equal(a.status, ICECAT_E_IMAGE_CORRUPT);
    assert_int_equal(a.info.reason, ICECAT_IMAGE_REASON_TRUNCATED);
    bytes_free(&b);
}

static void strict_refuses_what_is_only_odd(void **state)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    bytes b = { 0 };
    answer a;

    (void)state;
    options.strict = 1;
    jpeg_whole(&b, 96, 96, 1, 0);
    assert_int_equal(ask(&b, &options).status, ICECAT_OK);
    bytes_add_zeros(&b, 5);
    a = ask(&b, &options);
    assert_int_equal(a.status, ICECAT_E_IMAGE_CORRUPT);
    assert_int_equal(a.info.reason, ICECAT_IMAGE_REASON_STRICT);
    assert_int_equal(a.info.fault_offset, b.len - 5);
    assert_string_equal(a.err.message, "strict: bytes follow the end of the image");
    options.strict = 0;
    a = ask(&b, &options);
    assert_int_equal(a.status, ICECAT_OK);
    assert_int_equal(a.info.trailing_bytes, 5);
    bytes_free(&b);
}

static void a_name_that_lies_is_a_warning(void **state)
{
    static const struct {
        const char *extension;
        int lies;
    } cases[] = { { ".png", 0 }, { ".PNG", 0 },  { ".apng", 0 }, { ".jpg", 1 }, { ".jpeg", 1 },
                  { "", 0 },     { ".data", 0 }, { ".webp", 1 }, { ".gif", 1 }, { ".heic", 1 } };
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    bytes b = { 0 };

    (void)state;
    png_whole(&b, 96, 96, 2);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *path = write_temporary(cases[i].extension, b.data, b.len);
        answer a;

        options.strict = 0;
        a = ask_file(path, &options);
        assert_int_equal(a.status, ICECAT_OK);
        assert_int_equal(a.info.warnings, cases[i].lies ? ICECAT_IMAGE_WARN_EXTENSION : 0);
        options.strict = 1;
        a = ask_file(path, &options);
        assert_int_equal(a.info.reason,
                         cases[i].lies ? ICECAT_IMAGE_REASON_EXTENSION : ICECAT_IMAGE_REASON_NONE);
        assert_int_equal(a.status, cases[i].lies ? ICECAT_E_IMAGE_FORMAT : ICECAT_OK);
        unlink(path);
    }
    bytes_free(&b);
}

static void a_prefix_is_judged_as_far_as_it_goes(void **state)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    bytes b = { 0 };
    size_t whole;
    answer a;

    (void)state;
    jpeg_whole(&b, 200, 100, 3, 0);
    whole = b.len;
    options.total_bytes = whole;
    b.len = whole - 10;
    a = ask(&b, &options);
    assert_int_equal(a.status, ICECAT_OK);
    assert_int_equal(a.info.warnings, ICECAT_IMAGE_WARN_TAIL_UNSEEN);
    assert_int_equal(a.info.within_limits, 1);
    assert_int_equal(a.info.size_bytes, whole);
    b.len = 30;
    a = ask(&b, &options);
    assert_int_equal(a.status, ICECAT_OK);
    assert_true((a.info.warnings & ICECAT_IMAGE_WARN_HEADER_UNSEEN) != 0);
    assert_int_equal(a.info.within_limits, 0);
    options.total_bytes = 6000000; /* known to be too large, whatever follows */
    a = ask(&b, &options);
    assert_int_equal(a.info.reason, ICECAT_IMAGE_REASON_TOO_MANY_BYTES);
    b.len = whole;
    bytes_free(&b);
}

static void what_is_no_file_is_said_so(void **state)
{
    char folder[] = "/tmp/icecat-limits-XXXXXX", path[64];
    answer a;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/it", folder);
    a = ask_file(path, NULL);
    assert_int_equal(a.status, ICECAT_E_FILE);
    assert_non_null(strstr(a.err.message, path));
    a = ask_file(folder, NULL);
    assert_int_equal(a.status, ICECAT_E_FILE);
    assert_non_null(strstr(a.err.message, "a folder"));
    assert_int_equal(mkfifo(path, 0600), 0); /* nobody writes, and nobody may wait for it */
    a = ask_file(path, NULL);
    assert_int_equal(a.status, ICECAT_E_FILE);
    assert_non_null(strstr(a.err.message, "a pipe"));
    unlink(path);
    rmdir(folder);
}

static void wrong_calls_are_refused(void **state)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_image_stream *stream = NULL;
    icecat_error err;
    uint32_t enough = 9;

    (void)state;
    assert_int_equal(icecat_image_probe("", 0, NULL, NULL, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_image_probe(NULL, 1, NULL, &info, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_image_probe(NULL, 0, NULL, &info, NULL), ICECAT_E_IMAGE_FORMAT);
    assert_int_equal(icecat_image_probe_file(NULL, NULL, &info, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_image_stream_new(NULL, NULL, &err), ICECAT_E_ARGUMENT);
    options.profile = 3;
    assert_int_equal(icecat_image_probe("", 0, &options, &info, &err), ICECAT_E_ARGUMENT);
    options.profile = ICECAT_PROFILE_ANY;
    options.total_bytes = 3;
    assert_int_equal(icecat_image_stream_new(&options, &stream, &err), ICECAT_OK);
    assert_int_equal(icecat_image_stream_feed(stream, "abcd", 4, NULL, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_image_stream_feed(stream, "\xff\xd8", 2, &enough, &err), ICECAT_OK);
    assert_int_equal(enough, 0);
    assert_int_equal(icecat_image_stream_finish(stream, 1, &info, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_image_stream_feed(stream, "x", 1, &enough, &err), ICECAT_OK);
    assert_int_equal(icecat_image_stream_finish(stream, 1, &info, &err), ICECAT_E_IMAGE_CORRUPT);
    assert_int_equal(icecat_image_stream_finish(stream, 1, &info, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_image_stream_feed(stream, "", 0, NULL, &err), ICECAT_E_ARGUMENT);
    icecat_image_stream_free(stream);
    icecat_image_stream_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eighty_pixels_are_enough),
        cmocka_unit_test(ten_thousand_pixels_are_the_most),
        cmocka_unit_test(each_profile_has_its_bytes),
        cmocka_unit_test(every_limit_can_be_set),
        cmocka_unit_test(a_bomb_is_recognised_by_its_shape),
        cmocka_unit_test(a_fault_comes_before_a_limit),
        cmocka_unit_test(strict_refuses_what_is_only_odd),
        cmocka_unit_test(a_name_that_lies_is_a_warning),
        cmocka_unit_test(a_prefix_is_judged_as_far_as_it_goes),
        cmocka_unit_test(what_is_no_file_is_said_so),
        cmocka_unit_test(wrong_calls_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
