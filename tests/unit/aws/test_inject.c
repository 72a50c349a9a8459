/*
 * test_inject.c - a client whose network, clock and chance are the embedder's, by the public API only.
 */
#include "cmocka_all.h"

#include <icecat/icecat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct world {
    int64_t now_ms;
    uint64_t slept_ms;
    unsigned naps;
    unsigned requests;
    int failures; /* before the first good answer */
    int http_status;
    icecat_status refusal; /* instead of any answer, when it is not ICECAT_OK */
    const char *why;
    size_t body_len; /* of the answer */
    unsigned char random;
    uint64_t timeout_ms; /* of the last request */
    const icecat_cancel *cancel;
    char url[256];
    char invocation[2][64];
    char tried[32];
} world;

static int64_t world_unix_s(void *userdata)
{
    return ((world *)userdata)->now_ms / 1000;
}

static uint64_t world_monotonic_ms(void *userdata)
{
    return (uint64_t)((world *)userdata)->now_ms;
}

static void world_sleep_ms(uint64_t ms, void *userdata)
{
    world *w = userdata;

    w->now_ms += (int64_t)ms;
    w->slept_ms += ms;
    w->naps++;
}

static int world_random(void *out, size_t len, void *userdata)
{
    memset(out, ((world *)userdata)->random, len);
    return 0;
}

static const char *header_of(const icecat_http_request *request, const char *name)
{
    for (size_t i = 0; i < request->headers_count; i++) {
        if (strcmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return "";
}

static icecat_status world_perform(const icecat_http_request *request, icecat_http_answer *answer,
                                   void *userdata)
{
    world *w = userdata;
    icecat_status status = ICECAT_OK;

    assert_int_equal(request->struct_size, sizeof(*request));
    assert_non_null(strstr(header_of(request, "authorization"), "AWS4-HMAC-SHA256"));
    snprintf(w->invocation[w->requests % 2], sizeof(w->invocation[0]), "%s",
             header_of(request, "amz-sdk-invocation-id"));
    snprintf(w->tried, sizeof(w->tried), "%s", header_of(request, "amz-sdk-request"));
    snprintf(w->url, sizeof(w->url), "%s", request->url);
    w->timeout_ms = request->timeout_ms;
    w->cancel = request->cancel;
    w->requests++;
    if (w->refusal != ICECAT_OK) {
        icecat_http_answer_explain(answer, w->why);
        return w->refusal;
    }
    if (w->failures > 0) {
        w->failures--;
        icecat_http_answer_status(answer, w->http_status);
        return ICECAT_OK;
    }
    icecat_http_answer_status(answer, 200);
    icecat_http_answer_header(answer, "ETag", " \"abc\" ");
    for (size_t i = 0; i < w->body_len && status == ICECAT_OK; i++)
        status = icecat_http_answer_body(answer, "x", 1);
    return status;
}

static icecat_client *client_of(world *w)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_clock clock = { world_unix_s, world_monotonic_ms, world_sleep_ms, w };
    icecat_transport transport = { world_perform, w };
    icecat_credentials *credentials = NULL;
    icecat_client *client = NULL;

    w->now_ms = 1440938160000;
    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    assert_int_equal(icecat_credentials_new_static(&keys, &credentials, NULL), ICECAT_OK);
    options.region = "us-east-1";
    options.credentials = credentials;
    options.profile = "default";
    options.config_file = "/nonexistent/config";
    options.credentials_file = "/nonexistent/credentials";
    options.ignore_configured_endpoint_urls = ICECAT_SWITCH_ON;
    options.clock = &clock;
    options.random = world_random;
    options.random_userdata = w;
    options.transport = &transport;
    options.max_attempts = 3;
    assert_int_equal(icecat_client_new(&options, &client, NULL), ICECAT_OK);
    icecat_credentials_free(credentials);
    return client;
}

static icecat_status put(icecat_client *client, icecat_s3_put_result *result, icecat_error *err)
{
    return icecat_s3_put_object(client, "pets", "a", "x", 1, NULL, result, err);
}

static void a_request_goes_to_the_function_and_its_answer_comes_back(void **state)
{
    icecat_s3_put_result result = ICECAT_S3_PUT_RESULT_INIT;
    world w = { 0 };
    icecat_client *client = client_of(&w);

    (void)state;
    assert_int_equal(put(client, &result, NULL), ICECAT_OK);
    assert_string_equal(w.url, "https://pets.s3.us-east-1.amazonaws.com/a");
    assert_string_equal(result.etag, "\"abc\"");
    assert_string_equal(w.tried, "attempt=1; max=3");
    assert_string_equal(w.invocation[0], "00000000-0000-4000-8000-000000000000");
    assert_int_equal(w.timeout_ms, UINT64_MAX);
    assert_null(w.cancel);
    icecat_client_free(client);
}

static void pauses_follow_the_clock_and_the_chance_that_were_given(void **state)
{
    world w = { .failures = 2, .http_status = 503, .random = 0xff };
    icecat_client *client = client_of(&w);

    (void)state;
    assert_int_equal(put(client, NULL, NULL), ICECAT_OK);
    assert_int_equal(w.requests, 3);
    assert_int_equal(w.slept_ms, 49 + 99);
    assert_string_equal(w.tried, "attempt=3; max=3");
    assert_string_equal(w.invocation[0], w.invocation[1]);
    icecat_client_free(client);
}

static void the_deadline_is_one_of_that_clock(void **state)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    world w = { .failures = 9, .http_status = 429, .random = 0xff };
    icecat_client *client = client_of(&w);
    icecat_error err;

    (void)state;
    call.timeout_ms = 500; /* less than the pause of a throttled request */
    options.call = &call;
    assert_int_equal(icecat_s3_put_object(client, "pets", "a", "x", 1, &options, NULL, &err),
                     ICECAT_E_THROTTLED);
    assert_int_equal(w.requests, 1);
    assert_int_equal(w.timeout_ms, 500);
    assert_int_equal(w.slept_ms, 0);
    icecat_client_free(client);
}

