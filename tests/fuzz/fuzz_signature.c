/*
 * fuzz_signature.c - what icecat-local and the library read of a received request's signature. No request
 * that nobody signed is good, whatever its headers say; every request that the library can sign is
 * verified, and no longer when its signature, its time or its key is another.
 *
 * An input is a request as text, see fuzz_http.h.
 */
#include "fuzz_http.h"

#include "auth.h"
#include "auth_parts.h"

#include <icecat/sigv4.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KEY_ID "AKIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define MAY_24 1369353600

static const auth_settings settings = { KEY_ID, SECRET, "us-east-1" };
static char scratch[65536], other[65536];

/* ---- what came ---------------------------------------------------------------------------- */

static void check_fault(const auth_fault *fault, int ok)
{
    FUZZ_CHECK(ok == (fault->code == NULL));
    if (ok)
        return;
    FUZZ_CHECK(fault->http_status >= 400 && fault->http_status <= 501);
    FUZZ_CHECK(memchr(fault->message, '\0', sizeof(fault->message)) != NULL);
    FUZZ_CHECK(fault->message[0] != '\0' && strstr(fault->message, SECRET) == NULL);
    FUZZ_CHECK((fault->canonical_request == NULL) == (fault->string_to_sign == NULL));
}

/* Nobody has signed it: the example's signature would take a broken hash. */
static void check_received(const fuzz_http *http)
{
    static const char *const services[] = { "s3", "dynamodb", "rekognition", "ssm" };
    http_header headers[FUZZ_HEADERS_MAX];
    http_request request = { .method = http->first,
                             .path = http->path,
                             .query = http->query,
                             .headers = headers,
                             .header_count = http->count,
                             .now_s = MAY_24 };
    auth_fault fault;
    const unsigned char *body;
    unsigned char *owned;
    size_t body_len;
    int ok;

    for (size_t i = 0; i < http->count; i++)
        headers[i] = (http_header){ (char *)(uintptr_t)http->headers[i].name,
                                    (char *)(uintptr_t)http->headers[i].value };
    request.body = http->body;
    request.body_len = http->body_len;
    FUZZ_CHECK(auth_service(&request) != NULL);
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        ok = auth_check(&settings, &request, services[i], &fault);
        check_fault(&fault, ok);
        FUZZ_CHECK(!ok);
        auth_fault_clear(&fault);
    }
    ok = auth_body(&settings, &request, &body, &body_len, &owned, &fault);
    check_fault(&fault, ok);
    FUZZ_CHECK(ok ? body_len <= request.body_len : owned == NULL);
    free(owned);
    auth_fault_clear(&fault);
}

static void check_claim(const icecat_sigv4_request *request)
{
    icecat_sigv4_claim claim = ICECAT_SIGV4_CLAIM_INIT;
    icecat_error err = { 0 };
    icecat_status status = icecat_sigv4_parse(request, scratch, sizeof(scratch), &claim, &err);
    size_t small = 16 + strlen(request->path) % 256;

    fuzz_check_error(status, &err);
    if (status == ICECAT_OK) {
        FUZZ_CHECK(claim.access_key_id != NULL && claim.signature != NULL && claim.region != NULL);
        FUZZ_CHECK(strlen(claim.scope_date) == 8 &&
                   strncmp(claim.amz_date, claim.scope_date, 8) == 0);
        FUZZ_CHECK(claim.reason == ICECAT_SIGV4_VERIFIED);
    } else if (status == ICECAT_E_SIGNATURE) {
        FUZZ_CHECK(claim.reason != ICECAT_SIGV4_VERIFIED);
    }
    status = icecat_sigv4_parse(request, other, small, &claim, &err);
    fuzz_check_error(status, &err);
}

/* ---- sign and verify ---------------------------------------------------------------------- */

static icecat_sigv4_options how_to_sign(const icecat_credentials_keys *keys, int presigned)
{
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;

    options.keys = keys;
    options.region = "us-east-1";
    options.service = "s3";
    options.unix_s = MAY_24;
    options.expires_s = presigned ? 60 : 0;
    options.flags = presigned ? ICECAT_SIGV4_PRESIGN : 0;
    return options;
}

