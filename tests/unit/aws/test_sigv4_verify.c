/*
 * test_sigv4_verify.c - verifying: published and independently made requests, clocks, malformed
 * claims.
 */
#include "cmocka_all.h"

#include <icecat/sigv4.h>
#include <stdio.h>
#include <string.h>

#define EMPTY  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define HELLO  "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define MAY_24 1369353600 /* 20130524T000000Z */
#define JAN_2  1735787045 /* 20250102T030405Z */
#define SIGNED_BY(scope, headers, signature)                                                       \
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/" scope                                      \
    "/aws4_request,SignedHeaders=" headers ",Signature=" signature

static char scratch[65536];

typedef struct received {
    icecat_sigv4_request request;
    icecat_sigv4_verify_options options;
    icecat_sigv4_verdict verdict;
    icecat_sigv4_claim claim;
    icecat_error err;
    icecat_pair headers[16];
} received;

static void begin(received *r, int64_t now)
{
    memset(r, 0, sizeof(*r));
    r->request.struct_size = sizeof(r->request);
    r->request.method = "GET";
    r->request.path = "/";
    r->request.headers = r->headers;
    r->options.struct_size = sizeof(r->options);
    r->options.secret_access_key = SECRET;
    r->options.unix_s = now;
    r->verdict.struct_size = sizeof(r->verdict);
    r->claim.struct_size = sizeof(r->claim);
}

static void add(received *r, const char *name, const char *value)
{
    r->headers[r->request.headers_count].name = name;
    r->headers[r->request.headers_count++].value = value;
}

static void expect(received *r, icecat_sigv4_reason reason)
{
    icecat_status status = icecat_sigv4_verify(&r->request, &r->options, scratch, sizeof(scratch),
                                               &r->verdict, &r->err);

    if (status != (reason == ICECAT_SIGV4_VERIFIED ? ICECAT_OK : ICECAT_E_SIGNATURE) ||
        r->verdict.reason != (int32_t)reason)
        fail_msg("want reason %d, got %d, %s: %s\n%s", (int)reason, (int)r->verdict.reason,
                 icecat_status_name(status), r->err.message,
                 r->verdict.canonical_request != NULL ? r->verdict.canonical_request : "");
    assert_int_equal(status == ICECAT_OK, r->err.message[0] == '\0');
}

