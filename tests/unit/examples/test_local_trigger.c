/*
 * test_local_trigger.c - from a queued event to a function's answer, with real child processes that
 * misbehave as they are told (tests/support/fake_bootstrap.c).
 */
#include "cmocka_all.h"

#include "s3_record.h"
#include "trigger.h"
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 30 };

struct bench {
    struct event_base *base;
    sqlite3 *db;
    char dir[64];
    char dir_variable[96];
    const char *environment[4];
    trigger_settings settings;
    trigger *trigger;
    char lines[16384]; /* what was logged */
};

/* ---- bench ------------------------------------------------------------------------------- */

static void keep_line(unsigned worker, const char *line, void *userdata)
{
    struct bench *b = userdata;
    size_t used = strlen(b->lines);

    snprintf(b->lines + used, sizeof(b->lines) - used, "%u %s\n", worker, line);
}

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));

    assert_non_null(b);
    signal(SIGPIPE, SIG_IGN);
    snprintf(b->dir, sizeof(b->dir), "/tmp/icecat-trigger-XXXXXX");
    assert_non_null(mkdtemp(b->dir));
    snprintf(b->dir_variable, sizeof(b->dir_variable), "FAKE_DIR=%s", b->dir);
    b->environment[0] = b->dir_variable;
    b->base = event_base_new();
    assert_non_null(b->base);
    assert_int_equal(sqlite3_open(":memory:", &b->db), SQLITE_OK);
    assert_int_equal(trigger_schema(b->db), SQLITE_OK);
    b->settings = (trigger_settings){ .bucket = "in",
                                      .bootstrap = ICECAT_FAKE_BOOTSTRAP,
                                      .environment = b->environment,
                                      .region = "eu-west-1",
                                      .workers = 1,
                                      .timeout_s = 20,
                                      .attempts = 3,
                                      .retry_base_ms = 20,
                                      .restart_ms = 20,
                                      .log = keep_line,
                                      .userdata = b };
    *state = b;
    return 0;
}

static void remove_dir(const char *dir)
{
    DIR *entries = opendir(dir);
    struct dirent *entry;
    char path[512];

    assert_non_null(entries);
    while ((entry = readdir(entries)) != NULL) {
        snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        unlink(path);
    }
    closedir(entries);
    rmdir(dir);
}

static int tear_down(void **state)
{
    struct bench *b = *state;

    trigger_stop(b->trigger);
    sqlite3_close(b->db);
    event_base_free(b->base);
    remove_dir(b->dir);
    free(b);
    return 0;
}

static void start(struct bench *b)
{
    char why[512] = "";

    b->trigger = trigger_start(b->base, b->db, &b->settings, why, sizeof(why));
    if (b->trigger == NULL)
        fail_msg("%s", why);
}

static void stop(struct bench *b)
{
    trigger_stop(b->trigger);
    b->trigger = NULL;
}

static s3_event event_of(const char *bucket, const char *name, const char *key)
{
    return (s3_event){ .name = name,
                       .bucket = bucket,
                       .key = key,
                       .etag = "d41d8cd98f00b204e9800998ecf8427e",
                       .size = 1234,
                       .request_id = "4442587FB7D0A2F9",
                       .time_ms = INT64_C(1744377772045),
                       .sequencer = "0000000000000A2F" };
}

static void put(struct bench *b, const char *key)
{
    s3_event event = event_of("in", "ObjectCreated:Put", key);

    assert_int_equal(trigger_queue(b->db, &b->settings, &event), SQLITE_OK);
    trigger_wake(b->trigger);
}

/* ---- wait -------------------------------------------------------------------------------- */

static void on_tick(evutil_socket_t fd, short what, void *userdata)
{
    (void)fd;
    (void)what;
    (void)userdata;
}

/* Run the loop until @p done says so. */
static void run_until(struct bench *b, int (*done)(struct bench *b, const void *what),
                      const void *what)
{
    const struct timeval step = { .tv_usec = 5000 };
    struct event *tick = event_new(b->base, -1, EV_PERSIST, on_tick, NULL);
    time_t end = time(NULL) + PATIENCE_S;

    assert_non_null(tick);
    event_add(tick, &step);
    while (!done(b, what) && time(NULL) < end)
        event_base_loop(b->base, EVLOOP_ONCE);
    event_free(tick);
    if (!done(b, what))
        fail_msg("it did not come to that; the log: %s", b->lines);
}

