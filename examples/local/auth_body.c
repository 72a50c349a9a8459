/*
 * auth_body.c - the body without its framing, and the checksums that came with it.
 */
#include "auth.h"

#include "auth_parts.h"
#include "aws_chunked.h"
#include "digest.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PREFIX     "x-amz-checksum-"
#define PREFIX_LEN (sizeof(PREFIX) - 1)

/* The one checksum that a request may name, in a header or in its trailer. */
typedef struct given_checksum {
    const char *algorithm; /* as in the name of the header; NULL when none came */
    const char *value;
    int is_trailer;
    int is_repeated;
} given_checksum;

static void note(given_checksum *given, const char *name, const char *value, int is_trailer)
{
    const char *algorithm = name + PREFIX_LEN;

    if (strncasecmp(name, PREFIX, PREFIX_LEN) != 0 || strcasecmp(algorithm, "algorithm") == 0 ||
        strcasecmp(algorithm, "type") == 0 || strcasecmp(algorithm, "mode") == 0)
        return;
    given->is_repeated = given->algorithm != NULL;
    given->algorithm = algorithm;
    given->value = value;
    given->is_trailer = is_trailer;
}

static int check_value(const given_checksum *given, const unsigned char *body, size_t len,
                       auth_fault *fault)
{
    digest_kind kind;
    char right[DIGEST_TEXT_SIZE];

    if (!digest_find(given->algorithm, &kind))
        return auth_say(fault, 501, "NotImplemented",
                        "A header you provided implies functionality that is not implemented");
    if (!digest_is_text(kind, given->value))
        return auth_say(fault, 400, "InvalidRequest", "Value for " PREFIX "%.32s %s is invalid.",
                        given->algorithm, given->is_trailer ? "trailing header" : "header");
    if (!digest_text(kind, body, len, right))
        return auth_say(fault, 500, "InternalError",
                        "We encountered an internal error. Please try again.");
    if (strcmp(right, given->value) != 0)
        return auth_say(fault, 400, "BadDigest",
                        "The %s you specified did not match the calculated checksum.",
                        digest_name(kind));
    return 1;
}

static int check_md5(const http_request *request, const unsigned char *body, size_t len,
                     auth_fault *fault)
{
    const char *given = http_request_header(request, "content-md5");
    char right[DIGEST_TEXT_SIZE];

    if (given == NULL)
        return 1;
    if (!digest_is_text(DIGEST_MD5, given))
        return auth_say(fault, 400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
    if (!digest_text(DIGEST_MD5, body, len, right))
        return auth_say(fault, 500, "InternalError",
                        "We encountered an internal error. Please try again.");
    if (strcmp(right, given) != 0)
        return auth_say(fault, 400, "BadDigest",
                        "The Content-MD5 you specified did not match what we received.");
    return 1;
}

/* The checksum in the headers of CompleteMultipartUpload is that of the object, not of the body. */
static int is_of_the_object(const http_request *request)
{
    return strcmp(request->method, "POST") == 0 && auth_has_parameter(request->query, "uploadId");
}

static int check_checksums(const http_request *request, const aws_chunked_body *framed,
                           const unsigned char *body, size_t len, auth_fault *fault)
{
    const char *announced = http_request_header(request, "x-amz-sdk-checksum-algorithm");
    given_checksum given = { 0 };

    if (!check_md5(request, body, len, fault))
        return 0;
    if (is_of_the_object(request))
        return 1;
    for (size_t i = 0; i < request->header_count; i++)
        note(&given, request->headers[i].name, request->headers[i].value, 0);
    for (size_t i = 0; framed != NULL && i < framed->trailer_count; i++)
        note(&given, framed->trailers[i].name, framed->trailers[i].value, 1);
    if (given.is_repeated)
        return auth_say(fault, 400, "InvalidRequest",
                        "Expecting a single x-amz-checksum- header. Multiple checksum Types are "
                        "not allowed.");
    if (announced != NULL && given.algorithm == NULL)
        return auth_say(fault, 400, "InvalidRequest",
                        "x-amz-sdk-checksum-algorithm specified, but no corresponding "
                        "x-amz-checksum-* or x-amz-trailer headers were found.");
    if (announced != NULL && strcasecmp(announced, given.algorithm) != 0)
        return auth_say(fault, 400, "InvalidRequest",
                        "Value for x-amz-sdk-checksum-algorithm header is invalid.");
    return given.algorithm == NULL || check_value(&given, body, len, fault);
}

static int say_bad_trailer(auth_fault *fault)
{
    return auth_say(fault, 400, "MalformedTrailerError",
                    "The request contained trailing data that was not well-formed or did not "
                    "conform to our published schema.");
}

static int has_trailer(const aws_chunked_body *framed, const char *name, size_t len)
{
    for (size_t i = 0; i < framed->trailer_count; i++) {
        if (strlen(framed->trailers[i].name) == len &&
            strncasecmp(framed->trailers[i].name, name, len) == 0)
            return 1;
    }
    return 0;
}

/* x-amz-trailer announces the names, "a,b"; exactly these must have come. */
static int check_announced(const http_request *request, const aws_chunked_body *framed,
                           auth_fault *fault)
{
    const char *at = http_request_header(request, "x-amz-trailer");
    size_t count = 0;

    while (at != NULL && *at != '\0') {
        size_t len;

        at += strspn(at, " ,");
        len = strcspn(at, " ,");
        if (len != 0 && !has_trailer(framed, at, len))
            return say_bad_trailer(fault);
        count += len != 0;
        at += len;
    }
    return count == framed->trailer_count ? 1 : say_bad_trailer(fault);
}

static int say_framing(auth_fault *fault, aws_chunked_status status)
{
    switch (status) {
    case AWS_CHUNKED_OK:
        return 1;
    case AWS_CHUNKED_MALFORMED:
    case AWS_CHUNKED_LENGTH:
        return auth_say(fault, 400, "IncompleteBody", "The request body terminated unexpectedly");
    case AWS_CHUNKED_SMALL:
        return auth_say(fault, 400, "InvalidChunkSizeError",
                        "Only the last chunk is allowed to have a size less than 8192 bytes");
    case AWS_CHUNKED_SIGNATURE:
    case AWS_CHUNKED_TRAILER_SIGNATURE:
        return auth_say(fault, 403, "SignatureDoesNotMatch",
                        "The request signature we calculated does not match the signature you "
                        "provided. Check your key and signing method.");
    case AWS_CHUNKED_TRAILER:
        return say_bad_trailer(fault);
    case AWS_CHUNKED_FAILED:
        break;
    }
    return auth_say(fault, 500, "InternalError",
                    "We encountered an internal error. Please try again.");
}

/* 1 when the text is a number. */
static int read_length(const char *text, uint64_t *out)
{
    *out = 0;
    if (*text == '\0' || strlen(text) > 18)
        return 0;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return 0;
        *out = *out * 10 + (uint64_t)(*text - '0');
    }
    return 1;
}

