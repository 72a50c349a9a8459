/*
 * test_sigv4_cache.c - signatures with kept keys: the same, without allocations, from many threads.
 */
#include "aws/sigv4_cache.h"
#include "cmocka_all.h"
#include "count_crypto.h"

#include <icecat/sigv4.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define MAY_24 1369353600
#define A_DAY  86400

static const icecat_pair headers[] = {
    { "host", "cat-pictures.s3.us-east-1.amazonaws.com" },
    { "content-type", "image/jpeg" },
    { "x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072" },
    { "x-amz-meta-original-file-name", "siberian%20kitten.jpg" }
};

typedef struct signing {
    icecat_credentials_keys keys;
    icecat_sigv4_request request;
    icecat_sigv4_options options;
    icecat_sigv4_result result;
    char scratch[8192];
} signing;

static void begin(signing *s, icecat_sigv4_cache *cache)
{
    memset(s, 0, sizeof(*s));
    s->keys.struct_size = sizeof(s->keys);
    s->keys.access_key_id = "AKIAIOSFODNN7EXAMPLE";
    s->keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    s->request.struct_size = sizeof(s->request);
    s->request.method = "PUT";
    s->request.path = "/0eaf1da24040b4c3f2a1d098/desk/batch-1744377772123456/1744377772.jpg";
    s->request.headers = headers;
    s->request.headers_count = sizeof(headers) / sizeof(headers[0]);
    s->request.payload_hash = headers[2].value;
    s->options.struct_size = sizeof(s->options);
    s->options.keys = &s->keys;
    s->options.region = "us-east-1";
    s->options.service = "s3";
    s->options.unix_s = MAY_24;
    s->options.cache = cache;
    s->result.struct_size = sizeof(s->result);
}

static void sign(signing *s)
{
    icecat_error err;

    if (icecat_sigv4_sign(&s->request, &s->options, s->scratch, sizeof(s->scratch), &s->result,
                          &err) != ICECAT_OK)
        fail_msg("%s", err.message);
}

/* Blocks that a signature costs more than one with a kept key. */
static size_t derivation_blocks(signing *s)
{
    size_t before = counted.blocks;
    size_t needed;

    sign(s);
    needed = count_needed(strlen(s->result.canonical_request), strlen(s->result.string_to_sign));
    return counted.blocks - before - needed - 2; /* the two pads of the last HMAC */
}

static icecat_sigv4_cache *new_cache(void)
{
    icecat_sigv4_cache *cache;

    assert_int_equal(icecat_sigv4_cache_new(NULL, &cache, NULL), ICECAT_OK);
    return cache;
}

static void a_warm_signature_allocates_nothing_and_hashes_little(void **state)
{
    icecat_sigv4_cache *cache = new_cache();
    crypto_counts before;
    size_t needed;
    signing s;

    (void)state;
    begin(&s, cache);
    sign(&s);
    before = counted;
    for (int i = 0; i < 100; i++)
        sign(&s);
    needed = count_needed(strlen(s.result.canonical_request), strlen(s.result.string_to_sign));
    assert_int_equal(counted.allocations - before.allocations, 0);
    assert_int_equal(counted.blocks - before.blocks, 100 * (needed + 2));
    assert_true(needed + 2 <= 2 * needed);
    icecat_sigv4_cache_free(cache);
}

static void a_kept_key_gives_the_same_signature(void **state)
{
    icecat_sigv4_cache *cache = new_cache();
    static const char *const regions[] = { "us-east-1", "eu-west-1" };
    static const char *const services[] = { "s3", "dynamodb" };
    static const char *const secrets[] = { "secret-a", "secret-b", "secret-" };

    (void)state;
    for (unsigned i = 0; i < 48; i++) {
        signing kept;
        signing fresh;

        begin(&kept, cache);
        kept.options.region = regions[i % 2];
        kept.options.service = services[i / 2 % 2];
        kept.options.unix_s = MAY_24 + (int64_t)(i / 4 % 2) * A_DAY;
        kept.keys.secret_access_key = secrets[i % 3];
        fresh = kept;
        fresh.options.keys = &fresh.keys;
        fresh.options.cache = NULL;
        kept.options.keys = &kept.keys;
        sign(&kept);
        sign(&fresh);
        assert_string_equal(kept.result.authorization, fresh.result.authorization);
    }
    icecat_sigv4_cache_free(cache);
}

