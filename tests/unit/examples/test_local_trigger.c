/*
 * test_local_trigger.c - what becomes of a queued event: delivery, attempts, dead letters; with real
 * child processes that misbehave as they are told.
 */
#include "trigger_bench.h"
#include "trigger_store.h"

#include "s3_record.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the event --------------------------------------------------------------------------- */

static void test_record_has_the_shape_of_s3(void **state)
{
    s3_event event = bench_event_of("in", "ObjectCreated:Put", "a b/\xc3\xa9+(1)~*_.png");
    char *text = s3_record_document(&event, "eu-west-1");

    (void)state;
    assert_non_null(text);
    assert_string_equal(
        text,
        "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":"
        "\"eu-west-1\",\"eventTime\":\"2025-04-11T13:22:52.045Z\",\"eventName\":"
        "\"ObjectCreated:Put\",\"userIdentity\":{\"principalId\":\"AWS:ICECATLOCAL\"},"
        "\"requestParameters\":{\"sourceIPAddress\":\"127.0.0.1\"},\"responseElements\":{"
        "\"x-amz-request-id\":\"4442587FB7D0A2F9\",\"x-amz-id-2\":\"4442587FB7D0A2F9\"},\"s3\":{"
        "\"s3SchemaVersion\":\"1.0\",\"configurationId\":\"icecat\",\"bucket\":{\"name\":\"in\","
        "\"ownerIdentity\":{\"principalId\":\"ICECATLOCAL\"},\"arn\":\"arn:aws:s3:::in\"},"
        "\"object\":{\"key\":\"a+b/%C3%A9%2B%281%29%7E*_.png\",\"size\":1234,\"eTag\":"
        "\"d41d8cd98f00b204e9800998ecf8427e\",\"sequencer\":\"0000000000000A2F\"}}}]}");
    cJSON_free(text);
}

static void test_only_creations_in_the_bucket_are_queued(void **state)
{
    struct bench *b = *state;
    s3_event others[] = { bench_event_of("out", "ObjectCreated:Copy", "ok"),
                          bench_event_of("in", "ObjectRemoved:Delete", "ok") };

    for (size_t i = 0; i < 2; i++)
        assert_int_equal(trigger_queue(b->db, &b->settings, &others[i], 1, 0), SQLITE_OK);
    bench_start(b);
    assert_int_equal(trigger_backlog(b->trigger), 0);
    bench_put(b, "ok");
    assert_int_equal(trigger_backlog(b->trigger), 1);
}

/* ---- delivery ---------------------------------------------------------------------------- */

