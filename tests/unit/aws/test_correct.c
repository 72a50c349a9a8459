/*
 * test_correct.c - AWS's time and the regions of buckets, as answers teach them.
 */
#include "aws/engine.h"
#include "aws/skew.h"
#include "base/error.h"
#include "cmocka_all.h"
#include "fake_transport.h"

#include <icecat/s3.h>
#include <stdio.h>
#include <string.h>

/* ---- pure -------------------------------------------------------------------------------- */

static void clocks_that_agree_need_no_correction(void **state)
{
    (void)state;
    assert_int_equal(ic_skew_learn(0, 1000, 1001, 1000), 0);
    assert_int_equal(ic_skew_learn(0, 1000, 1001, 1240), 0);
    assert_int_equal(ic_skew_learn(0, 1000, 1001, 1241), 240);
    assert_int_equal(ic_skew_learn(0, 100000, 100001, 99761), 0);
    assert_int_equal(ic_skew_learn(0, 100000, 100001, 99760), -240);
    /* A transfer of ten minutes is no skew. */
    assert_int_equal(ic_skew_learn(0, 1000, 1600, 1010), 0);
}

static void a_correction_is_kept_replaced_and_ended(void **state)
{
    (void)state;
    assert_int_equal(ic_skew_learn(600, 1000, 1000, 1659), 600); /* jitter */
    assert_int_equal(ic_skew_learn(600, 1000, 1000, 1660), 660); /* drift */
    assert_int_equal(ic_skew_learn(600, 1000, 1000, 1010), 0);   /* the clock was put right */
}

static void a_time_that_is_days_off_is_not_believed(void **state)
{
    (void)state;
    assert_int_equal(ic_skew_learn(0, 1000, 1000, 1000 + 86400), 86400);
    assert_int_equal(ic_skew_learn(0, 1000, 1000, 1000 + 86401), 0);
    assert_int_equal(ic_skew_learn(600, 1000000, 1000000, 1), 600);
}

static void regions_are_followed_within_a_partition_only(void **state)
{
    (void)state;
    assert_true(ic_bucket_region_may_follow("us-east-1", "eu-west-1"));
    assert_false(ic_bucket_region_may_follow("us-east-1", "us-east-1"));
    assert_false(ic_bucket_region_may_follow("us-east-1", "cn-north-1"));
    assert_false(ic_bucket_region_may_follow("us-east-1", "us-gov-west-1"));
    assert_false(ic_bucket_region_may_follow("us-east-1", "evil.example/"));
    assert_false(ic_bucket_region_may_follow("us-east-1", ""));
}

static void the_list_of_buckets_is_bounded(void **state)
{
    static ic_bucket_regions regions;
    char name[16];

    (void)state;
    for (int i = 0; i < IC_BUCKETS_KNOWN + 1; i++) {
        snprintf(name, sizeof(name), "bucket-%d", i);
        ic_bucket_regions_put(&regions, name, "eu-west-1");
    }
    assert_null(ic_bucket_regions_get(&regions, "bucket-0"));
    assert_string_equal(ic_bucket_regions_get(&regions, "bucket-1"), "eu-west-1");
    ic_bucket_regions_put(&regions, "bucket-1", "eu-west-2");
    assert_string_equal(ic_bucket_regions_get(&regions, "bucket-1"), "eu-west-2");
    ic_bucket_regions_put(
        &regions, "a-name-that-is-longer-than-the-sixty-three-that-a-bucket-may-have", "eu-west-1");
    assert_string_equal(ic_bucket_regions_get(&regions, "bucket-2"), "eu-west-1");
}

/* ---- through the engine ------------------------------------------------------------------ */

#define MAX_SENT 8

typedef struct rig {
    icecat_client *client;
    fake_transport fake;
    int64_t now_s;
    char urls[MAX_SENT][256];
    char scopes[MAX_SENT][64];
    char dates[MAX_SENT][32];
} rig;

static int64_t rig_unix_s(void *userdata)
{
    return ((rig *)userdata)->now_s;
}

static uint64_t rig_monotonic_ms(void *userdata)
{
    return (uint64_t)((rig *)userdata)->now_s * 1000;
}

static void note(const ic_exchange *exchange, void *userdata)
{
    rig *r = userdata;
    size_t at = r->fake.started - 1;
    const char *authorization = ic_pairs_get(exchange->headers, "authorization");

    assert_true(at < MAX_SENT);
    snprintf(r->urls[at], sizeof(r->urls[at]), "%s", exchange->url);
    snprintf(r->scopes[at], sizeof(r->scopes[at]), "%.60s", strchr(authorization, '/'));
    snprintf(r->dates[at], sizeof(r->dates[at]), "%s",
             ic_pairs_get(exchange->headers, "x-amz-date"));
}

