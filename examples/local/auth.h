/*
 * auth.h - is this request signed, with a key we know, in time, and is its body what was signed?
 */
#ifndef ICECAT_LOCAL_AUTH_H
#define ICECAT_LOCAL_AUTH_H

#include "http.h"

typedef struct auth_settings {
    const char *access_key_id;
    const char *secret_access_key;
    const char *region;
} auth_settings;

/* Why a request was refused, in AWS's own codes and words. */
typedef struct auth_fault {
    int http_status;
    const char *code; /* "SignatureDoesNotMatch"; NULL when the request is good; static */
    char message[400];
    const char *region;      /* the one to sign for when another was signed, else NULL; borrowed */
    char *canonical_request; /* what the server signed; NULL when it did not come so far; malloc */
    char *string_to_sign;
} auth_fault;

/* The service that the request asks for: "s3", "dynamodb", "rekognition" or "ssm". Static. */
const char *auth_service(const http_request *request);

/*
 * Check a request: its signature, its time, and the body against the hash that was signed. There are
 * no temporary keys here, so a session token is refused as invalid; one that begins with "expired" is
 * refused as expired, so that clients can be tested for that. 1 when the request is good.
 * Release @p fault with auth_fault_clear() in any case.
 */
int auth_check(const auth_settings *settings, const http_request *request, const char *service,
               auth_fault *fault);
void auth_fault_clear(auth_fault *fault);

/*
 * The bytes of the body without aws-chunked framing, with every chunk signature and the trailer's
 * checksum checked. Sets *body to request->body when there is no framing, else to memory from malloc,
 * and *owned to it. 0 with @p fault when the framing, a signature, a length or a checksum is wrong.
 * For bodies without framing, checks the x-amz-checksum-* headers and Content-MD5. The bodies of other
 * services than S3 have neither. The signature must have been checked before.
 */
int auth_body(const auth_settings *settings, const http_request *request,
              const unsigned char **body, size_t *body_len, unsigned char **owned,
              auth_fault *fault);

#endif