static uint64_t leaping_ms(void *userdata)
{
    world *w = userdata;

    w->now_ms += 5000;
    return (uint64_t)w->now_ms;
}

/* Whatever the clock does, a call without a deadline is made. */
static void a_clock_that_leaps_holds_nothing_up(void **state)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    world w = { 0 };
    icecat_clock clock = { world_unix_s, leaping_ms, world_sleep_ms, &w };
    icecat_transport transport = { world_perform, &w };
    icecat_client *first = client_of(&w);
    icecat_client *client = NULL;

    (void)state;
    options.region = "us-east-1";
    options.credentials = icecat_client_credentials(first);
    options.config_file = "/nonexistent/config";
    options.credentials_file = "/nonexistent/credentials";
    options.clock = &clock;
    options.transport = &transport;
    assert_int_equal(icecat_client_new(&options, &client, NULL), ICECAT_OK);
    assert_int_equal(put(client, NULL, NULL), ICECAT_OK);
    assert_int_equal(w.requests, 1);
    icecat_client_free(client);
    icecat_client_free(first);
}

static void a_failure_of_the_function_is_one_of_the_transport(void **state)
{
    world w = { .refusal = ICECAT_E_CONNECT, .why = "the modem is off", .random = 0 };
    icecat_client *client = client_of(&w);
    icecat_error err;

    (void)state;
    assert_int_equal(put(client, NULL, &err), ICECAT_E_CONNECT);
    assert_int_equal(w.requests, 3);
    assert_non_null(strstr(err.message, "the modem is off"));
    w.refusal = ICECAT_E_TLS;
    w.why = NULL;
    w.requests = 0;
    assert_int_equal(put(client, NULL, &err), ICECAT_E_TLS);
    assert_int_equal(w.requests, 1);
    assert_non_null(strstr(err.message, icecat_status_message(ICECAT_E_TLS)));
    icecat_client_free(client);
}

static void what_the_function_may_not_return_is_said(void **state)
{
    world w = { .refusal = ICECAT_E_PRECONDITION };
    icecat_client *client = client_of(&w);
    icecat_error err;

    (void)state;
    assert_int_equal(put(client, NULL, &err), ICECAT_E_CALLBACK);
    assert_int_equal(w.requests, 1);
    icecat_client_free(client);
    assert_int_equal(icecat_http_answer_status(NULL, 200), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_http_answer_header(NULL, "a", "b"), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_http_answer_body(NULL, "a", 1), ICECAT_E_ARGUMENT);
    icecat_http_answer_explain(NULL, "x");
}

