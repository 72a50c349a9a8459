/*
 * test_local_s3_upload.c - multipart uploads. Expected digests were computed with Python's hashlib
 * and zlib.
 */
#include "cmocka_all.h"
#include "s3_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB (1024u * 1024u)

static char upload_id[80];

static void begin(s3_driver *d, const char *headers)
{
    s3_want(d, "POST /cats/big?uploads", headers, NULL, 200);
    (void)s3_element(d, "UploadId", upload_id, sizeof(upload_id));
    assert_int_equal(strlen(upload_id), 64);
}

static const char *at_upload(const char *before)
{
    static char line[300];

    (void)snprintf(line, sizeof(line), "%suploadId=%s", before, upload_id);
    return line;
}

/* Upload a part of len bytes, all c. */
static void part(s3_driver *d, int number, size_t len, char c)
{
    char *bytes = malloc(len);
    char line[100];

    memset(bytes, c, len);
    (void)snprintf(line, sizeof(line), "PUT /cats/big?partNumber=%d&", number);
    assert_int_equal(s3_do_bytes(d, at_upload(line), NULL, bytes, len), 200);
    free(bytes);
}

#define A_ETAG             "79b281060d337b9b2b84ccf390adcf74"
#define B_ETAG             "08f8e0260c64418510cefb2b06eee5cd"
#define DONE(parts)        "<CompleteMultipartUpload>" parts "</CompleteMultipartUpload>"
#define PART(number, etag) "<Part><PartNumber>" number "</PartNumber><ETag>" etag "</ETag></Part>"
#define BOTH               DONE(PART("1", "\"" A_ETAG "\"") PART("3", "&quot;" B_ETAG "&quot;"))

/* 5 MiB of 'a' as part 1, "bbb" as part 3. */
static void two_parts(s3_driver *d)
{
    part(d, 1, 5 * MIB, 'a');
    assert_string_equal(s3_got(d, "etag"), "\"" A_ETAG "\"");
    part(d, 3, 3, 'b');
    assert_string_equal(s3_got(d, "etag"), "\"" B_ETAG "\"");
}

static void parts_become_an_object(void **state)
{
    s3_driver *d = *state;

    begin(d, "Content-Type: image/jpeg\nx-amz-meta-a: 1");
    part(d, 2, 7, 'x'); /* not in the list: dropped */
    part(d, 3, 9, 'y'); /* replaced */
    two_parts(d);
    s3_refused(d, "GET /cats/big", NULL, NULL, 404, "NoSuchKey");
    assert_int_equal(d->event_count, 0);
    s3_want(d, at_upload("POST /cats/big?"), "Host: localhost:9000", BOTH, 200);
    assert_true(s3_has(d, "<ETag>&quot;06a6ca67e53064f3f30a42ee29a62f5d-2&quot;</ETag>"));
    assert_true(s3_has(d, "<Location>http://localhost:9000/cats/big</Location>"));
    assert_string_equal(d->events[0].name, "ObjectCreated:CompleteMultipartUpload");
    assert_string_equal(d->events[0].etag, "06a6ca67e53064f3f30a42ee29a62f5d-2");
    assert_int_equal(d->events[0].size, 5 * MIB + 3);
    s3_want(d, "GET /cats/big", NULL, NULL, 200);
    assert_int_equal(d->answer.body_len, 5 * MIB + 3);
    assert_string_equal(s3_body(d) + 5 * MIB - 1, "abbb");
    assert_string_equal(s3_got(d, "content-type"), "image/jpeg");
    assert_string_equal(s3_got(d, "x-amz-meta-a"), "1");
    assert_string_equal(s3_got(d, "etag"), "\"06a6ca67e53064f3f30a42ee29a62f5d-2\"");
    s3_want(d, "GET /cats/big", "Range: bytes=5242878-5242881", NULL, 206);
    assert_string_equal(s3_body(d), "aabb");
    s3_want(d, "GET /cats/big", "Range: bytes=5242881-", NULL, 206);
    assert_string_equal(s3_body(d), "bb");
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_piece"), 2);
    s3_refused(d, at_upload("POST /cats/big?"), NULL, BOTH, 404, "NoSuchUpload");
    s3_want(d, "PUT /cats/copy", "x-amz-copy-source: cats/big", NULL, 200);
    assert_true(s3_has(d, "&quot;e374d8dd7fa2cd7eba60b2e39f405606&quot;"));
    s3_want(d, "DELETE /cats/big", NULL, NULL, 204);
    s3_want(d, "DELETE /cats/copy", NULL, NULL, 204);
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_piece"), 0);
}

