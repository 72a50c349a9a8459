/*
 * test_dynamodb.c - DynamoDB's requests and answers, pages, and keys left unprocessed.
 */
#include "base/error.h"
#include "cmocka_all.h"
#include "fake_transport.h"
#include "services/dynamodb_request.h"
#include "services/item.h"

#include <stdio.h>
#include <string.h>

static icecat_item *make_key(void)
{
    icecat_item *key = icecat_item_new(NULL);

    assert_int_equal(icecat_item_set_int(key, "batch_id", 1744377772, NULL), ICECAT_OK);
    assert_int_equal(icecat_item_set_string(key, "img_fprint", "ab\"c", NULL), ICECAT_OK);
    return key;
}

static void check_body(ic_request *request, icecat_status status, const char *operation,
                       const char *body)
{
    char target[64];

    assert_int_equal(status, ICECAT_OK);
    snprintf(target, sizeof(target), "DynamoDB_20120810.%s", operation);
    assert_string_equal(ic_pairs_get(&request->headers, "x-amz-target"), target);
    assert_string_equal(ic_pairs_get(&request->headers, "content-type"),
                        "application/x-amz-json-1.0");
    assert_string_equal(request->body, body);
    ic_request_free(request);
}

static void a_conditional_put_asks_for_the_item_that_is_there(void **state)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *key = make_key();
    icecat_item *values = icecat_item_new(NULL);
    ic_request request;

    (void)state;
    icecat_item_set_bool(values, ":yes", 1, NULL);
    options.condition = "attribute_not_exists(batch_id)";
    options.values = values;
    check_body(&request, ic_dynamodb_put_request(&request, NULL, "cats", key, &options, NULL),
               "PutItem",
               "{\"TableName\":\"cats\",\"Item\":{\"batch_id\":{\"N\":\"1744377772\"},"
               "\"img_fprint\":{\"S\":\"ab\\\"c\"}},"
               "\"ConditionExpression\":\"attribute_not_exists(batch_id)\","
               "\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\","
               "\"ExpressionAttributeValues\":{\":yes\":{\"BOOL\":true}}}");
    icecat_item_free(key);
    icecat_item_free(values);
}

static void an_update_names_what_it_changes(void **state)
{
    static const icecat_pair names[] = { { "#s", "op_status" } };
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *key = make_key();
    ic_request request;

    (void)state;
    options.names = names;
    options.names_count = 1;
    check_body(
        &request,
        ic_dynamodb_update_request(&request, NULL, "cats", key, "REMOVE #s", 1, &options, NULL),
        "UpdateItem",
        "{\"TableName\":\"cats\",\"Key\":{\"batch_id\":{\"N\":\"1744377772\"},"
        "\"img_fprint\":{\"S\":\"ab\\\"c\"}},\"UpdateExpression\":\"REMOVE #s\","
        "\"ReturnValues\":\"ALL_NEW\",\"ExpressionAttributeNames\":{\"#s\":\"op_status\"}}");
    icecat_item_free(key);
}

static void a_query_goes_on_behind_the_last_key(void **state)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    ic_request request;

    (void)state;
    options.index = "GSI2";
    options.consistent = 1;
    options.descending = 1;
    check_body(&request,
               ic_dynamodb_query_request(&request, NULL, "cats", "batch_id = :b",
                                         "{\"batch_id\":{\"N\":\"1\"}}", 10, &options, NULL),
               "Query",
               "{\"TableName\":\"cats\",\"IndexName\":\"GSI2\","
               "\"KeyConditionExpression\":\"batch_id = :b\",\"ConsistentRead\":true,"
               "\"ScanIndexForward\":false,\"Limit\":10,"
               "\"ExclusiveStartKey\":{\"batch_id\":{\"N\":\"1\"}}}");
}

static void a_table_name_that_cannot_be_is_refused(void **state)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    ic_request request;
    icecat_error err;

    (void)state;
    ic_error_clear(&err);
    assert_int_equal(ic_dynamodb_get_request(&request, NULL, "c\",\"x", NULL, &options, &err),
                     ICECAT_E_ARGUMENT);
    assert_non_null(strstr(err.message, "table name"));
    ic_request_free(&request);
}

static void numbers_keep_38_digits(void **state)
{
    static const char text[] = "12345678901234567890123456789012345678";
    icecat_item *item = icecat_item_new(NULL);
    int64_t value;

    (void)state;
    assert_int_equal(icecat_item_set_number(item, "n", text, NULL), ICECAT_OK);
    assert_string_equal(icecat_item_get(item, "n"), text);
    assert_int_equal(icecat_item_get_int(item, "n", &value), 0);
    assert_int_equal(icecat_item_set_number(item, "n", "-9223372036854775807", NULL), ICECAT_OK);
    assert_int_equal(icecat_item_get_int(item, "n", &value), 1);
    assert_true(value == -INT64_MAX);
    for (size_t i = 0; i < 6; i++) {
        static const char *const bad[] = { "", "abc", "1e", "0x10", "1 ", "--1" };

        assert_int_equal(icecat_item_set_number(item, "n", bad[i], NULL), ICECAT_E_ARGUMENT);
    }
    assert_int_equal(icecat_item_count(item), 1);
    icecat_item_free(item);
}

