/*
 * test_engine.c - the loop that sends requests, against a scripted transport.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "cmocka_all.h"
#include "fake_transport.h"
#include "many_calls.h"

#include <string.h>

static const ic_bounds no_bounds = { IC_NO_DEADLINE, NULL, NULL };

static icecat_status call_once(icecat_client *client, const ic_bounds *bounds,
                               ic_response *response, icecat_error *err)
{
    ic_request request;
    icecat_status status;

    ic_error_clear(err);
    ic_request_init(&request, ic_client_mem(client), IC_SERVICE_DYNAMODB, "GetItem", "POST");
    request.subject = "table cats";
    status = ic_engine_call(client, &request, bounds, response, err);
    ic_request_free(&request);
    return status;
}

static void a_good_answer_is_handed_over(void **state)
{
    const fake_answer answers[] = { { 200, ICECAT_OK, "x-amzn-requestid: r1", "{}" } };
    icecat_client *client = fake_client_new(NULL, 0);
    fake_transport fake;
    ic_response response;
    icecat_error err;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    assert_int_equal(call_once(client, &no_bounds, &response, &err), ICECAT_OK);
    assert_string_equal(ic_buf_text(&response.body), "{}");
    assert_string_equal(fake.url, "https://dynamodb.us-east-1.amazonaws.com/");
    assert_non_null(strstr(fake.authorization, "/us-east-1/dynamodb/aws4_request"));
    assert_int_equal(fake.started, 1);
    ic_response_free(&response);
    icecat_client_free(client);
}

static void a_failed_service_is_asked_again_and_then_answers(void **state)
{
    const fake_answer answers[] = { { 503, ICECAT_OK, NULL, NULL },
                                    { 0, ICECAT_E_TRANSFER, NULL, NULL },
                                    { 200, ICECAT_OK, NULL, "{}" } };
    icecat_client *client = fake_client_new(NULL, 0);
    fake_transport fake;
    ic_response response;
    icecat_error err;

    (void)state;
    fake_transport_install(&fake, client, answers, 3);
    assert_int_equal(call_once(client, &no_bounds, &response, &err), ICECAT_OK);
    assert_int_equal(fake.started, 3);
    ic_response_free(&response);
    icecat_client_free(client);
}

static void a_refusal_is_final_and_names_its_cause(void **state)
{
    const fake_answer answers[] = {
        { 400, ICECAT_OK, "x-amzn-requestid: r-42",
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\","
          "\"message\":\"Requested resource not found\"}" }
    };
    icecat_client *client = fake_client_new(NULL, 0);
    fake_transport fake;
    ic_response response;
    icecat_error err;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    assert_int_equal(call_once(client, &no_bounds, &response, &err), ICECAT_E_NOT_FOUND);
    assert_int_equal(fake.started, 1);
    assert_int_equal(err.http_status, 400);
    assert_int_equal(err.attempts, 1);
    assert_string_equal(err.aws_code, "ResourceNotFoundException");
    assert_string_equal(err.request_id, "r-42");
    assert_string_equal(err.message,
                        "dynamodb: GetItem table cats: ResourceNotFoundException (HTTP "
                        "400): Requested resource not found");
    ic_response_free(&response);
    icecat_client_free(client);
}

static void attempts_are_counted_and_bounded(void **state)
{
    const fake_answer answers[] = { { 500, ICECAT_OK, NULL, NULL } };
    icecat_client *client = fake_client_new(NULL, 2);
    fake_transport fake;
    ic_response response;
    icecat_error err;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    assert_int_equal(call_once(client, &no_bounds, &response, &err), ICECAT_E_UNAVAILABLE);
    assert_int_equal(fake.started, 2);
    assert_int_equal(err.attempts, 2);
    assert_int_equal(err.retryable, 1);
    assert_non_null(strstr(err.message, "after 2 attempts"));
    ic_response_free(&response);
    icecat_client_free(client);
}

static void a_fired_token_ends_a_hanging_call(void **state)
{
    const fake_answer answers[] = { { 200, ICECAT_OK, NULL, NULL } };
    icecat_client *client = fake_client_new(NULL, 0);
    icecat_cancel *cancel = icecat_cancel_new();
    ic_bounds bounds = { IC_NO_DEADLINE, cancel, NULL };
    fake_transport fake;
    ic_response response;
    icecat_error err;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    icecat_cancel_fire(cancel);
    assert_int_equal(call_once(client, &bounds, &response, &err), ICECAT_E_CANCELLED);
    assert_int_equal(fake.queue_len, 0);
    icecat_cancel_free(cancel);
    icecat_client_free(client);
}

static void a_deadline_ends_a_hanging_call(void **state)
{
    const fake_answer answers[] = { { 200, ICECAT_OK, NULL, NULL } };
    icecat_client *client = fake_client_new(NULL, 0);
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    fake_transport fake;
    ic_response response;
    ic_bounds bounds;
    icecat_error err;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    fake.hangs = 1;
    call.timeout_ms = 30;
    assert_int_equal(ic_bounds_load(&bounds, NULL, &call, NULL), ICECAT_OK);
    assert_int_equal(call_once(client, &bounds, &response, &err), ICECAT_E_DEADLINE);
    assert_int_equal(fake.stopped, 1);
    assert_int_equal(fake.queue_len, 0);
    icecat_client_free(client);
}

static void many_calls_share_few_transfers_and_all_settle(void **state)
{
    const fake_answer answers[] = { { 503, ICECAT_OK, NULL, NULL },
                                    { 503, ICECAT_OK, NULL, NULL },
                                    { 200, ICECAT_OK, NULL, "{}" } };
    icecat_client *client = fake_client_new(NULL, 0);
    fake_transport fake;
    many all = { .given = 0 };
    ic_source source = { .next = next_of_many, .settled = many_settled, .userdata = &all };

    (void)state;
    fake_transport_install(&fake, client, answers, 3);
    for (size_t i = 0; i < MANY; i++)
        ic_request_init(&all.requests[i], NULL, IC_SERVICE_DYNAMODB, "PutItem", "POST");
    assert_int_equal(ic_engine_run(client, &source, 5, &no_bounds, NULL), ICECAT_OK);
    assert_int_equal(all.settled, MANY);
    assert_int_equal(all.good, MANY);
    assert_int_equal(fake.most_in_flight, 5);
    assert_int_equal(fake.started, MANY + 2);
    for (size_t i = 0; i < MANY; i++)
        ic_request_free(&all.requests[i]);
    icecat_client_free(client);
}

static void a_broken_service_is_not_flooded_with_retries(void **state)
{
    const fake_answer answers[] = { { 0, ICECAT_E_CONNECT, NULL, NULL } };
    icecat_client *client = fake_client_new(NULL, 0);
    fake_transport fake;
    many all = { .given = 0 };
    ic_source source = { .next = next_of_many, .settled = many_settled, .userdata = &all };

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    for (size_t i = 0; i < MANY; i++)
        ic_request_init(&all.requests[i], NULL, IC_SERVICE_DYNAMODB, "PutItem", "POST");
    assert_int_equal(ic_engine_run(client, &source, 8, &no_bounds, NULL), ICECAT_OK);
    assert_int_equal(all.settled, MANY);
    assert_int_equal(all.good, 0);
    /* 500 tokens at 14 each pay for 35 retries. */
    assert_int_equal(fake.started, MANY + 35);
    for (size_t i = 0; i < MANY; i++)
        ic_request_free(&all.requests[i]);
    icecat_client_free(client);
}

