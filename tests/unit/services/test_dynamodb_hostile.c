/*
 * test_dynamodb_hostile.c - answers that DynamoDB never gives: none may hang a call, lose items silently
 * or fill the memory.
 */
#include "base/error.h"
#include "base/time.h"
#include "cmocka_all.h"
#include "fake_transport.h"

#include <icecat/dynamodb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GUARD 500 /* a call that is not ended before is ended by the test, and fails it */

typedef struct world {
    icecat_client *client;
    icecat_item *key;
    icecat_items *items;
    fake_transport fake;
    fake_answer answer;
    char body[256];
    size_t pages;
} world;

static int set_up(void **state)
{
    world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    w->client = fake_client_new(NULL, 1);
    w->key = icecat_item_new(NULL);
    assert_int_equal(icecat_item_set_int(w->key, "id", 1, NULL), ICECAT_OK);
    fake_transport_install(&w->fake, w->client, NULL, 0);
    w->fake.userdata = w;
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;

    icecat_items_free(w->items);
    icecat_item_free(w->key);
    icecat_client_free(w->client);
    free(w);
    return 0;
}

static const fake_answer *say(world *w, const char *body)
{
    snprintf(w->body, sizeof(w->body), "%s", body);
    w->answer = (fake_answer){ 200, ICECAT_OK, NULL, w->body };
    return &w->answer;
}

/* Always the same answer, whatever is asked. */
static void answer_with(world *w, const char *body)
{
    w->answer = (fake_answer){ 200, ICECAT_OK, NULL, body };
    w->fake.choose = NULL;
    w->fake.answers = &w->answer;
    w->fake.answer_count = 1;
}

static icecat_status query(world *w, const icecat_dynamodb_options *options)
{
    icecat_items_free(w->items);
    w->items = NULL;
    return icecat_dynamodb_query(w->client, "cats", "id = :i", options, &w->items, NULL);
}

static icecat_status batch_get(world *w, const icecat_dynamodb_options *options, icecat_error *err)
{
    const icecat_item *keys[] = { w->key };

    icecat_items_free(w->items);
    w->items = NULL;
    return icecat_dynamodb_batch_get(w->client, "cats", keys, 1, options, &w->items, err);
}

/* ---- pages ------------------------------------------------------------------------------- */

static const fake_answer *slow_endless_page(const ic_exchange *exchange, void *userdata)
{
    world *w = userdata;
    struct timespec nap = { 0, 10000000 };
    char body[128];

    (void)exchange;
    nanosleep(&nap, NULL);
    if (++w->pages == GUARD)
        return say(w, "{\"Items\":[]}");
    snprintf(body, sizeof(body), "{\"Items\":[],\"LastEvaluatedKey\":{\"id\":{\"N\":\"%zu\"}}}",
             w->pages);
    return say(w, body);
}

static void all_pages_of_a_query_share_one_deadline(void **state)
{
    world *w = *state;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    uint64_t began = ic_time_monotonic_ms();

    w->fake.choose = slow_endless_page;
    call.timeout_ms = 100;
    options.call = &call;
    assert_int_equal(query(w, &options), ICECAT_E_DEADLINE);
    assert_true(ic_time_monotonic_ms() - began < 1000);
}

static const fake_answer *page_of_three(const ic_exchange *exchange, void *userdata)
{
    world *w = userdata;
    char body[128];

    (void)exchange;
    if (++w->pages == GUARD)
        return say(w, "{\"Items\":[]}");
    snprintf(body, sizeof(body), "{\"Items\":[],\"LastEvaluatedKey\":{\"id\":{\"N\":\"%zu\"}}}",
             w->pages < 10 ? w->pages : 10 + w->pages % 3);
    return say(w, body);
}

static void pages_that_go_in_a_circle_are_noticed(void **state)
{
    world *w = *state;

    w->fake.choose = page_of_three;
    assert_int_equal(query(w, NULL), ICECAT_E_PROTOCOL);
    assert_true(w->pages < 64);
}

static void a_last_key_that_is_no_key_does_not_end_a_query(void **state)
{
    static const char *const bodies[] = { "{\"Items\":[],\"LastEvaluatedKey\":\"a\"}",
                                          "{\"Items\":[],\"LastEvaluatedKey\":7}",
                                          "{\"Items\":[],\"LastEvaluatedKey\":true}",
                                          "{\"Items\":[],\"LastEvaluatedKey\":[1]}" };
    world *w = *state;

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        answer_with(w, bodies[i]);
        assert_int_equal(query(w, NULL), ICECAT_E_PROTOCOL);
    }
    answer_with(w, "{\"Items\":[],\"LastEvaluatedKey\":null}");
    assert_int_equal(query(w, NULL), ICECAT_OK);
}

static void keep_body(const ic_exchange *exchange, void *userdata)
{
    world *w = userdata;

    snprintf(w->body, sizeof(w->body), "%.*s", (int)exchange->body_len,
             (const char *)exchange->body);
}

static void a_page_is_never_asked_larger_than_the_service_counts(void **state)
{
    world *w = *state;
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;

    answer_with(w, "{\"Items\":[]}");
    w->fake.on_start = keep_body;
    options.max_items = 5000000000u;
    assert_int_equal(query(w, &options), ICECAT_OK);
    assert_non_null(strstr(w->body, "\"Limit\":2147483647"));
}

