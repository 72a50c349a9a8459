/*
 * test_submit_many.c - many files: each is settled once, and none stops the others.
 */
#include "cmocka_all.h"
#include "submit_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_counts(const icecat_submit_counts *counts, uint64_t submitted, uint64_t duplicate,
                         uint64_t rejected, uint64_t failed)
{
    assert_true(counts->submitted == submitted);
    assert_true(counts->duplicate == duplicate);
    assert_true(counts->rejected == rejected);
    assert_true(counts->failed == failed);
    assert_true(counts->total == submitted + duplicate + rejected + failed);
}

/* One transfer at a time makes the order of everything known. */
static void one_at_a_time(submit_fixture *fixture)
{
    fixture->client->transport_settings.max_connections = 1;
}

static void every_image_is_sent_once_and_told_once(void **state)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    uint64_t bytes_sent = 0;
    char name[32];

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    for (uint32_t i = 0; i < 20; i++) {
        snprintf(name, sizeof(name), "cat-%02u.png", i);
        fixture_png_file(&fixture, name, 80 + i);
    }
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, NULL), ICECAT_OK);
    check_counts(&counts, 20, 0, 0, 0);
    assert_int_equal(fixture.told_count, 20);
    assert_int_equal(fixture.sent_count, 20);
    assert_int_equal(fixture.fake.most_in_flight, 8);
    for (size_t i = 0; i < 20; i++) {
        const told_image *told = fixture_told(&fixture, strrchr(fixture.paths[i], '/') + 1);
        const sent_put *put = &fixture.sent[i];

        assert_true(told->submission.index == i);
        assert_string_equal(told->path, fixture.paths[i]);
        assert_int_equal(told->submission.action, ICECAT_SUBMITTED);
        assert_int_equal(told->submission.image_format, ICECAT_IMAGE_PNG);
        assert_true(told->submission.batch_id == FIXTURE_BATCH);
        assert_string_equal(told->submission.etag, "\"0123abcd\"");
        assert_string_equal(told->submission.fingerprint, put->body_sha256);
        assert_string_equal(put->sha256, put->body_sha256);
        assert_string_equal(put->name, told->file_name);
        assert_non_null(strstr(put->url, told->key));
        assert_non_null(strstr(told->key, told->upload_time));
        assert_true(told->submission.upload_ts > 1700000000);
        assert_true(told->submission.size_bytes == put->body_len);
        bytes_sent += put->body_len;
    }
    assert_true(counts.bytes == bytes_sent);
    fixture_close(&fixture);
}

/* C1: the first failed upload ended the Python client's run, and no batch log was written. */
static void c1_a_failed_upload_does_not_stop_the_others(void **state)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    const told_image *bad;
    icecat_error err;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    fixture_png_file(&fixture, "a.png", 80);
    fixture_png_file(&fixture, "b.png", 81);
    fixture_png_file(&fixture, "c.png", 82);
    fixture.refuse_name = "b.png";
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, &err), ICECAT_E_PARTIAL);
    check_counts(&counts, 2, 0, 0, 1);
    assert_int_equal(err.status, ICECAT_E_PARTIAL);
    assert_int_equal(err.http_status, 403);
    assert_non_null(strstr(err.message, "of 3 images 1 failed and 0 were rejected"));
    assert_non_null(strstr(err.message, "b.png"));
    bad = fixture_told(&fixture, "b.png");
    assert_int_equal(bad->submission.action, ICECAT_FAILED);
    assert_int_equal(bad->error.status, ICECAT_E_ACCESS);
    assert_string_equal(bad->key, "");
    assert_int_equal(fixture_told(&fixture, "a.png")->submission.action, ICECAT_SUBMITTED);
    assert_int_equal(fixture_told(&fixture, "c.png")->submission.action, ICECAT_SUBMITTED);
    fixture_close(&fixture);
}

/* C5: equal files gave the same key twice, or two objects for one record. */
static void c5_equal_bytes_are_uploaded_once(void **state)
{
    (void)state;
    /* With 8 transfers the second finds the first in flight; with 1 it finds it uploaded. */
    for (int single = 0; single < 2; single++) {
        icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
        submit_fixture fixture;
        const told_image *first;

        fixture_open(&fixture, NULL, NULL);
        if (single)
            one_at_a_time(&fixture);
        fixture_png_file(&fixture, "a.png", 80);
        fixture_png_file(&fixture, "same.png", 80);
        fixture_png_file(&fixture, "b.png", 81);
        fixture_png_file(&fixture, "again.png", 80);
        assert_int_equal(fixture_submit(&fixture, NULL, &counts, NULL), ICECAT_OK);
        check_counts(&counts, 2, 2, 0, 0);
        assert_int_equal(fixture.sent_count, 2);
        first = fixture_told(&fixture, "a.png");
        assert_string_equal(first->duplicate_of, "");
        for (int i = 0; i < 2; i++) {
            const told_image *told = fixture_told(&fixture, i == 0 ? "same.png" : "again.png");

            assert_int_equal(told->submission.action, ICECAT_DUPLICATE);
            assert_string_equal(told->duplicate_of, fixture.paths[0]);
            assert_string_equal(told->key, first->key);
            assert_string_equal(told->upload_time, first->upload_time);
            assert_string_equal(told->submission.fingerprint, first->submission.fingerprint);
            assert_true(told->submission.size_bytes == first->submission.size_bytes);
            assert_int_equal(told->submission.image_format, ICECAT_IMAGE_PNG);
            assert_true(told->submission.index == (i == 0 ? 1 : 3));
        }
        fixture_close(&fixture);
    }
}

