/*
 * test_s3_presign.c - presigned URLs of S3: verified as a server does, bound, bounded.
 */
#include "base/time.h"
#include "cmocka_all.h"
#include "fake_transport.h"

#include <icecat/icecat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define HELLO  "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

typedef struct presigning {
    icecat_client *client;
    icecat_s3_presign_options options;
    icecat_s3_presign_result result;
    icecat_error err;
    char url[8192];
} presigning;

static icecat_client *client_with(const char *endpoint, uint32_t addressing, int64_t keys_end_s)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_credentials *credentials;
    icecat_client *client;

    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = SECRET;
    keys.session_token = keys_end_s != 0 ? "to/ken+=" : NULL;
    keys.expires_unix_s = keys_end_s;
    assert_int_equal(icecat_credentials_new_static(&keys, &credentials, NULL), ICECAT_OK);
    options.region = "eu-west-1";
    options.credentials = credentials;
    options.endpoint_url_s3 = endpoint;
    options.addressing = addressing;
    assert_int_equal(icecat_client_new(&options, &client, NULL), ICECAT_OK);
    icecat_credentials_free(credentials);
    return client;
}

static void begin(presigning *p, icecat_client *client)
{
    memset(p, 0, sizeof(*p));
    p->client = client;
    p->options = (icecat_s3_presign_options)ICECAT_S3_PRESIGN_OPTIONS_INIT;
    p->result = (icecat_s3_presign_result)ICECAT_S3_PRESIGN_RESULT_INIT;
}

static icecat_status presign(presigning *p, const char *method, const char *key)
{
    return icecat_s3_presign(p->client, method, "cats", key, &p->options, p->url, sizeof(p->url),
                             &p->result, &p->err);
}

/* Take the URL apart and verify it as a server does. */
static icecat_sigv4_reason verify(const presigning *p, const char *method,
                                  const icecat_pair *headers, size_t count)
{
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_verify_options options = ICECAT_SIGV4_VERIFY_OPTIONS_INIT;
    icecat_sigv4_verdict verdict = ICECAT_SIGV4_VERDICT_INIT;
    icecat_pair all[4] = { { "host", NULL } };
    char url[8192];
    char scratch[65536];
    char *host = url + strlen("https://");
    char *path;

    snprintf(url, sizeof(url), "%s", p->url);
    path = strchr(host, '/');
    assert_non_null(path);
    memmove(host - 1, host, (size_t)(path - host));
    path[-1] = '\0';
    all[0].value = host - 1;
    for (size_t i = 0; i < count; i++)
        all[i + 1] = headers[i];
    request.method = method;
    request.path = path;
    request.query = strchr(path, '?') + 1;
    path[strcspn(path, "?")] = '\0';
    request.headers = all;
    request.headers_count = count + 1;
    options.secret_access_key = SECRET;
    options.region = "eu-west-1";
    options.service = "s3";
    options.unix_s = ic_time_unix_s();
    (void)icecat_sigv4_verify(&request, &options, scratch, sizeof(scratch), &verdict, NULL);
    return (icecat_sigv4_reason)verdict.reason;
}

static void expect_begin(const presigning *p, const char *want)
{
    if (strncmp(p->url, want, strlen(want)) != 0)
        fail_msg("%s does not begin with %s", p->url, want);
}

static void a_url_is_good_for_its_method_only(void **state)
{
    presigning p;

    (void)state;
    begin(&p, client_with(NULL, 0, 0));
    assert_int_equal(presign(&p, "GET", "a b/\xc3\xa9+~.jpg"), ICECAT_OK);
    expect_begin(&p,
                 "https://cats.s3.eu-west-1.amazonaws.com/a%20b/%C3%A9%2B~.jpg?X-Amz-Algorithm=");
    assert_non_null(strstr(p.url, "&X-Amz-Expires=900&"));
    assert_null(strstr(p.url, "Security-Token"));
    assert_int_equal(verify(&p, "GET", NULL, 0), ICECAT_SIGV4_VERIFIED);
    assert_int_equal(verify(&p, "PUT", NULL, 0), ICECAT_SIGV4_MISMATCH);
    icecat_client_free(p.client);
}

static void endpoint_and_addressing_are_the_client_s(void **state)
{
    presigning p;

    (void)state;
    begin(&p, client_with("https://[::1]:9000/base", 0, 0));
    assert_int_equal(presign(&p, "GET", "k"), ICECAT_OK);
    expect_begin(&p, "https://[::1]:9000/base/cats/k?");
    assert_int_equal(verify(&p, "GET", NULL, 0), ICECAT_SIGV4_VERIFIED);
    icecat_client_free(p.client);
    begin(&p, client_with("https://s3.example:444", ICECAT_ADDRESSING_VIRTUAL, 0));
    assert_int_equal(presign(&p, "GET", "k"), ICECAT_OK);
    expect_begin(&p, "https://cats.s3.example:444/k?");
    assert_int_equal(verify(&p, "GET", NULL, 0), ICECAT_SIGV4_VERIFIED);
    icecat_client_free(p.client);
}

static void a_put_is_bound_to_its_type_and_hash(void **state)
{
    const icecat_pair good[] = { { "content-type", "image/jpeg" },
                                 { "x-amz-content-sha256", HELLO } };
    const icecat_pair other_type[] = { { "content-type", "text/html" },
                                       { "x-amz-content-sha256", HELLO } };
    const icecat_pair no_hash[] = { { "content-type", "image/jpeg" },
                                    { "x-amz-content-sha256", "UNSIGNED-PAYLOAD" } };
    presigning p;

    (void)state;
    begin(&p, client_with(NULL, 0, 0));
    p.options.content_type = "image/jpeg";
    p.options.payload_sha256 = HELLO;
    p.options.expires_s = 604800;
    assert_int_equal(presign(&p, "PUT", "k"), ICECAT_OK);
    assert_int_equal(verify(&p, "PUT", good, 2), ICECAT_SIGV4_VERIFIED);
    assert_int_equal(verify(&p, "PUT", other_type, 2), ICECAT_SIGV4_MISMATCH);
    assert_int_equal(verify(&p, "PUT", no_hash, 2), ICECAT_SIGV4_MISMATCH);
    assert_int_equal(verify(&p, "PUT", good, 1), ICECAT_SIGV4_ABSENT_HEADER);
    icecat_client_free(p.client);
}

