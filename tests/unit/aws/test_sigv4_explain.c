/*
 * test_sigv4_explain.c - why a service found another signature, in one sentence.
 */
#include "base/json.h"
#include "cmocka_all.h"

#include <icecat/sigv4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define CANONICAL                                                                                  \
    "PUT\n/a%20b\nx=1&y=2\nhost:h:9000\nx-amz-date:20130524T000000Z\n"                             \
    "x-amz-security-token:canary-token\n\nhost;x-amz-date;x-amz-security-token\n" HASH
#define TO_SIGN                                                                                    \
    "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"                     \
    "1111111111111111111111111111111111111111111111111111111111111111"
#define OTHER_HASH                                                                                 \
    "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"                     \
    "2222222222222222222222222222222222222222222222222222222222222222"

static char answer[16384];
static icecat_sigv4_explanation told;

static void explain(void)
{
    icecat_sigv4_result ours = ICECAT_SIGV4_RESULT_INIT;
    char scratch[2 * sizeof(answer) + 16];
    icecat_error err;

    ours.canonical_request = CANONICAL;
    ours.string_to_sign = TO_SIGN;
    told = (icecat_sigv4_explanation)ICECAT_SIGV4_EXPLANATION_INIT;
    if (icecat_sigv4_explain(&ours, answer, strlen(answer), scratch, sizeof(scratch), &told,
                             &err) != ICECAT_OK)
        fail_msg("%s", err.message);
    assert_null(strstr(told.text, "canary-token"));
    assert_null(strchr(told.text, '\n'));
    assert_true(strlen(told.text) > 20 && strlen(told.text) < sizeof(told.text) - 1);
}

static void add(const char *text)
{
    snprintf(answer + strlen(answer), sizeof(answer) - strlen(answer), "%s", text);
}

static void add_xml(const char *text)
{
    for (; *text != '\0'; text++)
        add(*text == '&' ? "&amp;" : *text == '"' ? "&quot;" : (char[]){ *text, '\0' });
}

static void add_bytes(const char *text)
{
    char hex[4];

    for (const char *c = text; *c != '\0'; c++) {
        snprintf(hex, sizeof(hex), "%s%02x", c == text ? "" : " ", (unsigned char)*c);
        add(hex);
    }
}

static void answer_as_s3(const char *canonical, const char *to_sign)
{
    strcpy(answer,
           "<?xml version=\"1.0\"?>\n<Error><Code>SignatureDoesNotMatch</Code><StringToSign>");
    add_xml(to_sign);
    add("</StringToSign><StringToSignBytes>");
    add_bytes(to_sign);
    add("</StringToSignBytes><CanonicalRequest>");
    add_xml(canonical);
    add("</CanonicalRequest><CanonicalRequestBytes>");
    add_bytes(canonical);
    add("</CanonicalRequestBytes></Error>");
}

static void expect(icecat_sigv4_difference difference, uint32_t line, const char *words)
{
    explain();
    if (told.difference != (int32_t)difference || told.line != line ||
        strstr(told.text, words) == NULL)
        fail_msg("want %d, line %u, \"%s\"; got %d, line %u, \"%s\"", (int)difference, line, words,
                 told.difference, told.line, told.text);
}

/* Replace @p from, which must be there, in our canonical request. */
static void service_saw(const char *from, const char *to)
{
    const char *at = strstr(CANONICAL, from);
    char changed[1024];

    assert_non_null(at);
    snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - CANONICAL), CANONICAL, to,
             at + strlen(from));
    answer_as_s3(changed, OTHER_HASH);
}

static void equal_texts_mean_another_secret(void **state)
{
    (void)state;
    answer_as_s3(CANONICAL, TO_SIGN);
    expect(ICECAT_SIGV4_SAME, 0, "the secret access key is not the one of this access key id");
}

