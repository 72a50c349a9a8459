/*
 * test_service_error.c - what answers mean, in the shapes that the services publish.
 */
#include "aws/service_error.h"
#include "aws/xml.h"
#include "base/error.h"
#include "cmocka_all.h"

#include <string.h>

typedef struct sample {
    const char *name;
    ic_service service;
    int http_status;
    const char *header_name; /* NULL: none */
    const char *header_value;
    const char *body;
    icecat_status want;
    const char *aws_code;
    const char *in_message; /* part of the message */
} sample;

#define XML(code, rest) "<?xml version=\"1.0\"?>\n<Error><Code>" code "</Code>" rest "</Error>"

static const sample samples[] = {
    { "created", IC_SERVICE_S3, 200, NULL, NULL, "", ICECAT_OK, "", "" },
    { "no bucket", IC_SERVICE_S3, 404, NULL, NULL,
      XML("NoSuchBucket", "<Message>The bucket &quot;x&quot; does not exist</Message>"),
      ICECAT_E_NOT_FOUND, "NoSuchBucket", "The bucket \"x\" does not exist" },
    { "head without body", IC_SERVICE_S3, 404, NULL, NULL, "", ICECAT_E_NOT_FOUND, "", "HTTP 404" },
    { "signature", IC_SERVICE_S3, 403, NULL, NULL,
      XML("SignatureDoesNotMatch", "<StringToSign>AWS4</StringToSign>"), ICECAT_E_AUTH,
      "SignatureDoesNotMatch", "SignatureDoesNotMatch" },
    { "forbidden", IC_SERVICE_S3, 403, NULL, NULL, "", ICECAT_E_ACCESS, "", "no error code" },
    { "slow down", IC_SERVICE_S3, 503, NULL, NULL, XML("SlowDown", ""), ICECAT_E_THROTTLED,
      "SlowDown", "SlowDown" },
    { "moved", IC_SERVICE_S3, 301, "x-amz-bucket-region", "eu-west-1", "", ICECAT_E_REGION, "",
      "the bucket is in region eu-west-1" },
    { "wrong region", IC_SERVICE_S3, 400, NULL, NULL,
      XML("AuthorizationHeaderMalformed", "<Region>us-west-2</Region>"), ICECAT_E_REGION,
      "AuthorizationHeaderMalformed", "us-west-2" },
    { "condition", IC_SERVICE_DYNAMODB, 400, NULL, NULL,
      "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\","
      "\"message\":\"The conditional request failed\"}",
      ICECAT_E_PRECONDITION, "ConditionalCheckFailedException", "The conditional request failed" },
    { "throttled with 400", IC_SERVICE_REKOGNITION, 400, NULL, NULL,
      "{\"__type\":\"ThrottlingException\",\"Message\":\"Slow down\"}", ICECAT_E_THROTTLED,
      "ThrottlingException", "Slow down" },
    { "throttled with 500", IC_SERVICE_REKOGNITION, 500, NULL, NULL,
      "{\"__type\":\"ThrottlingException\"}", ICECAT_E_THROTTLED, "ThrottlingException", "" },
    { "image", IC_SERVICE_REKOGNITION, 400, NULL, NULL,
      "{\"__type\":\"InvalidImageFormatException\",\"Message\":\"Request has invalid image "
      "format\"}",
      ICECAT_E_REJECTED, "InvalidImageFormatException", "invalid image format" },
    { "type in a header", IC_SERVICE_SSM, 400, "x-amzn-errortype",
      "ValidationException:http://internal.example/coral", "{}", ICECAT_E_VALIDATION,
      "ValidationException", "" },
    { "type in a header with a fragment", IC_SERVICE_SSM, 400, "x-amzn-errortype",
      "ns#ValidationException:http://internal.example/coral#x", "{}", ICECAT_E_VALIDATION,
      "ValidationException", "" },
    { "json service that answers in xml", IC_SERVICE_DYNAMODB, 403, NULL, NULL,
      XML("InvalidClientTokenId", ""), ICECAT_E_AUTH, "InvalidClientTokenId", "" },
    { "damaged body", IC_SERVICE_DYNAMODB, 200, "x-amz-crc32", "1", "{}", ICECAT_E_UNAVAILABLE,
      "CRC32Mismatch", "" },
    { "sound body", IC_SERVICE_DYNAMODB, 200, "x-amz-crc32", "2745614147", "{}", ICECAT_OK, "",
      "" },
    { "nonsense", IC_SERVICE_S3, 418, NULL, NULL, "<Error><Code>", ICECAT_E_SERVICE, "",
      "HTTP 418" },
    { "a page of a proxy", IC_SERVICE_S3, 502, NULL, NULL, "<html><body>Bad Gateway</body></html>",
      ICECAT_E_UNAVAILABLE, "", "HTTP 502" },
};

