/*
 * test_process_record.c - the numbered bugs of the Python system around what it records are
 * impossible here.
 */
#include "cmocka_all.h"
#include "process_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define OTHER_FINGERPRINT "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define OTHER_KEY_DEBUG                                                                            \
    OTHER_FINGERPRINT "/tester/batch-1744377772123456/2025-04-11-13/1744377774-debug.png"

static void test_b01_ttl_is_a_time_not_a_duration(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_string_equal(fixture_attribute(f, "ttl"), "1745587373"); /* upload + 1209600 */
    fixture_drop(f);
}

static void test_b03_logs_do_not_grow_in_a_warm_process(void **state)
{
    fixture *f = fixture_with(NULL);
    size_t first = 0;

    (void)state;
    for (int i = 0; i < 12; i++) {
        char key[300];

        snprintf(key, sizeof(key),
                 FINGERPRINT "/tester/batch-1744377772123456/2025-04-11-13/17443777%02d-debug.png",
                 i);
        fixture_upload(f, key, 100);
        assert_int_equal(fixture_process(f, key), ICECAT_OK);
        if (i == 0)
            first = strlen(fixture_attribute(f, "logs"));
        assert_int_equal(strlen(fixture_attribute(f, "logs")), first);
        cJSON_DeleteItemFromArray(f->aws.items, 0);
        fake_aws_remove(&f->aws, DST, key);
    }
    assert_true(first > 100 && first < 4000);
    fixture_drop(f);
}

static void test_b04_logs_are_of_one_image(void **state)
{
    fixture *f = fixture_with(KEY_DEBUG);

    (void)state;
    fixture_upload(f, OTHER_KEY_DEBUG, 120);
    assert_int_equal(fixture_process(f, KEY_DEBUG), ICECAT_OK);
    assert_int_equal(fixture_process(f, OTHER_KEY_DEBUG), ICECAT_OK);
    assert_non_null(strstr(fake_aws_attribute(&f->aws, 0, "logs"), "100 x 100"));
    assert_null(strstr(fake_aws_attribute(&f->aws, 0, "logs"), "120 x 120"));
    assert_non_null(strstr(fake_aws_attribute(&f->aws, 1, "logs"), "120 x 120"));
    assert_null(strstr(fake_aws_attribute(&f->aws, 1, "logs"), "100 x 100"));
    fixture_drop(f);
}

static void test_b05_malformed_key_leaves_the_previous_record_alone(void **state)
{
    fixture *f = fixture_with(KEY_DEBUG);
    char *before;
    char *after;

    (void)state;
    assert_int_equal(fixture_process(f, KEY_DEBUG), ICECAT_OK);
    before = cJSON_PrintUnformatted(f->aws.items);
    fixture_upload(f, "a/b-c.png", 100);
    assert_int_equal(fixture_process(f, "a/b-c.png"), ICECAT_E_KEY);
    after = cJSON_PrintUnformatted(f->aws.items);
    assert_string_equal(after, before);
    cJSON_free(after);
    cJSON_free(before);
    fixture_drop(f);
}

static void test_b16_what_is_missing_is_absent_or_has_a_default(void **state)
{
    fixture *f = fixture_with(KEY);
    char *all;

    (void)state;
    f->aws.objects[0].file_name[0] = '\0';
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK); /* ttl_s is not set in the fixture */
    assert_non_null(fixture_attribute(f, "ttl"));
    assert_null(fixture_attribute(f, "file_name"));
    all = cJSON_PrintUnformatted(f->aws.items);
    assert_null(strstr(all, "None"));
    assert_null(strstr(all, "(null)"));
    cJSON_free(all);
    fixture_drop(f);
}

