/*
 * test_submit_stop.c - bulk submissions that end early, and those with very many images.
 */
#include "cmocka_all.h"
#include "pipeline/submit_seen.h"
#include "submit_fixture.h"

#include <stdio.h>
#include <string.h>

static void check_counts(const icecat_submit_counts *counts, uint64_t submitted, uint64_t duplicate,
                         uint64_t failed)
{
    assert_true(counts->submitted == submitted);
    assert_true(counts->duplicate == duplicate);
    assert_true(counts->rejected == 0);
    assert_true(counts->failed == failed);
    assert_true(counts->total == submitted + duplicate + failed);
}

static void open_with_images(submit_fixture *fixture, uint32_t count)
{
    fixture_open(fixture, NULL, NULL);
    for (uint32_t i = 0; i < count; i++) {
        char name[16];

        snprintf(name, sizeof(name), "%u.png", i);
        fixture_png_file(fixture, name, 80 + i);
    }
}

static void a_callback_that_is_told_may_stop_the_call(void **state)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    open_with_images(&fixture, 12);
    fixture.fake.is_slow = 1;
    fixture.stop_after_told = 1;
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, &err), ICECAT_E_CALLBACK);
    assert_int_equal(err.status, ICECAT_E_CALLBACK);
    assert_int_equal(fixture.told_count, 1);
    /* All answers that had arrived by then count; nothing more was started, and of what was read ahead
     * nothing is told any more. */
    check_counts(&counts, 8, 0, 1);
    assert_int_equal(fixture.given, 9);
    assert_int_equal(fixture.sent_count, 8);
    fixture_close(&fixture);
}

/* Also when next() has nothing left to give, transfers are not waited for. */
static void a_callback_stops_the_last_transfers(void **state)
{
    static const fake_answer answers[] = { { 200, ICECAT_OK, "etag: \"e\"", NULL },
                                           { 503, ICECAT_OK, "retry-after: 20", NULL } };
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;

    (void)state;
    open_with_images(&fixture, 3);
    fixture_answers(&fixture, answers, 2);
    fixture.stop_after_told = 1;
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, NULL), ICECAT_E_CALLBACK);
    check_counts(&counts, 1, 0, 2);
    assert_int_equal(fixture.sent_count, 3);
    fixture_close(&fixture);
}

static void a_callback_that_gives_paths_may_stop_the_call(void **state)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    open_with_images(&fixture, 5);
    fixture.fake.is_slow = 1;
    fixture.stop_after_given = 3;
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, &err), ICECAT_E_CALLBACK);
    /* The three that were under way are told of all the same. */
    check_counts(&counts, 0, 0, 3);
    assert_int_equal(fixture.told_count, 3);
    assert_int_equal(fixture.told[0].error.status, ICECAT_E_CANCELLED);
    assert_int_equal(fixture.fake.stopped, 3);
    fixture_close(&fixture);
}

static void a_fired_token_ends_the_call_and_settles_everything(void **state)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    open_with_images(&fixture, 5);
    fixture.fake.is_slow = 1;
    fixture.client->transport_settings.max_connections = 1;
    fixture.cancel = icecat_cancel_new();
    fixture.cancel_after_told = 2;
    call.cancel = fixture.cancel;
    options.call = &call;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, &err), ICECAT_E_CANCELLED);
    assert_int_equal(err.status, ICECAT_E_CANCELLED);
    check_counts(&counts, 2, 0, 1);
    assert_int_equal(fixture.given, 3);
    assert_int_equal(fixture.told[2].submission.action, ICECAT_FAILED); /* was read ahead */
    assert_int_equal(fixture.told[2].error.status, ICECAT_E_CANCELLED);
    icecat_cancel_free(fixture.cancel);
    fixture_close(&fixture);
}

/* Images that are rejected need no request, but they do not outrun the token. */
static void a_fired_token_ends_a_call_that_sends_nothing(void **state)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    open_with_images(&fixture, 0);
    fixture_file(&fixture, "a.png", "no image", 8);
    fixture_file(&fixture, "b.png", "no image", 8);
    fixture.cancel = icecat_cancel_new();
    fixture.cancel_after_told = 1;
    call.cancel = fixture.cancel;
    options.call = &call;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, &err), ICECAT_E_CANCELLED);
    assert_int_equal(err.status, ICECAT_E_CANCELLED);
    assert_true(counts.rejected == 1 && counts.total == 1);
    icecat_cancel_free(fixture.cancel);
    fixture_close(&fixture);
}

