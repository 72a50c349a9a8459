/*
 * test_retry.c - the retry rules, with every number of standard mode as of November 2026.
 */
#include "aws/engine.h"
#include "aws/retry.h"
#include "aws/service_error.h"
#include "base/error.h"
#include "cmocka_all.h"
#include "fake_transport.h"

#include <string.h>

#define ALMOST_ONE 0.999999999

static void the_pause_begins_at_the_base_of_service_and_failure(void **state)
{
    (void)state;
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 0, ALMOST_ONE, 0), 49);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_SSM, IC_FAILURE_TRANSIENT, 0, ALMOST_ONE, 0), 49);
    assert_int_equal(
        ic_retry_delay_ms(IC_SERVICE_REKOGNITION, IC_FAILURE_TRANSIENT, 0, ALMOST_ONE, 0), 49);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_DYNAMODB, IC_FAILURE_TRANSIENT, 0, ALMOST_ONE, 0),
                     24);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_THROTTLED, 0, ALMOST_ONE, 0), 999);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_DYNAMODB, IC_FAILURE_THROTTLED, 0, ALMOST_ONE, 0),
                     999);
}

static void the_pause_doubles_up_to_twenty_seconds(void **state)
{
    (void)state;
    for (unsigned retry = 0; retry < 8; retry++)
        assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, retry, 0.5, 0),
                         25u << retry);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 9, ALMOST_ONE, 0),
                     19999);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_THROTTLED, 5, ALMOST_ONE, 0),
                     19999);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_THROTTLED, 99, 0.5, 0), 10000);
}

static void all_of_the_pause_is_chance(void **state)
{
    (void)state;
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 3, 0.0, 0), 0);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_DYNAMODB, IC_FAILURE_THROTTLED, 0, 0.5, 0), 500);
}

static void the_hint_of_the_service_is_kept_within_five_seconds(void **state)
{
    (void)state;
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 0, 0.5, 1500), 1500);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 0, 0.5, 5025), 5025);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 0, 0.5, 60000), 5025);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_THROTTLED, 2, 0.5, 10), 2000);
}

static void only_failures_that_may_pass_are_retried(void **state)
{
    static const icecat_status transient[] = { ICECAT_E_UNAVAILABLE, ICECAT_E_RESOLVE,
                                               ICECAT_E_CONNECT, ICECAT_E_TRANSFER,
                                               ICECAT_E_TIMEOUT };
    static const icecat_status final[] = { ICECAT_E_TLS,          ICECAT_E_PROTOCOL,
                                           ICECAT_E_ACCESS,       ICECAT_E_AUTH,
                                           ICECAT_E_PRECONDITION, ICECAT_E_NOT_FOUND,
                                           ICECAT_E_SERVICE,      ICECAT_E_NO_MEMORY,
                                           ICECAT_E_CANCELLED };

    (void)state;
    assert_int_equal(ic_retry_classify(ICECAT_E_THROTTLED), IC_FAILURE_THROTTLED);
    for (size_t i = 0; i < sizeof(transient) / sizeof(transient[0]); i++)
        assert_int_equal(ic_retry_classify(transient[i]), IC_FAILURE_TRANSIENT);
    for (size_t i = 0; i < sizeof(final) / sizeof(final[0]); i++)
        assert_int_equal(ic_retry_classify(final[i]), IC_FAILURE_FINAL);
}

static void tokens_attempts_and_codes_are_those_of_the_rules(void **state)
{
    static const char *const throttled[] = { "Throttling",
                                             "ThrottlingException",
                                             "ThrottledException",
                                             "RequestThrottledException",
                                             "TooManyRequestsException",
                                             "ProvisionedThroughputExceededException",
                                             "TransactionInProgressException",
                                             "RequestLimitExceeded",
                                             "BandwidthLimitExceeded",
                                             "LimitExceededException",
                                             "RequestThrottled",
                                             "SlowDown",
                                             "PriorRequestNotComplete",
                                             "EC2ThrottledException" };
    static const char *const transient[] = { "RequestTimeout", "RequestTimeoutException",
                                             "IDPCommunicationError", "BadDigest" };

    (void)state;
    assert_int_equal(IC_RETRY_TOKENS, 500);
    assert_int_equal(ic_retry_cost(IC_FAILURE_TRANSIENT), 14);
    assert_int_equal(ic_retry_cost(IC_FAILURE_THROTTLED), 5);
    assert_int_equal(ic_retry_default_attempts(IC_SERVICE_S3), 3);
    assert_int_equal(ic_retry_default_attempts(IC_SERVICE_REKOGNITION), 3);
    assert_int_equal(ic_retry_default_attempts(IC_SERVICE_SSM), 3);
    assert_int_equal(ic_retry_default_attempts(IC_SERVICE_DYNAMODB), 4);
    for (size_t i = 0; i < sizeof(throttled) / sizeof(throttled[0]); i++)
        assert_int_equal(ic_service_error_status(IC_SERVICE_S3, throttled[i]), ICECAT_E_THROTTLED);
    for (size_t i = 0; i < sizeof(transient) / sizeof(transient[0]); i++)
        assert_int_equal(ic_service_error_status(IC_SERVICE_S3, transient[i]),
                         ICECAT_E_UNAVAILABLE);
}

