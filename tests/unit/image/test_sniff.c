/*
 * test_sniff.c - what is no JPEG or PNG is called by its name, in one sentence that says what to do.
 */
#include "check.h"

#include <string.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

#define CASE(name, bytes, text)                                                                    \
    {                                                                                              \
        name, bytes, sizeof(bytes) - 1, text                                                       \
    }

static const struct {
    const char *name;
    const char *bytes;
    size_t len;
    const char *text;
} foreign[] = {
    CASE("webp", "RIFF\x24\0\0\0WEBPVP8 ", "WebP image"),
    CASE("gif", "GIF87a\1\0\1\0", "GIF image"),
    CASE("gif", "GIF89a\1\0\1\0", "GIF image"),
    CASE("bmp", "BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0", "BMP image"),
    CASE("tiff", "II*\0\x08\0\0\0", "TIFF image"),
    CASE("tiff", "MM\0*\0\0\0\x08", "TIFF image"),
    CASE("tiff", "II+\0\x08\0\0\0", "TIFF image"),
    CASE("heic",
         "\0\0\0\x18"
         "ftypheic\0\0\0\0mif1heic",
         "HEIC image"),
    CASE("heic",
         "\0\0\0\x18"
         "ftypmif1\0\0\0\0mif1heic",
         "HEIC image"),
    CASE("avif",
         "\0\0\0\x18"
         "ftypavif\0\0\0\0avifmif1",
         "AVIF image"),
    CASE("avif",
         "\0\0\0\x18"
         "ftypmif1\0\0\0\0mif1avif",
         "AVIF image"),
    CASE("mp4",
         "\0\0\0\x18"
         "ftypisom\0\0\2\0isomiso2",
         "take a still picture"),
    CASE("jpeg-xl", "\xff\x0a\x7f\xf8", "JPEG XL"),
    CASE("jpeg-xl", "\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    CASE("jpeg-2000", "\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    CASE("jpeg-2000", "\xff\x4f\xff\x51\0\x2f", "JPEG 2000"),
    CASE("ico", "\0\0\1\0\1\0\x10\x10", "Windows icon"),
    CASE("psd", "8BPS\0\1", "Photoshop"),
    CASE("mng", "\x8aMNG\r\n\x1a\n", "MNG"),
    CASE("jng", "\x8bJNG\r\n\x1a\n", "JNG"),
    CASE("pnm", "P6\n1 1\n255\n\0\0\0", "PNM"),
    CASE("pdf", "%PDF-1.4\n", "PDF document"),
    CASE("gzip", "\x1f\x8b\x08\0", "decompress it"),
    CASE("zip", "PK\3\4\x14\0", "extract the picture"),
    CASE("apple-double", "\0\5\x16\7\0\2\0\0", "AppleDouble"),
    CASE("html", "<!DOCTYPE html>\n<html>", "HTML page"),
    CASE("html", "\xef\xbb\xbf\r\n <HTML><body>", "HTML page"),
    CASE("xml", "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>", "as S3 answers"),
    CASE("xml", "<?xml version=\"1.0\"?><note/>", "XML document"),
    CASE("svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "SVG drawing"),
    CASE("json", "{\"error\":\"none\"}", "JSON text"),
    CASE("lfs-pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
         "git lfs pull"),
    CASE("base64", "/9j/4AAQSkZJRgABAQAAAQABAAD/", "base64"),
    CASE("base64", "iVBORw0KGgoAAAANSUhEUgAA", "base64"),
    CASE("base64", "data:image/png;base64,iVBO", "base64"),
    CASE("text", "ffd8ffe000104a46494600010100000100010000", "hexadecimal"),
    CASE("text", "a cat sat on a mat \xe2\x80\x93 \xc3\xa9\n", "text, not an image"),
    CASE("text", "\xff\xfeh\0i\0", "UTF-16"),
    CASE("unknown", "\1\2\3\4\5\6\7\x80\x90\xa0", "nor another image format"),
};

static void each_foreign_format_has_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        icecat_image_info info;
        icecat_error err;
        bytes b = { 0 };

        bytes_add(&b, foreign[i].bytes, foreign[i].len);
        assert_int_equal(probe_any(&b, &info, &err), ICECAT_E_IMAGE_FORMAT);
        assert_string_equal(icecat_image_format_name(info.format), foreign[i].name);
        assert_refused(&b,
                       strcmp(foreign[i].name, "unknown") == 0 ? ICECAT_IMAGE_REASON_UNKNOWN
                                                               : ICECAT_IMAGE_REASON_FOREIGN,
                       foreign[i].text);
        bytes_free(&b);
    }
}

static void damaged_beginnings_are_understood(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        uint32_t reason;
    } cases[] = {
        { "", 0, ICECAT_IMAGE_REASON_EMPTY },
        { "\xff", 1, ICECAT_IMAGE_REASON_TRUNCATED },
        { "\xff\xd8", 2, ICECAT_IMAGE_REASON_TRUNCATED },
        { "\xff\xd8\xff", 3, ICECAT_IMAGE_REASON_TRUNCATED },
        { "\x89PNG\r\n\x1a", 7, ICECAT_IMAGE_REASON_TRUNCATED },
        { "\x89PNG\r\n\x1a\n", 8, ICECAT_IMAGE_REASON_TRUNCATED },
        { "\x89PNG\n\x1a\n\0\0\0\rIHDR", 15, ICECAT_IMAGE_REASON_PNG_SIGNATURE },
        { "\xef\xbf\xbdPNG\r\n\x1a\n\0\0\0\rIHDR", 18, ICECAT_IMAGE_REASON_PNG_SIGNATURE },
        { "\xff\xd8 and so on", 12, ICECAT_IMAGE_REASON_JPEG_MARKER },
        { "\r\n\xff\xd8\xff\xe0", 6, ICECAT_IMAGE_REASON_JPEG_LEADING_JUNK },
        { "\xc3\xbf\xc3\x98\xc3\xbf\xc3\xa0", 8, ICECAT_IMAGE_REASON_TEXT_MANGLED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bytes b = { 0 };

        bytes_add(&b, cases[i].bytes, cases[i].len);
        assert_refused(&b, cases[i].reason, "");
        bytes_free(&b);
    }
}

/* Names stand in documents and scripts, so none may be missing or mean two things. */
static void every_value_has_one_name(void **state)
{
    (void)state;
    for (uint32_t i = 1; i <= ICECAT_IMAGE_PNM; i++) {
        assert_string_not_equal(icecat_image_format_name(i), "unknown");
        for (uint32_t k = 1; k < i; k++)
            assert_string_not_equal(icecat_image_format_name(i), icecat_image_format_name(k));
    }
    assert_string_equal(icecat_image_format_name(0), "unknown");
    assert_string_equal(icecat_image_format_name(9999), "unknown");
    assert_string_equal(icecat_image_content_type(ICECAT_IMAGE_JPEG), "image/jpeg");
    assert_string_equal(icecat_image_content_type(ICECAT_IMAGE_PNG), "image/png");
    assert_null(icecat_image_content_type(ICECAT_IMAGE_PDF));
    assert_null(icecat_image_content_type(9999));
    assert_string_equal(icecat_image_reason_name(0), "none");
    assert_string_equal(icecat_image_reason_name(9999), "unknown-reason");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_foreign_format_has_its_name),
        cmocka_unit_test(damaged_beginnings_are_understood),
        cmocka_unit_test(every_value_has_one_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
