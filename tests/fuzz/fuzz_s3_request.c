/*
 * fuzz_s3_request.c - requests to icecat-local's S3, paths, queries, headers and bodies: every one is
 * answered, with well-formed XML or the bytes that are stored, no transaction stays open, and whatever
 * was stored, the pages of a list say together what the whole list says.
 *
 * An input is one or more requests as text (fuzz_http.h), with a line "===" between them.
 */
#include "fuzz_http.h"

#include "s3.h"
#include "s3_uri.h"
#include "s3_xml.h"

#include <stdlib.h>
#include <string.h>

#define NOW       1700000000
#define MOST_BODY (1u << 20)

static const s3_settings settings = { .region = "eu-west-1" };

/* A store with a bucket and some keys; made once and copied for each input. */
static sqlite3 *template_store(void)
{
    static const char *const keys[] = {
        "a", "a/b", "a/b c", "a/b/c", "a+b", "z\xc3\xa4", "&<>\x01"
    };
    static sqlite3 *db;

    if (db != NULL)
        return db;
    FUZZ_CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK && s3_schema(db) == SQLITE_OK);
    FUZZ_CHECK(s3_ensure_bucket(db, "cats", NOW) == SQLITE_OK);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        http_request request = { .method = "PUT", .query = "", .now_s = NOW, .request_id = "0" };
        http_answer answer = { 0 };
        s3_text path = { 0 };

        s3_text_puts(&path, "/cats/");
        s3_uri_encode(&path, keys[i]);
        request.path = path.data;
        s3_handle(db, &settings, &request, (const unsigned char *)"bytes", 5, &answer);
        FUZZ_CHECK(answer.status == 200);
        http_answer_clear(&answer);
        s3_text_free(&path);
    }
    return db;
}

static sqlite3 *fresh_store(void)
{
    sqlite3 *db = NULL;
    sqlite3_backup *copy;

    FUZZ_CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
    copy = sqlite3_backup_init(db, "main", template_store(), "main");
    FUZZ_CHECK(copy != NULL && sqlite3_backup_step(copy, -1) == SQLITE_DONE);
    FUZZ_CHECK(sqlite3_backup_finish(copy) == SQLITE_OK);
    return db;
}

/* ---- one request -------------------------------------------------------------------------- */

static bool any_element(void *userdata, const char *path, const char *text)
{
    (void)userdata;
    (void)path;
    (void)text;
    return true;
}

static const char *answer_header(const http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        if (strcmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    }
    return "";
}

static void check_answer(const http_answer *answer, sqlite3 *db)
{
    FUZZ_CHECK(answer->status >= 200 && answer->status <= 599 && !answer->failed);
    FUZZ_CHECK(answer->status != 500);
    FUZZ_CHECK(sqlite3_get_autocommit(db) == 1);
    FUZZ_CHECK(answer->body_len <= MOST_BODY);
    for (size_t i = 0; i < answer->header_count; i++)
        FUZZ_CHECK(strpbrk(answer->headers[i].value, "\r\n") == NULL);
    if (answer->body_len != 0 && answer->status >= 300)
        FUZZ_CHECK(strcmp(answer_header(answer, "content-type"), "application/xml") == 0 &&
                   s3_xml_read(answer->body, answer->body_len, any_element, NULL));
}

/* Names and values that were read are written and read again as the same. */
static void check_query(const char *text)
{
    s3_query query, again;
    s3_text written = { 0 };

    if (s3_query_read(&query, text)) {
        for (size_t i = 0; i < query.count; i++) {
            s3_text_puts(&written, "&");
            s3_uri_encode(&written, query.items[i].name);
            s3_text_puts(&written, "=");
            s3_uri_encode(&written, query.items[i].value);
            FUZZ_CHECK(s3_query_get(&query, query.items[i].name) != NULL);
        }
        FUZZ_CHECK(s3_query_read(&again, s3_text_string(&written)));
        FUZZ_CHECK(again.count == query.count);
        for (size_t i = 0; i < query.count; i++) {
            FUZZ_CHECK(strcmp(query.items[i].name, again.items[i].name) == 0);
            FUZZ_CHECK(strcmp(query.items[i].value, again.items[i].value) == 0);
        }
        s3_query_free(&again);
    }
    s3_text_free(&written);
    s3_query_free(&query);
}

