/*
 * test_process.c - one object through process: what is asked, what is recorded, where it goes.
 */
#include "cmocka_all.h"
#include "process_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void test_cat(void **state)
{
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, KEY, 100);
    assert_int_equal(fixture_process(&f, KEY), ICECAT_OK);
    assert_int_equal(f.result.action, ICECAT_PROCESSED);
    assert_int_equal(f.result.is_cat, 1);
    assert_int_equal(f.result.label_count, 2);
    assert_true(f.result.confidence > 98.24 && f.result.confidence < 98.26);
    assert_true(f.result.batch_id == BATCH_ID);
    assert_string_equal(f.result.fingerprint, FINGERPRINT);
    assert_string_equal(f.result.fail_code, "");
    fixture_assert_settled(&f, KEY, "success", DST);
    assert_string_equal(f.aws.trace, "GetObject PutItem DetectLabels CopyObject UpdateItem "
                                     "DeleteObject ");
    assert_int_equal(f.aws.writes, 2);
    fixture_close(&f);
}

static void test_record_of_a_cat(void **state)
{
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, KEY, 100);
    assert_int_equal(fixture_process(&f, KEY), ICECAT_OK);
    assert_string_equal(fixture_attribute(&f, "batch_id"), "1744377772123456");
    assert_string_equal(fixture_attribute(&f, "img_fprint"), FINGERPRINT);
    assert_string_equal(fixture_attribute(&f, "client_id"), "tester");
    assert_string_equal(fixture_attribute(&f, "file_name"), "Gr\xc3\xbc\xc3\x9f"
                                                            "e + Katze.png");
    assert_string_equal(fixture_attribute(&f, "current_date"), "2025-04-11-13");
    assert_string_equal(fixture_attribute(&f, "upload_ts"), "1744377773");
    assert_string_equal(fixture_attribute(&f, "rek_iscat"), "True");
    assert_string_equal(fixture_attribute(&f, "rek_confidence"), "98.25");
    assert_string_equal(fixture_attribute(&f, "labels"),
                        "[{\"name\":\"Animal\",\"confidence\":99.5,\"parents\":[]},"
                        "{\"name\":\"Cat\",\"confidence\":98.25,\"parents\":[\"Animal\"],\"boxes\":"
                        "[{\"left\":0.25,\"top\":0.25,\"width\":0.5,\"height\":0.5,"
                        "\"confidence\":98.25}]}]");
    assert_true(atoll(fixture_attribute(&f, "rek_ts")) > 1744377773);
    assert_null(fixture_attribute(&f, "fail_code"));
    assert_null(fixture_attribute(&f, "logs"));
    fixture_close(&f);
}

static void test_no_cat(void **state)
{
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, KEY, 100);
    f.aws.detect_body = "{\"Labels\":[{\"Name\":\"Teapot\",\"Confidence\":91}]}";
    assert_int_equal(fixture_process(&f, KEY), ICECAT_OK);
    assert_int_equal(f.result.action, ICECAT_PROCESSED);
    assert_int_equal(f.result.is_cat, 0);
    assert_string_equal(fixture_attribute(&f, "rek_iscat"), "False");
    assert_string_equal(fixture_attribute(&f, "rek_confidence"), "0");
    fixture_assert_settled(&f, KEY, "success", DST);
    fixture_close(&f);
}

/* Only the head of a large file is read; Rekognition gets the place, not the bytes. */
static void test_large_picture(void **state)
{
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, KEY, 400);
    assert_int_equal(fixture_process(&f, KEY), ICECAT_OK);
    fixture_assert_settled(&f, KEY, "success", DST);
    assert_non_null(strstr(f.aws.detect_request, "\"S3Object\":{\"Bucket\":\"" SRC "\""));
    assert_non_null(strstr(f.aws.detect_request, "\"MinConfidence\":75"));
    assert_null(strstr(f.aws.detect_request, "Bytes"));
    fixture_close(&f);
}

