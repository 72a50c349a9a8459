/*
 * sigv4.h - AWS Signature Version 4 as pure functions: bytes and a time in, a signature or a verdict
 * out.
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

/** Why a received request is not accepted. Values are frozen; new ones may be added. */
typedef enum icecat_sigv4_reason {
    ICECAT_SIGV4_VERIFIED = 0,        /**< The signature is the one that the secret key gives. */
    ICECAT_SIGV4_MISSING = 1,         /**< Neither an Authorization header nor X-Amz-Algorithm. */
    ICECAT_SIGV4_UNSUPPORTED = 2,     /**< Signed in another way than AWS4-HMAC-SHA256. */
    ICECAT_SIGV4_MALFORMED = 3,       /**< A part is missing, twice there, or not of its form. */
    ICECAT_SIGV4_WRONG_DATE = 4,      /**< The scope's date is another day than the request's. */
    ICECAT_SIGV4_WRONG_SCOPE = 5,     /**< Signed for another region or service. */
    ICECAT_SIGV4_SKEWED = 6,          /**< The clocks are too far apart. */
    ICECAT_SIGV4_EXPIRED = 7,         /**< A presigned request came after its time. */
    ICECAT_SIGV4_UNSIGNED_HEADER = 8, /**< An x-amz-... header came that is not signed. */
    ICECAT_SIGV4_ABSENT_HEADER = 9,   /**< A header is signed that did not come. */
    ICECAT_SIGV4_MISMATCH = 10        /**< Another key, or the request changed on its way. */
} icecat_sigv4_reason;

/** What a received request says of its signature. All texts lie in the caller's scratch memory. */
typedef struct icecat_sigv4_claim {
    size_t struct_size;         /**< Set by ICECAT_SIGV4_CLAIM_INIT. */
    const char *access_key_id;  /**< The caller looks for the secret key of this one. */
    const char *scope_date;     /**< e.g. "20150830". */
    const char *region;         /**< e.g. "us-east-1". */
    const char *service;        /**< e.g. "s3". */
    const char *signed_headers; /**< As the client listed them, e.g. "host;x-amz-date". */
    const char *signature;      /**< As the client sent it. */
    const char *amz_date;       /**< e.g. "20150830T123600Z"; made from Date without x-amz-date. */
    const char *session_token;  /**< NULL for long-lived keys. */
    int64_t unix_s;             /**< amz_date in seconds since 1970. */
    int64_t expires_s;          /**< Life of a presigned request; 0 for a signed header. */
    uint32_t is_presigned;      /**< 1 when the signature is in the query. */
    int32_t reason;             /**< icecat_sigv4_reason; ICECAT_SIGV4_VERIFIED when all is well. */
} icecat_sigv4_claim;
#define ICECAT_SIGV4_CLAIM_INIT                                                                    \
    {                                                                                              \
        .struct_size = sizeof(icecat_sigv4_claim)                                                  \
    }

/**
 * Read the Authorization header, or the X-Amz-... query parameters, of a received request.
 *
 * Nothing is verified here: the claim tells which secret key icecat_sigv4_verify() needs.
 *
 * @param request     What came: @p headers are all headers, with Authorization. The payload hash
 *                    is not looked at.
 * @param scratch     Memory for the texts of @p claim.
 * @param scratch_len Bytes at @p scratch; 1 kB plus the request's texts is always enough.
 * @param claim       Receives what could be read, also when ICECAT_E_SIGNATURE is returned: parts
 *                    that are missing or malformed are NULL, and @p reason says what is wrong.
 * @param err         Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_SIGNATURE The reason is MISSING, UNSUPPORTED, MALFORMED or WRONG_DATE.
 * @retval ICECAT_E_ARGUMENT  A required field is missing, or a text has a control character.
 * @retval ICECAT_E_LIMIT     @p scratch is too small.
 *
 * Allocates nothing. Safe to call from any thread.
 */
ICECAT_API icecat_status icecat_sigv4_parse(const icecat_sigv4_request *request, char *scratch,
                                            size_t scratch_len, icecat_sigv4_claim *claim,
                                            icecat_error *err);

/** How to verify. Everything is borrowed for the call. */
typedef struct icecat_sigv4_verify_options {
    size_t struct_size;            /**< Set by ICECAT_SIGV4_VERIFY_OPTIONS_INIT. */
    const char *secret_access_key; /**< Of the claim's access key id. Required. */
    const char *region;            /**< The only region accepted; NULL accepts any. */
    const char *service;           /**< The only service accepted; NULL accepts any. */
    int64_t unix_s;                /**< Now, seconds since 1970. Required. */
    uint32_t max_skew_s;           /**< How far the clocks may differ; 0 means 900. */
    uint32_t flags;                /**< ICECAT_SIGV4_OMIT_SESSION_TOKEN: the token may be unsigned;
                                        ICECAT_SIGV4_KEEP_PATH as in signing. */
} icecat_sigv4_verify_options;
#define ICECAT_SIGV4_VERIFY_OPTIONS_INIT                                                           \
    {                                                                                              \
        .struct_size = sizeof(icecat_sigv4_verify_options)                                         \
    }

/** What verification found. All texts lie in the caller's scratch memory. */
typedef struct icecat_sigv4_verdict {
    size_t struct_size;            /**< Set by ICECAT_SIGV4_VERDICT_INIT. */
    const char *canonical_request; /**< NULL when verification did not come so far. */
    const char *string_to_sign;    /**< NULL as above. Neither holds a secret key. */
    int32_t reason;                /**< icecat_sigv4_reason. */
    int32_t skew_s;                /**< Time of the request minus now, cut to the type. */
} icecat_sigv4_verdict;
#define ICECAT_SIGV4_VERDICT_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(icecat_sigv4_verdict)                                                \
    }

/**
 * Verify a received request, as the services of AWS do.
 *
 * Exactly the headers that the client lists are taken, also those that icecat_sigv4_sign() leaves
 * out; the list must be sorted, in lower case and without repeats, and must name "host". Every
 * x-amz-... header that came must be in it. Signatures are compared in constant time. The signature
 * that would have been right is not told.
 *
 * A presigned request is good from max_skew_s before its date until its date plus its life. The hash
 * of the body is taken as @p payload_hash gives it: compare it with the body that came. NULL takes
 * the x-amz-content-sha256 header; without that header, ICECAT_SIGV4_UNSIGNED_PAYLOAD for a
 * presigned request to S3 and the hash of an empty body for any other.
 *
 * @param request     What came: @p headers are all headers, with Authorization.
 * @param options     The secret key, what is accepted, and the time.
 * @param scratch     Memory for the texts of @p verdict; it holds no secret afterwards.
 * @param scratch_len Bytes at @p scratch; 4 kB plus eight times the request's texts is always enough.
 * @param verdict     Receives the reason and pointers into @p scratch, also when
 *                    ICECAT_E_SIGNATURE is returned.
 * @param err         Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_SIGNATURE The request is not accepted; @p verdict has the reason.
 * @retval ICECAT_E_ARGUMENT  A required field is missing, or a text has a control character.
 * @retval ICECAT_E_LIMIT     @p scratch is too small, or the request has more than 100 signed headers
 *                            or query parameters.
 * @retval ICECAT_E_CRYPTO    A hash failed.
 *
 * Allocates nothing. Safe to call from any thread.
 */
ICECAT_API icecat_status icecat_sigv4_verify(const icecat_sigv4_request *request,
                                             const icecat_sigv4_verify_options *options,
                                             char *scratch, size_t scratch_len,
                                             icecat_sigv4_verdict *verdict, icecat_error *err);

#ifdef __cplusplus
}
#endif

#endif