static void statuses_of_http_are_those_of_the_rules(void **state)
{
    static const struct {
        int http_status;
        ic_failure want;
    } samples[] = { { 429, IC_FAILURE_THROTTLED }, { 500, IC_FAILURE_TRANSIENT },
                    { 502, IC_FAILURE_TRANSIENT }, { 503, IC_FAILURE_TRANSIENT },
                    { 504, IC_FAILURE_TRANSIENT }, { 400, IC_FAILURE_FINAL },
                    { 403, IC_FAILURE_FINAL },     { 409, IC_FAILURE_FINAL },
                    { 501, IC_FAILURE_FINAL },     { 505, IC_FAILURE_FINAL } };

    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        ic_response response;
        ic_request request;

        ic_request_init(&request, NULL, IC_SERVICE_S3, "GetObject", "GET");
        ic_response_init(&response, NULL, 1024);
        response.http_status = samples[i].http_status;
        assert_int_equal(ic_retry_classify(ic_service_error_read(&request, &response, NULL)),
                         samples[i].want);
        ic_response_free(&response);
        ic_request_free(&request);
    }
}

static icecat_status call(icecat_client *client)
{
    const ic_bounds bounds = { IC_NO_DEADLINE, NULL, NULL };
    ic_request request;
    ic_response response;
    icecat_status status;

    ic_request_init(&request, NULL, IC_SERVICE_DYNAMODB, "GetItem", "POST");
    status = ic_engine_call(client, &request, &bounds, &response, NULL);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

static void success_gives_back_what_the_last_retry_took_and_else_one(void **state)
{
    const fake_answer answers[] = { { 500, ICECAT_OK, NULL, NULL },
                                    { 500, ICECAT_OK, NULL, NULL },
                                    { 200, ICECAT_OK, NULL, "{}" } };
    icecat_client *client = fake_client_new(NULL, 0);
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 3);
    assert_int_equal(call(client), ICECAT_OK);
    assert_int_equal(client->retry_tokens, 500 - 14);
    assert_int_equal(call(client), ICECAT_OK);
    assert_int_equal(client->retry_tokens, 500 - 14 + 1);
    client->retry_tokens = 500;
    assert_int_equal(call(client), ICECAT_OK);
    assert_int_equal(client->retry_tokens, 500);
    icecat_client_free(client);
}

static void without_tokens_a_failure_is_final_at_once(void **state)
{
    const fake_answer answers[] = { { 500, ICECAT_OK, NULL, NULL } };
    icecat_client *client = fake_client_new(NULL, 0);
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    client->retry_tokens = 13;
    assert_int_equal(call(client), ICECAT_E_UNAVAILABLE);
    assert_int_equal(fake.started, 1);
    assert_int_equal(client->retry_tokens, 13);
    icecat_client_free(client);
}

static void a_damaged_answer_of_dynamodb_is_asked_for_again(void **state)
{
    /* crc32 of "{}" is 2745614147. */
    const fake_answer answers[] = { { 200, ICECAT_OK, "x-amz-crc32: 1", "{}" },
                                    { 200, ICECAT_OK, "x-amz-crc32: 2745614147", "{}" } };
    icecat_client *client = fake_client_new(NULL, 0);
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 2);
    assert_int_equal(call(client), ICECAT_OK);
    assert_int_equal(fake.started, 2);
    icecat_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pause_begins_at_the_base_of_service_and_failure),
        cmocka_unit_test(the_pause_doubles_up_to_twenty_seconds),
        cmocka_unit_test(all_of_the_pause_is_chance),
        cmocka_unit_test(the_hint_of_the_service_is_kept_within_five_seconds),
        cmocka_unit_test(only_failures_that_may_pass_are_retried),
        cmocka_unit_test(tokens_attempts_and_codes_are_those_of_the_rules),
        cmocka_unit_test(statuses_of_http_are_those_of_the_rules),
        cmocka_unit_test(success_gives_back_what_the_last_retry_took_and_else_one),
        cmocka_unit_test(without_tokens_a_failure_is_final_at_once),
        cmocka_unit_test(a_damaged_answer_of_dynamodb_is_asked_for_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
