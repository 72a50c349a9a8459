/*
 * test_s3_put.c - the checksum of a put, and the doubt about a conditional one.
 */
#include "aws/checksum.h"
#include "cmocka_all.h"
#include "fake_transport.h"

#include <icecat/s3.h>
#include <stdio.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))
/* Of "x", as `printf x | openssl dgst -sha256 -binary | base64` and `md5sum` print them. */
#define X_SHA256 "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="
#define X_MD5    "9dd4e461268c8034f5c8564e155c67a6"

typedef struct rig {
    icecat_client *client;
    fake_transport fake;
    char checksum[64]; /* of the first request */
    char last_method[8];
    char mode[16];
} rig;

static void note(const ic_exchange *exchange, void *userdata)
{
    rig *r = userdata;
    const char *checksum = ic_pairs_get(exchange->headers, IC_CHECKSUM_HEADER);
    const char *mode = ic_pairs_get(exchange->headers, "x-amz-checksum-mode");

    if (r->fake.started == 1)
        snprintf(r->checksum, sizeof(r->checksum), "%s", checksum != NULL ? checksum : "");
    snprintf(r->last_method, sizeof(r->last_method), "%s", exchange->method);
    snprintf(r->mode, sizeof(r->mode), "%s", mode != NULL ? mode : "");
}

static void rig_begin(rig *r, const fake_answer *answers, size_t count)
{
    memset(r, 0, sizeof(*r));
    r->client = fake_client_new(NULL, 2);
    fake_transport_install(&r->fake, r->client, answers, count);
    r->fake.on_start = note;
    r->fake.userdata = r;
}

static icecat_status put(rig *r, uint32_t if_none_match, icecat_s3_put_result *result,
                         icecat_error *err)
{
    static const icecat_pair metadata[] = { { "colour", "red" } };
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;

    options.content_type = "image/png";
    options.metadata = metadata;
    options.metadata_count = 1;
    options.if_none_match = if_none_match;
    return icecat_s3_put_object(r->client, "pets", "a", "x", 1, &options, result, err);
}

static void a_put_carries_the_hash_that_is_signed_as_its_checksum(void **state)
{
    const fake_answer answers[] = { { 200, ICECAT_OK,
                                      "etag: \"e\"\n" IC_CHECKSUM_HEADER ": " X_SHA256, NULL } };
    rig r;

    (void)state;
    rig_begin(&r, answers, 1);
    assert_int_equal(put(&r, 0, NULL, NULL), ICECAT_OK);
    assert_string_equal(r.checksum, X_SHA256);
    r.client->sends_checksums = 0;
    r.fake.started = 0;
    assert_int_equal(put(&r, 0, NULL, NULL), ICECAT_OK);
    assert_string_equal(r.checksum, "");
    icecat_client_free(r.client);
}

static void another_checksum_in_the_answer_is_a_failure_to_be_tried_again(void **state)
{
    const fake_answer answers[] = {
        { 200, ICECAT_OK, "etag: \"e\"\n" IC_CHECKSUM_HEADER ": AAAA", NULL },
        { 200, ICECAT_OK, "etag: \"e\"", NULL },
    };
    icecat_error err;
    rig r;

    (void)state;
    rig_begin(&r, answers, 2);
    assert_int_equal(put(&r, 0, NULL, NULL), ICECAT_OK);
    assert_int_equal(r.fake.started, 2);
    icecat_client_free(r.client);

    rig_begin(&r, answers, 1);
    assert_int_equal(put(&r, 0, NULL, &err), ICECAT_E_UNAVAILABLE);
    assert_non_null(strstr(err.message, "stored with AAAA"));
    icecat_client_free(r.client);
}

#define KEPT "content-type: image/png\nx-amz-meta-colour: red\netag: \"" X_MD5 "\"\n"

