/*
 * test_record.c - table items of this library and of the Python system, read and written.
 */
#include "cmocka_all.h"
#include "pipeline/record.h"
#include "services/item.h"

#include <stdio.h>
#include <string.h>

#define FINGERPRINT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* As the Python system wrote it: a duration as ttl, the whole answer pretty-printed, S for a verdict. */
static const char python_item[] =
    "{\"batch_id\":{\"N\":\"1744377772\"},\"img_fprint\":{\"S\":\"" FINGERPRINT "\"},"
    "\"client_id\":{\"S\":\"stablecaps900\"},\"op_status\":{\"S\":\"success\"},"
    "\"s3img_key\":{\"S\":\"dst/k.jpg\"},\"current_date\":{\"S\":\"2025-04-11-13\"},"
    "\"upload_ts\":{\"N\":\"1744377773\"},\"ttl\":{\"N\":\"1209600\"},"
    "\"rek_ts\":{\"N\":\"1744377780\"},\"rek_iscat\":{\"S\":\"True\"},"
    "\"logs\":{\"S\":\"[\\\"one\\\", \\\"two\\\"]\"},"
    "\"rek_resp\":{\"S\":\"{\\n    \\\"Labels\\\": [\\n        {\\n            \\\"Name\\\": "
    "\\\"Cat\\\",\\n            \\\"Confidence\\\": 97.5,\\n            \\\"Instances\\\": [],\\n"
    "            \\\"Parents\\\": [\\n {\\\"Name\\\": \\\"Animal\\\"}]\\n        }\\n    ],\\n"
    "    \\\"LabelModelVersion\\\": \\\"3.0\\\",\\n    \\\"ResponseMetadata\\\": "
    "{\\\"HTTPStatusCode\\\": 200}\\n}\"}}";

static icecat_item *item_of(const char *json)
{
    cJSON *tree = cJSON_Parse(json);
    icecat_item *item = NULL;

    assert_non_null(tree);
    assert_int_equal(ic_item_parse(NULL, tree, &item, NULL), ICECAT_OK);
    cJSON_Delete(tree);
    return item;
}

/* Every text is the record's own: the item is gone when it returns. */
static ic_record read_json(const char *json)
{
    icecat_item *item = item_of(json);
    ic_record record;

    assert_int_equal(ic_record_read(NULL, item, "Cat", &record, NULL), ICECAT_OK);
    icecat_item_free(item);
    return record;
}

static void test_python_record(void **state)
{
    ic_record record = read_json(python_item);
    const icecat_result *result = &record.result;

    (void)state;
    assert_int_equal(result->struct_size, sizeof(*result));
    assert_true(result->batch_id == 1744377772);
    assert_string_equal(result->fingerprint, FINGERPRINT);
    assert_string_equal(result->client_id, "stablecaps900");
    assert_string_equal(result->s3img_key, "dst/k.jpg");
    assert_null(result->file_name);
    assert_int_equal(result->state, ICECAT_RESULT_SUCCESS);
    assert_int_equal(result->is_cat, 1);
    assert_true(result->confidence > 97.4 && result->confidence < 97.6);
    assert_string_equal(result->labels_json,
                        "[{\"name\":\"Cat\",\"confidence\":97.5,\"parents\":[\"Animal\"]}]");
    assert_string_equal(result->logs_json, "[\"one\", \"two\"]");
    assert_true(result->upload_ts == 1744377773);
    assert_true(result->rek_ts == 1744377780);
    assert_true(ic_record_is_settled(&record));
    ic_record_free(&record);
}

static void test_b01_a_duration_as_ttl_is_read_as_a_time(void **state)
{
    ic_record record = read_json(python_item);

    (void)state;
    assert_true(record.result.ttl == 1744377773 + 1209600);
    ic_record_free(&record);
    record = read_json("{\"ttl\":{\"N\":\"1209600\"}}"); /* since when, nobody knows */
    assert_true(record.result.ttl == 0);
    ic_record_free(&record);
    record = read_json("{\"ttl\":{\"N\":\"1745587373\"},\"upload_ts\":{\"N\":\"1744377773\"}}");
    assert_true(record.result.ttl == 1745587373);
    ic_record_free(&record);
}

