/*
 * test_rekognition_ssm.c - DetectLabels and GetParameters: requests, answers, labels.
 */
#include "base/error.h"
#include "cmocka_all.h"
#include "fake_transport.h"
#include "services/labels.h"
#include "services/rekognition_request.h"
#include "services/ssm_request.h"

#include <icecat/ssm.h>
#include <stdio.h>
#include <string.h>

static const char answer[] =
    "{\"LabelModelVersion\":\"3.0\",\"Labels\":[{\"Name\":\"Cat\",\"Confidence\":98.5,"
    "\"Aliases\":[{\"Name\":\"Kitty\"}],\"Categories\":[{\"Name\":\"Animals and Pets\"}],"
    "\"Instances\":[{\"Confidence\":97.5,\"BoundingBox\":{\"Left\":0.25,\"Top\":0.5,"
    "\"Width\":0.125,\"Height\":0.0625}},{\"Confidence\":1}],"
    "\"Parents\":[{\"Name\":\"Animal\"},{\"Name\":\"Pet\"}]},"
    "{\"Name\":\"Pet\",\"Confidence\":80,\"Instances\":[],\"Parents\":[]}]}";

static void an_image_in_memory_is_sent_as_base64(void **state)
{
    ic_rekognition_image image = { .bytes = { "abc", 3 } };
    icecat_rekognition_options options = ICECAT_REKOGNITION_OPTIONS_INIT;
    static const char *const include[] = { "Cat", "Dog" };
    ic_request request;

    (void)state;
    options.min_confidence = 72.5;
    options.max_labels = 10;
    options.include = include;
    options.include_count = 2;
    assert_int_equal(ic_rekognition_detect_request(&request, NULL, &image, &options, NULL),
                     ICECAT_OK);
    assert_string_equal(request.body,
                        "{\"Image\":{\"Bytes\":\"YWJj\"},\"MaxLabels\":10,\"MinConfidence\":72.5,"
                        "\"Settings\":{\"GeneralLabels\":{\"LabelInclusionFilters\":[\"Cat\","
                        "\"Dog\"]}}}");
    assert_string_equal(ic_pairs_get(&request.headers, "x-amz-target"),
                        "RekognitionService.DetectLabels");
    assert_string_equal(ic_pairs_get(&request.headers, "content-type"),
                        "application/x-amz-json-1.1");
    ic_request_free(&request);
}

static void an_object_is_named_not_sent(void **state)
{
    ic_rekognition_image image = { .bucket = "pictures", .key = "a/\"b\".jpg" };
    icecat_rekognition_options options = ICECAT_REKOGNITION_OPTIONS_INIT;
    ic_request request;

    (void)state;
    assert_int_equal(ic_rekognition_detect_request(&request, NULL, &image, &options, NULL),
                     ICECAT_OK);
    assert_string_equal(request.body, "{\"Image\":{\"S3Object\":{\"Bucket\":\"pictures\","
                                      "\"Name\":\"a/\\\"b\\\".jpg\"}}}");
    ic_request_free(&request);
}

static void more_than_5_mb_is_refused_before_it_is_sent(void **state)
{
    const fake_answer answers[] = { { 200, ICECAT_OK, NULL, answer } };
    static char data[ICECAT_REKOGNITION_MAX_BYTES + 1];
    icecat_client *client = fake_client_new(NULL, 1);
    icecat_labels *labels = NULL;
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    assert_int_equal(
        icecat_rekognition_detect_labels(client, data, sizeof(data), NULL, &labels, NULL),
        ICECAT_E_LIMIT);
    assert_int_equal(fake.started, 0);
    assert_int_equal(
        icecat_rekognition_detect_labels(client, data, sizeof(data) - 1, NULL, &labels, NULL),
        ICECAT_OK);
    assert_int_equal(icecat_labels_count(labels), 2);
    icecat_labels_free(labels);
    icecat_client_free(client);
}