/* ---- a service that asks to slow down ---------------------------------------------------- */

static const fake_answer good_answer = { 200, ICECAT_OK, NULL, "{}" };
static const fake_answer slow_down = { 503, ICECAT_OK, NULL,
                                       "<Error><Code>SlowDown</Code><Message>m</Message></Error>" };

/* Refuses every request beyond two at a time, as a service does whose limit is two. */
static const fake_answer *refuse_a_crowd(const ic_exchange *exchange, void *userdata)
{
    const fake_transport *fake = userdata;

    (void)exchange;
    return fake->queue_len >= 2 ? &slow_down : &good_answer;
}

static void run_crowd(fake_transport *fake, many *all, uint32_t max_attempts,
                      icecat_status expected)
{
    icecat_client *client = fake_client_new(NULL, max_attempts);
    ic_source source = { .next = next_of_many, .settled = many_settled, .userdata = all };
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    ic_bounds bounds;

    call.timeout_ms = 20000;
    assert_int_equal(ic_bounds_load(&bounds, NULL, &call, NULL), ICECAT_OK);
    fake_transport_install(fake, client, &good_answer, 1);
    fake->choose = refuse_a_crowd;
    fake->userdata = fake;
    for (size_t i = 0; i < MANY; i++)
        ic_request_init(&all->requests[i], NULL, IC_SERVICE_S3, "PutObject", "PUT");
    assert_int_equal(ic_engine_run(client, &source, 8, &bounds, NULL), expected);
    for (size_t i = 0; i < MANY; i++)
        ic_request_free(&all->requests[i]);
    icecat_client_free(client);
}

