/*
 * test_submit_ahead.c - bulk submissions: files that are read ahead, images that are known, keys that are
 * the same each time, and progress.
 */
#include "cmocka_all.h"
#include "submit_fixture.h"

#include <stdio.h>
#include <string.h>

static void add_images(submit_fixture *fixture, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        char name[16];

        snprintf(name, sizeof(name), "%u.png", i);
        fixture_png_file(fixture, name, 80 + i);
    }
}

/* Ends a call in which nothing is answered, once no more files are asked for. */
struct standstill {
    uint64_t total;
    unsigned looks;
};

static struct standstill standstill;

static int stop_at_standstill(const icecat_submit_counts *counts, void *userdata)
{
    (void)userdata;
    standstill.looks = counts->total == standstill.total ? standstill.looks + 1 : 0;
    standstill.total = counts->total;
    return standstill.looks == 5;
}

/* While nothing is answered, the next files are read, but not all of them. */
static void files_are_read_ahead_within_bounds(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    submit_fixture fixture;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    add_images(&fixture, 40);
    fixture.fake.hangs = 1;
    memset(&standstill, 0, sizeof(standstill));
    options.progress = stop_at_standstill;
    assert_int_equal(fixture_submit(&fixture, &options, NULL, NULL), ICECAT_E_CALLBACK);
    assert_int_equal(fixture.sent_count, 8);
    assert_int_equal(fixture.given, 16);
    assert_int_equal(fixture.told_count, 16); /* each is told, sent or not */
    fixture_close(&fixture);
}

static void large_files_are_read_ahead_one_by_one(void **state)
{
    static char large[2 << 20];
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    submit_fixture fixture;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    for (int i = 0; i < 12; i++) {
        char name[16];

        snprintf(name, sizeof(name), "%d.png", i);
        large[0] = (char)i;
        fixture_file(&fixture, name, large, sizeof(large));
    }
    fixture.fake.hangs = 1;
    memset(&standstill, 0, sizeof(standstill));
    options.progress = stop_at_standstill;
    options.no_validate = 1;
    assert_int_equal(fixture_submit(&fixture, &options, NULL, NULL), ICECAT_E_CALLBACK);
    assert_int_equal(fixture.sent_count, 8);
    assert_int_equal(fixture.given, 9);
    fixture_close(&fixture);
}

/* After a failure no more are started; so none is read ahead either. */
static void nothing_is_read_ahead_of_a_failure_that_stops(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    add_images(&fixture, 20);
    fixture.refuse_name = "0.png";
    options.stop_at_failure = 1;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, NULL), ICECAT_E_PARTIAL);
    assert_true(counts.failed == 1 && counts.submitted == 7 && counts.total == 8);
    fixture_close(&fixture);
}

/* ---- images that are known --------------------------------------------------------------- */

static char known_fingerprint[72];

static int knows(const char *fingerprint, void *userdata)
{
    (void)userdata;
    assert_int_equal(strlen(fingerprint), 64);
    return strcmp(fingerprint, known_fingerprint) == 0;
}

static int knows_nothing_more(const char *fingerprint, void *userdata)
{
    (void)fingerprint;
    (void)userdata;
    return -1;
}

static void a_known_image_is_told_and_not_uploaded(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    const told_image *told;
    bytes image = fixture_png(81);

    (void)state;
    ic_sha256_hex(image.data, image.len, known_fingerprint);
    bytes_free(&image);
    fixture_open(&fixture, NULL, NULL);
    add_images(&fixture, 3);
    fixture_png_file(&fixture, "again.png", 81);
    options.is_known = knows;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, NULL), ICECAT_OK);
    assert_true(counts.submitted == 2 && counts.known == 2 && counts.duplicate == 0);
    assert_true(counts.total == 4 && counts.failed == 0);
    assert_int_equal(fixture.sent_count, 2);
    told = fixture_told(&fixture, "1.png");
    assert_int_equal(told->submission.action, ICECAT_KNOWN);
    assert_string_equal(told->submission.fingerprint, known_fingerprint);
    assert_string_equal(told->key, "");
    assert_int_equal(fixture_told(&fixture, "again.png")->submission.action, ICECAT_KNOWN);
    fixture_close(&fixture);
}

static void who_is_asked_may_stop_the_call(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    submit_fixture fixture;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    add_images(&fixture, 3);
    options.is_known = knows_nothing_more;
    assert_int_equal(fixture_submit(&fixture, &options, NULL, NULL), ICECAT_E_CALLBACK);
    assert_true(fixture.given <= 1);
    fixture_close(&fixture);
}

/* ---- keys and progress ------------------------------------------------------------------- */

static void a_given_time_makes_the_same_keys_again(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    submit_fixture fixture;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    add_images(&fixture, 2);
    options.upload_ts = 1744377772;
    assert_int_equal(fixture_submit(&fixture, &options, NULL, NULL), ICECAT_OK);
    assert_non_null(strstr(fixture.sent[0].url, "/2025-04-11-13/1744377772.png"));
    assert_true(fixture_told(&fixture, "1.png")->submission.upload_ts == 1744377772);
    options.upload_ts = -1;
    assert_int_equal(fixture_submit(&fixture, &options, NULL, NULL), ICECAT_E_ARGUMENT);
    fixture_close(&fixture);
}

static struct {
    unsigned calls;
    unsigned stop_at;
    uint64_t last_total;
    uint64_t last_bytes;
    uint64_t under_way;
} progress;

static int watch(const icecat_submit_counts *counts, void *userdata)
{
    (void)userdata;
    assert_true(counts->total >= progress.last_total);
    progress.last_total = counts->total;
    progress.last_bytes = counts->bytes_settled;
    progress.under_way = counts->bytes_under_way;
    return ++progress.calls == progress.stop_at;
}

static void progress_ends_with_all_of_it(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;

    (void)state;
    memset(&progress, 0, sizeof(progress));
    fixture_open(&fixture, NULL, NULL);
    add_images(&fixture, 30);
    options.progress = watch;
    assert_int_equal(fixture_submit(&fixture, &options, &counts, NULL), ICECAT_OK);
    assert_true(progress.calls >= 2 && progress.last_total == 30);
    assert_true(progress.last_bytes == counts.bytes && counts.bytes != 0);
    assert_true(progress.under_way == 0 && counts.bytes_under_way == 0);
    fixture_close(&fixture);
}

static void progress_is_told_while_nothing_happens_and_may_stop(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    submit_fixture fixture;

    (void)state;
    memset(&progress, 0, sizeof(progress));
    progress.stop_at = 3;
    fixture_open(&fixture, NULL, NULL);
    add_images(&fixture, 2);
    fixture.fake.hangs = 1;
    options.progress = watch;
    assert_int_equal(fixture_submit(&fixture, &options, NULL, NULL), ICECAT_E_CALLBACK);
    assert_int_equal(progress.calls, 3);
    assert_true(progress.under_way != 0 && progress.last_bytes == 0); /* halves of both bodies */
    assert_int_equal(fixture.told_count, 2);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_ahead_within_bounds),
        cmocka_unit_test(large_files_are_read_ahead_one_by_one),
        cmocka_unit_test(nothing_is_read_ahead_of_a_failure_that_stops),
        cmocka_unit_test(a_known_image_is_told_and_not_uploaded),
        cmocka_unit_test(who_is_asked_may_stop_the_call),
        cmocka_unit_test(a_given_time_makes_the_same_keys_again),
        cmocka_unit_test(progress_ends_with_all_of_it),
        cmocka_unit_test(progress_is_told_while_nothing_happens_and_may_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
