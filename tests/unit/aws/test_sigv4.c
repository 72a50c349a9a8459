/*
 * test_sigv4.c - signing: what the published cases leave out.
 */
#include "aws/sigv4.h"
#include "cmocka_all.h"

#include <icecat/sigv4.h>
#include <stdio.h>
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

static void bytes_beyond_ascii_are_taken_as_they_are(void **state)
{
    const icecat_pair headers[] = { { "host", "h" },
                                    { "x-amz-meta-n", "caf\xc3\xa9 \xff" },
                                    { "X-Amz-Meta-A", "1" } };
    signing s;

    (void)state;
    begin(&s, headers, 3);
    s.request.path = "/\xc3\xa9";
    s.request.query = "k=\xc3\xa9&\xe1\x88\xb4=1&P=2";
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.canonical_request,
                        "GET\n/\xc3\xa9\n%E1%88%B4=1&P=2&k=%C3%A9\n"
                        "host:h\nx-amz-date:20130524T000000Z\nx-amz-meta-a:1\n"
                        "x-amz-meta-n:caf\xc3\xa9 \xff\n\n"
                        "host;x-amz-date;x-amz-meta-a;x-amz-meta-n\n" EMPTY);
}

static void a_port_and_an_address_of_ipv6_are_signed_as_given(void **state)
{
    const char *const hosts[] = { "localhost:4566", "[::1]", "[2001:db8::7]:9000",
                                  "[fe80::1%25eth0]:80" };

    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        const icecat_pair headers[] = { { "Host", hosts[i] } };
        char want[64];
        signing s;

        begin(&s, headers, 1);
        assert_int_equal(sign(&s), ICECAT_OK);
        snprintf(want, sizeof(want), "\nhost:%s\n", hosts[i]);
        assert_non_null(strstr(s.result.canonical_request, want));
    }
}

/* A key may hold any byte; encoded once, S3's path is signed as it is sent. */
static void a_key_of_every_byte_is_signed_as_sent(void **state)
{
    const icecat_pair headers[] = { { "host", "h" } };
    char path[1024] = "/";
    char want[1100];
    signing s;

    (void)state;
    for (unsigned byte = 1; byte < 256; byte++)
        snprintf(path + strlen(path), sizeof(path) - strlen(path), "%%%02X", byte);
    begin(&s, headers, 1);
    s.request.path = path;
    assert_int_equal(sign(&s), ICECAT_OK);
    snprintf(want, sizeof(want), "GET\n%s\n\n", path);
    assert_memory_equal(s.result.canonical_request, want, strlen(want));
}

static void the_body_itself_may_be_given(void **state)
{
    const icecat_pair headers[] = { { "host", "h" } };
    const char *hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    char signature[IC_SHA256_HEX_SIZE];
    signing s;

    (void)state;
    begin(&s, headers, 1);
    s.options.flags = ICECAT_SIGV4_CONTENT_SHA256;
    s.request.payload = "hello";
    s.request.payload_len = 5;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.payload_hash, hash);
    assert_string_equal(s.result.signed_headers, "host;x-amz-content-sha256;x-amz-date");
    strcpy(signature, s.result.signature);
    begin(&s, headers, 1);
    s.options.flags = ICECAT_SIGV4_CONTENT_SHA256;
    s.request.payload_hash = hash;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.signature, signature);
    s.request.payload_hash = ICECAT_SIGV4_UNSIGNED_PAYLOAD;
    s.request.payload = "not looked at";
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.payload_hash, "UNSIGNED-PAYLOAD");
    assert_non_null(strstr(s.result.canonical_request, "x-amz-content-sha256:UNSIGNED-PAYLOAD\n"));
}

static void without_a_hash_the_payload_is_what_the_service_takes(void **state)
{
    const icecat_pair headers[] = { { "host", "h" } };
    signing s;

    (void)state;
    begin(&s, headers, 1);
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.payload_hash, EMPTY);
    s.options.flags = ICECAT_SIGV4_PRESIGN;
    s.options.expires_s = 60;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.payload_hash, "UNSIGNED-PAYLOAD");
    s.options.service = "dynamodb";
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.payload_hash, EMPTY);
}

