/*
 * test_local_s3_buckets.c - buckets, addressing, probes of settings, what is not there.
 */
#include "cmocka_all.h"
#include "s3_driver.h"

#include <stdio.h>
#include <string.h>

static void a_bucket_lives(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /dogs", NULL, NULL, 200);
    assert_string_equal(s3_got(d, "location"), "/dogs");
    s3_refused(d, "PUT /dogs", NULL, NULL, 409, "BucketAlreadyOwnedByYou");
    s3_want(d, "HEAD /dogs", NULL, NULL, 200);
    assert_string_equal(s3_got(d, "x-amz-bucket-region"), "eu-west-1");
    s3_want(d, "GET /", NULL, NULL, 200);
    assert_true(s3_has(d, "<Name>cats</Name><CreationDate>2023-11-14T22:13:20.000Z<"));
    assert_true(s3_has(d, "<Name>dogs</Name>"));
    s3_want(d, "GET /?prefix=do", NULL, NULL, 200);
    assert_false(s3_has(d, "<Name>cats</Name>"));
    s3_want(d, "DELETE /dogs/", NULL, NULL, 204);
    s3_refused(d, "DELETE /dogs", NULL, NULL, 404, "NoSuchBucket");
    s3_want(d, "HEAD /dogs", NULL, NULL, 404);
    assert_null(d->answer.body);
}

static void only_an_empty_bucket_is_deleted(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/k", NULL, "x", 200);
    s3_refused(d, "DELETE /cats", NULL, NULL, 409, "BucketNotEmpty");
    s3_want(d, "GET /cats/k", NULL, NULL, 200);
    s3_want(d, "DELETE /cats/k", NULL, NULL, 204);
    s3_want(d, "POST /cats/k?uploads", NULL, NULL, 200);
    s3_want(d, "DELETE /cats", NULL, NULL, 204);
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_upload"), 0);
}

static void names(void **state)
{
    static const char *const bad[] = { "ab",       "Cats",         "cats_",      "-cats",
                                       "cats-",    "ca..ts",       "ca.-t",      "192.168.5.4",
                                       "xn--cats", "cats-s3alias", "cats--x-s3", "c%20ts" };
    static const char *const good[] = { "abc", "1.2.3", "a-b.c-d", "3cats" };
    s3_driver *d = *state;
    char line[120];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void)snprintf(line, sizeof(line), "PUT /%s", bad[i]);
        s3_refused(d, line, NULL, NULL, 400, "InvalidBucketName");
    }
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        (void)snprintf(line, sizeof(line), "PUT /%s", good[i]);
        s3_want(d, line, NULL, NULL, 200);
    }
    (void)snprintf(line, sizeof(line), "PUT /%064d", 1);
    s3_refused(d, line, NULL, NULL, 400, "InvalidBucketName");
    (void)snprintf(line, sizeof(line), "PUT /%063d", 1);
    s3_want(d, line, NULL, NULL, 200);
}

#define LOCATION(region)                                                                           \
    "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"                \
    "<LocationConstraint>" region "</LocationConstraint></CreateBucketConfiguration>"

static void locations(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /dogs", NULL, LOCATION("eu-west-1"), 200);
    s3_want(d, "PUT /birds", NULL, LOCATION("EU"), 200);
    s3_refused(d, "PUT /mice", NULL, LOCATION("us-west-2"), 400,
               "IllegalLocationConstraintException");
    s3_refused(d, "PUT /mice", NULL, "<CreateBucketConfiguration>", 400, "MalformedXML");
    s3_want(d, "HEAD /mice", NULL, NULL, 404);
    s3_want(d, "GET /cats?location", NULL, NULL, 200);
    assert_true(s3_has(d, ">eu-west-1</LocationConstraint>"));
    d->settings.region = "us-east-1";
    s3_want(d, "GET /cats?location", NULL, NULL, 200);
    assert_true(s3_has(d, "/2006-03-01/\"></LocationConstraint>"));
}

static void both_ways_to_name_a_bucket(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /my.pets", "Host: localhost:9000", NULL, 200);
    s3_want(d, "PUT /tom", "Host: cats.localhost:9000", "hello", 200);
    s3_want(d, "GET /cats/tom", "Host: 127.0.0.1:9000", NULL, 200);
    s3_want(d, "GET /cats/tom", "Host: s3.localhost", NULL, 200);
    s3_want(d, "GET /cats/tom", "Host: s3.eu-west-1.amazonaws.com", NULL, 200);
    s3_want(d, "GET /tom", "Host: cats.s3.eu-west-1.amazonaws.com", NULL, 200);
    s3_want(d, "GET /tom", "Host: cats.s3.localhost:9000", NULL, 200);
    s3_want(d, "PUT //tom", "Host: my.pets.localhost", "hello", 200);
    s3_want(d, "GET /my.pets//tom", "Host: [::1]:9000", NULL, 200);
    s3_want(d, "GET /?list-type=2", "Host: my.pets.localhost", NULL, 200);
    assert_true(s3_has(d, "<Key>/tom</Key>"));
    s3_refused(d, "GET /tom", "Host: dogs.localhost", NULL, 404, "NoSuchBucket");
}