static void test_refused_header(void **state)
{
    static const struct {
        const char *data;
        size_t len;
        const char *code;
    } cases[] = {
        { "this is no picture", 18, "foreign" },
        { "", 0, "empty" },
        { "RIFF\x24\0\0\0WEBPVP8 ", 16, "foreign" },
        { "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16, "truncated" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fixture f;

        fixture_open(&f, NULL);
        fake_aws_put(&f.aws, SRC, KEY, cases[i].data, cases[i].len, "a.png");
        assert_int_equal(fixture_process(&f, KEY), ICECAT_OK);
        assert_int_equal(f.result.action, ICECAT_PROCESSED_REFUSED);
        assert_string_equal(f.result.fail_code, cases[i].code);
        assert_string_equal(fixture_attribute(&f, "fail_code"), cases[i].code);
        assert_true(strlen(fixture_attribute(&f, "fail_reason")) > 10);
        assert_string_equal(fixture_attribute(&f, "file_name"), "a.png");
        assert_null(fixture_attribute(&f, "rek_iscat"));
        fixture_assert_settled(&f, KEY, "fail", BAD);
        assert_int_equal(fake_aws_count(&f.aws, "DetectLabels"), 0);
        assert_int_equal(f.aws.writes, 2);
        fixture_close(&f);
    }
}

static void test_too_small(void **state)
{
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, KEY, 79);
    assert_int_equal(fixture_process(&f, KEY), ICECAT_OK);
    assert_string_equal(f.result.fail_code, "too-small");
    fixture_assert_settled(&f, KEY, "fail", BAD);
    fixture_close(&f);
}

static void test_refused_by_rekognition(void **state)
{
    static const char *const codes[] = { "InvalidImageFormatException", "ImageTooLargeException",
                                         "InvalidParameterException" };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        fixture f;
        char body[128];

        fixture_open(&f, NULL);
        fixture_upload(&f, KEY, 100);
        snprintf(body, sizeof(body), "{\"__type\":\"%s\",\"message\":\"no\"}", codes[i]);
        f.aws.detect_status = 400;
        f.aws.detect_body = body;
        assert_int_equal(fixture_process(&f, KEY), ICECAT_OK);
        assert_int_equal(f.result.action, ICECAT_PROCESSED_REFUSED);
        assert_string_equal(f.result.fail_code, codes[i]);
        fixture_assert_settled(&f, KEY, "fail", BAD);
        fixture_close(&f);
    }
}

static void test_wrong_key(void **state)
{
    const fake_object *moved;
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, "holiday/cat 1.png", 100);
    assert_int_equal(fixture_process(&f, "holiday/cat 1.png"), ICECAT_E_KEY);
    assert_int_equal(f.result.action, 0);
    assert_true(f.result.batch_id == 0);
    assert_string_equal(f.aws.trace, "HeadObject CopyObject DeleteObject ");
    moved = fake_aws_find(&f.aws, BAD, "holiday/cat 1.png");
    assert_non_null(moved);
    assert_string_equal(moved->reason, f.error.message);
    assert_string_equal(f.error.aws_code, "");
    assert_non_null(strstr(moved->reason, "fewer than 5 parts"));
    assert_string_equal(moved->file_name, "Gr%C3%BC%C3%9Fe%20%2B%20Katze.png");
    assert_int_equal(fake_aws_copies(&f.aws, "holiday/cat 1.png"), 1);
    assert_int_equal(cJSON_GetArraySize(f.aws.items), 0);
    /* Again: the object is gone, the answer is the same. */
    assert_int_equal(fixture_process(&f, "holiday/cat 1.png"), ICECAT_E_KEY);
    assert_int_equal(fake_aws_copies(&f.aws, "holiday/cat 1.png"), 1);
    assert_int_equal(fixture_process(&f, ""), ICECAT_E_KEY);
    fixture_close(&f);
}