static void ask(sqlite3 *db, const uint8_t *data, size_t len)
{
    http_header headers[FUZZ_HEADERS_MAX];
    http_request request = { .now_s = NOW, .request_id = "0123456789ABCDEF" };
    http_answer answer = { 0 };
    fuzz_http http;
    char *body;

    fuzz_http_read(&http, data, len);
    check_query(http.query);
    body = fuzz_copy(http.body, http.body_len);
    for (size_t i = 0; i < http.count; i++)
        headers[i] = (http_header){ (char *)(uintptr_t)http.headers[i].name,
                                    (char *)(uintptr_t)http.headers[i].value };
    request.method = http.first;
    request.path = http.path;
    request.query = http.query;
    request.headers = headers;
    request.header_count = http.count;
    request.body = (const unsigned char *)body;
    request.body_len = http.body_len;
    s3_handle(db, &settings, &request, request.body, request.body_len, &answer);
    check_answer(&answer, db);
    http_answer_clear(&answer);
    free(body);
    fuzz_http_free(&http);
}

/* ---- pages -------------------------------------------------------------------------------- */

typedef struct listing {
    s3_text keys;  /* each with a line before it */
    s3_text token; /* of the next page */
    size_t pages;
} listing;

static bool take_element(void *userdata, const char *path, const char *text)
{
    listing *own = userdata;

    if (text == NULL)
        return true;
    if (strcmp(path, "ListBucketResult/Contents/Key") == 0 ||
        strcmp(path, "ListBucketResult/CommonPrefixes/Prefix") == 0) {
        s3_text_puts(&own->keys, "\n");
        s3_text_puts(&own->keys, text);
    } else if (strcmp(path, "ListBucketResult/NextContinuationToken") == 0) {
        s3_text_puts(&own->token, text);
    }
    return true;
}

static int list_page(sqlite3 *db, const char *how, listing *out)
{
    http_request request = { .method = "GET", .path = "/cats", .now_s = NOW, .request_id = "0" };
    http_answer answer = { 0 };
    s3_text query = { 0 };
    int status;

    s3_text_puts(&query, how);
    if (out->token.len != 0) {
        s3_text_puts(&query, "&continuation-token=");
        s3_text_puts(&query, out->token.data);
    }
    s3_text_clear(&out->token);
    request.query = query.data;
    s3_handle(db, &settings, &request, (const unsigned char *)"", 0, &answer);
    status = answer.status;
    if (status == 200)
        FUZZ_CHECK(s3_xml_read(answer.body, answer.body_len, take_element, out));
    out->pages++;
    http_answer_clear(&answer);
    s3_text_free(&query);
    return status;
}

static void compare_pages(sqlite3 *db, const char *whole, const char *paged)
{
    listing all = { 0 }, pages = { 0 };

    if (list_page(db, whole, &all) == 200) { /* else the bucket is gone */
        FUZZ_CHECK(all.token.len == 0);
        do {
            FUZZ_CHECK(list_page(db, paged, &pages) == 200);
            FUZZ_CHECK(pages.pages < 200);
        } while (pages.token.len != 0);
        FUZZ_CHECK(strcmp(s3_text_string(&all.keys), s3_text_string(&pages.keys)) == 0);
    }
    s3_text_free(&all.keys);
    s3_text_free(&all.token);
    s3_text_free(&pages.keys);
    s3_text_free(&pages.token);
}

static size_t part_len(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i + 5 <= len; i++) {
        if (memcmp(data + i, "\n===\n", 5) == 0)
            return i;
    }
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    sqlite3 *db = fresh_store();

    for (size_t at = 0, part; at <= len; at += part + 5) {
        part = part_len(data + at, len - at);
        ask(db, data + at, part);
    }
    compare_pages(db, "list-type=2", "list-type=2&max-keys=1");
    compare_pages(db, "list-type=2&delimiter=/&prefix=a",
                  "list-type=2&delimiter=/&prefix=a&max-keys=2");
    FUZZ_CHECK(sqlite3_close(db) == SQLITE_OK); /* BUSY: a statement was left open */
    return 0;
}
