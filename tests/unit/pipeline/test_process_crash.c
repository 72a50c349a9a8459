/*
 * test_process_crash.c - whatever happens between two steps: one final record, one bucket.
 *
 * Crashes after and before every request, two of them in a row, and two workers at every point.
 */
#include "cmocka_all.h"
#include "process_fixture.h"

#include <string.h>

typedef struct kind {
    const char *key;
    const char *data; /* NULL: a sound picture */
    const char *detect_body;
    int detect_status;
    const char *state;
    const char *bucket;
} kind;

static const char refused[] = "{\"__type\":\"InvalidImageFormatException\",\"message\":\"no\"}";

static const kind kinds[] = {
    { KEY, NULL, NULL, 0, "success", DST },
    { KEY_DEBUG, NULL, "{\"Labels\":[]}", 0, "success", DST },
    { KEY, NULL, refused, 400, "fail", BAD },
    { KEY, "<html>no picture", NULL, 0, "fail", BAD },
};

static void open_kind(fixture *f, const kind *k)
{
    fixture_open(f, NULL);
    if (k->data == NULL)
        fixture_upload(f, k->key, 100);
    else
        fake_aws_put(&f->aws, SRC, k->key, k->data, strlen(k->data), "x.png");
    f->aws.detect_body = k->detect_body;
    f->aws.detect_status = k->detect_status;
}

static void set_crash(fixture *f, size_t after, int without_effect)
{
    f->aws.requests = 0;
    f->aws.crash_at = after;
    f->aws.crash_without_effect = without_effect;
}

/* Repeat until it is done, and once more: nothing changes then. */
static void repeat(fixture *f, const kind *k)
{
    size_t writes;

    set_crash(f, 0, 0);
    assert_int_equal(fixture_process(f, k->key), ICECAT_OK);
    fixture_assert_settled(f, k->key, k->state, k->bucket);
    writes = f->aws.writes;
    assert_int_equal(fixture_process(f, k->key), ICECAT_OK);
    assert_int_equal(f->result.action, ICECAT_PROCESSED_BEFORE);
    fixture_assert_settled(f, k->key, k->state, k->bucket);
    assert_int_equal(f->aws.writes, writes);
}

static size_t count_requests(const kind *k)
{
    fixture f;
    size_t count;

    open_kind(&f, k);
    assert_int_equal(fixture_process(&f, k->key), ICECAT_OK);
    count = f.aws.requests;
    fixture_close(&f);
    return count;
}

static void test_crash_after_every_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t count = count_requests(&kinds[i]);

        assert_true(count >= 5);
        for (size_t at = 1; at <= count; at++) {
            for (int without_effect = 0; without_effect < 2; without_effect++) {
                fixture f;

                open_kind(&f, &kinds[i]);
                set_crash(&f, at, without_effect);
                assert_int_equal(fixture_process(&f, kinds[i].key), ICECAT_E_TRANSFER);
                assert_int_equal(f.result.action, 0);
                repeat(&f, &kinds[i]);
                fixture_close(&f);
            }
        }
    }
}

static void test_two_crashes_in_a_row(void **state)
{
    (void)state;
    for (size_t first = 1; first <= 6; first++) {
        for (size_t second = 1; second <= 6; second++) {
            fixture f;

            open_kind(&f, &kinds[0]);
            set_crash(&f, first, 0);
            fixture_process(&f, KEY);
            set_crash(&f, second, 0);
            fixture_process(&f, KEY);
            repeat(&f, &kinds[0]);
            fixture_close(&f);
        }
    }
}

static void test_crash_while_a_wrong_key_is_moved(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 2; at++) {
        fixture f;

        fixture_open(&f, NULL);
        fixture_upload(&f, "cat.png", 100);
        set_crash(&f, at, 0);
        assert_int_equal(fixture_process(&f, "cat.png"), ICECAT_E_TRANSFER);
        set_crash(&f, 0, 0);
        assert_int_equal(fixture_process(&f, "cat.png"), ICECAT_E_KEY);
        assert_int_equal(fake_aws_copies(&f.aws, "cat.png"), 1);
        assert_non_null(fake_aws_find(&f.aws, BAD, "cat.png"));
        fixture_close(&f);
    }
}

/* ---- two workers ------------------------------------------------------------------------- */

