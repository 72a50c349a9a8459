/*
 * test_local_auth.c - who may come in: good requests of every kind, and each refusal in AWS's words.
 */
#include "auth_driver.h"
#include "cmocka_all.h"

#include <string.h>

static void good_requests_come_in(void **state)
{
    call c;

    (void)state;
    call_begin_s3(&c);
    c.request.query = "b=2&a=%7e&b=1&versions";
    call_sign(&c);
    expect_body(&c, "hello");
    call_begin_presigned(&c);
    call_sign(&c);
    c.request.now_s = MAY_24 + 60;
    expect_body(&c, "hello");
    call_begin(&c, "s3");
    c.hash = "UNSIGNED-PAYLOAD";
    call_header(&c, "x-amz-content-sha256", c.hash);
    call_sign(&c);
    expect_body(&c, "hello");
    call_begin_json(&c);
    call_sign(&c);
    expect_body(&c, "hello");
}

static void the_service_is_told_by_scope_then_target(void **state)
{
    static const char *const names[] = { "s3", "dynamodb", "rekognition", "ssm" };
    call c;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        call_begin(&c, names[i]);
        call_sign(&c);
        assert_string_equal(auth_service(&c.request), names[i]);
        call_begin(&c, names[i]);
        c.expires_s = 1;
        call_sign(&c);
        assert_string_equal(auth_service(&c.request), names[i]);
    }
    call_begin(&c, "s3");
    assert_string_equal(auth_service(&c.request), "s3");
    call_header(&c, "x-amz-target", "RekognitionService.DetectLabels");
    assert_string_equal(auth_service(&c.request), "rekognition");
    call_find(&c, "x-amz-target")->value = call_keep(&c, "AmazonSSM.GetParameters");
    assert_string_equal(auth_service(&c.request), "ssm");
    call_find(&c, "x-amz-target")->value = call_keep(&c, "DynamoDB_20120810.Query");
    assert_string_equal(auth_service(&c.request), "dynamodb");
    call_sign(&c);
    assert_string_equal(auth_service(&c.request), "s3");
}

static void s3_says_why(void **state)
{
    call c;

    (void)state;
    call_begin_s3(&c);
    expect_refused(&c, 403, "AccessDenied", "Access Denied");
    call_sign(&c);
    c.request.method = "DELETE";
    assert_false(auth_check(&auth_driver_settings, &c.request, "s3", &c.fault));
    assert_string_equal(c.fault.code, "SignatureDoesNotMatch");
    assert_int_equal(c.fault.http_status, 403);
    assert_memory_equal(c.fault.canonical_request, "DELETE\n/bucket/a%20b//c\n\nhost:", 30);
    assert_memory_equal(c.fault.string_to_sign, "AWS4-HMAC-SHA256\n20130524T000000Z\n", 34);
    auth_fault_clear(&c.fault);
    call_begin_s3(&c);
    c.secret = "another";
    call_sign(&c);
    expect_refused(&c, 403, "SignatureDoesNotMatch", "Check your key and signing method.");
    call_begin_s3(&c);
    c.key_id = "AKIDNOBODY";
    call_sign(&c);
    expect_refused(&c, 403, "InvalidAccessKeyId", "does not exist in our records");
    call_begin_s3(&c);
    call_sign(&c);
    c.request.now_s = MAY_24 + 901;
    expect_refused(&c, 403, "RequestTimeTooSkewed", "too large");
    c.request.now_s = MAY_24 - 901;
    expect_refused(&c, 403, "RequestTimeTooSkewed", "too large");
    c.request.now_s = MAY_24 + 900;
    expect_good(&c);
    call_header(&c, "x-amz-acl", "public-read");
    expect_refused(&c, 403, "AccessDenied", "headers present in the request which were not signed");
}

