/*
 * sigv4.h - AWS Signature Version 4 as pure functions: bytes and a time in, a signature out.
 *
 * Source of the rules: AWS, "Signature Version 4 signing process" (IAM User Guide) and
 * "Authenticating requests" (Amazon S3 API Reference).
 */
#ifndef ICECAT_SIGV4_H
#define ICECAT_SIGV4_H

#include <icecat/credentials.h>
#include <icecat/error.h>
#include <icecat/export.h>
#include <icecat/memory.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Payload hash of a request whose body is not signed; S3 only. */
#define ICECAT_SIGV4_UNSIGNED_PAYLOAD "UNSIGNED-PAYLOAD"

/** A request as it goes on the wire. Everything is borrowed for the call. */
typedef struct icecat_sigv4_request {
    size_t struct_size;         /**< Set by ICECAT_SIGV4_REQUEST_INIT. */
    const char *method;         /**< e.g. "PUT". Required. */
    const char *path;           /**< Percent-encoded path as sent; NULL or "" means "/". */
    const char *query;          /**< Percent-encoded query as sent, without '?'; may be NULL. */
    const icecat_pair *headers; /**< Headers to sign; "host" is required. */
    size_t headers_count;       /**< Elements of @p headers. */
    const char
        *payload_hash; /**< Hex SHA-256 of the body, or a named constant; NULL for an empty body. */
} icecat_sigv4_request;
#define ICECAT_SIGV4_REQUEST_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(icecat_sigv4_request)                                                \
    }

/** How to sign. Everything is borrowed for the call. */
typedef struct icecat_sigv4_options {
    size_t struct_size;                  /**< Set by ICECAT_SIGV4_OPTIONS_INIT. */
    const icecat_credentials_keys *keys; /**< Required. */
    const char *region;                  /**< e.g. "eu-west-1". Required. */
    const char *service; /**< e.g. "s3". Required; "s3", "s3-express" and "s3-outposts"
                                              select S3's rules for paths. */
    int64_t unix_s;      /**< Time of signing, seconds since 1970. Required. */
    uint32_t expires_s;  /**< 0 signs headers; 1 to 604800 presigns the query. */
    uint32_t flags;      /**< ICECAT_SIGV4_... bits. */
} icecat_sigv4_options;
#define ICECAT_SIGV4_OPTIONS_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(icecat_sigv4_options)                                                \
    }

#define ICECAT_SIGV4_OMIT_SESSION_TOKEN 1u /**< Presign: add the token after signing, unsigned. */
#define ICECAT_SIGV4_KEEP_PATH          2u /**< Do not normalise the path of a non-S3 service. */

/** What signing made. All texts lie in the caller's scratch memory. */
typedef struct icecat_sigv4_result {
    size_t struct_size;         /**< Set by ICECAT_SIGV4_RESULT_INIT. */
    const char *authorization;  /**< Value of the Authorization header; NULL when presigning. */
    const char *amz_date;       /**< Value of x-amz-date, e.g. "20150830T123600Z". */
    const char *query;          /**< The whole presigned query; NULL when signing headers. */
    const char *signed_headers; /**< e.g. "host;x-amz-date". */
    const char *signature;      /**< 64 hex digits. */
    const char
        *canonical_request; /**< For comparison with a service's answer. Holds no secret key. */
    const char *string_to_sign;
} icecat_sigv4_result;
#define ICECAT_SIGV4_RESULT_INIT                                                                   \
    {                                                                                              \
        .struct_size = sizeof(icecat_sigv4_result)                                                 \
    }

/**
 * Sign a request.
 *
 * x-amz-date and, for temporary keys, x-amz-security-token are signed whether or not they are among
 * the headers; the caller sends both with the values given here. A header that SigV4 leaves out
 * (authorization, user-agent, connection, expect, ...) is skipped when given.
 *
 * @param request     What will be sent.
 * @param options     Keys, scope and time.
 * @param scratch     Memory for the texts of @p result; it holds no secret afterwards.
 * @param scratch_len Bytes at @p scratch; 4 kB plus eight times the request's texts is always enough.
 * @param result      Receives pointers into @p scratch.
 * @param err         Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT A required field is missing, expires_s is over 604800, or a text has a
 *                           control character.
 * @retval ICECAT_E_LIMIT    @p scratch is too small, or the request has more than 100 headers or
 *                           query parameters.
 * @retval ICECAT_E_CRYPTO   A hash failed.
 *
 * Allocates nothing. Safe to call from any thread.
 */
ICECAT_API icecat_status icecat_sigv4_sign(const icecat_sigv4_request *request,
                                           const icecat_sigv4_options *options, char *scratch,
                                           size_t scratch_len, icecat_sigv4_result *result,
                                           icecat_error *err);

#ifdef __cplusplus
}
#endif

#endif