static aws_chunked_status decode_signed(const auth_settings *settings, const http_request *request,
                                        aws_chunked_form *form, aws_chunked_body *framed)
{
    aws_chunked_signing signing = { 0 };
    aws_chunked_status status = AWS_CHUNKED_FAILED;
    char scope[256];
    auth_claim claim;

    if (auth_claim_read(&claim, request) == ICECAT_OK &&
        aws_chunked_key(settings->secret_access_key, claim.claim.scope_date, claim.claim.region,
                        claim.claim.service, signing.key)) {
        (void)snprintf(scope, sizeof(scope), "%s/%s/%s/aws4_request", claim.claim.scope_date,
                       claim.claim.region, claim.claim.service);
        signing.amz_date = claim.claim.amz_date;
        signing.scope = scope;
        signing.seed_signature = claim.claim.signature;
        form->signing = &signing;
        status = aws_chunked_decode(form, request->body, request->body_len, framed);
    }
    OPENSSL_cleanse(signing.key, sizeof(signing.key));
    auth_claim_clear(&claim);
    form->signing = NULL;
    return status;
}

static int unframe(const auth_settings *settings, const http_request *request, const char *hash,
                   aws_chunked_body *framed, auth_fault *fault)
{
    const char *length = http_request_header(request, "x-amz-decoded-content-length");
    aws_chunked_form form = { .has_trailer = strstr(hash, "-TRAILER") != NULL };
    aws_chunked_status status;

    if (length == NULL)
        return auth_say(fault, 411, "MissingContentLength",
                        "You must provide the Content-Length HTTP header.");
    if (!read_length(length, &form.decoded_len))
        return auth_say(fault, 400, "InvalidRequest",
                        "Value for x-amz-decoded-content-length header is invalid.");
    if (strstr(hash, "-UNSIGNED-") != NULL)
        status = aws_chunked_decode(&form, request->body, request->body_len, framed);
    else
        status = decode_signed(settings, request, &form, framed);
    return say_framing(fault, status) && check_announced(request, framed, fault);
}

int auth_body(const auth_settings *settings, const http_request *request,
              const unsigned char **body, size_t *body_len, unsigned char **owned,
              auth_fault *fault)
{
    const char *hash = http_request_header(request, "x-amz-content-sha256");
    aws_chunked_body framed = { 0 };
    int is_framed = hash != NULL && strncmp(hash, "STREAMING-", 10) == 0;

    *fault = (auth_fault){ 0 };
    *owned = NULL;
    *body = request->body;
    *body_len = request->body_len;
    if (strcmp(auth_service(request), "s3") != 0)
        return 1;
    if (!is_framed && http_request_header(request, "x-amz-trailer") != NULL)
        return say_bad_trailer(fault);
    if (is_framed) {
        if (!unframe(settings, request, hash, &framed, fault)) {
            free(framed.data);
            return 0;
        }
        *body = framed.data;
        *body_len = framed.len;
    }
    if (!check_checksums(request, is_framed ? &framed : NULL, *body, *body_len, fault)) {
        free(framed.data);
        *body = NULL;
        *body_len = 0;
        return 0;
    }
    *owned = framed.data;
    return 1;
}
