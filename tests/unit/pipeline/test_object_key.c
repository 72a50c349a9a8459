/*
 * test_object_key.c - names of uploaded images: what is written, what is read, what is refused.
 *
 * "B11" and the like are the numbers of the predecessor's faults in docs/migration.md.
 */
#include "pipeline/object_key.h"

#include <icecat/pipeline.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FP   "0eaf1da24040970c6396ca59488ad7fa739ef7ab4ee1f757f180dade9adc43cf"
#define MID  "/stablecaps900/batch-1744377772/2025-04-11-13/"
#define GOOD FP MID "1744377772.jpg"

static void a_key_is_written_as_the_contract_says(void **state)
{
    ic_object_key key = { .fingerprint = FP,
                          .client_id = "stablecaps900",
                          .batch_id = 1744377772123456,
                          .hour = "2025-04-11-13",
                          .upload_ts = 1744377772,
                          .extension = IC_KEY_PNG,
                          .debug = 1 };
    ic_buf out;

    (void)state;
    ic_buf_init(&out, NULL, IC_OBJECT_KEY_MAX);
    assert_int_equal(ic_object_key_write(&out, &key), ICECAT_OK);
    assert_string_equal(out.data, FP
                        "/stablecaps900/batch-1744377772123456/2025-04-11-13/1744377772-debug.png");
    ic_buf_free(&out);
}

/* The example of the predecessor's README. */
static void the_python_clients_key_is_read(void **state)
{
    ic_object_key key;

    (void)state;
    assert_int_equal(ic_object_key_parse(FP MID "1744377772-debug.png", &key, NULL), ICECAT_OK);
    assert_string_equal(key.fingerprint, FP);
    assert_string_equal(key.client_id, "stablecaps900");
    assert_true(key.batch_id == 1744377772);
    assert_string_equal(key.hour, "2025-04-11-13");
    assert_true(key.upload_ts == 1744377772);
    assert_int_equal(key.extension, IC_KEY_PNG);
    assert_int_equal(key.debug, 1);
}

static void every_key_that_is_written_is_read_back(void **state)
{
    char text[IC_OBJECT_KEY_MAX + 1];
    char again[IC_OBJECT_KEY_MAX + 1];

    (void)state;
    for (int variant = 0; variant < 4; variant++) {
        ic_object_key key = { .fingerprint = FP, .batch_id = 9007199254740992 };
        ic_object_key read;
        ic_buf out;

        memset(key.client_id, 'c', IC_CLIENT_ID_MAX);
        key.upload_ts = 9999999999 - variant * 7000000;
        ic_time_hour(key.upload_ts, key.hour);
        key.extension = variant & 1 ? IC_KEY_PNG : IC_KEY_JPG;
        key.debug = variant >> 1;
        ic_buf_init_fixed(&out, text, sizeof(text));
        assert_int_equal(ic_object_key_write(&out, &key), ICECAT_OK);
        assert_int_equal(ic_object_key_parse(text, &read, NULL), ICECAT_OK);
        ic_buf_init_fixed(&out, again, sizeof(again));
        assert_int_equal(ic_object_key_write(&out, &read), ICECAT_OK);
        assert_string_equal(text, again);
    }
}

/* B11: the event's key is decoded before it comes here, so a blank is a blank. */
static void b11_a_client_id_with_a_blank_is_kept(void **state)
{
    ic_object_key key;

    (void)state;
    assert_int_equal(ic_object_key_parse(
                         FP "/my client/batch-1744377772/2025-04-11-13/1744377772.jpg", &key, NULL),
                     ICECAT_OK);
    assert_string_equal(key.client_id, "my client");
}

static void b13_debug_is_only_the_suffix_debug(void **state)
{
    ic_object_key key;

    (void)state;
    assert_int_equal(ic_object_key_parse(FP MID "a-b.png", &key, NULL), ICECAT_E_KEY);
    assert_int_equal(ic_object_key_parse(FP MID "1744377772-debug-x.png", &key, NULL),
                     ICECAT_E_KEY);
    assert_int_equal(ic_object_key_parse(FP MID "1744377772-x.png", &key, NULL), ICECAT_E_KEY);
    assert_int_equal(ic_object_key_parse(GOOD, &key, NULL), ICECAT_OK);
    assert_int_equal(key.debug, 0);
}

