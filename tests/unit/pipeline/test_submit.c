/*
 * test_submit.c - one image in memory: what is checked, how it is named, and what is sent.
 */
#include "base/digest.h"
#include "cmocka_all.h"
#include "pipeline/object_key.h"
#include "submit_fixture.h"

#include <string.h>
#include <time.h>

static icecat_pipeline_options settings(uint32_t debug, uint32_t compat_keys)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;

    options.bucket_source = "cats-source";
    options.client_id = "garden";
    options.debug = debug;
    options.compat_keys = compat_keys;
    return options;
}

static icecat_status submit(submit_fixture *fixture, const char *name, bytes image,
                            const icecat_submit_options *options, char key[256], icecat_error *err)
{
    return icecat_pipeline_submit(fixture->pipeline, FIXTURE_BATCH, name, image.data, image.len,
                                  options, key, 256, err);
}

static void an_image_is_put_under_its_own_hash(void **state)
{
    bytes image = fixture_png(90);
    char fingerprint[IC_SHA256_HEX_SIZE];
    char hour[IC_TIME_HOUR_SIZE];
    submit_fixture fixture;
    ic_object_key parts;
    char key[256];

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    assert_int_equal(submit(&fixture, "tom.png", image, NULL, key, NULL), ICECAT_OK);
    assert_int_equal(ic_object_key_parse(key, &parts, NULL), ICECAT_OK);
    ic_sha256_hex(image.data, image.len, fingerprint);
    assert_string_equal(parts.fingerprint, fingerprint);
    assert_string_equal(parts.client_id, "garden");
    assert_true(parts.batch_id == FIXTURE_BATCH);
    /* time() reads a coarser clock, which may still show the second before. */
    assert_true(parts.upload_ts >= (int64_t)time(NULL) - 60 &&
                parts.upload_ts <= (int64_t)time(NULL) + 1);
    ic_time_hour(parts.upload_ts, hour);
    assert_string_equal(parts.hour, hour);
    assert_int_equal(parts.debug, 0);

    assert_int_equal(fixture.sent_count, 1);
    assert_string_equal(fixture.sent[0].sha256, fingerprint);
    assert_string_equal(fixture.sent[0].body_sha256, fingerprint);
    assert_string_equal(fixture.sent[0].name, "tom.png");
    assert_non_null(strstr(fixture.sent[0].url, "cats-source"));
    assert_non_null(strstr(fixture.sent[0].url, key));
    bytes_free(&image);
    fixture_close(&fixture);
}

/* C4: the Python client named by its debug flag: PNG as .jpg, JPEG as -debug.png, and sent no type. */
static void c4_extension_and_type_are_those_of_the_bytes(void **state)
{
    bytes png = fixture_png(90);
    bytes jpeg = fixture_jpeg(90);

    (void)state;
    for (uint32_t debug = 0; debug < 2; debug++) {
        icecat_pipeline_options options = settings(debug, 0);
        submit_fixture fixture;
        char key[256];

        fixture_open(&fixture, &options, NULL);
        assert_int_equal(submit(&fixture, "cat.jpg", png, NULL, key, NULL), ICECAT_OK);
        assert_true(ic_view_ends(ic_view_of(key), ".png"));
        assert_int_equal(ic_view_ends(ic_view_of(key), "-debug.png"), debug);
        assert_string_equal(fixture.sent[0].type, "image/png");
        assert_int_equal(submit(&fixture, "cat.png", jpeg, NULL, key, NULL), ICECAT_OK);
        assert_true(ic_view_ends(ic_view_of(key), ".jpg"));
        assert_int_equal(ic_view_ends(ic_view_of(key), "-debug.jpg"), debug);
        assert_string_equal(fixture.sent[1].type, "image/jpeg");
        fixture_close(&fixture);
    }
    bytes_free(&png);
    bytes_free(&jpeg);
}

static void compat_keys_end_as_the_python_client_wrote_them(void **state)
{
    bytes png = fixture_png(90);
    bytes jpeg = fixture_jpeg(90);
    icecat_pipeline_options options = settings(0, 1);
    submit_fixture fixture;
    char key[256];

    (void)state;
    fixture_open(&fixture, &options, NULL);
    assert_int_equal(submit(&fixture, "cat.png", png, NULL, key, NULL), ICECAT_OK);
    assert_true(ic_view_ends(ic_view_of(key), ".jpg"));
    assert_string_equal(fixture.sent[0].type, "image/png");
    fixture_close(&fixture);

    options = settings(1, 1);
    fixture_open(&fixture, &options, NULL);
    assert_int_equal(submit(&fixture, "cat.jpg", jpeg, NULL, key, NULL), ICECAT_OK);
    assert_true(ic_view_ends(ic_view_of(key), "-debug.png"));
    assert_string_equal(fixture.sent[0].type, "image/jpeg");
    fixture_close(&fixture);
    bytes_free(&png);
    bytes_free(&jpeg);
}