static void s3_says_what_is_wrong_with_the_header(void **state)
{
    call c;

    (void)state;
    call_begin_s3(&c);
    c.region = "eu-west-1";
    call_sign(&c);
    assert_false(auth_check(&auth_driver_settings, &c.request, "s3", &c.fault));
    assert_string_equal(c.fault.region, "us-east-1");
    auth_fault_clear(&c.fault);
    expect_refused(&c, 400, "AuthorizationHeaderMalformed",
                   "the region 'eu-west-1' is wrong; expecting 'us-east-1'");
    call_begin(&c, "sts");
    call_header(&c, "x-amz-content-sha256", HELLO);
    call_sign(&c);
    expect_refused(&c, 400, "AuthorizationHeaderMalformed", "incorrect service \"sts\"");
    call_begin_s3(&c);
    call_sign(&c);
    call_find(&c, "X-Amz-Date")->value = call_keep(&c, "20130525T000000Z");
    expect_refused(&c, 400, "AuthorizationHeaderMalformed", "Invalid credential date \"20130524\"");
    call_find(&c, "X-Amz-Date")->value = call_keep(&c, "today");
    expect_refused(&c, 403, "AccessDenied", "valid Date or x-amz-date header");
    call_find(&c, "Authorization")->value = call_keep(&c, "AWS4-HMAC-SHA256 Credential=A/b/c");
    expect_refused(&c, 400, "AuthorizationHeaderMalformed", "the Credential is not of the form");
    call_find(&c, "Authorization")->value = call_keep(&c, "AWS " KEY_ID ":c2ln");
    expect_refused(&c, 400, "InvalidRequest", "Please use AWS4-HMAC-SHA256.");
    call_find(&c, "Authorization")->value = call_keep(&c, "Bearer token");
    expect_refused(&c, 400, "InvalidArgument", "Unsupported Authorization Type");
    c.request.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256";
    expect_refused(&c, 400, "InvalidArgument", "Only one auth mechanism allowed");
    call_begin(&c, "s3");
    c.request.query = "AWSAccessKeyId=A&Expires=1&Signature=c2ln";
    expect_refused(&c, 400, "InvalidRequest", "Please use AWS4-HMAC-SHA256.");
}

static void s3_says_what_is_wrong_with_the_query(void **state)
{
    call c;

    (void)state;
    call_begin_presigned(&c);
    call_sign(&c);
    c.request.now_s = MAY_24 + 61;
    expect_refused(&c, 403, "AccessDenied", "Request has expired");
    c.request.now_s = MAY_24 - 901;
    expect_refused(&c, 403, "AccessDenied", "Request is not valid yet");
    call_begin_presigned(&c);
    c.region = "eu-west-1";
    call_sign(&c);
    expect_refused(&c, 400, "AuthorizationQueryParametersError",
                   "the region 'eu-west-1' is wrong; expecting 'us-east-1'");
    call_begin_presigned(&c);
    call_sign(&c);
    c.request.query = call_keep(&c, strchr(c.request.query, '&') + 1);
    expect_refused(&c, 400, "AuthorizationQueryParametersError", "requires the X-Amz-Algorithm,");
    call_begin(&c, "s3");
    c.request.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                      "A%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0&X-Amz-Date="
                      "20130524T000000Z&X-Amz-SignedHeaders=host&X-Amz-Expires=604801";
    expect_refused(&c, 400, "AuthorizationQueryParametersError", "from 1 to 604800");
    c.request.query = "X-Amz-Algorithm=AWS4-X&X-Amz-Credential=A&X-Amz-Signature=0&X-Amz-Date=0&"
                      "X-Amz-SignedHeaders=host&X-Amz-Expires=1";
    expect_refused(&c, 400, "AuthorizationQueryParametersError",
                   "only supports \"AWS4-HMAC-SHA256\"");
}

