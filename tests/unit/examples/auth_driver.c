/*
 * auth_driver.c - build, sign and change a request to icecat-local, and say what must become of it.
 */
#include "auth_driver.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

const auth_settings auth_driver_settings = { KEY_ID, SECRET, "us-east-1" };
static char scratch[65536];

char *call_keep(call *c, const char *text)
{
    snprintf(c->texts[c->text_count], sizeof(c->texts[0]), "%s", text);
    return c->texts[c->text_count++];
}

void call_header(call *c, const char *name, const char *value)
{
    http_header *header = &c->headers[c->request.header_count++];

    header->name = call_keep(c, name);
    header->value = call_keep(c, value);
}

http_header *call_find(call *c, const char *name)
{
    for (size_t i = 0; i < c->request.header_count; i++) {
        if (strcmp(c->headers[i].name, name) == 0)
            return &c->headers[i];
    }
    fail_msg("no header %s", name);
    return NULL;
}

void call_body(call *c, const char *body)
{
    c->request.body = (const unsigned char *)body;
    c->request.body_len = strlen(body);
}

void call_begin(call *c, const char *service)
{
    memset(c, 0, sizeof(*c));
    c->service = service;
    c->region = "us-east-1";
    c->key_id = KEY_ID;
    c->secret = SECRET;
    c->request.method = "PUT";
    c->request.path = "/bucket/a%20b//c";
    c->request.query = "";
    c->request.headers = c->headers;
    c->request.now_s = MAY_24;
    call_body(c, "hello");
    call_header(c, "Host", "127.0.0.1:9000");
}

void call_sign(call *c)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;
    icecat_error err;

    for (size_t i = 0; i < c->request.header_count; i++) {
        c->pairs[i].name = c->headers[i].name;
        c->pairs[i].value = c->headers[i].value;
    }
    keys.access_key_id = c->key_id;
    keys.secret_access_key = c->secret;
    request.method = c->request.method;
    request.path = c->request.path;
    request.query = c->request.query;
    request.headers = c->pairs;
    request.headers_count = c->request.header_count;
    request.payload_hash = c->hash;
    options.keys = &keys;
    options.region = c->region;
    options.service = c->service;
    options.unix_s = MAY_24;
    options.expires_s = c->expires_s;
    options.flags = c->expires_s != 0 ? ICECAT_SIGV4_PRESIGN : 0;
    if (icecat_sigv4_sign(&request, &options, scratch, sizeof(scratch), &result, &err) != ICECAT_OK)
        fail_msg("%s", err.message);
    if (c->expires_s != 0) {
        c->request.query = call_keep(c, result.query);
    } else {
        call_header(c, "X-Amz-Date", result.amz_date);
        call_header(c, "Authorization", result.authorization);
    }
}

void call_begin_s3(call *c)
{
    call_begin(c, "s3");
    c->hash = HELLO;
    call_header(c, "x-amz-content-sha256", HELLO);
}

void call_begin_presigned(call *c)
{
    call_begin(c, "s3");
    c->hash = "UNSIGNED-PAYLOAD";
    c->expires_s = 60;
}

void call_begin_json(call *c)
{
    call_begin(c, "dynamodb");
    c->request.method = "POST";
    c->request.path = "/";
    call_header(c, "X-Amz-Target", "DynamoDB_20120810.ListTables");
    c->hash = HELLO;
}

void expect_good(call *c)
{
    if (!auth_check(&auth_driver_settings, &c->request, auth_service(&c->request), &c->fault))
        fail_msg("refused: %s: %s\n%s", c->fault.code, c->fault.message,
                 c->fault.canonical_request != NULL ? c->fault.canonical_request : "");
    assert_null(c->fault.code);
    auth_fault_clear(&c->fault);
}

void expect_refused(call *c, int http_status, const char *code, const char *words)
{
    const char *service = strcmp(c->service, "sts") == 0 ? "s3" : c->service;

    assert_false(auth_check(&auth_driver_settings, &c->request, service, &c->fault));
    assert_string_equal(c->fault.code, code);
    assert_int_equal(c->fault.http_status, http_status);
    if (strstr(c->fault.message, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", c->fault.message, words);
    auth_fault_clear(&c->fault);
}

static int take_body(call *c, const char *want)
{
    const unsigned char *body;
    unsigned char *owned;
    size_t len;
    int ok = auth_body(&auth_driver_settings, &c->request, &body, &len, &owned, &c->fault);

    if (ok) {
        assert_int_equal(len, strlen(want));
        assert_memory_equal(body, want, len);
    }
    free(owned);
    return ok;
}

void expect_body(call *c, const char *want)
{
    expect_good(c);
    if (!take_body(c, want))
        fail_msg("refused: %s: %s", c->fault.code, c->fault.message);
}

void expect_bad_body(call *c, int http_status, const char *code, const char *words)
{
    assert_false(take_body(c, ""));
    assert_string_equal(c->fault.code, code);
    assert_int_equal(c->fault.http_status, http_status);
    if (strstr(c->fault.message, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", c->fault.message, words);
    auth_fault_clear(&c->fault);
}