static int queue_is_empty(struct bench *b, const void *what)
{
    (void)what;
    return trigger_backlog(b->trigger) == 0;
}

static int only_one_is_left(struct bench *b, const void *what)
{
    (void)what;
    return trigger_backlog(b->trigger) == 1;
}

static int log_has(struct bench *b, const void *what)
{
    return strstr(b->lines, what) != NULL;
}

/* A file in the helper's folder; "" when there is none. */
static char *notes(struct bench *b, const char *file)
{
    static char text[65536];
    char path[128];
    size_t len;
    FILE *stream;

    snprintf(path, sizeof(path), "%s/%s", b->dir, file);
    stream = fopen(path, "r");
    len = stream == NULL ? 0 : fread(text, 1, sizeof(text) - 1, stream);
    text[len] = '\0';
    if (stream != NULL)
        fclose(stream);
    return text;
}

static unsigned count_lines(const char *text)
{
    unsigned count = 0;

    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

static unsigned calls(struct bench *b)
{
    return count_lines(notes(b, "calls"));
}

static int was_called(struct bench *b, const void *what)
{
    return strstr(notes(b, "calls"), what) != NULL;
}

static cJSON *dead_letters(struct bench *b, int expected)
{
    cJSON *list = NULL;

    assert_int_equal(trigger_dead_letters(b->db, &list), SQLITE_OK);
    assert_int_equal(cJSON_GetArraySize(list), expected);
    return list;
}

static void expect_dead(struct bench *b, const char *key, double attempts, const char *type,
                        const char *message)
{
    cJSON *list = dead_letters(b, 1);
    const cJSON *letter = cJSON_GetArrayItem(list, 0);

    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(letter, "key")), key);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(letter, "bucket")), "in");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(letter, "errorType")), type);
    assert_non_null(
        strstr(cJSON_GetStringValue(cJSON_GetObjectItem(letter, "errorMessage")), message));
    assert_true(cJSON_GetNumberValue(cJSON_GetObjectItem(letter, "attempts")) == attempts);
    assert_true(
        cJSON_IsArray(cJSON_GetObjectItem(cJSON_GetObjectItem(letter, "event"), "Records")));
    cJSON_Delete(list);
}

/* ---- the event --------------------------------------------------------------------------- */

static void test_record_has_the_shape_of_s3(void **state)
{
    s3_event event = event_of("in", "ObjectCreated:Put", "a b/\xc3\xa9+(1)~*_.png");
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
    s3_event others[] = { event_of("out", "ObjectCreated:Copy", "ok"),
                          event_of("in", "ObjectRemoved:Delete", "ok") };

    for (size_t i = 0; i < 2; i++)
        assert_int_equal(trigger_queue(b->db, &b->settings, &others[i]), SQLITE_OK);
    start(b);
    assert_int_equal(trigger_backlog(b->trigger), 0);
    put(b, "ok");
    assert_int_equal(trigger_backlog(b->trigger), 1);
}

/* ---- delivery ---------------------------------------------------------------------------- */

static void test_delivers(void **state)
{
    struct bench *b = *state;

    start(b);
    put(b, "ok");
    run_until(b, queue_is_empty, NULL);
    assert_int_equal(calls(b), 1);
    assert_non_null(strstr(b->lines, "1 started\n"));
    cJSON_Delete(dead_letters(b, 0));
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
    start(b);
    for (unsigned i = 0; i < EVENTS; i++) {
        snprintf(key, sizeof(key), "ok-%03u", i);
        put(b, key);
    }
    run_until(b, queue_is_empty, NULL);
    text = notes(b, "calls");
    for (char *line = strtok(text, "\n"); line != NULL && count <= EVENTS;
         line = strtok(NULL, "\n"))
        keys[count++] = strchr(line, ' ') + 1;
    assert_int_equal(count, EVENTS);
    qsort(keys, count, sizeof(keys[0]), compare_lines);
    for (unsigned i = 0; i < EVENTS; i++) {
        snprintf(key, sizeof(key), "ok-%03u", i);
        assert_string_equal(keys[i], key);
    }
    cJSON_Delete(dead_letters(b, 0));
}

