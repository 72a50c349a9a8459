/*
 * test_sigv4.c - signing: examples that AWS publishes for S3, and cases that its suite leaves out.
 */
#include "aws/sigv4.h"
#include "cmocka_all.h"

#include <icecat/sigv4.h>
#include <string.h>

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static char scratch[65536];

typedef struct signing {
    icecat_credentials_keys keys;
    icecat_sigv4_request request;
    icecat_sigv4_options options;
    icecat_sigv4_result result;
    icecat_error err;
} signing;

/* The setting of the examples in "Authenticating requests", Amazon S3 API Reference. */
static void begin(signing *s, const icecat_pair *headers, size_t count)
{
    memset(s, 0, sizeof(*s));
    s->keys.struct_size = sizeof(s->keys);
    s->keys.access_key_id = "AKIAIOSFODNN7EXAMPLE";
    s->keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    s->request.struct_size = sizeof(s->request);
    s->request.method = "GET";
    s->request.path = "/";
    s->request.headers = headers;
    s->request.headers_count = count;
    s->options.struct_size = sizeof(s->options);
    s->options.keys = &s->keys;
    s->options.region = "us-east-1";
    s->options.service = "s3";
    s->options.unix_s = 1369353600; /* 20130524T000000Z */
    s->result.struct_size = sizeof(s->result);
}

static icecat_status sign(signing *s)
{
    return icecat_sigv4_sign(&s->request, &s->options, scratch, sizeof(scratch), &s->result,
                             &s->err);
}

static void a_ranged_get_matches_the_published_signature(void **state)
{
    const icecat_pair headers[] = { { "Host", "examplebucket.s3.amazonaws.com" },
                                    { "Range", "bytes=0-9" },
                                    { "x-amz-content-sha256", EMPTY } };
    signing s;

    (void)state;
    begin(&s, headers, 3);
    s.request.path = "/test.txt";
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.signature,
                        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    assert_string_equal(s.result.signed_headers, "host;range;x-amz-content-sha256;x-amz-date");
}

