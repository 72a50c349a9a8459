/*
 * auth_json.c - refusals in the words of the JSON services: DynamoDB, Rekognition, SSM.
 *
 * Source: AWS General Reference, "Common errors" and "Troubleshooting Signature Version 4".
 */
#include "auth_parts.h"
#include "dates.h"

#include <stdio.h>
#include <string.h>

static int say_signature(auth_fault *fault, const char *message)
{
    return auth_say(fault, 400, "InvalidSignatureException", "%s", message);
}

/* Every part that is missing in one message, as AWS does. */
static int say_malformed(auth_fault *fault, const auth_refusal *refusal)
{
    const icecat_sigv4_claim *claim = refusal->claim;
    int is_complete = claim->access_key_id != NULL && claim->signature != NULL &&
                      claim->signed_headers != NULL && claim->amz_date != NULL;

    if (is_complete || claim->is_presigned)
        return auth_say(fault, 400, "IncompleteSignatureException", "%s", refusal->detail);
    return auth_say(
        fault, 400, "IncompleteSignatureException", "%s%s%s%s(%s)",
        claim->access_key_id == NULL ? "Authorization header requires 'Credential' parameter. "
                                     : "",
        claim->signature == NULL ? "Authorization header requires 'Signature' parameter. " : "",
        claim->signed_headers == NULL ? "Authorization header requires 'SignedHeaders' parameter. "
                                      : "",
        claim->amz_date == NULL ? "Authorization header requires existence of either a "
                                  "'X-Amz-Date' or a 'Date' header. "
                                : "",
        refusal->detail);
}

static int say_wrong_scope(auth_fault *fault, const auth_refusal *refusal)
{
    const icecat_sigv4_claim *claim = refusal->claim;

    if (refusal->why == AUTH_WRONG_DATE)
        return auth_say(fault, 400, "InvalidSignatureException",
                        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version "
                        "of date from HTTP: '%s' != '%.8s', from '%s'.",
                        claim->scope_date, claim->amz_date, claim->amz_date);
    if (refusal->why == AUTH_WRONG_SERVICE)
        return auth_say(fault, 400, "InvalidSignatureException",
                        "Credential should be scoped to correct service: '%s'.", refusal->service);
    fault->region = refusal->region;
    return auth_say(fault, 400, "InvalidSignatureException",
                    "Credential should be scoped to a valid region, not '%.40s'.", claim->region);
}

static int say_time(auth_fault *fault, const auth_refusal *refusal)
{
    int64_t now_s = refusal->request->now_s;
    int is_late = refusal->claim->unix_s < now_s;
    char now[DATES_SIZE];
    char limit[DATES_SIZE];

    dates_basic(now_s, now);
    dates_basic(now_s + (is_late ? -AUTH_MAX_SKEW_S : AUTH_MAX_SKEW_S), limit);
    if (refusal->why == AUTH_EXPIRED)
        return auth_say(fault, 400, "InvalidSignatureException",
                        "Signature expired: %s plus %lld s is now earlier than %s",
                        refusal->claim->amz_date, (long long)refusal->claim->expires_s, now);
    if (is_late)
        return auth_say(fault, 400, "InvalidSignatureException",
                        "Signature expired: %s is now earlier than %s (%s - %d min.)",
                        refusal->claim->amz_date, limit, now, AUTH_MAX_SKEW_S / 60);
    return auth_say(fault, 400, "InvalidSignatureException",
                    "Signature not yet current: %s is still later than %s (%s + %d min.)",
                    refusal->claim->amz_date, limit, now, AUTH_MAX_SKEW_S / 60);
}

int auth_say_json(auth_fault *fault, const auth_refusal *refusal)
{
    switch (refusal->why) {
    case AUTH_MISSING:
        return auth_say(fault, 400, "MissingAuthenticationTokenException",
                        "Request is missing Authentication Token");
    case AUTH_UNSUPPORTED:
        return auth_say(fault, 400, "IncompleteSignatureException",
                        "Unsupported AWS 'algorithm': only 'AWS4-HMAC-SHA256' is supported.");
    case AUTH_MALFORMED:
    case AUTH_UNSIGNED_HEADER:
    case AUTH_ABSENT_HEADER:
        return say_malformed(fault, refusal);
    case AUTH_WRONG_DATE:
    case AUTH_WRONG_SERVICE:
    case AUTH_WRONG_REGION:
        return say_wrong_scope(fault, refusal);
    case AUTH_UNKNOWN_KEY:
    case AUTH_UNKNOWN_TOKEN:
        return auth_say(fault, 400, "UnrecognizedClientException",
                        "The security token included in the request is invalid.");
    case AUTH_EXPIRED_TOKEN:
        return auth_say(fault, 400, "ExpiredTokenException",
                        "The security token included in the request is expired");
    case AUTH_SKEWED:
    case AUTH_EXPIRED:
        return say_time(fault, refusal);
    case AUTH_MISMATCH:
        return say_signature(fault,
                             "The request signature we calculated does not match the signature "
                             "you provided. Check your AWS Secret Access Key and signing method. "
                             "Consult the service documentation for details.");
    case AUTH_TOO_LARGE:
        return auth_say(fault, 400, "ValidationException", "%s", refusal->detail);
    case AUTH_FAILED:
        break;
    }
    return auth_say(fault, 500, "InternalServerError",
                    "The request processing has failed because of an unknown error.");
}