static void test_verdict_as_text_or_bool(void **state)
{
    static const struct {
        const char *json;
        uint32_t is_cat;
    } cases[] = {
        { "{\"op_status\":{\"S\":\"success\"},\"rek_iscat\":{\"S\":\"True\"}}", 1 },
        { "{\"op_status\":{\"S\":\"success\"},\"rek_iscat\":{\"S\":\"true\"}}", 1 },
        { "{\"op_status\":{\"S\":\"success\"},\"rek_iscat\":{\"BOOL\":true}}", 1 },
        { "{\"op_status\":{\"S\":\"success\"},\"rek_iscat\":{\"S\":\"False\"}}", 0 },
        { "{\"op_status\":{\"S\":\"success\"},\"rek_iscat\":{\"BOOL\":false}}", 0 },
        { "{\"op_status\":{\"S\":\"success\"},\"rek_iscat\":{\"N\":\"1\"}}", 0 },
        { "{\"op_status\":{\"S\":\"success\"}}", 0 },
        { "{\"op_status\":{\"S\":\"fail\"},\"rek_iscat\":{\"S\":\"True\"}}", 0 },
        { "{\"op_status\":{\"S\":\"pending\"},\"rek_iscat\":{\"BOOL\":true}}", 0 },
        { "{\"op_status\":{\"S\":\"success\"},\"rek_resp\":{\"S\":\"{\\\"Labels\\\":[{\\\"Name\\\":"
          "\\\"cat\\\",\\\"Confidence\\\":80}]}\"}}",
          1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ic_record record = read_json(cases[i].json);

        assert_int_equal(record.result.is_cat, cases[i].is_cat);
        ic_record_free(&record);
    }
}

static void test_numbers_as_n_or_s(void **state)
{
    static const struct {
        const char *value;
        int64_t wanted;
    } cases[] = {
        { "{\"N\":\"1744377773\"}", 1744377773 },
        { "{\"S\":\"1744377773\"}", 1744377773 },
        { "{\"N\":\"1744377773.0\"}", 1744377773 },
        { "{\"N\":\"1.744377773E9\"}", 1744377773 },
        { "{\"S\":\"None\"}", 0 },
        { "{\"S\":\"\"}", 0 },
        { "{\"N\":\"1E125\"}", 0 },
        { "{\"BOOL\":true}", 0 },
        { "{\"L\":[]}", 0 },
        { "{\"NULL\":true}", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char json[128];
        ic_record record;

        snprintf(json, sizeof(json), "{\"upload_ts\":%s,\"rek_confidence\":%s}", cases[i].value,
                 cases[i].value);
        record = read_json(json);
        assert_true(record.result.upload_ts == cases[i].wanted);
        assert_true(record.result.confidence < 0); /* no such percentage */
        ic_record_free(&record);
    }
}

static void test_odd_attributes_read_as_unknown(void **state)
{
    ic_record record = read_json("{\"client_id\":{\"L\":[]},\"file_name\":{\"S\":\"\"},"
                                 "\"labels\":{\"S\":\"nonsense\"},\"logs\":{\"S\":\"{}\"},"
                                 "\"rek_resp\":{\"S\":\"{\\\"Labels\\\":7}\"},"
                                 "\"op_status\":{\"S\":\"exploded\"},\"x\":{\"SS\":[\"a\"]}}");

    (void)state;
    assert_null(record.result.client_id);
    assert_null(record.result.file_name);
    assert_null(record.result.labels_json);
    assert_null(record.result.logs_json);
    assert_null(record.result.fingerprint);
    assert_int_equal(record.result.state, ICECAT_RESULT_PENDING);
    assert_true(record.result.confidence < 0);
    ic_record_free(&record);
}

static void test_confidence_as_n_or_s(void **state)
{
    static const char *const values[] = { "{\"N\":\"97.5\"}", "{\"S\":\"97.5\"}",
                                          "{\"N\":\"9.75E1\"}" };

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char json[64];
        ic_record record;

        snprintf(json, sizeof(json), "{\"rek_confidence\":%s}", values[i]);
        record = read_json(json);
        assert_true(record.result.confidence > 97.4 && record.result.confidence < 97.6);
        ic_record_free(&record);
    }
}

static void test_times_and_percents_that_cannot_be(void **state)
{
    ic_record record = read_json("{\"upload_ts\":{\"N\":\"9223372036854775807\"},"
                                 "\"ttl\":{\"N\":\"1209600\"},\"batch_id\":{\"N\":\"-5\"},"
                                 "\"rek_confidence\":{\"N\":\"5000\"}}");

    (void)state;
    assert_true(record.result.ttl == 0);
    assert_true(record.result.batch_id == 0);
    assert_true(record.result.confidence < 0);
    ic_record_free(&record);
    record = read_json("{\"rek_confidence\":{\"N\":\"-3\"}}");
    assert_true(record.result.confidence > -1.1 && record.result.confidence < -0.9);
    ic_record_free(&record);
}

static void test_settled(void **state)
{
    ic_record record = read_json("{\"op_status\":{\"S\":\"fail\"}}");

    (void)state;
    assert_int_equal(record.result.state, ICECAT_RESULT_FAIL);
    assert_false(ic_record_is_settled(&record));
    ic_record_free(&record);
    record = read_json("{\"op_status\":{\"S\":\"fail\"},\"fail_code\":{\"S\":\"too-small\"}}");
    assert_true(ic_record_is_settled(&record));
    ic_record_free(&record);
    record = read_json("{\"op_status\":{\"S\":\"pending\"}}");
    assert_false(ic_record_is_settled(&record));
    ic_record_free(&record);
}

static void test_missing(void **state)
{
    ic_record record;

    (void)state;
    assert_int_equal(ic_record_missing(NULL, 1744377772, FINGERPRINT, &record, NULL), ICECAT_OK);
    assert_int_equal(record.result.state, ICECAT_RESULT_MISSING);
    assert_string_equal(record.result.fingerprint, FINGERPRINT);
    assert_true(record.result.confidence < 0);
    ic_record_free(&record);
}

static void test_pending_item(void **state)
{
    ic_object_key key = { .batch_id = 1744377772123456u, .upload_ts = 1744377773 };
    ic_record_start start = { &key, "src/k", "Mieze.png", 1209600 };
    icecat_item *item;
    ic_buf json;

    (void)state;
    strcpy(key.fingerprint, FINGERPRINT);
    strcpy(key.client_id, "me");
    strcpy(key.hour, "2025-04-11-13");
    assert_int_equal(ic_record_pending(NULL, &start, &item, NULL), ICECAT_OK);
    ic_buf_init(&json, NULL, 4096);
    ic_item_write_json(&json, item);
    assert_string_equal(
        ic_buf_text(&json),
        "{\"batch_id\":{\"N\":\"1744377772123456\"},\"img_fprint\":{\"S\":\"" FINGERPRINT "\"},"
        "\"client_id\":{\"S\":\"me\"},\"s3img_key\":{\"S\":\"src/k\"},\"file_name\":{\"S\":"
        "\"Mieze.png\"},\"op_status\":{\"S\":\"pending\"},\"current_date\":{\"S\":"
        "\"2025-04-11-13\"},\"upload_ts\":{\"N\":\"1744377773\"},\"ttl\":{\"N\":\"1745587373\"}}");
    ic_buf_free(&json);
    icecat_item_free(item);
}

/* Values and expression go together: DynamoDB refuses a value that is not used, and the reverse. */
static void check_final(const ic_record_end *end)
{
    icecat_item *values;
    ic_buf expression;
    size_t used = 0;

    ic_buf_init(&expression, NULL, 1024);
    assert_int_equal(ic_record_final(NULL, end, &expression, &values, NULL), ICECAT_OK);
    for (size_t i = 0; i < icecat_item_count(values); i++) {
        const char *name = icecat_item_name(values, i);

        assert_true(strstr(ic_buf_text(&expression), name) != NULL ||
                    strstr(ic_record_final_condition, name) != NULL);
    }
    for (const char *at = ic_buf_text(&expression); (at = strchr(at, ':')) != NULL; at++)
        used++;
    assert_int_equal(icecat_item_count(values), used + 2); /* and the two of the condition */
    icecat_item_free(values);
    ic_buf_free(&expression);
}

static void test_final_update(void **state)
{
    ic_record_end judged = { .client_id = "me",
                             .place = "dst/k",
                             .labels_json = "[]",
                             .response_json = "{}",
                             .confidence = 98.5,
                             .is_cat = 1,
                             .now_s = 1744377780 };
    ic_record_end refused = { .client_id = "me",
                              .fail_code = "object-gone",
                              .fail_reason = "it is gone",
                              .logs_json = "[]",
                              .now_s = 1744377780 };

    (void)state;
    check_final(&judged);
    judged.logs_json = "[]";
    check_final(&judged);
    check_final(&refused);
    refused.place = "bad/k";
    check_final(&refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_python_record),
        cmocka_unit_test(test_b01_a_duration_as_ttl_is_read_as_a_time),
        cmocka_unit_test(test_verdict_as_text_or_bool),
        cmocka_unit_test(test_numbers_as_n_or_s),
        cmocka_unit_test(test_odd_attributes_read_as_unknown),
        cmocka_unit_test(test_confidence_as_n_or_s),
        cmocka_unit_test(test_times_and_percents_that_cannot_be),
        cmocka_unit_test(test_settled),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_pending_item),
        cmocka_unit_test(test_final_update),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
