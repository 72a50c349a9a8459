/*
 * credentials_sts.c - ask AWS STS for the keys of a role.
 *
 * Source of the formats: AWS Security Token Service API Reference (version 2011-06-15), AssumeRole and
 * AssumeRoleWithWebIdentity.
 */
#include "aws/credentials_sts.h"

#include "aws/credentials_http.h"
#include "aws/service_error.h"
#include "aws/xml.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/time.h"
#include "base/uri.h"
#include "base/utf8.h"

#include <icecat/sigv4.h>
#include <stdio.h>
#include <string.h>

#define MAX_BODY  65536
#define TRIES     3
#define FORM_TYPE "application/x-www-form-urlencoded; charset=utf-8"

/* The texts of one request. */
typedef struct sts_texts {
    ic_buf url;
    ic_buf body; /* may hold a token */
    ic_buf scratch;
    ic_pairs headers;
    ic_view host; /* of url; with its port */
    ic_view path;
} sts_texts;

const char *ic_sts_session_name(const char *given, int64_t unix_s, char own[IC_ROLE_NAME_SIZE])
{
    if (given != NULL)
        return given;
    snprintf(own, IC_ROLE_NAME_SIZE, "icecat-%lld", (long long)unix_s);
    return own;
}

static void add_parameter(ic_buf *body, const char *name, const char *value)
{
    if (value == NULL)
        return;
    ic_buf_add_format(body, "%s%s=", body->len != 0 ? "&" : "", name);
    ic_uri_encode(body, ic_view_of(value), 0);
}

static void write_body(ic_buf *body, const ic_sts_role *role)
{
    add_parameter(body, "Action", role->action);
    add_parameter(body, "Version", "2011-06-15");
    add_parameter(body, "RoleArn", role->role_arn);
    add_parameter(body, "RoleSessionName", role->session_name);
    add_parameter(body, "ExternalId", role->external_id);
    add_parameter(body, "DurationSeconds", role->duration_s);
    add_parameter(body, "WebIdentityToken", role->web_identity_token);
}

/* Host and path as they go on the wire. */
static icecat_status write_address(const ic_search *search, sts_texts *texts, icecat_error *err)
{
    const char *text;
    icecat_status status = ic_search_endpoint(search, "sts", "AWS_ENDPOINT_URL_STS", "sts",
                                              ic_search_region(search), &texts->url, err);

    if (status != ICECAT_OK)
        return status;
    ic_buf_add_char(&texts->url, '/');
    status = ic_buf_check(&texts->url, "an endpoint URL", err);
    if (status != ICECAT_OK)
        return status;
    text = strstr(ic_buf_text(&texts->url), "://") + 3;
    texts->host = ic_view_n(text, strcspn(text, "/"));
    texts->path = ic_view_of(text + texts->host.len);
    return ICECAT_OK;
}

static icecat_status sign(const ic_search *search, sts_texts *texts, const ic_keys *signer,
                          icecat_error *err)
{
    icecat_credentials_keys keys = ic_keys_plain(signer);
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;
    char hash[IC_SHA256_HEX_SIZE];
    size_t token_len = keys.session_token != NULL ? strlen(keys.session_token) : 0;
    icecat_status status;

    if (!ic_sha256_hex(texts->body.data, texts->body.len, hash))
        return ic_fail(err, ICECAT_E_CRYPTO, "SHA-256 failed in libcrypto");
    if (ic_buf_reserve(&texts->scratch, 8192 + 8 * (texts->url.len + token_len)) != ICECAT_OK)
        return ic_buf_check(&texts->scratch, "signing", err);
    request.method = "POST";
    request.path = texts->path.data;
    request.headers = texts->headers.items;
    request.headers_count = texts->headers.count;
    request.payload_hash = hash;
    options.keys = &keys;
    options.region = ic_search_region(search);
    options.service = "sts";
    options.unix_s = search->need->unix_s;
    status = icecat_sigv4_sign(&request, &options, texts->scratch.data, texts->scratch.cap, &result,
                               err);
    if (status != ICECAT_OK)
        return status;
    ic_pairs_add(&texts->headers, "x-amz-date", result.amz_date);
    if (token_len != 0)
        ic_pairs_add(&texts->headers, "x-amz-security-token", keys.session_token);
    if (ic_pairs_add(&texts->headers, "authorization", result.authorization) != ICECAT_OK)
        return ic_fail_memory(err, "request headers");
    return ICECAT_OK;
}

/* Each header or nothing: a request without one of them is never sent. */
static icecat_status write_request(const ic_search *search, const ic_sts_role *role,
                                   sts_texts *texts, icecat_error *err)
{
    icecat_status status = write_address(search, texts, err);

    if (status != ICECAT_OK)
        return status;
    write_body(&texts->body, role);
    status = ic_buf_check(&texts->body, "a request to STS", err);
    if (status == ICECAT_OK &&
        (ic_pairs_add_view(&texts->headers, ic_view_of("host"), texts->host) != ICECAT_OK ||
         ic_pairs_add(&texts->headers, "content-type", FORM_TYPE) != ICECAT_OK))
        status = ic_fail_memory(err, "request headers");
    if (status == ICECAT_OK && role->signer != NULL)
        status = sign(search, texts, role->signer, err);
    return status;
}

