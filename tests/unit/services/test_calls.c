/*
 * test_calls.c - the calls that no other test makes, and what each says of arguments that are missing.
 */
#include "base/error.h"
#include "cmocka_all.h"
#include "fake_transport.h"

#include <icecat/dynamodb.h>
#include <icecat/rekognition.h>
#include <icecat/s3.h>
#include <icecat/ssm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct world {
    icecat_client *client;
    icecat_item *key;
    fake_transport fake;
    fake_answer answer;
    icecat_error err;
} world;

static int set_up(void **state)
{
    world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    w->client = fake_client_new(NULL, 1);
    w->key = icecat_item_new(NULL);
    assert_int_equal(icecat_item_set_int(w->key, "id", 1, NULL), ICECAT_OK);
    fake_transport_install(&w->fake, w->client, &w->answer, 1);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;

    icecat_item_free(w->key);
    icecat_client_free(w->client);
    free(w);
    return 0;
}

static void answer_with(world *w, int http_status, const char *headers, const char *body)
{
    w->answer = (fake_answer){ http_status, ICECAT_OK, headers, body };
}

/* ---- DynamoDB ------------------------------------------------------------------------------ */

static void an_update_hands_over_the_new_item(void **state)
{
    world *w = *state;
    icecat_item *item = w->key;

    answer_with(w, 200, NULL, "{\"Attributes\":{\"n\":{\"N\":\"2\"}}}");
    assert_int_equal(
        icecat_dynamodb_update_item(w->client, "cats", w->key, "SET n = :n", NULL, &item, &w->err),
        ICECAT_OK);
    assert_string_equal(icecat_item_get(item, "n"), "2");
    icecat_item_free(item);
}

static void an_update_whose_condition_is_false_hands_over_the_item_that_is_there(void **state)
{
    world *w = *state;
    icecat_item *item = NULL;

    answer_with(w, 400, NULL,
                "{\"__type\":\"ConditionalCheckFailedException\",\"Item\":{\"n\":{\"N\":\"7\"}}}");
    assert_int_equal(
        icecat_dynamodb_update_item(w->client, "cats", w->key, "SET n = :n", NULL, &item, &w->err),
        ICECAT_E_PRECONDITION);
    assert_string_equal(icecat_item_get(item, "n"), "7");
    icecat_item_free(item);
    answer_with(w, 400, NULL, "{\"__type\":\"ConditionalCheckFailedException\",\"Item\":7}");
    assert_int_equal(
        icecat_dynamodb_update_item(w->client, "cats", w->key, "SET n = :n", NULL, &item, &w->err),
        ICECAT_E_PRECONDITION);
    assert_null(item);
}

static void a_delete_is_done_or_refused(void **state)
{
    world *w = *state;

    answer_with(w, 200, NULL, "{}");
    assert_int_equal(icecat_dynamodb_delete_item(w->client, "cats", w->key, NULL, &w->err),
                     ICECAT_OK);
    answer_with(w, 400, NULL, "{\"__type\":\"ConditionalCheckFailedException\"}");
    assert_int_equal(icecat_dynamodb_delete_item(w->client, "cats", w->key, NULL, &w->err),
                     ICECAT_E_PRECONDITION);
}

static void what_dynamodb_needs_is_named(void **state)
{
    world *w = *state;
    icecat_items *items = NULL;
    icecat_item *item = NULL;

#define MISSING(call, word)                                                                        \
    do {                                                                                           \
        assert_int_equal(call, ICECAT_E_ARGUMENT);                                                 \
        assert_string_equal(w->err.message, word " is NULL");                                      \
    } while (0)
    MISSING(icecat_dynamodb_get_item(NULL, "cats", w->key, NULL, &item, &w->err), "client");
    MISSING(icecat_dynamodb_get_item(w->client, "cats", NULL, NULL, &item, &w->err), "key");
    MISSING(icecat_dynamodb_get_item(w->client, "cats", w->key, NULL, NULL, &w->err), "out");
    MISSING(icecat_dynamodb_delete_item(w->client, "cats", NULL, NULL, &w->err), "key");
    MISSING(icecat_dynamodb_update_item(w->client, "cats", w->key, NULL, NULL, &item, &w->err),
            "update");
    MISSING(icecat_dynamodb_query(w->client, "cats", NULL, NULL, &items, &w->err), "key_condition");
    MISSING(icecat_dynamodb_query(w->client, "cats", "a = :a", NULL, NULL, &w->err), "out");
    assert_int_equal(w->fake.started, 0);
}

/* ---- S3 ------------------------------------------------------------------------------------ */