static void an_answer_without_a_status_is_none(void **state)
{
    world w = { .failures = 9, .http_status = 99 };
    icecat_client *client = client_of(&w);
    icecat_error err;

    (void)state;
    assert_int_equal(put(client, NULL, &err), ICECAT_E_PROTOCOL);
    assert_non_null(strstr(err.message, "no status"));
    icecat_client_free(client);
}

static void a_body_is_bounded(void **state)
{
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    icecat_s3_object *object = NULL;
    world w = { .body_len = 11 };
    icecat_client *client = client_of(&w);
    icecat_error err;

    (void)state;
    options.max_bytes = 10;
    assert_int_equal(icecat_s3_get_object(client, "pets", "a", &options, &object, &err),
                     ICECAT_E_LIMIT);
    assert_non_null(strstr(err.message, "over 10 bytes"));
    icecat_client_free(client);
}

/* ---- many -------------------------------------------------------------------------------- */

typedef struct bulk {
    char path[64];
    int given;
    int stop_after;
    unsigned actions[8];
} bulk;

static int next_picture(const char **path, void *userdata)
{
    bulk *b = userdata;
    FILE *file;

    if (b->given == 5)
        return 0;
    file = fopen(b->path, "wb");
    fprintf(file, "bytes of number %d", b->given++); /* no two are equal */
    fclose(file);
    *path = b->path;
    return 1;
}

static int count_settled(const icecat_submission *submission, void *userdata)
{
    bulk *b = userdata;

    b->actions[submission->action]++;
    return --b->stop_after == 0;
}

/* Requests of a bulk call wait in line for the function; those behind a stop are never sent. */
static void a_bulk_call_that_is_stopped_sends_no_more(void **state)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_submit_options submit = ICECAT_SUBMIT_OPTIONS_INIT;
    bulk b = { .path = "/tmp/icecat-inject-XXXXXX", .stop_after = 2 };
    world w = { 0 };
    icecat_client *client = client_of(&w);
    icecat_pipeline *pipeline = NULL;
    int fd = mkstemp(b.path);
    icecat_error err;

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    options.bucket_source = "pets";
    options.client_id = "me";
    submit.no_validate = 1;
    assert_int_equal(icecat_pipeline_new(client, &options, &pipeline, NULL), ICECAT_OK);
    assert_int_equal(icecat_pipeline_submit_many(pipeline, 1744377772123456, next_picture,
                                                 count_settled, &b, &submit, NULL, &err),
                     ICECAT_E_CALLBACK);
    assert_int_equal(w.requests, 2);
    assert_int_equal(b.actions[ICECAT_SUBMITTED], 2);

    b.given = 0;
    b.stop_after = 0;
    assert_int_equal(icecat_pipeline_submit_many(pipeline, 1744377772123456, next_picture,
                                                 count_settled, &b, &submit, NULL, &err),
                     ICECAT_OK);
    assert_int_equal(w.requests, 7);
    unlink(b.path);
    icecat_pipeline_free(pipeline);
    icecat_client_free(client);
}

static void halves_of_an_injection_are_refused(void **state)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_clock clock = { world_unix_s, NULL, NULL, NULL };
    icecat_transport transport = { NULL, NULL };
    icecat_client *client = NULL;

    (void)state;
    options.region = "us-east-1";
    options.clock = &clock;
    assert_int_equal(icecat_client_new(&options, &client, NULL), ICECAT_E_ARGUMENT);
    options.clock = NULL;
    options.transport = &transport;
    assert_int_equal(icecat_client_new(&options, &client, NULL), ICECAT_E_ARGUMENT);
    assert_null(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_goes_to_the_function_and_its_answer_comes_back),
        cmocka_unit_test(pauses_follow_the_clock_and_the_chance_that_were_given),
        cmocka_unit_test(the_deadline_is_one_of_that_clock),
        cmocka_unit_test(a_clock_that_leaps_holds_nothing_up),
        cmocka_unit_test(a_failure_of_the_function_is_one_of_the_transport),
        cmocka_unit_test(what_the_function_may_not_return_is_said),
        cmocka_unit_test(an_answer_without_a_status_is_none),
        cmocka_unit_test(a_body_is_bounded),
        cmocka_unit_test(a_bulk_call_that_is_stopped_sends_no_more),
        cmocka_unit_test(halves_of_an_injection_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