static void each_part_of_the_request_is_named(void **state)
{
    (void)state;
    service_saw("PUT", "POST");
    expect(ICECAT_SIGV4_DIFFERENT_METHOD, 1, "the method \"POST\" where \"PUT\" was signed");
    service_saw("/a%20b", "/a+b");
    expect(ICECAT_SIGV4_DIFFERENT_PATH, 2, "the path \"/a+b\" where \"/a%20b\" was signed");
    service_saw("y=2", "y=3");
    expect(ICECAT_SIGV4_DIFFERENT_QUERY, 3, "the query parameter \"y\"");
    service_saw("x=1&y=2", "x=1&y=2&z=3");
    expect(ICECAT_SIGV4_DIFFERENT_QUERY, 3, "the query parameter \"z\"");
    service_saw("x=1&y=2", "");
    expect(ICECAT_SIGV4_DIFFERENT_QUERY, 3, "the query parameter \"x\"");
    service_saw("host:h:9000", "host:inner");
    expect(ICECAT_SIGV4_DIFFERENT_HEADER, 4,
           "the header host \"inner\" where \"h:9000\" was signed: set the endpoint URL");
    service_saw("\nx-amz-date:20130524T000000Z", "");
    expect(ICECAT_SIGV4_DIFFERENT_HEADER, 5, "the header x-amz-date was signed but");
    service_saw("host;x-amz-date;", "host;");
    expect(ICECAT_SIGV4_DIFFERENT_HEADER_LIST, 8, "the list of signed headers");
    service_saw(HASH, "UNSIGNED-PAYLOAD");
    expect(ICECAT_SIGV4_DIFFERENT_PAYLOAD, 9, "the payload hash \"UNSIGNED-PAYLOAD\" where");
}

static void values_that_may_be_secret_are_not_shown(void **state)
{
    (void)state;
    service_saw("canary-token", "canary-token-changed");
    expect(ICECAT_SIGV4_DIFFERENT_HEADER, 6,
           "the header x-amz-security-token reached the service with another value");
}

static void clock_region_and_service_are_named_before_the_request(void **state)
{
    (void)state;
    answer_as_s3("?", "AWS4-HMAC-SHA256\n20130524T000001Z\n20130524/us-east-1/s3/aws4_request\n0");
    expect(ICECAT_SIGV4_DIFFERENT_DATE, 2, "set the clock");
    answer_as_s3("?", "AWS4-HMAC-SHA256\n20130524T000000Z\n20130525/us-east-1/s3/aws4_request\n0");
    expect(ICECAT_SIGV4_DIFFERENT_SCOPE, 3, "the day \"20130525\" where \"20130524\" was signed");
    answer_as_s3("?", "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/eu-west-1/s3/aws4_request\n0");
    expect(ICECAT_SIGV4_DIFFERENT_SCOPE, 3, "the region \"eu-west-1\" where \"us-east-1\"");
    answer_as_s3("?", "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/sts/aws4_request\n0");
    expect(ICECAT_SIGV4_DIFFERENT_SCOPE, 3, "the service \"sts\" where \"s3\" was signed");
    answer_as_s3("?", "AWS4-ECDSA-P256-SHA256\n");
    expect(ICECAT_SIGV4_DIFFERENT_ALGORITHM, 1, "another kind of signature");
}

static void answer_as_json(const char *canonical, const char *to_sign)
{
    char message[4096];
    ic_buf out;

    snprintf(message, sizeof(message),
             "The request signature we calculated does not match the signature you provided.\n\n"
             "The Canonical String for this request should have been\n'%s'\n\n"
             "The String-to-Sign should have been\n'%s'\n",
             canonical, to_sign);
    ic_buf_init_fixed(&out, answer, sizeof(answer));
    ic_buf_add_text(&out, "{\"__type\":\"InvalidSignatureException\",\"message\":");
    ic_json_write_text(&out, message);
    ic_buf_add_char(&out, '}');
    assert_int_equal(ic_buf_status(&out), ICECAT_OK);
}

static void the_message_of_a_json_service_is_read(void **state)
{
    (void)state;
    answer_as_json(CANONICAL, TO_SIGN);
    expect(ICECAT_SIGV4_SAME, 0, "secret access key");
    answer_as_json("PUT\n/it's", OTHER_HASH);
    expect(ICECAT_SIGV4_DIFFERENT_PATH, 2, "the path \"/it's\" where");
}

static void texts_without_their_bytes_are_enough(void **state)
{
    (void)state;
    strcpy(answer, "<Error><CanonicalRequest>");
    add_xml("PUT\n/a%20b\nx=1&y=4\n");
    add("</CanonicalRequest></Error>");
    expect(ICECAT_SIGV4_DIFFERENT_QUERY, 3, "the query parameter \"y\"");
    strcpy(answer, "<Error><CanonicalRequest>");
    add_xml(CANONICAL);
    add("</CanonicalRequest></Error>");
    expect(ICECAT_SIGV4_SAME, 0, "secret access key");
}

