/*
 * auth.c - which service is asked, and is the request signed with a key we know?
 */
#include "auth.h"

#include "auth_parts.h"
#include "digest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNSIGNED "UNSIGNED-PAYLOAD"

int auth_say(auth_fault *fault, int http_status, const char *code, const char *format, ...)
{
    va_list args;

    fault->http_status = http_status;
    fault->code = code;
    va_start(args, format);
    (void)vsnprintf(fault->message, sizeof(fault->message), format, args);
    va_end(args);
    return 0;
}

void auth_fault_clear(auth_fault *fault)
{
    free(fault->canonical_request);
    free(fault->string_to_sign);
    *fault = (auth_fault){ 0 };
}

static const char *service_of_scope(const char *scope_service)
{
    static const char *const names[] = { "s3", "dynamodb", "rekognition", "ssm" };

    for (size_t i = 0; scope_service != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(scope_service, names[i]) == 0)
            return names[i];
    }
    return NULL;
}

static const char *service_of_target(const char *target)
{
    if (target == NULL)
        return "s3";
    if (strncmp(target, "DynamoDB_", 9) == 0)
        return "dynamodb";
    if (strncmp(target, "RekognitionService.", 19) == 0)
        return "rekognition";
    return strncmp(target, "AmazonSSM.", 10) == 0 ? "ssm" : "s3";
}

const char *auth_service(const http_request *request)
{
    const char *service;
    auth_claim claim;

    (void)auth_claim_read(&claim, request);
    service = service_of_scope(claim.claim.service);
    auth_claim_clear(&claim);
    return service != NULL ? service
                           : service_of_target(http_request_header(request, "x-amz-target"));
}

static int say(auth_fault *fault, auth_refusal *refusal, auth_why why)
{
    refusal->why = why;
    return strcmp(refusal->service, "s3") == 0 ? auth_say_s3(fault, refusal)
                                               : auth_say_json(fault, refusal);
}

static auth_why why_of(icecat_status status, int32_t reason)
{
    if (status == ICECAT_E_LIMIT || status == ICECAT_E_ARGUMENT)
        return AUTH_TOO_LARGE;
    if (status != ICECAT_E_SIGNATURE)
        return AUTH_FAILED;
    switch (reason) {
    case ICECAT_SIGV4_MISSING:
        return AUTH_MISSING;
    case ICECAT_SIGV4_UNSUPPORTED:
        return AUTH_UNSUPPORTED;
    case ICECAT_SIGV4_WRONG_DATE:
        return AUTH_WRONG_DATE;
    case ICECAT_SIGV4_SKEWED:
        return AUTH_SKEWED;
    case ICECAT_SIGV4_EXPIRED:
        return AUTH_EXPIRED;
    case ICECAT_SIGV4_UNSIGNED_HEADER:
        return AUTH_UNSIGNED_HEADER;
    case ICECAT_SIGV4_ABSENT_HEADER:
        return AUTH_ABSENT_HEADER;
    case ICECAT_SIGV4_MISMATCH:
        return AUTH_MISMATCH;
    default:
        return AUTH_MALFORMED;
    }
}

/* Scope, key and token, in this order: a client of another region may have another key there. */
static int check_claim(const auth_settings *settings, const icecat_sigv4_claim *claim,
                       auth_refusal *refusal, auth_fault *fault)
{
    if (strcmp(claim->service, refusal->service) != 0)
        return say(fault, refusal, AUTH_WRONG_SERVICE);
    if (strcmp(claim->region, settings->region) != 0)
        return say(fault, refusal, AUTH_WRONG_REGION);
    if (strcmp(claim->access_key_id, settings->access_key_id) != 0)
        return say(fault, refusal, AUTH_UNKNOWN_KEY);
    if (claim->session_token != NULL)
        return say(fault, refusal,
                   strncmp(claim->session_token, "expired", 7) == 0 ? AUTH_EXPIRED_TOKEN
                                                                    : AUTH_UNKNOWN_TOKEN);
    return 1;
}

