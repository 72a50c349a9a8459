/*
 * test_lambda_event.c - every envelope in which an S3 event can arrive, and what is not one.
 */
#include "cmocka_all.h"

#include "event.h"
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD(version, name, bucket, key, more)                                                   \
    "{\"eventVersion\":\"" version "\",\"eventSource\":\"aws:s3\",\"eventName\":\"" name           \
    "\",\"s3\":{\"bucket\":{\"name\":\"" bucket "\"},\"object\":{\"key\":\"" key "\"" more "}}}"
#define PUT(key)       RECORD("2.1", "ObjectCreated:Put", "cats-in", key, ",\"size\":1024")
#define EVENT(records) "{\"Records\":[" records "]}"
#define TEST_EVENT     "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"cats-in\"}"

struct parsed {
    struct event event;
    char reason[EVENT_REASON_LEN];
    int ok;
};

static struct parsed parse(const char *text)
{
    struct parsed p;

    p.ok = event_parse(text, strlen(text), &p.event, p.reason);
    return p;
}

static void assert_one(const char *text, enum event_action action, const char *key_or_reason)
{
    struct parsed p = parse(text);

    assert_true(p.ok);
    assert_int_equal(p.event.record_count, 1);
    assert_int_equal(p.event.records[0].action, action);
    if (action == EVENT_PROCESS || action == EVENT_REMOVED)
        assert_string_equal(p.event.records[0].key, key_or_reason);
    else
        assert_non_null(strstr(p.event.records[0].reason, key_or_reason));
    event_clear(&p.event);
}

static void assert_refused(const char *text, size_t len, const char *reason)
{
    struct event event;
    char why[EVENT_REASON_LEN];

    assert_false(event_parse(text, len, &event, why));
    if (strstr(why, reason) == NULL)
        fail_msg("the reason is: %s", why);
    event_clear(&event);
}

/* Wrap @p body as the one message of a queue, or as an SNS notification. The caller frees. */
static char *in_queue(const char *id, const char *body)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *record = cJSON_CreateObject();
    char *text;

    cJSON_AddItemToArray(cJSON_AddArrayToObject(root, "Records"), record);
    cJSON_AddStringToObject(record, "eventSource", "aws:sqs");
    if (id != NULL)
        cJSON_AddStringToObject(record, "messageId", id);
    if (body != NULL)
        cJSON_AddStringToObject(record, "body", body);
    text = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    return text;
}

static char *in_notification(const char *message)
{
    cJSON *root = cJSON_CreateObject();
    char *text;

    cJSON_AddStringToObject(root, "Type", "Notification");
    cJSON_AddStringToObject(root, "Message", message);
    text = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    return text;
}

/* ---- S3 itself --------------------------------------------------------------------------- */

/* B8: the Python handler looked at the first record only. */
static void b08_every_record_of_an_event_is_read(void **state)
{
    struct parsed p = parse(EVENT(PUT("a") "," PUT("b") "," PUT("c")));

    (void)state;
    assert_true(p.ok);
    assert_int_equal(p.event.record_count, 3);
    assert_string_equal(p.event.records[0].key, "a");
    assert_string_equal(p.event.records[1].key, "b");
    assert_string_equal(p.event.records[2].key, "c");
    assert_string_equal(p.event.records[2].bucket, "cats-in");
    assert_string_equal(p.event.records[2].name, "ObjectCreated:Put");
    assert_int_equal(p.event.records[2].size, 1024);
    assert_int_equal(p.event.records[2].message, EVENT_NO_MESSAGE);
    assert_false(p.event.from_queue);
    event_clear(&p.event);
}

static void any_minor_of_version_2_is_read(void **state)
{
    (void)state;
    assert_one(EVENT(RECORD("2.0", "ObjectCreated:Post", "cats-in", "k", "")), EVENT_PROCESS, "k");
    assert_one(EVENT(RECORD("2.6", "ObjectCreated:Copy", "cats-in", "k", "")), EVENT_PROCESS, "k");
    assert_one(EVENT(RECORD("2.41", "ObjectCreated:CompleteMultipartUpload", "cats-in", "k", "")),
               EVENT_PROCESS, "k");
}

