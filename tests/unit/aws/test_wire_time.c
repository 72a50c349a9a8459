/*
 * test_wire_time.c - a minute of throttles, and clocks that jump, in a world whose time is the test's.
 *
 * AWS has the true time and minds a signature that is five minutes off, and keys that have ended. The
 * machine's own wall clock may be wrong; its monotonic one is not.
 */
#include "aws/engine.h"
#include "base/time.h"
#include "cmocka_all.h"
#include "many_calls.h"

#include <icecat/icecat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BEGIN_S     1440938160
#define TOLERANCE_S 300
#define HOUR_S      3600

typedef struct world {
    int64_t true_ms;      /* since BEGIN_S */
    int64_t local_off_s;  /* what the wall clock is ahead */
    int64_t slow_till_ms; /* until then everybody is asked to slow down */
    unsigned requests;
    unsigned refused; /* for the time of the signature, or keys that have ended */
    unsigned good[MANY];
    int64_t keys_life_s;
    int64_t keys_end_s; /* of the keys that were given last, by the true time */
    unsigned keys_given;
} world;

static int64_t true_s(const world *w)
{
    return BEGIN_S + w->true_ms / 1000;
}

static int64_t local_unix_s(void *userdata)
{
    const world *w = userdata;

    return true_s(w) + w->local_off_s;
}

static uint64_t monotonic_ms(void *userdata)
{
    return 1000 + (uint64_t)((world *)userdata)->true_ms;
}

static void sleep_ms(uint64_t ms, void *userdata)
{
    ((world *)userdata)->true_ms += (int64_t)ms;
}

static const char *header_of(const icecat_http_request *request, const char *name)
{
    for (size_t i = 0; i < request->headers_count; i++) {
        if (strcmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return "";
}

static int64_t signed_s(const icecat_http_request *request)
{
    int64_t seconds = 0;

    assert_true(ic_time_iso_parse(header_of(request, "x-amz-date"), &seconds));
    return seconds;
}

static void add_date(icecat_http_answer *answer, int64_t unix_s)
{
    time_t now = (time_t)unix_s;
    struct tm utc;
    char date[40];

    gmtime_r(&now, &utc);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    icecat_http_answer_header(answer, "Date", date);
}

static void refuse(icecat_http_answer *answer, int http_status, const char *code)
{
    char body[100];
    int len = snprintf(body, sizeof(body), "<Error><Code>%s</Code></Error>", code);

    icecat_http_answer_status(answer, http_status);
    icecat_http_answer_body(answer, body, (size_t)len);
}

static icecat_status aws(const icecat_http_request *request, icecat_http_answer *answer,
                         void *userdata)
{
    const char *name = strrchr(request->url, '/') + 1;
    world *w = userdata;
    int64_t off_s = signed_s(request) - true_s(w);

    w->requests++;
    w->true_ms += 20; /* each takes its time */
    add_date(answer, true_s(w));
    if (w->true_ms < w->slow_till_ms) {
        refuse(answer, 503, "SlowDown");
    } else if (off_s > TOLERANCE_S || off_s < -TOLERANCE_S) {
        w->refused++;
        refuse(answer, 403, "RequestTimeTooSkewed");
    } else if (w->keys_end_s != 0 && true_s(w) > w->keys_end_s) {
        w->refused++;
        refuse(answer, 400, "ExpiredToken");
    } else {
        w->good[strtoul(name, NULL, 10)]++;
        icecat_http_answer_status(answer, 200);
        icecat_http_answer_header(answer, "ETag", "\"e\"");
    }
    return ICECAT_OK;
}

static int give_keys(icecat_credentials_receiver *receiver, void *userdata)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    world *w = userdata;

    w->keys_given++;
    w->keys_end_s = true_s(w) + w->keys_life_s;
    keys.access_key_id = "ASIAEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    keys.session_token = "token";
    keys.expires_unix_s = w->keys_end_s;
    return icecat_credentials_give(receiver, &keys) == ICECAT_OK ? 0 : 1;
}

static icecat_client *client_of(world *w, uint32_t max_attempts)
{
    icecat_credentials_options source = ICECAT_CREDENTIALS_OPTIONS_INIT;
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_clock clock = { local_unix_s, monotonic_ms, sleep_ms, w };
    icecat_transport transport = { aws, w };
    icecat_credentials *credentials = NULL;
    icecat_client *client = NULL;

    source.clock = &clock;
    assert_int_equal(
        icecat_credentials_new_callback(give_keys, NULL, w, &source, &credentials, NULL),
        ICECAT_OK);
    options.region = "us-east-1";
    options.credentials = credentials;
    options.profile = "default";
    options.config_file = "/nonexistent/config";
    options.credentials_file = "/nonexistent/credentials";
    options.ignore_configured_endpoint_urls = ICECAT_SWITCH_ON;
    options.clock = &clock;
    options.transport = &transport;
    options.max_attempts = max_attempts;
    assert_int_equal(icecat_client_new(&options, &client, NULL), ICECAT_OK);
    icecat_credentials_free(credentials);
    return client;
}

static icecat_status put(icecat_client *client, uint64_t timeout_ms, icecat_error *err)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;

    call.timeout_ms = timeout_ms;
    options.call = &call;
    return icecat_s3_put_object(client, "pets", "0", "x", 1, &options, NULL, err);
}