static void a_head_describes_without_bytes(void **state)
{
    world *w = *state;
    icecat_s3_object *object = NULL;

    answer_with(w, 200, "Content-Length: 12345\nETag: \"e\"", NULL);
    assert_int_equal(icecat_s3_head_object(w->client, "cats", "a", NULL, &object, &w->err),
                     ICECAT_OK);
    assert_int_equal(icecat_s3_object_size(object), 12345);
    assert_int_equal(icecat_s3_object_len(object), 0);
    assert_null(icecat_s3_object_data(object));
    assert_string_equal(icecat_s3_object_header(object, "etag"), "\"e\"");
    icecat_s3_object_free(object);
    answer_with(w, 404, NULL, NULL);
    assert_int_equal(icecat_s3_head_object(w->client, "cats", "a", NULL, &object, &w->err),
                     ICECAT_E_NOT_FOUND);
    assert_null(object);
}

static void what_s3_needs_is_named(void **state)
{
    world *w = *state;
    icecat_s3_object *object = NULL;

    MISSING(icecat_s3_head_object(w->client, "cats", "a", NULL, NULL, &w->err), "out");
    MISSING(icecat_s3_get_object(w->client, "cats", "a", NULL, NULL, &w->err), "out");
    MISSING(icecat_s3_get_object(NULL, "cats", "a", NULL, &object, &w->err), "client");
    MISSING(icecat_s3_copy_object(NULL, "cats", "a", "dogs", "a", NULL, &w->err), "client");
    MISSING(icecat_s3_delete_object(NULL, "cats", "a", NULL, &w->err), "client");
    assert_int_equal(icecat_s3_delete_object(w->client, "cats", NULL, NULL, &w->err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(w->fake.started, 0);
}

/* ---- Rekognition and SSM ------------------------------------------------------------------- */

static void what_rekognition_needs_is_named(void **state)
{
    world *w = *state;
    icecat_rekognition_options options = ICECAT_REKOGNITION_OPTIONS_INIT;
    icecat_labels *labels = NULL;

    assert_int_equal(icecat_rekognition_detect_labels(w->client, NULL, 3, NULL, &labels, &w->err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(
        icecat_rekognition_detect_labels_s3(w->client, "cats", NULL, NULL, &labels, &w->err),
        ICECAT_E_ARGUMENT);
    assert_int_equal(
        icecat_rekognition_detect_labels_s3(w->client, "c", "a", NULL, &labels, &w->err),
        ICECAT_E_ARGUMENT);
    options.reserved = 1;
    assert_int_equal(
        icecat_rekognition_detect_labels_s3(w->client, "cats", "a", &options, &labels, &w->err),
        ICECAT_E_ARGUMENT);
    assert_int_equal(w->fake.started, 0);
}

static icecat_status get_parameter(world *w, const char *name)
{
    icecat_parameters *parameters = NULL;
    icecat_status status = icecat_ssm_get_parameters(w->client, &name, 1, NULL, &parameters,
                                                     &w->err);

    icecat_parameters_free(parameters);
    return status;
}

static void parameters_that_are_none_are_a_protocol_error(void **state)
{
    static const char *const bodies[] = { "<html>", "[]", "{\"Parameters\":[{\"Name\":\"/a\"}]}",
                                          "{\"Parameters\":[{\"Name\":\"/a\",\"Value\":7}]}",
                                          "{\"Parameters\":[{\"Value\":\"secret\"}]}" };
    world *w = *state;

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        answer_with(w, 200, NULL, bodies[i]);
        assert_int_equal(get_parameter(w, "/a"), ICECAT_E_PROTOCOL);
        assert_null(strstr(w->err.message, "secret"));
    }
    assert_int_equal(get_parameter(w, ""), ICECAT_E_ARGUMENT);
}

static void more_parameters_than_can_be_asked_for_are_refused(void **state)
{
    enum { COUNT = 1001, SIZE = 64 };
    world *w = *state;
    char *body = malloc(COUNT * SIZE);
    const char *names[COUNT] = { "/a" };
    icecat_parameters *parameters = NULL;
    size_t at;

    assert_non_null(body);
    at = (size_t)sprintf(body, "{\"Parameters\":[");
    for (size_t i = 0; i < COUNT; i++)
        at += (size_t)sprintf(body + at, "%s{\"Name\":\"/%zu\",\"Value\":\"v\"}", i != 0 ? "," : "",
                              i);
    sprintf(body + at, "]}");
    answer_with(w, 200, NULL, body);
    assert_int_equal(get_parameter(w, "/a"), ICECAT_E_PROTOCOL);
    assert_non_null(strstr(w->err.message, "more parameters than were asked for"));
    assert_int_equal(icecat_ssm_get_parameters(w->client, names, COUNT, NULL, &parameters, &w->err),
                     ICECAT_E_ARGUMENT);
    free(body);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_update_hands_over_the_new_item),
        TEST(an_update_whose_condition_is_false_hands_over_the_item_that_is_there),
        TEST(a_delete_is_done_or_refused),
        TEST(what_dynamodb_needs_is_named),
        TEST(a_head_describes_without_bytes),
        TEST(what_s3_needs_is_named),
        TEST(what_rekognition_needs_is_named),
        TEST(parameters_that_are_none_are_a_protocol_error),
        TEST(more_parameters_than_can_be_asked_for_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