static void checksum_of_checksums(void **state)
{
    s3_driver *d = *state;

    begin(d, "x-amz-checksum-algorithm: crc32");
    assert_string_equal(s3_got(d, "x-amz-checksum-algorithm"), "CRC32");
    assert_string_equal(s3_got(d, "x-amz-checksum-type"), "COMPOSITE");
    two_parts(d);
    s3_refused(d, at_upload("POST /cats/big?"), NULL,
               DONE("<Part><PartNumber>1</PartNumber><ETag>" A_ETAG "</ETag>"
                    "<ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>"),
               400, "InvalidPart");
    s3_want(d, at_upload("POST /cats/big?"), NULL,
            DONE("<Part><ChecksumCRC32>r/zBbw==</ChecksumCRC32><PartNumber>1</PartNumber>"
                 "<ETag>" A_ETAG "</ETag></Part>" PART("3", B_ETAG)),
            200);
    assert_true(s3_has(d, "<ChecksumCRC32>k5yxow==-2</ChecksumCRC32>"
                          "<ChecksumType>COMPOSITE</ChecksumType>"));
    s3_want(d, "HEAD /cats/big", "x-amz-checksum-mode: ENABLED", NULL, 200);
    assert_string_equal(s3_got(d, "x-amz-checksum-crc32"), "k5yxow==-2");
    assert_string_equal(s3_got(d, "x-amz-checksum-type"), "COMPOSITE");
    /* A copy is one whole, so its checksum is too. */
    s3_want(d, "PUT /cats/copy", "x-amz-copy-source: cats/big", NULL, 200);
    assert_true(s3_has(d, "<ChecksumCRC32>ZQQbhw==</ChecksumCRC32>"));
}

static void checksum_of_the_whole(void **state)
{
    s3_driver *d = *state;

    begin(d, "x-amz-checksum-algorithm: CRC32\nx-amz-checksum-type: FULL_OBJECT");
    two_parts(d);
    s3_refused(d, at_upload("POST /cats/big?"), "x-amz-checksum-crc32: AAAAAA==", BOTH, 400,
               "BadDigest");
    s3_want(d, at_upload("POST /cats/big?"), "x-amz-checksum-crc32: ZQQbhw==", BOTH, 200);
    assert_true(s3_has(d, "<ChecksumCRC32>ZQQbhw==</ChecksumCRC32>"
                          "<ChecksumType>FULL_OBJECT</ChecksumType>"));
    begin(d, "x-amz-checksum-algorithm: SHA256");
    two_parts(d);
    s3_want(d, at_upload("POST /cats/big?"), NULL, BOTH, 200);
    assert_true(s3_has(d, "<ChecksumSHA256>gDrP5FwCfWjU1qVqWfAgL+dUtgwH0Gl3tgBARzkxMWI=-2<"));
    s3_refused(d, "POST /cats/big?uploads",
               "x-amz-checksum-algorithm: SHA256\nx-amz-checksum-type: FULL_OBJECT", NULL, 400,
               "InvalidRequest");
    s3_refused(d, "POST /cats/big?uploads",
               "x-amz-checksum-algorithm: CRC64NVME\nx-amz-checksum-type: COMPOSITE", NULL, 400,
               "InvalidRequest");
    s3_refused(d, "POST /cats/big?uploads", "x-amz-checksum-algorithm: CRC16", NULL, 400,
               "InvalidRequest");
    s3_refused(d, "POST /cats/big?uploads", "x-amz-checksum-type: COMPOSITE", NULL, 400,
               "InvalidRequest");
}

