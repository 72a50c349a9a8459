/*
 * test_sigv4_chunk.c - bodies in signed chunks: framing, lengths, refusals. The signatures that AWS
 * publishes are in test_sigv4_published.c.
 */
#include "cmocka_all.h"

#include <icecat/sigv4.h>
#include <string.h>

#define SEED "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"

static icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
static icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;

static int set_up(void **state)
{
    (void)state;
    keys.access_key_id = "AKIAIOSFODNN7EXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    options.keys = &keys;
    options.region = "us-east-1";
    options.service = "s3";
    options.unix_s = 1369353600;
    return 0;
}

static void expect_head(uint64_t len, const char *want)
{
    char head[ICECAT_SIGV4_CHUNK_HEAD_SIZE];
    size_t written = icecat_sigv4_chunk_head(len, SEED, head);

    assert_int_equal(written, strlen(want));
    assert_string_equal(head, want);
}

static void the_head_of_a_chunk_is_its_length_in_hex_and_the_signature(void **state)
{
    char head[ICECAT_SIGV4_CHUNK_HEAD_SIZE];

    (void)state;
    expect_head(65536, "10000;chunk-signature=" SEED "\r\n");
    expect_head(0, "0;chunk-signature=" SEED "\r\n");
    expect_head(UINT64_MAX, "ffffffffffffffff;chunk-signature=" SEED "\r\n");
    assert_int_equal(icecat_sigv4_chunk_head(1, "short", head), 0);
    assert_int_equal(icecat_sigv4_chunk_head(1, SEED, NULL), 0);
}

/* Written out chunk by chunk, the body is as long as was said. */
static uint64_t written_length(uint64_t len, uint64_t chunk_len)
{
    uint64_t total = 0;
    uint64_t left = len;
    uint64_t piece;

    do {
        char head[ICECAT_SIGV4_CHUNK_HEAD_SIZE];

        piece = left < chunk_len ? left : chunk_len;
        total += icecat_sigv4_chunk_head(piece, SEED, head) + piece + 2;
        left -= piece;
    } while (piece != 0);
    return total;
}

static void the_length_is_that_of_the_chunks_written_out(void **state)
{
    static const uint64_t lengths[] = { 0, 1, 15, 16, 8191, 8192, 8193, 65536, 66560, 1000000 };
    static const uint64_t chunks[] = { 1, 255, 256, 8192, 65536 };

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        for (size_t j = 0; j < sizeof(chunks) / sizeof(chunks[0]); j++) {
            if (lengths[i] / chunks[j] < 10000)
                assert_int_equal(icecat_sigv4_chunked_length(lengths[i], chunks[j], NULL, 0),
                                 written_length(lengths[i], chunks[j]));
        }
    }
}

static void a_trailer_adds_its_lines(void **state)
{
    const icecat_pair trailer = { "x-amz-checksum-crc32c", "sOO8/Q==" };
    const char *lines = "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:" SEED "\r\n";

    (void)state;
    assert_int_equal(icecat_sigv4_chunked_length(66560, 65536, &trailer, 1), 66824 + strlen(lines));
}

static void lengths_that_no_header_can_tell_are_refused(void **state)
{
    (void)state;
    assert_int_equal(icecat_sigv4_chunked_length(1, 0, NULL, 0), 0);
    assert_int_equal(icecat_sigv4_chunked_length(UINT64_MAX, 1, NULL, 0), 0);
    assert_int_equal(icecat_sigv4_chunked_length(UINT64_MAX, UINT64_MAX, NULL, 0), 0);
    assert_int_equal(icecat_sigv4_chunked_length(UINT64_MAX, UINT64_MAX / 4, NULL, 0), 0);
    assert_true(icecat_sigv4_chunked_length(5ull << 40, 65536, NULL, 0) > 5ull << 40);
}

