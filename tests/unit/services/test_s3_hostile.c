/*
 * test_s3_hostile.c - answers with status 200 that are not S3's: a proxy's page, a range that is another.
 */
#include "cmocka_all.h"
#include "fake_transport.h"

#include <icecat/s3.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static icecat_status put(const fake_answer *answer, icecat_s3_put_result *out, icecat_error *err)
{
    icecat_client *client = fake_client_new(NULL, 1);
    fake_transport fake;
    icecat_status status;

    fake_transport_install(&fake, client, answer, 1);
    status = icecat_s3_put_object(client, "cats", "tom.jpg", "x", 1, NULL, out, err);
    icecat_client_free(client);
    return status;
}

static void a_put_without_an_etag_was_not_answered_by_s3(void **state)
{
    const fake_answer page = { 200, ICECAT_OK, "content-type: text/html", "<html>sign in</html>" };
    const fake_answer good = { 200, ICECAT_OK, "ETag: \"e\"", NULL };
    icecat_s3_put_result result = ICECAT_S3_PUT_RESULT_INIT;
    icecat_error err;

    (void)state;
    assert_int_equal(put(&page, &result, &err), ICECAT_E_PROTOCOL);
    assert_non_null(strstr(err.message, "ETag"));
    assert_int_equal(put(&page, NULL, &err), ICECAT_E_PROTOCOL);
    assert_int_equal(put(&good, &result, &err), ICECAT_OK);
    assert_string_equal(result.etag, "\"e\"");
}

static icecat_status copy(const char *body, icecat_error *err)
{
    const fake_answer answer = { 200, ICECAT_OK, NULL, body };
    icecat_client *client = fake_client_new(NULL, 1);
    fake_transport fake;
    icecat_status status;

    fake_transport_install(&fake, client, &answer, 1);
    status = icecat_s3_copy_object(client, "cats", "a", "dogs", "a", NULL, err);
    icecat_client_free(client);
    return status;
}

/* What follows a copy is often the deletion of its source. */
static void a_copy_is_believed_only_when_s3_says_that_it_was_made(void **state)
{
    static const char *const bodies[] = { "", "<html>sign in</html>", "{}",
                                          "<CopyObjectResultX><ETag>e</ETag></CopyObjectResultX>" };
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < LEN(bodies); i++) {
        assert_int_equal(copy(bodies[i], &err), ICECAT_E_PROTOCOL);
        assert_non_null(strstr(err.message, "CopyObjectResult"));
    }
    assert_int_equal(copy("<?xml version=\"1.0\"?>\n  <CopyObjectResult xmlns=\"a\"><ETag>e</ETag>"
                          "</CopyObjectResult>",
                          &err),
                     ICECAT_OK);
}

typedef struct range_case {
    uint64_t start;
    uint64_t len;
    int http_status;
    const char *headers;
    const char *body;
    icecat_status expected;
    uint64_t size;
} range_case;

static void check_range(const range_case *c)
{
    const fake_answer answer = { c->http_status, ICECAT_OK, c->headers, c->body };
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    icecat_client *client = fake_client_new(NULL, 1);
    icecat_s3_object *object = NULL;
    fake_transport fake;

    options.range_start = c->start;
    options.range_len = c->len;
    fake_transport_install(&fake, client, &answer, 1);
    assert_int_equal(icecat_s3_get_object(client, "cats", "a", &options, &object, NULL),
                     c->expected);
    if (c->expected == ICECAT_OK)
        assert_int_equal(icecat_s3_object_size(object), c->size);
    icecat_s3_object_free(object);
    icecat_client_free(client);
}

static void the_bytes_of_a_range_are_those_that_were_asked_for(void **state)
{
    static const range_case cases[] = {
        { 2, 3, 206, "Content-Range: bytes 2-4/9", "cde", ICECAT_OK, 9 },
        { 2, 0, 206, "Content-Range: bytes 2-8/9", "cdefghi", ICECAT_OK, 9 },
        { 7, 5, 206, "Content-Range: bytes 7-8/9", "hi", ICECAT_OK, 9 },
        { 2, 3, 206, "Content-Range: bytes 2-4/*", "cde", ICECAT_OK, 5 },
        /* the whole, where a part that starts at 0 was asked for */
        { 0, 9, 200, "Content-Length: 3", "abc", ICECAT_OK, 3 },
        { 0, 2, 200, "Content-Length: 3", "abc", ICECAT_E_PROTOCOL, 0 },
        { 2, 3, 200, "Content-Length: 9", "abcdefghi", ICECAT_E_PROTOCOL, 0 },
        /* lies */
        { 2, 3, 206, NULL, "cde", ICECAT_E_PROTOCOL, 0 },
        { 2, 3, 206, "Content-Range: bytes 3-5/9", "def", ICECAT_E_PROTOCOL, 0 },
        { 2, 3, 206, "Content-Range: bytes 2-4/9", "cdef", ICECAT_E_PROTOCOL, 0 },
        { 2, 3, 206, "Content-Range: bytes 2-4/4", "cde", ICECAT_E_PROTOCOL, 0 },
        { 2, 3, 206, "Content-Range: bytes 2-9/99", "cdefghij", ICECAT_E_PROTOCOL, 0 },
        { 2, 3, 206, "Content-Range: bytes 2-18446744073709551615/9", "cde", ICECAT_E_PROTOCOL, 0 },
        { 2, 3, 206, "Content-Range: kittens 2-4/9", "cde", ICECAT_E_PROTOCOL, 0 },
        { 2, 3, 206, "Content-Range: bytes 2-4", "cde", ICECAT_E_PROTOCOL, 0 },
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        check_range(&cases[i]);
}

static void reserved_must_be_zero(void **state)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    icecat_client *client = fake_client_new(NULL, 1);

    (void)state;
    options.reserved = 1;
    assert_int_equal(icecat_s3_put_object(client, "cats", "a", "x", 1, &options, NULL, NULL),
                     ICECAT_E_ARGUMENT);
    icecat_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_put_without_an_etag_was_not_answered_by_s3),
        cmocka_unit_test(a_copy_is_believed_only_when_s3_says_that_it_was_made),
        cmocka_unit_test(the_bytes_of_a_range_are_those_that_were_asked_for),
        cmocka_unit_test(reserved_must_be_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