static void s3_compares_the_body_with_its_hash(void **state)
{
    call c;

    (void)state;
    call_begin_s3(&c);
    call_sign(&c);
    call_body(&c, "hellO");
    expect_refused(&c, 400, "XAmzContentSHA256Mismatch", "does not match what was computed");
    call_begin(&c, "s3");
    c.hash = HELLO;
    call_sign(&c);
    expect_refused(&c, 400, "InvalidRequest",
                   "Missing required header for this request: x-amz-content");
    call_begin(&c, "s3");
    call_header(&c, "x-amz-content-sha256", "0123");
    call_sign(&c);
    expect_refused(&c, 400, "InvalidArgument", "or a valid sha256 value");
    call_begin(&c, "s3");
    call_header(&c, "x-amz-content-sha256", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD");
    call_sign(&c);
    expect_refused(&c, 501, "NotImplemented", "not implemented");
}

static void session_tokens_are_unknown_or_expired(void **state)
{
    call c;

    (void)state;
    call_begin_s3(&c);
    call_header(&c, "x-amz-security-token", "FwoGZXIvYXdz");
    call_sign(&c);
    expect_refused(&c, 400, "InvalidToken", "malformed or otherwise invalid");
    call_begin_s3(&c);
    call_header(&c, "x-amz-security-token", "expired-1");
    call_sign(&c);
    expect_refused(&c, 400, "ExpiredToken", "has expired");
    call_begin_json(&c);
    call_header(&c, "x-amz-security-token", "FwoGZXIvYXdz");
    call_sign(&c);
    expect_refused(&c, 400, "UnrecognizedClientException", "is invalid.");
    call_begin_json(&c);
    call_header(&c, "x-amz-security-token", "expired");
    call_sign(&c);
    expect_refused(&c, 400, "ExpiredTokenException", "is expired");
}

static void the_json_services_say_why(void **state)
{
    call c;

    (void)state;
    call_begin_json(&c);
    expect_refused(&c, 400, "MissingAuthenticationTokenException", "missing Authentication Token");
    c.key_id = "AKIDNOBODY";
    call_sign(&c);
    expect_refused(&c, 400, "UnrecognizedClientException",
                   "security token included in the request is inv");
    call_begin_json(&c);
    call_sign(&c);
    call_body(&c, "hellO");
    expect_refused(&c, 400, "InvalidSignatureException",
                   "does not match the signature you provided");
    call_body(&c, "hello");
    c.request.now_s = MAY_24 + 901;
    expect_refused(&c, 400, "InvalidSignatureException",
                   "Signature expired: 20130524T000000Z is now earlier than 20130524T000001Z "
                   "(20130524T001501Z - 15 min.)");
    c.request.now_s = MAY_24 - 901;
    expect_refused(
        &c, 400, "InvalidSignatureException",
        "Signature not yet current: 20130524T000000Z is still later than 20130523T235959Z");
    c.request.now_s = MAY_24;
    call_find(&c, "X-Amz-Date")->value = call_keep(&c, "20130525T000000Z");
    expect_refused(&c, 400, "InvalidSignatureException", "'20130524' != '20130525'");
    call_find(&c, "Authorization")->value = call_keep(&c, "AWS4-HMAC-SHA256 Signature=0");
    expect_refused(
        &c, 400, "IncompleteSignatureException",
        "Authorization header requires 'Credential' parameter. Authorization header requires "
        "'SignedHeaders' parameter. (");
    call_find(&c, "Authorization")->value = call_keep(&c, "Bearer token");
    expect_refused(&c, 400, "IncompleteSignatureException", "Unsupported AWS 'algorithm'");
    call_begin_json(&c);
    c.region = "eu-west-1";
    call_sign(&c);
    expect_refused(&c, 400, "InvalidSignatureException",
                   "scoped to a valid region, not 'eu-west-1'");
    call_begin_json(&c);
    call_sign(&c);
    c.service = "ssm";
    expect_refused(&c, 400, "InvalidSignatureException", "scoped to correct service: 'ssm'");
    c.service = "dynamodb";
    call_find(&c, "X-Amz-Target")->name = call_keep(&c, "X-Amz-Targex");
    expect_refused(&c, 400, "IncompleteSignatureException",
                   "\"x-amz-target\" is signed but did not come");
}

static void too_much_is_refused_not_read(void **state)
{
    static char query[4096];
    call c;

    (void)state;
    call_begin_s3(&c);
    for (size_t i = 0; i < 200; i++)
        memcpy(query + 2 * i, "a&", 2);
    call_sign(&c);
    c.request.query = query;
    expect_refused(&c, 400, "InvalidRequest", "");
    call_begin_s3(&c);
    call_sign(&c);
    c.request.path = "/a\001";
    expect_refused(&c, 400, "InvalidRequest", "control character");
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
        cmocka_unit_test(too_much_is_refused_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
