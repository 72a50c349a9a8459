/*
 * test_hasher.c - both ways to hash give the same, which is also what libcrypto's own functions give.
 */
#include "base/hasher.h"
#include "cmocka_all.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

static unsigned char text[300];

static void compare(ic_hasher *hasher, size_t key_len, size_t len)
{
    unsigned char want[IC_SHA256_LEN];
    unsigned char got[IC_SHA256_LEN];

    assert_true(ic_sha256(text, len, want));
    assert_true(ic_hasher_sha256(hasher, text, len, got));
    assert_memory_equal(got, want, sizeof(want));
    assert_non_null(HMAC(EVP_sha256(), text + 1, (int)key_len, text, len, want, NULL));
    assert_true(ic_hasher_hmac(hasher, text + 1, key_len, text, len, got));
    assert_memory_equal(got, want, sizeof(want));
}

static void every_length_agrees(ic_hasher *hasher)
{
    static const size_t key_lengths[] = { 0, 1, 32, 63, 64, 65, 128, 200 };

    for (size_t len = 0; len < sizeof(text); len++)
        compare(hasher, key_lengths[len % 8], len);
    ic_hasher_free(hasher);
}

static void the_default_hasher_agrees_with_libcrypto(void **state)
{
    ic_hasher hasher;

    (void)state;
    assert_true(ic_hasher_init(&hasher));
    every_length_agrees(&hasher);
}

static void the_provider_s_hasher_agrees_with_libcrypto(void **state)
{
    ic_hasher hasher;

    (void)state;
    assert_true(ic_hasher_init_provider(&hasher));
    every_length_agrees(&hasher);
}

static void an_hmac_may_be_written_over_its_key(void **state)
{
    unsigned char apart[IC_SHA256_LEN];
    unsigned char same[IC_SHA256_LEN];
    ic_hasher hasher;

    (void)state;
    memcpy(same, text, sizeof(same));
    assert_true(ic_hasher_init(&hasher));
    assert_true(ic_hasher_hmac(&hasher, text, sizeof(same), "x", 1, apart));
    assert_true(ic_hasher_hmac(&hasher, same, sizeof(same), "x", 1, same));
    assert_memory_equal(same, apart, sizeof(apart));
    ic_hasher_free(&hasher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_hasher_agrees_with_libcrypto),
        cmocka_unit_test(the_provider_s_hasher_agrees_with_libcrypto),
        cmocka_unit_test(an_hmac_may_be_written_over_its_key),
    };

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (unsigned char)(i * 7 + 3);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
