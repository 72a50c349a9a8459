/*
 * test_memory.c - every allocation of every service call fails once: the failure is told, nothing leaks,
 * and the same call with enough memory does its work.
 */
#include "cmocka_all.h"
#include "fake_transport.h"
#include "scarce.h"

#include <icecat/dynamodb.h>
#include <icecat/rekognition.h>
#include <icecat/s3.h>
#include <icecat/ssm.h>
#include <stdio.h>
#include <string.h>

#define ITEM "{\"id\":{\"N\":\"1\"},\"name\":{\"S\":\"Mimi\"},\"tags\":{\"L\":[{\"S\":\"a\"}]}}"

typedef struct call {
    icecat_status (*make)(icecat_client *client, icecat_error *err);
    const char *headers;
    const char *body;
    int http_status;
    icecat_status wanted; /* with enough memory */
    size_t least;         /* allocations; fewer, and the sweep has missed the call */
} call;

/* The second page of a query; anything else is answered as the call's row says. */
static const fake_answer *choose(const ic_exchange *exchange, void *userdata)
{
    static const fake_answer last = { 200, ICECAT_OK, NULL, "{\"Items\":[" ITEM "," ITEM "]}" };

    return exchange->body_len != 0 && strstr(exchange->body, "ExclusiveStartKey") != NULL
               ? &last
               : userdata;
}

static icecat_status run_with(const call *c, size_t allocations)
{
    scarce s = { SIZE_MAX, 0 };
    icecat_allocator allocator = scarce_allocator(&s);
    icecat_client *client = fake_client_new(&allocator, 1);
    fake_answer answer = { c->http_status, ICECAT_OK, c->headers, c->body };
    fake_transport fake;
    icecat_error err;
    icecat_status status;
    size_t live;

    assert_non_null(client);
    fake_transport_install(&fake, client, &answer, 1);
    fake.choose = choose;
    fake.userdata = &answer;
    live = s.live;
    s.left = allocations;
    status = c->make(client, &err);
    assert_int_equal(s.live, live);
    assert_int_equal(err.status, status == ICECAT_OK ? 0 : status);
    assert_true(status == c->wanted || status == ICECAT_E_NO_MEMORY);
    s.left = SIZE_MAX;
    assert_int_equal(c->make(client, &err), c->wanted);
    assert_int_equal(s.live, live);
    icecat_client_free(client);
    assert_int_equal(s.live, 0);
    return status;
}

static void sweep(const call *c)
{
    size_t allocations = 0;

    while (run_with(c, allocations) == ICECAT_E_NO_MEMORY)
        allocations++;
    assert_true(allocations >= c->least);
}

/* ---- S3 ---------------------------------------------------------------------------------- */

static icecat_status put(icecat_client *client, icecat_error *err)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    icecat_s3_put_result result = ICECAT_S3_PUT_RESULT_INIT;
    icecat_pair metadata = { "who", "Mimi" };

    options.metadata = &metadata;
    options.metadata_count = 1;
    options.if_none_match = 1;
    return icecat_s3_put_object(client, "pets", "a b", "x", 1, &options, &result, err);
}

static icecat_status get(icecat_client *client, icecat_error *err)
{
    icecat_s3_object *object = NULL;
    icecat_status status = icecat_s3_get_object(client, "pets", "a", NULL, &object, err);

    assert_int_equal(object != NULL, status == ICECAT_OK);
    icecat_s3_object_free(object);
    return status;
}

static icecat_status head(icecat_client *client, icecat_error *err)
{
    icecat_s3_object *object = NULL;
    icecat_status status = icecat_s3_head_object(client, "pets", "a", NULL, &object, err);

    assert_int_equal(object != NULL, status == ICECAT_OK);
    icecat_s3_object_free(object);
    return status;
}

static icecat_status copy(icecat_client *client, icecat_error *err)
{
    icecat_s3_copy_options options = ICECAT_S3_COPY_OPTIONS_INIT;
    icecat_pair metadata = { "who", "Mimi" };

    options.replace_metadata = 1;
    options.metadata = &metadata;
    options.metadata_count = 1;
    return icecat_s3_copy_object(client, "pets", "a", "cats", "b", &options, err);
}

static icecat_status remove_object(icecat_client *client, icecat_error *err)
{
    return icecat_s3_delete_object(client, "pets", "a", NULL, err);
}

static icecat_status presign(icecat_client *client, icecat_error *err)
{
    icecat_s3_presign_options options = ICECAT_S3_PRESIGN_OPTIONS_INIT;
    char url[8192];

    options.content_type = "image/png";
    return icecat_s3_presign(client, "PUT", "pets", "a", &options, url, sizeof(url), NULL, err);
}

