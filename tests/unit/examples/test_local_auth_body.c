/*
 * test_local_auth_body.c - bodies of icecat-local: framing taken off, trailers and checksums checked.
 */
#include "auth_driver.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIRE_SIZE (66824 + 1)

static size_t write_published(unsigned char *wire)
{
    size_t len = (size_t)snprintf(
        (char *)wire, WIRE_SIZE, "10000;chunk-signature=%s\r\n",
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
    memset(wire + len, 'a', 65536);
    len += 65536;
    len += (size_t)snprintf((char *)wire + len, WIRE_SIZE - len, "\r\n400;chunk-signature=%s\r\n",
                            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
    memset(wire + len, 'a', 1024);
    len += 1024;
    len += (size_t)snprintf((char *)wire + len, WIRE_SIZE - len, "\r\n0;chunk-signature=%s\r\n\r\n",
                            "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
    return len;
}

/* The chunked upload of the Amazon S3 API Reference, its seed signature as printed there. */
static void the_published_chunked_upload_comes_in(void **state)
{
    static unsigned char wire[WIRE_SIZE];
    const unsigned char *body;
    unsigned char *owned;
    size_t len;
    size_t body_len;
    call c;

    (void)state;
    call_begin(&c, "s3");
    c.request.path = "/examplebucket/chunkObject.txt";
    call_find(&c, "Host")->value = call_keep(&c, "s3.amazonaws.com");
    call_header(&c, "x-amz-date", "20130524T000000Z");
    call_header(&c, "x-amz-storage-class", "REDUCED_REDUNDANCY");
    call_header(
        &c, "Authorization",
        "AWS4-HMAC-SHA256 Credential=" KEY_ID "/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
        "x-amz-decoded-content-length;x-amz-storage-class,"
        "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    call_header(&c, "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    call_header(&c, "Content-Encoding", "aws-chunked");
    call_header(&c, "x-amz-decoded-content-length", "66560");
    call_header(&c, "Content-Length", "66824");
    len = write_published(wire);
    c.request.body = wire;
    c.request.body_len = len;
    expect_good(&c);
    assert_true(auth_body(&auth_driver_settings, &c.request, &body, &body_len, &owned, &c.fault));
    assert_int_equal(body_len, 66560);
    assert_int_equal(body[66559], 'a');
    assert_ptr_equal(body, owned);
    free(owned);
    wire[1000] = 'b';
    expect_good(&c);
    expect_bad_body(&c, 403, "SignatureDoesNotMatch", "does not match");
}

static void begin_framed(call *c, const char *length, const char *body)
{
    call_begin(c, "s3");
    c->hash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    call_header(c, "x-amz-content-sha256", c->hash);
    call_header(c, "x-amz-trailer", "x-amz-checksum-crc32");
    call_header(c, "x-amz-sdk-checksum-algorithm", "CRC32");
    if (length != NULL)
        call_header(c, "x-amz-decoded-content-length", length);
    call_body(c, body);
    call_sign(c);
}

static void trailers_are_checked(void **state)
{
    call c;

    (void)state;
    begin_framed(&c, "5", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_body(&c, "hello");
    begin_framed(&c, "5", "5\r\nhellO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 400, "BadDigest", "The CRC32 you specified did not match");
    begin_framed(&c, "5", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg=\r\n\r\n");
    expect_bad_body(&c, 400, "InvalidRequest", "x-amz-checksum-crc32 trailing header is invalid");
    begin_framed(&c, "5", "5\r\nhello\r\n0\r\n\r\n");
    expect_bad_body(&c, 400, "MalformedTrailerError", "trailing data");
    begin_framed(&c, "5",
                 "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-acl:private\r\n\r\n");
    expect_bad_body(&c, 400, "MalformedTrailerError", "trailing data");
    begin_framed(&c, "6", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 400, "IncompleteBody", "terminated unexpectedly");
    begin_framed(&c, NULL, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 411, "MissingContentLength", "Content-Length");
    begin_framed(&c, "5x", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 400, "InvalidRequest", "x-amz-decoded-content-length");
    begin_framed(&c, "2", "1\r\na\r\n1\r\nb\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    expect_bad_body(&c, 400, "InvalidChunkSizeError", "8192");
    call_begin_s3(&c);
    call_header(&c, "x-amz-trailer", "x-amz-checksum-crc32");
    call_sign(&c);
    expect_bad_body(&c, 400, "MalformedTrailerError", "trailing data");
}

static void checksum_headers_are_checked(void **state)
{
    static const struct {
        const char *name;
        const char *good;
    } sums[] = { { "X-Amz-Checksum-CRC32", "NhCmhg==" },
                 { "x-amz-checksum-crc32c", "mnG7TA==" },
                 { "x-amz-checksum-crc64nvme", "M3eFcAZSQlc=" },
                 { "x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=" },
                 { "x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=" },
                 { "Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==" } };
    call c;

    (void)state;
    for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
        call_begin_s3(&c);
        call_header(&c, sums[i].name, sums[i].good);
        call_sign(&c);
        expect_body(&c, "hello");
        call_body(&c, "hellO");
        expect_bad_body(&c, 400, "BadDigest", "you specified did not match");
        call_find(&c, sums[i].name)->value = call_keep(&c, "!");
        expect_bad_body(&c, 400, i == 5 ? "InvalidDigest" : "InvalidRequest", "invalid");
    }
}

static void what_checksum_headers_may_say(void **state)
{
    call c;

    (void)state;
    call_begin_s3(&c);
    call_header(&c, "x-amz-checksum-crc32", "NhCmhg==");
    call_header(&c, "x-amz-checksum-algorithm", "CRC32");
    call_header(&c, "x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=");
    expect_bad_body(&c, 400, "InvalidRequest", "Expecting a single x-amz-checksum- header.");
    call_begin_s3(&c);
    call_header(&c, "x-amz-sdk-checksum-algorithm", "CRC32");
    expect_bad_body(&c, 400, "InvalidRequest", "no corresponding x-amz-checksum-*");
    call_header(&c, "x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=");
    expect_bad_body(&c, 400, "InvalidRequest", "x-amz-sdk-checksum-algorithm header is invalid");
    call_begin_s3(&c);
    call_header(&c, "x-amz-checksum-xxhash64", "AAAAAAAAAAA=");
    expect_bad_body(&c, 501, "NotImplemented", "not implemented");
    call_begin_s3(&c);
    c.request.method = "POST";
    c.request.query = "uploadId=1";
    call_header(&c, "x-amz-checksum-crc32", "AAAAAA==-2");
    call_sign(&c);
    expect_body(&c, "hello");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_chunked_upload_comes_in),
        cmocka_unit_test(trailers_are_checked),
        cmocka_unit_test(checksum_headers_are_checked),
        cmocka_unit_test(what_checksum_headers_may_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