static void an_item_never_grows_over_400_kb(void **state)
{
    icecat_item *item = icecat_item_new(NULL);
    static char text[409601];
    icecat_error err;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    assert_int_equal(icecat_item_set_string(item, "a", text, &err), ICECAT_E_LIMIT);
    assert_int_equal(icecat_item_count(item), 0);
    text[409599] = '\0';
    assert_int_equal(icecat_item_set_string(item, "a", text, &err), ICECAT_OK);
    assert_int_equal(icecat_item_set_string(item, "b", "x", &err), ICECAT_E_LIMIT);
    assert_int_equal(icecat_item_set_string(item, "a", "short", &err), ICECAT_OK);
    assert_int_equal(icecat_item_set_string(item, "b", "x", &err), ICECAT_OK);
    icecat_item_free(item);
}

static void every_type_of_the_wire_survives_a_round_trip(void **state)
{
    static const char json[] =
        "{\"s\":{\"S\":\"t\\u00e9\"},\"n\":{\"N\":\"-1.5e3\"},\"b\":{\"B\":\"AAE=\"},"
        "\"t\":{\"BOOL\":false},\"z\":{\"NULL\":true},\"l\":{\"L\":[{\"S\":\"a\"}]},"
        "\"m\":{\"M\":{\"k\":{\"N\":\"1\"}}},\"ss\":{\"SS\":[\"a\",\"b\"]}}";
    icecat_item *item = NULL;
    cJSON *tree;
    ic_buf out;

    (void)state;
    assert_int_equal(ic_json_parse(json, strlen(json), "item", &tree, NULL), ICECAT_OK);
    assert_int_equal(ic_item_parse(NULL, tree, &item, NULL), ICECAT_OK);
    assert_string_equal(icecat_item_type(item, "l"), "L");
    assert_string_equal(icecat_item_get(item, "l"), "[{\"S\":\"a\"}]");
    assert_string_equal(icecat_item_get(item, "t"), "false");
    assert_string_equal(icecat_item_get(item, "s"), "t\xc3\xa9");
    ic_buf_init(&out, NULL, 4096);
    ic_item_write_json(&out, item);
    assert_non_null(strstr(ic_buf_text(&out), "\"z\":{\"NULL\":true}"));
    assert_non_null(strstr(ic_buf_text(&out), "\"ss\":{\"SS\":[\"a\",\"b\"]}"));
    ic_buf_free(&out);
    cJSON_Delete(tree);
    icecat_item_free(item);
}

static void malformed_items_are_a_protocol_error(void **state)
{
    static const char *const bad[] = { "[]",
                                       "{\"a\":1}",
                                       "{\"a\":{}}",
                                       "{\"a\":{\"S\":1}}",
                                       "{\"a\":{\"Q\":\"x\"}}",
                                       "{\"a\":{\"BOOL\":\"true\"}}" };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        icecat_item *item = NULL;
        cJSON *tree;

        assert_int_equal(ic_json_parse(bad[i], strlen(bad[i]), "item", &tree, NULL), ICECAT_OK);
        assert_int_equal(ic_item_parse(NULL, tree, &item, NULL), ICECAT_E_PROTOCOL);
        assert_null(item);
        cJSON_Delete(tree);
    }
}

static void a_query_reads_all_pages(void **state)
{
    const fake_answer answers[] = {
        { 200, ICECAT_OK, NULL,
          "{\"Items\":[{\"k\":{\"N\":\"1\"}},{\"k\":{\"N\":\"2\"}}],"
          "\"LastEvaluatedKey\":{\"k\":{\"N\":\"2\"}}}" },
        { 200, ICECAT_OK, NULL, "{\"Items\":[],\"LastEvaluatedKey\":{\"k\":{\"N\":\"3\"}}}" },
        { 200, ICECAT_OK, NULL, "{\"Items\":[{\"k\":{\"N\":\"4\"}}]}" }
    };
    icecat_client *client = fake_client_new(NULL, 1);
    icecat_items *items = NULL;
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 3);
    assert_int_equal(icecat_dynamodb_query(client, "cats", "k = :k", NULL, &items, NULL),
                     ICECAT_OK);
    assert_int_equal(fake.started, 3);
    assert_int_equal(icecat_items_count(items), 3);
    assert_string_equal(icecat_item_get(icecat_items_at(items, 2), "k"), "4");
    icecat_items_free(items);
    icecat_client_free(client);
}

