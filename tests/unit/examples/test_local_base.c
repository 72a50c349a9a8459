/*
 * test_local_base.c - digests, encodings and dates of icecat-local.
 */
#include "cmocka_all.h"
#include "dates.h"
#include "digest.h"
#include "encoding.h"

#include <string.h>

static void checksums_have_their_known_values(void **state)
{
    static const struct {
        const char *name;
        const char *text;
    } known[] = { { "crc32", "y/Q5Jg==" },
                  { "CRC32C", "4waSgw==" },
                  { "crc64nvme", "rosUhgp5mIg=" },
                  { "sha1", "98O8HYCOBHMq32eZZczDTKeuNEE=" },
                  { "Sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=" },
                  { "MD5", "JfnnlDI7RTiF9RgfG2JNCw==" } };
    digest_kind kind;
    char text[DIGEST_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        assert_true(digest_find(known[i].name, &kind));
        assert_true(digest_text(kind, "123456789", 9, text));
        assert_string_equal(text, known[i].text);
        assert_true(digest_is_text(kind, text));
    }
    assert_false(digest_find("xxhash64", &kind));
    assert_true(digest_text(DIGEST_CRC32, NULL, 0, text));
    assert_string_equal(text, "AAAAAA==");
    assert_true(digest_text(DIGEST_SHA512, "", 0, text));
    assert_int_equal(strlen(text), DIGEST_TEXT_SIZE - 1);
    assert_true(digest_is_text(DIGEST_SHA512, text));
    assert_false(digest_is_text(DIGEST_CRC32, "AAAAAAA="));
    assert_false(digest_is_text(DIGEST_CRC32, "AAAAAB=="));
    assert_false(digest_is_text(DIGEST_CRC32, "AAAA*A=="));
    assert_false(digest_is_text(DIGEST_CRC32, "AAAAAA=="
                                              "AAAA"));
    assert_false(digest_is_text(DIGEST_SHA256, ""));
}

static void pieces_give_what_the_whole_gives(void **state)
{
    static const char text[] = "123456789";
    unsigned char whole[DIGEST_MAX];
    unsigned char pieces[DIGEST_MAX];

    (void)state;
    for (int kind = 0; kind < DIGEST_KINDS; kind++) {
        size_t len = digest_length((digest_kind)kind);
        digest *self = digest_new((digest_kind)kind);

        assert_non_null(self);
        assert_int_equal(digest_of((digest_kind)kind, text, 9, whole), len);
        for (size_t at = 0; at < 9; at += 3)
            assert_true(digest_add(self, text + at, 3));
        assert_int_equal(digest_end(self, pieces), len);
        assert_memory_equal(whole, pieces, len);
        digest_free(self);
    }
    assert_true(digest_is_crc(DIGEST_CRC64NVME));
    assert_false(digest_is_crc(DIGEST_MD5));
}

static void crc32_is_that_of_zlib(void **state)
{
    char hex[DIGEST_HEX_SIZE];

    (void)state;
    assert_int_equal(digest_crc32("123456789", 9), 0xcbf43926);
    assert_int_equal(digest_crc32(NULL, 0), 0);
    assert_true(digest_hex(DIGEST_CRC32, "123456789", 9, hex));
    assert_string_equal(hex, "cbf43926");
}

static void hexadecimal_is_strict(void **state)
{
    unsigned char bytes[2] = { 0 };
    char text[5];

    (void)state;
    assert_true(encoding_hex_read("0aff", bytes, 2));
    encoding_hex(bytes, 2, text);
    assert_string_equal(text, "0aff");
    assert_false(encoding_hex_read("0aFF", bytes, 2));
    assert_false(encoding_hex_read("0af", bytes, 2));
    assert_false(encoding_hex_read("0afff", bytes, 2));
    assert_false(encoding_hex_read("0ag0", bytes, 2));
    assert_int_equal(encoding_hex_byte("fE"), 0xfe);
    assert_int_equal(encoding_hex_byte("0"), -1);
    assert_int_equal(encoding_hex_byte(""), -1);
    assert_int_equal(encoding_hex_byte("-1"), -1);
}

static void base64_is_what_was_written(void **state)
{
    unsigned char bytes[4];
    char text[9];

    (void)state;
    encoding_base64((const unsigned char *)"a\xffz!", 4, text);
    assert_string_equal(text, "Yf96IQ==");
    assert_true(encoding_base64_read(text, bytes, 4));
    assert_memory_equal(bytes, "a\xffz!", 4);
    assert_false(encoding_base64_read("Yf96IR==", bytes, 4)); /* a stray bit */
    assert_false(encoding_base64_read("Yf96IQ==", bytes, 5));
    assert_false(encoding_base64_read("Yf96IQ= ", bytes, 4));
    assert_false(encoding_base64_read("", bytes, 4));
}

static void uuids_say_that_they_are_random(void **state)
{
    unsigned char bytes[16];
    char text[ENCODING_UUID_SIZE];

    (void)state;
    memset(bytes, 0xff, sizeof(bytes));
    encoding_uuid(bytes, text);
    assert_string_equal(text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

static void dates_have_their_forms(void **state)
{
    char text[DATES_SIZE];
    int64_t seconds = 0;

    (void)state;
    dates_http(784111777, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_true(dates_http_read(text, &seconds));
    assert_int_equal(seconds, 784111777);
    dates_iso(784111777, text);
    assert_string_equal(text, "1994-11-06T08:49:37.000Z");
    dates_iso_ms(784111777015, text);
    assert_string_equal(text, "1994-11-06T08:49:37.015Z");
    dates_basic(784111777, text);
    assert_string_equal(text, "19941106T084937Z");
    assert_false(dates_http_read("Sunday, 06-Nov-94 08:49:37 GMT", &seconds));
    assert_false(dates_http_read("Sun, 06 Nov 1994 08:49:37 GMTx", &seconds));
    assert_false(dates_http_read("Sun, 06 Nov 1994 24:49:37 GMT", &seconds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checksums_have_their_known_values),
        cmocka_unit_test(pieces_give_what_the_whole_gives),
        cmocka_unit_test(crc32_is_that_of_zlib),
        cmocka_unit_test(hexadecimal_is_strict),
        cmocka_unit_test(base64_is_what_was_written),
        cmocka_unit_test(uuids_say_that_they_are_random),
        cmocka_unit_test(dates_have_their_forms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