static int is_hash(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* What x-amz-content-sha256 may say; NULL when it is missing and need not be there. */
static int check_hash_header(const char *hash, int is_presigned, auth_fault *fault)
{
    static const char *const known[] = { UNSIGNED, "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                                         "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                                         "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" };

    if (hash == NULL && is_presigned)
        return 1;
    if (hash == NULL)
        return auth_say(fault, 400, "InvalidRequest",
                        "Missing required header for this request: x-amz-content-sha256");
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(hash, known[i]) == 0)
            return 1;
    }
    if (strncmp(hash, "STREAMING-AWS4-ECDSA-P256-", 26) == 0)
        return auth_say(fault, 501, "NotImplemented",
                        "A header you provided implies functionality that is not implemented");
    if (!is_hash(hash))
        return auth_say(fault, 400, "InvalidArgument",
                        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, "
                        "STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
                        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.");
    return 1;
}

/* The library's verdict; keeps what the server signed when it differs. */
static int verify(const auth_settings *settings, auth_claim *claim, auth_refusal *refusal,
                  auth_fault *fault)
{
    icecat_sigv4_verify_options options = ICECAT_SIGV4_VERIFY_OPTIONS_INIT;
    icecat_sigv4_verdict verdict = ICECAT_SIGV4_VERDICT_INIT;
    char *scratch = malloc(claim->size);
    icecat_status status;

    if (scratch == NULL)
        return say(fault, refusal, AUTH_FAILED);
    options.secret_access_key = settings->secret_access_key;
    options.region = settings->region;
    options.service = refusal->service;
    options.unix_s = refusal->request->now_s;
    options.max_skew_s = AUTH_MAX_SKEW_S;
    status = icecat_sigv4_verify(&claim->request, &options, scratch, claim->size, &verdict,
                                 &claim->err);
    if (status != ICECAT_OK)
        (void)say(fault, refusal, why_of(status, verdict.reason));
    if (status == ICECAT_E_SIGNATURE && verdict.canonical_request != NULL) {
        fault->canonical_request = strdup(verdict.canonical_request);
        fault->string_to_sign = strdup(verdict.string_to_sign);
    }
    free(scratch);
    return status == ICECAT_OK;
}

static int check_read(const auth_settings *settings, auth_claim *claim, auth_refusal *refusal,
                      auth_fault *fault)
{
    const char *declared = http_request_header(refusal->request, "x-amz-content-sha256");
    int is_s3 = strcmp(refusal->service, "s3") == 0;
    char hash[DIGEST_HEX_SIZE];

    if (!check_claim(settings, &claim->claim, refusal, fault))
        return 0;
    if (is_s3 && !check_hash_header(declared, (int)claim->claim.is_presigned, fault))
        return 0;
    if (!digest_hex(DIGEST_SHA256, refusal->request->body, refusal->request->body_len, hash))
        return say(fault, refusal, AUTH_FAILED);
    if (!is_s3)
        claim->request.payload_hash = hash;
    if (!verify(settings, claim, refusal, fault))
        return 0;
    if (is_s3 && declared != NULL && is_hash(declared) && strcmp(declared, hash) != 0)
        return auth_say(fault, 400, "XAmzContentSHA256Mismatch",
                        "The provided 'x-amz-content-sha256' header does not match what was "
                        "computed.");
    return 1;
}

int auth_check(const auth_settings *settings, const http_request *request, const char *service,
               auth_fault *fault)
{
    auth_claim claim;
    auth_refusal refusal = { .request = request,
                             .claim = &claim.claim,
                             .service = service,
                             .region = settings->region,
                             .detail = claim.err.message };
    icecat_status status;
    int ok;

    *fault = (auth_fault){ 0 };
    status = auth_claim_read(&claim, request);
    if (status == ICECAT_OK)
        ok = check_read(settings, &claim, &refusal, fault);
    else
        ok = say(fault, &refusal, why_of(status, claim.claim.reason));
    auth_claim_clear(&claim);
    return ok;
}