static void a_deadline_settles_what_hangs_and_who_waits_for_it(void **state)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    open_with_images(&fixture, 2);
    fixture_png_file(&fixture, "same.png", 80);
    fixture.fake.hangs = 1;
    call.timeout_ms = 100;
    options.call = &call;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, &err), ICECAT_E_DEADLINE);
    check_counts(&counts, 0, 0, 3);
    assert_int_equal(fixture.told_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(fixture.told[i].error.status, ICECAT_E_DEADLINE);
    assert_non_null(strstr(fixture_told(&fixture, "same.png")->error.message, "not tried"));
    assert_int_equal(fixture.sent_count, 2);
    fixture_close(&fixture);
}

static void the_first_failure_can_be_the_last(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;

    (void)state;
    open_with_images(&fixture, 12);
    fixture.client->transport_settings.max_connections = 1;
    fixture.refuse_name = "2.png";
    options.stop_at_failure = 1;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, NULL), ICECAT_E_PARTIAL);
    check_counts(&counts, 2, 0, 1);
    assert_int_equal(fixture.given, 3);
    fixture_close(&fixture);
}

/* What is under way is finished; an equal image that waited is not tried any more. */
static void a_failure_that_stops_also_stops_its_duplicates(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;

    (void)state;
    open_with_images(&fixture, 3);
    fixture_png_file(&fixture, "same-0.png", 80);
    fixture_png_file(&fixture, "same-1.png", 81);
    fixture.refuse_name = "0.png";
    options.stop_at_failure = 1;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, NULL), ICECAT_E_PARTIAL);
    check_counts(&counts, 2, 1, 2);
    assert_int_equal(fixture_told(&fixture, "same-0.png")->error.status, ICECAT_E_ACCESS);
    assert_int_equal(fixture_told(&fixture, "same-1.png")->submission.action, ICECAT_DUPLICATE);
    assert_int_equal(fixture.sent_count, 3);
    fixture_close(&fixture);
}

/* When the token fired, the refusal of "1.png" had arrived, so that "same-1.png" was next in line: it is settled,
 * and not sent. */
static void a_duplicate_in_line_is_settled_when_the_call_is_stopped(void **state)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;

    (void)state;
    open_with_images(&fixture, 2);
    fixture_png_file(&fixture, "same-1.png", 81);
    fixture.refuse_name = "1.png";
    fixture.cancel = icecat_cancel_new();
    fixture.cancel_after_told = 1;
    call.cancel = fixture.cancel;
    options.call = &call;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, NULL), ICECAT_E_CANCELLED);
    check_counts(&counts, 1, 0, 2);
    assert_int_equal(fixture_told(&fixture, "1.png")->error.status, ICECAT_E_ACCESS);
    assert_non_null(strstr(fixture_told(&fixture, "same-1.png")->error.message, "not tried"));
    assert_int_equal(fixture.sent_count, 2);
    icecat_cancel_free(fixture.cancel);
    fixture_close(&fixture);
}

/* The same, but a callback wants no more. */
static void who_wants_no_more_gets_no_duplicate_sent(void **state)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;

    (void)state;
    open_with_images(&fixture, 2);
    fixture_png_file(&fixture, "same-0.png", 80);
    fixture_png_file(&fixture, "same-1.png", 80);
    fixture.refuse_name = "0.png";
    fixture.stop_after_told = 1;
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, NULL), ICECAT_E_CALLBACK);
    check_counts(&counts, 1, 0, 3);
    assert_int_equal(fixture.sent_count, 2);
    fixture_close(&fixture);
}