static void every_part_of_a_chunk_counts(void **state)
{
    char first[ICECAT_SIGV4_SIGNATURE_SIZE];
    char other[ICECAT_SIGV4_SIGNATURE_SIZE];

    (void)state;
    assert_int_equal(icecat_sigv4_sign_chunk(&options, SEED, "abc", 3, first, NULL), ICECAT_OK);
    assert_int_equal(icecat_sigv4_sign_chunk(&options, SEED, "abd", 3, other, NULL), ICECAT_OK);
    assert_string_not_equal(first, other);
    assert_int_equal(icecat_sigv4_sign_chunk(&options, first, "abc", 3, other, NULL), ICECAT_OK);
    assert_string_not_equal(first, other);
    options.unix_s++;
    assert_int_equal(icecat_sigv4_sign_chunk(&options, SEED, "abc", 3, other, NULL), ICECAT_OK);
    options.unix_s--;
    assert_string_not_equal(first, other);
}

static void a_trailer_is_signed_whatever_its_case_and_order(void **state)
{
    const icecat_pair given[] = { { "X-Amz-B", " 2 " }, { "x-amz-a", "1" } };
    const icecat_pair sorted[] = { { "x-amz-a", "1" }, { "x-amz-b", "2" } };
    char first[ICECAT_SIGV4_SIGNATURE_SIZE];
    char second[ICECAT_SIGV4_SIGNATURE_SIZE];

    (void)state;
    assert_int_equal(icecat_sigv4_sign_trailer(&options, SEED, given, 2, first, NULL), ICECAT_OK);
    assert_int_equal(icecat_sigv4_sign_trailer(&options, SEED, sorted, 2, second, NULL), ICECAT_OK);
    assert_string_equal(first, second);
}

static void bad_arguments_are_refused(void **state)
{
    static icecat_pair many[101];
    static char long_value[9000];
    icecat_pair trailer = { "a", NULL };
    char out[ICECAT_SIGV4_SIGNATURE_SIZE];
    icecat_error err;

    (void)state;
    assert_int_equal(icecat_sigv4_sign_chunk(NULL, SEED, "", 0, out, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_sigv4_sign_chunk(&options, "x", "", 0, out, &err), ICECAT_E_ARGUMENT);
    assert_non_null(strstr(err.message, "64 lower-case hex digits"));
    assert_int_equal(icecat_sigv4_sign_chunk(&options, NULL, "", 0, out, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_sigv4_sign_chunk(&options, SEED, NULL, 1, out, &err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_sigv4_sign_chunk(&options, SEED, "", 0, NULL, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_sigv4_sign_trailer(&options, SEED, NULL, 0, out, &err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_sigv4_sign_trailer(&options, SEED, &trailer, 1, out, &err),
                     ICECAT_E_ARGUMENT);
    memset(long_value, 'v', sizeof(long_value) - 1);
    trailer.value = long_value;
    assert_int_equal(icecat_sigv4_sign_trailer(&options, SEED, &trailer, 1, out, &err),
                     ICECAT_E_LIMIT);
    for (size_t i = 0; i < 101; i++)
        many[i] = (icecat_pair){ "n", "v" };
    assert_int_equal(icecat_sigv4_sign_trailer(&options, SEED, many, 100, out, &err), ICECAT_OK);
    options.region = long_value;
    assert_int_equal(icecat_sigv4_sign_chunk(&options, SEED, "", 0, out, &err), ICECAT_E_LIMIT);
    options.region = "us-east-1";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_of_a_chunk_is_its_length_in_hex_and_the_signature),
        cmocka_unit_test(the_length_is_that_of_the_chunks_written_out),
        cmocka_unit_test(a_trailer_adds_its_lines),
        cmocka_unit_test(lengths_that_no_header_can_tell_are_refused),
        cmocka_unit_test(every_part_of_a_chunk_counts),
        cmocka_unit_test(a_trailer_is_signed_whatever_its_case_and_order),
        cmocka_unit_test(bad_arguments_are_refused),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
