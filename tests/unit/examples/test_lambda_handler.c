/*
 * test_lambda_handler.c - which answer an invocation gets, with a scripted process function.
 */
#include "cmocka_all.h"

#include "handler.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE "cats-in"
#define DEST   "cats-out"
#define FAIL   "cats-bad"
#define NOW_MS INT64_C(1800000000000)

#define S3(bucket, key)                                                                            \
    "{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\","    \
    "\"s3\":{\"bucket\":{\"name\":\"" bucket "\"},\"object\":{\"key\":\"" key "\",\"size\":7}}}"
#define PUT(key)       S3(SOURCE, key)
#define EVENT(records) "{\"Records\":[" records "]}"
#define SQS(id, escaped)                                                                           \
    "{\"eventSource\":\"aws:sqs\",\"messageId\":\"" id "\",\"body\":\"" escaped "\"}"

#define GONE(bucket, key)                                                                          \
    "{\"eventVersion\":\"2.3\",\"eventSource\":\"aws:s3\",\"eventName\":"                          \
    "\"LifecycleExpiration:Delete\",\"s3\":{\"bucket\":{\"name\":\"" bucket                        \
    "\"},\"object\":{\"key\":\"" key "\"}}}"

/* The key of an object says what becomes of it. */
struct script {
    unsigned calls;
    unsigned fired_ms;    /* how far the clock goes in each call */
    uint64_t timeouts[8]; /* what each call was given */
    char lines[8192];     /* what was logged */
    char metrics[2048];   /* the line of metrics, which has no level */
};

static int64_t clock_ms;

static int64_t fake_now_ms(void)
{
    return clock_ms;
}

static icecat_status give(icecat_error *err, icecat_status status, const char *message)
{
    err->status = (int32_t)status;
    snprintf(err->message, sizeof(err->message), "%s", message);
    return status;
}

static icecat_status fake_process(void *userdata, const char *bucket, const char *key,
                                  const icecat_call_options *call, icecat_process_result *out,
                                  icecat_error *err)
{
    struct script *script = userdata;

    assert_string_equal(bucket, SOURCE);
    script->timeouts[script->calls++ % 8] = call->timeout_ms;
    clock_ms += script->fired_ms;
    out->action = ICECAT_PROCESSED;
    out->batch_id = UINT64_C(1744377772123456);
    out->is_cat = strcmp(key, "cat") == 0;
    out->confidence = 97.5;
    snprintf(out->fingerprint, sizeof(out->fingerprint), "abcd");
    if (strcmp(key, "throttled") == 0)
        return give(err, ICECAT_E_THROTTLED, "Rekognition asks to slow down");
    if (strcmp(key, "foreign") == 0)
        return give(err, ICECAT_E_KEY, "the key is not ours");
    if (strcmp(key, "taken") == 0)
        return give(err, ICECAT_E_COLLISION, "the record belongs to another client");
    if (strcmp(key, "broken") == 0) {
        out->action = ICECAT_PROCESSED_REFUSED;
        snprintf(out->fail_code, sizeof(out->fail_code), "InvalidImageFormatException");
    }
    return ICECAT_OK;
}

static icecat_status fake_forget(void *userdata, const char *bucket, const char *key,
                                 const icecat_call_options *call, uint32_t *removed,
                                 icecat_error *err)
{
    struct script *script = userdata;

    assert_true(strcmp(bucket, DEST) == 0 || strcmp(bucket, FAIL) == 0);
    script->timeouts[script->calls++ % 8] = call->timeout_ms;
    *removed = strcmp(key, "cat") == 0;
    if (strcmp(key, "throttled") == 0)
        return give(err, ICECAT_E_THROTTLED, "the table asks to slow down");
    return strcmp(key, "foreign") == 0 ? give(err, ICECAT_E_KEY, "the key is not ours") : ICECAT_OK;
}

static void keep_line(const char *line, void *userdata)
{
    struct script *script = userdata;
    size_t used = strlen(script->lines);

    assert_null(strchr(line, '\n'));
    if (strncmp(line, "{\"_aws\"", 7) == 0) {
        assert_string_equal(script->metrics, ""); /* one for each invocation */
        snprintf(script->metrics, sizeof(script->metrics), "%s", line);
        return;
    }
    snprintf(script->lines + used, sizeof(script->lines) - used, "%s\n", line);
}

