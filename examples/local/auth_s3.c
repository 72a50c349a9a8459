/*
 * auth_s3.c - refusals in the words of S3.
 *
 * Source: Amazon S3 API Reference, "Error responses".
 */
#include "auth_parts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

int auth_has_parameter(const char *query, const char *name)
{
    size_t len = strlen(name);

    while (query != NULL && *query != '\0') {
        if (strncmp(query, name, len) == 0 &&
            (query[len] == '=' || query[len] == '&' || query[len] == '\0'))
            return 1;
        query = strchr(query, '&');
        if (query != NULL)
            query++;
    }
    return 0;
}

static int lacks_parameter(const char *query)
{
    return !auth_has_parameter(query, "X-Amz-Algorithm") ||
           !auth_has_parameter(query, "X-Amz-Credential") ||
           !auth_has_parameter(query, "X-Amz-Signature") ||
           !auth_has_parameter(query, "X-Amz-Date") ||
           !auth_has_parameter(query, "X-Amz-SignedHeaders") ||
           !auth_has_parameter(query, "X-Amz-Expires");
}

static int say_query(auth_fault *fault, const char *message)
{
    return auth_say(fault, 400, "AuthorizationQueryParametersError", "%s", message);
}

static int say_lacks_parameter(auth_fault *fault)
{
    return say_query(fault, "Query-string authentication version 4 requires the X-Amz-Algorithm, "
                            "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, "
                            "and X-Amz-Expires parameters.");
}

static int say_old_mechanism(auth_fault *fault)
{
    return auth_say(fault, 400, "InvalidRequest",
                    "The authorization mechanism you have provided is not supported. Please use "
                    "AWS4-HMAC-SHA256.");
}

static int say_missing(auth_fault *fault, const auth_refusal *refusal)
{
    if (auth_has_parameter(refusal->request->query, "AWSAccessKeyId"))
        return say_old_mechanism(fault);
    return auth_say(fault, 403, "AccessDenied", "Access Denied");
}

static int say_unsupported(auth_fault *fault, const auth_refusal *refusal)
{
    const char *authorization = http_request_header(refusal->request, "authorization");

    if (refusal->claim->is_presigned && lacks_parameter(refusal->request->query))
        return say_lacks_parameter(fault);
    if (refusal->claim->is_presigned)
        return say_query(fault, "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
    if (authorization != NULL && strncmp(authorization, "AWS ", 4) == 0)
        return say_old_mechanism(fault);
    return auth_say(fault, 400, "InvalidArgument", "Unsupported Authorization Type");
}

static int say_malformed(auth_fault *fault, const auth_refusal *refusal)
{
    const http_request *request = refusal->request;

    if (refusal->claim->is_presigned)
        return lacks_parameter(request->query) ? say_lacks_parameter(fault)
                                               : say_query(fault, refusal->detail);
    if (auth_has_parameter(request->query, "X-Amz-Algorithm"))
        return auth_say(fault, 400, "InvalidArgument",
                        "Only one auth mechanism allowed; only the X-Amz-Algorithm query "
                        "parameter, Signature query string parameter or the Authorization header "
                        "should be specified");
    if (refusal->claim->amz_date == NULL && refusal->claim->signed_headers != NULL &&
        refusal->claim->access_key_id != NULL && refusal->claim->signature != NULL)
        return auth_say(fault, 403, "AccessDenied",
                        "AWS authentication requires a valid Date or x-amz-date header");
    return auth_say(fault, 400, "AuthorizationHeaderMalformed",
                    "The authorization header is malformed; %s", refusal->detail);
}

/* The scope is wrong: the same words for the header and for the query, behind another beginning. */
static int say_wrong_scope(auth_fault *fault, const auth_refusal *refusal)
{
    const icecat_sigv4_claim *claim = refusal->claim;
    const char *code = claim->is_presigned ? "AuthorizationQueryParametersError"
                                           : "AuthorizationHeaderMalformed";
    const char *begin = claim->is_presigned ? "Error parsing the X-Amz-Credential parameter"
                                            : "The authorization header is malformed";

    if (refusal->why == AUTH_WRONG_DATE)
        return auth_say(fault, 400, code,
                        "%s; Invalid credential date \"%s\". This date is not the same as "
                        "X-Amz-Date: \"%.8s\".",
                        begin, claim->scope_date, claim->amz_date);
    if (refusal->why == AUTH_WRONG_SERVICE)
        return auth_say(fault, 400, code,
                        "%s; incorrect service \"%.40s\". This endpoint belongs to \"s3\".", begin,
                        claim->service);
    fault->region = refusal->region;
    return auth_say(fault, 400, code, "%s; the region '%.40s' is wrong; expecting '%s'", begin,
                    claim->region, refusal->region);
}

static int say_time(auth_fault *fault, const auth_refusal *refusal)
{
    if (refusal->why == AUTH_EXPIRED)
        return auth_say(fault, 403, "AccessDenied", "Request has expired");
    if (refusal->claim->is_presigned)
        return auth_say(fault, 403, "AccessDenied", "Request is not valid yet");
    return auth_say(fault, 403, "RequestTimeTooSkewed",
                    "The difference between the request time and the current time is too large.");
}

int auth_say_s3(auth_fault *fault, const auth_refusal *refusal)
{
    switch (refusal->why) {
    case AUTH_MISSING:
        return say_missing(fault, refusal);
    case AUTH_UNSUPPORTED:
        return say_unsupported(fault, refusal);
    case AUTH_MALFORMED:
        return say_malformed(fault, refusal);
    case AUTH_WRONG_DATE:
    case AUTH_WRONG_SERVICE:
    case AUTH_WRONG_REGION:
        return say_wrong_scope(fault, refusal);
    case AUTH_UNKNOWN_KEY:
        return auth_say(fault, 403, "InvalidAccessKeyId",
                        "The AWS Access Key Id you provided does not exist in our records.");
    case AUTH_EXPIRED_TOKEN:
        return auth_say(fault, 400, "ExpiredToken", "The provided token has expired.");
    case AUTH_UNKNOWN_TOKEN:
        return auth_say(fault, 400, "InvalidToken",
                        "The provided token is malformed or otherwise invalid.");
    case AUTH_SKEWED:
    case AUTH_EXPIRED:
        return say_time(fault, refusal);
    case AUTH_UNSIGNED_HEADER:
        return auth_say(fault, 403, "AccessDenied",
                        "There were headers present in the request which were not signed");
    case AUTH_ABSENT_HEADER:
    case AUTH_MISMATCH:
        return auth_say(fault, 403, "SignatureDoesNotMatch",
                        "The request signature we calculated does not match the signature you "
                        "provided. Check your key and signing method.");
    case AUTH_TOO_LARGE:
        return auth_say(fault, 400, "InvalidRequest", "%s", refusal->detail);
    case AUTH_FAILED:
        break;
    }
    return auth_say(fault, 500, "InternalError",
                    "We encountered an internal error. Please try again.");
}