static void the_end_is_told_and_that_of_the_keys_comes_first(void **state)
{
    int64_t now = ic_time_unix_s();
    presigning p;

    (void)state;
    begin(&p, client_with(NULL, 0, 0));
    assert_int_equal(presign(&p, "GET", "k"), ICECAT_OK);
    assert_in_range(p.result.expires_unix_s, now + 900, now + 905);
    assert_int_equal(p.result.is_cut_short, 0);
    icecat_client_free(p.client);
    begin(&p, client_with(NULL, 0, now + 600));
    assert_int_equal(presign(&p, "GET", "k"), ICECAT_OK);
    assert_int_equal(p.result.expires_unix_s, now + 600);
    assert_int_equal(p.result.is_cut_short, 1);
    assert_non_null(strstr(p.url, "&X-Amz-Security-Token=to%2Fken%2B%3D&"));
    assert_int_equal(verify(&p, "GET", NULL, 0), ICECAT_SIGV4_VERIFIED);
    icecat_client_free(p.client);
}

static void expired_keys_presign_nothing(void **state)
{
    presigning p;

    (void)state;
    begin(&p, client_with(NULL, 0, 1000));
    assert_int_equal(presign(&p, "GET", "k"), ICECAT_E_BAD_CREDENTIALS);
    assert_string_equal(p.url, "");
    icecat_client_free(p.client);
}

/* A program that gives the keys takes longer than the call may. */
static void finding_the_keys_keeps_the_deadline(void **state)
{
    icecat_credentials_options keys = ICECAT_CREDENTIALS_OPTIONS_INIT;
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    char config[] = "/tmp/icecat-presign-XXXXXX";
    int fd = mkstemp(config);
    icecat_credentials *credentials;
    presigning p;

    (void)state;
    assert_true(fd >= 0);
    assert_true(dprintf(fd, "[profile slow]\ncredential_process = sleep 20\n") > 0);
    assert_int_equal(close(fd), 0);
    keys.profile = "slow";
    keys.config_file = config;
    keys.credentials_file = "/nowhere/credentials";
    assert_int_equal(icecat_credentials_new_default(&keys, &credentials, NULL), ICECAT_OK);
    options.region = "eu-west-1";
    options.credentials = credentials;
    begin(&p, NULL);
    assert_int_equal(icecat_client_new(&options, &p.client, NULL), ICECAT_OK);
    call.timeout_ms = 50;
    p.options.call = &call;
    assert_int_equal(presign(&p, "GET", "k"), ICECAT_E_DEADLINE);
    assert_string_equal(p.url, "");
    icecat_client_free(p.client);
    icecat_credentials_free(credentials);
    remove(config);
}

static void expect_refused(presigning *p, const char *method, const char *words)
{
    assert_int_equal(presign(p, method, "k"), ICECAT_E_ARGUMENT);
    if (strstr(p->err.message, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", p->err.message, words);
    assert_string_equal(p->url, "");
}

static void bad_arguments_are_refused(void **state)
{
    icecat_client *client = client_with(NULL, 0, 0);
    presigning p;

    (void)state;
    begin(&p, client);
    expect_refused(&p, "DELETE", "for GET or PUT, not \"DELETE\"");
    p.options.expires_s = 604801;
    expect_refused(&p, "GET", "1 to 604800 s");
    begin(&p, client);
    p.options.content_type = "image/png";
    expect_refused(&p, "GET", "a GET has no body");
    p.options.content_type = "image/png\r\nx: y";
    expect_refused(&p, "PUT", "printable ASCII");
    begin(&p, client);
    p.options.payload_sha256 = "E3B0";
    expect_refused(&p, "PUT", "64 lower-case hex digits");
    assert_int_equal(icecat_s3_presign(client, "GET", "Not A Bucket", "k", NULL, p.url,
                                       sizeof(p.url), NULL, NULL),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_s3_presign(NULL, "GET", "cats", "k", NULL, p.url, 10, NULL, NULL),
                     ICECAT_E_ARGUMENT);
    icecat_client_free(client);
}

static void a_url_that_does_not_fit_is_not_given_in_part(void **state)
{
    icecat_client *client = client_with(NULL, 0, 0);
    icecat_status status;
    size_t size = 1;

    (void)state;
    do {
        char *exact = malloc(size);

        status = icecat_s3_presign(client, "GET", "cats", "k", NULL, exact, size, NULL, NULL);
        assert_true(status == ICECAT_E_LIMIT || status == ICECAT_OK);
        assert_int_equal(strlen(exact), status == ICECAT_OK ? size - 1 : 0);
        free(exact);
        size++;
    } while (status != ICECAT_OK);
    icecat_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_good_for_its_method_only),
        cmocka_unit_test(endpoint_and_addressing_are_the_client_s),
        cmocka_unit_test(a_put_is_bound_to_its_type_and_hash),
        cmocka_unit_test(the_end_is_told_and_that_of_the_keys_comes_first),
        cmocka_unit_test(expired_keys_presign_nothing),
        cmocka_unit_test(finding_the_keys_keeps_the_deadline),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(a_url_that_does_not_fit_is_not_given_in_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