static void another_major_version_is_named_in_the_reason(void **state)
{
    (void)state;
    assert_one(EVENT(RECORD("3.0", "ObjectCreated:Put", "cats-in", "k", "")), EVENT_BAD, "3.0");
    assert_one(EVENT(RECORD("20", "ObjectCreated:Put", "cats-in", "k", "")), EVENT_BAD, "20");
    assert_one(EVENT("{\"eventSource\":\"aws:s3\"}"), EVENT_BAD, "eventVersion missing");
}

/* B10: a removal was treated as a creation. */
static void b10_a_removal_is_no_creation(void **state)
{
    static const char *const names[] = { "ObjectRemoved:Delete",
                                         "ObjectRemoved:DeleteMarkerCreated",
                                         "LifecycleExpiration:Delete",
                                         "LifecycleExpiration:DeleteMarkerCreated" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char text[512];

        snprintf(text, sizeof(text),
                 EVENT(RECORD("2.3", "%s", "cats-out", "k+1", ",\"sequencer\":\"1\"")), names[i]);
        assert_one(text, EVENT_REMOVED, "k 1");
    }
    assert_one(EVENT(RECORD("2.1", "ObjectRemoved:Delete", "cats-out", "k%zz", "")), EVENT_BAD,
               "malformed");
}

static void other_events_of_a_bucket_are_ignored(void **state)
{
    (void)state;
    assert_one(EVENT(RECORD("2.1", "ObjectTagging:Put", "cats-in", "k", "")), EVENT_IGNORE,
               "ObjectTagging:Put");
    assert_one(EVENT(RECORD("2.3", "ReducedRedundancyLostObject", "cats-in", "k", "")),
               EVENT_IGNORE, "ReducedRedundancyLostObject");
}

static void size_may_be_absent_but_not_nonsense(void **state)
{
    struct parsed p = parse(EVENT(RECORD("2.1", "ObjectCreated:Put", "cats-in", "k", "")));

    (void)state;
    assert_int_equal(p.event.records[0].size, -1);
    event_clear(&p.event);
    assert_one(EVENT(RECORD("2.1", "ObjectCreated:Put", "cats-in", "k", ",\"size\":-1")), EVENT_BAD,
               "size");
    assert_one(EVENT(RECORD("2.1", "ObjectCreated:Put", "cats-in", "k", ",\"size\":1.5")),
               EVENT_BAD, "size");
    assert_one(EVENT(RECORD("2.1", "ObjectCreated:Put", "cats-in", "k", ",\"size\":1e300")),
               EVENT_BAD, "size");
    assert_one(EVENT(RECORD("2.1", "ObjectCreated:Put", "cats-in", "k", ",\"size\":\"9\"")),
               EVENT_BAD, "size");
}

/* B11: keys were used as they came. */
static void b11_keys_are_form_decoded_exactly_once(void **state)
{
    (void)state;
    assert_one(EVENT(PUT("red+flower.jpg")), EVENT_PROCESS, "red flower.jpg");
    assert_one(EVENT(PUT("a%2Bb%2520c")), EVENT_PROCESS, "a+b%20c");
    assert_one(EVENT(PUT("x/y%2Fz/%C3%A9%c3%a9")), EVENT_PROCESS, "x/y/z/\xc3\xa9\xc3\xa9");
    assert_one(EVENT(PUT("raw-\xc3\xa9")), EVENT_PROCESS, "raw-\xc3\xa9");
}

