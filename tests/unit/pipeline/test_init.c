/*
 * test_init.c - sized structs: what the _init functions of other languages make is what the _INIT macros
 * of C make, and a call takes structs of older and newer headers.
 */
#include "cmocka_all.h"

#include <icecat/icecat.h>
#include <string.h>

#define ALIKE(type, function, macro)                                                               \
    do {                                                                                           \
        static const type made = macro;                                                            \
        type filled;                                                                               \
        memset(&filled, 0xff, sizeof(filled));                                                     \
        function(&filled, sizeof(filled));                                                         \
        assert_memory_equal(&filled, &made, sizeof(made));                                         \
        function(NULL, sizeof(made));                                                              \
    } while (0)

static void functions_and_macros_agree(void **state)
{
    (void)state;
    ALIKE(icecat_call_options, icecat_call_options_init, ICECAT_CALL_OPTIONS_INIT);
    ALIKE(icecat_client_options, icecat_client_options_init, ICECAT_CLIENT_OPTIONS_INIT);
    ALIKE(icecat_credentials_options, icecat_credentials_options_init,
          ICECAT_CREDENTIALS_OPTIONS_INIT);
    ALIKE(icecat_image_options, icecat_image_options_init, ICECAT_IMAGE_OPTIONS_INIT);
    ALIKE(icecat_image_info, icecat_image_info_init, ICECAT_IMAGE_INFO_INIT);
    ALIKE(icecat_s3_put_options, icecat_s3_put_options_init, ICECAT_S3_PUT_OPTIONS_INIT);
    ALIKE(icecat_s3_get_options, icecat_s3_get_options_init, ICECAT_S3_GET_OPTIONS_INIT);
    ALIKE(icecat_s3_copy_options, icecat_s3_copy_options_init, ICECAT_S3_COPY_OPTIONS_INIT);
    ALIKE(icecat_s3_presign_options, icecat_s3_presign_options_init,
          ICECAT_S3_PRESIGN_OPTIONS_INIT);
    ALIKE(icecat_dynamodb_options, icecat_dynamodb_options_init, ICECAT_DYNAMODB_OPTIONS_INIT);
    ALIKE(icecat_rekognition_options, icecat_rekognition_options_init,
          ICECAT_REKOGNITION_OPTIONS_INIT);
    ALIKE(icecat_pipeline_options, icecat_pipeline_options_init, ICECAT_PIPELINE_OPTIONS_INIT);
    ALIKE(icecat_submission, icecat_submission_init, ICECAT_SUBMISSION_INIT);
    ALIKE(icecat_submit_counts, icecat_submit_counts_init, ICECAT_SUBMIT_COUNTS_INIT);
    ALIKE(icecat_submit_options, icecat_submit_options_init, ICECAT_SUBMIT_OPTIONS_INIT);
    ALIKE(icecat_process_result, icecat_process_result_init, ICECAT_PROCESS_RESULT_INIT);
    ALIKE(icecat_result, icecat_result_init, ICECAT_RESULT_INIT);
    ALIKE(icecat_results_options, icecat_results_options_init, ICECAT_RESULTS_OPTIONS_INIT);
    ALIKE(icecat_search_options, icecat_search_options_init, ICECAT_SEARCH_OPTIONS_INIT);
    ALIKE(icecat_batch_record, icecat_batch_record_init, ICECAT_BATCH_RECORD_INIT);
}

/* A caller whose headers are newer: the tail that the library does not know must be zero. */
static void a_longer_struct_is_taken_while_its_tail_is_zero(void **state)
{
    struct newer {
        icecat_image_options known;
        uint64_t later;
    } options = { .known = ICECAT_IMAGE_OPTIONS_INIT };
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_error err;

    (void)state;
    options.known.struct_size = sizeof(options);
    assert_int_equal(icecat_image_probe("x", 1, &options.known, &info, &err),
                     ICECAT_E_IMAGE_FORMAT);
    options.later = 1;
    assert_int_equal(icecat_image_probe("x", 1, &options.known, &info, &err), ICECAT_E_ARGUMENT);
    assert_non_null(strstr(err.message, "is set, but this release of the library knows only"));
}

/* A caller whose headers are older: what is behind its struct is neither read nor written. */
static void a_shorter_struct_keeps_what_is_behind_it(void **state)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info;
    icecat_error err;

    (void)state;
    memset(&options.max_bytes, 0xff, sizeof(options) - offsetof(icecat_image_options, max_bytes));
    options.struct_size = offsetof(icecat_image_options, max_bytes);
    memset(&info, 0x5a, sizeof(info));
    info.struct_size = offsetof(icecat_image_info, width_px);
    assert_int_equal(icecat_image_probe("GIF89a", 6, &options, &info, &err), ICECAT_E_IMAGE_FORMAT);
    assert_int_equal(info.format, ICECAT_IMAGE_GIF);
    assert_int_equal(info.width_px, 0x5a5a5a5a);
}

static void a_size_that_is_none_is_refused(void **state)
{
    const size_t wrong[] = { 0, 7, 4097, SIZE_MAX };
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;

        options.struct_size = wrong[i];
        assert_int_equal(icecat_image_probe("x", 1, &options, &info, &err), ICECAT_E_ARGUMENT);
        info.struct_size = wrong[i];
        assert_int_equal(icecat_image_probe("x", 1, NULL, &info, &err), ICECAT_E_ARGUMENT);
        icecat_image_info_init(&info, sizeof(info));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_and_macros_agree),
        cmocka_unit_test(a_longer_struct_is_taken_while_its_tail_is_zero),
        cmocka_unit_test(a_shorter_struct_keeps_what_is_behind_it),
        cmocka_unit_test(a_size_that_is_none_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
