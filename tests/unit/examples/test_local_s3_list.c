/*
 * test_local_s3_list.c - listings: order, prefix, delimiter, pages, encodings.
 */
#include "cmocka_all.h"
#include "s3_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(s3_driver *d, const char *key)
{
    char line[200];

    (void)snprintf(line, sizeof(line), "PUT /cats/%s", key);
    s3_want(d, line, NULL, "hello", 200);
}

/* The keys and common prefixes of the last answer, in order: "a b/ c". */
static const char *shown(const s3_driver *d, char *out, size_t size)
{
    const char *at = strstr(s3_body(d), "</IsTruncated>");

    out[0] = '\0';
    while (at != NULL) {
        const char *key = strstr(at, "<Key>");
        const char *group = strstr(at, "<CommonPrefixes><Prefix>");
        const char *next = key == NULL || (group != NULL && group < key) ? group : key;
        size_t len;

        if (next == NULL)
            break;
        next += next == key ? 5 : 24;
        len = strcspn(next, "<");
        assert_true(strlen(out) + len + 2 < size);
        (void)snprintf(out + strlen(out), size - strlen(out), "%s%.*s", *out == '\0' ? "" : " ",
                       (int)len, next);
        at = next;
    }
    return out;
}

static void expect(s3_driver *d, const char *query, const char *keys)
{
    char line[300];
    char out[1000];

    (void)snprintf(line, sizeof(line), "GET /cats?%s", query);
    s3_want(d, line, NULL, NULL, 200);
    if (strcmp(shown(d, out, sizeof(out)), keys) != 0)
        fail_msg("%s: '%s', not '%s'", query, out, keys);
}

static void order_is_that_of_bytes(void **state)
{
    s3_driver *d = *state;

    put(d, "b");
    put(d, "a/b");
    put(d, "a");
    put(d, "B");
    put(d, "%C3%A9");
    put(d, "%F0%9F%90%B1"); /* U+1F431: behind U+FF5E in UTF-8, before it in UTF-16 */
    put(d, "%EF%BD%9E");
    put(d, "a-b");
    expect(d, "list-type=2", "B a a-b a/b b \xC3\xA9 \xEF\xBD\x9E \xF0\x9F\x90\xB1");
    expect(d, "", "B a a-b a/b b \xC3\xA9 \xEF\xBD\x9E \xF0\x9F\x90\xB1");
    expect(d, "list-type=2&encoding-type=url", "B a a-b a/b b %C3%A9 %EF%BD%9E %F0%9F%90%B1");
    s3_refused(d, "GET /cats?list-type=2&prefix=%F0%9F", NULL, NULL, 400, "InvalidURI");
}

static void prefix_and_delimiter(void **state)
{
    s3_driver *d = *state;

    put(d, "a");
    put(d, "b/1");
    put(d, "b/2");
    put(d, "b/c/3");
    put(d, "b/c/4");
    put(d, "b0");
    put(d, "d//e");
    put(d, "f/");
    expect(d, "list-type=2&delimiter=/", "a b/ b0 d/ f/");
    assert_true(s3_has(d, "<KeyCount>5</KeyCount>"));
    expect(d, "list-type=2&delimiter=/&prefix=b/", "b/1 b/2 b/c/");
    expect(d, "list-type=2&prefix=b/c", "b/c/3 b/c/4");
    expect(d, "list-type=2&prefix=b", "b/1 b/2 b/c/3 b/c/4 b0");
    expect(d, "list-type=2&delimiter=/&prefix=d/", "d//");
    expect(d, "list-type=2&delimiter=/&prefix=f/", "f/");
    expect(d, "list-type=2&delimiter=/c/", "a b/1 b/2 b/c/ b0 d//e f/");
    expect(d, "list-type=2&prefix=z", "");
    expect(d, "list-type=2&delimiter=/&start-after=b/1", "b/ b0 d/ f/");
    expect(d, "delimiter=/&marker=b/", "b0 d/ f/"); /* the marker is a whole group */
    expect(d, "delimiter=/&marker=b/1", "b/ b0 d/ f/");
    expect(d, "delimiter=/&max-keys=2", "a b/");
    assert_true(s3_has(d, "<NextMarker>b/</NextMarker>"));
    expect(d, "delimiter=/&max-keys=9&marker=b/", "b0 d/ f/");
    assert_true(s3_has(d, "<IsTruncated>false</IsTruncated>"));
    expect(d, "max-keys=1", "a");
    assert_false(s3_has(d, "NextMarker"));
}

static void fields(void **state)
{
    s3_driver *d = *state;

    put(d, "a%20b");
    expect(d, "list-type=2&fetch-owner=true&prefix=a%20&start-after=%21&delimiter=%26", "a b");
    assert_true(s3_has(d, "<Name>cats</Name><Prefix>a </Prefix><Delimiter>&amp;</Delimiter>"
                          "<MaxKeys>1000</MaxKeys>"));
    assert_true(s3_has(d, "<StartAfter>!</StartAfter>"));
    assert_true(s3_has(d, "<LastModified>2023-11-14T22:13:20.000Z</LastModified>"
                          "<ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag>"));
    assert_true(s3_has(d, "<Size>5</Size><Owner><ID>000000000000</ID></Owner>"
                          "<StorageClass>STANDARD</StorageClass>"));
    expect(d, "list-type=2&encoding-type=url&prefix=a%20", "a%20b");
    assert_true(s3_has(d, "<Prefix>a%20</Prefix>"));
    assert_true(s3_has(d, "<EncodingType>url</EncodingType>"));
    expect(d, "list-type=2&max-keys=0", "");
    assert_true(s3_has(d, "<IsTruncated>false</IsTruncated>"));
    expect(d, "list-type=2&max-keys=5000", "a b");
    assert_true(s3_has(d, "<MaxKeys>1000</MaxKeys>"));
}

