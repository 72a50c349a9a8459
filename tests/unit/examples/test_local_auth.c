/*
 * test_local_auth.c - who may come in: good requests of every kind, and each refusal in AWS's words.
 */
#include "auth.h"
#include "cmocka_all.h"

#include <icecat/sigv4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_ID "AKIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define MAY_24 1369353600 /* 20130524T000000Z */
#define HELLO  "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define EMPTY  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const auth_settings settings = { KEY_ID, SECRET, "us-east-1" };
static char scratch[65536];

typedef struct call {
    http_request request;
    http_header headers[16];
    icecat_pair pairs[16];
    char texts[32][512];
    size_t text_count;
    const char *service;
    const char *region;
    const char *key_id;
    const char *secret;
    const char *hash;
    uint32_t expires_s;
    auth_fault fault;
} call;

static char *keep(call *c, const char *text)
{
    snprintf(c->texts[c->text_count], sizeof(c->texts[0]), "%s", text);
    return c->texts[c->text_count++];
}

static void add(call *c, const char *name, const char *value)
{
    http_header *header = &c->headers[c->request.header_count++];

    header->name = keep(c, name);
    header->value = keep(c, value);
}

static http_header *header(call *c, const char *name)
{
    for (size_t i = 0; i < c->request.header_count; i++) {
        if (strcmp(c->headers[i].name, name) == 0)
            return &c->headers[i];
    }
    fail_msg("no header %s", name);
    return NULL;
}

static void set_body(call *c, const char *body)
{
    c->request.body = (const unsigned char *)body;
    c->request.body_len = strlen(body);
}

static void begin(call *c, const char *service)
{
    memset(c, 0, sizeof(*c));
    c->service = service;
    c->region = "us-east-1";
    c->key_id = KEY_ID;
    c->secret = SECRET;
    c->request.method = "PUT";
    c->request.path = "/bucket/a%20b//c";
    c->request.query = "";
    c->request.headers = c->headers;
    c->request.now_s = MAY_24;
    set_body(c, "hello");
    add(c, "Host", "127.0.0.1:9000");
}

/* Sign what there is, the way clients do. */
static void sign(call *c)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;
    icecat_error err;

    for (size_t i = 0; i < c->request.header_count; i++) {
        c->pairs[i].name = c->headers[i].name;
        c->pairs[i].value = c->headers[i].value;
    }
    keys.access_key_id = c->key_id;
    keys.secret_access_key = c->secret;
    request.method = c->request.method;
    request.path = c->request.path;
    request.query = c->request.query;
    request.headers = c->pairs;
    request.headers_count = c->request.header_count;
    request.payload_hash = c->hash;
    options.keys = &keys;
    options.region = c->region;
    options.service = c->service;
    options.unix_s = MAY_24;
    options.expires_s = c->expires_s;
    if (icecat_sigv4_sign(&request, &options, scratch, sizeof(scratch), &result, &err) != ICECAT_OK)
        fail_msg("%s", err.message);
    if (c->expires_s != 0) {
        c->request.query = keep(c, result.query);
    } else {
        add(c, "X-Amz-Date", result.amz_date);
        add(c, "Authorization", result.authorization);
    }
}

static void begin_s3(call *c)
{
    begin(c, "s3");
    c->hash = HELLO;
    add(c, "x-amz-content-sha256", HELLO);
}

static void begin_presigned(call *c)
{
    begin(c, "s3");
    c->hash = "UNSIGNED-PAYLOAD";
    c->expires_s = 60;
}

static void begin_json(call *c)
{
    begin(c, "dynamodb");
    c->request.method = "POST";
    c->request.path = "/";
    add(c, "X-Amz-Target", "DynamoDB_20120810.ListTables");
    c->hash = HELLO;
}