static void test_wrong_key_keeps_what_its_reason_would_displace(void **state)
{
    char long_name[1100];
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, "packed.png", 100);
    snprintf(fake_aws_find(&f.aws, SRC, "packed.png")->encoding, 32, "gzip");
    assert_int_equal(fixture_process(&f, "packed.png"), ICECAT_E_KEY);
    assert_string_equal(fake_aws_find(&f.aws, BAD, "packed.png")->encoding, "gzip");
    assert_string_equal(fake_aws_find(&f.aws, BAD, "packed.png")->reason, "");

    /* A reason of an earlier time does not stay, and a key that no header can hold does not harm. */
    fixture_upload(&f, "k\xc3\xa4tzchen.png", 100);
    snprintf(fake_aws_find(&f.aws, SRC, "k\xc3\xa4tzchen.png")->reason, 512, "an old one");
    assert_int_equal(fixture_process(&f, "k\xc3\xa4tzchen.png"), ICECAT_E_KEY);
    assert_non_null(strstr(fake_aws_find(&f.aws, BAD, "k\xc3\xa4tzchen.png")->reason,
                           "\"k??tzchen.png\" is not one of ours"));

    fixture_upload(&f, "odd.png", 100);
    snprintf(fake_aws_find(&f.aws, SRC, "odd.png")->file_name, 512, "latin-1 \xe4.png");
    assert_int_equal(fixture_process(&f, "odd.png"), ICECAT_E_KEY);
    assert_string_equal(fake_aws_find(&f.aws, BAD, "odd.png")->file_name, "latin-1 \xe4.png");
    assert_string_equal(fake_aws_find(&f.aws, BAD, "odd.png")->reason, "");

    memset(long_name, 'k', sizeof(long_name));
    long_name[1025] = '\0';
    assert_int_equal(fixture_process(&f, long_name), ICECAT_E_KEY);
    fixture_close(&f);
}

static void test_wrong_key_that_cannot_be_moved(void **state)
{
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, "x.png", 100);
    f.aws.failing = "CopyObject";
    f.aws.fail_status = 503;
    f.aws.fail_body = "<Error><Code>SlowDown</Code></Error>";
    assert_int_equal(fixture_process(&f, "x.png"), ICECAT_E_THROTTLED);
    assert_int_equal(f.error.status, ICECAT_E_THROTTLED);
    f.aws.failing = NULL;
    f.aws.missing_bucket = BAD;
    assert_int_equal(fixture_process(&f, "x.png"), ICECAT_E_NOT_FOUND);
    assert_non_null(fake_aws_find(&f.aws, SRC, "x.png"));
    fixture_close(&f);
}

static void test_arguments(void **state)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_process_result odd = { .struct_size = 3 };
    icecat_pipeline *pipeline;
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    assert_int_equal(icecat_pipeline_process(NULL, SRC, KEY, NULL, NULL, NULL), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_process(f.pipeline, NULL, KEY, NULL, NULL, NULL),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_process(f.pipeline, SRC, NULL, NULL, NULL, NULL),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_process(f.pipeline, SRC, KEY, NULL, &odd, NULL),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_process(f.pipeline, DST, KEY, NULL, NULL, &f.error),
                     ICECAT_E_CONFIG);
    assert_non_null(strstr(f.error.message, DST));
    options.bucket_source = SRC;
    assert_int_equal(icecat_pipeline_new(f.client, &options, &pipeline, NULL), ICECAT_OK);
    assert_int_equal(icecat_pipeline_process(pipeline, SRC, KEY, NULL, NULL, &f.error),
                     ICECAT_E_CONFIG);
    assert_int_equal(f.aws.requests, 0);
    icecat_pipeline_free(pipeline);
    fixture_close(&f);
}

static void test_cancel(void **state)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, KEY, 100);
    call.cancel = icecat_cancel_new();
    call.timeout_ms = 60000;
    icecat_cancel_fire(call.cancel);
    assert_int_equal(icecat_pipeline_process(f.pipeline, SRC, KEY, &call, NULL, NULL),
                     ICECAT_E_CANCELLED);
    assert_int_equal(f.aws.requests, 0);
    icecat_cancel_free(call.cancel);
    fixture_close(&f);
}