/* The duplicate is then uploaded itself, to the same key: a lost answer leaves no second object. */
static void c5_a_duplicate_takes_the_place_of_a_failed_first(void **state)
{
    (void)state;
    for (int single = 0; single < 2; single++) {
        icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
        icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
        submit_fixture fixture;

        fixture_open(&fixture, NULL, NULL);
        if (single)
            one_at_a_time(&fixture);
        fixture_png_file(&fixture, "a.png", 80);
        fixture_png_file(&fixture, "b.jpg", 80);
        fixture_png_file(&fixture, "c.png", 80);
        fixture.refuse_name = "a.png";
        options.no_validate = 1; /* b.jpg alone would have a key of its own */
        assert_int_equal(fixture_submit(&fixture, &options, &counts, NULL), ICECAT_E_PARTIAL);
        check_counts(&counts, 1, 1, 0, 1);
        assert_int_equal(fixture_told(&fixture, "a.png")->submission.action, ICECAT_FAILED);
        assert_int_equal(fixture_told(&fixture, "b.jpg")->submission.action, ICECAT_SUBMITTED);
        assert_int_equal(fixture_told(&fixture, "c.png")->submission.action, ICECAT_DUPLICATE);
        assert_string_equal(fixture_told(&fixture, "c.png")->duplicate_of, fixture.paths[1]);
        assert_int_equal(fixture.sent_count, 2);
        assert_string_equal(fixture.sent[0].url, fixture.sent[1].url);
        assert_string_equal(fixture.sent[0].body_sha256, fixture.sent[1].body_sha256);
        assert_string_equal(fixture.sent[1].name, "b.jpg");
        fixture_close(&fixture);
    }
}

static void equal_images_that_all_fail_are_all_failed(void **state)
{
    static const fake_answer refused[] = { { 403, ICECAT_OK, NULL, NULL } };
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    fixture_answers(&fixture, refused, 1);
    fixture_png_file(&fixture, "a.png", 80);
    fixture_png_file(&fixture, "b.png", 80);
    fixture_png_file(&fixture, "c.png", 80);
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, &err), ICECAT_E_ACCESS);
    check_counts(&counts, 0, 0, 0, 3);
    assert_int_equal(fixture.sent_count, 3);
    assert_non_null(strstr(err.message, "a.png"));
    fixture_close(&fixture);
}

/* A folder, a pipe and a missing file are refused at once; so is what is too large to be read. */
static void what_is_no_image_file_is_told_and_not_sent(void **state)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    bytes png = fixture_png(80);
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    fixture_file(&fixture, "text.png", "no image\n", 9);
    fixture_file(&fixture, "cut.png", png.data, png.len - 20);
    fixture_file(&fixture, "huge.png", png.data, png.len);
    assert_int_equal(truncate(fixture.paths[2], (off_t)1 << 33), 0);
    fixture_png_file(&fixture, "small.png", 79);
    fixture_path(&fixture, "missing.png");
    assert_int_equal(mkdir(fixture_path(&fixture, "folder.png"), 0700), 0);
    assert_int_equal(mkfifo(fixture_path(&fixture, "pipe.png"), 0600), 0);
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, &err), ICECAT_E_FILE);
    check_counts(&counts, 0, 0, 4, 3);
    assert_int_equal(fixture.sent_count, 0);
    assert_non_null(strstr(err.message, "missing.png"));
    assert_int_equal(fixture_told(&fixture, "text.png")->error.status, ICECAT_E_IMAGE_FORMAT);
    assert_int_equal(fixture_told(&fixture, "cut.png")->error.status, ICECAT_E_IMAGE_CORRUPT);
    assert_int_equal(fixture_told(&fixture, "small.png")->error.status, ICECAT_E_IMAGE_LIMIT);
    assert_int_equal(strlen(fixture_told(&fixture, "small.png")->submission.fingerprint), 64);
    for (int i = 0; i < 3; i++) {
        const char *const names[] = { "missing.png", "folder.png", "pipe.png" };
        const told_image *told = fixture_told(&fixture, names[i]);

        assert_int_equal(told->submission.action, ICECAT_FAILED);
        assert_int_equal(told->error.status, ICECAT_E_FILE);
        assert_string_equal(told->submission.fingerprint, "");
    }
    bytes_free(&png);
    fixture_close(&fixture);
}

