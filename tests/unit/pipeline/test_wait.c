/*
 * test_wait.c - poll until every image has its verdict, or the time is over.
 */
#include "base/time.h"
#include "cmocka_all.h"
#include "pipeline/wait.h"
#include "process_fixture.h"

#include <stdio.h>
#include <string.h>

#define A "aaaa000000000000000000000000000000000000000000000000000000000000"
#define B "bbbb000000000000000000000000000000000000000000000000000000000000"

typedef struct looks {
    unsigned count;
    uint64_t finished[32];
    uint64_t total;
    unsigned stop_at; /* 0: never */
} looks;

static int tell(uint64_t finished, uint64_t total, void *userdata)
{
    looks *l = userdata;

    if (l->count < 32)
        l->finished[l->count] = finished;
    l->count++;
    l->total = total;
    return l->stop_at != 0 && l->count == l->stop_at;
}

static void put(fake_aws *aws, const char *fingerprint, const char *state)
{
    char json[512];

    snprintf(json, sizeof(json),
             "{\"batch_id\":{\"N\":\"1744377772123456\"},\"img_fprint\":{\"S\":\"%s\"},"
             "\"client_id\":{\"S\":\"tester\"},\"op_status\":{\"S\":\"%s\"}}",
             fingerprint, state);
    fake_aws_put_item(aws, json);
}

/* The world goes on: before the second look A is judged, before the third B fails. */
static void go_on(fake_aws *aws, const char *operation)
{
    (void)operation;
    if (aws->requests == 1)
        put(aws, A, "success");
    if (aws->requests == 2)
        put(aws, B, "fail");
}

static void test_pauses_grow_to_a_limit(void **state)
{
    uint64_t before = 0;

    (void)state;
    assert_int_equal(ic_wait_pause_ms(0, UINT64_MAX), 200);
    for (unsigned look = 0; look < 100; look++) {
        uint64_t pause = ic_wait_pause_ms(look, UINT64_MAX);

        assert_true(pause >= before && pause <= 5000);
        assert_true(pause > before || pause == 5000);
        before = pause;
    }
    assert_int_equal(before, 5000);
}

static void test_pause_leaves_time_for_a_last_look(void **state)
{
    (void)state;
    assert_int_equal(ic_wait_pause_ms(50, 60000), 5000);
    assert_int_equal(ic_wait_pause_ms(50, 4000), 3750);
    assert_int_equal(ic_wait_pause_ms(50, 250), 0);
    assert_int_equal(ic_wait_pause_ms(0, 0), 0);
}

static void test_batch_ends_early(void **state)
{
    fixture *f = fixture_with(NULL);
    icecat_results *results = NULL;
    looks l = { 0 };

    (void)state;
    put(&f->aws, A, "pending");
    put(&f->aws, B, "pending");
    f->aws.before = go_on;
    assert_int_equal(
        icecat_pipeline_wait(f->pipeline, BATCH_ID, NULL, tell, &l, &results, &f->error),
        ICECAT_OK);
    assert_int_equal(l.count, 3);
    assert_true(l.finished[0] == 0 && l.finished[1] == 1 && l.finished[2] == 2 && l.total == 2);
    assert_int_equal(icecat_results_count(results), 2);
    icecat_results_free(results);
    fixture_drop(f);
}

/* Only the unfinished are asked for again. */
static void test_some_end_early(void **state)
{
    static const char *const wanted[] = { B, A };
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_result result = ICECAT_RESULT_INIT;
    fixture *f = fixture_with(NULL);
    icecat_results *results = NULL;
    looks l = { 0 };

    (void)state;
    options.fingerprints = wanted;
    options.fingerprints_count = 2;
    f->aws.before = go_on;
    assert_int_equal(
        icecat_pipeline_wait(f->pipeline, BATCH_ID, &options, tell, &l, &results, &f->error),
        ICECAT_OK);
    assert_int_equal(l.count, 3);
    assert_true(l.finished[0] == 0 && l.finished[1] == 1 && l.finished[2] == 2 && l.total == 2);
    assert_non_null(strstr(f->aws.last_query, B));
    assert_null(strstr(f->aws.last_query, A));
    icecat_results_at(results, 0, &result);
    assert_string_equal(result.fingerprint, B);
    assert_int_equal(result.state, ICECAT_RESULT_FAIL);
    icecat_results_at(results, 1, &result);
    assert_int_equal(result.state, ICECAT_RESULT_SUCCESS);
    icecat_results_free(results);
    fixture_drop(f);
}

