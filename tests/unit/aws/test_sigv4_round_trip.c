/*
 * test_sigv4_round_trip.c - what icecat_sigv4_sign() made of chance, icecat_sigv4_verify() accepts.
 */
#include "cmocka_all.h"

#include <icecat/sigv4.h>
#include <stdio.h>
#include <string.h>

#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

static char signing[65536];
static char verifying[65536];

typedef struct trip {
    char path[64];
    char query[64];
    char value[64];
    icecat_pair headers[8];
    icecat_credentials_keys keys;
    icecat_sigv4_request request;
    icecat_sigv4_options options;
    icecat_sigv4_result result;
    icecat_sigv4_verdict verdict;
} trip;

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void random_text(uint32_t *state, const char *alphabet, char *out, size_t max)
{
    size_t len = next_random(state) % max;

    for (size_t i = 0; i < len; i++)
        out[i] = alphabet[next_random(state) % strlen(alphabet)];
    out[len] = '\0';
}

static void add(trip *t, const char *name, const char *value)
{
    t->headers[t->request.headers_count].name = name;
    t->headers[t->request.headers_count++].value = value;
}

static void make_request(trip *t, uint32_t *state)
{
    t->path[0] = '/';
    random_text(state, "ab/.~%2F+ \xc3\xa9$&()", t->path + 1, sizeof(t->path) - 2);
    strcat(t->path, "/");
    random_text(state, "ab=&%20+~;/\xc3\xa9", t->query, sizeof(t->query));
    random_text(state, "ab \t\"',;\xc3\xa9", t->value, sizeof(t->value));
    t->request = (icecat_sigv4_request)ICECAT_SIGV4_REQUEST_INIT;
    t->request.method = "GET";
    t->request.path = t->path;
    t->request.query = t->query;
    t->request.headers = t->headers;
    t->request.payload_hash = ICECAT_SIGV4_UNSIGNED_PAYLOAD;
    add(t, "Host", "h:9000");
    add(t, "x-amz-meta-b", t->value);
    add(t, "X-Amz-Meta-A", "1");
    add(t, "x-amz-meta-B", "2");
}

static void sign(trip *t, uint32_t *state, int presign, const char *service)
{
    icecat_error err;

    t->keys = (icecat_credentials_keys)ICECAT_CREDENTIALS_KEYS_INIT;
    t->keys.access_key_id = "AKID";
    t->keys.secret_access_key = SECRET;
    t->keys.session_token = next_random(state) % 2 != 0 ? "token+/=" : NULL;
    t->options = (icecat_sigv4_options)ICECAT_SIGV4_OPTIONS_INIT;
    t->options.keys = &t->keys;
    t->options.region = "eu-west-1";
    t->options.service = service;
    t->options.unix_s = (int64_t)next_random(state) + 86400;
    t->options.expires_s = presign ? 60 : 0;
    t->options.flags = presign ? ICECAT_SIGV4_PRESIGN : 0;
    t->result = (icecat_sigv4_result)ICECAT_SIGV4_RESULT_INIT;
    if (icecat_sigv4_sign(&t->request, &t->options, signing, sizeof(signing), &t->result, &err) !=
        ICECAT_OK)
        fail_msg("%s", err.message);
}

static void send(trip *t)
{
    if (t->result.query != NULL) {
        t->request.query = t->result.query;
        return;
    }
    add(t, "x-amz-date", t->result.amz_date);
    add(t, "Authorization", t->result.authorization);
    if (t->keys.session_token != NULL)
        add(t, "x-amz-security-token", t->keys.session_token);
}

static void expect(trip *t, icecat_sigv4_reason reason)
{
    icecat_sigv4_verify_options options = ICECAT_SIGV4_VERIFY_OPTIONS_INIT;
    icecat_error err;

    t->verdict = (icecat_sigv4_verdict)ICECAT_SIGV4_VERDICT_INIT;
    options.secret_access_key = SECRET;
    options.unix_s = t->options.unix_s;
    (void)icecat_sigv4_verify(&t->request, &options, verifying, sizeof(verifying), &t->verdict,
                              &err);
    if (t->verdict.reason != (int32_t)reason)
        fail_msg("%s?%s: want reason %d, got %d: %s", t->path, t->query, (int)reason,
                 (int)t->verdict.reason, err.message);
}

static void round_trip(uint32_t *state, int presign, const char *service)
{
    trip t = { 0 };

    make_request(&t, state);
    sign(&t, state, presign, service);
    send(&t);
    expect(&t, ICECAT_SIGV4_VERIFIED);
    assert_string_equal(t.verdict.canonical_request, t.result.canonical_request);
    assert_string_equal(t.verdict.string_to_sign, t.result.string_to_sign);
    t.path[strlen(t.path) - 1] = 'X'; /* no path of chance has one */
    expect(&t, ICECAT_SIGV4_MISMATCH);
}

static void what_was_signed_is_verified(void **state)
{
    uint32_t seed = 20240229;

    (void)state;
    for (unsigned i = 0; i < 1000; i++)
        round_trip(&seed, i % 2 != 0, i % 4 < 2 ? "s3" : "execute-api");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_signed_is_verified),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