static void only_another_secret_day_region_or_service_derives_again(void **state)
{
    icecat_sigv4_cache *cache = new_cache();
    signing s;

    (void)state;
    begin(&s, cache);
    assert_true(derivation_blocks(&s) >= 16);
    s.options.unix_s += A_DAY - 1;
    s.keys.access_key_id = "AKIDOTHER"; /* not part of the key */
    assert_int_equal(derivation_blocks(&s), 0);
    s.options.region = "eu-west-1";
    assert_true(derivation_blocks(&s) >= 16);
    assert_int_equal(derivation_blocks(&s), 0);
    s.options.service = "ssm";
    assert_true(derivation_blocks(&s) >= 16);
    s.keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEz";
    assert_true(derivation_blocks(&s) >= 16);
    assert_int_equal(derivation_blocks(&s), 0);
    icecat_sigv4_cache_free(cache);
}

/* Midnight ends all keys of the day, not only those that are asked for. */
static void keys_of_earlier_days_are_dropped(void **state)
{
    icecat_sigv4_cache *cache = new_cache();
    signing other;
    signing s;

    (void)state;
    begin(&other, cache);
    other.options.region = "eu-west-1";
    sign(&other);
    begin(&s, cache);
    sign(&s);
    s.options.unix_s += A_DAY;
    assert_true(derivation_blocks(&s) >= 16);
    assert_true(derivation_blocks(&other) >= 16);
    icecat_sigv4_cache_free(cache);
}

static void the_key_not_used_for_longest_makes_room(void **state)
{
    icecat_sigv4_cache *cache = new_cache();
    char regions[17][8];
    signing s;

    (void)state;
    for (int i = 0; i < 17; i++)
        snprintf(regions[i], sizeof(regions[i]), "r-%d", i);
    begin(&s, cache);
    for (int i = 0; i < 16; i++) {
        s.options.region = regions[i];
        sign(&s);
    }
    s.options.region = regions[0];
    assert_int_equal(derivation_blocks(&s), 0);
    s.options.region = regions[16];
    sign(&s);
    s.options.region = regions[0];
    assert_int_equal(derivation_blocks(&s), 0);
    s.options.region = regions[1];
    assert_true(derivation_blocks(&s) >= 16);
    icecat_sigv4_cache_free(cache);
}

static void texts_longer_than_those_of_aws_are_not_kept_but_signed(void **state)
{
    icecat_sigv4_cache *cache = new_cache();
    char secret[300];
    signing s;

    (void)state;
    memset(secret, 's', sizeof(secret) - 1);
    secret[sizeof(secret) - 1] = '\0';
    begin(&s, cache);
    s.keys.secret_access_key = secret;
    assert_true(derivation_blocks(&s) >= 16);
    assert_true(derivation_blocks(&s) >= 16);
    icecat_sigv4_cache_free(cache);
}

#define THREADS 8

static char wanted[2][ICECAT_SIGV4_SIGNATURE_SIZE];

static void *sign_many(void *userdata)
{
    signing s;
    size_t wrong = 0;

    for (int i = 0; i < 300; i++) {
        icecat_status status;

        begin(&s, userdata);
        s.options.region = i % 2 == 0 ? "us-east-1" : "eu-west-1";
        status = icecat_sigv4_sign(&s.request, &s.options, s.scratch, sizeof(s.scratch), &s.result,
                                   NULL);
        wrong += status != ICECAT_OK || strcmp(s.result.signature, wanted[i % 2]) != 0;
    }
    return wrong != 0 ? userdata : NULL;
}

static void many_threads_share_a_cache(void **state)
{
    icecat_sigv4_cache *cache = new_cache();
    pthread_t threads[THREADS];
    signing s;

    (void)state;
    for (int i = 0; i < 2; i++) {
        begin(&s, NULL);
        s.options.region = i % 2 == 0 ? "us-east-1" : "eu-west-1";
        sign(&s);
        strcpy(wanted[i], s.result.signature);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, sign_many, cache), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong = NULL;

        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    icecat_sigv4_cache_free(cache);
}

static void bad_arguments_are_refused(void **state)
{
    icecat_error err;

    (void)state;
    assert_int_equal(icecat_sigv4_cache_new(NULL, NULL, &err), ICECAT_E_ARGUMENT);
    icecat_sigv4_cache_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_warm_signature_allocates_nothing_and_hashes_little),
        cmocka_unit_test(a_kept_key_gives_the_same_signature),
        cmocka_unit_test(only_another_secret_day_region_or_service_derives_again),
        cmocka_unit_test(keys_of_earlier_days_are_dropped),
        cmocka_unit_test(the_key_not_used_for_longest_makes_room),
        cmocka_unit_test(texts_longer_than_those_of_aws_are_not_kept_but_signed),
        cmocka_unit_test(many_threads_share_a_cache),
        cmocka_unit_test(bad_arguments_are_refused),
    };

    if (!count_crypto_begin())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