static int32_t verify(const icecat_sigv4_request *request, int64_t now, const char *secret)
{
    icecat_sigv4_verify_options options = ICECAT_SIGV4_VERIFY_OPTIONS_INIT;
    icecat_sigv4_verdict verdict = ICECAT_SIGV4_VERDICT_INIT;
    icecat_error err = { 0 };
    icecat_status status;

    options.secret_access_key = secret;
    options.region = "us-east-1";
    options.service = "s3";
    options.unix_s = now;
    status = icecat_sigv4_verify(request, &options, other, sizeof(other), &verdict, &err);
    fuzz_check_error(status, &err);
    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_SIGNATURE);
    FUZZ_CHECK((status == ICECAT_OK) == (verdict.reason == ICECAT_SIGV4_VERIFIED));
    return verdict.reason;
}

/* Good now, too late tomorrow, and of another secret never. */
static void check_sent(icecat_sigv4_request *sent, char *signature)
{
    FUZZ_CHECK(verify(sent, MAY_24, SECRET) == ICECAT_SIGV4_VERIFIED);
    FUZZ_CHECK(verify(sent, MAY_24 + 86400, SECRET) != ICECAT_SIGV4_VERIFIED);
    FUZZ_CHECK(verify(sent, MAY_24, SECRET "x") == ICECAT_SIGV4_MISMATCH);
    *signature = *signature == '0' ? '1' : '0';
    FUZZ_CHECK(verify(sent, MAY_24, SECRET) == ICECAT_SIGV4_MISMATCH);
}

static int is_of_signing(const char *name)
{
    return strncasecmp(name, "x-amz-", 6) == 0 || strcasecmp(name, "authorization") == 0 ||
           strcasecmp(name, "date") == 0 || strcasecmp(name, "host") == 0;
}

static int has_claim(const char *query)
{
    for (; *query != '\0'; query++) {
        if (strncasecmp(query, "x-amz-", 6) == 0)
            return 1;
    }
    return 0;
}

static void sign_and_verify(const fuzz_http *http, const icecat_sigv4_request *received,
                            int presigned)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;
    icecat_sigv4_options options = how_to_sign(&keys, presigned);
    icecat_sigv4_request sent = *received;
    icecat_pair headers[FUZZ_HEADERS_MAX + 4];
    icecat_error err = { 0 };
    size_t count = 0;
    icecat_status status;
    char *text, *at;

    keys.access_key_id = KEY_ID;
    keys.secret_access_key = SECRET;
    if (has_claim(received->query)) /* two claims in one request are refused */
        sent.query = "";
    for (size_t i = 0; i < http->count; i++) {
        if (!is_of_signing(http->headers[i].name))
            headers[count++] = http->headers[i];
    }
    headers[count++] = (icecat_pair){ "Host", "127.0.0.1:9000" };
    sent.headers = headers;
    sent.headers_count = count;
    status = icecat_sigv4_sign(&sent, &options, scratch, sizeof(scratch), &result, &err);
    fuzz_check_error(status, &err);
    if (status != ICECAT_OK)
        return;
    FUZZ_CHECK(strlen(result.signature) == 64);
    text = fuzz_copy((const uint8_t *)(presigned ? result.query : result.authorization),
                     strlen(presigned ? result.query : result.authorization));
    at = strstr(text, result.signature);
    FUZZ_CHECK(at != NULL);
    if (presigned) {
        sent.query = text;
    } else {
        headers[count++] = (icecat_pair){ "X-Amz-Date", "20130524T000000Z" };
        headers[count++] = (icecat_pair){ "Authorization", text };
        sent.headers_count = count;
    }
    check_sent(&sent, at);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    fuzz_http http;

    if (len > 4096) /* scratch is for that */
        return 0;
    fuzz_http_read(&http, data, len);
    request.method = http.first;
    request.path = http.path;
    request.query = http.query;
    request.headers = http.headers;
    request.headers_count = http.count;
    request.payload_hash = ICECAT_SIGV4_UNSIGNED_PAYLOAD;
    check_received(&http);
    check_claim(&request);
    sign_and_verify(&http, &request, 0);
    sign_and_verify(&http, &request, 1);
    fuzz_http_free(&http);
    return 0;
}