static void test_file_names_that_are_not_well_encoded(void **state)
{
    static const struct {
        const char *header;
        const char *wanted;
    } cases[] = {
        { "100%.png", "100%.png" },
        { "a%zz", "a%zz" },
        { "a%00b", "a%00b" },
        { "a%ffb.png", "a\xef\xbf\xbd"
                       "b.png" },
        { "plus+stays.png", "plus+stays.png" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fixture *f = fixture_with(KEY);

        snprintf(f->aws.objects[0].file_name, sizeof(f->aws.objects[0].file_name), "%s",
                 cases[i].header);
        assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
        assert_string_equal(fixture_attribute(f, "file_name"), cases[i].wanted);
        fixture_drop(f);
    }
}

static void forget_record(fake_aws *aws, const char *operation)
{
    if (strcmp(operation, "UpdateItem") == 0 && aws->userdata == NULL) {
        cJSON_DeleteItemFromArray(aws->items, 0);
        aws->userdata = aws;
    }
}

static void test_b17_an_update_makes_no_partial_record(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    f->aws.before = forget_record;
    assert_int_equal(fixture_process(f, KEY), ICECAT_E_PRECONDITION);
    assert_int_equal(f->error.status, ICECAT_E_PRECONDITION);
    assert_int_equal(cJSON_GetArraySize(f->aws.items), 0);
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_non_null(fixture_attribute(f, "client_id"));
    assert_non_null(fixture_attribute(f, "ttl"));
    fixture_assert_settled(f, KEY, "success", DST);
    fixture_drop(f);
}

static void test_b17_a_partial_record_of_the_old_system_is_replaced(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    fixture_old_item(f, "\"op_status\":{\"S\":\"fail\"}");
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_string_equal(fixture_attribute(f, "client_id"), "tester");
    fixture_assert_settled(f, KEY, "success", DST);
    fixture_drop(f);
}

static void test_b18_the_cause_of_a_failure_is_told(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    f->aws.detect_body = "{\"Labels\":[{\"Name\":\"Cat\"}]}";
    assert_int_equal(fixture_process(f, KEY), ICECAT_E_PROTOCOL);
    assert_non_null(strstr(f->error.message, "Confidence"));
    assert_string_equal(fixture_attribute(f, "op_status"), "pending");
    fixture_drop(f);
}

static void test_b19_rek_ts_is_this_machines_clock(void **state)
{
    fixture *f = fixture_with(KEY);
    time_t before = time(NULL);
    long long rek_ts;

    (void)state;
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK); /* no answer has a Date header */
    rek_ts = atoll(fixture_attribute(f, "rek_ts"));
    assert_true(rek_ts >= before && rek_ts <= time(NULL));
    fixture_drop(f);
}

/* A pretty-printed answer of many labels, surest first; "Cat" is the one at @p cat. */
static char *many_labels(size_t count, size_t cat, size_t boxes)
{
    cJSON *tree = cJSON_CreateObject();
    cJSON *labels = cJSON_AddArrayToObject(tree, "Labels");
    char *text;

    for (size_t i = 0; i < count; i++) {
        cJSON *label = cJSON_CreateObject();
        cJSON *instances = cJSON_AddArrayToObject(label, "Instances");
        char name[32];

        snprintf(name, sizeof(name), "Thing %zu", i);
        cJSON_AddStringToObject(label, "Name", i == cat ? "Cat" : name);
        cJSON_AddNumberToObject(label, "Confidence", 99.0 - (double)i / 128);
        for (size_t b = 0; b < boxes; b++)
            cJSON_AddItemToArray(
                instances, cJSON_Parse("{\"BoundingBox\":{\"Width\":0.123456,\"Height\":0.234567,"
                                       "\"Left\":0.1,\"Top\":0.2},\"Confidence\":91.5}"));
        cJSON_AddItemToArray(labels, label);
    }
    cJSON_AddStringToObject(tree, "LabelModelVersion", "3.0");
    text = cJSON_Print(tree);
    cJSON_Delete(tree);
    return text;
}