static void b14_b15_every_malformed_part_is_refused_and_named(void **state)
{
    static const struct {
        const char *text;
        const char *names;
    } cases[] = {
        { "", "fewer than 5" },
        { "//batch-//.", "fingerprint" },
        { FP, "fewer than 5" },
        { "x" GOOD, "fingerprint" },
        { "0EAF1DA24040970C6396CA59488AD7FA739EF7AB4EE1F757F180DADE9ADC43CF" MID "1744377772.jpg",
          "fingerprint" },
        { "0eaf" MID "1744377772.jpg", "fingerprint" },
        { FP "//batch-1744377772/2025-04-11-13/1744377772.jpg", "client id" },
        { FP "/../batch-1744377772/2025-04-11-13/1744377772.jpg", "client id" },
        { FP "/a\nb/batch-1744377772/2025-04-11-13/1744377772.jpg", "client id" },
        { FP "/12345678901234567890123456789012345678901234567890123456789012345/"
             "batch-1744377772/2025-04-11-13/1744377772.jpg",
          "client id" },
        { FP "/a/b/batch-1744377772/2025-04-11-13/1744377772.jpg", "more than 5" },
        { FP "/c/1744377772/2025-04-11-13/1744377772.jpg", "batch" },
        { FP "/c/batch-/2025-04-11-13/1744377772.jpg", "batch" },
        { FP "/c/batch-abcdefghij/2025-04-11-13/1744377772.jpg", "batch" },
        { FP "/c/batch-174437777/2025-04-11-13/1744377772.jpg", "batch" },
        { FP "/c/batch-0744377772/2025-04-11-13/1744377772.jpg", "batch" },
        { FP "/c/batch-9007199254740993/2025-04-11-13/1744377772.jpg", "batch" },
        { FP "/c/batch-17443777721234567/2025-04-11-13/1744377772.jpg", "batch" },
        { FP "/c/batch--744377772/2025-04-11-13/1744377772.jpg", "batch" },
        { FP "/c/batch-1744377772/2025-04-11/1744377772.jpg", "date" },
        { FP "/c/batch-1744377772/2025-02-30-13/1744377772.jpg", "date" },
        { FP "/c/batch-1744377772/2025-13-01-13/1744377772.jpg", "date" },
        { FP "/c/batch-1744377772/2025-04-11-24/1744377772.jpg", "date" },
        { FP "/c/batch-1744377772/2025-4-11-013/1744377772.jpg", "date" },
        { FP "/c/batch-1744377772/2025-04-11-1x/1744377772.jpg", "date" },
        { FP MID, "name" },
        { FP MID "a.jpg", "name" },
        { FP MID ".jpg", "name" },
        { FP MID "-debug.png", "name" },
        { FP MID "1744377772", "name" },
        { FP MID "1744377772.jpeg", "name" },
        { FP MID "1744377772.JPG", "name" },
        { FP MID "1744377772.jpg.png", "name" },
        { FP MID "174437777.jpg", "name" },
        { FP MID "17443777722.jpg", "name" },
        { FP MID "1744377772.5.jpg", "name" },
        { GOOD "/", "more than 5" },
        { "/" GOOD, "more than 5" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ic_object_key key = { .batch_id = 7 };
        icecat_error err;

        if (ic_object_key_parse(cases[i].text, &key, &err) != ICECAT_E_KEY ||
            strstr(err.message, cases[i].names) == NULL)
            fail_msg("case %zu: \"%s\" gave \"%s\"", i, cases[i].text, err.message);
        assert_true(key.batch_id == 7); /* untouched */
    }
}

static void client_ids_of_submitters_are_plain(void **state)
{
    (void)state;
    assert_true(ic_client_id_is_valid("stablecaps900"));
    assert_true(ic_client_id_is_valid("a.b_c-D"));
    assert_false(ic_client_id_is_valid(""));
    assert_false(ic_client_id_is_valid("."));
    assert_false(ic_client_id_is_valid(".."));
    assert_false(ic_client_id_is_valid("a/b"));
    assert_false(ic_client_id_is_valid("a b"));
    assert_false(ic_client_id_is_valid("caf\xc3\xa9"));
    assert_false(ic_client_id_is_valid("cam-debug"));
    assert_false(
        ic_client_id_is_valid("12345678901234567890123456789012345678901234567890123456789012345"));
}

static void batch_ids_are_read_with_and_without_their_prefix(void **state)
{
    icecat_error err;
    uint64_t id = 0;

    (void)state;
    assert_int_equal(icecat_batch_id_parse("batch-1744377772", &id, &err), ICECAT_OK);
    assert_true(id == 1744377772);
    assert_int_equal(icecat_batch_id_parse("1744377772123456", &id, &err), ICECAT_OK);
    assert_true(id == 1744377772123456);
    id = 5;
    assert_int_equal(icecat_batch_id_parse("batch-123", &id, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_id_parse("batch-batch-1744377772", &id, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_id_parse(" 1744377772", &id, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_id_parse("", &id, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_id_parse(NULL, &id, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_id_parse("1744377772", NULL, &err), ICECAT_E_ARGUMENT);
    assert_true(id == 5);
}

/* C6: ids of the predecessor were whole seconds, so that two clients shared them. */
static void c6_new_batch_ids_have_16_digits_and_differ(void **state)
{
    uint64_t ids[64];
    size_t equal = 0;

    (void)state;
    for (size_t i = 0; i < 64; i++) {
        char text[32];
        uint64_t again;

        ids[i] = icecat_batch_id_new();
        snprintf(text, sizeof(text), "%llu", (unsigned long long)ids[i]);
        assert_int_equal(strlen(text), 16);
        assert_int_equal(icecat_batch_id_parse(text, &again, NULL), ICECAT_OK);
        assert_true(again == ids[i]);
        assert_in_range(ids[i] / 1000000, (uint64_t)ic_time_unix_s() - 60,
                        (uint64_t)ic_time_unix_s());
        for (size_t k = 0; k < i; k++)
            equal += ids[k] == ids[i];
    }
    assert_in_range(equal, 0, 2); /* 64 of a million: one equal pair in 500 runs */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_written_as_the_contract_says),
        cmocka_unit_test(the_python_clients_key_is_read),
        cmocka_unit_test(every_key_that_is_written_is_read_back),
        cmocka_unit_test(b11_a_client_id_with_a_blank_is_kept),
        cmocka_unit_test(b13_debug_is_only_the_suffix_debug),
        cmocka_unit_test(b14_b15_every_malformed_part_is_refused_and_named),
        cmocka_unit_test(client_ids_of_submitters_are_plain),
        cmocka_unit_test(batch_ids_are_read_with_and_without_their_prefix),
        cmocka_unit_test(c6_new_batch_ids_have_16_digits_and_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
