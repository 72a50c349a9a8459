/*
 * test_local_s3_objects.c - put, get, head, copy and delete: headers, limits, conditions, events.
 */
#include "cmocka_all.h"
#include "s3_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char hello_md5[] = "\"5d41402abc4b2a76b9719d911017c592\"";

static void keeps_bytes_and_headers(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/a/tom.jpg",
            "Content-Type: image/jpeg\nX-Amz-Meta-Original-File-Name: tom%20cat.jpg\n"
            "x-amz-meta-TWICE: one\nx-amz-meta-twice: two\nCache-Control: no-cache\n"
            "Content-Encoding: aws-chunked, gzip\nContent-Language: de\n"
            "Content-Disposition: inline\nExpires: Wed, 21 Oct 2099 07:28:00 GMT",
            "hello", 200);
    assert_string_equal(s3_got(d, "etag"), hello_md5);
    s3_want(d, "GET /cats/a/tom.jpg", NULL, NULL, 200);
    assert_string_equal(s3_body(d), "hello");
    assert_string_equal(s3_got(d, "etag"), hello_md5);
    assert_string_equal(s3_got(d, "last-modified"), "Tue, 14 Nov 2023 22:13:20 GMT");
    assert_string_equal(s3_got(d, "content-type"), "image/jpeg");
    assert_string_equal(s3_got(d, "x-amz-meta-original-file-name"), "tom%20cat.jpg");
    assert_string_equal(s3_got(d, "x-amz-meta-twice"), "one,two");
    assert_string_equal(s3_got(d, "cache-control"), "no-cache");
    assert_string_equal(s3_got(d, "content-encoding"), "gzip");
    assert_string_equal(s3_got(d, "content-language"), "de");
    assert_string_equal(s3_got(d, "content-disposition"), "inline");
    assert_string_equal(s3_got(d, "expires"), "Wed, 21 Oct 2099 07:28:00 GMT");
    assert_string_equal(s3_got(d, "accept-ranges"), "bytes");
    s3_want(d, "HEAD /cats/a/tom.jpg", NULL, NULL, 200);
    assert_null(d->answer.body);
    assert_int_equal(d->answer.head_length, 5);
    assert_string_equal(s3_got(d, "x-amz-meta-twice"), "one,two");
    s3_want(d, "GET /cats/a/tom.jpg?response-content-type=text/plain&response-expires=never", NULL,
            NULL, 200);
    assert_string_equal(s3_got(d, "content-type"), "text/plain");
    assert_string_equal(s3_got(d, "expires"), "never");
    assert_string_equal(s3_got(d, "cache-control"), "no-cache");
    s3_want(d, "PUT /cats/plain", "Content-Encoding: aws-chunked", "", 200);
    s3_want(d, "GET /cats/plain", NULL, NULL, 200);
    assert_string_equal(s3_got(d, "content-type"), "binary/octet-stream");
    assert_string_equal(s3_got(d, "content-encoding"), "");
    assert_int_equal(d->answer.body_len, 0);
}

static void header_injection_is_refused(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/k", NULL, "hello", 200);
    s3_refused(d, "GET /cats/k?response-expires=a%0D%0Aset-cookie:%20b", NULL, NULL, 400,
               "InvalidArgument");
    /* What is stored could not be given back, whoever asks for it. */
    s3_refused(d, "PUT /cats/k", "x-amz-meta-a b: c", "new", 400, "InvalidArgument");
    s3_refused(d, "PUT /cats/k", "content-type: a\rb", "new", 400, "InvalidArgument");
    s3_want(d, "GET /cats/k", NULL, NULL, 200);
    /* The answer is marked as failed, which the server turns into a 500. */
    http_answer_clear(&d->answer);
    http_answer_header(&d->answer, "content-type", "a\r\nset-cookie: b");
    assert_int_equal(d->answer.failed, 1);
    assert_int_equal(d->answer.header_count, 0);
}