static void test_time_is_over(void **state)
{
    static const char *const wanted[] = { A, B };
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_result result = ICECAT_RESULT_INIT;
    fixture *f = fixture_with(NULL);
    icecat_results *results = NULL;
    uint64_t start = ic_time_monotonic_ms();

    (void)state;
    put(&f->aws, B, "success");
    options.fingerprints = wanted;
    options.fingerprints_count = 2;
    options.call = &call;
    call.timeout_ms = 600;
    assert_int_equal(
        icecat_pipeline_wait(f->pipeline, BATCH_ID, &options, NULL, NULL, &results, &f->error),
        ICECAT_E_PENDING);
    assert_int_equal(f->error.status, ICECAT_E_PENDING);
    assert_non_null(strstr(f->error.message, "1 of 2"));
    assert_true(ic_time_monotonic_ms() - start < 5000);
    assert_true(f->aws.requests >= 2);
    icecat_results_at(results, 0, &result);
    assert_int_equal(result.state, ICECAT_RESULT_MISSING);
    icecat_results_at(results, 1, &result);
    assert_int_equal(result.state, ICECAT_RESULT_SUCCESS);
    icecat_results_free(results);
    fixture_drop(f);
}

/* A batch without a record is not finished; without time for one look it is empty. */
static void test_empty_batch_is_pending(void **state)
{
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    fixture *f = fixture_with(NULL);
    icecat_results *results = NULL;

    (void)state;
    options.call = &call;
    call.timeout_ms = 100;
    assert_int_equal(
        icecat_pipeline_wait(f->pipeline, BATCH_ID, &options, NULL, NULL, &results, &f->error),
        ICECAT_E_PENDING);
    assert_int_equal(icecat_results_count(results), 0);
    assert_non_null(results);
    assert_non_null(strstr(f->error.message, "no record"));
    icecat_results_free(results);
    fixture_drop(f);
}

static void test_stops(void **state)
{
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    fixture *f = fixture_with(NULL);
    icecat_results *results = NULL;
    looks l = { .stop_at = 2 };

    (void)state;
    put(&f->aws, A, "pending");
    assert_int_equal(icecat_pipeline_wait(f->pipeline, BATCH_ID, NULL, tell, &l, &results, NULL),
                     ICECAT_E_CALLBACK);
    assert_null(results);
    assert_int_equal(l.count, 2);
    options.call = &call;
    call.cancel = icecat_cancel_new();
    icecat_cancel_fire(call.cancel);
    assert_int_equal(
        icecat_pipeline_wait(f->pipeline, BATCH_ID, &options, NULL, NULL, &results, NULL),
        ICECAT_E_CANCELLED);
    icecat_cancel_free(call.cancel);
    fixture_fail(f, "Query", 400, "{\"__type\":\"AccessDeniedException\"}");
    assert_int_equal(icecat_pipeline_wait(f->pipeline, BATCH_ID, NULL, NULL, NULL, &results, NULL),
                     ICECAT_E_ACCESS);
    assert_null(results);
    assert_int_equal(icecat_pipeline_wait(f->pipeline, BATCH_ID, NULL, NULL, NULL, NULL, NULL),
                     ICECAT_E_ARGUMENT);
    fixture_drop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pauses_grow_to_a_limit),
        cmocka_unit_test(test_pause_leaves_time_for_a_last_look),
        cmocka_unit_test(test_batch_ends_early),
        cmocka_unit_test(test_some_end_early),
        cmocka_unit_test(test_time_is_over),
        cmocka_unit_test(test_empty_batch_is_pending),
        cmocka_unit_test(test_stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
