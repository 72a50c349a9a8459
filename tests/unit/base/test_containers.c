/*
 * test_containers.c - buffers, pairs, options, errors and the small coders.
 */
#include "base/base64.h"
#include "base/buf.h"
#include "base/crc32.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/options.h"
#include "base/pairs.h"
#include "cmocka_all.h"

#include <string.h>

static void a_buffer_never_grows_over_its_maximum(void **state)
{
    ic_buf buf;

    (void)state;
    ic_buf_init(&buf, NULL, 10);
    assert_int_equal(ic_buf_add_text(&buf, "0123456789"), ICECAT_OK);
    assert_int_equal(ic_buf_add_char(&buf, 'x'), ICECAT_E_LIMIT);
    assert_string_equal(ic_buf_text(&buf), "0123456789");
    assert_int_equal(ic_buf_add(&buf, "", 0), ICECAT_E_LIMIT); /* a failure is remembered */
    ic_buf_reset(&buf);
    assert_int_equal(ic_buf_add_u64(&buf, UINT64_MAX), ICECAT_E_LIMIT);
    ic_buf_free(&buf);
}

static void fixed_memory_is_never_overrun(void **state)
{
    char memory[8] = "#######";
    ic_buf buf;

    (void)state;
    ic_buf_init_fixed(&buf, memory, 4);
    assert_int_equal(ic_buf_add_text(&buf, "abc"), ICECAT_OK);
    assert_int_equal(ic_buf_add_char(&buf, 'd'), ICECAT_E_LIMIT);
    assert_string_equal(memory, "abc");
    assert_int_equal(memory[4], '#');
}

static void pairs_are_bounded_and_found_by_any_case(void **state)
{
    ic_pairs pairs;

    (void)state;
    ic_pairs_init(&pairs, NULL, 2, 20);
    assert_int_equal(ic_pairs_add(&pairs, "Content-Type", "a/b"), ICECAT_OK);
    assert_string_equal(ic_pairs_get(&pairs, "content-type"), "a/b");
    assert_null(ic_pairs_get(&pairs, "content"));
    assert_int_equal(ic_pairs_add(&pairs, "x", "12345"), ICECAT_E_LIMIT); /* 15 bytes + 6 */
    assert_int_equal(ic_pairs_add(&pairs, "x", "1234"), ICECAT_OK);
    assert_int_equal(ic_pairs_add(&pairs, "", ""), ICECAT_E_LIMIT); /* two at most */
    ic_pairs_free(&pairs);
}

static void pairs_stay_whole_when_their_memory_moves(void **state)
{
    ic_pairs pairs;

    (void)state;
    ic_pairs_init(&pairs, NULL, 200, 100000);
    for (int round = 0; round < 2; round++) {
        ic_pairs_reset(&pairs);
        assert_int_equal(ic_pairs_add(&pairs, "first", "0123456789"), ICECAT_OK);
        while (pairs.count < 200) /* each is a copy of one that may be about to move */
            assert_int_equal(ic_pairs_add(&pairs, pairs.items[pairs.count - 1].name,
                                          pairs.items[pairs.count - 1].value),
                             ICECAT_OK);
        for (size_t i = 0; i < pairs.count; i++) {
            assert_string_equal(pairs.items[i].name, "first");
            assert_string_equal(pairs.items[i].value, "0123456789");
        }
        assert_int_equal(pairs.bytes, 200 * 15);
    }
    ic_pairs_free(&pairs);
}

typedef struct small {
    size_t struct_size;
    uint64_t a;
} small;

typedef struct large {
    size_t struct_size;
    uint64_t a;
    uint64_t b;
} large;