static void keys_left_unprocessed_are_asked_for_again(void **state)
{
    const fake_answer answers[] = {
        { 200, ICECAT_OK, NULL,
          "{\"Responses\":{\"cats\":[{\"k\":{\"N\":\"1\"}}]},"
          "\"UnprocessedKeys\":{\"cats\":{\"Keys\":[{\"k\":{\"N\":\"2\"}}]}}}" },
        { 200, ICECAT_OK, NULL, "{\"Responses\":{\"cats\":[{\"k\":{\"N\":\"2\"}}]}}" }
    };
    icecat_client *client = fake_client_new(NULL, 1);
    icecat_item *one = icecat_item_new(NULL);
    icecat_item *two = icecat_item_new(NULL);
    const icecat_item *keys[] = { one, two, one };
    icecat_items *items = NULL;
    fake_transport fake;

    (void)state;
    icecat_item_set_int(one, "k", 1, NULL);
    icecat_item_set_int(two, "k", 2, NULL);
    fake_transport_install(&fake, client, answers, 2);
    assert_int_equal(icecat_dynamodb_batch_get(client, "cats", keys, 3, NULL, &items, NULL),
                     ICECAT_OK);
    assert_int_equal(fake.started, 2);
    assert_int_equal(icecat_items_count(items), 2);
    icecat_items_free(items);
    icecat_item_free(one);
    icecat_item_free(two);
    icecat_client_free(client);
}

static void two_hundred_and_fifty_keys_are_three_requests(void **state)
{
    const fake_answer answers[] = { { 200, ICECAT_OK, NULL, "{\"Responses\":{\"cats\":[]}}" } };
    icecat_client *client = fake_client_new(NULL, 1);
    icecat_item *keys[250];
    icecat_items *items = NULL;
    fake_transport fake;

    (void)state;
    for (size_t i = 0; i < 250; i++) {
        keys[i] = icecat_item_new(NULL);
        icecat_item_set_int(keys[i], "k", (int64_t)i, NULL);
    }
    fake_transport_install(&fake, client, answers, 1);
    assert_int_equal(icecat_dynamodb_batch_get(client, "cats", (const icecat_item *const *)keys,
                                               250, NULL, &items, NULL),
                     ICECAT_OK);
    assert_int_equal(fake.started, 3);
    icecat_items_free(items);
    for (size_t i = 0; i < 250; i++)
        icecat_item_free(keys[i]);
    icecat_client_free(client);
}

static void a_false_condition_hands_over_the_old_item(void **state)
{
    const fake_answer answers[] = {
        { 400, ICECAT_OK, NULL,
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\","
          "\"message\":\"The conditional request failed\",\"Item\":{\"op_status\":{\"S\":"
          "\"success\"}}}" }
    };
    icecat_client *client = fake_client_new(NULL, 3);
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *key = make_key();
    icecat_item *old = NULL;
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    options.condition = "attribute_not_exists(batch_id)";
    assert_int_equal(icecat_dynamodb_put_item(client, "cats", key, &options, &old, NULL),
                     ICECAT_E_PRECONDITION);
    assert_non_null(old);
    assert_string_equal(icecat_item_get(old, "op_status"), "success");
    icecat_item_free(old);
    icecat_item_free(key);
    icecat_client_free(client);
}

static void no_item_is_a_success_without_an_item(void **state)
{
    const fake_answer answers[] = { { 200, ICECAT_OK, NULL, "{}" },
                                    { 200, ICECAT_OK, NULL, "[1]" },
                                    { 200, ICECAT_OK, NULL, "<html>" } };
    icecat_client *client = fake_client_new(NULL, 1);
    icecat_item *key = make_key();
    icecat_item *item = key;
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 3);
    assert_int_equal(icecat_dynamodb_get_item(client, "cats", key, NULL, &item, NULL), ICECAT_OK);
    assert_null(item);
    for (int i = 0; i < 2; i++)
        assert_int_equal(icecat_dynamodb_get_item(client, "cats", key, NULL, &item, NULL),
                         ICECAT_E_PROTOCOL);
    icecat_item_free(key);
    icecat_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conditional_put_asks_for_the_item_that_is_there),
        cmocka_unit_test(an_update_names_what_it_changes),
        cmocka_unit_test(a_query_goes_on_behind_the_last_key),
        cmocka_unit_test(a_table_name_that_cannot_be_is_refused),
        cmocka_unit_test(numbers_keep_38_digits),
        cmocka_unit_test(an_item_never_grows_over_400_kb),
        cmocka_unit_test(every_type_of_the_wire_survives_a_round_trip),
        cmocka_unit_test(malformed_items_are_a_protocol_error),
        cmocka_unit_test(a_query_reads_all_pages),
        cmocka_unit_test(keys_left_unprocessed_are_asked_for_again),
        cmocka_unit_test(two_hundred_and_fifty_keys_are_three_requests),
        cmocka_unit_test(a_false_condition_hands_over_the_old_item),
        cmocka_unit_test(no_item_is_a_success_without_an_item),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
