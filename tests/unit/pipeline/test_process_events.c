/*
 * test_process_events.c - the numbered bugs of the Python system around events, keys and moves are
 * impossible here.
 */
#include "cmocka_all.h"
#include "process_fixture.h"

#include <stdlib.h>
#include <string.h>

#define OTHER_FINGERPRINT "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define OTHER_KEY         OTHER_FINGERPRINT "/tester/batch-1744377772123456/2025-04-11-13/1744377774.png"

static void assert_refused_key(const char *key)
{
    fixture *f = fixture_with(key);

    assert_int_equal(fixture_process(f, key), ICECAT_E_KEY);
    assert_int_equal(cJSON_GetArraySize(f->aws.items), 0);
    assert_non_null(fake_aws_find(&f->aws, BAD, key));
    assert_int_equal(fake_aws_copies(&f->aws, key), 1);
    fixture_drop(f);
}

static void test_b02_duplicate_event_keeps_the_verdict(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
        assert_int_equal(f->result.action, i == 0 ? ICECAT_PROCESSED : ICECAT_PROCESSED_BEFORE);
        assert_int_equal(f->result.is_cat, 1);
        assert_string_equal(fixture_attribute(f, "rek_iscat"), "True");
        fixture_assert_settled(f, KEY, "success", DST);
    }
    assert_int_equal(f->aws.writes, 2);
    assert_int_equal(fake_aws_count(&f->aws, "DetectLabels"), 1);
    fixture_drop(f);
}

/* What B2 left in tables: "fail", s3img_key in the source, the image judged and moved. */
static void test_b02_damage_is_repaired_by_the_next_event(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    fixture_old_item(f, "\"client_id\":{\"S\":\"tester\"},\"op_status\":{\"S\":\"fail\"},"
                        "\"s3img_key\":{\"S\":\"" SRC "/" KEY "\"},\"ttl\":{\"N\":\"1209600\"}");
    fake_aws_put(&f->aws, DST, KEY, f->aws.objects[0].data, f->aws.objects[0].len, NULL);
    fake_aws_remove(&f->aws, SRC, KEY);
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(f->result.action, ICECAT_PROCESSED);
    fixture_assert_settled(f, KEY, "success", DST);
    fixture_drop(f);
}

static void test_b06_trouble_of_a_service_is_reported_and_never_final(void **state)
{
    static const struct {
        const char *operation;
        int status;
        const char *body;
        icecat_status wanted;
    } cases[] = {
        { "GetObject", 503, "<Error><Code>SlowDown</Code></Error>", ICECAT_E_THROTTLED },
        { "GetObject", 403, "<Error><Code>AccessDenied</Code></Error>", ICECAT_E_ACCESS },
        { "PutItem", 400, "{\"__type\":\"ProvisionedThroughputExceededException\"}",
          ICECAT_E_THROTTLED },
        { "PutItem", 400, "{\"__type\":\"ResourceNotFoundException\"}", ICECAT_E_NOT_FOUND },
        { "DetectLabels", 400, "{\"__type\":\"ProvisionedThroughputExceededException\"}",
          ICECAT_E_THROTTLED },
        { "DetectLabels", 500, "{\"__type\":\"InternalServerError\"}", ICECAT_E_UNAVAILABLE },
        { "DetectLabels", 400, "{\"__type\":\"AccessDeniedException\"}", ICECAT_E_ACCESS },
        { "DetectLabels", 400, "{\"__type\":\"InvalidS3ObjectException\"}", ICECAT_E_NOT_FOUND },
        { "CopyObject", 500, "<Error><Code>InternalError</Code></Error>", ICECAT_E_UNAVAILABLE },
        { "CopyObject", 200, "<Error><Code>SlowDown</Code></Error>", ICECAT_E_THROTTLED },
        { "UpdateItem", 400, "{\"__type\":\"ThrottlingException\"}", ICECAT_E_THROTTLED },
        { "UpdateItem", 400, "{\"__type\":\"UnrecognizedClientException\"}", ICECAT_E_AUTH },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fixture *f = fixture_with(KEY);

        fixture_fail(f, cases[i].operation, cases[i].status, cases[i].body);
        assert_int_equal(fixture_process(f, KEY), cases[i].wanted);
        assert_int_equal(f->error.status, cases[i].wanted);
        assert_int_equal(f->result.action, 0);
        assert_string_equal(f->result.fail_code, "");
        assert_non_null(strstr(f->error.message, cases[i].operation));
        if (cJSON_GetArraySize(f->aws.items) != 0)
            assert_string_equal(fixture_attribute(f, "op_status"), "pending");
        assert_true(f->aws.writes <= 1);
        assert_non_null(fake_aws_find(&f->aws, SRC, KEY));
        f->aws.failing = NULL;
        assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
        fixture_assert_settled(f, KEY, "success", DST);
        fixture_drop(f);
    }
}