static void test_delivers(void **state)
{
    struct bench *b = *state;

    bench_start(b);
    bench_put(b, "ok");
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_int_equal(bench_calls(b), 1);
    assert_non_null(strstr(b->lines, "1 started\n"));
    cJSON_Delete(bench_dead_letters(b, 0));
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void test_many_events_once_each(void **state)
{
    enum { EVENTS = 200 };
    struct bench *b = *state;
    char *keys[EVENTS + 1];
    char *text;
    unsigned count = 0;
    char key[32];

    b->settings.workers = 4;
    bench_start(b);
    for (unsigned i = 0; i < EVENTS; i++) {
        snprintf(key, sizeof(key), "ok-%03u", i);
        bench_put(b, key);
    }
    bench_run_until(b, bench_queue_is_empty, NULL);
    text = bench_notes(b, "calls");
    for (char *line = strtok(text, "\n"); line != NULL && count <= EVENTS;
         line = strtok(NULL, "\n"))
        keys[count++] = strchr(line, ' ') + 1;
    assert_int_equal(count, EVENTS);
    qsort(keys, count, sizeof(keys[0]), compare_lines);
    for (unsigned i = 0; i < EVENTS; i++) {
        snprintf(key, sizeof(key), "ok-%03u", i);
        assert_string_equal(keys[i], key);
    }
    cJSON_Delete(bench_dead_letters(b, 0));
}

static void test_a_hanging_event_does_not_hold_the_others(void **state)
{
    struct bench *b = *state;

    b->settings.workers = 2;
    bench_start(b);
    bench_put(b, "hang");
    bench_run_until(b, bench_was_called, "hang");
    for (unsigned i = 0; i < 5; i++)
        bench_put(b, "ok");
    bench_run_until(b, bench_only_one_is_left, NULL);
    assert_int_equal(bench_calls(b), 6);
}

static void test_copies_are_invocations_of_their_own(void **state)
{
    struct bench *b = *state;
    s3_event event = bench_event_of("in", "ObjectCreated:Put", "ok");
    char *first;
    char *second;

    bench_start(b);
    assert_int_equal(trigger_queue(b->db, &b->settings, &event, 2, 0), SQLITE_OK);
    assert_int_equal(trigger_backlog(b->trigger), 2);
    trigger_wake(b->trigger);
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_int_equal(bench_calls(b), 2);
    first = strtok(bench_notes(b, "calls"), "\n");
    second = strtok(NULL, "\n");
    assert_non_null(second);
    assert_string_not_equal(first, second); /* the ids differ */
    assert_string_equal(strchr(first, ' '), strchr(second, ' '));
}

static void test_events_come_when_they_are_due(void **state)
{
    static const char *const keys[] = { "ok-first", "ok-second", "ok-third" };
    struct bench *b = *state;
    int64_t now_ms = trigger_store_now_ms();
    const char *notes;

    bench_start(b);
    for (int i = 0; i < 3; i++) {
        s3_event event = bench_event_of("in", "ObjectCreated:Put", keys[i]);

        assert_int_equal(trigger_queue(b->db, &b->settings, &event, 1, now_ms + 300 - i),
                         SQLITE_OK);
    }
    trigger_wake(b->trigger);
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_true(trigger_store_now_ms() >= now_ms + 298);
    notes = bench_notes(b, "calls");
    assert_true(strstr(notes, "ok-third") < strstr(notes, "ok-second"));
    assert_true(strstr(notes, "ok-second") < strstr(notes, "ok-first"));
}

/* ---- failures ---------------------------------------------------------------------------- */

static void test_error_is_tried_again(void **state)
{
    struct bench *b = *state;

    bench_start(b);
    bench_put(b, "once-error");
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_int_equal(bench_calls(b), 2);
    assert_non_null(strstr(b->lines, "attempt 1 of 3"));
    cJSON_Delete(bench_dead_letters(b, 0));
}

static void test_error_ends_as_dead_letter(void **state)
{
    struct bench *b = *state;

    bench_start(b);
    bench_put(b, "error");
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_int_equal(bench_calls(b), 3);
    bench_expect_dead(b, "error", 3, "Function.Wanted", "as wanted");
    /* An error that the function reports is no reason to start it again. */
    assert_null(strstr(b->lines, "next start"));
}

static void test_crash_is_a_failed_attempt(void **state)
{
    struct bench *b = *state;

    bench_start(b);
    bench_put(b, "once-crash");
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_int_equal(bench_calls(b), 2);
    bench_put(b, "crash");
    bench_run_until(b, bench_queue_is_empty, NULL);
    bench_expect_dead(b, "crash", 3, "Runtime.ExitError", "signal: 6");
}

static void test_timeout_kills(void **state)
{
    struct bench *b = *state;

    b->settings.timeout_s = 1;
    b->settings.attempts = 1;
    bench_start(b);
    bench_put(b, "hang");
    bench_run_until(b, bench_queue_is_empty, NULL);
    bench_expect_dead(b, "hang", 1, "Sandbox.Timedout", "Task timed out after 1.00 seconds");
    bench_put(b, "ok"); /* by a new process */
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_int_equal(bench_calls(b), 2);
}

static void test_redrive_puts_dead_letters_back(void **state)
{
    struct bench *b = *state;
    uint64_t moved = 0;

    b->settings.attempts = 1;
    bench_start(b);
    bench_put(b, "once-error");
    bench_run_until(b, bench_queue_is_empty, NULL);
    bench_expect_dead(b, "once-error", 1, "Function.Wanted", "as wanted");
    assert_int_equal(trigger_redrive(b->db, &moved), SQLITE_OK);
    assert_int_equal(moved, 1);
    trigger_wake(b->trigger);
    bench_run_until(b, bench_queue_is_empty, NULL);
    assert_int_equal(bench_calls(b), 2);
    cJSON_Delete(bench_dead_letters(b, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record_has_the_shape_of_s3),
        ON_BENCH(test_only_creations_in_the_bucket_are_queued),
        ON_BENCH(test_delivers),
        ON_BENCH(test_many_events_once_each),
        ON_BENCH(test_a_hanging_event_does_not_hold_the_others),
        ON_BENCH(test_copies_are_invocations_of_their_own),
        ON_BENCH(test_events_come_when_they_are_due),
        ON_BENCH(test_error_is_tried_again),
        ON_BENCH(test_error_ends_as_dead_letter),
        ON_BENCH(test_crash_is_a_failed_attempt),
        ON_BENCH(test_timeout_kills),
        ON_BENCH(test_redrive_puts_dead_letters_back),
    };

    return cmocka_run_group_tests_name("local trigger", tests, NULL, NULL);
}