static void wrong_arguments(void **state)
{
    s3_driver *d = *state;

    s3_refused(d, "GET /dogs?list-type=2", NULL, NULL, 404, "NoSuchBucket");
    s3_refused(d, "GET /cats?list-type=3", NULL, NULL, 400, "InvalidArgument");
    s3_refused(d, "GET /cats?list-type=2&max-keys=-1", NULL, NULL, 400, "InvalidArgument");
    s3_refused(d, "GET /cats?max-keys=1x", NULL, NULL, 400, "InvalidArgument");
    s3_refused(d, "GET /cats?max-keys=99999999999999999999999", NULL, NULL, 400, "InvalidArgument");
    s3_refused(d, "GET /cats?encoding-type=base64", NULL, NULL, 400, "InvalidArgument");
    s3_refused(d, "GET /cats?list-type=2&continuation-token=no", NULL, NULL, 400,
               "InvalidArgument");
    s3_refused(d, "GET /cats?list-type=2&continuation-token=", NULL, NULL, 400, "InvalidArgument");
    s3_refused(d, "GET /cats?list-type=2&continuation-token=6bff", NULL, NULL, 400,
               "InvalidArgument");
}

/* 2,500 keys in 25 folders, put into the store directly. */
static void fill(s3_driver *d)
{
    const char *sql =
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499)"
        " INSERT INTO s3_object SELECT 'cats', printf('folder-%02d/%04d', i % 25, i), i + 1, 0, 0,"
        " '', '', '', '' FROM n";

    assert_int_equal(sqlite3_exec(d->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* Walk all pages; every key must be seen once, in order. Returns the number of pages. */
static size_t walk(s3_driver *d, const char *query, const char *item, size_t wanted)
{
    char line[300];
    char last[64] = "";
    char token[200] = "";
    size_t pages = 0;
    size_t seen = 0;

    do {
        (void)snprintf(line, sizeof(line), "GET /cats?list-type=2&%s%s%s", query,
                       *token == '\0' ? "" : "&continuation-token=", token);
        s3_want(d, line, NULL, NULL, 200);
        for (const char *at = s3_body(d); (at = strstr(at, item)) != NULL;) {
            char key[64];

            at += strlen(item);
            (void)snprintf(key, sizeof(key), "%.*s", (int)strcspn(at, "<"), at);
            assert_true(strcmp(last, key) < 0);
            memcpy(last, key, sizeof(last));
            seen++;
        }
        pages++;
        if (s3_has(d, "<IsTruncated>true"))
            (void)s3_element(d, "NextContinuationToken", token, sizeof(token));
        else
            *token = '\0';
    } while (*token != '\0' && pages < 100);
    assert_int_equal(seen, wanted);
    return pages;
}

static void pages_of_many_keys(void **state)
{
    s3_driver *d = *state;

    fill(d);
    assert_int_equal(walk(d, "", "<Contents><Key>", 2500), 3);
    assert_int_equal(walk(d, "max-keys=100&prefix=folder-1", "<Contents><Key>", 1000), 10);
    assert_int_equal(walk(d, "delimiter=/", "<CommonPrefixes><Prefix>", 25), 1);
    assert_int_equal(walk(d, "delimiter=/&max-keys=1", "<CommonPrefixes><Prefix>", 25), 25);
    assert_int_equal(walk(d, "delimiter=/&max-keys=7&prefix=folder-03/", "<Contents><Key>", 100),
                     15);
    assert_int_equal(walk(d, "start-after=folder-23/9999", "<Contents><Key>", 100), 1);
}

static void old_pages_of_many_keys(void **state)
{
    s3_driver *d = *state;
    char line[200] = "GET /cats?delimiter=/&max-keys=10";
    char marker[64];
    size_t seen = 0;

    fill(d);
    for (int page = 0; page < 3; page++) {
        s3_want(d, line, NULL, NULL, 200);
        seen += s3_count(d, "<CommonPrefixes>");
        if (page < 2)
            (void)snprintf(line, sizeof(line), "GET /cats?delimiter=/&max-keys=10&marker=%s",
                           s3_element(d, "NextMarker", marker, sizeof(marker)));
    }
    assert_int_equal(seen, 25);
    assert_true(s3_has(d, "<IsTruncated>false</IsTruncated>"));
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, s3_driver_open, s3_driver_close)
    const struct CMUnitTest tests[] = {
        WITH_STORE(order_is_that_of_bytes),
        WITH_STORE(prefix_and_delimiter),
        WITH_STORE(fields),
        WITH_STORE(wrong_arguments),
        WITH_STORE(pages_of_many_keys),
        WITH_STORE(old_pages_of_many_keys),
    };

    return cmocka_run_group_tests_name("icecat-local S3: listings", tests, NULL, NULL);
}