typedef struct rival {
    fixture *f;
    icecat_pipeline *pipeline;
    size_t at; /* it runs before this request of the first worker */
    const char *detect_body;
    int detect_status;
    int has_run;
    icecat_status status;
} rival;

static void run_rival(fake_aws *aws, const char *operation)
{
    rival *r = aws->userdata;
    const char *body = aws->detect_body;
    int status = aws->detect_status;

    (void)operation;
    if (r->has_run || aws->requests + 1 != r->at)
        return;
    r->has_run = 1;
    aws->detect_body = r->detect_body;
    aws->detect_status = r->detect_status;
    r->status = icecat_pipeline_process(r->pipeline, SRC, KEY, NULL, NULL, NULL);
    aws->detect_body = body;
    aws->detect_status = status;
}

static void race(size_t at, const char *rival_body, int rival_status, const char *wanted_state,
                 const char *wanted_bucket)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    rival r = { .at = at, .detect_body = rival_body, .detect_status = rival_status };
    icecat_client *client;
    fixture f;

    open_kind(&f, &kinds[0]);
    client = fake_aws_client(&f.aws, NULL);
    options.bucket_source = SRC;
    options.bucket_dest = DST;
    options.bucket_fail = BAD;
    options.table = "ice-table";
    assert_int_equal(icecat_pipeline_new(client, &options, &r.pipeline, NULL), ICECAT_OK);
    f.aws.before = run_rival;
    f.aws.userdata = &r;
    assert_int_equal(fixture_process(&f, KEY), ICECAT_OK);
    assert_int_equal(r.has_run, 1);
    assert_int_equal(r.status, ICECAT_OK);
    fixture_assert_settled(&f, KEY, wanted_state, wanted_bucket);
    f.aws.before = NULL;
    icecat_pipeline_free(r.pipeline);
    icecat_client_free(client);
    fixture_close(&f);
}

static void test_two_workers_at_once(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 6; at++)
        race(at, NULL, 0, "success", DST);
}

/* Rekognition refuses for one and not for the other: the record that was final first counts. */
static void test_two_workers_that_disagree(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 5; at++)
        race(at, refused, 400, "fail", BAD);
    race(6, refused, 400, "success", DST);
}

static void test_rival_with_a_server_that_sends_no_old_item(void **state)
{
    fixture f;

    (void)state;
    open_kind(&f, &kinds[0]);
    f.aws.no_old_items = 1;
    set_crash(&f, 5, 0); /* the record is final, the source is still there */
    assert_int_equal(fixture_process(&f, KEY), ICECAT_E_TRANSFER);
    repeat(&f, &kinds[0]);
    fixture_close(&f);
}

/* ---- two uploads of one picture in one batch --------------------------------------------- */

static void test_reordered_events_of_two_uploads(void **state)
{
    static const char *const orders[2][2] = { { KEY, KEY_LATER }, { KEY_LATER, KEY } };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        fixture f;

        fixture_open(&f, NULL);
        fixture_upload(&f, KEY, 100);
        fixture_upload(&f, KEY_LATER, 100);
        assert_int_equal(fixture_process(&f, orders[i][0]), ICECAT_OK);
        assert_int_equal(f.result.action, ICECAT_PROCESSED);
        assert_int_equal(fixture_process(&f, orders[i][1]), ICECAT_OK);
        assert_int_equal(f.result.action, ICECAT_PROCESSED_BEFORE);
        assert_int_equal(f.result.is_cat, 1);
        assert_int_equal(f.result.label_count, 2);
        fixture_assert_settled(&f, orders[i][0], "success", DST);
        assert_int_equal(fake_aws_copies(&f.aws, orders[i][1]), 1);
        assert_non_null(fake_aws_find(&f.aws, DST, orders[i][1]));
        assert_int_equal(fake_aws_count(&f.aws, "DetectLabels"), 1);
        fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crash_after_every_step),
        cmocka_unit_test(test_two_crashes_in_a_row),
        cmocka_unit_test(test_crash_while_a_wrong_key_is_moved),
        cmocka_unit_test(test_two_workers_at_once),
        cmocka_unit_test(test_two_workers_that_disagree),
        cmocka_unit_test(test_rival_with_a_server_that_sends_no_old_item),
        cmocka_unit_test(test_reordered_events_of_two_uploads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