static const struct doubt {
    const char *name;
    const char *there; /* headers of the answer to HEAD */
    icecat_status want;
} doubts[] = {
    { "the same checksum", KEPT "content-length: 1\n" IC_CHECKSUM_HEADER ": " X_SHA256, ICECAT_OK },
    { "the same MD5", KEPT "content-length: 1", ICECAT_OK },
    { "another checksum", KEPT "content-length: 1\n" IC_CHECKSUM_HEADER ": AAAA",
      ICECAT_E_PRECONDITION },
    { "another length", KEPT "content-length: 2", ICECAT_E_PRECONDITION },
    { "another MD5",
      "content-type: image/png\nx-amz-meta-colour: red\netag: \"0\"\ncontent-length: 1",
      ICECAT_E_PRECONDITION },
    { "another type",
      "content-type: image/jpeg\nx-amz-meta-colour: red\netag: \"" X_MD5 "\"\ncontent-length: 1",
      ICECAT_E_PRECONDITION },
    { "other metadata",
      "content-type: image/png\nx-amz-meta-colour: blue\netag: \"" X_MD5 "\"\ncontent-length: 1",
      ICECAT_E_PRECONDITION },
    { "no metadata", "content-type: image/png\netag: \"" X_MD5 "\"\ncontent-length: 1",
      ICECAT_E_PRECONDITION },
};

static void a_refusal_after_a_lost_answer_is_settled_by_what_is_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(doubts); i++) {
        const fake_answer answers[] = { { 0, ICECAT_E_TRANSFER, NULL, NULL },
                                        { 412, ICECAT_OK, NULL, NULL },
                                        { 200, ICECAT_OK, doubts[i].there, NULL } };
        icecat_s3_put_result result = ICECAT_S3_PUT_RESULT_INIT;
        icecat_error err;
        rig r;

        rig_begin(&r, answers, 3);
        if (put(&r, 1, &result, &err) != doubts[i].want)
            fail_msg("%s: %s", doubts[i].name, err.message);
        assert_int_equal(err.status, doubts[i].want);
        assert_int_equal(r.fake.started, 3);
        assert_string_equal(r.last_method, "HEAD");
        assert_string_equal(r.mode, "ENABLED");
        if (doubts[i].want == ICECAT_OK)
            assert_string_equal(result.etag, "\"" X_MD5 "\"");
        icecat_client_free(r.client);
    }
}

static void a_refusal_without_doubt_stands(void **state)
{
    const fake_answer first[] = { { 412, ICECAT_OK, NULL, NULL } };
    const fake_answer not_sent[] = { { 0, ICECAT_E_CONNECT, NULL, NULL },
                                     { 412, ICECAT_OK, NULL, NULL } };
    const fake_answer gone[] = { { 500, ICECAT_OK, NULL, NULL },
                                 { 412, ICECAT_OK, NULL, NULL },
                                 { 404, ICECAT_OK, NULL, NULL } };
    icecat_error err;
    rig r;

    (void)state;
    rig_begin(&r, first, 1);
    assert_int_equal(put(&r, 1, NULL, &err), ICECAT_E_PRECONDITION);
    assert_int_equal(r.fake.started, 1);
    icecat_client_free(r.client);

    rig_begin(&r, not_sent, 2);
    assert_int_equal(put(&r, 1, NULL, &err), ICECAT_E_PRECONDITION);
    assert_int_equal(r.fake.started, 2);
    icecat_client_free(r.client);

    rig_begin(&r, gone, 3);
    assert_int_equal(put(&r, 1, NULL, &err), ICECAT_E_PRECONDITION);
    assert_int_equal(r.fake.started, 3);
    assert_int_equal(err.http_status, 412);
    icecat_client_free(r.client);
}

static void a_conflict_is_tried_again(void **state)
{
    const fake_answer answers[] = {
        { 409, ICECAT_OK, NULL, "<Error><Code>ConditionalRequestConflict</Code></Error>" },
        { 200, ICECAT_OK, "etag: \"e\"", NULL },
    };
    rig r;

    (void)state;
    rig_begin(&r, answers, 2);
    assert_int_equal(put(&r, 1, NULL, NULL), ICECAT_OK);
    assert_int_equal(r.fake.started, 2);
    icecat_client_free(r.client);
}