static void replacing_drops_the_old_bytes(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/k", "x-amz-meta-a: 1", "hello", 200);
    s3_want(d, "PUT /cats/k", NULL, "world!", 200);
    s3_want(d, "GET /cats/k", NULL, NULL, 200);
    assert_string_equal(s3_body(d), "world!");
    assert_string_equal(s3_got(d, "x-amz-meta-a"), "");
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_piece"), 1);
    s3_want(d, "DELETE /cats/k", NULL, NULL, 204);
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_piece"), 0);
}

static void absent_things(void **state)
{
    s3_driver *d = *state;

    s3_refused(d, "GET /cats/nobody", NULL, NULL, 404, "NoSuchKey");
    assert_true(s3_has(d, "<Key>nobody</Key>"));
    s3_refused(d, "GET /dogs/nobody", NULL, NULL, 404, "NoSuchBucket");
    assert_true(s3_has(d, "<BucketName>dogs</BucketName>"));
    s3_refused(d, "PUT /dogs/nobody", NULL, "x", 404, "NoSuchBucket");
    s3_refused(d, "DELETE /dogs/nobody", NULL, "x", 404, "NoSuchBucket");
    s3_want(d, "HEAD /cats/nobody", NULL, NULL, 404);
    assert_null(d->answer.body);
    assert_int_equal(d->answer.head_length, 0);
    s3_want(d, "DELETE /cats/nobody", NULL, NULL, 204);
    s3_refused(d, "GET /cats/nobody?versionId=7", NULL, NULL, 404, "NoSuchVersion");
    assert_int_equal(d->event_count, 0);
}

static void keys_are_bytes_not_paths(void **state)
{
    static const char *const keys[] = {
        "a%20b", "a+b",    "a%2Bb", "%C3%A9", "..",    "a/../b",       "/lead",
        "a//b",  "trail/", "~",     "%25",    "a%3Fb", "%22%3C%26%3E", "%01",
    };
    s3_driver *d = *state;
    char line[64];

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        (void)snprintf(line, sizeof(line), "PUT /cats/%s", keys[i]);
        s3_want(d, line, NULL, keys[i], 200);
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        (void)snprintf(line, sizeof(line), "GET /cats/%s", keys[i]);
        s3_want(d, line, NULL, NULL, 200);
        /* '+' in a path is itself, so the second and the third are one key. */
        assert_string_equal(s3_body(d), keys[i == 1 ? 2 : i]);
    }
    assert_string_equal(d->events[0].key, "a b");
    assert_string_equal(d->events[3].key, "\xC3\xA9");
    s3_want(d, "GET /cats?list-type=2", NULL, NULL, 200);
    assert_true(s3_has(d, "<Key>&quot;&lt;&amp;&gt;</Key>"));
    assert_true(s3_has(d, "<Key>&#x1;</Key>"));
    s3_refused(d, "PUT /cats/%zz", NULL, "x", 400, "InvalidURI");
    s3_refused(d, "PUT /cats/%4", NULL, "x", 400, "InvalidURI");
    s3_refused(d, "PUT /cats/a%00b", NULL, "x", 400, "InvalidURI");
    s3_refused(d, "PUT /cats/%ff", NULL, "x", 400, "InvalidURI");
    s3_refused(d, "PUT /cats/%ed%a0%80", NULL, "x", 400, "InvalidURI");
}

