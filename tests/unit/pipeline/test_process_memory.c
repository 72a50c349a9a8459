/*
 * test_process_memory.c - process, results and wait with an allocator that fails at every allocation.
 *
 * Nothing leaks, the failure is told, and a repetition with enough memory does its work.
 */
#include "cmocka_all.h"
#include "process_fixture.h"
#include "scarce.h"

#include <string.h>

static void prepare(fixture *f, const char *key)
{
    fixture_old_item(f, "\"client_id\":{\"S\":\"tester\"},\"op_status\":{\"S\":\"success\"},"
                        "\"rek_iscat\":{\"S\":\"True\"},\"s3img_key\":{\"S\":\"dst/k\"},"
                        "\"file_name\":{\"S\":\"a.png\"},\"logs\":{\"S\":\"[\\\"a line\\\"]\"},"
                        "\"rek_resp\":{\"S\":\"{\\\"Labels\\\":[{\\\"Name\\\":\\\"Cat\\\","
                        "\\\"Confidence\\\":90}]}\"}");
    fixture_upload(f, key, 100);
}

/* One run with so many allocations. 1 when it went through. */
static int run_with(size_t allocations, const char *upload, const char *data,
                    icecat_status (*act)(fixture *f), int with_record)
{
    scarce s = { SIZE_MAX, 0 };
    icecat_allocator allocator = scarce_allocator(&s);
    icecat_status status;
    size_t live;
    fixture f;

    fixture_open(&f, &allocator);
    if (with_record)
        prepare(&f, upload);
    else if (data != NULL)
        fake_aws_put(&f.aws, SRC, upload, data, strlen(data), "a%20b.png");
    else
        fixture_upload(&f, upload, 100);
    live = s.live;
    s.left = allocations;
    status = act(&f);
    assert_int_equal(s.live, live);
    assert_true(status == ICECAT_OK || status == ICECAT_E_NO_MEMORY);
    if (status != ICECAT_OK) {
        assert_int_equal(f.error.status, ICECAT_E_NO_MEMORY);
        assert_true(f.error.message[0] != '\0');
    }
    s.left = SIZE_MAX;
    assert_int_equal(act(&f), ICECAT_OK);
    if (!with_record)
        fixture_assert_settled(&f, upload, data != NULL ? "fail" : "success",
                               data != NULL ? BAD : DST);
    fixture_close(&f);
    assert_int_equal(s.live, 0);
    return status == ICECAT_OK;
}

static size_t sweep(const char *upload, const char *data, icecat_status (*act)(fixture *f),
                    int with_record)
{
    size_t allocations = 0;

    while (!run_with(allocations, upload, data, act, with_record))
        allocations++;
    return allocations;
}

static icecat_status process(fixture *f)
{
    return fixture_process(f, KEY);
}

static icecat_status process_debug(fixture *f)
{
    return fixture_process(f, KEY_DEBUG);
}

static icecat_status read_batch(fixture *f)
{
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_results *results = NULL;
    icecat_status status;

    options.with_logs = 1;
    options.with_response = 1;
    status = icecat_pipeline_results(f->pipeline, BATCH_ID, &options, &results, &f->error);
    assert_int_equal(results != NULL, status == ICECAT_OK);
    icecat_results_free(results);
    return status;
}

static icecat_status read_some(fixture *f)
{
    static const char *const wanted[] = {
        FINGERPRINT, "00000000000000000000000000000000000000000000000000000000000000ff", FINGERPRINT
    };
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_results *results = NULL;
    icecat_status status;

    options.fingerprints = wanted;
    options.fingerprints_count = 3;
    status = icecat_pipeline_results(f->pipeline, BATCH_ID, &options, &results, &f->error);
    assert_int_equal(results != NULL, status == ICECAT_OK);
    assert_int_equal(icecat_results_count(results), status == ICECAT_OK ? 3 : 0);
    icecat_results_free(results);
    return status;
}

static icecat_status read_one(fixture *f)
{
    icecat_results *results = NULL;
    icecat_status status = icecat_pipeline_result(f->pipeline, BATCH_ID, "01234567", NULL, &results,
                                                  &f->error);

    assert_int_equal(results != NULL, status == ICECAT_OK);
    icecat_results_free(results);
    return status;
}

static icecat_status wait_for_batch(fixture *f)
{
    icecat_results *results = NULL;
    icecat_status status = icecat_pipeline_wait(f->pipeline, BATCH_ID, NULL, NULL, NULL, &results,
                                                &f->error);

    assert_int_equal(results != NULL, status == ICECAT_OK);
    icecat_results_free(results);
    return status;
}

/* By an index, and then the logs from the table. */
static icecat_status search(fixture *f)
{
    icecat_search_options options = ICECAT_SEARCH_OPTIONS_INIT;
    icecat_results *results = NULL;
    icecat_status status;

    options.client_id = "tester";
    options.with_logs = 1;
    options.with_response = 1;
    status = icecat_pipeline_search(f->pipeline, &options, &results, &f->error);
    assert_int_equal(results != NULL, status == ICECAT_OK);
    assert_int_equal(icecat_results_count(results), status == ICECAT_OK ? 1 : 0);
    icecat_results_free(results);
    return status;
}

static void test_process(void **state)
{
    (void)state;
    assert_true(sweep(KEY, NULL, process, 0) > 50);
}

static void test_process_with_a_log(void **state)
{
    (void)state;
    assert_true(sweep(KEY_DEBUG, NULL, process_debug, 0) > 50);
}

static void test_process_of_no_picture(void **state)
{
    (void)state;
    assert_true(sweep(KEY, "<html>no picture", process, 0) > 50);
}

static void test_results(void **state)
{
    (void)state;
    assert_true(sweep(KEY, NULL, read_batch, 1) > 20);
    assert_true(sweep(KEY, NULL, read_some, 1) > 20);
    assert_true(sweep(KEY, NULL, read_one, 1) > 20);
    assert_true(sweep(KEY, NULL, wait_for_batch, 1) > 20);
    assert_true(sweep(KEY, NULL, search, 1) > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_process),
        cmocka_unit_test(test_process_with_a_log),
        cmocka_unit_test(test_process_of_no_picture),
        cmocka_unit_test(test_results),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
