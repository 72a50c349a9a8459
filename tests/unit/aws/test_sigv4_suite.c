/*
 * test_sigv4_suite.c - the published SigV4 suite, each stage compared, headers and query.
 *
 * The suite is not part of this project; without it the test is skipped. Cases of our own are in
 * test_sigv4.c.
 */
#include "base/buf.h"
#include "cmocka_all.h"
#include "sigv4_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned agreed; /* signatures that did, at every stage */

static void expect_file(const sigv4_case *s, const char *mode, const char *stage, const char *got)
{
    char file[64];
    char *want;

    snprintf(file, sizeof(file), "%s-%s.txt", mode, stage);
    want = sigv4_case_text(s->name, file);
    if (strcmp(want, got) != 0)
        fail_msg("%s/%s\nwant: %s\ngot:  %s", s->name, file, want, got);
    free(want);
}

/* The suite writes signed requests as: first line, given headers, added headers, blank line, body. */
static void check_signed_request(const sigv4_case *s, const char *mode,
                                 const icecat_sigv4_result *result, const char *token)
{
    ic_buf text;
    char *headers = strchr(s->whole, '\n') + 1;
    char *end = strstr(headers, "\n\n");
    size_t headers_len = end != NULL ? (size_t)(end - headers) : strlen(headers);

    while (headers_len != 0 && headers[headers_len - 1] == '\n')
        headers_len--;
    ic_buf_init(&text, NULL, 1 << 20);
    ic_buf_add_format(&text, "%s %s", s->method, s->path);
    if (result->query != NULL)
        ic_buf_add_format(&text, "?%s", result->query);
    else if (s->query != NULL)
        ic_buf_add_format(&text, "?%s", s->query);
    ic_buf_add_format(&text, " HTTP/1.1\n%.*s\n", (int)headers_len, headers);
    if (result->authorization != NULL) {
        if (token != NULL)
            ic_buf_add_format(&text, "X-Amz-Security-Token:%s\n", token);
        ic_buf_add_format(&text, "X-Amz-Date:%s\n", result->amz_date);
        if (sigv4_case_is(s, "sign_body"))
            ic_buf_add_format(&text, "x-amz-content-sha256:%s\n", s->hash);
        ic_buf_add_format(&text, "Authorization:%s\n", result->authorization);
    }
    ic_buf_add_format(&text, "\n%s", s->body);
    expect_file(s, mode, "signed-request", ic_buf_text(&text));
    ic_buf_free(&text);
}

static void check_mode(sigv4_case *s, const char *mode, uint32_t expires_s)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;
    size_t headers_count = s->headers_count;
    icecat_error err;
    char scratch[32768];

    keys.access_key_id = sigv4_case_credential(s, "access_key_id");
    keys.secret_access_key = sigv4_case_credential(s, "secret_access_key");
    keys.session_token = sigv4_case_credential(s, "token");
    request.method = s->method;
    request.path = s->path;
    request.query = s->query;
    if (expires_s == 0 && sigv4_case_is(s, "sign_body")) {
        s->headers[headers_count].name = "x-amz-content-sha256";
        s->headers[headers_count++].value = s->hash;
    }
    request.headers = s->headers;
    request.headers_count = headers_count;
    request.payload_hash = s->hash;
    options.keys = &keys;
    options.region = ic_json_text(s->context, "region");
    options.service = ic_json_text(s->context, "service");
    options.unix_s = sigv4_case_time(s);
    options.expires_s = expires_s;
    options.flags = sigv4_case_flags(s) | (expires_s != 0 ? ICECAT_SIGV4_PRESIGN : 0u);

    if (icecat_sigv4_sign(&request, &options, scratch, sizeof(scratch), &result, &err) != ICECAT_OK)
        fail_msg("%s: %s", s->name, err.message);
    expect_file(s, mode, "canonical-request", result.canonical_request);
    expect_file(s, mode, "string-to-sign", result.string_to_sign);
    expect_file(s, mode, "signature", result.signature);
    check_signed_request(s, mode, &result, keys.session_token);
    agreed++;
}

static void check_case(const char *name)
{
    sigv4_case s;

    sigv4_case_load(&s, name, "request.txt");
    check_mode(&s, "header", 0);
    check_mode(&s, "query",
               (uint32_t)cJSON_GetNumberValue(ic_json_get(s.context, "expiration_in_seconds")));
    sigv4_case_unload(&s);
}

static void every_published_case_agrees_at_every_stage(void **state)
{
    unsigned cases = sigv4_case_each(check_case);

    (void)state;
    if (cases == 0)
        skip();
    print_message("%u of %u signatures agree\n", agreed, 2 * cases);
    assert_true(cases >= 38);
    assert_int_equal(agreed, 2 * cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_case_agrees_at_every_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