static void test_b07_a_refused_image_is_in_the_fail_bucket_and_says_so(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    f->aws.detect_status = 400;
    f->aws.detect_body = "{\"__type\":\"InvalidImageFormatException\",\"message\":\"bad\"}";
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(f->result.action, ICECAT_PROCESSED_REFUSED);
    fixture_assert_settled(f, KEY, "fail", BAD);
    /* It stays refused. */
    f->aws.detect_status = 0;
    f->aws.detect_body = NULL;
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(f->result.action, ICECAT_PROCESSED_BEFORE);
    assert_string_equal(f->result.fail_code, "InvalidImageFormatException");
    fixture_assert_settled(f, KEY, "fail", BAD);
    fixture_drop(f);
}

/* The Python system's worker judged, and died before it moved the object or said so. */
static void test_b07_a_success_that_was_not_moved_is_moved(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    fixture_old_item(f, "\"client_id\":{\"S\":\"tester\"},\"op_status\":{\"S\":\"success\"},"
                        "\"rek_iscat\":{\"S\":\"True\"},\"s3img_key\":{\"S\":\"" SRC "/" KEY "\"}");
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(f->result.action, ICECAT_PROCESSED_BEFORE);
    assert_int_equal(f->result.is_cat, 1);
    fixture_assert_settled(f, KEY, "success", DST);
    assert_int_equal(fake_aws_count(&f->aws, "DetectLabels"), 0);
    fixture_drop(f);
}

static void test_b08_every_object_is_judged_also_behind_a_bad_one(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    fixture_upload(f, "bad/key.png", 100);
    fixture_upload(f, OTHER_KEY, 100);
    assert_int_equal(fixture_process(f, "bad/key.png"), ICECAT_E_KEY);
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(fixture_process(f, OTHER_KEY), ICECAT_OK);
    assert_int_equal(cJSON_GetArraySize(f->aws.items), 2);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(fake_aws_attribute(&f->aws, i, "op_status"), "success");
    fixture_drop(f);
}

static void test_b11_a_client_id_with_a_space_is_found_and_recorded(void **state)
{
    static const char key[] = FINGERPRINT "/my client+x/batch-1744377772123456/2025-04-11-13/"
                                          "1744377773.png";
    fixture *f = fixture_with(key);

    (void)state;
    assert_int_equal(fixture_process(f, key), ICECAT_OK);
    assert_string_equal(fixture_attribute(f, "client_id"), "my client+x");
    fixture_assert_settled(f, key, "success", DST);
    fixture_drop(f);
}

static void test_b12_another_clients_record_is_not_overwritten(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    fixture_upload(f, KEY_OTHER, 100);
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(fixture_process(f, KEY_OTHER), ICECAT_E_COLLISION);
    assert_int_equal(f->error.status, ICECAT_E_COLLISION);
    assert_non_null(strstr(f->error.message, "tester"));
    assert_string_equal(fixture_attribute(f, "client_id"), "tester");
    assert_non_null(fake_aws_find(&f->aws, SRC, KEY_OTHER));
    assert_int_equal(f->aws.writes, 2);
    fake_aws_remove(&f->aws, SRC, KEY_OTHER);
    assert_int_equal(fixture_process(f, KEY_OTHER), ICECAT_E_COLLISION);
    fixture_drop(f);
}

static void test_b12_another_clients_pending_record_is_not_overwritten(void **state)
{
    fixture *f = fixture_with(KEY_OTHER);

    (void)state;
    fixture_old_item(f, "\"client_id\":{\"S\":\"tester\"},\"op_status\":{\"S\":\"pending\"}");
    assert_int_equal(fixture_process(f, KEY_OTHER), ICECAT_E_COLLISION);
    assert_string_equal(fixture_attribute(f, "client_id"), "tester");
    assert_int_equal(f->aws.writes, 0);
    fixture_drop(f);
}

static void test_b13_debug_is_exactly_the_ending(void **state)
{
    static const char dashed[] = FINGERPRINT "/a-debug-b/batch-1744377772123456/2025-04-11-13/"
                                             "1744377773.png";
    fixture *f = fixture_with(dashed);

    (void)state;
    assert_int_equal(fixture_process(f, dashed), ICECAT_OK);
    assert_null(fixture_attribute(f, "logs"));
    fixture_drop(f);
    assert_refused_key(FINGERPRINT "/t/batch-1744377772/2025-04-11-13/1744377773-x.png");
    assert_refused_key(FINGERPRINT "/t/batch-1744377772/2025-04-11-13/1744377773-debug-x.png");
}

