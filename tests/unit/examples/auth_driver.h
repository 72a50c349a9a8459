/*
 * auth_driver.h - build, sign and change a request to icecat-local, and say what must become of it.
 */
#ifndef AUTH_DRIVER_H
#define AUTH_DRIVER_H

#include "auth.h"

#include <icecat/sigv4.h>

#define KEY_ID "AKIAIOSFODNN7EXAMPLE"
#define MAY_24 1369353600 /* 20130524T000000Z */
#define HELLO  "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

typedef struct call {
    http_request request;
    http_header headers[16];
    icecat_pair pairs[16];
    char texts[32][512]; /* kept for the headers and the query */
    size_t text_count;
    const char *service;
    const char *region;
    const char *key_id;
    const char *secret;
    const char *hash;
    uint32_t expires_s;
    auth_fault fault;
} call;

extern const auth_settings auth_driver_settings;

/* A PUT of "hello", not signed; the other three with what their kind needs. */
void call_begin(call *c, const char *service);
void call_begin_s3(call *c);
void call_begin_presigned(call *c);
void call_begin_json(call *c);

char *call_keep(call *c, const char *text);
void call_header(call *c, const char *name, const char *value);
http_header *call_find(call *c, const char *name);
void call_body(call *c, const char *body);
/* Sign what there is, the way clients do. */
void call_sign(call *c);

void expect_good(call *c);
void expect_refused(call *c, int http_status, const char *code, const char *words);
void expect_body(call *c, const char *want);
void expect_bad_body(call *c, int http_status, const char *code, const char *words);

#endif
