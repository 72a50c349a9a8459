/*
 * test_s3.c - S3's requests and answers, byte by byte.
 */
#include "base/error.h"
#include "cmocka_all.h"
#include "fake_transport.h"
#include "services/s3_request.h"
#include "services/s3_response.h"

#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static const ic_s3_place cat = { "pictures", "a b/c+d~\xc3\xa9.jpg" };

static void a_key_is_encoded_for_the_path_and_keeps_its_slashes(void **state)
{
    ic_request request;

    (void)state;
    assert_int_equal(ic_s3_head_request(&request, NULL, cat, NULL), ICECAT_OK);
    assert_string_equal(request.method, "HEAD");
    assert_string_equal(request.bucket, "pictures");
    assert_string_equal(ic_buf_text(&request.path), "/a%20b/c%2Bd~%C3%A9.jpg");
    ic_request_free(&request);
}

static void a_put_carries_type_metadata_condition_and_hash(void **state)
{
    static const icecat_pair metadata[] = { { "original-file-name", "tom%20cat.jpg" } };
    char hash[IC_SHA256_HEX_SIZE];
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    ic_request request;

    (void)state;
    ic_sha256_hex("x", 1, hash);
    options.content_type = "image/jpeg";
    options.payload_sha256 = hash;
    options.metadata = metadata;
    options.metadata_count = 1;
    options.if_none_match = 1;
    assert_int_equal(ic_s3_put_request(&request, NULL, cat, ic_view_of("x"), &options, NULL),
                     ICECAT_OK);
    assert_string_equal(ic_pairs_get(&request.headers, "content-type"), "image/jpeg");
    assert_string_equal(ic_pairs_get(&request.headers, "if-none-match"), "*");
    assert_string_equal(ic_pairs_get(&request.headers, "x-amz-meta-original-file-name"),
                        "tom%20cat.jpg");
    assert_string_equal(request.payload_hash, hash);
    assert_int_equal(request.body_len, 1);
    ic_request_free(&request);
}

static icecat_status put_with(const icecat_pair *metadata, size_t count, icecat_error *err)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    ic_request request;
    icecat_status status;

    options.metadata = metadata;
    options.metadata_count = count;
    status = ic_s3_put_request(&request, NULL, cat, ic_view_of("x"), &options, err);
    ic_request_free(&request);
    return status;
}

static void metadata_that_would_break_the_header_is_refused(void **state)
{
    char long_value[2100];
    const icecat_pair bad[] = { { "a", "b\r\nx-amz-acl: public-read" },
                                { "a:b", "c" },
                                { "", "c" },
                                { "a", NULL },
                                { "a", "\xc3\xa9" },
                                { "a", long_value } };
    icecat_error err;

    (void)state;
    memset(long_value, 'x', sizeof(long_value) - 1);
    long_value[sizeof(long_value) - 1] = '\0';
    for (size_t i = 0; i < LEN(bad); i++) {
        ic_error_clear(&err);
        assert_int_equal(put_with(&bad[i], 1, &err), ICECAT_E_ARGUMENT);
        assert_true(err.message[0] != '\0');
    }
}

static void bucket_names_follow_the_rules_of_s3(void **state)
{
    static const char *const bad[] = {
        "",          "ab",
        "Upper",     "under_score",
        "-first",    "last-",
        "a..b",      "10.0.0.1",
        "a/b",       "a b",
        "b\xc3\xa9", "0123456789012345678901234567890123456789012345678901234567890123"
    };
    static const char *const good[] = { "abc",  "cats.of.the.world", "1cat", "a-b-c", "12345",
                                        "1.2.3" };
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < LEN(bad); i++) {
        ic_error_clear(&err);
        assert_int_equal(ic_s3_bucket_check(bad[i], &err), ICECAT_E_ARGUMENT);
        assert_non_null(strstr(err.message, bad[i]));
    }
    for (size_t i = 0; i < LEN(good); i++)
        assert_int_equal(ic_s3_bucket_check(good[i], NULL), ICECAT_OK);
    assert_int_equal(ic_s3_bucket_check(NULL, NULL), ICECAT_E_ARGUMENT);
}

