/*
 * test_engine_bounds.c - what the engine says when its time ends just then, or when memory does.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "base/time.h"
#include "cmocka_all.h"
#include "fake_transport.h"
#include "scarce.h"

#include <string.h>
#include <time.h>

#define NOT_FOUND_BODY "{\"__type\":\"ResourceNotFoundException\"}"

typedef struct late {
    icecat_cancel *cancel;
    fake_answer answer;
} late;

/* The caller gives up in the moment in which the answer arrives. */
static const fake_answer *answer_and_fire(const ic_exchange *exchange, void *userdata)
{
    late *l = userdata;

    (void)exchange;
    icecat_cancel_fire(l->cancel);
    return &l->answer;
}

static icecat_status call_late(const fake_answer *answer, icecat_error *err)
{
    icecat_client *client = fake_client_new(NULL, 1);
    late l = { icecat_cancel_new(), *answer };
    ic_bounds bounds = { IC_NO_DEADLINE, l.cancel, NULL };
    fake_transport fake;
    ic_request request;
    ic_response response;
    icecat_status status;

    fake_transport_install(&fake, client, NULL, 0);
    fake.choose = answer_and_fire;
    fake.userdata = &l;
    ic_error_clear(err);
    ic_request_init(&request, NULL, IC_SERVICE_DYNAMODB, "PutItem", "POST");
    request.subject = "cats";
    status = ic_engine_call(client, &request, &bounds, &response, err);
    ic_request_free(&request);
    ic_response_free(&response);
    icecat_client_free(client);
    icecat_cancel_free(l.cancel);
    return status;
}

static void a_call_that_was_answered_is_not_called_cancelled(void **state)
{
    const fake_answer good = { 200, ICECAT_OK, NULL, "{}" };
    icecat_error err;

    (void)state;
    assert_int_equal(call_late(&good, &err), ICECAT_OK);
    assert_int_equal(err.status, ICECAT_OK);
    assert_string_equal(err.message, "");
}

static void a_failure_keeps_its_own_reason(void **state)
{
    const fake_answer bad = { 400, ICECAT_OK, NULL, NOT_FOUND_BODY };
    icecat_error err;

    (void)state;
    assert_int_equal(call_late(&bad, &err), ICECAT_E_NOT_FOUND);
    assert_int_equal(err.status, ICECAT_E_NOT_FOUND);
    assert_non_null(strstr(err.message, "ResourceNotFoundException"));
}

/* ---- a source that takes its time ---------------------------------------------------------- */

static uint64_t longest_wait;
static ic_exchange *(*plain_wait)(ic_transport *transport, uint64_t timeout_ms);

static ic_exchange *measure_wait(ic_transport *transport, uint64_t timeout_ms)
{
    if (timeout_ms > longest_wait)
        longest_wait = timeout_ms;
    return plain_wait(transport, timeout_ms);
}

static ic_source_answer slow_next(ic_call *call, void *userdata)
{
    const struct timespec reading = { 0, 150000000 };
    ic_request **request = userdata;

    if (*request == NULL)
        return IC_SOURCE_END;
    nanosleep(&reading, NULL);
    call->request = *request;
    *request = NULL;
    return IC_SOURCE_CALL;
}

static void ignore(ic_call *call, void *userdata)
{
    (void)call;
    (void)userdata;
}

static void the_time_that_a_source_takes_is_not_waited_again(void **state)
{
    const fake_answer good = { 200, ICECAT_OK, NULL, "{}" };
    icecat_client *client = fake_client_new(NULL, 1);
    ic_request request;
    ic_request *left = &request;
    ic_source source = { .next = slow_next, .settled = ignore, .userdata = &left };
    ic_bounds bounds = { ic_time_monotonic_ms() + 200, NULL, NULL };
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, &good, 1);
    fake.hangs = 1;
    plain_wait = fake.base.wait;
    fake.base.wait = measure_wait;
    longest_wait = 0;
    ic_request_init(&request, NULL, IC_SERVICE_DYNAMODB, "GetItem", "POST");
    assert_int_equal(ic_engine_run(client, &source, 2, &bounds, NULL), ICECAT_E_DEADLINE);
    assert_in_range(longest_wait, 1, 60);
    ic_request_free(&request);
    icecat_client_free(client);
}

/* ---- memory ------------------------------------------------------------------------------- */

static icecat_status call_in_scarcity(scarce *s, size_t left, icecat_error *err)
{
    const fake_answer good = { 200, ICECAT_OK, NULL, "{}" };
    icecat_allocator allocator = scarce_allocator(s);
    const ic_bounds bounds = { IC_NO_DEADLINE, NULL, NULL };
    icecat_client *client;
    fake_transport fake;
    ic_request request;
    ic_response response;
    icecat_status status;

    s->left = SIZE_MAX;
    client = fake_client_new(&allocator, 1);
    fake_transport_install(&fake, client, &good, 1);
    ic_error_clear(err);
    ic_request_init(&request, NULL, IC_SERVICE_S3, "PutObject", "PUT");
    request.bucket = ic_mem_dup(NULL, "cats");
    ic_buf_add_text(&request.path, "/tom.jpg");
    s->left = left;
    status = ic_engine_call(client, &request, &bounds, &response, err);
    s->left = SIZE_MAX;
    ic_response_free(&response);
    ic_request_free(&request);
    icecat_client_free(client);
    return status;
}

static void every_failed_allocation_is_called_what_it_is(void **state)
{
    scarce s = { SIZE_MAX, 0 };
    icecat_status status = ICECAT_E_NO_MEMORY;
    size_t left;

    (void)state;
    for (left = 0; left < 200 && status != ICECAT_OK; left++) {
        icecat_error err;

        status = call_in_scarcity(&s, left, &err);
        assert_int_equal(s.live, 0);
        if (status == ICECAT_OK)
            break;
        assert_int_equal(status, ICECAT_E_NO_MEMORY);
        if (strstr(err.message, "out of memory") == NULL)
            fail_msg("after %zu allocations: %s", left, err.message);
    }
    assert_int_equal(status, ICECAT_OK);
    assert_true(left > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_was_answered_is_not_called_cancelled),
        cmocka_unit_test(a_failure_keeps_its_own_reason),
        cmocka_unit_test(the_time_that_a_source_takes_is_not_waited_again),
        cmocka_unit_test(every_failed_allocation_is_called_what_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