/* C2: text named .png, an empty .jpeg and a WebP named .jpg were all uploaded. */
static void c2_only_the_bytes_decide_what_is_an_image(void **state)
{
    static const struct {
        const char *name;
        const char *data;
        size_t len;
    } cases[] = { { "notes.png", "just a text\n", 12 },
                  { "empty.jpeg", "", 0 },
                  { "daisy.jpg.jpg", "RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0", 20 } };
    submit_fixture fixture;
    char key[256];

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    for (size_t i = 0; i < 3; i++) {
        icecat_error err;

        assert_int_equal(icecat_pipeline_submit(fixture.pipeline, FIXTURE_BATCH, cases[i].name,
                                                cases[i].data, cases[i].len, NULL, key, sizeof(key),
                                                &err),
                         ICECAT_E_IMAGE_FORMAT);
        assert_int_equal(err.status, ICECAT_E_IMAGE_FORMAT);
        assert_true(err.message[0] != '\0');
        assert_string_equal(key, "");
    }
    assert_int_equal(fixture.sent_count, 0);
    fixture_close(&fixture);
}

static void unchecked_bytes_are_named_by_their_file(void **state)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    bytes text = { (uint8_t *)"just a text\n", 12 };
    submit_fixture fixture;
    char key[256];

    (void)state;
    options.no_validate = 1;
    fixture_open(&fixture, NULL, NULL);
    assert_int_equal(submit(&fixture, "notes.PNG", text, &options, key, NULL), ICECAT_OK);
    assert_true(ic_view_ends(ic_view_of(key), ".png"));
    assert_int_equal(submit(&fixture, "notes.txt", text, &options, key, NULL), ICECAT_OK);
    assert_true(ic_view_ends(ic_view_of(key), ".jpg"));
    assert_int_equal(submit(&fixture, NULL, text, &options, key, NULL), ICECAT_OK);
    assert_true(ic_view_ends(ic_view_of(key), ".jpg"));
    assert_int_equal(fixture.sent_count, 3);
    assert_string_equal(fixture.sent[0].type, "application/octet-stream");
    fixture_close(&fixture);
}

static void a_wrong_extension_is_refused_only_when_strict(void **state)
{
    icecat_image_options image_options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    bytes image = fixture_png(90);
    submit_fixture fixture;
    icecat_error err;
    char key[256];

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    assert_int_equal(submit(&fixture, "cat.jpg", image, NULL, key, &err), ICECAT_OK);
    image_options.strict = 1;
    options.image = &image_options;
    assert_int_equal(submit(&fixture, "cat.jpg", image, &options, key, &err),
                     ICECAT_E_IMAGE_FORMAT);
    assert_non_null(strstr(err.message, "another format"));
    assert_int_equal(submit(&fixture, "cat.png", image, &options, key, &err), ICECAT_OK);
    assert_int_equal(fixture.sent_count, 2);
    bytes_free(&image);
    fixture_close(&fixture);
}

static void names_are_recorded_as_percent_encoded_utf8(void **state)
{
    static const char *const cases[][2] = {
        { "K\xc3\xa4tzchen \xe7\x8c\xab.png", "K%C3%A4tzchen%20%E7%8C%AB.png" },
        { "a/b+c%.png", "a%2Fb%2Bc%25.png" },
        { "two\r\nlines.png", "two%0D%0Alines.png" },
        { "latin-\xe4.png", "latin-%EF%BF%BD.png" }, /* not UTF-8, which the table could not hold */
        { "", "" },
        { NULL, "" },
    };
    bytes image = fixture_png(90);
    submit_fixture fixture;
    char key[256];

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(submit(&fixture, cases[i][0], image, NULL, key, NULL), ICECAT_OK);
        assert_string_equal(fixture.sent[i].name, cases[i][1]);
    }
    bytes_free(&image);
    fixture_close(&fixture);
}