/* ---- a minute of throttles --------------------------------------------------------------- */

static void run_many(icecat_client *client, many *all, const icecat_call_options *call,
                     icecat_status expected)
{
    ic_source source = { .next = next_of_many, .settled = many_settled, .userdata = all };
    ic_bounds bounds;

    assert_int_equal(ic_bounds_load(&bounds, ic_client_clock(client), call, NULL), ICECAT_OK);
    for (size_t i = 0; i < MANY; i++) {
        ic_request *request = &all->requests[i];
        char path[16];

        ic_request_init(request, NULL, IC_SERVICE_S3, "PutObject", "PUT");
        snprintf(path, sizeof(path), "/%zu", i);
        request->bucket = ic_mem_dup(NULL, "pets");
        ic_buf_add_text(&request->path, path);
    }
    assert_int_equal(ic_engine_run(client, &source, 8, &bounds, NULL), expected);
    for (size_t i = 0; i < MANY; i++)
        ic_request_free(&all->requests[i]);
    assert_int_equal(all->settled, all->given);
}

static void a_minute_of_throttles_fails_no_upload_of_many(void **state)
{
    world w = { .slow_till_ms = 60000, .keys_life_s = HOUR_S };
    icecat_client *client = client_of(&w, 0);
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    many all = { .given = 0 };

    (void)state;
    run_many(client, &all, &call, ICECAT_OK);
    assert_int_equal(all.good, MANY);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(w.good[i], 1); /* and none is sent twice */
    assert_in_range(w.true_ms, 60000, 240000);
    assert_in_range(w.requests, MANY + 8, 2 * MANY); /* the service was spared */
    icecat_client_free(client);
}

static void a_deadline_inside_of_that_minute_is_kept(void **state)
{
    world w = { .slow_till_ms = 60000, .keys_life_s = HOUR_S };
    icecat_client *client = client_of(&w, 0);
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    many all = { .given = 0 };

    (void)state;
    call.timeout_ms = 30000;
    run_many(client, &all, &call, ICECAT_E_DEADLINE);
    assert_int_equal(all.good, 0);
    assert_in_range(w.true_ms, 0, 31000);
    icecat_client_free(client);
}

static void one_call_is_told_after_its_attempts(void **state)
{
    world w = { .slow_till_ms = 60000, .keys_life_s = HOUR_S };
    icecat_client *client = client_of(&w, 0);
    icecat_error err;

    (void)state;
    assert_int_equal(put(client, 0, &err), ICECAT_E_THROTTLED);
    assert_int_equal(err.attempts, 3);
    assert_int_equal(err.retryable, 1);
    assert_in_range(w.true_ms, 0, 3 * 20 + 1000 + 2000);
    icecat_client_free(client);
    client = client_of(&w, 20);
    assert_int_equal(put(client, 0, &err), ICECAT_OK);
    assert_in_range(w.true_ms, 60000, 90000);
    icecat_client_free(client);
}

/* ---- clocks that jump -------------------------------------------------------------------- */