static void limits(void **state)
{
    s3_driver *d = *state;
    char line[1200] = "PUT /cats/";
    char headers[2600] = "x-amz-meta-k: ";

    memset(line + 10, 'k', 1024);
    s3_want(d, line, NULL, "x", 200);
    line[10 + 1024] = 'k';
    s3_refused(d, line, NULL, "x", 400, "KeyTooLongError");
    memset(headers + 14, 'v', 2047);
    s3_want(d, "PUT /cats/m", headers, "x", 200);
    headers[14 + 2047] = 'v';
    s3_refused(d, "PUT /cats/m", headers, "x", 400, "MetadataTooLarge");
    headers[0] = '\0';
    for (int i = 0; i < 129; i++)
        (void)snprintf(headers + strlen(headers), 20, "x-amz-meta-%d:v\n", i);
    s3_refused(d, "PUT /cats/m", headers, "x", 400, "MetadataTooLarge");
    *strrchr(headers, 'x') = '\0';
    s3_want(d, "PUT /cats/m", headers, "x", 200);
    s3_want(d, "HEAD /cats/m", NULL, NULL, 200);
    assert_string_equal(s3_got(d, "x-amz-meta-127"), "v");
    (void)sqlite3_limit(d->db, SQLITE_LIMIT_LENGTH, 3000);
    memset(headers, 'b', 2500);
    headers[2500] = '\0';
    s3_want(d, "PUT /cats/big", NULL, headers, 200);
    (void)sqlite3_limit(d->db, SQLITE_LIMIT_LENGTH, 2000);
    s3_refused(d, "PUT /cats/big", NULL, headers, 400, "EntityTooLarge");
}

static void one_range(void **state)
{
    static const struct {
        const char *range;
        int status;
        const char *body;
        const char *content_range;
    } cases[] = {
        { "bytes=0-0", 206, "h", "bytes 0-0/5" },
        { "bytes=1-3", 206, "ell", "bytes 1-3/5" },
        { "bytes=3-", 206, "lo", "bytes 3-4/5" },
        { "bytes=3-99", 206, "lo", "bytes 3-4/5" },
        { "bytes=-2", 206, "lo", "bytes 3-4/5" },
        { "bytes=-99", 206, "hello", "bytes 0-4/5" },
        { "bytes=0-1,3-4", 200, "hello", "" },
        { "bytes=3-1", 200, "hello", "" },
        { "bytes=x", 200, "hello", "" },
        { "lines=1-2", 200, "hello", "" },
        { "bytes=99999999999999999999-", 200, "hello", "" },
    };
    s3_driver *d = *state;
    char header[64];

    s3_want(d, "PUT /cats/k", NULL, "hello", 200);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)snprintf(header, sizeof(header), "Range: %s", cases[i].range);
        s3_want(d, "GET /cats/k", header, NULL, cases[i].status);
        assert_string_equal(s3_body(d), cases[i].body);
        assert_string_equal(s3_got(d, "content-range"), cases[i].content_range);
        s3_want(d, "HEAD /cats/k", header, NULL, cases[i].status);
        assert_int_equal(d->answer.head_length, strlen(cases[i].body));
    }
    s3_refused(d, "GET /cats/k", "Range: bytes=5-", NULL, 416, "InvalidRange");
    assert_string_equal(s3_got(d, "content-range"), "bytes */5");
    s3_refused(d, "GET /cats/k", "Range: bytes=-0", NULL, 416, "InvalidRange");
    s3_want(d, "PUT /cats/empty", NULL, "", 200);
    s3_refused(d, "GET /cats/empty", "Range: bytes=0-", NULL, 416, "InvalidRange");
    s3_refused(d, "GET /cats/empty", "Range: bytes=-1", NULL, 416, "InvalidRange");
}

static void conditional_reads(void **state)
{
    static const struct {
        const char *headers;
        int status;
    } cases[] = {
        { "If-Match: \"5d41402abc4b2a76b9719d911017c592\"", 200 },
        { "If-Match: 5d41402abc4b2a76b9719d911017c592", 200 },
        { "If-Match: \"no\", \"5d41402abc4b2a76b9719d911017c592\"", 200 },
        { "If-Match: *", 200 },
        { "If-Match: \"no\"", 412 },
        { "If-None-Match: \"5d41402abc4b2a76b9719d911017c592\"", 304 },
        { "If-None-Match: W/\"5d41402abc4b2a76b9719d911017c592\"", 304 },
        { "If-None-Match: *", 304 },
        { "If-None-Match: \"no\"", 200 },
        { "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT", 304 },
        { "If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT", 200 },
        { "If-Modified-Since: yesterday", 200 },
        { "If-Unmodified-Since: Tue, 14 Nov 2023 22:13:20 GMT", 200 },
        { "If-Unmodified-Since: Tue, 14 Nov 2023 22:13:19 GMT", 412 },
        /* The entity tag decides, the date does not. */
        { "If-None-Match: \"no\"\nIf-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT", 200 },
        { "If-Match: *\nIf-Unmodified-Since: Tue, 14 Nov 2023 22:13:19 GMT", 200 },
    };
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/k", NULL, "hello", 200);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        s3_want(d, "GET /cats/k", cases[i].headers, NULL, cases[i].status);
        if (cases[i].status == 304) {
            assert_null(d->answer.body);
            assert_string_equal(s3_got(d, "etag"), hello_md5);
        }
    }
    s3_refused(d, "GET /cats/k", "If-Match: \"no\"", NULL, 412, "PreconditionFailed");
    assert_true(s3_has(d, "<Condition>If-Match</Condition>"));
}

