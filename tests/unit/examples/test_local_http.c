/*
 * test_local_http.c - what icecat-local's server and its JSON protocols make of bytes (pure parts).
 */
#include "cmocka_all.h"
#include "digest.h"
#include "json_service.h"
#include "refusal.h"
#include "server_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *header_of(const http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        if (strcmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    }
    return "";
}

static void targets_are_split(void **state)
{
    server_target target;

    (void)state;
    assert_true(server_target_read("/a%2Fb//c?x=1&y=?2", &target));
    assert_string_equal(target.path, "/a%2Fb//c");
    assert_string_equal(target.query, "x=1&y=?2");
    server_target_clear(&target);
    assert_true(server_target_read("http://127.0.0.1:80", &target));
    assert_string_equal(target.path, "/");
    assert_string_equal(target.query, "");
    server_target_clear(&target);
    assert_true(server_target_read("http://host/a?b", &target));
    assert_string_equal(target.path, "/a");
    assert_string_equal(target.query, "b");
    server_target_clear(&target);
    assert_false(server_target_read("*", &target));
    assert_true(target.malformed);
    assert_false(server_target_read(NULL, &target));
}

static void ids_differ(void **state)
{
    char one[40];
    char two[40];

    (void)state;
    assert_true(server_request_id(one));
    assert_true(server_request_id(two));
    assert_int_equal(strlen(one), 36);
    assert_string_not_equal(one, two);
}

static void logs_show_text_only(void **state)
{
    char out[8];

    (void)state;
    server_copy_printable(out, sizeof(out), "a\x1b[2Jb c\xc3\xa9");
    assert_string_equal(out, "a?[2Jb?");
}

static void dynamodb_answers_have_a_checksum(void **state)
{
    json_answer said = { 200, NULL, cJSON_Parse("{\"a\":1}") };
    http_answer answer = { 0 };

    (void)state;
    json_service_answer(&answer, "dynamodb", &said);
    assert_int_equal(answer.status, 200);
    assert_string_equal((char *)answer.body, "{\"a\":1}");
    assert_string_equal(header_of(&answer, "Content-Type"), "application/x-amz-json-1.0");
    assert_int_equal(strtoul(header_of(&answer, "x-amz-crc32"), NULL, 10),
                     digest_crc32(answer.body, answer.body_len));
    http_answer_clear(&answer);
    /* Without a body memory ran out, and the server makes a 500 of it. */
    json_service_answer(&answer, "ssm", &said);
    assert_true(answer.failed);
    http_answer_clear(&answer);
}

static http_answer read_request(const char *method, const char *target, const char *body)
{
    char name[] = "X-Amz-Target";
    char value[64];
    http_header headers[] = { { name, value } };
    http_request request = { .method = method, .path = "/", .query = "", .headers = headers };
    http_answer answer = { 0 };
    json_request read;

    snprintf(value, sizeof(value), "%s", target == NULL ? "" : target);
    request.header_count = target == NULL ? 0 : 1;
    if (json_service_read(&request, "ssm", (const unsigned char *)body, strlen(body), &read,
                          &answer)) {
        assert_string_equal(read.operation, "GetParameter");
        assert_true(cJSON_IsObject(read.input));
        cJSON_Delete(read.input);
    }
    return answer;
}

static void expect_error(const char *method, const char *target, const char *body, const char *type)
{
    http_answer answer = read_request(method, target, body);

    assert_int_equal(answer.status, type == NULL ? 0 : 400);
    assert_string_equal(header_of(&answer, "x-amzn-ErrorType"), type == NULL ? "" : type);
    http_answer_clear(&answer);
}

static void json_requests_are_checked(void **state)
{
    const char *target = "AmazonSSM.GetParameter";

    (void)state;
    expect_error("POST", target, "{}", NULL);
    expect_error("POST", target, " {} \r\n", NULL);
    expect_error("GET", target, "{}", "UnknownOperationException");
    expect_error("POST", NULL, "{}", "UnknownOperationException");
    expect_error("POST", "DynamoDB_20120810.GetItem", "{}", "UnknownOperationException");
    expect_error("POST", target, "", "SerializationException");
    expect_error("POST", target, "{", "SerializationException");
    expect_error("POST", target, "{}{}", "SerializationException");
}

static void refused_signatures_have_each_services_shape(void **state)
{
    char canonical[] = "GET\n/a&b\n";
    char to_sign[] = "AWS4-HMAC-SHA256\n<";
    auth_fault fault = { .http_status = 403,
                         .code = "SignatureDoesNotMatch",
                         .message = "differs",
                         .canonical_request = canonical,
                         .string_to_sign = to_sign };
    http_request request = { .method = "GET", .path = "/a", .query = "" };
    http_answer answer = { 0 };

    (void)state;
    refusal_auth(&answer, &request, "s3", &fault);
    assert_int_equal(answer.status, 403);
    assert_non_null(strstr((char *)answer.body, "<Code>SignatureDoesNotMatch</Code>"));
    assert_non_null(strstr((char *)answer.body, "<StringToSign>AWS4-HMAC-SHA256"));
    assert_non_null(strstr((char *)answer.body, "&lt;</StringToSign><CanonicalRequest>GET"));
    assert_non_null(strstr((char *)answer.body, "/a&amp;b"));
    assert_non_null(strstr((char *)answer.body, "</CanonicalRequest></Error>"));
    http_answer_clear(&answer);
    fault.code = "InvalidSignatureException";
    fault.http_status = 400;
    refusal_auth(&answer, &request, "dynamodb", &fault);
    assert_int_equal(answer.status, 400);
    assert_string_equal((char *)answer.body,
                        "{\"__type\":\"com.amazon.coral.service#InvalidSignatureException\","
                        "\"message\":\"differs\\n\\nThe Canonical String for this request should "
                        "have been\\n'GET\\n/a&b\\n'\\n\\nThe String-to-Sign should have been\\n"
                        "'AWS4-HMAC-SHA256\\n<'\\n\"}");
    http_answer_clear(&answer);
    /* A fault that was found before anything was signed has nothing to show. */
    fault.canonical_request = NULL;
    refusal_auth(&answer, &request, "ssm", &fault);
    assert_string_equal((char *)answer.body,
                        "{\"__type\":\"InvalidSignatureException\",\"message\":\"differs\"}");
    http_answer_clear(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_split),
        cmocka_unit_test(ids_differ),
        cmocka_unit_test(logs_show_text_only),
        cmocka_unit_test(dynamodb_answers_have_a_checksum),
        cmocka_unit_test(json_requests_are_checked),
        cmocka_unit_test(refused_signatures_have_each_services_shape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