static void a_file_over_the_limit_is_judged_without_being_read(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    bytes png = fixture_png(80);
    submit_fixture fixture;
    const told_image *told;
    icecat_error err;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    bytes_add_zeros(&png, 1);
    fixture_file(&fixture, "huge.png", png.data, png.len);
    assert_int_equal(truncate(fixture.paths[0], (off_t)1 << 33), 0);
    assert_int_equal(fixture_submit(&fixture, NULL, NULL, &err), ICECAT_E_IMAGE_LIMIT);
    told = fixture_told(&fixture, "huge.png");
    assert_int_equal(told->submission.action, ICECAT_REJECTED);
    assert_int_equal(told->submission.image_format, ICECAT_IMAGE_PNG);
    assert_true(told->submission.size_bytes == (uint64_t)1 << 33);
    assert_string_equal(told->submission.fingerprint, "");
    assert_non_null(strstr(told->error.message, "8589934592"));

    fixture.given = fixture.told_count = 0;
    options.no_validate = 1;
    assert_int_equal(fixture_submit(&fixture, &options, NULL, &err), ICECAT_E_IMAGE_LIMIT);
    assert_int_equal(fixture_told(&fixture, "huge.png")->submission.action, ICECAT_REJECTED);
    assert_int_equal(fixture.sent_count, 0);
    bytes_free(&png);
    fixture_close(&fixture);
}

static void rejected_images_do_not_stop_the_others(void **state)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    fixture_file(&fixture, "text.png", "no image\n", 9);
    fixture_png_file(&fixture, "a.png", 80);
    fixture_file(&fixture, "text-again.png", "no image\n", 9);
    options.stop_at_failure = 1; /* a rejection is no failure */
    assert_int_equal(fixture_submit(&fixture, &options, &counts, &err), ICECAT_E_PARTIAL);
    check_counts(&counts, 1, 0, 2, 0);
    assert_non_null(strstr(err.message, "0 failed and 2 were rejected, the first rejection"));
    assert_string_equal(fixture_told(&fixture, "text-again.png")->duplicate_of, "");
    fixture_close(&fixture);
}

static void when_all_are_rejected_the_first_given_says_why(void **state)
{
    submit_fixture fixture;
    icecat_error err;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    fixture_png_file(&fixture, "small.png", 40);
    fixture_file(&fixture, "text.png", "no image\n", 9);
    assert_int_equal(fixture_submit(&fixture, NULL, NULL, &err), ICECAT_E_IMAGE_LIMIT);
    assert_int_equal(err.status, ICECAT_E_IMAGE_LIMIT);
    assert_non_null(strstr(err.message, "small.png"));
    fixture_close(&fixture);
}

static void no_image_at_all_is_no_failure(void **state)
{
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, NULL), ICECAT_OK);
    check_counts(&counts, 0, 0, 0, 0);
    fixture_close(&fixture);
}

static void a_busy_service_delays_only_its_own_image(void **state)
{
    static const fake_answer answers[] = { { 503, ICECAT_OK, NULL, NULL },
                                           { 200, ICECAT_OK, "etag: \"e\"", NULL } };
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    one_at_a_time(&fixture);
    fixture.client->transport_settings.max_connections = 2;
    fixture_answers(&fixture, answers, 2);
    for (uint32_t i = 0; i < 6; i++) {
        char name[16];

        snprintf(name, sizeof(name), "%u.png", i);
        fixture_png_file(&fixture, name, 80 + i);
    }
    assert_int_equal(fixture_submit(&fixture, NULL, &counts, NULL), ICECAT_OK);
    check_counts(&counts, 6, 0, 0, 0);
    assert_int_equal(fixture.sent_count, 7);
    assert_string_equal(fixture.told[0].file_name, "1.png");
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_image_is_sent_once_and_told_once),
        cmocka_unit_test(c1_a_failed_upload_does_not_stop_the_others),
        cmocka_unit_test(c5_equal_bytes_are_uploaded_once),
        cmocka_unit_test(c5_a_duplicate_takes_the_place_of_a_failed_first),
        cmocka_unit_test(equal_images_that_all_fail_are_all_failed),
        cmocka_unit_test(what_is_no_image_file_is_told_and_not_sent),
        cmocka_unit_test(a_file_over_the_limit_is_judged_without_being_read),
        cmocka_unit_test(rejected_images_do_not_stop_the_others),
        cmocka_unit_test(when_all_are_rejected_the_first_given_says_why),
        cmocka_unit_test(no_image_at_all_is_no_failure),
        cmocka_unit_test(a_busy_service_delays_only_its_own_image),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