static struct handler_answer run_until(struct script *script, const char *event, int64_t deadline)
{
    struct handler handler = { .process = fake_process,
                               .forget = fake_forget,
                               .userdata = script,
                               .now_ms = fake_now_ms,
                               .bucket_source = SOURCE,
                               .bucket_dest = DEST,
                               .bucket_fail = FAIL,
                               .function_name = "analyse",
                               .log = { keep_line, script } };
    struct handler_request request = {
        .id = "req-1", .body = event, .body_len = strlen(event), .deadline_ms = deadline
    };
    struct handler_answer answer;

    clock_ms = NOW_MS;
    script->metrics[0] = '\0';
    handler_run(&handler, &request, &answer);
    return answer;
}

static struct handler_answer run(struct script *script, const char *event)
{
    return run_until(script, event, NOW_MS + 30000);
}

static void assert_json(struct handler_answer *answer, const char *json)
{
    if (answer->failed)
        fail_msg("failed with %s: %s", answer->error_type, answer->error_message);
    assert_string_equal(answer->json, json);
    handler_answer_clear(answer);
}

static void assert_failed(struct handler_answer *answer, const char *type, const char *message)
{
    assert_true(answer->failed);
    assert_null(answer->json);
    assert_string_equal(answer->error_type, type);
    if (strstr(answer->error_message, message) == NULL)
        fail_msg("the message is: %s", answer->error_message);
    handler_answer_clear(answer);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        n++;
    return n;
}

/* ---- direct events ----------------------------------------------------------------------- */

static void every_record_is_processed_and_logged_in_one_line(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, EVENT(PUT("cat") "," PUT("dog")));

    (void)state;
    assert_json(&answer, "{\"processed\":2,\"refused\":0,\"forgotten\":0,\"ignored\":0}");
    assert_int_equal(script.calls, 2);
    assert_int_equal(count(script.lines, "\n"), 2);
    assert_int_equal(count(script.lines, "\"requestId\":\"req-1\""), 2);
    assert_non_null(strstr(script.lines, "\"key\":\"cat\",\"size\":7,\"batchId\":1744377772123456,"
                                         "\"fingerprint\":\"abcd\",\"isCat\":true,"
                                         "\"confidence\":97.5"));
}

/* B6: every failure was swallowed, so a throttle became a final failure. */
static void b06_a_transient_failure_fails_the_invocation_after_the_others_are_done(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, EVENT(PUT("throttled") "," PUT("cat")));

    (void)state;
    assert_int_equal(script.calls, 2);
    assert_failed(&answer, "Function.Throttled", "throttled: Rekognition asks to slow down");
    assert_non_null(strstr(script.lines, "ICECAT_E_THROTTLED"));
}

static void a_permanent_refusal_is_a_success(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, EVENT(PUT("broken") "," PUT("foreign")));

    (void)state;
    assert_json(&answer, "{\"processed\":1,\"refused\":2,\"forgotten\":0,\"ignored\":0}");
    assert_non_null(strstr(script.lines, "\"failCode\":\"InvalidImageFormatException\""));
    assert_non_null(strstr(script.lines, "ICECAT_E_KEY"));
}

/* B12: the record of another client was replaced. */
static void b12_a_collision_fails_loudly(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, EVENT(PUT("taken")));

    (void)state;
    assert_failed(&answer, "Function.RecordCollision", "another client");
}

/* B9, B29: sys.exit() in a handler. */
static void b09_b29_what_is_no_event_fails_the_invocation_with_a_reason(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, "{\"hello\":\"world\"}");

    (void)state;
    assert_failed(&answer, "Function.InvalidEvent", "no Records");
    assert_int_equal(script.calls, 0);
}

/* B27: the event was logged in full, under a wrong name. */
static void b27_an_event_is_never_logged_in_full(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, "{\"hello\":\"world\"}");

    (void)state;
    handler_answer_clear(&answer);
    answer = run(&script, EVENT(PUT("cat") "," SQS("m1", "world") ",{\"hello\":\"world\"}"));
    handler_answer_clear(&answer);
    assert_null(strstr(script.lines, "world"));
    assert_null(strstr(script.lines, "eventVersion"));
    assert_int_equal(count(script.lines, "\n"), 4); /* one line for each of them, written once */
}

