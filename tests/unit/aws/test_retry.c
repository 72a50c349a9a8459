/*
 * test_retry.c - the retry rules, with the numbers of standard mode.
 */
#include "aws/retry.h"
#include "cmocka_all.h"

static void back_off_doubles_up_to_twenty_seconds(void **state)
{
    (void)state;
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 0, 0.999999, 0), 49);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 1, 0.999999, 0), 99);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_DYNAMODB, IC_FAILURE_TRANSIENT, 0, 0.999999, 0),
                     24);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_DYNAMODB, IC_FAILURE_THROTTLED, 0, 0.5, 0), 500);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_THROTTLED, 60, 0.5, 0), 10000);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 3, 0.0, 0), 0);
}

static void the_hint_of_the_service_is_kept_within_five_seconds(void **state)
{
    (void)state;
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 0, 0.5, 1500), 1500);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_TRANSIENT, 0, 0.5, 60000), 5025);
    assert_int_equal(ic_retry_delay_ms(IC_SERVICE_S3, IC_FAILURE_THROTTLED, 2, 0.5, 10), 2000);
}

static void only_failures_that_may_pass_are_retried(void **state)
{
    (void)state;
    assert_int_equal(ic_retry_classify(ICECAT_E_THROTTLED), IC_FAILURE_THROTTLED);
    assert_int_equal(ic_retry_classify(ICECAT_E_UNAVAILABLE), IC_FAILURE_TRANSIENT);
    assert_int_equal(ic_retry_classify(ICECAT_E_TRANSFER), IC_FAILURE_TRANSIENT);
    assert_int_equal(ic_retry_classify(ICECAT_E_TLS), IC_FAILURE_FINAL);
    assert_int_equal(ic_retry_classify(ICECAT_E_ACCESS), IC_FAILURE_FINAL);
    assert_int_equal(ic_retry_classify(ICECAT_E_PRECONDITION), IC_FAILURE_FINAL);
    assert_int_equal(ic_retry_cost(IC_FAILURE_TRANSIENT), 14);
    assert_int_equal(ic_retry_cost(IC_FAILURE_THROTTLED), 5);
    assert_int_equal(ic_retry_default_attempts(IC_SERVICE_S3), 3);
    assert_int_equal(ic_retry_default_attempts(IC_SERVICE_DYNAMODB), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(back_off_doubles_up_to_twenty_seconds),
        cmocka_unit_test(the_hint_of_the_service_is_kept_within_five_seconds),
        cmocka_unit_test(only_failures_that_may_pass_are_retried),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