static void conditional_writes(void **state)
{
    s3_driver *d = *state;

    s3_refused(d, "PUT /cats/k", "If-Match: \"x\"", "hello", 404, "NoSuchKey");
    s3_want(d, "PUT /cats/k", "If-None-Match: *", "hello", 200);
    s3_refused(d, "PUT /cats/k", "If-None-Match: *", "other", 412, "PreconditionFailed");
    s3_refused(d, "PUT /cats/k", "If-None-Match: \"x\"", "other", 501, "NotImplemented");
    s3_refused(d, "PUT /cats/k", "If-Match: \"x\"", "other", 412, "PreconditionFailed");
    s3_want(d, "GET /cats/k", NULL, NULL, 200);
    assert_string_equal(s3_body(d), "hello");
    s3_refused(d, "DELETE /cats/k", "If-Match: \"x\"", NULL, 412, "PreconditionFailed");
    s3_want(d, "PUT /cats/k", "If-Match: \"5d41402abc4b2a76b9719d911017c592\"", "other", 200);
    s3_want(d, "DELETE /cats/k", "If-Match: *", NULL, 204);
    assert_int_equal(d->event_count, 3);
}

static void checksums(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/k", "x-amz-checksum-crc32: y/Q5Jg==", "123456789", 200);
    assert_string_equal(s3_got(d, "x-amz-checksum-crc32"), "y/Q5Jg==");
    s3_want(d, "GET /cats/k", "x-amz-checksum-mode: ENABLED", NULL, 200);
    assert_string_equal(s3_got(d, "x-amz-checksum-crc32"), "y/Q5Jg==");
    assert_string_equal(s3_got(d, "x-amz-checksum-type"), "FULL_OBJECT");
    s3_want(d, "GET /cats/k", NULL, NULL, 200);
    assert_string_equal(s3_got(d, "x-amz-checksum-crc32"), "");
    s3_want(d, "GET /cats/k", "x-amz-checksum-mode: ENABLED\nRange: bytes=0-1", NULL, 206);
    assert_string_equal(s3_got(d, "x-amz-checksum-crc32"), "");
    s3_want(d, "PUT /cats/k", NULL, "123456789", 200);
    assert_string_equal(s3_got(d, "x-amz-checksum-crc64nvme"), "rosUhgp5mIg=");
    s3_want(d, "PUT /cats/k", "x-amz-trailer: x-amz-checksum-crc32c", "123456789", 200);
    assert_string_equal(s3_got(d, "x-amz-checksum-crc32c"), "4waSgw==");
    s3_want(d, "PUT /cats/k", "x-amz-checksum-sha1: qvTGHdzF6KLavt4PO0gs2a6pQ00=", "hello", 200);
    s3_refused(d, "PUT /cats/k", "x-amz-checksum-sha1: qvTGHdzF6KLavt4PO0gs2a6pQ00=", "hallo", 400,
               "BadDigest");
    s3_refused(d, "PUT /cats/k", "x-amz-sdk-checksum-algorithm: CRC32", "hello", 400,
               "InvalidRequest");
    s3_refused(d, "PUT /cats/k", "x-amz-checksum-xxhash3: AAAA", "hello", 501, "NotImplemented");
}