static void a_bad_record_does_not_stop_the_good_ones(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, EVENT(PUT("a%zz") "," PUT("cat")));

    (void)state;
    assert_int_equal(script.calls, 1);
    assert_failed(&answer, "Function.InvalidEvent", "malformed");
}

static void b09_a_test_event_is_a_success(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, "{\"Event\":\"s3:TestEvent\"}");

    (void)state;
    assert_json(&answer, "{\"processed\":0,\"refused\":0,\"forgotten\":0,\"ignored\":1}");
}

/* B10, and recursion: a copy into another bucket must not become work. */
static void b10_objects_of_other_buckets_are_not_touched(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, EVENT(S3("cats-out", "cat")));

    (void)state;
    assert_int_equal(script.calls, 0);
    assert_json(&answer, "{\"processed\":0,\"refused\":0,\"forgotten\":0,\"ignored\":1}");
}

/* ---- removals ---------------------------------------------------------------------------- */

static void removals_from_the_two_buckets_where_objects_stay_reach_the_table(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(
        &script, EVENT(GONE(DEST, "cat") "," GONE(FAIL, "cat") "," GONE(DEST, "dog")));

    (void)state;
    assert_int_equal(script.calls, 3);
    assert_json(&answer, "{\"processed\":0,\"refused\":0,\"forgotten\":2,\"ignored\":1}");
    assert_int_equal(count(script.lines, "\"action\":\"forgotten\""), 2);
}

/* Our own DeleteObject at the end of every move. */
static void removals_from_the_source_and_elsewhere_do_nothing(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script,
                                       EVENT(GONE(SOURCE, "cat") "," GONE("elsewhere", "cat")));

    (void)state;
    assert_int_equal(script.calls, 0);
    assert_json(&answer, "{\"processed\":0,\"refused\":0,\"forgotten\":0,\"ignored\":2}");
}

static void a_removal_that_may_succeed_later_is_handed_back(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script,
                                       EVENT(GONE(DEST, "foreign") "," GONE(DEST, "throttled")));

    (void)state;
    assert_failed(&answer, "Function.Throttled", "the table asks to slow down");
    assert_non_null(strstr(script.lines, "belongs to no record"));
}

/* ---- metrics ----------------------------------------------------------------------------- */

static void one_line_has_the_metrics_of_an_invocation(void **state)
{
    struct script script = { .fired_ms = 250 };
    struct handler_answer answer = run(&script,
                                       EVENT(PUT("cat") "," PUT("dog") "," PUT("broken") "," PUT(
                                           "foreign") "," PUT("throttled") "," GONE(DEST, "cat")));
    cJSON *line = cJSON_Parse(script.metrics);
    const cJSON *directive;
    const cJSON *metric;

    (void)state;
    handler_answer_clear(&answer);
    assert_non_null(line);
    assert_non_null(strstr(script.metrics,
                           "\"FunctionName\":\"analyse\",\"Cats\":1,\"NoCats\":1,\"Refused\":1,"
                           "\"ForeignKeys\":1,\"JudgedBefore\":0,\"HandedBack\":1,"
                           "\"Forgotten\":1,\"Latency\":[250,250,250,250,250]"));
    directive = cJSON_GetArrayItem(
        cJSON_GetObjectItem(cJSON_GetObjectItem(line, "_aws"), "CloudWatchMetrics"), 0);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(directive, "Namespace")),
                        "icecat");
    /* Whatever is declared is there, as CloudWatch wants it. */
    cJSON_ArrayForEach(metric, cJSON_GetObjectItem(directive, "Metrics"))
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(metric, "Name"));

        assert_non_null(cJSON_GetObjectItem(line, name));
    }
    cJSON_Delete(line);
}

static void where_nothing_was_done_there_are_no_metrics(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script, "{\"Event\":\"s3:TestEvent\"}");

    (void)state;
    handler_answer_clear(&answer);
    assert_string_equal(script.metrics, "");
}

/* ---- queues ------------------------------------------------------------------------------ */

#define BODY(key)                                                                                  \
    "{\\\"Records\\\":[{\\\"eventVersion\\\":\\\"2.1\\\",\\\"eventSource\\\":\\\"aws:s3\\\","      \
    "\\\"eventName\\\":\\\"ObjectCreated:Put\\\",\\\"s3\\\":{\\\"bucket\\\":{\\\"name\\\":"        \
    "\\\"" SOURCE "\\\"},\\\"object\\\":{\\\"key\\\":\\\"" key "\\\"}}}]}"