static void test_a_hanging_event_does_not_hold_the_others(void **state)
{
    struct bench *b = *state;

    b->settings.workers = 2;
    start(b);
    put(b, "hang");
    run_until(b, was_called, "hang");
    for (unsigned i = 0; i < 5; i++)
        put(b, "ok");
    run_until(b, only_one_is_left, NULL);
    assert_int_equal(calls(b), 6);
}

/* ---- failures ---------------------------------------------------------------------------- */

static void test_error_is_tried_again(void **state)
{
    struct bench *b = *state;

    start(b);
    put(b, "once-error");
    run_until(b, queue_is_empty, NULL);
    assert_int_equal(calls(b), 2);
    assert_non_null(strstr(b->lines, "attempt 1 of 3"));
    cJSON_Delete(dead_letters(b, 0));
}

static void test_error_ends_as_dead_letter(void **state)
{
    struct bench *b = *state;

    start(b);
    put(b, "error");
    run_until(b, queue_is_empty, NULL);
    assert_int_equal(calls(b), 3);
    expect_dead(b, "error", 3, "Function.Wanted", "as wanted");
    /* An error that the function reports is no reason to start it again. */
    assert_null(strstr(b->lines, "next start"));
}

static void test_crash_is_a_failed_attempt(void **state)
{
    struct bench *b = *state;

    start(b);
    put(b, "once-crash");
    run_until(b, queue_is_empty, NULL);
    assert_int_equal(calls(b), 2);
    put(b, "crash");
    run_until(b, queue_is_empty, NULL);
    expect_dead(b, "crash", 3, "Runtime.ExitError", "signal: 6");
}

static void test_timeout_kills(void **state)
{
    struct bench *b = *state;

    b->settings.timeout_s = 1;
    b->settings.attempts = 1;
    start(b);
    put(b, "hang");
    run_until(b, queue_is_empty, NULL);
    expect_dead(b, "hang", 1, "Sandbox.Timedout", "Task timed out after 1.00 seconds");
    put(b, "ok"); /* by a new process */
    run_until(b, queue_is_empty, NULL);
    assert_int_equal(calls(b), 2);
}

static void test_redrive_puts_dead_letters_back(void **state)
{
    struct bench *b = *state;
    uint64_t moved = 0;

    b->settings.attempts = 1;
    start(b);
    put(b, "once-error");
    run_until(b, queue_is_empty, NULL);
    expect_dead(b, "once-error", 1, "Function.Wanted", "as wanted");
    assert_int_equal(trigger_redrive(b->db, &moved), SQLITE_OK);
    assert_int_equal(moved, 1);
    trigger_wake(b->trigger);
    run_until(b, queue_is_empty, NULL);
    assert_int_equal(calls(b), 2);
    cJSON_Delete(dead_letters(b, 0));
}

/* ---- start and end ----------------------------------------------------------------------- */

static void test_init_error_waits_longer_and_longer(void **state)
{
    struct bench *b = *state;

    b->environment[1] = "FAKE_INIT=error";
    start(b);
    put(b, "ok");
    run_until(b, log_has, "the next start is in 80 ms");
    assert_non_null(strstr(b->lines,
                           "1 the program ended (exit status 1) before it asked for work, "
                           "having said Function.NoBucket: no bucket; the next start is "
                           "in 20 ms\n"));
    /* No attempt was made, so the event waits for a function that starts. */
    assert_int_equal(trigger_backlog(b->trigger), 1);
    cJSON_Delete(dead_letters(b, 0));
}

static void test_exit_at_start_is_no_busy_loop(void **state)
{
    struct bench *b = *state;

    b->environment[1] = "FAKE_INIT=exit";
    start(b);
    run_until(b, log_has, "the next start is in 160 ms");
    /* 20, 40, 80, 160: four ends, not more. */
    assert_int_equal(count_lines(b->lines), 8);
}

static void test_silent_start_is_ended(void **state)
{
    struct bench *b = *state;

    b->environment[1] = "FAKE_INIT=hang";
    b->settings.init_s = 1;
    start(b);
    run_until(b, log_has, "the program ended (signal: 9) because its time was over");
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

    start(b);
    put(b, "once-hang");
    put(b, "ok");
    run_until(b, was_called, "once-hang");
    stop(b);
    start(b);
    assert_int_equal(trigger_backlog(b->trigger), 2);
    run_until(b, queue_is_empty, NULL);
    assert_int_equal(calls(b), 3);
    cJSON_Delete(dead_letters(b, 0));
}