static void copies(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/a%20%2B", "Content-Type: image/png\nx-amz-meta-n: 1", "hello", 200);
    d->now_s += 60;
    s3_want(d, "PUT /cats/b", "x-amz-copy-source: /cats/a%20%2B\nx-amz-meta-n: ignored", NULL, 200);
    assert_true(s3_has(d, "<CopyObjectResult"));
    assert_true(s3_has(d, "<LastModified>2023-11-14T22:14:20.000Z</LastModified>"));
    assert_true(s3_has(d, "<ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag>"));
    s3_want(d, "GET /cats/b", NULL, NULL, 200);
    assert_string_equal(s3_body(d), "hello");
    assert_string_equal(s3_got(d, "content-type"), "image/png");
    assert_string_equal(s3_got(d, "x-amz-meta-n"), "1");
    s3_want(d, "PUT /cats/c",
            "x-amz-copy-source: cats/b?versionId=null\nx-amz-metadata-directive: REPLACE\n"
            "x-amz-meta-m: 2",
            NULL, 200);
    s3_want(d, "GET /cats/c", NULL, NULL, 200);
    assert_string_equal(s3_got(d, "content-type"), "binary/octet-stream");
    assert_string_equal(s3_got(d, "x-amz-meta-n"), "");
    assert_string_equal(s3_got(d, "x-amz-meta-m"), "2");
    s3_refused(d, "PUT /cats/b", "x-amz-copy-source: cats%2Fb", NULL, 400, "InvalidRequest");
    s3_want(d, "PUT /cats/b", "x-amz-copy-source: cats/b\nx-amz-metadata-directive: REPLACE", NULL,
            200);
    s3_want(d, "GET /cats/b", NULL, NULL, 200);
    assert_string_equal(s3_body(d), "hello");
    assert_string_equal(d->events[1].name, "ObjectCreated:Copy");
    assert_int_equal(d->event_count, 4);
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_piece"), 3);
}

static void copies_that_are_refused(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/a", NULL, "hello", 200);
    s3_refused(d, "PUT /cats/b", "x-amz-copy-source: cats/none", NULL, 404, "NoSuchKey");
    assert_true(s3_has(d, "<Key>none</Key>"));
    s3_refused(d, "PUT /cats/b", "x-amz-copy-source: dogs/a", NULL, 404, "NoSuchBucket");
    s3_refused(d, "PUT /dogs/b", "x-amz-copy-source: cats/a", NULL, 404, "NoSuchBucket");
    s3_refused(d, "PUT /cats/b", "x-amz-copy-source: cats", NULL, 400, "InvalidArgument");
    s3_refused(d, "PUT /cats/b", "x-amz-copy-source: cats/%", NULL, 400, "InvalidArgument");
    s3_refused(d, "PUT /cats/b", "x-amz-copy-source: cats/a?versionId=3", NULL, 404,
               "NoSuchVersion");
    s3_refused(d, "PUT /cats/b", "x-amz-copy-source: cats/a\nx-amz-metadata-directive: MOVE", NULL,
               400, "InvalidArgument");
    s3_refused(d, "PUT /cats/b", "x-amz-copy-source: cats/a\nx-amz-copy-source-if-match: \"x\"",
               NULL, 412, "PreconditionFailed");
    s3_refused(d, "PUT /cats/b", "x-amz-copy-source: cats/a\nx-amz-copy-source-if-none-match: *",
               NULL, 412, "PreconditionFailed");
    assert_int_equal(d->event_count, 1);
}