static void labels_are_read_whole(void **state)
{
    icecat_label_box box = ICECAT_LABEL_BOX_INIT;
    icecat_labels *labels = NULL;

    (void)state;
    assert_int_equal(ic_labels_parse(NULL, ic_view_of(answer), &labels, NULL), ICECAT_OK);
    assert_string_equal(icecat_labels_name(labels, 0), "Cat");
    assert_string_equal(icecat_labels_parent(labels, 0, 1), "Pet");
    assert_null(icecat_labels_parent(labels, 0, 2));
    assert_string_equal(icecat_labels_alias(labels, 0, 0), "Kitty");
    assert_null(icecat_labels_name(labels, 2));
    assert_int_equal(icecat_labels_box(labels, 0, 0, &box), 1);
    assert_true(box.left == 0.25 && box.top == 0.5 && box.width == 0.125 && box.height == 0.0625);
    assert_int_equal(icecat_labels_box(labels, 0, 1, &box), 0);
    assert_string_equal(icecat_labels_json(labels),
                        "[{\"name\":\"Cat\",\"confidence\":98.5,\"parents\":[\"Animal\",\"Pet\"],"
                        "\"boxes\":[{\"left\":0.25,\"top\":0.5,\"width\":0.125,\"height\":0.0625,"
                        "\"confidence\":97.5}]},"
                        "{\"name\":\"Pet\",\"confidence\":80,\"parents\":[]}]");
    assert_string_equal(icecat_labels_response(labels), answer);
    icecat_labels_free(labels);
}

static void answers_that_are_not_labels_are_a_protocol_error(void **state)
{
    static const char *const bad[] = { "",
                                       "{}",
                                       "[]",
                                       "{\"Labels\":{}}",
                                       "{\"Labels\":[1]}",
                                       "{\"Labels\":[{\"Name\":\"Cat\"}]}",
                                       "{\"Labels\":[{\"Name\":1,\"Confidence\":1}]}" };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        icecat_labels *labels = NULL;

        assert_int_equal(ic_labels_parse(NULL, ic_view_of(bad[i]), &labels, NULL),
                         ICECAT_E_PROTOCOL);
        assert_null(labels);
    }
}

static void an_image_that_is_refused_for_good_is_not_tried_again(void **state)
{
    const fake_answer answers[] = { { 400, ICECAT_OK, NULL,
                                      "{\"__type\":\"InvalidImageFormatException\","
                                      "\"Message\":\"Request has invalid image format\"}" } };
    icecat_client *client = fake_client_new(NULL, 3);
    icecat_labels *labels = NULL;
    fake_transport fake;
    icecat_error err;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    assert_int_equal(
        icecat_rekognition_detect_labels_s3(client, "pictures", "k", NULL, &labels, &err),
        ICECAT_E_REJECTED);
    assert_int_equal(fake.started, 1);
    assert_string_equal(err.aws_code, "InvalidImageFormatException");
    icecat_client_free(client);
}

static void twelve_parameters_are_two_requests(void **state)
{
    const fake_answer answers[] = {
        { 200, ICECAT_OK, NULL,
          "{\"Parameters\":[{\"Name\":\"/a/0\",\"Value\":\"zero\",\"Type\":\"String\"}],"
          "\"InvalidParameters\":[\"/a/1\"]}" },
        { 200, ICECAT_OK, NULL,
          "{\"Parameters\":[{\"Name\":\"/a/"
          "11\",\"Value\":\"eleven\",\"Type\":\"SecureString\"}]}" }
    };
    static const char *const names[] = { "/a/0", "/a/1", "/a/2", "/a/3", "/a/4",  "/a/5",
                                         "/a/6", "/a/7", "/a/8", "/a/9", "/a/10", "/a/11" };
    icecat_client *client = fake_client_new(NULL, 1);
    icecat_parameters *parameters = NULL;
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 2);
    assert_int_equal(icecat_ssm_get_parameters(client, names, 12, NULL, &parameters, NULL),
                     ICECAT_OK);
    assert_int_equal(fake.started, 2);
    assert_int_equal(icecat_parameters_count(parameters), 2);
    assert_string_equal(icecat_parameters_get(parameters, "/a/11"), "eleven");
    assert_null(icecat_parameters_get(parameters, "/a/1"));
    assert_string_equal(icecat_parameters_name(parameters, 0), "/a/0");
    icecat_parameters_free(parameters);
    icecat_client_free(client);
}

static void parameters_are_asked_for_decrypted(void **state)
{
    static const char *const names[] = { "/a/b" };
    ic_request request;

    (void)state;
    assert_int_equal(ic_ssm_get_request(&request, NULL, names, 1, NULL), ICECAT_OK);
    assert_string_equal(request.body, "{\"WithDecryption\":true,\"Names\":[\"/a/b\"]}");
    ic_request_free(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_in_memory_is_sent_as_base64),
        cmocka_unit_test(an_object_is_named_not_sent),
        cmocka_unit_test(more_than_5_mb_is_refused_before_it_is_sent),
        cmocka_unit_test(labels_are_read_whole),
        cmocka_unit_test(answers_that_are_not_labels_are_a_protocol_error),
        cmocka_unit_test(an_image_that_is_refused_for_good_is_not_tried_again),
        cmocka_unit_test(twelve_parameters_are_two_requests),
        cmocka_unit_test(parameters_are_asked_for_decrypted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