static void a_copy_that_fails_inside_a_200_is_tried_again(void **state)
{
    const fake_answer answers[] = {
        { 200, ICECAT_OK, NULL, "\n<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code></Error>" },
        { 200, ICECAT_OK, NULL, "<CopyObjectResult><ETag>\"a\"</ETag></CopyObjectResult>" },
    };
    icecat_error err;
    rig r;

    (void)state;
    rig_begin(&r, answers, 2);
    assert_int_equal(icecat_s3_copy_object(r.client, "pets", "a", "pets", "b", NULL, NULL),
                     ICECAT_OK);
    assert_int_equal(r.fake.started, 2);
    icecat_client_free(r.client);

    rig_begin(&r, answers, 1);
    assert_int_equal(icecat_s3_copy_object(r.client, "pets", "a", "pets", "b", NULL, &err),
                     ICECAT_E_THROTTLED);
    assert_string_equal(err.aws_code, "SlowDown");
    icecat_client_free(r.client);
}

static void copied(const ic_exchange *exchange, void *userdata)
{
    static const char *const names[] = { "x-amz-metadata-directive", "content-type",
                                         "x-amz-meta-colour" };
    char(*out)[32] = userdata;

    for (size_t i = 0; i < LEN(names); i++) {
        const char *value = ic_pairs_get(exchange->headers, names[i]);

        snprintf(out[i], sizeof(out[i]), "%s", value != NULL ? value : "");
    }
}

static void a_copy_has_the_metadata_of_its_source_or_that_which_is_given(void **state)
{
    const fake_answer answers[] = { { 200, ICECAT_OK, NULL, "<CopyObjectResult/>" },
                                    { 200, ICECAT_OK, NULL, "<CopyObjectResult/>" } };
    const icecat_pair red[] = { { "colour", "red" } };
    icecat_s3_copy_options options = ICECAT_S3_COPY_OPTIONS_INIT;
    char sent[3][32];
    icecat_error err;
    rig r;

    (void)state;
    rig_begin(&r, answers, 2);
    r.fake.on_start = copied;
    r.fake.userdata = sent;
    assert_int_equal(icecat_s3_copy_object(r.client, "pets", "a", "pets", "b", &options, NULL),
                     ICECAT_OK);
    assert_string_equal(sent[0], "");
    assert_string_equal(sent[1], "");
    options.replace_metadata = 1;
    options.content_type = "image/png";
    options.metadata = red;
    options.metadata_count = 1;
    assert_int_equal(icecat_s3_copy_object(r.client, "pets", "a", "pets", "b", &options, NULL),
                     ICECAT_OK);
    assert_string_equal(sent[0], "REPLACE");
    assert_string_equal(sent[1], "image/png");
    assert_string_equal(sent[2], "red");

    options.replace_metadata = 0;
    assert_int_equal(icecat_s3_copy_object(r.client, "pets", "a", "pets", "b", &options, &err),
                     ICECAT_E_ARGUMENT);
    assert_non_null(strstr(err.message, "replace_metadata"));
    icecat_s3_copy_options_init(&options, sizeof(options));
    options.reserved = 1;
    assert_int_equal(icecat_s3_copy_object(r.client, "pets", "a", "pets", "b", &options, &err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(r.fake.started, 2);
    icecat_client_free(r.client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_put_carries_the_hash_that_is_signed_as_its_checksum),
        cmocka_unit_test(another_checksum_in_the_answer_is_a_failure_to_be_tried_again),
        cmocka_unit_test(a_refusal_after_a_lost_answer_is_settled_by_what_is_there),
        cmocka_unit_test(a_refusal_without_doubt_stands),
        cmocka_unit_test(a_conflict_is_tried_again),
        cmocka_unit_test(a_copy_that_fails_inside_a_200_is_tried_again),
        cmocka_unit_test(a_copy_has_the_metadata_of_its_source_or_that_which_is_given),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