static void expect_good(call *c)
{
    if (!auth_check(&settings, &c->request, auth_service(&c->request), &c->fault))
        fail_msg("refused: %s: %s\n%s", c->fault.code, c->fault.message,
                 c->fault.canonical_request != NULL ? c->fault.canonical_request : "");
    assert_null(c->fault.code);
    auth_fault_clear(&c->fault);
}

static void expect(call *c, int http_status, const char *code, const char *words)
{
    const char *service = strcmp(c->service, "sts") == 0 ? "s3" : c->service;

    assert_false(auth_check(&settings, &c->request, service, &c->fault));
    assert_string_equal(c->fault.code, code);
    assert_int_equal(c->fault.http_status, http_status);
    if (strstr(c->fault.message, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", c->fault.message, words);
    auth_fault_clear(&c->fault);
}

static int take_body(call *c, const char *want)
{
    const unsigned char *body;
    unsigned char *owned;
    size_t len;
    int ok = auth_body(&settings, &c->request, &body, &len, &owned, &c->fault);

    if (ok) {
        assert_int_equal(len, strlen(want));
        assert_memory_equal(body, want, len);
    }
    free(owned);
    return ok;
}

static void expect_body(call *c, const char *want)
{
    expect_good(c);
    if (!take_body(c, want))
        fail_msg("refused: %s: %s", c->fault.code, c->fault.message);
}

static void expect_bad_body(call *c, int http_status, const char *code, const char *words)
{
    assert_false(take_body(c, ""));
    assert_string_equal(c->fault.code, code);
    assert_int_equal(c->fault.http_status, http_status);
    if (strstr(c->fault.message, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", c->fault.message, words);
    auth_fault_clear(&c->fault);
}

static void good_requests_come_in(void **state)
{
    call c;

    (void)state;
    begin_s3(&c);
    c.request.query = "b=2&a=%7e&b=1&versions";
    sign(&c);
    expect_body(&c, "hello");
    begin_presigned(&c);
    sign(&c);
    c.request.now_s = MAY_24 + 60;
    expect_body(&c, "hello");
    begin(&c, "s3");
    c.hash = "UNSIGNED-PAYLOAD";
    add(&c, "x-amz-content-sha256", c.hash);
    sign(&c);
    expect_body(&c, "hello");
    begin_json(&c);
    sign(&c);
    expect_body(&c, "hello");
}

static void the_service_is_told_by_scope_then_target(void **state)
{
    static const char *const names[] = { "s3", "dynamodb", "rekognition", "ssm" };
    call c;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        begin(&c, names[i]);
        sign(&c);
        assert_string_equal(auth_service(&c.request), names[i]);
        begin(&c, names[i]);
        c.expires_s = 1;
        sign(&c);
        assert_string_equal(auth_service(&c.request), names[i]);
    }
    begin(&c, "s3");
    assert_string_equal(auth_service(&c.request), "s3");
    add(&c, "x-amz-target", "RekognitionService.DetectLabels");
    assert_string_equal(auth_service(&c.request), "rekognition");
    header(&c, "x-amz-target")->value = keep(&c, "AmazonSSM.GetParameters");
    assert_string_equal(auth_service(&c.request), "ssm");
    header(&c, "x-amz-target")->value = keep(&c, "DynamoDB_20120810.Query");
    assert_string_equal(auth_service(&c.request), "dynamodb");
    sign(&c);
    assert_string_equal(auth_service(&c.request), "s3");
}

static void s3_says_why(void **state)
{
    call c;

    (void)state;
    begin_s3(&c);
    expect(&c, 403, "AccessDenied", "Access Denied");
    sign(&c);
    c.request.method = "DELETE";
    assert_false(auth_check(&settings, &c.request, "s3", &c.fault));
    assert_string_equal(c.fault.code, "SignatureDoesNotMatch");
    assert_int_equal(c.fault.http_status, 403);
    assert_memory_equal(c.fault.canonical_request, "DELETE\n/bucket/a%20b//c\n\nhost:", 30);
    assert_memory_equal(c.fault.string_to_sign, "AWS4-HMAC-SHA256\n20130524T000000Z\n", 34);
    auth_fault_clear(&c.fault);
    begin_s3(&c);
    c.secret = "another";
    sign(&c);
    expect(&c, 403, "SignatureDoesNotMatch", "Check your key and signing method.");
    begin_s3(&c);
    c.key_id = "AKIDNOBODY";
    sign(&c);
    expect(&c, 403, "InvalidAccessKeyId", "does not exist in our records");
    begin_s3(&c);
    sign(&c);
    c.request.now_s = MAY_24 + 901;
    expect(&c, 403, "RequestTimeTooSkewed", "too large");
    c.request.now_s = MAY_24 - 901;
    expect(&c, 403, "RequestTimeTooSkewed", "too large");
    c.request.now_s = MAY_24 + 900;
    expect_good(&c);
    add(&c, "x-amz-acl", "public-read");
    expect(&c, 403, "AccessDenied", "headers present in the request which were not signed");
}

static void s3_says_what_is_wrong_with_the_header(void **state)
{
    call c;

    (void)state;
    begin_s3(&c);
    c.region = "eu-west-1";
    sign(&c);
    assert_false(auth_check(&settings, &c.request, "s3", &c.fault));
    assert_string_equal(c.fault.region, "us-east-1");
    auth_fault_clear(&c.fault);
    expect(&c, 400, "AuthorizationHeaderMalformed",
           "the region 'eu-west-1' is wrong; expecting 'us-east-1'");
    begin(&c, "sts");
    add(&c, "x-amz-content-sha256", HELLO);
    sign(&c);
    expect(&c, 400, "AuthorizationHeaderMalformed", "incorrect service \"sts\"");
    begin_s3(&c);
    sign(&c);
    header(&c, "X-Amz-Date")->value = keep(&c, "20130525T000000Z");
    expect(&c, 400, "AuthorizationHeaderMalformed", "Invalid credential date \"20130524\"");
    header(&c, "X-Amz-Date")->value = keep(&c, "today");
    expect(&c, 403, "AccessDenied", "valid Date or x-amz-date header");
    header(&c, "Authorization")->value = keep(&c, "AWS4-HMAC-SHA256 Credential=A/b/c");
    expect(&c, 400, "AuthorizationHeaderMalformed", "the Credential is not of the form");
    header(&c, "Authorization")->value = keep(&c, "AWS " KEY_ID ":c2ln");
    expect(&c, 400, "InvalidRequest", "Please use AWS4-HMAC-SHA256.");
    header(&c, "Authorization")->value = keep(&c, "Bearer token");
    expect(&c, 400, "InvalidArgument", "Unsupported Authorization Type");
    c.request.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256";
    expect(&c, 400, "InvalidArgument", "Only one auth mechanism allowed");
    begin(&c, "s3");
    c.request.query = "AWSAccessKeyId=A&Expires=1&Signature=c2ln";
    expect(&c, 400, "InvalidRequest", "Please use AWS4-HMAC-SHA256.");
}

static void s3_says_what_is_wrong_with_the_query(void **state)
{
    call c;

    (void)state;
    begin_presigned(&c);
    sign(&c);
    c.request.now_s = MAY_24 + 61;
    expect(&c, 403, "AccessDenied", "Request has expired");
    c.request.now_s = MAY_24 - 901;
    expect(&c, 403, "AccessDenied", "Request is not valid yet");
    begin_presigned(&c);
    c.region = "eu-west-1";
    sign(&c);
    expect(&c, 400, "AuthorizationQueryParametersError",
           "the region 'eu-west-1' is wrong; expecting 'us-east-1'");
    begin_presigned(&c);
    sign(&c);
    c.request.query = keep(&c, strchr(c.request.query, '&') + 1);
    expect(&c, 400, "AuthorizationQueryParametersError", "requires the X-Amz-Algorithm,");
    begin(&c, "s3");
    c.request.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                      "A%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0&X-Amz-Date="
                      "20130524T000000Z&X-Amz-SignedHeaders=host&X-Amz-Expires=604801";
    expect(&c, 400, "AuthorizationQueryParametersError", "from 1 to 604800");
    c.request.query = "X-Amz-Algorithm=AWS4-X&X-Amz-Credential=A&X-Amz-Signature=0&X-Amz-Date=0&"
                      "X-Amz-SignedHeaders=host&X-Amz-Expires=1";
    expect(&c, 400, "AuthorizationQueryParametersError", "only supports \"AWS4-HMAC-SHA256\"");
}

static void s3_compares_the_body_with_its_hash(void **state)
{
    call c;

    (void)state;
    begin_s3(&c);
    sign(&c);
    set_body(&c, "hellO");
    expect(&c, 400, "XAmzContentSHA256Mismatch", "does not match what was computed");
    begin(&c, "s3");
    c.hash = HELLO;
    sign(&c);
    expect(&c, 400, "InvalidRequest", "Missing required header for this request: x-amz-content");
    begin(&c, "s3");
    add(&c, "x-amz-content-sha256", "0123");
    sign(&c);
    expect(&c, 400, "InvalidArgument", "or a valid sha256 value");
    begin(&c, "s3");
    add(&c, "x-amz-content-sha256", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD");
    sign(&c);
    expect(&c, 501, "NotImplemented", "not implemented");
}

static void session_tokens_are_unknown_or_expired(void **state)
{
    call c;

    (void)state;
    begin_s3(&c);
    add(&c, "x-amz-security-token", "FwoGZXIvYXdz");
    sign(&c);
    expect(&c, 400, "InvalidToken", "malformed or otherwise invalid");
    begin_s3(&c);
    add(&c, "x-amz-security-token", "expired-1");
    sign(&c);
    expect(&c, 400, "ExpiredToken", "has expired");
    begin_json(&c);
    add(&c, "x-amz-security-token", "FwoGZXIvYXdz");
    sign(&c);
    expect(&c, 400, "UnrecognizedClientException", "is invalid.");
    begin_json(&c);
    add(&c, "x-amz-security-token", "expired");
    sign(&c);
    expect(&c, 400, "ExpiredTokenException", "is expired");
}

static void the_json_services_say_why(void **state)
{
    call c;

    (void)state;
    begin_json(&c);
    expect(&c, 400, "MissingAuthenticationTokenException", "missing Authentication Token");
    c.key_id = "AKIDNOBODY";
    sign(&c);
    expect(&c, 400, "UnrecognizedClientException", "security token included in the request is inv");
    begin_json(&c);
    sign(&c);
    set_body(&c, "hellO");
    expect(&c, 400, "InvalidSignatureException", "does not match the signature you provided");
    set_body(&c, "hello");
    c.request.now_s = MAY_24 + 901;
    expect(&c, 400, "InvalidSignatureException",
           "Signature expired: 20130524T000000Z is now earlier than 20130524T000001Z "
           "(20130524T001501Z - 15 min.)");
    c.request.now_s = MAY_24 - 901;
    expect(&c, 400, "InvalidSignatureException",
           "Signature not yet current: 20130524T000000Z is still later than 20130523T235959Z");
    c.request.now_s = MAY_24;
    header(&c, "X-Amz-Date")->value = keep(&c, "20130525T000000Z");
    expect(&c, 400, "InvalidSignatureException", "'20130524' != '20130525'");
    header(&c, "Authorization")->value = keep(&c, "AWS4-HMAC-SHA256 Signature=0");
    expect(&c, 400, "IncompleteSignatureException",
           "Authorization header requires 'Credential' parameter. Authorization header requires "
           "'SignedHeaders' parameter. (");
    header(&c, "Authorization")->value = keep(&c, "Bearer token");
    expect(&c, 400, "IncompleteSignatureException", "Unsupported AWS 'algorithm'");
    begin_json(&c);
    c.region = "eu-west-1";
    sign(&c);
    expect(&c, 400, "InvalidSignatureException", "scoped to a valid region, not 'eu-west-1'");
    begin_json(&c);
    sign(&c);
    c.service = "ssm";
    expect(&c, 400, "InvalidSignatureException", "scoped to correct service: 'ssm'");
    c.service = "dynamodb";
    header(&c, "X-Amz-Target")->name = keep(&c, "X-Amz-Targex");
    expect(&c, 400, "IncompleteSignatureException", "\"x-amz-target\" is signed but did not come");
}

/* The chunked upload of the Amazon S3 API Reference, its seed signature as printed there. */
static void the_published_chunked_upload_comes_in(void **state)
{
    static unsigned char wire[66824 + 1];
    const unsigned char *body;
    unsigned char *owned;
    size_t len = 0;
    size_t body_len;
    call c;

    (void)state;
    begin(&c, "s3");
    c.request.path = "/examplebucket/chunkObject.txt";
    header(&c, "Host")->value = keep(&c, "s3.amazonaws.com");
    add(&c, "x-amz-date", "20130524T000000Z");
    add(&c, "x-amz-storage-class", "REDUCED_REDUNDANCY");
    add(&c, "Authorization",
        "AWS4-HMAC-SHA256 Credential=" KEY_ID "/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
        "x-amz-decoded-content-length;x-amz-storage-class,"
        "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    add(&c, "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    add(&c, "Content-Encoding", "aws-chunked");
    add(&c, "x-amz-decoded-content-length", "66560");
    add(&c, "Content-Length", "66824");
    len = (size_t)snprintf((char *)wire, sizeof(wire), "10000;chunk-signature=%s\r\n",
                           "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
    memset(wire + len, 'a', 65536);
    len += 65536;
    len += (size_t)snprintf((char *)wire + len, sizeof(wire) - len,
                            "\r\n400;chunk-signature=%s\r\n",
                            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
    memset(wire + len, 'a', 1024);
    len += 1024;
    len += (size_t)snprintf((char *)wire + len, sizeof(wire) - len,
                            "\r\n0;chunk-signature=%s\r\n\r\n",
                            "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
    c.request.body = wire;
    c.request.body_len = len;
    expect_good(&c);
    assert_true(auth_body(&settings, &c.request, &body, &body_len, &owned, &c.fault));
    assert_int_equal(body_len, 66560);
    assert_int_equal(body[66559], 'a');
    assert_ptr_equal(body, owned);
    free(owned);
    wire[1000] = 'b';
    expect_good(&c);
    expect_bad_body(&c, 403, "SignatureDoesNotMatch", "does not match");
}

static void begin_framed(call *c, const char *length, const char *body)
{
    begin(c, "s3");
    c->hash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    add(c, "x-amz-content-sha256", c->hash);
    add(c, "x-amz-trailer", "x-amz-checksum-crc32");
    add(c, "x-amz-sdk-checksum-algorithm", "CRC32");
    if (length != NULL)
        add(c, "x-amz-decoded-content-length", length);
    set_body(c, body);
    sign(c);
}

static void trailers_are_checked(void **state)
{
    call c;

    (void)state;
    begin_framed(&c, "5", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_body(&c, "hello");
    begin_framed(&c, "5", "5\r\nhellO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 400, "BadDigest", "The CRC32 you specified did not match");
    begin_framed(&c, "5", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg=\r\n\r\n");
    expect_bad_body(&c, 400, "InvalidRequest", "x-amz-checksum-crc32 trailing header is invalid");
    begin_framed(&c, "5", "5\r\nhello\r\n0\r\n\r\n");
    expect_bad_body(&c, 400, "MalformedTrailerError", "trailing data");
    begin_framed(&c, "5",
                 "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-acl:private\r\n\r\n");
    expect_bad_body(&c, 400, "MalformedTrailerError", "trailing data");
    begin_framed(&c, "6", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 400, "IncompleteBody", "terminated unexpectedly");
    begin_framed(&c, NULL, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 411, "MissingContentLength", "Content-Length");
    begin_framed(&c, "5x", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 400, "InvalidRequest", "x-amz-decoded-content-length");
    begin_framed(&c, "2", "1\r\na\r\n1\r\nb\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 400, "InvalidChunkSizeError", "8192");
    begin_s3(&c);
    add(&c, "x-amz-trailer", "x-amz-checksum-crc32");
    sign(&c);
    expect_bad_body(&c, 400, "MalformedTrailerError", "trailing data");
}

static void checksum_headers_are_checked(void **state)
{
    static const struct {
        const char *name;
        const char *good;
    } sums[] = { { "X-Amz-Checksum-CRC32", "NhCmhg==" },
                 { "x-amz-checksum-crc32c", "mnG7TA==" },
                 { "x-amz-checksum-crc64nvme", "M3eFcAZSQlc=" },
                 { "x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=" },
                 { "x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=" },
                 { "Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==" } };
    call c;

    (void)state;
    for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
        begin_s3(&c);
        add(&c, sums[i].name, sums[i].good);
        sign(&c);
        expect_body(&c, "hello");
        set_body(&c, "hellO");
        expect_bad_body(&c, 400, "BadDigest", "you specified did not match");
        header(&c, sums[i].name)->value = keep(&c, "!");
        expect_bad_body(&c, 400, i == 5 ? "InvalidDigest" : "InvalidRequest", "invalid");
    }
    begin_s3(&c);
    add(&c, "x-amz-checksum-crc32", "NhCmhg==");
    add(&c, "x-amz-checksum-algorithm", "CRC32");
    add(&c, "x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=");
    expect_bad_body(&c, 400, "InvalidRequest", "Expecting a single x-amz-checksum- header.");
    begin_s3(&c);
    add(&c, "x-amz-sdk-checksum-algorithm", "CRC32");
    expect_bad_body(&c, 400, "InvalidRequest", "no corresponding x-amz-checksum-*");
    add(&c, "x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=");
    expect_bad_body(&c, 400, "InvalidRequest", "x-amz-sdk-checksum-algorithm header is invalid");
    begin_s3(&c);
    add(&c, "x-amz-checksum-xxhash64", "AAAAAAAAAAA=");
    expect_bad_body(&c, 501, "NotImplemented", "not implemented");
    begin_s3(&c);
    c.request.method = "POST";
    c.request.query = "uploadId=1";
    add(&c, "x-amz-checksum-crc32", "AAAAAA==-2");
    sign(&c);
    expect_body(&c, "hello");
}

static void too_much_is_refused_not_read(void **state)
{
    static char query[4096];
    call c;

    (void)state;
    begin_s3(&c);
    for (size_t i = 0; i < 200; i++)
        memcpy(query + 2 * i, "a&", 2);
    sign(&c);
    c.request.query = query;
    expect(&c, 400, "InvalidRequest", "");
    begin_s3(&c);
    sign(&c);
    c.request.path = "/a\001";
    expect(&c, 400, "InvalidRequest", "control character");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_requests_come_in),
        cmocka_unit_test(the_service_is_told_by_scope_then_target),
        cmocka_unit_test(s3_says_why),
        cmocka_unit_test(s3_says_what_is_wrong_with_the_header),
        cmocka_unit_test(s3_says_what_is_wrong_with_the_query),
        cmocka_unit_test(s3_compares_the_body_with_its_hash),
        cmocka_unit_test(session_tokens_are_unknown_or_expired),
        cmocka_unit_test(the_json_services_say_why),
        cmocka_unit_test(the_published_chunked_upload_comes_in),
        cmocka_unit_test(trailers_are_checked),
        cmocka_unit_test(checksum_headers_are_checked),
        cmocka_unit_test(too_much_is_refused_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
