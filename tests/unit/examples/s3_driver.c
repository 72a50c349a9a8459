/*
 * s3_driver.c - call icecat-local's S3 with one line per request.
 */
#include "s3_driver.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_MAX 300

static int on_event(sqlite3 *db, const s3_event *event, void *userdata)
{
    s3_driver *d = userdata;

    /* Inside the transaction: what the request stored can be seen, and nothing is committed. */
    assert_int_equal(sqlite3_get_autocommit(db), 0);
    assert_int_equal(event->time_ms, d->now_s * 1000);
    if (d->refuse_event != 0)
        return d->refuse_event;
    if (d->event_count < S3_DRIVER_EVENTS) {
        size_t at = d->event_count;

        (void)snprintf(d->events[at].name, 64, "%s", event->name);
        (void)snprintf(d->events[at].key, 64, "%s", event->key);
        (void)snprintf(d->events[at].etag, 64, "%s", event->etag == NULL ? "" : event->etag);
        (void)snprintf(d->events[at].sequencer, 17, "%s", event->sequencer);
        d->events[at].size = event->size;
    }
    d->event_count++;
    return 0;
}

int s3_driver_open(void **state)
{
    s3_driver *d = calloc(1, sizeof(*d));

    assert_non_null(d);
    assert_int_equal(sqlite3_open(":memory:", &d->db), SQLITE_OK);
    assert_int_equal(s3_schema(d->db), SQLITE_OK);
    assert_int_equal(s3_schema(d->db), SQLITE_OK);
    assert_int_equal(s3_ensure_bucket(d->db, "cats", S3_DRIVER_NOW), SQLITE_OK);
    assert_int_equal(s3_ensure_bucket(d->db, "cats", S3_DRIVER_NOW), SQLITE_OK);
    d->settings = (s3_settings){ "eu-west-1", on_event, d };
    d->now_s = S3_DRIVER_NOW;
    *state = d;
    return 0;
}

int s3_driver_close(void **state)
{
    s3_driver *d = *state;

    http_answer_clear(&d->answer);
    assert_int_equal(sqlite3_close(d->db), SQLITE_OK);
    free(d);
    return 0;
}

/* Cut "Name: value\n..." into headers, in place. */
static size_t split(char *text, http_header *headers)
{
    size_t count = 0;

    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *colon = strchr(line, ':');

        assert_non_null(colon);
        assert_true(count < HEADERS_MAX);
        *colon = '\0';
        headers[count].name = line;
        headers[count++].value = colon + 1 + strspn(colon + 1, " ");
    }
    return count;
}

int s3_do_bytes(s3_driver *d, const char *request, const char *headers, const void *body,
                size_t len)
{
    static http_header fields[HEADERS_MAX];
    char *line = strdup(request);
    char *text = strdup(headers == NULL ? "" : headers);
    char *path = strchr(line, ' ');
    char *query;
    http_request r = { .now_s = d->now_s, .request_id = "0123456789ABCDEF" };

    *path++ = '\0';
    query = strchr(path, '?');
    if (query != NULL)
        *query++ = '\0';
    r.method = line;
    r.path = path;
    r.query = query == NULL ? "" : query;
    r.headers = fields;
    r.header_count = split(text, fields);
    r.body = body;
    r.body_len = len;
    http_answer_clear(&d->answer);
    s3_handle(d->db, &d->settings, &r, body, len, &d->answer);
    free(line);
    free(text);
    assert_int_equal(d->answer.failed, 0);
    assert_int_equal(sqlite3_get_autocommit(d->db), 1);
    assert_string_equal(s3_got(d, "x-amz-request-id"), "0123456789ABCDEF");
    return d->answer.status;
}

int s3_do(s3_driver *d, const char *request, const char *headers, const char *body)
{
    return s3_do_bytes(d, request, headers, body == NULL ? "" : body,
                       body == NULL ? 0 : strlen(body));
}

void s3_want(s3_driver *d, const char *request, const char *headers, const char *body, int status)
{
    int got = s3_do(d, request, headers, body);

    if (got != status)
        fail_msg("%s: status %d, not %d: %s", request, got, status, s3_body(d));
}

void s3_refused(s3_driver *d, const char *request, const char *headers, const char *body,
                int status, const char *code)
{
    char found[80];

    s3_want(d, request, headers, body, status);
    assert_string_equal(s3_got(d, "content-type"), "application/xml");
    if (strncmp(request, "HEAD", 4) == 0)
        return;
    if (strcmp(s3_element(d, "Code", found, sizeof(found)), code) != 0)
        fail_msg("%s: %s, not %s", request, s3_body(d), code);
    assert_true(s3_has(d, "<RequestId>0123456789ABCDEF</RequestId>"));
    assert_true(s3_has(d, "<HostId>") && s3_has(d, "<Resource>/") && s3_has(d, "<Message>"));
}

const char *s3_got(const s3_driver *d, const char *header)
{
    for (size_t i = 0; i < d->answer.header_count; i++) {
        if (strcmp(d->answer.headers[i].name, header) == 0)
            return d->answer.headers[i].value;
    }
    return "";
}

const char *s3_body(const s3_driver *d)
{
    return d->answer.body == NULL ? "" : (const char *)d->answer.body;
}

bool s3_has(const s3_driver *d, const char *part)
{
    return strstr(s3_body(d), part) != NULL;
}

const char *s3_element(const s3_driver *d, const char *name, char *out, size_t size)
{
    char tag[80];
    const char *start;
    size_t len;

    (void)snprintf(tag, sizeof(tag), "<%s>", name);
    start = strstr(s3_body(d), tag);
    if (start == NULL)
        fail_msg("no <%s> in %s", name, s3_body(d));
    start += strlen(tag);
    len = strcspn(start, "<");
    assert_true(len < size);
    memcpy(out, start, len);
    out[len] = '\0';
    return out;
}

size_t s3_count(const s3_driver *d, const char *part)
{
    size_t count = 0;

    for (const char *at = s3_body(d); (at = strstr(at, part)) != NULL; at += strlen(part))
        count++;
    return count;
}

int64_t s3_sql_number(s3_driver *d, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t value;

    assert_int_equal(sqlite3_prepare_v2(d->db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    return value;
}