static void objects(void **state)
{
    static const call calls[] = {
        { put, "ETag: \"e\"", NULL, 200, ICECAT_OK, 7 },
        { put, NULL, "<Error><Code>PreconditionFailed</Code></Error>", 412, ICECAT_E_PRECONDITION,
          7 },
        { get, "ETag: \"e\"\ncontent-type: image/png", "bytes", 200, ICECAT_OK, 7 },
        { get, NULL, "<Error><Code>NoSuchKey</Code></Error>", 404, ICECAT_E_NOT_FOUND, 7 },
        { head, "content-length: 5", NULL, 200, ICECAT_OK, 7 },
        { copy, NULL, "<CopyObjectResult/>", 200, ICECAT_OK, 7 },
        { remove_object, NULL, NULL, 204, ICECAT_OK, 7 },
        { presign, NULL, NULL, 200, ICECAT_OK, 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        sweep(&calls[i]);
}

/* ---- DynamoDB ---------------------------------------------------------------------------- */

static icecat_item *key_new(int64_t id)
{
    icecat_item *key = icecat_item_new(NULL);

    assert_int_equal(icecat_item_set_int(key, "id", id, NULL), ICECAT_OK);
    return key;
}

static icecat_status put_item(icecat_client *client, icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *item = key_new(1);
    icecat_item *old = NULL;
    icecat_status status;

    options.condition = "attribute_not_exists(id)";
    status = icecat_dynamodb_put_item(client, "pets", item, &options, &old, err);
    /* Of a false condition; or NULL when there was no memory to keep it. */
    assert_true(old == NULL || status == ICECAT_E_PRECONDITION);
    icecat_item_free(old);
    icecat_item_free(item);
    return status;
}

static icecat_status update_item(icecat_client *client, icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_pair names = { "#n", "name" };
    icecat_item *key = key_new(1);
    icecat_item *values = key_new(2);
    icecat_item *out = NULL;
    icecat_status status;

    options.names = &names;
    options.names_count = 1;
    options.values = values;
    status = icecat_dynamodb_update_item(client, "pets", key, "SET #n = id", &options, &out, err);
    assert_int_equal(out != NULL, status == ICECAT_OK);
    icecat_item_free(out);
    icecat_item_free(values);
    icecat_item_free(key);
    return status;
}

static icecat_status get_item(icecat_client *client, icecat_error *err)
{
    icecat_item *key = key_new(1);
    icecat_item *out = NULL;
    icecat_status status = icecat_dynamodb_get_item(client, "pets", key, NULL, &out, err);

    assert_int_equal(out != NULL, status == ICECAT_OK);
    icecat_item_free(out);
    icecat_item_free(key);
    return status;
}

static icecat_status delete_item(icecat_client *client, icecat_error *err)
{
    icecat_item *key = key_new(1);
    icecat_status status = icecat_dynamodb_delete_item(client, "pets", key, NULL, err);

    icecat_item_free(key);
    return status;
}

static icecat_status query(icecat_client *client, icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_items *items = NULL;
    icecat_status status;

    options.max_items = 3;
    options.projection = "id";
    options.index = "GSI1";
    status = icecat_dynamodb_query(client, "pets", "id = :id", &options, &items, err);
    assert_int_equal(icecat_items_count(items), status == ICECAT_OK ? 3 : 0);
    icecat_items_free(items);
    return status;
}

static icecat_status batch_get(icecat_client *client, icecat_error *err)
{
    icecat_item *one = key_new(1);
    icecat_item *two = key_new(2);
    const icecat_item *keys[] = { one, two, one };
    icecat_items *items = NULL;
    icecat_status status = icecat_dynamodb_batch_get(client, "pets", keys, 3, NULL, &items, err);

    assert_int_equal(icecat_items_count(items), status == ICECAT_OK ? 1 : 0);
    icecat_items_free(items);
    icecat_item_free(one);
    icecat_item_free(two);
    return status;
}

static void items(void **state)
{
    static const call calls[] = {
        { put_item, NULL, "{}", 200, ICECAT_OK, 7 },
        { put_item, NULL, "{\"__type\":\"x#ConditionalCheckFailedException\",\"Item\":" ITEM "}",
          400, ICECAT_E_PRECONDITION, 7 },
        { update_item, NULL, "{\"Attributes\":" ITEM "}", 200, ICECAT_OK, 10 },
        { get_item, NULL, "{\"Item\":" ITEM "}", 200, ICECAT_OK, 10 },
        { delete_item, NULL, "{}", 200, ICECAT_OK, 7 },
        { query, NULL,
          "{\"Items\":[" ITEM "," ITEM "],\"LastEvaluatedKey\":{\"id\":{\"N\":\"1\"}}}", 200,
          ICECAT_OK, 15 },
        { batch_get, NULL, "{\"Responses\":{\"pets\":[" ITEM "]}}", 200, ICECAT_OK, 10 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        sweep(&calls[i]);
}

static icecat_status build_item(icecat_item *item, icecat_error *err)
{
    icecat_status status = icecat_item_set_string(item, "s", "text", err);

    if (status == ICECAT_OK)
        status = icecat_item_set_string(item, "s", "another text", err);
    if (status == ICECAT_OK)
        status = icecat_item_set_number(item, "n", "1.5", err);
    if (status == ICECAT_OK)
        status = icecat_item_set_bool(item, "b", 1, err);
    for (char name[2] = "A"; status == ICECAT_OK && name[0] < 'Z'; name[0]++)
        status = icecat_item_set_int(item, name, name[0], err);
    return status;
}

static void an_item_keeps_what_it_has(void **state)
{
    scarce s = { 0, 0 };
    icecat_allocator allocator = scarce_allocator(&s);
    icecat_status status = ICECAT_E_NO_MEMORY;
    icecat_error err;

    (void)state;
    assert_null(icecat_item_new(&allocator));
    for (size_t left = 1; status != ICECAT_OK; left++) {
        icecat_item *item;

        s.left = left;
        item = icecat_item_new(&allocator);
        status = build_item(item, &err);
        if (status != ICECAT_OK)
            assert_int_equal(err.status, ICECAT_E_NO_MEMORY);
        for (size_t i = 0; i < icecat_item_count(item); i++)
            assert_non_null(icecat_item_get(item, icecat_item_name(item, i)));
        s.left = SIZE_MAX;
        assert_int_equal(build_item(item, &err), ICECAT_OK);
        assert_string_equal(icecat_item_get(item, "s"), "another text");
        assert_int_equal(icecat_item_count(item), 28);
        icecat_item_free(item);
        assert_int_equal(s.live, 0);
    }
}

/* ---- Rekognition, SSM -------------------------------------------------------------------- */

static icecat_status detect(icecat_client *client, icecat_error *err)
{
    icecat_rekognition_options options = ICECAT_REKOGNITION_OPTIONS_INIT;
    const char *const include[] = { "Cat", "Dog" };
    icecat_labels *labels = NULL;
    icecat_status status;

    options.include = include;
    options.include_count = 2;
    options.max_labels = 5;
    options.min_confidence = 75.5;
    status = icecat_rekognition_detect_labels(client, "bytes", 5, &options, &labels, err);
    assert_int_equal(labels != NULL, status == ICECAT_OK);
    icecat_labels_free(labels);
    return status;
}

static icecat_status detect_s3(icecat_client *client, icecat_error *err)
{
    icecat_labels *labels = NULL;
    icecat_status status = icecat_rekognition_detect_labels_s3(client, "pets", "a", NULL, &labels,
                                                               err);

    assert_int_equal(labels != NULL, status == ICECAT_OK);
    icecat_labels_free(labels);
    return status;
}

static icecat_status get_parameters(icecat_client *client, icecat_error *err)
{
    const char *const names[] = { "/a", "/b", "/c", "/d", "/e", "/f",
                                  "/g", "/h", "/i", "/j", "/k", "/l" };
    icecat_parameters *parameters = NULL;
    icecat_status status = icecat_ssm_get_parameters(client, names, 12, NULL, &parameters, err);

    assert_int_equal(icecat_parameters_count(parameters), status == ICECAT_OK ? 2 : 0);
    icecat_parameters_free(parameters);
    return status;
}

static void labels_and_parameters(void **state)
{
#define LABELS                                                                                     \
    "{\"Labels\":[{\"Name\":\"Cat\",\"Confidence\":98.5,\"Parents\":[{\"Name\":\"Animal\"}],"      \
    "\"Instances\":[{\"Confidence\":9,\"BoundingBox\":{\"Left\":0.1,\"Top\":0,\"Width\":0.5,"      \
    "\"Height\":1}}]}]}"
    static const call calls[] = {
        { detect, NULL, LABELS, 200, ICECAT_OK, 10 },
        { detect, NULL, "{\"__type\":\"InvalidImageFormatException\"}", 400, ICECAT_E_REJECTED, 7 },
        { detect_s3, NULL, LABELS, 200, ICECAT_OK, 10 },
        { get_parameters, NULL, "{\"Parameters\":[{\"Name\":\"/a\",\"Value\":\"1\"}]}", 200,
          ICECAT_OK, 15 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        sweep(&calls[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects),
        cmocka_unit_test(items),
        cmocka_unit_test(an_item_keeps_what_it_has),
        cmocka_unit_test(labels_and_parameters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
