/*
 * test_sigv4_verify_suite.c - every signed request of the published SigV4 suite is accepted, and
 * refused as soon as any part of it is changed.
 *
 * The suite is not part of this project; without it the test is skipped. Cases of our own are in
 * test_sigv4_verify.c.
 */
#include "cmocka_all.h"
#include "sigv4_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char scratch[65536];

static icecat_status verify(const sigv4_case *s, const char *secret, int32_t *reason)
{
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_verify_options options = ICECAT_SIGV4_VERIFY_OPTIONS_INIT;
    icecat_sigv4_verdict verdict = ICECAT_SIGV4_VERDICT_INIT;
    icecat_status status;
    icecat_error err;

    request.method = s->method;
    request.path = s->path;
    request.query = s->query;
    request.headers = s->headers;
    request.headers_count = s->headers_count;
    request.payload_hash = s->hash;
    options.secret_access_key = secret;
    options.unix_s = sigv4_case_time(s);
    options.flags = sigv4_case_flags(s);
    status = icecat_sigv4_verify(&request, &options, scratch, sizeof(scratch), &verdict, &err);
    *reason = verdict.reason;
    assert_int_equal(status == ICECAT_OK, verdict.reason == ICECAT_SIGV4_VERIFIED);
    return status;
}

static void expect_refused(const sigv4_case *s, const char *secret, const char *what)
{
    int32_t reason;

    if (verify(s, secret, &reason) != ICECAT_E_SIGNATURE)
        fail_msg("%s: accepted with another %s", s->name, what);
}

static const char *secret_of(const sigv4_case *s)
{
    return sigv4_case_credential(s, "secret_access_key");
}

/* The unsigned token of the cases that add it after signing is the one thing that may change. */
static int is_free(const sigv4_case *s, const char *name)
{
    return sigv4_case_is(s, "omit_session_token") && strcasecmp(name, "x-amz-security-token") == 0;
}

static void change_each_header(sigv4_case *s)
{
    for (size_t i = 0; i < s->headers_count; i++) {
        icecat_pair kept = s->headers[i];
        char changed[2048];

        if (is_free(s, kept.name))
            continue;
        snprintf(changed, sizeof(changed), "%sx", kept.value);
        s->headers[i].value = changed;
        expect_refused(s, secret_of(s), kept.name);
        snprintf(changed, sizeof(changed), "%sx", kept.name);
        s->headers[i].value = kept.value;
        s->headers[i].name = changed;
        expect_refused(s, secret_of(s), "header name");
        s->headers[i] = kept;
    }
}

/* A digit behind every name and every value of the query, but for the value of an unsigned token. */
static void change_each_parameter(sigv4_case *s)
{
    const char *kept = s->query;
    size_t name_at = 0;

    for (size_t i = 0; kept != NULL && i <= strlen(kept); i++) {
        char changed[4096];
        char name[64];

        if (kept[i] != '&' && kept[i] != '=' && kept[i] != '\0')
            continue;
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(kept + name_at, "="), kept + name_at);
        if (kept[i] != '=')
            name_at = i + 1;
        if (is_free(s, name))
            continue;
        snprintf(changed, sizeof(changed), "%.*s1%s", (int)i, kept, kept + i);
        s->query = changed;
        expect_refused(s, secret_of(s), "query");
    }
    s->query = kept;
}

static void change_the_first_line(sigv4_case *s)
{
    const char *path = s->path;
    const char *method = s->method;
    const char *query = s->query;
    char changed[4096];

    s->method = strcmp(method, "GET") == 0 ? "POST" : "GET";
    expect_refused(s, secret_of(s), "method");
    s->method = method;
    snprintf(changed, sizeof(changed), "%sx", path);
    s->path = changed;
    expect_refused(s, secret_of(s), "path");
    s->path = path;
    snprintf(changed, sizeof(changed), "%s%sadded=1", query != NULL ? query : "",
             query != NULL ? "&" : "");
    s->query = changed;
    expect_refused(s, secret_of(s), "parameter more");
    s->query = query;
}

static void change_the_rest(sigv4_case *s)
{
    char kept = s->hash[0];
    icecat_pair last = s->headers[s->headers_count - 1];
    int32_t reason;

    s->hash[0] = kept == '0' ? '1' : '0';
    expect_refused(s, secret_of(s), "body");
    s->hash[0] = kept;
    expect_refused(s, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEX", "secret");
    s->headers_count--;
    expect_refused(s, secret_of(s), "header less");
    s->headers[s->headers_count++] = last;
    s->headers[s->headers_count].name = "X-Amz-Acl";
    s->headers[s->headers_count++].value = "public-read";
    assert_int_equal(verify(s, secret_of(s), &reason), ICECAT_E_SIGNATURE);
    assert_int_equal(reason, ICECAT_SIGV4_UNSIGNED_HEADER);
    s->headers_count--;
}

static void check_file(const char *name, const char *file)
{
    sigv4_case s;
    int32_t reason;

    sigv4_case_load(&s, name, file);
    if (verify(&s, secret_of(&s), &reason) != ICECAT_OK)
        fail_msg("%s/%s: refused for reason %d", name, file, (int)reason);
    change_the_first_line(&s);
    change_each_header(&s);
    change_each_parameter(&s);
    change_the_rest(&s);
    assert_int_equal(verify(&s, secret_of(&s), &reason), ICECAT_OK);
    sigv4_case_unload(&s);
}

static void check_case(const char *name)
{
    check_file(name, "header-signed-request.txt");
    check_file(name, "query-signed-request.txt");
}

static void every_published_case_verifies_and_no_changed_one(void **state)
{
    unsigned cases = sigv4_case_each(check_case);

    (void)state;
    if (cases == 0)
        skip();
    print_message("%u cases in two modes\n", cases);
    assert_true(cases >= 38);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_case_verifies_and_no_changed_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