static void wrong_lists(void **state)
{
    static const struct {
        const char *xml;
        const char *code;
    } cases[] = {
        { "", "MalformedXML" },
        { DONE(""), "MalformedXML" },
        { DONE("<Part/>"), "MalformedXML" },
        { DONE("<Part><PartNumber>1</PartNumber></Part>"), "MalformedXML" },
        { DONE("<Part><ETag>" A_ETAG "</ETag></Part>"), "MalformedXML" },
        { DONE(PART("one", A_ETAG)), "MalformedXML" },
        { DONE(PART("1", A_ETAG) "<Other/>"), "MalformedXML" },
        { "<Complete>" PART("1", A_ETAG) "</Complete>", "MalformedXML" },
        { DONE(PART("10001", A_ETAG)), "InvalidArgument" },
        { DONE(PART("1", B_ETAG)), "InvalidPart" },
        { DONE(PART("2", A_ETAG)), "InvalidPart" },
        { DONE(PART("1", A_ETAG "0000000000000000")), "MalformedXML" },
        { DONE(PART("3", B_ETAG) PART("1", A_ETAG)), "EntityTooSmall" },
        { DONE(PART("1", A_ETAG) PART("1", A_ETAG)), "InvalidPartOrder" },
    };
    s3_driver *d = *state;

    begin(d, NULL);
    two_parts(d);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        s3_refused(d, at_upload("POST /cats/big?"), NULL, cases[i].xml, 400, cases[i].code);
    s3_refused(d, at_upload("POST /cats/big?"), "x-amz-mp-object-size: 3", BOTH, 400,
               "InvalidRequest");
    s3_refused(d, at_upload("POST /cats/other?"), NULL, BOTH, 404, "NoSuchUpload");
    s3_want(d, "PUT /cats/big", NULL, "here first", 200);
    s3_refused(d, at_upload("POST /cats/big?"), "If-None-Match: *", BOTH, 412,
               "PreconditionFailed");
    d->refuse_event = 1;
    s3_refused(d, at_upload("POST /cats/big?"), NULL, BOTH, 500, "InternalError");
    d->refuse_event = 0;
    s3_want(d, "GET /cats/big", NULL, NULL, 200);
    assert_string_equal(s3_body(d), "here first");
    s3_want(d, at_upload("POST /cats/big?"), "x-amz-mp-object-size: 5242883", BOTH, 200);
}

static void wrong_parts(void **state)
{
    static const char *const numbers[] = { "0", "10001", "-1", "x", "", "1x", "99999999999" };
    s3_driver *d = *state;
    char line[100];

    begin(d, NULL);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        (void)snprintf(line, sizeof(line), "PUT /cats/big?partNumber=%s&", numbers[i]);
        s3_refused(d, at_upload(line), NULL, "x", 400, "InvalidArgument");
    }
    s3_refused(d, at_upload("PUT /cats/big?"), NULL, "x", 400, "InvalidArgument");
    s3_refused(d, at_upload("PUT /cats/big?partNumber=1&"), "x-amz-checksum-crc32: AAAAAA==", "x",
               400, "BadDigest");
    s3_refused(d, "PUT /cats/big?partNumber=1&uploadId=none", NULL, "x", 404, "NoSuchUpload");
    assert_true(s3_has(d, "<UploadId>none</UploadId>"));
    s3_refused(d, "PUT /dogs/big?partNumber=1&uploadId=none", NULL, "x", 404, "NoSuchBucket");
    s3_refused(d, "POST /dogs/big?uploads", NULL, NULL, 404, "NoSuchBucket");
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_piece"), 0);
}

static void aborts(void **state)
{
    s3_driver *d = *state;

    begin(d, NULL);
    part(d, 1, 10, 'a');
    s3_want(d, at_upload("DELETE /cats/big?"), NULL, NULL, 204);
    s3_refused(d, at_upload("DELETE /cats/big?"), NULL, NULL, 404, "NoSuchUpload");
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_piece"), 0);
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_upload"), 0);
    assert_int_equal(d->event_count, 0);
}