static void options_of_older_and_newer_callers_are_loaded(void **state)
{
    small old_caller = { sizeof(small), 7 };
    large new_caller = { sizeof(large), 7, 0 };
    large own_large;
    small own_small;
    icecat_error err;

    (void)state;
    assert_int_equal(IC_OPTIONS_LOAD(&own_large, &old_caller, large, &err), ICECAT_OK);
    assert_true(own_large.a == 7 && own_large.b == 0);
    assert_int_equal(IC_OPTIONS_LOAD(&own_small, &new_caller, small, &err), ICECAT_OK);
    new_caller.b = 1;
    assert_int_equal(IC_OPTIONS_LOAD(&own_small, &new_caller, small, &err), ICECAT_E_ARGUMENT);
    assert_non_null(strstr(err.message, "byte 16"));
    old_caller.struct_size = 0;
    assert_int_equal(IC_OPTIONS_LOAD(&own_small, &old_caller, small, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(IC_OPTIONS_LOAD(&own_small, NULL, small, &err), ICECAT_OK);
    assert_true(own_small.a == 0);
}

static void messages_are_one_line_and_cut_between_characters(void **state)
{
    icecat_error err;
    char text[1000];

    (void)state;
    ic_error_clear(&err);
    assert_int_equal(ic_fail(&err, ICECAT_E_FILE, "a\nb\x1b%s", "c"), ICECAT_E_FILE);
    assert_string_equal(err.message, "a b c");
    for (size_t i = 0; i + 1 < sizeof(text); i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    text[998] = '\0';
    for (int shift = 0; shift < 2; shift++) {
        ic_fail(&err, ICECAT_E_FILE, "%s%s", shift ? "x" : "", text);
        assert_int_equal((strlen(err.message) - (size_t)shift) % 2, 0);
        assert_true(strlen(err.message) >= sizeof(err.message) - 3);
    }
    ic_error_prefix(NULL, "x");
    ic_fail(&err, ICECAT_E_FILE, "cause");
    ic_error_prefix(&err, "after %d attempts", 3);
    assert_string_equal(err.message, "after 3 attempts: cause");
}

static void every_status_has_its_texts(void **state)
{
    (void)state;
    assert_string_equal(icecat_status_name(ICECAT_E_COLLISION), "ICECAT_E_COLLISION");
    assert_string_equal(icecat_status_name((icecat_status)9999), "ICECAT_E_UNKNOWN");
    assert_int_equal(icecat_status_exit_code((icecat_status)9999), 1);
    assert_int_equal(icecat_status_exit_code(ICECAT_OK), 0);
}

static void base64_follows_the_rfc(void **state)
{
    static const char *const plain[] = { "", "f", "fo", "foo", "foob", "fooba", "foobar" };
    static const char *const coded[] = { "",         "Zg==",     "Zm8=",    "Zm9v",
                                         "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
    static const char *const bad[] = { "Z", "Zg=", "Zg", "Zm9v!", "====", "Z===", "Zm 9" };
    ic_buf out;

    (void)state;
    ic_buf_init(&out, NULL, 100);
    for (size_t i = 0; i < 7; i++) {
        ic_buf_reset(&out);
        assert_int_equal(ic_base64_encode(&out, plain[i], strlen(plain[i])), ICECAT_OK);
        assert_string_equal(ic_buf_text(&out), coded[i]);
        ic_buf_reset(&out);
        assert_int_equal(ic_base64_decode(&out, ic_view_of(coded[i])), ICECAT_OK);
        assert_string_equal(ic_buf_text(&out), plain[i]);
    }
    for (size_t i = 0; i < 7; i++) {
        ic_buf_reset(&out);
        assert_int_equal(ic_base64_decode(&out, ic_view_of(bad[i])), ICECAT_E_PARSE);
    }
    ic_buf_free(&out);
}

static void checksums_agree_with_their_published_check_values(void **state)
{
    char hex[IC_SHA256_HEX_SIZE];

    (void)state;
    assert_int_equal(ic_crc32(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(ic_crc32(ic_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    assert_true(ic_sha256_hex("abc", 3, hex));
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(ic_sha256_hex_is_valid(hex));
    hex[0] = 'B';
    assert_false(ic_sha256_hex_is_valid(hex));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_never_grows_over_its_maximum),
        cmocka_unit_test(fixed_memory_is_never_overrun),
        cmocka_unit_test(pairs_are_bounded_and_found_by_any_case),
        cmocka_unit_test(pairs_stay_whole_when_their_memory_moves),
        cmocka_unit_test(options_of_older_and_newer_callers_are_loaded),
        cmocka_unit_test(messages_are_one_line_and_cut_between_characters),
        cmocka_unit_test(every_status_has_its_texts),
        cmocka_unit_test(base64_follows_the_rfc),
        cmocka_unit_test(checksums_agree_with_their_published_check_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