static void a_batch_without_failures_answers_an_empty_list(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script,
                                       EVENT(SQS("m1", BODY("cat")) "," SQS("m2", BODY("broken"))));

    (void)state;
    assert_json(&answer, "{\"batchItemFailures\":[]}");
    assert_non_null(strstr(script.lines, "\"messageId\":\"m2\""));
}

static void only_the_messages_that_need_it_are_handed_back(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(
        &script, EVENT(SQS("m1", BODY("cat")) "," SQS("m2", BODY("throttled")) "," SQS(
                     "m3", "poison") "," SQS("m4", "{\\\"Event\\\":\\\"s3:TestEvent\\\"}")));

    (void)state;
    assert_json(&answer, "{\"batchItemFailures\":[{\"itemIdentifier\":\"m2\"},"
                         "{\"itemIdentifier\":\"m3\"}]}");
}

static void a_batch_with_a_message_that_has_no_id_fails_whole(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run(&script,
                                       EVENT("{\"eventSource\":\"aws:sqs\",\"body\":\"{}\"}"));

    (void)state;
    assert_failed(&answer, "Function.InvalidEvent", "messageId");
}

/* ---- time -------------------------------------------------------------------------------- */

static void each_call_gets_what_is_left_minus_the_reserve(void **state)
{
    struct script script = { .fired_ms = 4000 };
    struct handler_answer answer = run_until(&script, EVENT(PUT("cat") "," PUT("dog")),
                                             NOW_MS + 10000);

    (void)state;
    handler_answer_clear(&answer);
    assert_int_equal(script.timeouts[0], 9500);
    assert_int_equal(script.timeouts[1], 5500);
}

static void no_object_is_begun_when_time_is_short(void **state)
{
    struct script script = { .fired_ms = 4000 };
    struct handler_answer answer = run_until(
        &script, EVENT(SQS("m1", BODY("cat")) "," SQS("m2", BODY("dog"))), NOW_MS + 5000);

    (void)state;
    assert_int_equal(script.calls, 1);
    assert_json(&answer, "{\"batchItemFailures\":[{\"itemIdentifier\":\"m2\"}]}");
    answer = run_until(&script, EVENT(PUT("cat")), NOW_MS + 1000);
    assert_failed(&answer, "Function.OutOfTime", "cat: too little time");
}

static void without_a_deadline_calls_are_not_limited(void **state)
{
    struct script script = { 0 };
    struct handler_answer answer = run_until(&script, EVENT(PUT("cat")), 0);

    (void)state;
    handler_answer_clear(&answer);
    assert_int_equal(script.timeouts[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_is_processed_and_logged_in_one_line),
        cmocka_unit_test(b06_a_transient_failure_fails_the_invocation_after_the_others_are_done),
        cmocka_unit_test(a_permanent_refusal_is_a_success),
        cmocka_unit_test(b12_a_collision_fails_loudly),
        cmocka_unit_test(b09_b29_what_is_no_event_fails_the_invocation_with_a_reason),
        cmocka_unit_test(a_bad_record_does_not_stop_the_good_ones),
        cmocka_unit_test(b09_a_test_event_is_a_success),
        cmocka_unit_test(b10_objects_of_other_buckets_are_not_touched),
        cmocka_unit_test(b27_an_event_is_never_logged_in_full),
        cmocka_unit_test(removals_from_the_two_buckets_where_objects_stay_reach_the_table),
        cmocka_unit_test(removals_from_the_source_and_elsewhere_do_nothing),
        cmocka_unit_test(a_removal_that_may_succeed_later_is_handed_back),
        cmocka_unit_test(one_line_has_the_metrics_of_an_invocation),
        cmocka_unit_test(where_nothing_was_done_there_are_no_metrics),
        cmocka_unit_test(a_batch_without_failures_answers_an_empty_list),
        cmocka_unit_test(only_the_messages_that_need_it_are_handed_back),
        cmocka_unit_test(a_batch_with_a_message_that_has_no_id_fails_whole),
        cmocka_unit_test(each_call_gets_what_is_left_minus_the_reserve),
        cmocka_unit_test(no_object_is_begun_when_time_is_short),
        cmocka_unit_test(without_a_deadline_calls_are_not_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