static void probes(void **state)
{
    static const struct {
        const char *request;
        int status;
        const char *part;
    } cases[] = {
        { "GET /cats?versioning", 200, "<VersioningConfiguration" },
        { "GET /cats?acl", 200, "FULL_CONTROL" },
        { "GET /cats?notification", 200, "<NotificationConfiguration" },
        { "GET /cats?logging", 200, "<BucketLoggingStatus" },
        { "GET /cats?requestPayment", 200, "<Payer>BucketOwner</Payer>" },
        { "GET /cats?tagging", 404, "<Code>NoSuchTagSet<" },
        { "GET /cats?lifecycle", 404, "<Code>NoSuchLifecycleConfiguration<" },
        { "GET /cats?policy", 404, "<Code>NoSuchBucketPolicy<" },
        { "GET /cats?cors", 404, "<Code>NoSuchCORSConfiguration<" },
        { "GET /cats?object-lock", 404, "<Code>ObjectLockConfigurationNotFoundError<" },
        { "GET /cats?encryption", 404, "<Code>ServerSideEncryptionConfigurationNotFoundError<" },
        { "GET /cats?website", 404, "<Code>NoSuchWebsiteConfiguration<" },
        { "GET /cats?replication", 404, "<Code>ReplicationConfigurationNotFoundError<" },
        { "GET /cats?publicAccessBlock", 404, "<Code>NoSuchPublicAccessBlockConfiguration<" },
        { "GET /dogs?versioning", 404, "<Code>NoSuchBucket<" },
        { "GET /cats/k?acl", 200, "FULL_CONTROL" },
        { "GET /cats/k?tagging", 200, "<TagSet></TagSet>" },
        { "GET /cats/k?retention", 404, "<Code>NoSuchObjectLockConfiguration<" },
        { "GET /cats/none?tagging", 404, "<Code>NoSuchKey<" },
        { "PUT /cats?versioning", 501, "<Code>NotImplemented<" },
        { "PUT /cats?policy", 501, "<Code>NotImplemented<" },
        { "DELETE /cats/k?tagging", 501, "<Code>NotImplemented<" },
        { "GET /cats?versions", 501, "<Parameter>versions</Parameter>" },
        { "GET /cats?inventory", 501, "<Code>NotImplemented<" },
        { "GET /cats/k?torrent", 501, "<Code>NotImplemented<" },
        { "GET /cats/k?partNumber=1", 501, "<Code>NotImplemented<" },
        { "POST /cats", 501, "<Code>NotImplemented<" },
        { "POST /cats/k", 405, "<Code>MethodNotAllowed<" },
        { "PATCH /cats/k", 405, "<Code>MethodNotAllowed<" },
        { "PUT /", 405, "<Code>MethodNotAllowed<" },
        { "GET /cats?x=%zz", 400, "<Code>InvalidURI<" },
        { "GET //x", 400, "<Code>InvalidBucketName<" },
    };
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/k", NULL, "x", 200);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        s3_want(d, cases[i].request, NULL, NULL, cases[i].status);
        if (!s3_has(d, cases[i].part))
            fail_msg("%s: %s", cases[i].request, s3_body(d));
    }
    s3_want(d, "GET /cats/k", NULL, NULL, 200);
}

static void headers_that_are_not_ignored(void **state)
{
    s3_driver *d = *state;

    s3_refused(d, "PUT /cats/k", "x-amz-tagging: a=b", "x", 501, "NotImplemented");
    s3_refused(d, "PUT /cats/k", "x-amz-server-side-encryption: AES256", "x", 501,
               "NotImplemented");
    s3_refused(d, "PUT /cats/k", "x-amz-storage-class: GLACIER", "x", 400, "InvalidStorageClass");
    s3_refused(d, "PUT /cats/k", "x-amz-acl: public-read", "x", 400,
               "AccessControlListNotSupported");
    s3_refused(d, "PUT /cats/k", "x-amz-grant-read: id=1", "x", 400,
               "AccessControlListNotSupported");
    s3_refused(d, "GET /cats", "x-amz-expected-bucket-owner: 123456789012", NULL, 403,
               "AccessDenied");
    s3_want(d, "PUT /cats/k",
            "x-amz-storage-class: STANDARD\nx-amz-acl: bucket-owner-full-control\n"
            "x-amz-expected-bucket-owner: 000000000000",
            "x", 200);
}

static void too_many_parameters(void **state)
{
    s3_driver *d = *state;
    char line[400] = "GET /cats?";

    for (int i = 0; i < 65; i++)
        (void)strncat(line, "a=b&", sizeof(line) - strlen(line) - 1);
    s3_refused(d, line, NULL, NULL, 400, "InvalidURI");
    line[10 + 64 * 4] = '\0';
    s3_want(d, line, NULL, NULL, 200);
}

static void an_error_for_a_refused_signature(void **state)
{
    http_request r = { .method = "GET", .path = "/cats/<k>", .query = "", .request_id = "R1" };
    http_answer answer = { 0 };

    (void)state;
    s3_error(&answer, &r, 403, "SignatureDoesNotMatch", "No & no.");
    assert_int_equal(answer.status, 403);
    assert_non_null(strstr((char *)answer.body,
                           "<Error><Code>SignatureDoesNotMatch</Code><Message>No &amp; no."
                           "</Message><Resource>/cats/&lt;k&gt;</Resource>"
                           "<RequestId>R1</RequestId>"));
    http_answer_clear(&answer);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, s3_driver_open, s3_driver_close)
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_bucket_lives),
        WITH_STORE(only_an_empty_bucket_is_deleted),
        WITH_STORE(names),
        WITH_STORE(locations),
        WITH_STORE(both_ways_to_name_a_bucket),
        WITH_STORE(probes),
        WITH_STORE(headers_that_are_not_ignored),
        WITH_STORE(too_many_parameters),
        cmocka_unit_test(an_error_for_a_refused_signature),
    };

    return cmocka_run_group_tests_name("icecat-local S3: buckets", tests, NULL, NULL);
}