static void a_put_with_a_dollar_in_its_key_matches_the_published_signature(void **state)
{
    const icecat_pair headers[] = {
        { "date", "Fri, 24 May 2013 00:00:00 GMT" },
        { "host", "examplebucket.s3.amazonaws.com" },
        { "x-amz-storage-class", "REDUCED_REDUNDANCY" },
        { "x-amz-content-sha256",
          "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072" }
    };
    signing s;

    (void)state;
    begin(&s, headers, 4);
    s.request.method = "PUT";
    s.request.path = "/test%24file.text";
    s.request.payload_hash = headers[3].value;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.signature,
                        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

static void a_query_without_values_matches_the_published_signature(void **state)
{
    const icecat_pair headers[] = { { "host", "examplebucket.s3.amazonaws.com" },
                                    { "x-amz-content-sha256", EMPTY } };
    signing s;

    (void)state;
    begin(&s, headers, 2);
    s.request.query = "lifecycle";
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.signature,
                        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

static void a_presigned_get_matches_the_published_signature(void **state)
{
    const icecat_pair headers[] = { { "host", "examplebucket.s3.amazonaws.com" } };
    signing s;

    (void)state;
    begin(&s, headers, 1);
    s.request.path = "/test.txt";
    s.request.payload_hash = ICECAT_SIGV4_UNSIGNED_PAYLOAD;
    s.options.expires_s = 86400;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.signature,
                        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    assert_null(s.result.authorization);
    assert_non_null(strstr(s.result.query, "X-Amz-Expires=86400"));
}

static void the_signing_key_matches_the_published_example(void **state)
{
    unsigned char key[IC_SHA256_LEN];
    char hex[IC_SHA256_HEX_SIZE];

    (void)state;
    assert_true(ic_sigv4_signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830",
                                     "us-east-1", "iam", key));
    ic_hex(key, sizeof(key), hex);
    assert_string_equal(hex, "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

static void canonical_forms_that_the_suite_leaves_out(void **state)
{
    const icecat_pair headers[] = { { "Host", "[::1]:9000" },        { "x-empty", "" },
                                    { "X-Twice", " b  \"a   c\" " }, { "x-twice", "a" },
                                    { "User-Agent", "not signed" },  { "Expect", "100-continue" } };
    signing s;

    (void)state;
    begin(&s, headers, 6);
    s.request.path = "/a//b/../c%20d/./e%2Bf";
    s.request.query = "b=2&a=%7e&b=1&a+b=x+y&%61=%20&empty=&bare&a-b=1";
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.canonical_request,
                        "GET\n/a//b/../c%20d/./e%2Bf\n"
                        "a=%20&a=~&a%2Bb=x%2By&a-b=1&b=1&b=2&bare=&empty=\n"
                        "host:[::1]:9000\nx-amz-date:20130524T000000Z\nx-empty:\n"
                        "x-twice:b \"a c\",a\n\nhost;x-amz-date;x-empty;x-twice\n" EMPTY);
    s.options.service = "execute-api";
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_non_null(strstr(s.result.canonical_request, "GET\n/a/c%2520d/e%252Bf\n"));
}

static void a_session_token_of_8_kb_is_signed(void **state)
{
    static char token[8193];
    const icecat_pair headers[] = { { "host", "h" } };
    signing s;

    (void)state;
    memset(token, 'T', 8192);
    begin(&s, headers, 1);
    s.keys.session_token = token;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.signed_headers, "host;x-amz-date;x-amz-security-token");
    s.options.expires_s = 1;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_non_null(strstr(s.result.query, "X-Amz-Security-Token=TTTT"));
}

static void too_little_scratch_is_an_error_at_every_size(void **state)
{
    const icecat_pair headers[] = { { "host", "examplebucket.s3.amazonaws.com" } };
    size_t size = 0;
    icecat_status status;
    signing s;

    (void)state;
    begin(&s, headers, 1);
    s.request.query = "list-type=2&prefix=J";
    do {
        status = icecat_sigv4_sign(&s.request, &s.options, scratch, size, &s.result, &s.err);
        assert_true(status == ICECAT_OK || status == ICECAT_E_LIMIT);
        size++;
    } while (status != ICECAT_OK);
    assert_true(size > 500 && size < 4096);
}

static void bad_arguments_are_refused(void **state)
{
    const icecat_pair headers[] = { { "host", "h" } };
    const icecat_pair no_host[] = { { "x-amz-date", "20130524T000000Z" } };
    signing s;

    (void)state;
    begin(&s, headers, 1);
    s.options.expires_s = 604801;
    assert_int_equal(sign(&s), ICECAT_E_ARGUMENT);
    assert_non_null(strstr(s.err.message, "604801"));
    begin(&s, no_host, 1);
    assert_int_equal(sign(&s), ICECAT_E_ARGUMENT);
    begin(&s, headers, 1);
    s.request.path = "/a\nb";
    assert_int_equal(sign(&s), ICECAT_E_ARGUMENT);
    begin(&s, headers, 1);
    s.options.region = NULL;
    assert_int_equal(sign(&s), ICECAT_E_ARGUMENT);
    begin(&s, headers, 1);
    s.request.struct_size = 3;
    assert_int_equal(sign(&s), ICECAT_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ranged_get_matches_the_published_signature),
        cmocka_unit_test(a_put_with_a_dollar_in_its_key_matches_the_published_signature),
        cmocka_unit_test(a_query_without_values_matches_the_published_signature),
        cmocka_unit_test(a_presigned_get_matches_the_published_signature),
        cmocka_unit_test(the_signing_key_matches_the_published_example),
        cmocka_unit_test(canonical_forms_that_the_suite_leaves_out),
        cmocka_unit_test(a_session_token_of_8_kb_is_signed),
        cmocka_unit_test(too_little_scratch_is_an_error_at_every_size),
        cmocka_unit_test(bad_arguments_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
