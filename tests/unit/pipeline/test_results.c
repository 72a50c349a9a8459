/*
 * test_results.c - one result, all of a batch, some of a batch.
 */
#include "cmocka_all.h"
#include "process_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT 250

/* Fingerprints that differ in their first digits: 0000..., 0001..., in hex. */
static void fingerprint_of(size_t i, char out[65])
{
    snprintf(out, 65, "%04zx%060d", i, 0);
}

static void add_record(fixture *f, size_t i, const char *more)
{
    char fingerprint[65];
    char json[2048];

    fingerprint_of(i, fingerprint);
    snprintf(json, sizeof(json),
             "{\"batch_id\":{\"N\":\"1744377772123456\"},\"img_fprint\":{\"S\":\"%s\"},"
             "\"client_id\":{\"S\":\"tester\"},%s}",
             fingerprint, more);
    fake_aws_put_item(&f->aws, json);
}

#define CAT                                                                                        \
    "\"op_status\":{\"S\":\"success\"},\"rek_iscat\":{\"S\":\"True\"},\"ttl\":{\"N\":\"1209600\"}" \
    ","                                                                                            \
    "\"upload_ts\":{\"N\":\"1000000000\"},\"logs\":{\"S\":\"[\\\"line\\\"]\"},"                    \
    "\"rek_resp\":{\"S\":\"{\\\"Labels\\\":[{\\\"Name\\\":\\\"Cat\\\",\\\"Confidence\\\":90}]}\"}" \
    ","                                                                                            \
    "\"more\":{\"L\":[{\"S\":\"x\"}]},\"yes\":{\"BOOL\":true}"

static icecat_result at(const icecat_results *results, size_t index)
{
    icecat_result result = ICECAT_RESULT_INIT;

    assert_int_equal(icecat_results_at(results, index, &result), 1);
    return result;
}

static void test_whole_batch_over_pages(void **state)
{
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_results *results = NULL;
    icecat_result past = ICECAT_RESULT_INIT;
    fixture *f = fixture_with(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        add_record(f, i, CAT);
    f->aws.page_items = 40;
    assert_int_equal(icecat_pipeline_results(f->pipeline, BATCH_ID, NULL, &results, &f->error),
                     ICECAT_OK);
    assert_int_equal(icecat_results_count(results), COUNT);
    assert_int_equal(fake_aws_count(&f->aws, "Query"), 7);
    for (size_t i = 0; i < COUNT; i++) {
        char fingerprint[65];

        fingerprint_of(i, fingerprint);
        assert_string_equal(at(results, i).fingerprint, fingerprint);
        assert_int_equal(at(results, i).is_cat, 1);
    }
    /* An expired record is shown, as long as it is there. */
    assert_true(at(results, 0).ttl == 1001209600);
    assert_int_equal(icecat_results_at(results, COUNT, &past), 0);
    assert_int_equal(icecat_results_at(results, 0, NULL), 0);
    icecat_results_free(results);
    options.consistent = 1;
    assert_int_equal(icecat_pipeline_results(f->pipeline, 1744377772, &options, &results, NULL),
                     ICECAT_OK);
    assert_int_equal(icecat_results_count(results), 0);
    assert_non_null(strstr(f->aws.last_query, "\"ConsistentRead\":true"));
    icecat_results_free(results);
    fixture_drop(f);
}

static void test_projection(void **state)
{
    static const struct {
        uint32_t logs;
        uint32_t response;
    } cases[] = { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 1, 1 } };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
        icecat_results *results = NULL;
        fixture *f = fixture_with(NULL);

        add_record(f, 1, CAT);
        options.with_logs = cases[i].logs;
        options.with_response = cases[i].response;
        assert_int_equal(
            icecat_pipeline_results(f->pipeline, BATCH_ID, &options, &results, &f->error),
            ICECAT_OK);
        assert_int_equal(at(results, 0).logs_json != NULL, cases[i].logs);
        assert_int_equal(at(results, 0).labels_json != NULL, cases[i].response);
        assert_true(at(results, 0).ttl == 1001209600);
        assert_int_equal(at(results, 0).confidence > 0, cases[i].response);
        icecat_results_free(results);
        fixture_drop(f);
    }
}

static void test_some_in_the_order_given(void **state)
{
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    char texts[COUNT + 2][65];
    const char *wanted[COUNT + 2];
    icecat_results *results = NULL;
    fixture *f = fixture_with(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        if (i != 17)
            add_record(f, i, CAT);
        fingerprint_of(COUNT - 1 - i, texts[i]); /* backwards */
        wanted[i] = texts[i];
    }
    wanted[COUNT] = wanted[3]; /* twice */
    wanted[COUNT + 1] = FINGERPRINT;
    options.fingerprints = wanted;
    options.fingerprints_count = COUNT + 2;
    f->aws.unprocessed = 30;
    assert_int_equal(icecat_pipeline_results(f->pipeline, BATCH_ID, &options, &results, &f->error),
                     ICECAT_OK);
    assert_int_equal(icecat_results_count(results), COUNT + 2);
    for (size_t i = 0; i < COUNT + 2; i++) {
        int is_missing = i == COUNT - 1 - 17 || i == COUNT + 1;

        assert_string_equal(at(results, i).fingerprint, wanted[i]);
        assert_true(at(results, i).batch_id == BATCH_ID);
        assert_int_equal(at(results, i).state,
                         is_missing ? ICECAT_RESULT_MISSING : ICECAT_RESULT_SUCCESS);
        assert_int_equal(icecat_results_attributes_json(results, i) == NULL, is_missing);
    }
    assert_int_equal(fake_aws_count(&f->aws, "BatchGetItem"), 4);
    assert_int_equal(fake_aws_count(&f->aws, "Query"), 0);
    icecat_results_free(results);
    fixture_drop(f);
}