static void test_b14_every_part_of_the_key_is_checked(void **state)
{
    (void)state;
    assert_refused_key("//batch-//.");
    assert_refused_key("/t/batch-1744377772/2025-04-11-13/1744377773.png");
    assert_refused_key(FINGERPRINT "//batch-1744377772/2025-04-11-13/1744377773.png");
    assert_refused_key(FINGERPRINT "/t/batch-1744377772/2025-04-11-13/a.png");
    assert_refused_key(FINGERPRINT "/t/batch-1744377772/2025-04-11/1744377773.png");
    assert_refused_key(FINGERPRINT "/t/u/batch-1744377772/2025-04-11-13/1744377773.png");
}

static void test_b15_a_batch_that_is_no_number_is_refused_like_any_key(void **state)
{
    (void)state;
    assert_refused_key(FINGERPRINT "/t/batch-abc/2025-04-11-13/1744377773.png");
    assert_refused_key(FINGERPRINT "/t/1744377772/2025-04-11-13/1744377773.png");
}

static void test_b25_source_and_destination_are_never_one_bucket(void **state)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_pipeline *pipeline = NULL;
    fixture *f = fixture_with(NULL);

    (void)state;
    options.bucket_source = SRC;
    options.bucket_dest = SRC;
    options.bucket_fail = BAD;
    assert_int_equal(icecat_pipeline_new(f->client, &options, &pipeline, NULL), ICECAT_E_CONFIG);
    options.bucket_dest = DST;
    options.bucket_fail = SRC;
    assert_int_equal(icecat_pipeline_new(f->client, &options, &pipeline, NULL), ICECAT_E_CONFIG);
    assert_null(pipeline);
    fixture_drop(f);
}

/* Half a move: the copy is there, the original too. test_process_crash.c has all points. */
static void test_b25_half_a_move_is_finished(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    fixture_fail(f, "DeleteObject", 500, "<Error><Code>InternalError</Code></Error>");
    assert_int_equal(fixture_process(f, KEY), ICECAT_E_UNAVAILABLE);
    assert_int_equal(fake_aws_copies(&f->aws, KEY), 2);
    f->aws.failing = NULL;
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(f->result.action, ICECAT_PROCESSED_BEFORE);
    fixture_assert_settled(f, KEY, "success", DST);
    fixture_drop(f);
}

static void test_an_object_that_was_deleted_is_recorded_as_gone(void **state)
{
    fixture *f = fixture_with(NULL);

    (void)state;
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(f->result.action, ICECAT_PROCESSED_REFUSED);
    assert_string_equal(f->result.fail_code, "object-gone");
    assert_string_equal(fixture_attribute(f, "op_status"), "fail");
    assert_null(fixture_attribute(f, "s3img_key"));
    assert_int_equal(f->aws.writes, 2);
    fixture_drop(f);
}

static void test_a_missing_bucket_is_no_deleted_object(void **state)
{
    static const char *const buckets[] = { SRC, DST, BAD };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        fixture *f = fixture_with(NULL);

        f->aws.missing_bucket = buckets[i];
        assert_int_equal(fixture_process(f, KEY), ICECAT_E_NOT_FOUND);
        assert_non_null(strstr(f->error.message, "NoSuchBucket"));
        assert_int_equal(cJSON_GetArraySize(f->aws.items), 0);
        fixture_drop(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_b02_duplicate_event_keeps_the_verdict),
        cmocka_unit_test(test_b02_damage_is_repaired_by_the_next_event),
        cmocka_unit_test(test_b06_trouble_of_a_service_is_reported_and_never_final),
        cmocka_unit_test(test_b07_a_refused_image_is_in_the_fail_bucket_and_says_so),
        cmocka_unit_test(test_b07_a_success_that_was_not_moved_is_moved),
        cmocka_unit_test(test_b08_every_object_is_judged_also_behind_a_bad_one),
        cmocka_unit_test(test_b11_a_client_id_with_a_space_is_found_and_recorded),
        cmocka_unit_test(test_b12_another_clients_record_is_not_overwritten),
        cmocka_unit_test(test_b12_another_clients_pending_record_is_not_overwritten),
        cmocka_unit_test(test_b13_debug_is_exactly_the_ending),
        cmocka_unit_test(test_b14_every_part_of_the_key_is_checked),
        cmocka_unit_test(test_b15_a_batch_that_is_no_number_is_refused_like_any_key),
        cmocka_unit_test(test_b25_source_and_destination_are_never_one_bucket),
        cmocka_unit_test(test_b25_half_a_move_is_finished),
        cmocka_unit_test(test_an_object_that_was_deleted_is_recorded_as_gone),
        cmocka_unit_test(test_a_missing_bucket_is_no_deleted_object),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