static void rig_begin(rig *r, const fake_answer *answers, size_t count)
{
    memset(r, 0, sizeof(*r));
    r->now_s = 1440938160; /* 2015-08-30T12:36:00Z, a Sunday */
    r->client = fake_client_new(NULL, 1);
    r->client->clock = (ic_clock){ rig_unix_s, rig_monotonic_ms, NULL, r };
    fake_transport_install(&r->fake, r->client, answers, count);
    r->fake.on_start = note;
    r->fake.userdata = r;
}

static icecat_status rig_head(rig *r, icecat_error *err)
{
    icecat_s3_object *object = NULL;
    icecat_status status = icecat_s3_head_object(r->client, "pets", "a", NULL, &object, err);

    icecat_s3_object_free(object);
    return status;
}

static icecat_status rig_get(rig *r, const char *bucket, icecat_error *err)
{
    icecat_s3_object *object = NULL;
    icecat_status status = icecat_s3_get_object(r->client, bucket, "a", NULL, &object, err);

    icecat_s3_object_free(object);
    return status;
}

static const fake_answer good = { 200, ICECAT_OK, NULL, "x" };

static void a_bucket_elsewhere_is_asked_there_and_remembered(void **state)
{
    const fake_answer answers[] = {
        { 301, ICECAT_OK, "x-amz-bucket-region: eu-west-1\nlocation: https://evil.example/", NULL },
        good
    };
    char region[64];
    rig r;

    (void)state;
    rig_begin(&r, answers, 2);
    assert_int_equal(rig_get(&r, "pets", NULL), ICECAT_OK);
    assert_string_equal(r.urls[0], "https://pets.s3.us-east-1.amazonaws.com/a");
    assert_string_equal(r.urls[1], "https://pets.s3.eu-west-1.amazonaws.com/a");
    assert_non_null(strstr(r.scopes[1], "/eu-west-1/s3/"));
    assert_int_equal(rig_get(&r, "pets", NULL), ICECAT_OK);
    assert_string_equal(r.urls[2], "https://pets.s3.eu-west-1.amazonaws.com/a");
    assert_int_equal(rig_get(&r, "other", NULL), ICECAT_OK);
    assert_string_equal(r.urls[3], "https://other.s3.us-east-1.amazonaws.com/a");
    assert_int_equal(icecat_client_bucket_region(r.client, "pets", region, sizeof(region)),
                     ICECAT_OK);
    assert_string_equal(region, "eu-west-1");
    assert_int_equal(icecat_client_bucket_region(r.client, "other", region, 5), ICECAT_E_LIMIT);
    icecat_client_free(r.client);
}