/* The ranged GET of "Authenticating requests", Amazon S3 API Reference. */
static void begin_published(received *r)
{
    begin(r, MAY_24);
    r->request.path = "/test.txt";
    add(r, "Host", "examplebucket.s3.amazonaws.com");
    add(r, "Authorization",
        SIGNED_BY("20130524/us-east-1/s3", "host;range;x-amz-content-sha256;x-amz-date",
                  "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
    add(r, "Range", "bytes=0-9");
    add(r, "x-amz-content-sha256", EMPTY);
    add(r, "x-amz-date", "20130524T000000Z");
    add(r, "User-Agent", "of no matter");
}

#define PRESIGNED_CREDENTIAL                                                                       \
    "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
#define PRESIGNED_REST "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
#define PRESIGNED_SIGNATURE                                                                        \
    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"

/* The presigned GET of the same page; AWS prints the parameters in this order. */
static void begin_presigned(received *r)
{
    begin(r, MAY_24);
    r->request.path = "/test.txt";
    r->request.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&" PRESIGNED_CREDENTIAL PRESIGNED_REST
        PRESIGNED_SIGNATURE;
    add(r, "host", "examplebucket.s3.amazonaws.com");
}

static void a_published_request_is_accepted(void **state)
{
    received r;

    (void)state;
    begin_published(&r);
    r.options.region = "us-east-1";
    r.options.service = "s3";
    expect(&r, ICECAT_SIGV4_VERIFIED);
    assert_string_equal(r.verdict.canonical_request,
                        "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n"
                        "x-amz-content-sha256:" EMPTY "\nx-amz-date:20130524T000000Z\n\n"
                        "host;range;x-amz-content-sha256;x-amz-date\n" EMPTY);
    assert_memory_equal(r.verdict.string_to_sign,
                        "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n",
                        69);
    begin_presigned(&r);
    expect(&r, ICECAT_SIGV4_VERIFIED);
}

/* Signatures of these two were made outside the library. */
static void headers_that_our_signer_leaves_out_are_verified(void **state)
{
    received r;

    (void)state;
    begin(&r, JAN_2);
    r.request.method = "PUT";
    r.request.path = "/b//k%20%2B/../x";
    r.request.query = "versions&b=%20&a=2&a=1";
    add(&r, "HOST", "[::1]:9000");
    add(&r, "User-Agent", "tool/1   (a b)");
    add(&r, "Expect", "100-continue");
    add(&r, "Content-Length", "5");
    add(&r, "X-Amz-Meta-A", " 1");
    add(&r, "x-amz-content-sha256", HELLO);
    add(&r, "x-amz-date", "20250102T030405Z");
    add(&r, "x-amz-meta-a", "2 \t 3 ");
    add(&r, "authorization",
        SIGNED_BY("20250102/eu-west-1/s3",
                  "content-length;expect;host;user-agent;x-amz-content-sha256;x-amz-date;"
                  "x-amz-meta-a",
                  "625ba51893d4b2038fca393b9d8b6f8e6dc0ca3fd32af7f39a9890a8741099cd"));
    expect(&r, ICECAT_SIGV4_VERIFIED);
    r.headers[1].value = "tool/2 (a b)";
    expect(&r, ICECAT_SIGV4_MISMATCH);
}

static void a_date_header_stands_in_for_x_amz_date(void **state)
{
    received r;

    (void)state;
    begin(&r, JAN_2);
    r.request.method = "POST";
    r.request.path = "/x/../a%20b//./";
    r.request.payload_hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    add(&r, "host", "localhost");
    add(&r, "date", "Thu, 02 Jan 2025 03:04:05 GMT");
    add(&r, "x-amz-target", "DynamoDB_20120810.ListTables");
    add(&r, "authorization",
        SIGNED_BY("20250102/eu-west-1/dynamodb", "date;host;x-amz-target",
                  "40374c5fc064f9e8ce703f493860bf4d16a3002cfa91f4c7adb08b1776247b61"));
    expect(&r, ICECAT_SIGV4_VERIFIED);
    r.headers[1].value = "yesterday";
    expect(&r, ICECAT_SIGV4_MALFORMED);
    r.headers[1].name = "x-date";
    expect(&r, ICECAT_SIGV4_MALFORMED);
}

static void the_claim_tells_all_that_was_said(void **state)
{
    received r;

    (void)state;
    begin_published(&r);
    add(&r, "X-Amz-Security-Token", " token ");
    assert_int_equal(icecat_sigv4_parse(&r.request, scratch, sizeof(scratch), &r.claim, &r.err),
                     ICECAT_OK);
    assert_string_equal(r.claim.access_key_id, "AKIAIOSFODNN7EXAMPLE");
    assert_string_equal(r.claim.scope_date, "20130524");
    assert_string_equal(r.claim.region, "us-east-1");
    assert_string_equal(r.claim.service, "s3");
    assert_string_equal(r.claim.signed_headers, "host;range;x-amz-content-sha256;x-amz-date");
    assert_string_equal(r.claim.amz_date, "20130524T000000Z");
    assert_string_equal(r.claim.session_token, "token");
    assert_int_equal(r.claim.unix_s, MAY_24);
    assert_int_equal(r.claim.is_presigned, 0);
    assert_int_equal(r.claim.expires_s, 0);
    begin_presigned(&r);
    assert_int_equal(icecat_sigv4_parse(&r.request, scratch, sizeof(scratch), &r.claim, &r.err),
                     ICECAT_OK);
    assert_string_equal(r.claim.access_key_id, "AKIAIOSFODNN7EXAMPLE");
    assert_int_equal(r.claim.is_presigned, 1);
    assert_int_equal(r.claim.expires_s, 86400);
    assert_null(r.claim.session_token);
}

static void clocks_may_differ_by_the_skew_and_no_second_more(void **state)
{
    received r;

    (void)state;
    begin_published(&r);
    r.options.unix_s = MAY_24 + 900;
    expect(&r, ICECAT_SIGV4_VERIFIED);
    assert_int_equal(r.verdict.skew_s, -900);
    r.options.unix_s = MAY_24 + 901;
    expect(&r, ICECAT_SIGV4_SKEWED);
    assert_int_equal(r.verdict.skew_s, -901);
    assert_null(r.verdict.canonical_request);
    r.options.unix_s = MAY_24 - 900;
    expect(&r, ICECAT_SIGV4_VERIFIED);
    r.options.unix_s = MAY_24 - 901;
    expect(&r, ICECAT_SIGV4_SKEWED);
    r.options.max_skew_s = 901;
    expect(&r, ICECAT_SIGV4_VERIFIED);
    r.options.unix_s = INT64_MAX;
    expect(&r, ICECAT_SIGV4_SKEWED);
    assert_int_equal(r.verdict.skew_s, INT32_MIN);
}

static void a_presigned_request_lives_as_long_as_it_says(void **state)
{
    received r;

    (void)state;
    begin_presigned(&r);
    r.options.unix_s = MAY_24 + 86400;
    expect(&r, ICECAT_SIGV4_VERIFIED);
    r.options.unix_s = MAY_24 + 86401;
    expect(&r, ICECAT_SIGV4_EXPIRED);
    r.options.unix_s = MAY_24 - 900;
    expect(&r, ICECAT_SIGV4_VERIFIED);
    r.options.unix_s = MAY_24 - 901;
    expect(&r, ICECAT_SIGV4_SKEWED);
}

static void another_scope_is_refused_when_one_is_asked_for(void **state)
{
    received r;

    (void)state;
    begin_published(&r);
    r.options.region = "eu-west-1";
    expect(&r, ICECAT_SIGV4_WRONG_SCOPE);
    assert_non_null(strstr(r.err.message, "region \"us-east-1\", expected \"eu-west-1\""));
    r.options.region = NULL;
    r.options.service = "dynamodb";
    expect(&r, ICECAT_SIGV4_WRONG_SCOPE);
}

static void headers_absent_or_unsigned_are_named(void **state)
{
    received r;

    (void)state;
    begin_published(&r);
    r.headers[2].name = "Rang";
    expect(&r, ICECAT_SIGV4_ABSENT_HEADER);
    assert_non_null(strstr(r.err.message, "\"range\""));
    begin_published(&r);
    add(&r, "x-amzn-trace-id", "not of x-amz-");
    expect(&r, ICECAT_SIGV4_VERIFIED);
    add(&r, "X-AMZ-acl", "public-read");
    expect(&r, ICECAT_SIGV4_UNSIGNED_HEADER);
    assert_non_null(strstr(r.err.message, "\"X-AMZ-acl\""));
    begin_published(&r);
    add(&r, "x-amz-security-token", "t");
    expect(&r, ICECAT_SIGV4_UNSIGNED_HEADER);
    r.options.flags = ICECAT_SIGV4_OMIT_SESSION_TOKEN;
    expect(&r, ICECAT_SIGV4_VERIFIED);
}

static void what_is_not_a_signature_is_told_apart(void **state)
{
    received r;

    (void)state;
    begin(&r, MAY_24);
    add(&r, "host", "h");
    expect(&r, ICECAT_SIGV4_MISSING);
    add(&r, "authorization", "AWS AKIAIOSFODNN7EXAMPLE:c2lnbmF0dXJl");
    expect(&r, ICECAT_SIGV4_UNSUPPORTED);
    r.headers[1].value = "";
    expect(&r, ICECAT_SIGV4_UNSUPPORTED);
    r.headers[1].value = "AWS4-HMAC-SHA256";
    expect(&r, ICECAT_SIGV4_MALFORMED);
    begin_published(&r);
    r.request.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256";
    expect(&r, ICECAT_SIGV4_MALFORMED);
    begin_published(&r);
    add(&r, "AUTHORIZATION", r.headers[1].value);
    expect(&r, ICECAT_SIGV4_MALFORMED);
    begin_published(&r);
    add(&r, "x-amz-date", "20130524T000000Z");
    expect(&r, ICECAT_SIGV4_MALFORMED);
    begin_published(&r);
    r.headers[4].value = "20130525T000000Z";
    expect(&r, ICECAT_SIGV4_WRONG_DATE);
}

static void malformed_headers_are_refused(void **state)
{
    static const char *const values[] = {
        "AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request, SignedHeaders=host",
        "AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request, Signature=0",
        "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, "
        "Signature=",
        "AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, "
        "Signature=0, Signature=0",
        "AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, "
        "Signature=0,",
        "AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request SignedHeaders=host "
        "Signature=0",
        SIGNED_BY("2013052/us-east-1/s3", "host", "0"),
        SIGNED_BY("2013052x/us-east-1/s3", "host", "0"),
        SIGNED_BY("20130524/us-east-1", "host", "0"),
        SIGNED_BY("20130524//s3", "host", "0"),
        SIGNED_BY("20130524/us-east-1/s3/s3", "host", "0"),
        SIGNED_BY("20130524/us-east-1/s3", "", "0"),
        SIGNED_BY("20130524/us-east-1/s3", "range", "0"),
        SIGNED_BY("20130524/us-east-1/s3", "host;host", "0"),
        SIGNED_BY("20130524/us-east-1/s3", "host;", "0"),
        SIGNED_BY("20130524/us-east-1/s3", "range;host", "0"),
        SIGNED_BY("20130524/us-east-1/s3", "host;host2;host1", "0"),
        SIGNED_BY("20130524/us-east-1/s3", "Host;range", "0"),
    };
    received r;

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        begin_published(&r);
        r.headers[1].value = values[i];
        expect(&r, ICECAT_SIGV4_MALFORMED);
    }
    begin_published(&r);
    r.headers[4].value = "20130231T000000Z";
    expect(&r, ICECAT_SIGV4_MALFORMED);
    r.headers[4].value = "2013-05-24T00:00:00Z";
    expect(&r, ICECAT_SIGV4_MALFORMED);
}

static void malformed_queries_are_refused(void **state)
{
    static const char *const queries[] = {
        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&" PRESIGNED_CREDENTIAL PRESIGNED_REST,
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&" PRESIGNED_CREDENTIAL PRESIGNED_REST PRESIGNED_SIGNATURE
            PRESIGNED_SIGNATURE,
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%4" PRESIGNED_REST PRESIGNED_SIGNATURE,
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&" PRESIGNED_CREDENTIAL PRESIGNED_SIGNATURE
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=604801&X-Amz-SignedHeaders=host",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&" PRESIGNED_CREDENTIAL PRESIGNED_SIGNATURE
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=0&X-Amz-SignedHeaders=host",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&" PRESIGNED_CREDENTIAL PRESIGNED_SIGNATURE
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=-1&X-Amz-SignedHeaders=host",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&" PRESIGNED_CREDENTIAL PRESIGNED_SIGNATURE
        "&X-Amz-Date=20130524T000000Z&X-Amz-SignedHeaders=host",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&" PRESIGNED_CREDENTIAL PRESIGNED_SIGNATURE
        "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host",
    };
    received r;

    (void)state;
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        begin_presigned(&r);
        r.request.query = queries[i];
        expect(&r, ICECAT_SIGV4_MALFORMED);
    }
    begin_presigned(&r);
    r.request.query = PRESIGNED_CREDENTIAL PRESIGNED_REST PRESIGNED_SIGNATURE;
    expect(&r, ICECAT_SIGV4_UNSUPPORTED);
}