static void check_range(uint64_t start, uint64_t len, const char *expected)
{
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    const char *range;
    ic_request request;

    options.range_start = start;
    options.range_len = len;
    assert_int_equal(ic_s3_get_request(&request, NULL, cat, &options, NULL), ICECAT_OK);
    range = ic_pairs_get(&request.headers, "range");
    if (expected == NULL)
        assert_null(range);
    else
        assert_string_equal(range, expected);
    ic_request_free(&request);
}

static void ranges_are_inclusive_on_the_wire(void **state)
{
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    ic_request request;

    (void)state;
    check_range(0, 0, NULL);
    check_range(0, 65536, "bytes=0-65535");
    check_range(7, 1, "bytes=7-7");
    check_range(100, 0, "bytes=100-");
    check_range(UINT64_MAX, 1, "bytes=18446744073709551615-18446744073709551615");
    options.range_start = UINT64_MAX;
    options.range_len = 2;
    assert_int_equal(ic_s3_get_request(&request, NULL, cat, &options, NULL), ICECAT_E_ARGUMENT);
    ic_request_free(&request);
}

static void a_copy_names_its_source_encoded_and_looks_for_errors_in_success(void **state)
{
    const icecat_s3_copy_options options = ICECAT_S3_COPY_OPTIONS_INIT;
    ic_request request;

    (void)state;
    assert_int_equal(
        ic_s3_copy_request(&request, NULL, cat, (ic_s3_place){ "judged", "k" }, &options, NULL),
        ICECAT_OK);
    assert_string_equal(request.method, "PUT");
    assert_string_equal(request.bucket, "judged");
    assert_string_equal(ic_pairs_get(&request.headers, "x-amz-copy-source"),
                        "/pictures/a%20b/c%2Bd~%C3%A9.jpg");
    assert_int_equal(request.error_in_success, 1);
    ic_request_free(&request);
}

static void keys_have_1_to_1024_bytes(void **state)
{
    char key[1026];
    ic_request request;

    (void)state;
    memset(key, 'k', sizeof(key));
    key[1025] = '\0';
    assert_int_equal(ic_s3_delete_request(&request, NULL, (ic_s3_place){ "abc", key }, NULL),
                     ICECAT_E_ARGUMENT);
    ic_request_free(&request);
    key[1024] = '\0';
    assert_int_equal(ic_s3_delete_request(&request, NULL, (ic_s3_place){ "abc", key }, NULL),
                     ICECAT_OK);
    ic_request_free(&request);
    assert_int_equal(ic_s3_delete_request(&request, NULL, (ic_s3_place){ "abc", "" }, NULL),
                     ICECAT_E_ARGUMENT);
    ic_request_free(&request);
}

static void a_range_tells_the_size_of_the_whole_object(void **state)
{
    const fake_answer answers[] = { { 206, ICECAT_OK,
                                      "content-range: bytes 0-2/1234\ncontent-length: 3\n"
                                      "etag: \"e\"\nx-amz-meta-original-file-name: a%20b",
                                      "abc" } };
    icecat_client *client = fake_client_new(NULL, 1);
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    icecat_s3_object *object = NULL;
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    options.range_len = 3;
    assert_int_equal(icecat_s3_get_object(client, "abc", "k", &options, &object, NULL), ICECAT_OK);
    assert_int_equal(icecat_s3_object_len(object), 3);
    assert_string_equal(icecat_s3_object_data(object), "abc");
    assert_int_equal(icecat_s3_object_size(object), 1234);
    assert_string_equal(icecat_s3_object_header(object, "X-Amz-Meta-Original-File-Name"), "a%20b");
    assert_null(icecat_s3_object_header(object, "x-amz-version-id"));
    assert_string_equal(icecat_s3_object_header_name(object, 0), "content-range");
    assert_string_equal(icecat_s3_object_header_name(object, 3), "x-amz-meta-original-file-name");
    assert_null(icecat_s3_object_header_name(object, 4));
    icecat_s3_object_free(object);
    icecat_client_free(client);
}