static void malformed_escapes_are_refused(void **state)
{
    (void)state;
    assert_one(EVENT(PUT("100%")), EVENT_BAD, "malformed");
    assert_one(EVENT(PUT("a%4")), EVENT_BAD, "malformed");
    assert_one(EVENT(PUT("a%zz")), EVENT_BAD, "malformed");
    assert_one(EVENT(PUT("a%4g")), EVENT_BAD, "malformed");
    assert_one(EVENT(PUT("a%%41")), EVENT_BAD, "malformed");
}

static void a_nul_in_a_key_is_refused_in_every_spelling(void **state)
{
    static const char raw[] = "{\"Records\":[{\"eventSource\":\"aws\0:s3\"}]}";
    const char *escaped = EVENT(PUT("a\\u0000b"));

    (void)state;
    assert_one(EVENT(PUT("a%00b")), EVENT_BAD, "NUL");
    assert_refused(escaped, strlen(escaped), "NUL");
    assert_refused(raw, sizeof(raw) - 1, "NUL");
    assert_one(EVENT(PUT("a\\\\u0000b")), EVENT_PROCESS, "a\\u0000b"); /* a backslash, no NUL */
}

static void keys_that_s3_cannot_have_are_refused(void **state)
{
    char key[1026];
    char text[2048];

    (void)state;
    assert_one(EVENT(PUT("")), EVENT_BAD, "empty");
    assert_one(EVENT(PUT("%FF%FE")), EVENT_BAD, "UTF-8");
    assert_one(EVENT(PUT("%C0%AF")), EVENT_BAD, "UTF-8");
    assert_one(EVENT(PUT("%ED%A0%80")), EVENT_BAD, "UTF-8");
    assert_one(EVENT(PUT("%F4%90%80%80")), EVENT_BAD, "UTF-8");
    assert_one(EVENT(PUT("a%E2%82")), EVENT_BAD, "UTF-8");
    memset(key, 'k', sizeof(key));
    key[1025] = '\0';
    snprintf(text, sizeof(text), EVENT(RECORD("2.1", "ObjectCreated:Put", "cats-in", "%s", "")),
             key);
    assert_one(text, EVENT_BAD, "1024");
    key[1024] = '\0';
    snprintf(text, sizeof(text), EVENT(RECORD("2.1", "ObjectCreated:Put", "cats-in", "%s", "")),
             key);
    assert_one(text, EVENT_PROCESS, key);
}

static void records_without_their_parts_are_bad_but_hide_no_other(void **state)
{
    struct parsed p = parse(EVENT(
        "{\"eventSource\":\"aws:s3\",\"eventVersion\":\"2.1\",\"eventName\":\"ObjectCreated:Put\","
        "\"s3\":null},null,7,{}," PUT("good")));

    (void)state;
    assert_true(p.ok);
    assert_int_equal(p.event.record_count, 5);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(p.event.records[i].action, EVENT_BAD);
    assert_int_equal(p.event.records[4].action, EVENT_PROCESS);
    event_clear(&p.event);
    assert_one(EVENT(RECORD("2.1", "ObjectCreated:Put", "../etc", "k", "")), EVENT_BAD, "bucket");
    assert_one(EVENT("{\"eventSource\":\"aws:dynamodb\"}"), EVENT_BAD, "aws:dynamodb");
}

/* B9 */
static void b09_what_is_no_event_gets_a_clear_reason(void **state)
{
    (void)state;
    assert_refused("", 0, "not JSON");
    assert_refused("{", 1, "not JSON");
    assert_refused("{\"Records\":[", 12, "not JSON");
    assert_refused("{}", 2, "no Records");
    assert_refused("[]", 2, "no Records");
    assert_refused("null", 4, "no Records");
    assert_refused("{\"Records\":{}}", 14, "no Records");
    assert_refused("{\"Records\":[]}", 14, "empty list");
    assert_refused("{} {}", 5, "after its JSON");
}

static void a_document_need_not_end_with_a_nul(void **state)
{
    const char *text = EVENT(PUT("k"));
    size_t len = strlen(text);
    char *exact = malloc(len);
    struct event event;
    char reason[EVENT_REASON_LEN];

    (void)state;
    assert_non_null(exact);
    memcpy(exact, text, len);
    assert_true(event_parse(exact, len, &event, reason));
    assert_int_equal(event.record_count, 1);
    event_clear(&event);
    free(exact);
}