static void test_b20_the_answer_is_kept_compact_and_bounded(void **state)
{
    static const size_t counts[] = { 20, 900 };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        fixture *f = fixture_with(KEY);
        char *body = many_labels(counts[i], 700, 3);
        cJSON *kept;

        f->aws.detect_body = body;
        assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
        assert_null(strchr(fixture_attribute(f, "rek_resp"), '\n'));
        assert_true(strlen(fixture_attribute(f, "rek_resp")) <= 32768);
        assert_true(strlen(fixture_attribute(f, "labels")) <= 32768);
        kept = cJSON_Parse(fixture_attribute(f, "rek_resp"));
        assert_true(cJSON_GetArraySize(ic_json_get(kept, "Labels")) >= 20);
        assert_string_equal(ic_json_text(kept, "LabelModelVersion"), "3.0");
        assert_true((ic_json_get(kept, "LabelsLeftOut") != NULL) == (counts[i] == 900));
        cJSON_Delete(kept);
        cJSON_free(body);
        fixture_drop(f);
    }
}

static void test_b20_labels_with_too_many_boxes_lose_them(void **state)
{
    fixture *f = fixture_with(KEY);
    char *body = many_labels(3, 1, 1000);

    (void)state;
    f->aws.detect_body = body;
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(f->result.is_cat, 1);
    assert_string_equal(fixture_attribute(f, "labels"),
                        "[{\"name\":\"Thing 0\",\"confidence\":99,\"parents\":[]},"
                        "{\"name\":\"Cat\",\"confidence\":98.9921875,\"parents\":[]},"
                        "{\"name\":\"Thing 2\",\"confidence\":98.984375,\"parents\":[]}]");
    assert_string_equal(fixture_attribute(f, "rek_resp"),
                        "{\"Labels\":[],\"LabelModelVersion\":\"3.0\",\"LabelsLeftOut\":3}");
    cJSON_free(body);
    fixture_drop(f);
}

static void test_b24_a_cat_behind_ten_labels_is_a_cat(void **state)
{
    fixture *f = fixture_with(KEY);
    char *body = many_labels(60, 41, 0);
    cJSON *kept;

    (void)state;
    f->aws.detect_body = body;
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_int_equal(f->result.is_cat, 1);
    assert_int_equal(f->result.label_count, 60);
    assert_null(strstr(f->aws.detect_request, "LabelInclusionFilters"));
    assert_null(strstr(f->aws.detect_request, "MaxLabels"));
    kept = cJSON_Parse(fixture_attribute(f, "labels"));
    assert_int_equal(cJSON_GetArraySize(kept), 10);
    assert_string_equal(ic_json_text(cJSON_GetArrayItem(kept, 0), "name"), "Thing 0");
    assert_string_equal(ic_json_text(cJSON_GetArrayItem(kept, 9), "name"), "Cat");
    cJSON_Delete(kept);
    cJSON_free(body);
    fixture_drop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_b01_ttl_is_a_time_not_a_duration),
        cmocka_unit_test(test_b03_logs_do_not_grow_in_a_warm_process),
        cmocka_unit_test(test_b04_logs_are_of_one_image),
        cmocka_unit_test(test_b05_malformed_key_leaves_the_previous_record_alone),
        cmocka_unit_test(test_b16_what_is_missing_is_absent_or_has_a_default),
        cmocka_unit_test(test_file_names_that_are_not_well_encoded),
        cmocka_unit_test(test_b17_an_update_makes_no_partial_record),
        cmocka_unit_test(test_b17_a_partial_record_of_the_old_system_is_replaced),
        cmocka_unit_test(test_b18_the_cause_of_a_failure_is_told),
        cmocka_unit_test(test_b19_rek_ts_is_this_machines_clock),
        cmocka_unit_test(test_b20_the_answer_is_kept_compact_and_bounded),
        cmocka_unit_test(test_b20_labels_with_too_many_boxes_lose_them),
        cmocka_unit_test(test_b24_a_cat_behind_ten_labels_is_a_cat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