static void the_region_is_read_from_every_form_of_refusal(void **state)
{
    const fake_answer forms[] = {
        { 307, ICECAT_OK, "x-amz-bucket-region: eu-west-1",
          "<Error><Code>TemporaryRedirect</Code></Error>" },
        { 400, ICECAT_OK, NULL,
          "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>" },
        { 400, ICECAT_OK, "x-amz-bucket-region: eu-west-1",
          "<Error><Code>IllegalLocationConstraintException</Code></Error>" },
        { 301, ICECAT_OK, NULL,
          "<Error><Code>PermanentRedirect</Code><Region>eu-west-1</Region></Error>" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const fake_answer answers[] = { forms[i], good };
        rig r;

        rig_begin(&r, answers, 2);
        assert_int_equal(rig_get(&r, "pets", NULL), ICECAT_OK);
        assert_string_equal(r.urls[1], "https://pets.s3.eu-west-1.amazonaws.com/a");
        icecat_client_free(r.client);
    }
}

static void a_head_without_a_body_is_asked_there_too(void **state)
{
    const fake_answer answers[] = { { 400, ICECAT_OK, "x-amz-bucket-region: eu-west-1", NULL },
                                    good };
    rig r;

    (void)state;
    rig_begin(&r, answers, 2);
    assert_int_equal(rig_head(&r, NULL), ICECAT_OK);
    assert_string_equal(r.urls[1], "https://pets.s3.eu-west-1.amazonaws.com/a");
    icecat_client_free(r.client);
}

static void a_bucket_is_not_chased(void **state)
{
    const fake_answer answers[] = { { 301, ICECAT_OK, "x-amz-bucket-region: eu-west-1", NULL },
                                    { 301, ICECAT_OK, "x-amz-bucket-region: eu-west-2", NULL },
                                    good };
    const fake_answer foreign[] = { { 301, ICECAT_OK, "x-amz-bucket-region: cn-north-1", NULL } };
    icecat_error err;
    rig r;

    (void)state;
    rig_begin(&r, answers, 3);
    assert_int_equal(rig_get(&r, "pets", &err), ICECAT_E_REGION);
    assert_int_equal(r.fake.started, 2);
    assert_non_null(strstr(err.message, "eu-west-2"));
    icecat_client_free(r.client);

    rig_begin(&r, foreign, 1);
    assert_int_equal(rig_get(&r, "pets", &err), ICECAT_E_REGION);
    assert_int_equal(r.fake.started, 1);
    icecat_client_free(r.client);
}

#define TOO_SKEWED "<Error><Code>RequestTimeTooSkewed</Code></Error>"

static void a_wrong_clock_is_corrected_once_and_for_all_calls(void **state)
{
    const fake_answer answers[] = {
        { 403, ICECAT_OK, "date: Sun, 30 Aug 2015 13:36:00 GMT", TOO_SKEWED },
        { 200, ICECAT_OK, "date: Sun, 30 Aug 2015 13:36:01 GMT", "x" },
    };
    rig r;

    (void)state;
    rig_begin(&r, answers, 2);
    assert_int_equal(rig_get(&r, "pets", NULL), ICECAT_OK);
    assert_string_equal(r.dates[0], "20150830T123600Z");
    assert_string_equal(r.dates[1], "20150830T133600Z");
    assert_int_equal(rig_get(&r, "pets", NULL), ICECAT_OK);
    assert_string_equal(r.dates[2], "20150830T133600Z");
    assert_int_equal(r.fake.started, 3);
    icecat_client_free(r.client);
}

static void a_correction_ends_when_the_clock_was_put_right(void **state)
{
    const fake_answer answers[] = {
        { 200, ICECAT_OK, "date: Sun, 30 Aug 2015 13:36:00 GMT", "x" },
        { 403, ICECAT_OK, "date: Sun, 30 Aug 2015 13:36:00 GMT", TOO_SKEWED },
        { 200, ICECAT_OK, "date: Sun, 30 Aug 2015 13:36:00 GMT", "x" },
    };
    rig r;

    (void)state;
    rig_begin(&r, answers, 3);
    assert_int_equal(rig_get(&r, "pets", NULL), ICECAT_OK); /* a good answer teaches as well */
    r.now_s += 3600;
    assert_int_equal(rig_get(&r, "pets", NULL), ICECAT_OK);
    assert_string_equal(r.dates[1], "20150830T143600Z");
    assert_string_equal(r.dates[2], "20150830T133600Z");
    icecat_client_free(r.client);
}

static void a_signature_that_is_wrong_for_another_reason_is_not_tried_again(void **state)
{
    const fake_answer answers[] = {
        { 403, ICECAT_OK, "date: Sun, 30 Aug 2015 12:36:00 GMT",
          "<Error><Code>SignatureDoesNotMatch</Code></Error>" },
    };
    rig r;

    (void)state;
    rig_begin(&r, answers, 1);
    assert_int_equal(rig_get(&r, "pets", NULL), ICECAT_E_AUTH);
    assert_int_equal(r.fake.started, 1);
    icecat_client_free(r.client);
}

static void times_without_tls_or_from_a_cache_teach_nothing(void **state)
{
    const fake_answer plain[] = {
        { 403, ICECAT_OK, "date: Sun, 30 Aug 2015 13:36:00 GMT", TOO_SKEWED },
    };
    const fake_answer cached[] = {
        { 403, ICECAT_OK, "date: Sun, 30 Aug 2015 13:36:00 GMT\nage: 3600", TOO_SKEWED },
    };
    const fake_answer malformed[] = { { 403, ICECAT_OK, "date: yesterday", TOO_SKEWED } };
    const fake_answer *const all[] = { cached, malformed, plain };
    int64_t seen_s;
    rig r;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        rig_begin(&r, all[i], 1);
        if (all[i] == plain)
            memcpy(r.client->endpoints[IC_SERVICE_S3].base, "http://s3:1", 12);
        assert_int_equal(rig_get(&r, "pets", NULL), ICECAT_E_AUTH);
        assert_int_equal(r.fake.started, 1);
        assert_int_equal(r.client->skew_s, 0);
        assert_int_equal(icecat_client_clock_difference(r.client, &seen_s), all[i] == plain);
        assert_int_equal(seen_s, all[i] == plain ? 3600 : 0); /* noted, though not followed */
        icecat_client_free(r.client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_that_agree_need_no_correction),
        cmocka_unit_test(a_correction_is_kept_replaced_and_ended),
        cmocka_unit_test(a_time_that_is_days_off_is_not_believed),
        cmocka_unit_test(regions_are_followed_within_a_partition_only),
        cmocka_unit_test(the_list_of_buckets_is_bounded),
        cmocka_unit_test(a_bucket_elsewhere_is_asked_there_and_remembered),
        cmocka_unit_test(the_region_is_read_from_every_form_of_refusal),
        cmocka_unit_test(a_head_without_a_body_is_asked_there_too),
        cmocka_unit_test(a_bucket_is_not_chased),
        cmocka_unit_test(a_wrong_clock_is_corrected_once_and_for_all_calls),
        cmocka_unit_test(a_correction_ends_when_the_clock_was_put_right),
        cmocka_unit_test(a_signature_that_is_wrong_for_another_reason_is_not_tried_again),
        cmocka_unit_test(times_without_tls_or_from_a_cache_teach_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