static void init_functions_zero_and_note_the_size(void **state)
{
    icecat_submit_options options;
    icecat_submission submission;
    icecat_submit_counts counts;

    (void)state;
    memset(&options, 1, sizeof(options));
    memset(&submission, 1, sizeof(submission));
    memset(&counts, 1, sizeof(counts));
    icecat_submit_options_init(&options, sizeof(options));
    icecat_submission_init(&submission, sizeof(submission));
    icecat_submit_counts_init(&counts, sizeof(counts));
    assert_int_equal(options.struct_size, sizeof(options));
    assert_int_equal(options.stop_at_failure, 0);
    assert_int_equal(submission.struct_size, sizeof(submission));
    assert_null(submission.duplicate_of);
    assert_int_equal(counts.struct_size, sizeof(counts));
    assert_true(counts.bytes == 0);
}

static void wrong_arguments_are_told_before_a_path_is_asked_for(void **state)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    icecat_image_options image_options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    open_with_images(&fixture, 1);
    assert_int_equal(icecat_pipeline_submit_many(fixture.pipeline, FIXTURE_BATCH, NULL, NULL, NULL,
                                                 NULL, NULL, &err),
                     ICECAT_E_ARGUMENT);
    image_options.profile = 9;
    options.image = &image_options;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, &err), ICECAT_E_ARGUMENT);
    counts.struct_size = 3;
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(fixture.given, 0);
    fixture_close(&fixture);
}

#define COPIES 3000

typedef struct copies {
    const char *path;
    int given;
} copies;

static int give_copy(const char **path, void *userdata)
{
    copies *all = userdata;

    *path = all->path;
    return all->given++ < COPIES;
}

/* Nothing finishes while duplicates are read, so that only so many may wait. */
static void few_duplicates_wait_at_a_time(void **state)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    copies all = { NULL, 0 };

    (void)state;
    open_with_images(&fixture, 1);
    all.path = fixture.paths[0];
    assert_int_equal(icecat_pipeline_submit_many(fixture.pipeline, FIXTURE_BATCH, give_copy, NULL,
                                                 &all, NULL, &counts, NULL),
                     ICECAT_OK);
    check_counts(&counts, 1, COPIES - 1, 0);
    assert_int_equal(fixture.sent_count, 1);

    all.given = 0;
    fixture.fake.hangs = 1;
    call.timeout_ms = 1000;
    options.call = &call;
    assert_int_equal(icecat_pipeline_submit_many(fixture.pipeline, FIXTURE_BATCH, give_copy, NULL,
                                                 &all, &options, &counts, NULL),
                     ICECAT_E_DEADLINE);
    assert_true(counts.failed == counts.total && counts.total <= 1025);
    fixture_close(&fixture);
}

static void many_fingerprints_are_found_again(void **state)
{
    enum { MANY = 100000 };
    ic_seen_table table;
    ic_seen *seen;

    (void)state;
    ic_seen_init(&table, &ic_mem_default);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MANY; i++) {
            unsigned char digest[IC_SHA256_LEN];

            ic_sha256(&i, sizeof(i), digest);
            seen = ic_seen_find(&table, digest);
            if (round == 0) {
                assert_null(seen);
                assert_int_equal(ic_seen_add(&table, digest, &seen, NULL), ICECAT_OK);
                seen->size_bytes = i;
            } else {
                assert_non_null(seen);
                assert_true(seen->size_bytes == i);
            }
        }
    }
    assert_int_equal(table.count, MANY);
    ic_seen_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_callback_that_is_told_may_stop_the_call),
        cmocka_unit_test(a_callback_stops_the_last_transfers),
        cmocka_unit_test(a_callback_that_gives_paths_may_stop_the_call),
        cmocka_unit_test(a_fired_token_ends_the_call_and_settles_everything),
        cmocka_unit_test(a_fired_token_ends_a_call_that_sends_nothing),
        cmocka_unit_test(a_deadline_settles_what_hangs_and_who_waits_for_it),
        cmocka_unit_test(the_first_failure_can_be_the_last),
        cmocka_unit_test(a_failure_that_stops_also_stops_its_duplicates),
        cmocka_unit_test(a_duplicate_in_line_is_settled_when_the_call_is_stopped),
        cmocka_unit_test(who_wants_no_more_gets_no_duplicate_sent),
        cmocka_unit_test(init_functions_zero_and_note_the_size),
        cmocka_unit_test(wrong_arguments_are_told_before_a_path_is_asked_for),
        cmocka_unit_test(few_duplicates_wait_at_a_time),
        cmocka_unit_test(many_fingerprints_are_found_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