static void take_time(fake_aws *aws, const char *operation)
{
    struct timespec nap = { 0, 60000000 };

    (void)operation;
    (void)aws;
    nanosleep(&nap, NULL);
}

/* The deadline is the whole call's: no step begins after it, and what was begun is repeated. */
static void test_deadline(void **state)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, KEY, 100);
    call.timeout_ms = 50;
    f.aws.before = take_time;
    assert_int_equal(icecat_pipeline_process(f.pipeline, SRC, KEY, &call, NULL, &f.error),
                     ICECAT_E_DEADLINE);
    assert_int_equal(f.error.status, ICECAT_E_DEADLINE);
    assert_int_equal(f.aws.requests, 1);
    f.aws.before = NULL;
    assert_int_equal(fixture_process(&f, KEY), ICECAT_OK);
    fixture_assert_settled(&f, KEY, "success", DST);
    fixture_close(&f);
}

/* Any label, found by a parent; few labels kept; another ttl. */
static void test_settings(void **state)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_pipeline *pipeline;
    fixture f;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, KEY, 100);
    options.bucket_source = SRC;
    options.bucket_dest = DST;
    options.bucket_fail = BAD;
    options.table = "ice-table";
    options.label = "animal";
    options.min_confidence = 60.5;
    options.max_labels = 1;
    options.ttl_s = 60;
    f.aws.detect_body = "{\"Labels\":[{\"Name\":\"Grass\",\"Confidence\":99},{\"Name\":\"Dog\","
                        "\"Confidence\":80,\"Parents\":[{\"Name\":\"Animal\"}]}]}";
    assert_int_equal(icecat_pipeline_new(f.client, &options, &pipeline, NULL), ICECAT_OK);
    assert_int_equal(icecat_pipeline_process(pipeline, SRC, KEY, NULL, NULL, NULL), ICECAT_OK);
    assert_string_equal(fixture_attribute(&f, "rek_iscat"), "True");
    assert_string_equal(fixture_attribute(&f, "rek_confidence"), "80");
    assert_string_equal(fixture_attribute(&f, "labels"),
                        "[{\"name\":\"Dog\",\"confidence\":80,\"parents\":[\"Animal\"]}]");
    assert_string_equal(fixture_attribute(&f, "ttl"), "1744377833");
    assert_non_null(strstr(f.aws.detect_request, "\"MinConfidence\":60.5"));
    icecat_pipeline_free(pipeline);
    fixture_close(&f);
}

static void test_debug_key_stores_its_log(void **state)
{
    fixture f;
    cJSON *logs;

    (void)state;
    fixture_open(&f, NULL);
    fixture_upload(&f, KEY_DEBUG, 100);
    assert_int_equal(fixture_process(&f, KEY_DEBUG), ICECAT_OK);
    logs = cJSON_Parse(fixture_attribute(&f, "logs"));
    assert_true(cJSON_IsArray(logs));
    assert_true(cJSON_GetArraySize(logs) >= 4);
    assert_non_null(strstr(fixture_attribute(&f, "logs"), "Cat: yes, 98.25 %"));
    cJSON_Delete(logs);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cat),
        cmocka_unit_test(test_record_of_a_cat),
        cmocka_unit_test(test_no_cat),
        cmocka_unit_test(test_large_picture),
        cmocka_unit_test(test_refused_header),
        cmocka_unit_test(test_too_small),
        cmocka_unit_test(test_refused_by_rekognition),
        cmocka_unit_test(test_wrong_key),
        cmocka_unit_test(test_wrong_key_keeps_what_its_reason_would_displace),
        cmocka_unit_test(test_wrong_key_that_cannot_be_moved),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_debug_key_stores_its_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