static void test_stop_leaves_no_process(void **state)
{
    struct bench *b = *state;

    b->settings.workers = 3;
    start(b);
    put(b, "hang");
    run_until(b, was_called, "hang");
    stop(b);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child at all */
}

/* ---- what the process sees --------------------------------------------------------------- */

static void test_a_lost_connection_loses_no_event(void **state)
{
    struct bench *b = *state;

    b->environment[1] = "FAKE_INIT=hang-up";
    b->environment[2] = "AWS_LAMBDA_FUNCTION_NAME=judge";
    b->settings.attempts = 1;
    put(b, "ok-early"); /* goes to the first request if that is still there */
    start(b);
    run_until(b, queue_is_empty, NULL);
    put(b, "protocol");
    run_until(b, queue_is_empty, NULL);
    put(b, "ok"); /* answered after what the one before has noted */
    run_until(b, queue_is_empty, NULL);
    assert_true(was_called(b, "ok-early"));
    assert_null(strstr(b->lines, "next start"));
    assert_non_null(strstr(notes(b, "headers"), ":function:judge\r\n"));
}

static void test_environment_is_lambdas(void **state)
{
    struct bench *b = *state;
    const char *seen;

    setenv("http_proxy", "http://127.0.0.1:1", 1);
    b->environment[1] = "AWS_REGION=eu-north-1";
    start(b);
    put(b, "environment");
    run_until(b, queue_is_empty, NULL);
    unsetenv("http_proxy");
    seen = notes(b, "environment");
    assert_non_null(strstr(seen, "AWS_LAMBDA_RUNTIME_API=127.0.0.1:"));
    assert_non_null(strstr(seen, "\nAWS_REGION=eu-north-1\n"));
    assert_null(strstr(seen, "\nAWS_REGION=eu-west-1\n"));
    assert_non_null(strstr(seen, "\nAWS_LAMBDA_FUNCTION_NAME=icecat-local\n"));
    assert_non_null(strstr(seen, "\n_HANDLER=bootstrap\n"));
    assert_null(strstr(seen, "http_proxy"));
    assert_null(strstr(seen, "HOME="));
    if (strstr(seen, "\nfiles 3\ngroup 1\n") == NULL)
        fail_msg("%s", seen);
    assert_int_equal(count_lines(seen), 18); /* 16 variables */
}

static void test_runtime_api_keeps_its_states(void **state)
{
    struct bench *b = *state;
    const char *head;

    b->settings.attempts = 1;
    start(b);
    put(b, "protocol");
    run_until(b, queue_is_empty, NULL);
    put(b, "ok"); /* answered after the first invocation has come to its end */
    run_until(b, queue_is_empty, NULL);
    assert_string_equal(notes(b, "protocol"),
                        "again 1 wrong 400 init 403 mode 400 large 413 after 400 type 1\n");
    expect_dead(b, "protocol", 1, "Function.ResponseSizeTooLarge", "exceeded");
    head = notes(b, "headers");
    assert_non_null(strstr(head, "Lambda-Runtime-Deadline-Ms: "));
    assert_non_null(strstr(head, "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:"
                                 "000000000000:function:icecat-local\r\n"));
    assert_non_null(strstr(head, "Lambda-Runtime-Trace-Id: Root=1-"));
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record_has_the_shape_of_s3),
        ON_BENCH(test_only_creations_in_the_bucket_are_queued),
        ON_BENCH(test_delivers),
        ON_BENCH(test_many_events_once_each),
        ON_BENCH(test_a_hanging_event_does_not_hold_the_others),
        ON_BENCH(test_error_is_tried_again),
        ON_BENCH(test_error_ends_as_dead_letter),
        ON_BENCH(test_crash_is_a_failed_attempt),
        ON_BENCH(test_timeout_kills),
        ON_BENCH(test_redrive_puts_dead_letters_back),
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

    return cmocka_run_group_tests_name("local trigger", tests, NULL, NULL);
}