static void expect_life(uint32_t expires_s, icecat_status want)
{
    const icecat_pair headers[] = { { "host", "h" } };
    signing s;

    begin(&s, headers, 1);
    s.options.flags = ICECAT_SIGV4_PRESIGN;
    s.options.expires_s = expires_s;
    assert_int_equal(sign(&s), want);
    if (want != ICECAT_OK)
        assert_non_null(strstr(s.err.message, "1 to 604800 s"));
}

static void a_presigned_request_lives_a_second_to_seven_days(void **state)
{
    const icecat_pair headers[] = { { "host", "h" } };
    signing s;

    (void)state;
    expect_life(0, ICECAT_E_ARGUMENT);
    expect_life(1, ICECAT_OK);
    expect_life(604800, ICECAT_OK);
    expect_life(604801, ICECAT_E_ARGUMENT);
    expect_life(UINT32_MAX, ICECAT_E_ARGUMENT);
    begin(&s, headers, 1);
    s.options.expires_s = 60; /* a life without a presigned request is a slip */
    assert_int_equal(sign(&s), ICECAT_E_ARGUMENT);
    assert_non_null(strstr(s.err.message, "ICECAT_SIGV4_PRESIGN"));
}

static void keys_that_die_before_the_url_are_told(void **state)
{
    const icecat_pair headers[] = { { "host", "h" } };
    signing s;

    (void)state;
    begin(&s, headers, 1);
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_true(s.result.expires_unix_s == 0 && s.result.is_cut_short == 0);
    s.options.flags = ICECAT_SIGV4_PRESIGN;
    s.options.expires_s = 900;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_true(s.result.expires_unix_s == 1369353600 + 900 && s.result.is_cut_short == 0);
    s.keys.expires_unix_s = 1369353600 + 900;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_true(s.result.expires_unix_s == 1369353600 + 900 && s.result.is_cut_short == 0);
    s.keys.expires_unix_s = 1369353600 + 899;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_true(s.result.expires_unix_s == 1369353600 + 899 && s.result.is_cut_short == 1);
    assert_non_null(strstr(s.result.query, "X-Amz-Expires=900")); /* what was asked for */
}

static void a_token_may_stay_out_of_what_is_signed(void **state)
{
    const icecat_pair headers[] = { { "host", "h" } };
    char signature[IC_SHA256_HEX_SIZE];
    signing s;

    (void)state;
    begin(&s, headers, 1);
    s.options.flags = ICECAT_SIGV4_PRESIGN;
    s.options.expires_s = 60;
    assert_int_equal(sign(&s), ICECAT_OK);
    strcpy(signature, s.result.signature);
    s.keys.session_token = "to/ken";
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_not_equal(s.result.signature, signature);
    s.options.flags |= ICECAT_SIGV4_OMIT_SESSION_TOKEN;
    assert_int_equal(sign(&s), ICECAT_OK);
    assert_string_equal(s.result.signature, signature);
    assert_non_null(strstr(s.result.query, "&X-Amz-Security-Token=to%2Fken&X-Amz-Signature="));
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
    s.options.flags = ICECAT_SIGV4_PRESIGN;
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

/* With a ';' in a name, the list of what is signed would be another one. */
static void names_that_no_header_has_are_refused(void **state)
{
    static const char *const bad[] = { "a b", "a;b", "a,b", "a:", "\xc3\xa4", "(a)" };
    signing s;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const icecat_pair headers[] = { { "host", "h" }, { bad[i], "x" } };

        begin(&s, headers, 2);
        assert_int_equal(sign(&s), ICECAT_E_ARGUMENT);
        assert_non_null(strstr(s.err.message, "name of a header"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_forms_that_the_suite_leaves_out),
        cmocka_unit_test(bytes_beyond_ascii_are_taken_as_they_are),
        cmocka_unit_test(a_port_and_an_address_of_ipv6_are_signed_as_given),
        cmocka_unit_test(a_key_of_every_byte_is_signed_as_sent),
        cmocka_unit_test(the_body_itself_may_be_given),
        cmocka_unit_test(without_a_hash_the_payload_is_what_the_service_takes),
        cmocka_unit_test(a_presigned_request_lives_a_second_to_seven_days),
        cmocka_unit_test(keys_that_die_before_the_url_are_told),
        cmocka_unit_test(a_token_may_stay_out_of_what_is_signed),
        cmocka_unit_test(a_session_token_of_8_kb_is_signed),
        cmocka_unit_test(too_little_scratch_is_an_error_at_every_size),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(names_that_no_header_has_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
