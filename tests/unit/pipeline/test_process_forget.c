/*
 * test_process_forget.c - the table follows the objects: what a removal does to a record.
 */
#include "cmocka_all.h"
#include "process_fixture.h"

#include <string.h>

/* A picture that was judged and is in the destination bucket. */
static fixture *judged(void)
{
    fixture *f = fixture_with(KEY);

    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    fixture_assert_settled(f, KEY, "success", DST);
    f->aws.writes = 0;
    f->aws.trace[0] = '\0';
    return f;
}

static icecat_status forget(fixture *f, const char *bucket, const char *key, uint32_t *removed)
{
    *removed = 7;
    return icecat_pipeline_forget(f->pipeline, bucket, key, NULL, removed, &f->error);
}

static size_t records(const fixture *f)
{
    return (size_t)cJSON_GetArraySize(f->aws.items);
}

static void a_removed_object_takes_its_record_along(void **state)
{
    fixture *f = judged();
    uint32_t removed;

    (void)state;
    fake_aws_remove(&f->aws, DST, KEY);
    assert_int_equal(forget(f, DST, KEY, &removed), ICECAT_OK);
    assert_int_equal(removed, 1);
    assert_int_equal(records(f), 0);
    assert_string_equal(f->aws.trace, "HeadObject DeleteItem ");
    /* The event comes again. */
    assert_int_equal(forget(f, DST, KEY, &removed), ICECAT_OK);
    assert_int_equal(removed, 0);
    fixture_drop(f);
}

static void a_refused_objects_record_goes_too(void **state)
{
    fixture *f = fixture_with(NULL);
    uint32_t removed;

    (void)state;
    fake_aws_put(&f->aws, SRC, KEY, "<html>", 6, "x");
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    fixture_assert_settled(f, KEY, "fail", BAD);
    fake_aws_remove(&f->aws, BAD, KEY);
    assert_int_equal(forget(f, BAD, KEY, &removed), ICECAT_OK);
    assert_int_equal(removed, 1);
    assert_int_equal(records(f), 0);
    fixture_drop(f);
}

/* An event that is older than the upload after it. */
static void a_record_stays_while_its_object_is_there(void **state)
{
    fixture *f = judged();
    uint32_t removed;

    (void)state;
    assert_int_equal(forget(f, DST, KEY, &removed), ICECAT_OK);
    assert_int_equal(removed, 0);
    fixture_assert_settled(f, KEY, "success", DST);
    assert_string_equal(f->aws.trace, "HeadObject ");
    fixture_drop(f);
}

static void a_record_of_another_place_stays(void **state)
{
    fixture *f = judged();
    uint32_t removed;

    (void)state;
    assert_int_equal(forget(f, BAD, KEY, &removed), ICECAT_OK);
    assert_int_equal(removed, 0);
    assert_int_equal(forget(f, DST, KEY_LATER, &removed),
                     ICECAT_OK); /* the same record's other key */
    assert_int_equal(removed, 0);
    assert_int_equal(f->aws.writes, 0);
    fixture_assert_settled(f, KEY, "success", DST);
    fixture_drop(f);
}

static void a_pending_record_stays_for_its_worker(void **state)
{
    fixture *f = fixture_with(NULL);
    uint32_t removed;

    (void)state;
    fixture_old_item(f, "\"client_id\":{\"S\":\"tester\"},\"op_status\":{\"S\":\"pending\"},"
                        "\"s3img_key\":{\"S\":\"" DST "/" KEY "\"}");
    assert_int_equal(forget(f, DST, KEY, &removed), ICECAT_OK);
    assert_int_equal(removed, 0);
    assert_int_equal(records(f), 1);
    fixture_drop(f);
}

/* The source is where moves begin: its removals must never cost a record. */
static void the_source_bucket_and_strangers_are_refused(void **state)
{
    fixture *f = judged();
    uint32_t removed;

    (void)state;
    assert_int_equal(forget(f, SRC, KEY, &removed), ICECAT_E_CONFIG);
    assert_int_equal(forget(f, "elsewhere", KEY, &removed), ICECAT_E_CONFIG);
    assert_int_equal(forget(f, DST, "holiday.jpg", &removed), ICECAT_E_KEY);
    assert_int_equal(forget(f, NULL, KEY, &removed), ICECAT_E_ARGUMENT);
    assert_int_equal(removed, 0);
    assert_string_equal(f->aws.trace, "");
    assert_int_equal(icecat_pipeline_forget(f->pipeline, DST, KEY, NULL, NULL, NULL), ICECAT_OK);
    fixture_drop(f);
}

static void trouble_of_a_service_is_reported_and_changes_nothing(void **state)
{
    static const char throttled[] = "{\"__type\":\"ThrottlingException\",\"message\":\"slow\"}";
    fixture *f = judged();
    uint32_t removed;

    (void)state;
    fake_aws_remove(&f->aws, DST, KEY);
    fixture_fail(f, "DeleteItem", 400, throttled);
    assert_int_equal(forget(f, DST, KEY, &removed), ICECAT_E_THROTTLED);
    assert_int_equal(removed, 0);
    fixture_fail(f, "HeadObject", 503, "");
    assert_int_not_equal(forget(f, DST, KEY, &removed), ICECAT_OK);
    assert_int_equal(records(f), 1);
    fixture_fail(f, NULL, 0, NULL);
    assert_int_equal(forget(f, DST, KEY, &removed), ICECAT_OK);
    assert_int_equal(removed, 1);
    fixture_drop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_removed_object_takes_its_record_along),
        cmocka_unit_test(a_refused_objects_record_goes_too),
        cmocka_unit_test(a_record_stays_while_its_object_is_there),
        cmocka_unit_test(a_record_of_another_place_stays),
        cmocka_unit_test(a_pending_record_stays_for_its_worker),
        cmocka_unit_test(the_source_bucket_and_strangers_are_refused),
        cmocka_unit_test(trouble_of_a_service_is_reported_and_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