static void a_very_long_name_is_cut_between_characters(void **state)
{
    bytes image = fixture_png(90);
    submit_fixture fixture;
    char name[6001];
    char key[256];

    (void)state;
    for (size_t i = 0; i < 2000; i++)
        memcpy(name + 3 * i, "\xe7\x8c\xab", 4);
    fixture_open(&fixture, NULL, NULL);
    assert_int_equal(submit(&fixture, name, image, NULL, key, NULL), ICECAT_OK);
    assert_int_equal(strlen(fixture.sent[0].name), 1024 / 9 * 9);
    assert_true(ic_view_ends(ic_view_of(fixture.sent[0].name), "%E7%8C%AB"));
    memset(name, 'a', sizeof(name) - 1);
    assert_int_equal(submit(&fixture, name, image, NULL, key, NULL), ICECAT_OK);
    assert_int_equal(strlen(fixture.sent[1].name), 1024);
    bytes_free(&image);
    fixture_close(&fixture);
}

static void a_busy_service_is_asked_again(void **state)
{
    static const fake_answer answers[] = { { 503, ICECAT_OK, NULL, NULL },
                                           { 200, ICECAT_OK, "etag: \"e\"", NULL } };
    bytes image = fixture_png(90);
    submit_fixture fixture;
    char key[256];

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    fixture_answers(&fixture, answers, 2);
    assert_int_equal(submit(&fixture, "tom.png", image, NULL, key, NULL), ICECAT_OK);
    assert_int_equal(fixture.sent_count, 2);
    assert_string_equal(fixture.sent[0].url, fixture.sent[1].url);
    bytes_free(&image);
    fixture_close(&fixture);
}

static void a_refused_put_gives_its_reason_and_no_key(void **state)
{
    bytes image = fixture_png(90);
    submit_fixture fixture;
    icecat_error err;
    char key[256] = "old";

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    fixture.refuse_name = "tom.png";
    assert_int_equal(submit(&fixture, "tom.png", image, NULL, key, &err), ICECAT_E_ACCESS);
    assert_string_equal(err.aws_code, "AccessDenied");
    assert_string_equal(key, "");
    bytes_free(&image);
    fixture_close(&fixture);
}

static void wrong_arguments_are_told_before_anything_is_sent(void **state)
{
    bytes image = fixture_png(90);
    submit_fixture fixture;
    icecat_error err;
    char key[256];

    (void)state;
    fixture_open(&fixture, NULL, NULL);
    assert_int_equal(icecat_pipeline_submit(NULL, FIXTURE_BATCH, "a", image.data, image.len, NULL,
                                            key, sizeof(key), &err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_submit(fixture.pipeline, 7, "a", image.data, image.len, NULL,
                                            key, sizeof(key), &err),
                     ICECAT_E_ARGUMENT);
    assert_non_null(strstr(err.message, "batch id 7"));
    assert_int_equal(icecat_pipeline_submit(fixture.pipeline, FIXTURE_BATCH, "a", NULL, 5, NULL,
                                            key, sizeof(key), &err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_pipeline_submit(fixture.pipeline, FIXTURE_BATCH, "a", image.data,
                                            image.len, NULL, key, 100, &err),
                     ICECAT_E_ARGUMENT);
    assert_non_null(strstr(err.message, "key_len is 100"));
    assert_int_equal(fixture.sent_count, 0);
    bytes_free(&image);
    fixture_close(&fixture);
}

static void a_missing_setting_is_named(void **state)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    bytes image = fixture_png(90);
    submit_fixture fixture;
    icecat_error err;
    char key[256];

    (void)state;
    options.client_id = "garden";
    fixture_open(&fixture, &options, NULL);
    assert_int_equal(submit(&fixture, "a", image, NULL, key, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, "bucket_source is not set"));
    fixture_close(&fixture);
    options.client_id = "";
    options.bucket_source = "cats-source";
    fixture_open(&fixture, &options, NULL);
    assert_int_equal(submit(&fixture, "a", image, NULL, key, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, "client_id is not set"));
    assert_int_equal(fixture.sent_count, 0);
    bytes_free(&image);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_is_put_under_its_own_hash),
        cmocka_unit_test(c4_extension_and_type_are_those_of_the_bytes),
        cmocka_unit_test(compat_keys_end_as_the_python_client_wrote_them),
        cmocka_unit_test(c2_only_the_bytes_decide_what_is_an_image),
        cmocka_unit_test(unchecked_bytes_are_named_by_their_file),
        cmocka_unit_test(a_wrong_extension_is_refused_only_when_strict),
        cmocka_unit_test(names_are_recorded_as_percent_encoded_utf8),
        cmocka_unit_test(a_very_long_name_is_cut_between_characters),
        cmocka_unit_test(a_busy_service_is_asked_again),
        cmocka_unit_test(a_refused_put_gives_its_reason_and_no_key),
        cmocka_unit_test(wrong_arguments_are_told_before_anything_is_sent),
        cmocka_unit_test(a_missing_setting_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
