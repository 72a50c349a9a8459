/*
 * test_local_function.c - the function's processes: start, restart, end, and what they see.
 */
#include "trigger_bench.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* ---- start and end ----------------------------------------------------------------------- */

static void test_init_error_waits_longer_and_longer(void **state)
{
    struct bench *b = *state;

    b->environment[1] = "FAKE_INIT=error";
    bench_start(b);
    bench_put(b, "ok");
    bench_run_until(b, bench_log_has, "the next start is in 80 ms");
    assert_non_null(strstr(b->lines,
                           "1 the program ended (exit status 1) before it asked for work, "
                           "having said Function.NoBucket: no bucket; the next start is "
                           "in 20 ms\n"));
    /* No attempt was made, so the event waits for a function that starts. */
    assert_int_equal(trigger_backlog(b->trigger), 1);
    cJSON_Delete(bench_dead_letters(b, 0));
}

static void test_exit_at_start_is_no_busy_loop(void **state)
{
    struct bench *b = *state;

    b->environment[1] = "FAKE_INIT=exit";
    bench_start(b);
    bench_run_until(b, bench_log_has, "the next start is in 160 ms");
    /* 20, 40, 80, 160: four ends, not more. */
    assert_int_equal(bench_count_lines(b->lines), 8);
}

static void test_silent_start_is_ended(void **state)
{
    struct bench *b = *state;

    b->environment[1] = "FAKE_INIT=hang";
    b->settings.init_s = 1;
    bench_start(b);
    bench_run_until(b, bench_log_has, "the program ended (signal: 9) because its time was over");
}

static void test_missing_program_is_refused(void **state)
{
    struct bench *b = *state;
    char why[512] = "";

    b->settings.bootstrap = "/nowhere/bootstrap";
    assert_null(trigger_start(b->base, b->db, &b->settings, why, sizeof(why)));
    assert_non_null(strstr(why, "/nowhere/bootstrap"));
}

static void test_running_event_is_delivered_again_after_restart(void **state)
{
    struct bench *b = *state;

    bench_start(b);
    bench_put(b, "once-hang");
    bench_put(b, "ok");
    bench_run_until(b, bench_was_called, "once-hang");
    bench_stop(b);
    bench_start(b);
    assert_int_equal(trigger_backlog(b->trigger), 2);
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_int_equal(bench_calls(b), 3);
    cJSON_Delete(bench_dead_letters(b, 0));
}

static void test_stop_leaves_no_process(void **state)
{
    struct bench *b = *state;

    b->settings.workers = 3;
    bench_start(b);
    bench_put(b, "hang");
    bench_run_until(b, bench_was_called, "hang");
    bench_stop(b);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child at all */
}

/* ---- what the process sees --------------------------------------------------------------- */

static void test_a_lost_connection_loses_no_event(void **state)
{
    struct bench *b = *state;

    b->environment[1] = "FAKE_INIT=hang-up";
    b->environment[2] = "AWS_LAMBDA_FUNCTION_NAME=judge";
    b->settings.attempts = 1;
    bench_put(b, "ok-early"); /* goes to the first request if that is still there */
    bench_start(b);
    bench_run_until(b, bench_queue_is_empty, NULL);
    bench_put(b, "protocol");
    bench_run_until(b, bench_queue_is_empty, NULL);
    bench_put(b, "ok"); /* answered after what the one before has noted */
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_true(bench_was_called(b, "ok-early"));
    assert_null(strstr(b->lines, "next start"));
    assert_non_null(strstr(bench_notes(b, "headers"), ":function:judge\r\n"));
}

static void test_environment_is_lambdas(void **state)
{
    struct bench *b = *state;
    const char *seen;

    setenv("http_proxy", "http://127.0.0.1:1", 1);
    b->environment[1] = "AWS_REGION=eu-north-1";
    bench_start(b);
    bench_put(b, "environment");
    bench_run_until(b, bench_queue_is_empty, NULL);
    unsetenv("http_proxy");
    seen = bench_notes(b, "environment");
    assert_non_null(strstr(seen, "AWS_LAMBDA_RUNTIME_API=127.0.0.1:"));
    assert_non_null(strstr(seen, "\nAWS_REGION=eu-north-1\n"));
    assert_null(strstr(seen, "\nAWS_REGION=eu-west-1\n"));
    assert_non_null(strstr(seen, "\nAWS_LAMBDA_FUNCTION_NAME=icecat-local\n"));
    assert_non_null(strstr(seen, "\n_HANDLER=bootstrap\n"));
    assert_null(strstr(seen, "http_proxy"));
    assert_null(strstr(seen, "HOME="));
    if (strstr(seen, "\nfiles 3\ngroup 1\n") == NULL)
        fail_msg("%s", seen);
    assert_int_equal(bench_count_lines(seen), 18); /* 16 variables */
}

static void test_runtime_api_keeps_its_states(void **state)
{
    struct bench *b = *state;
    const char *head;

    b->settings.attempts = 1;
    bench_start(b);
    bench_put(b, "protocol");
    bench_run_until(b, bench_queue_is_empty, NULL);
    bench_put(b, "ok"); /* answered after the first invocation has come to its end */
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_string_equal(bench_notes(b, "protocol"),
                        "again 1 wrong 400 init 403 mode 400 large 413 after 400 type 1\n");
    bench_expect_dead(b, "protocol", 1, "Function.ResponseSizeTooLarge", "exceeded");
    head = bench_notes(b, "headers");
    assert_non_null(strstr(head, "Lambda-Runtime-Deadline-Ms: "));
    assert_non_null(strstr(head, "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:"
                                 "000000000000:function:icecat-local\r\n"));
    assert_non_null(strstr(head, "Lambda-Runtime-Trace-Id: Root=1-"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BENCH(test_init_error_waits_longer_and_longer),
        ON_BENCH(test_exit_at_start_is_no_busy_loop),
        ON_BENCH(test_silent_start_is_ended),
        ON_BENCH(test_missing_program_is_refused),
        ON_BENCH(test_running_event_is_delivered_again_after_restart),
        ON_BENCH(test_stop_leaves_no_process),
        ON_BENCH(test_a_lost_connection_loses_no_event),
        ON_BENCH(test_environment_is_lambdas),
        ON_BENCH(test_runtime_api_keeps_its_states),
    };

    return cmocka_run_group_tests_name("local function", tests, NULL, NULL);
}