static void test_attributes(void **state)
{
    icecat_results *results = NULL;
    fixture *f = fixture_with(NULL);
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;

    (void)state;
    add_record(f, 1,
               "\"yes\":{\"BOOL\":true},\"n\":{\"N\":\"1.50\"},\"l\":{\"L\":[{\"S\":\"x\"}]},"
               "\"q\":{\"S\":\"a \\\"b\\\"\"}");
    options.with_logs = 1;
    options.with_response = 1;
    assert_int_equal(icecat_pipeline_results(f->pipeline, BATCH_ID, &options, &results, NULL),
                     ICECAT_OK);
    assert_string_equal(icecat_results_attributes_json(results, 0),
                        "{\"batch_id\":\"1744377772123456\",\"img_fprint\":"
                        "\"0001000000000000000000000000000000000000000000000000000000000000\","
                        "\"client_id\":\"tester\",\"yes\":\"true\",\"n\":\"1.50\",\"l\":\"[{"
                        "\\\"S\\\":\\\"x\\\"}]\","
                        "\"q\":\"a \\\"b\\\"\"}");
    assert_null(icecat_results_attributes_json(results, 1));
    icecat_results_free(results);
    fixture_drop(f);
}

static void test_one_by_its_beginning(void **state)
{
    icecat_results *results = NULL;
    fixture *f = fixture_with(NULL);

    (void)state;
    add_record(f, 0xabc1, CAT);
    add_record(f, 0xabc2, CAT);
    add_record(f, 0xabc3, CAT);
    assert_int_equal(icecat_pipeline_result(f->pipeline, BATCH_ID, "abc2", NULL, &results, NULL),
                     ICECAT_OK);
    assert_int_equal(icecat_results_count(results), 1);
    assert_true(strncmp(at(results, 0).fingerprint, "abc2", 4) == 0);
    assert_non_null(at(results, 0).labels_json); /* one result always has it */
    assert_null(at(results, 0).logs_json);
    icecat_results_free(results);
    assert_int_equal(
        icecat_pipeline_result(f->pipeline, BATCH_ID, "ABC20000", NULL, &results, NULL), ICECAT_OK);
    icecat_results_free(results);
    assert_int_equal(
        icecat_pipeline_result(f->pipeline, BATCH_ID, "abcd", NULL, &results, &f->error),
        ICECAT_E_NOT_FOUND);
    assert_null(results);
    assert_non_null(strstr(f->error.message, "abcd"));
    assert_int_equal(
        icecat_pipeline_result(f->pipeline, BATCH_ID + 1, "abc2", NULL, &results, NULL),
        ICECAT_E_NOT_FOUND);
    fake_aws_put_item(&f->aws, "{\"batch_id\":{\"N\":\"1744377772123456\"},\"img_fprint\":{\"S\":"
                               "\"abc2f\"}}");
    assert_int_equal(
        icecat_pipeline_result(f->pipeline, BATCH_ID, "abc2", NULL, &results, &f->error),
        ICECAT_E_ARGUMENT);
    assert_non_null(strstr(f->error.message, "more"));
    fixture_drop(f);
}

static void test_arguments(void **state)
{
    static const char *const bad[] = { "", "abc", "abcg", "0x12", NULL, FINGERPRINT "0" };
    static const char *const short_one[] = { FINGERPRINT, "abc" };
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_results *results = NULL;
    fixture *f = fixture_with(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(
            icecat_pipeline_result(f->pipeline, BATCH_ID, bad[i], NULL, &results, NULL),
            ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_result(NULL, BATCH_ID, "abcd", NULL, &results, NULL),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_result(f->pipeline, BATCH_ID, "abcd", NULL, NULL, NULL),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_results(f->pipeline, 0, NULL, &results, NULL),
                     ICECAT_E_ARGUMENT);
    options.fingerprints_count = 2;
    assert_int_equal(icecat_pipeline_results(f->pipeline, BATCH_ID, &options, &results, NULL),
                     ICECAT_E_ARGUMENT);
    options.fingerprints = short_one;
    assert_int_equal(icecat_pipeline_results(f->pipeline, BATCH_ID, &options, &results, &f->error),
                     ICECAT_E_ARGUMENT);
    assert_non_null(strstr(f->error.message, "fingerprint 1"));
    assert_int_equal(f->aws.requests, 0);
    assert_int_equal(icecat_results_count(NULL), 0);
    icecat_results_free(NULL);
    fixture_drop(f);
}

static void test_table_is_needed(void **state)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_pipeline *pipeline = NULL;
    icecat_results *results = NULL;
    fixture *f = fixture_with(NULL);

    (void)state;
    assert_int_equal(icecat_pipeline_new(f->client, &options, &pipeline, NULL), ICECAT_OK);
    assert_int_equal(icecat_pipeline_results(pipeline, BATCH_ID, NULL, &results, &f->error),
                     ICECAT_E_CONFIG);
    assert_non_null(strstr(f->error.message, "table"));
    icecat_pipeline_free(pipeline);
    fixture_fail(f, "Query", 400, "{\"__type\":\"ResourceNotFoundException\"}");
    assert_int_equal(icecat_pipeline_results(f->pipeline, BATCH_ID, NULL, &results, &f->error),
                     ICECAT_E_NOT_FOUND);
    assert_null(results);
    fixture_drop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_batch_over_pages),  cmocka_unit_test(test_projection),
        cmocka_unit_test(test_some_in_the_order_given), cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_one_by_its_beginning),    cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_table_is_needed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