static void a_failed_get_leaves_no_object(void **state)
{
    const fake_answer answers[] = {
        { 404, ICECAT_OK, "x-amz-request-id: R1",
          "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>The specified key does not "
          "exist.</Message></Error>" }
    };
    icecat_client *client = fake_client_new(NULL, 1);
    icecat_s3_object *object = (icecat_s3_object *)client;
    fake_transport fake;
    icecat_error err;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    assert_int_equal(icecat_s3_get_object(client, "abc", "k", NULL, &object, &err),
                     ICECAT_E_NOT_FOUND);
    assert_null(object);
    assert_string_equal(err.aws_code, "NoSuchKey");
    assert_string_equal(err.request_id, "R1");
    icecat_client_free(client);
}

static void an_error_inside_a_good_copy_is_found_and_retried(void **state)
{
    const fake_answer answers[] = {
        { 200, ICECAT_OK, NULL,
          "<?xml "
          "version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>x</Message></Error>" },
        { 200, ICECAT_OK, NULL, "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>" }
    };
    icecat_client *client = fake_client_new(NULL, 3);
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 2);
    assert_int_equal(icecat_s3_copy_object(client, "abc", "k", "def", "k", NULL, NULL), ICECAT_OK);
    assert_int_equal(fake.started, 2);
    icecat_client_free(client);
}

static void a_false_condition_is_told_apart(void **state)
{
    const fake_answer answers[] = { { 412, ICECAT_OK, NULL,
                                      "<Error><Code>PreconditionFailed</Code></Error>" } };
    icecat_client *client = fake_client_new(NULL, 3);
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    options.if_none_match = 1;
    assert_int_equal(icecat_s3_put_object(client, "abc", "k", "x", 1, &options, NULL, NULL),
                     ICECAT_E_PRECONDITION);
    assert_int_equal(fake.started, 1);
    icecat_client_free(client);
}

static void a_put_tells_the_etag_with_its_quotes(void **state)
{
    const fake_answer answers[] = { { 200, ICECAT_OK, "etag: \"9dd4\"\nx-amz-version-id: v1",
                                      "" } };
    icecat_client *client = fake_client_new(NULL, 3);
    icecat_s3_put_result result = ICECAT_S3_PUT_RESULT_INIT;
    fake_transport fake;

    (void)state;
    fake_transport_install(&fake, client, answers, 1);
    assert_int_equal(icecat_s3_put_object(client, "abc", "k", "x", 1, NULL, &result, NULL),
                     ICECAT_OK);
    assert_string_equal(result.etag, "\"9dd4\"");
    assert_string_equal(result.version_id, "v1");
    assert_int_equal(icecat_s3_put_object(client, "abc", "k", NULL, 1, NULL, &result, NULL),
                     ICECAT_E_ARGUMENT);
    icecat_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_encoded_for_the_path_and_keeps_its_slashes),
        cmocka_unit_test(a_put_carries_type_metadata_condition_and_hash),
        cmocka_unit_test(metadata_that_would_break_the_header_is_refused),
        cmocka_unit_test(bucket_names_follow_the_rules_of_s3),
        cmocka_unit_test(ranges_are_inclusive_on_the_wire),
        cmocka_unit_test(a_copy_names_its_source_encoded_and_looks_for_errors_in_success),
        cmocka_unit_test(keys_have_1_to_1024_bytes),
        cmocka_unit_test(a_range_tells_the_size_of_the_whole_object),
        cmocka_unit_test(a_failed_get_leaves_no_object),
        cmocka_unit_test(an_error_inside_a_good_copy_is_found_and_retried),
        cmocka_unit_test(a_false_condition_is_told_apart),
        cmocka_unit_test(a_put_tells_the_etag_with_its_quotes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