static void no_prefix_of_an_event_is_taken_for_an_event(void **state)
{
    const char *text = EVENT(PUT("k"));

    (void)state;
    for (size_t len = 0; len < strlen(text); len++)
        assert_refused(text, len, "");
}

/* ---- envelopes --------------------------------------------------------------------------- */

static void b09_a_test_event_is_acknowledged_directly_and_in_a_queue(void **state)
{
    char *queue = in_queue("m-1", TEST_EVENT);

    (void)state;
    assert_one(TEST_EVENT, EVENT_IGNORE, "s3:TestEvent");
    assert_one(queue, EVENT_IGNORE, "s3:TestEvent");
    free(queue);
}

static void a_queue_message_carries_its_id_to_its_records(void **state)
{
    char *queue = in_queue("m-1", EVENT(PUT("a") "," PUT("b")));
    struct parsed p = parse(queue);

    (void)state;
    assert_true(p.ok);
    assert_true(p.event.from_queue);
    assert_int_equal(p.event.message_count, 1);
    assert_string_equal(p.event.messages[0].id, "m-1");
    assert_int_equal(p.event.record_count, 2);
    assert_int_equal(p.event.records[1].message, 0);
    event_clear(&p.event);
    free(queue);
}

static void sns_in_a_queue_is_unwrapped(void **state)
{
    char *sns = in_notification(EVENT(PUT("deep+key")));
    char *queue = in_queue("m-1", sns);

    (void)state;
    assert_one(sns, EVENT_PROCESS, "deep key");
    assert_one(queue, EVENT_PROCESS, "deep key");
    free(queue);
    free(sns);
}

static void a_direct_sns_event_is_unwrapped(void **state)
{
    (void)state;
    assert_one("{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":{\"Message\":"
               "\"{\\\"Event\\\":\\\"s3:TestEvent\\\"}\"}}]}",
               EVENT_IGNORE, "s3:TestEvent");
    assert_one("{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":{}}]}", EVENT_BAD, "no message");
}

static void three_envelopes_are_opened_and_a_fourth_is_not(void **state)
{
    char *one = in_notification(EVENT(PUT("k")));
    char *two = in_notification(one);
    char *three = in_queue("m-1", two);
    char *deeper = in_notification(two);
    char *four = in_queue("m-1", deeper);

    (void)state;
    assert_one(three, EVENT_PROCESS, "k");
    assert_one(four, EVENT_BAD, "more than 3");
    free(four);
    free(deeper);
    free(three);
    free(two);
    free(one);
}

static void eventbridge_keys_are_not_decoded(void **state)
{
    const char
        *text = "{\"version\":\"0\",\"detail-type\":\"Object Created\",\"source\":\"aws.s3\","
                "\"detail\":{\"bucket\":{\"name\":\"cats-in\"},"
                "\"object\":{\"key\":\"a+b%20c\",\"size\":5}}}";
    char *queue = in_queue("m-1", text);

    (void)state;
    assert_one(text, EVENT_PROCESS, "a+b%20c");
    assert_one(queue, EVENT_PROCESS, "a+b%20c");
    assert_one("{\"source\":\"aws.s3\",\"detail-type\":\"Object Deleted\",\"detail\":{"
               "\"bucket\":{\"name\":\"cats-out\"},\"object\":{\"key\":\"a+b\"}}}",
               EVENT_REMOVED, "a+b");
    assert_one("{\"source\":\"aws.s3\",\"detail-type\":\"Object Tags Added\"}", EVENT_IGNORE,
               "Object Tags Added");
    assert_one("{\"source\":\"aws.s3\"}", EVENT_BAD, "detail-type");
    free(queue);
}