static void run(const sample *s, unsigned error_in_success)
{
    ic_request request;
    ic_response response;
    icecat_error err;
    icecat_status status;

    ic_error_clear(&err);
    ic_request_init(&request, NULL, s->service, "Operation", "POST");
    request.error_in_success = error_in_success != 0;
    ic_response_init(&response, NULL, 65536);
    response.http_status = s->http_status;
    if (s->header_name != NULL)
        ic_pairs_add(&response.headers, s->header_name, s->header_value);
    ic_buf_add_text(&response.body, s->body);
    status = ic_service_error_read(&request, &response, &err);
    if (status != s->want)
        fail_msg("%s: got %s: %s", s->name, icecat_status_name(status), err.message);
    assert_string_equal(err.aws_code, s->aws_code);
    if (strstr(err.message, s->in_message) == NULL)
        fail_msg("%s: \"%s\" lacks \"%s\"", s->name, err.message, s->in_message);
    ic_response_free(&response);
    ic_request_free(&request);
}

static void every_published_shape_has_its_status(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
        run(&samples[i], 0);
}

static void an_error_inside_a_success_is_found_where_it_can_be(void **state)
{
    const sample inside = { "copy",
                            IC_SERVICE_S3,
                            200,
                            NULL,
                            NULL,
                            XML("InternalError", ""),
                            ICECAT_E_UNAVAILABLE,
                            "InternalError",
                            "InternalError" };
    const sample data = { "an object that looks like an error",
                          IC_SERVICE_S3,
                          200,
                          NULL,
                          NULL,
                          XML("InternalError", ""),
                          ICECAT_OK,
                          "",
                          "" };

    (void)state;
    run(&inside, 1);
    run(&data, 0);
}

/* Neither a declaration nor an attribute is where elements are. */
static void elements_are_found_where_they_are(void **state)
{
    static const struct {
        const char *document;
        const char *code;
    } cases[] = {
        { "<?xml version=\"<Code>\"?><!-- <Code>x</Code> --><Error><Code>A</Code></Error>", "A" },
        { "<Error><Code a=\">\" b='\">'>A</Code></Error>", "A" },
        { "<Error><Code a=\"/\" />\n<Code>A</Code></Error>", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[16];
        ic_buf out;

        ic_buf_init_fixed(&out, text, sizeof(text));
        assert_int_equal(ic_xml_text(ic_view_of(cases[i].document), "Code", &out), 1);
        assert_string_equal(text, cases[i].code);
    }
}

static void hostile_bodies_end_in_one_clean_line(void **state)
{
    static const char *const bodies[] = {
        "<Error><Code>Bad\nCode</Code><Message>a\x1b[31mred\r\nline</Message></Error>",
        "<Error><Code/><Message",
        "{\"__type\":17,\"message\":{}}",
        "{",
        "<",
        "<Error>",
        "\xff\xfe<",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        ic_request request;
        ic_response response;
        icecat_error err;

        ic_error_clear(&err);
        ic_request_init(&request, NULL, IC_SERVICE_S3, "GetObject", "GET");
        ic_response_init(&response, NULL, 65536);
        response.http_status = 400;
        ic_buf_add_text(&response.body, bodies[i]);
        assert_int_not_equal(ic_service_error_read(&request, &response, &err), ICECAT_OK);
        for (const char *c = err.message; *c != '\0'; c++)
            assert_true((unsigned char)*c >= 0x20);
        ic_response_free(&response);
        ic_request_free(&request);
    }
}

/* The JSON services answer a wrong signature with what they signed, and that holds the session token. */
static void what_the_service_signed_is_not_repeated(void **state)
{
    static const char *const bodies[] = {
        "{\"__type\":\"InvalidSignatureException\",\"message\":\"No match.\\n\\nThe Canonical "
        "String "
        "should have been\\n'POST\\n/\\n\\nx-amz-security-token:SESSION\\n'\"}",
        "<Error><Code>SignatureDoesNotMatch</Code><Message>No match.\r\n"
        "x-amz-security-token:SESSION</Message></Error>"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        ic_request request;
        ic_response response;
        icecat_error err;

        ic_error_clear(&err);
        ic_request_init(&request, NULL, IC_SERVICE_DYNAMODB, "GetItem", "POST");
        ic_response_init(&response, NULL, 65536);
        response.http_status = 400;
        ic_buf_add_text(&response.body, bodies[i]);
        assert_int_equal(ic_service_error_read(&request, &response, &err), ICECAT_E_AUTH);
        assert_non_null(strstr(err.message, "No match."));
        assert_null(strstr(err.message, "SESSION"));
        ic_response_free(&response);
        ic_request_free(&request);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_shape_has_its_status),
        cmocka_unit_test(an_error_inside_a_success_is_found_where_it_can_be),
        cmocka_unit_test(elements_are_found_where_they_are),
        cmocka_unit_test(hostile_bodies_end_in_one_clean_line),
        cmocka_unit_test(what_the_service_signed_is_not_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