static void a_signature_of_another_length_or_case_does_not_match(void **state)
{
    received r;

    (void)state;
    begin_published(&r);
    r.headers[1].value = SIGNED_BY("20130524/us-east-1/s3",
                                   "host;range;x-amz-content-sha256;x-amz-date",
                                   "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036b");
    expect(&r, ICECAT_SIGV4_MISMATCH);
    assert_non_null(r.verdict.canonical_request);
    r.headers[1].value = SIGNED_BY(
        "20130524/us-east-1/s3", "host;range;x-amz-content-sha256;x-amz-date",
        "F0E8BDB87C964420E857BD35B5D6ED310BD44F0170ABA48DD91039C6036BDB41");
    expect(&r, ICECAT_SIGV4_MISMATCH);
}

static void too_little_scratch_is_an_error_at_every_size(void **state)
{
    icecat_status status;
    size_t size = 1;
    received r;

    (void)state;
    begin_presigned(&r);
    do {
        status = icecat_sigv4_verify(&r.request, &r.options, scratch, size++, &r.verdict, &r.err);
        assert_true(status == ICECAT_OK || status == ICECAT_E_LIMIT);
    } while (status != ICECAT_OK);
    assert_true(size > 500 && size < 4096);
    size = 1;
    do {
        status = icecat_sigv4_parse(&r.request, scratch, size++, &r.claim, &r.err);
        assert_true(status == ICECAT_OK || status == ICECAT_E_LIMIT);
    } while (status != ICECAT_OK);
    assert_true(size > 100 && size < 1024);
}