static void a_poisoned_message_spoils_only_itself(void **state)
{
    static const char *const bodies[] = { "not json", "{}", EVENT(PUT("a\\u0000b")), "" };

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        char *queue = in_queue("m-1", bodies[i]);

        assert_one(queue, EVENT_BAD, "");
        free(queue);
    }
}

static void queue_records_without_id_or_body_are_bad(void **state)
{
    char *no_id = in_queue(NULL, EVENT(PUT("k")));
    char *empty_id = in_queue("", EVENT(PUT("k")));
    char *no_body = in_queue("m-1", NULL);
    char *inner = in_queue("m-2", EVENT(PUT("k")));
    char *nested = in_queue("m-1", inner);

    (void)state;
    assert_one(no_id, EVENT_BAD, "messageId");
    assert_one(empty_id, EVENT_BAD, "messageId");
    assert_one(no_body, EVENT_BAD, "no body");
    assert_one(nested, EVENT_BAD, "inside another event");
    free(nested);
    free(inner);
    free(no_body);
    free(empty_id);
    free(no_id);
}

static void a_64_kb_message_is_read_whole(void **state)
{
    size_t size = 64 * 1024;
    char *text = malloc(size + 512);
    size_t used = 0;
    size_t count = 0;
    struct parsed p;

    (void)state;
    assert_non_null(text);
    used += (size_t)sprintf(text, "{\"Records\":[");
    while (used < size - 512) {
        used += (size_t)sprintf(text + used, "%s" PUT("k"), count == 0 ? "" : ",");
        count++;
    }
    strcpy(text + used, "]}");
    p = parse(text);
    assert_true(p.ok);
    assert_true(count > 300);
    assert_int_equal(p.event.record_count, count);
    assert_string_equal(p.event.records[count - 1].key, "k");
    event_clear(&p.event);
    free(text);
}

static void deep_nesting_is_refused_without_harm(void **state)
{
    enum { DEPTH = 200000 };
    char *text = malloc(DEPTH);

    (void)state;
    assert_non_null(text);
    memset(text, '[', DEPTH);
    assert_refused(text, DEPTH, "not JSON");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(b08_every_record_of_an_event_is_read),
        cmocka_unit_test(any_minor_of_version_2_is_read),
        cmocka_unit_test(another_major_version_is_named_in_the_reason),
        cmocka_unit_test(b10_a_removal_is_no_creation),
        cmocka_unit_test(other_events_of_a_bucket_are_ignored),
        cmocka_unit_test(size_may_be_absent_but_not_nonsense),
        cmocka_unit_test(b11_keys_are_form_decoded_exactly_once),
        cmocka_unit_test(malformed_escapes_are_refused),
        cmocka_unit_test(a_nul_in_a_key_is_refused_in_every_spelling),
        cmocka_unit_test(keys_that_s3_cannot_have_are_refused),
        cmocka_unit_test(records_without_their_parts_are_bad_but_hide_no_other),
        cmocka_unit_test(b09_what_is_no_event_gets_a_clear_reason),
        cmocka_unit_test(a_document_need_not_end_with_a_nul),
        cmocka_unit_test(no_prefix_of_an_event_is_taken_for_an_event),
        cmocka_unit_test(b09_a_test_event_is_acknowledged_directly_and_in_a_queue),
        cmocka_unit_test(a_queue_message_carries_its_id_to_its_records),
        cmocka_unit_test(sns_in_a_queue_is_unwrapped),
        cmocka_unit_test(a_direct_sns_event_is_unwrapped),
        cmocka_unit_test(three_envelopes_are_opened_and_a_fourth_is_not),
        cmocka_unit_test(eventbridge_keys_are_not_decoded),
        cmocka_unit_test(a_poisoned_message_spoils_only_itself),
        cmocka_unit_test(queue_records_without_id_or_body_are_bad),
        cmocka_unit_test(a_64_kb_message_is_read_whole),
        cmocka_unit_test(deep_nesting_is_refused_without_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