static void parts_by_copy(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/source", NULL, "0123456789", 200);
    begin(d, "x-amz-checksum-algorithm: CRC32");
    s3_want(d, at_upload("PUT /cats/big?partNumber=1&"),
            "x-amz-copy-source: cats/source\nx-amz-copy-source-range: bytes=2-4", NULL, 200);
    assert_true(s3_has(d, "<CopyPartResult"));
    assert_true(s3_has(d, "<ETag>&quot;289dff07669d7a23de0ef88d2f7129e7&quot;</ETag>"));
    assert_true(s3_has(d, "<ChecksumCRC32>")); /* of "234" */
    s3_want(d, at_upload("POST /cats/big?"), NULL,
            DONE(PART("1", "289dff07669d7a23de0ef88d2f7129e7")), 200);
    s3_want(d, "GET /cats/big", NULL, NULL, 200);
    assert_string_equal(s3_body(d), "234");
    begin(d, NULL);
    s3_refused(d, at_upload("PUT /cats/big?partNumber=1&"),
               "x-amz-copy-source: cats/source\nx-amz-copy-source-range: bytes=2-99", NULL, 400,
               "InvalidArgument");
    s3_refused(d, at_upload("PUT /cats/big?partNumber=1&"),
               "x-amz-copy-source: cats/source\nx-amz-copy-source-range: bytes=-3", NULL, 400,
               "InvalidArgument");
    s3_refused(d, at_upload("PUT /cats/big?partNumber=1&"), "x-amz-copy-source: cats/none", NULL,
               404, "NoSuchKey");
}

static void lists(void **state)
{
    s3_driver *d = *state;
    char key[100];
    char id[100];
    char line[400];

    begin(d, NULL);
    part(d, 2, 7, 'x');
    part(d, 1, 7, 'x');
    part(d, 10000, 7, 'x');
    s3_want(d, at_upload("GET /cats/big?max-parts=2&"), NULL, NULL, 200);
    assert_int_equal(s3_count(d, "<Part>"), 2);
    assert_true(s3_has(d, "<IsTruncated>true</IsTruncated>"));
    assert_true(s3_has(d, "<NextPartNumberMarker>2</NextPartNumberMarker>"));
    s3_want(d, at_upload("GET /cats/big?part-number-marker=2&"), NULL, NULL, 200);
    assert_true(s3_has(d, "<Part><PartNumber>10000</PartNumber>"));
    assert_true(s3_has(d, "<Size>7</Size>"));
    assert_true(s3_has(d, "<IsTruncated>false</IsTruncated>"));
    s3_refused(d, at_upload("GET /cats/big?max-parts=x&"), NULL, NULL, 400, "InvalidArgument");
    begin(d, NULL);
    s3_want(d, "POST /cats/other?uploads", NULL, NULL, 200);
    s3_want(d, "GET /cats?uploads", NULL, NULL, 200);
    assert_int_equal(s3_count(d, "<Upload>"), 3);
    s3_want(d, "GET /cats?uploads&prefix=o", NULL, NULL, 200);
    assert_int_equal(s3_count(d, "<Upload>"), 1);
    s3_want(d, "GET /cats?uploads&max-uploads=1", NULL, NULL, 200);
    (void)snprintf(line, sizeof(line), "GET /cats?uploads&key-marker=%s&upload-id-marker=%s",
                   s3_element(d, "NextKeyMarker", key, sizeof(key)),
                   s3_element(d, "NextUploadIdMarker", id, sizeof(id)));
    s3_want(d, line, NULL, NULL, 200);
    assert_int_equal(s3_count(d, "<Upload>"), 2);
    s3_want(d, "GET /cats?uploads&key-marker=big", NULL, NULL, 200);
    assert_int_equal(s3_count(d, "<Upload>"), 1);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, s3_driver_open, s3_driver_close)
    const struct CMUnitTest tests[] = {
        WITH_STORE(parts_become_an_object),
        WITH_STORE(checksum_of_checksums),
        WITH_STORE(checksum_of_the_whole),
        WITH_STORE(wrong_lists),
        WITH_STORE(wrong_parts),
        WITH_STORE(aborts),
        WITH_STORE(parts_by_copy),
        WITH_STORE(lists),
    };

    return cmocka_run_group_tests_name("icecat-local S3: multipart uploads", tests, NULL, NULL);
}