static void events_in_order(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/k", NULL, "hello", 200);
    s3_want(d, "PUT /cats/k", NULL, "hello!", 200);
    s3_want(d, "DELETE /cats/k", NULL, NULL, 204);
    s3_want(d, "DELETE /cats/k", NULL, NULL, 204);
    assert_int_equal(d->event_count, 3);
    assert_string_equal(d->events[0].name, "ObjectCreated:Put");
    assert_string_equal(d->events[0].etag, "5d41402abc4b2a76b9719d911017c592");
    assert_int_equal(d->events[1].size, 6);
    assert_string_equal(d->events[2].name, "ObjectRemoved:Delete");
    assert_string_equal(d->events[2].etag, "");
    for (int i = 0; i < 3; i++)
        assert_int_equal(strlen(d->events[i].sequencer), 16);
    assert_true(strcmp(d->events[0].sequencer, d->events[1].sequencer) < 0);
    assert_true(strcmp(d->events[1].sequencer, d->events[2].sequencer) < 0);
}

static void a_refused_event_undoes_the_write(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/k", NULL, "hello", 200);
    d->refuse_event = 1;
    s3_refused(d, "PUT /cats/k", NULL, "other", 500, "InternalError");
    s3_refused(d, "PUT /cats/new", NULL, "other", 500, "InternalError");
    s3_refused(d, "PUT /cats/c", "x-amz-copy-source: cats/k", NULL, 500, "InternalError");
    s3_refused(d, "DELETE /cats/k", NULL, NULL, 500, "InternalError");
    s3_want(d, "GET /cats/k", NULL, NULL, 200);
    assert_string_equal(s3_body(d), "hello");
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_object"), 1);
    assert_int_equal(s3_sql_number(d, "SELECT count(*) FROM s3_piece"), 1);
}

static void a_full_disk_undoes_the_write(void **state)
{
    s3_driver *d = *state;
    char pragma[64];
    char *big = calloc(1, 1 << 20);

    s3_want(d, "PUT /cats/k", NULL, "hello", 200);
    (void)snprintf(pragma, sizeof(pragma), "PRAGMA max_page_count = %d",
                   (int)s3_sql_number(d, "PRAGMA page_count") + 2);
    (void)sqlite3_exec(d->db, pragma, NULL, NULL, NULL);
    assert_int_equal(s3_do_bytes(d, "PUT /cats/k", NULL, big, 1 << 20), 500);
    assert_true(s3_has(d, "<Code>InternalError</Code>") && s3_has(d, "full"));
    s3_want(d, "GET /cats/k", NULL, NULL, 200);
    assert_string_equal(s3_body(d), "hello");
    free(big);
}

static void bytes_for_rekognition(void **state)
{
    s3_driver *d = *state;
    unsigned char *data;
    size_t len;

    assert_int_equal(s3_read(d->db, "cats", "k", &data, &len), 0);
    s3_want(d, "PUT /cats/k", NULL, "hello", 200);
    assert_int_equal(s3_read(d->db, "cats", "k", &data, &len), 1);
    assert_int_equal(len, 5);
    assert_memory_equal(data, "hello", 6);
    free(data);
    (void)sqlite3_exec(d->db, "DROP TABLE s3_piece", NULL, NULL, NULL);
    assert_int_equal(s3_read(d->db, "cats", "k", &data, &len), -1);
    assert_null(data);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, s3_driver_open, s3_driver_close)
    const struct CMUnitTest tests[] = {
        WITH_STORE(keeps_bytes_and_headers),
        WITH_STORE(header_injection_is_refused),
        WITH_STORE(replacing_drops_the_old_bytes),
        WITH_STORE(absent_things),
        WITH_STORE(keys_are_bytes_not_paths),
        WITH_STORE(limits),
        WITH_STORE(one_range),
        WITH_STORE(conditional_reads),
        WITH_STORE(conditional_writes),
        WITH_STORE(checksums),
        WITH_STORE(copies),
        WITH_STORE(copies_that_are_refused),
        WITH_STORE(events_in_order),
        WITH_STORE(a_refused_event_undoes_the_write),
        WITH_STORE(a_full_disk_undoes_the_write),
        WITH_STORE(bytes_for_rekognition),
    };

    return cmocka_run_group_tests_name("icecat-local S3: objects", tests, NULL, NULL);
}