static void slow_down_fails_no_call_and_is_heard(void **state)
{
    fake_transport fake;
    many all = { .given = 0 };

    (void)state;
    run_crowd(&fake, &all, 3, ICECAT_OK);
    assert_int_equal(all.settled, MANY);
    assert_int_equal(all.good, MANY);
    /* Not every eighth request was wasted: after the first refusals few are sent at a time. */
    assert_true(fake.started < MANY + MANY / 3);
}

static void who_wants_one_attempt_gets_one(void **state)
{
    fake_transport fake;
    many all = { .given = 0 };

    (void)state;
    run_crowd(&fake, &all, 1, ICECAT_OK);
    assert_int_equal(all.settled, MANY);
    assert_int_equal(fake.started, MANY);
    assert_true(all.good < MANY);
}

/* ---- work beside the transfers ----------------------------------------------------------- */

typedef struct beside {
    many all;
    int prepared;
    int ticks;
    uint64_t most_sent;
    int stop_at_tick; /* 0: never */
} beside;

static ic_source_answer next_beside(ic_call *call, void *userdata)
{
    return next_of_many(call, &((beside *)userdata)->all);
}

static void settled_beside(ic_call *call, void *userdata)
{
    many_settled(call, &((beside *)userdata)->all);
}

static int prepare_one(void *userdata)
{
    beside *own = userdata;

    return own->prepared++ < 10;
}

static int tick(const struct ic_run *run, void *userdata)
{
    beside *own = userdata;

    if (ic_run_bytes_sent(run) > own->most_sent)
        own->most_sent = ic_run_bytes_sent(run);

    return ++own->ticks == own->stop_at_tick;
}

static icecat_status run_beside(beside *own, int hangs)
{
    icecat_client *client = fake_client_new(NULL, 0);
    ic_source source = { .next = next_beside,
                         .settled = settled_beside,
                         .userdata = own,
                         .prepare = prepare_one,
                         .tick = tick };
    fake_transport fake;
    icecat_status status;

    fake_transport_install(&fake, client, &good_answer, 1);
    fake.hangs = hangs;
    fake.is_slow = 1;
    for (size_t i = 0; i < MANY; i++) {
        ic_request_init(&own->all.requests[i], NULL, IC_SERVICE_DYNAMODB, "PutItem", "POST");
        own->all.requests[i].body = "0123456789";
        own->all.requests[i].body_len = 10;
    }
    status = ic_engine_run(client, &source, 4, &no_bounds, NULL);
    for (size_t i = 0; i < MANY; i++)
        ic_request_free(&own->all.requests[i]);
    icecat_client_free(client);
    return status;
}

static void work_is_done_while_answers_are_awaited(void **state)
{
    beside own = { .prepared = 0 };

    (void)state;
    assert_int_equal(run_beside(&own, 0), ICECAT_OK);
    assert_int_equal(own.all.good, MANY);
    assert_true(own.prepared > 10);
    assert_true(own.ticks > 10);
}

static void a_tick_stops_a_run_that_hangs(void **state)
{
    beside own = { .stop_at_tick = 20 };

    (void)state;
    assert_int_equal(run_beside(&own, 1), ICECAT_E_CALLBACK);
    assert_int_equal(own.ticks, 20);
    assert_int_equal(own.most_sent, 4 * 10 / 2);
    assert_int_equal(own.all.settled, 4);
    assert_int_equal(own.all.good, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_answer_is_handed_over),
        cmocka_unit_test(a_failed_service_is_asked_again_and_then_answers),
        cmocka_unit_test(a_refusal_is_final_and_names_its_cause),
        cmocka_unit_test(attempts_are_counted_and_bounded),
        cmocka_unit_test(a_fired_token_ends_a_hanging_call),
        cmocka_unit_test(a_deadline_ends_a_hanging_call),
        cmocka_unit_test(many_calls_share_few_transfers_and_all_settle),
        cmocka_unit_test(a_broken_service_is_not_flooded_with_retries),
        cmocka_unit_test(slow_down_fails_no_call_and_is_heard),
        cmocka_unit_test(who_wants_one_attempt_gets_one),
        cmocka_unit_test(work_is_done_while_answers_are_awaited),
        cmocka_unit_test(a_tick_stops_a_run_that_hangs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