static void jump(int64_t off_s, unsigned refusals)
{
    world w = { .keys_life_s = 36 * HOUR_S };
    icecat_client *client = client_of(&w, 0);
    icecat_error err;

    assert_int_equal(put(client, 5000, &err), ICECAT_OK);
    w.local_off_s = off_s;
    assert_int_equal(put(client, 5000, &err),
                     ICECAT_OK); /* the deadline is none of the wall clock */
    assert_int_equal(w.refused, refusals);
    assert_int_equal(put(client, 5000, &err), ICECAT_OK);
    assert_int_equal(w.refused, refusals); /* it has been learned */
    w.local_off_s = 0;
    assert_int_equal(put(client, 5000, &err), ICECAT_OK);
    assert_int_equal(w.refused, 2 * refusals);
    assert_int_equal(w.good[0], 4);
    icecat_client_free(client);
}

static void a_wall_clock_that_jumps_costs_one_request(void **state)
{
    (void)state;
    jump(60, 0);
    jump(-60, 0);
    jump(2 * HOUR_S, 1);
    jump(-2 * HOUR_S, 1);
    jump(20 * HOUR_S, 1);
    jump(-20 * HOUR_S, 1);
}

static void a_clock_that_is_days_off_is_told_as_such(void **state)
{
    world w = { .local_off_s = -40 * 24 * HOUR_S, .keys_life_s = HOUR_S };
    icecat_client *client = client_of(&w, 0);
    int64_t difference = 0;
    icecat_error err;

    (void)state;
    assert_int_equal(put(client, 5000, &err), ICECAT_E_AUTH);
    assert_int_equal(err.retryable, 0);
    assert_int_equal(w.requests, 1);
    assert_true(icecat_client_clock_difference(client, &difference));
    assert_in_range(difference, 40 * 24 * HOUR_S - 2, 40 * 24 * HOUR_S + 2);
    icecat_client_free(client);
}

/* Keys are judged by the time that AWS has, not by a clock that was set back or forth meanwhile. */
static void keys_are_fetched_anew_in_time_whatever_the_clock_says(void **state)
{
    static const int64_t offs[] = { 0, 2 * HOUR_S, -2 * HOUR_S };

    (void)state;
    for (size_t i = 0; i < sizeof(offs) / sizeof(offs[0]); i++) {
        world w = { .keys_life_s = 6 * HOUR_S };
        icecat_client *client = client_of(&w, 0);
        icecat_error err;

        assert_int_equal(put(client, 5000, &err), ICECAT_OK);
        w.local_off_s = offs[i];
        assert_int_equal(put(client, 5000, &err), ICECAT_OK); /* learns */
        w.refused = 0;
        for (int minutes = 0; minutes < 18 * 60; minutes += 5) {
            w.true_ms += 5 * 60000;
            assert_int_equal(put(client, 5000, &err), ICECAT_OK);
        }
        assert_int_equal(w.refused, 0);
        assert_in_range(w.keys_given, 3, 5);
        icecat_client_free(client);
    }
}

/* Keys that are over by a clock which is hours ahead are not sent, and the clock is named. */
static void keys_that_seem_to_have_ended_point_to_the_clock(void **state)
{
    world w = { .keys_life_s = HOUR_S };
    icecat_client *client = client_of(&w, 0);
    icecat_error err;

    (void)state;
    w.local_off_s = 2 * HOUR_S;
    assert_int_equal(put(client, 5000, &err), ICECAT_E_BAD_CREDENTIALS);
    assert_non_null(strstr(err.message, "clock"));
    assert_int_equal(w.requests, 0);
    w.local_off_s = 0;
    assert_int_equal(put(client, 5000, &err), ICECAT_OK);
    icecat_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_minute_of_throttles_fails_no_upload_of_many),
        cmocka_unit_test(a_deadline_inside_of_that_minute_is_kept),
        cmocka_unit_test(one_call_is_told_after_its_attempts),
        cmocka_unit_test(a_wall_clock_that_jumps_costs_one_request),
        cmocka_unit_test(a_clock_that_is_days_off_is_told_as_such),
        cmocka_unit_test(keys_are_fetched_anew_in_time_whatever_the_clock_says),
        cmocka_unit_test(keys_that_seem_to_have_ended_point_to_the_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