static void more_items_than_were_asked_for_are_left_out(void **state)
{
    world *w = *state;
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;

    answer_with(w, "{\"Items\":[{\"a\":{\"S\":\"1\"}},{\"a\":{\"S\":\"2\"}},{\"a\":{\"S\":\"3\"}}],"
                   "\"LastEvaluatedKey\":{\"id\":{\"N\":\"1\"}}}");
    options.max_items = 2;
    assert_int_equal(query(w, &options), ICECAT_OK);
    assert_int_equal(icecat_items_count(w->items), 2);
    assert_string_equal(icecat_item_get(icecat_items_at(w->items, 1), "a"), "2");
}

/* ---- batches of keys --------------------------------------------------------------------- */

#define LEFT(keys) "{\"Responses\":{},\"UnprocessedKeys\":{\"cats\":{\"Keys\":" keys "}}}"
#define KEY        "{\"id\":{\"N\":\"1\"}}"

static void more_keys_left_than_were_asked_for_are_refused(void **state)
{
    world *w = *state;

    answer_with(w, LEFT("[" KEY "," KEY "]"));
    assert_int_equal(batch_get(w, NULL, NULL), ICECAT_E_PROTOCOL);
    assert_int_equal(w->fake.started, 1);
}

static void keys_left_in_an_unknown_form_are_not_forgotten(void **state)
{
    static const char *const bodies[] = {
        LEFT("\"all\""), LEFT("{}"), "{\"Responses\":{},\"UnprocessedKeys\":[1]}",
        "{\"Responses\":{},\"UnprocessedKeys\":\"all\"}",
        "{\"Responses\":{},\"UnprocessedKeys\":{\"dogs\":{\"Keys\":[" KEY "]}}}"
    };
    world *w = *state;

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        answer_with(w, bodies[i]);
        assert_int_equal(batch_get(w, NULL, NULL), ICECAT_E_PROTOCOL);
    }
    answer_with(w, "{\"Responses\":{},\"UnprocessedKeys\":{}}");
    assert_int_equal(batch_get(w, NULL, NULL), ICECAT_OK);
    answer_with(w, LEFT("[]"));
    assert_int_equal(batch_get(w, NULL, NULL), ICECAT_OK);
}

static void more_items_than_keys_are_refused(void **state)
{
    world *w = *state;

    answer_with(w, "{\"Responses\":{\"cats\":[" KEY "," KEY "]}}");
    assert_int_equal(batch_get(w, NULL, NULL), ICECAT_E_PROTOCOL);
}

static void a_pause_between_requests_ends_at_the_deadline(void **state)
{
    world *w = *state;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    uint64_t began = ic_time_monotonic_ms();

    answer_with(w, LEFT("[" KEY "]"));
    call.timeout_ms = 150;
    options.call = &call;
    assert_int_equal(batch_get(w, &options, NULL), ICECAT_E_DEADLINE);
    assert_true(ic_time_monotonic_ms() - began < 1000);
}

/* ---- arguments and sizes ----------------------------------------------------------------- */

static void a_missing_item_or_key_is_told_before_anything_is_sent(void **state)
{
    world *w = *state;
    const icecat_item *keys[] = { w->key, NULL };
    icecat_error err;

    answer_with(w, "{}");
    assert_int_equal(icecat_dynamodb_put_item(w->client, "cats", NULL, NULL, NULL, &err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_dynamodb_batch_get(w->client, "cats", keys, 2, NULL, &w->items, &err),
                     ICECAT_E_ARGUMENT);
    assert_string_equal(err.message, "key 1 is NULL");
    assert_int_equal(w->fake.started, 0);
}

static void reserved_must_be_zero(void **state)
{
    world *w = *state;
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;

    answer_with(w, "{\"Items\":[]}");
    options.reserved = 1;
    assert_int_equal(query(w, &options), ICECAT_E_ARGUMENT);
    assert_int_equal(batch_get(w, &options, NULL), ICECAT_E_ARGUMENT);
    assert_int_equal(w->fake.started, 0);
}

/* 60 000 numbers are 180 kB for DynamoDB, but 600 kB of its JSON. */
static void an_item_that_the_table_holds_can_be_read(void **state)
{
    enum { COUNT = 60000 };
    world *w = *state;
    char *body = malloc(COUNT * 10 + 64);
    icecat_item *item = NULL;
    size_t at;

    assert_non_null(body);
    at = (size_t)sprintf(body, "{\"Item\":{\"numbers\":{\"L\":[");
    for (size_t i = 0; i < COUNT; i++)
        at += (size_t)sprintf(body + at, "%s{\"N\":\"1\"}", i != 0 ? "," : "");
    sprintf(body + at, "]}}}");
    answer_with(w, body);
    assert_int_equal(icecat_dynamodb_get_item(w->client, "cats", w->key, NULL, &item, NULL),
                     ICECAT_OK);
    assert_int_equal(strlen(icecat_item_get(item, "numbers")), COUNT * 10 + 1);
    icecat_item_free(item);
    free(body);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_pages_of_a_query_share_one_deadline),
        TEST(pages_that_go_in_a_circle_are_noticed),
        TEST(a_last_key_that_is_no_key_does_not_end_a_query),
        TEST(a_page_is_never_asked_larger_than_the_service_counts),
        TEST(more_items_than_were_asked_for_are_left_out),
        TEST(more_keys_left_than_were_asked_for_are_refused),
        TEST(keys_left_in_an_unknown_form_are_not_forgotten),
        TEST(more_items_than_keys_are_refused),
        TEST(a_pause_between_requests_ends_at_the_deadline),
        TEST(a_missing_item_or_key_is_told_before_anything_is_sent),
        TEST(reserved_must_be_zero),
        TEST(an_item_that_the_table_holds_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