static void bad_arguments_are_refused(void **state)
{
    received r;

    (void)state;
    begin_published(&r);
    assert_int_equal(icecat_sigv4_verify(NULL, &r.options, scratch, 9, &r.verdict, &r.err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_sigv4_parse(&r.request, scratch, 0, &r.claim, NULL), ICECAT_E_ARGUMENT);
    r.options.secret_access_key = NULL;
    assert_int_equal(
        icecat_sigv4_verify(&r.request, &r.options, scratch, sizeof(scratch), &r.verdict, &r.err),
        ICECAT_E_ARGUMENT);
    begin_published(&r);
    r.request.path = "/a\nb";
    assert_int_equal(
        icecat_sigv4_verify(&r.request, &r.options, scratch, sizeof(scratch), &r.verdict, &r.err),
        ICECAT_E_ARGUMENT);
    begin_published(&r);
    r.claim.struct_size = 3;
    assert_int_equal(icecat_sigv4_parse(&r.request, scratch, sizeof(scratch), &r.claim, &r.err),
                     ICECAT_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_published_request_is_accepted),
        cmocka_unit_test(headers_that_our_signer_leaves_out_are_verified),
        cmocka_unit_test(a_date_header_stands_in_for_x_amz_date),
        cmocka_unit_test(the_claim_tells_all_that_was_said),
        cmocka_unit_test(clocks_may_differ_by_the_skew_and_no_second_more),
        cmocka_unit_test(a_presigned_request_lives_as_long_as_it_says),
        cmocka_unit_test(another_scope_is_refused_when_one_is_asked_for),
        cmocka_unit_test(headers_absent_or_unsigned_are_named),
        cmocka_unit_test(what_is_not_a_signature_is_told_apart),
        cmocka_unit_test(malformed_headers_are_refused),
        cmocka_unit_test(malformed_queries_are_refused),
        cmocka_unit_test(a_signature_of_another_length_or_case_does_not_match),
        cmocka_unit_test(too_little_scratch_is_an_error_at_every_size),
        cmocka_unit_test(bad_arguments_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