static void read_text(ic_view document, const char *name, char *out, size_t size)
{
    ic_buf text;

    out[0] = '\0';
    ic_buf_init_fixed(&text, out, size);
    if (!ic_xml_text(document, name, &text))
        out[0] = '\0';
}

static icecat_status read_failure(const ic_sts_role *role, const ic_response *answer,
                                  icecat_error *err)
{
    ic_view document = ic_view_n(answer->body.data, answer->body.len);
    icecat_status status;
    char message[200];
    char code[64];

    read_text(document, "Code", code, sizeof(code));
    read_text(document, "Message", message, sizeof(message));
    ic_utf8_make_line(code, sizeof(code)); /* it goes into the error as it is */
    status = ic_service_error_status(IC_SERVICE_COUNT, code);
    if (answer->http_status >= 500 || strcmp(code, "IDPCommunicationError") == 0)
        status = ICECAT_E_UNAVAILABLE;
    if (status == ICECAT_OK)
        status = ICECAT_E_ACCESS;
    if (err != NULL) {
        err->http_status = answer->http_status;
        snprintf(err->aws_code, sizeof(err->aws_code), "%s", code);
    }
    ic_fail(err, status, "STS refuses %s of %.120s: %s (HTTP %d): %.140s", role->action,
            role->role_arn, code[0] != '\0' ? code : "no error code", answer->http_status, message);
    ic_error_hide(err, role->web_identity_token);
    ic_error_hide(err, role->signer != NULL ? role->signer->session_token : NULL);
    return status;
}

/* The texts of keys in an answer, with room for the longest that is taken. */
typedef struct sts_keys {
    char id[256];
    char secret[256];
    char token[IC_CREDENTIALS_TEXT_MAX + 2];
    char expires[64];
} sts_keys;

static icecat_status read_keys(const ic_search *search, const ic_sts_role *role,
                               const ic_response *answer, sts_keys *texts, ic_keys **out,
                               icecat_error *err)
{
    ic_view document = ic_view_n(answer->body.data, answer->body.len);
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;

    read_text(document, "AccessKeyId", texts->id, sizeof(texts->id));
    read_text(document, "SecretAccessKey", texts->secret, sizeof(texts->secret));
    read_text(document, "SessionToken", texts->token, sizeof(texts->token));
    read_text(document, "Expiration", texts->expires, sizeof(texts->expires));
    if (texts->id[0] == '\0' || texts->secret[0] == '\0' || texts->token[0] == '\0' ||
        !ic_time_iso_parse(texts->expires, &keys.expires_unix_s))
        return ic_fail(err, ICECAT_E_PROTOCOL,
                       "the answer of STS to %s of %.120s has no keys with a token and an end",
                       role->action, role->role_arn);
    keys.access_key_id = texts->id;
    keys.secret_access_key = texts->secret;
    keys.session_token = texts->token;
    return ic_keys_make(&search->chain->mem, &keys, role->source, out, err);
}

static icecat_status exchange(const ic_search *search, const ic_sts_role *role, sts_texts *texts,
                              ic_keys **out, icecat_error *err)
{
    ic_response answer = { 0 };
    char who[128];
    ic_ask ask = { 0 };
    icecat_status status;
    sts_keys *found;

    snprintf(who, sizeof(who), "%s at %.*s", role->action, (int)texts->host.len, texts->host.data);
    ask.who = who;
    ask.method = "POST";
    ask.url = ic_buf_text(&texts->url);
    ask.headers = &texts->headers;
    ask.body = texts->body.data;
    ask.body_len = texts->body.len;
    ask.tries = TRIES;
    found = ic_mem_zalloc(&search->chain->mem, sizeof(*found));
    if (found == NULL)
        return ic_fail_memory(err, "keys");
    status = ic_ask_send(search, &ask, &answer, err);
    if (status == ICECAT_OK)
        status = answer.http_status == 200 ? read_keys(search, role, &answer, found, out, err)
                                           : read_failure(role, &answer, err);
    ic_answer_free(&answer);
    ic_mem_free_secret(&search->chain->mem, found, sizeof(*found));
    return status;
}

icecat_status ic_sts_assume(const ic_search *search, const ic_sts_role *role, ic_keys **out,
                            icecat_error *err)
{
    const ic_mem *mem = &search->chain->mem;
    sts_texts texts = { 0 };
    icecat_status status;

    ic_buf_init(&texts.url, mem, 2048);
    ic_buf_init(&texts.body, mem, MAX_BODY);
    ic_buf_init(&texts.scratch, mem, 1u << 20);
    ic_pairs_init(&texts.headers, mem, 16, 65536);
    status = write_request(search, role, &texts, err);
    if (status == ICECAT_OK)
        status = exchange(search, role, &texts, out, err);
    ic_buf_free(&texts.url);
    ic_buf_free_secret(&texts.body);
    ic_buf_free(&texts.scratch);
    ic_pairs_free(&texts.headers);
    return status;
}
