/*
 * test_pipeline.c - the settings of a pipeline: defaults, and what is refused.
 */
#include "cmocka_all.h"
#include "fake_transport.h"
#include "pipeline/pipeline.h"

#include <math.h>
#include <string.h>

static icecat_status make(icecat_client *client, icecat_pipeline_options options, icecat_error *err)
{
    icecat_pipeline *pipeline = (icecat_pipeline *)&options;
    icecat_status status = icecat_pipeline_new(client, &options, &pipeline, err);

    assert_int_equal(status == ICECAT_OK, pipeline != NULL);
    icecat_pipeline_free(pipeline);
    return status;
}

static void what_is_not_set_has_the_documented_value(void **state)
{
    icecat_client *client = fake_client_new(NULL, 0);
    icecat_pipeline *pipeline = NULL;
    icecat_error err;

    (void)state;
    assert_int_equal(icecat_pipeline_new(client, NULL, &pipeline, &err), ICECAT_OK);
    assert_string_equal(pipeline->label, "Cat");
    assert_true(pipeline->min_confidence >= 75 && pipeline->min_confidence <= 75);
    assert_int_equal(pipeline->max_labels, 10);
    assert_int_equal(pipeline->ttl_s, 14 * 24 * 3600);
    assert_null(pipeline->bucket_source);
    assert_int_equal(ic_pipeline_need(pipeline, 0, &err), ICECAT_OK);
    assert_int_equal(ic_pipeline_need(pipeline, IC_NEED_TABLE, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, "table is not set"));
    icecat_pipeline_free(pipeline);
    icecat_client_free(client);
}

/* Moving an image into the bucket that it is in would delete it, or call the function for ever. */
static void b25_two_equal_buckets_are_refused(void **state)
{
    icecat_client *client = fake_client_new(NULL, 0);
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_error err;

    (void)state;
    options.bucket_source = "cats-a";
    options.bucket_dest = "cats-b";
    options.bucket_fail = "cats-c";
    assert_int_equal(make(client, options, &err), ICECAT_OK);
    options.bucket_fail = "cats-a";
    assert_int_equal(make(client, options, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, "bucket_source and bucket_fail are both \"cats-a\""));
    options.bucket_fail = "";
    options.bucket_dest = "Cats";
    assert_int_equal(make(client, options, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, "bucket_dest"));
    icecat_client_free(client);
}

static void a_client_id_that_keys_cannot_hold_is_refused(void **state)
{
    static const char *const bad[] = { "a/b", "my client", "tom-debug", "..", "k\xc3\xa4se" };
    icecat_client *client = fake_client_new(NULL, 0);
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        options.client_id = bad[i];
        assert_int_equal(make(client, options, &err), ICECAT_E_CONFIG);
        assert_non_null(strstr(err.message, bad[i]));
    }
    icecat_client_free(client);
}

static void numbers_out_of_range_are_refused(void **state)
{
    icecat_client *client = fake_client_new(NULL, 0);
    const icecat_pipeline_options plain = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_pipeline_options options = plain;
    icecat_pipeline *pipeline;
    icecat_error err;

    (void)state;
    options.min_confidence = 100.5;
    assert_int_equal(make(client, options, &err), ICECAT_E_ARGUMENT);
    options.min_confidence = (double)NAN;
    assert_int_equal(make(client, options, &err), ICECAT_E_ARGUMENT);
    options = plain;
    options.max_labels = 1001;
    assert_int_equal(make(client, options, &err), ICECAT_E_ARGUMENT);
    options = plain;
    options.debug = 2;
    assert_int_equal(make(client, options, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(make(NULL, plain, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_new(client, &plain, NULL, &err), ICECAT_E_ARGUMENT);
    options = plain;
    options.struct_size = 0;
    assert_int_equal(icecat_pipeline_new(client, &options, &pipeline, &err), ICECAT_E_ARGUMENT);
    icecat_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_set_has_the_documented_value),
        cmocka_unit_test(b25_two_equal_buckets_are_refused),
        cmocka_unit_test(a_client_id_that_keys_cannot_hold_is_refused),
        cmocka_unit_test(numbers_out_of_range_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