static void numbered_characters_of_xml_are_read(void **state)
{
    (void)state;
    strcpy(answer,
           "<Error><CanonicalRequest>PUT&#10;/&#xe9;&#x1F408;&#xa;</CanonicalRequest></Error>");
    expect(ICECAT_SIGV4_DIFFERENT_PATH, 2, "the path \"/\xc3\xa9\xf0\x9f\x90\x88\" where");
    strcpy(answer,
           "<Error><CanonicalRequest>PUT\n/&#0;&#xd800;&#x110000;&#;&#1</CanonicalRequest>");
    expect(ICECAT_SIGV4_DIFFERENT_PATH, 2, "\"/&#0;&#xd800;&#x110000;&#;&#1\"");
}

static void an_answer_that_tells_nothing_gets_general_advice(void **state)
{
    static const char *const answers[] = { "",
                                           "<Error><Code>SignatureDoesNotMatch</Code></Error>",
                                           "{}",
                                           "{\"message\":\"no\"}",
                                           "{",
                                           "not a document",
                                           "<Error><StringToSign>unclosed" };

    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        strcpy(answer, answers[i]);
        expect(ICECAT_SIGV4_UNTOLD, 0, "check the secret access key, the clock and the region");
    }
}

static void long_and_hostile_texts_stay_bounded(void **state)
{
    char path[3000] = "PUT\n/";

    (void)state;
    memset(path + 5, '\xc3', sizeof(path) - 6);
    for (size_t i = 6; i < sizeof(path) - 1; i += 2)
        path[i] = '\xa9';
    path[sizeof(path) - 1] = '\0';
    answer_as_s3(path, OTHER_HASH);
    expect(ICECAT_SIGV4_DIFFERENT_PATH, 2, "...\" where \"/a%20b\" was signed");
    service_saw("/a%20b", "/\x1b[31m\"");
    expect(ICECAT_SIGV4_DIFFERENT_PATH, 2, "the path \"/?[31m?\" where");
}

static void too_little_scratch_is_as_if_nothing_was_told(void **state)
{
    icecat_sigv4_result ours = ICECAT_SIGV4_RESULT_INIT;
    char scratch[16384];

    (void)state;
    ours.canonical_request = CANONICAL;
    ours.string_to_sign = TO_SIGN;
    answer_as_s3(CANONICAL, TO_SIGN);
    for (size_t size = 1; size < sizeof(scratch); size += 7) {
        char *exact = malloc(size);

        told = (icecat_sigv4_explanation)ICECAT_SIGV4_EXPLANATION_INIT;
        assert_int_equal(
            icecat_sigv4_explain(&ours, answer, strlen(answer), exact, size, &told, NULL),
            ICECAT_OK);
        assert_true(told.difference == ICECAT_SIGV4_UNTOLD || told.difference == ICECAT_SIGV4_SAME);
        free(exact);
    }
    assert_int_equal(told.difference, ICECAT_SIGV4_SAME);
}

static void bad_arguments_are_refused(void **state)
{
    icecat_sigv4_result ours = ICECAT_SIGV4_RESULT_INIT;
    char scratch[8];

    (void)state;
    told = (icecat_sigv4_explanation)ICECAT_SIGV4_EXPLANATION_INIT;
    assert_int_equal(icecat_sigv4_explain(NULL, "", 0, scratch, 8, &told, NULL), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_sigv4_explain(&ours, "", 0, scratch, 8, &told, NULL),
                     ICECAT_E_ARGUMENT);
    ours.canonical_request = ours.string_to_sign = "";
    assert_int_equal(icecat_sigv4_explain(&ours, NULL, 1, scratch, 8, &told, NULL),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_sigv4_explain(&ours, "", 0, scratch, 8, NULL, NULL), ICECAT_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_mean_another_secret),
        cmocka_unit_test(each_part_of_the_request_is_named),
        cmocka_unit_test(values_that_may_be_secret_are_not_shown),
        cmocka_unit_test(clock_region_and_service_are_named_before_the_request),
        cmocka_unit_test(the_message_of_a_json_service_is_read),
        cmocka_unit_test(texts_without_their_bytes_are_enough),
        cmocka_unit_test(numbered_characters_of_xml_are_read),
        cmocka_unit_test(an_answer_that_tells_nothing_gets_general_advice),
        cmocka_unit_test(long_and_hostile_texts_stay_bounded),
        cmocka_unit_test(too_little_scratch_is_as_if_nothing_was_told),
        cmocka_unit_test(bad_arguments_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
