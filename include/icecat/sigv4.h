/*
 * sigv4.h - AWS Signature Version 4 as pure functions: bytes and a time in, a signature or a verdict
 * out.
 *
 * Source of the rules: AWS, "Signature Version 4 signing process" (IAM User Guide) and
 * "Authenticating requests" (Amazon S3 API Reference).
 *
 * @param cache The cache.
 *
 * Thread rule: any thread; memory that is given for a result belongs to one call at a time.
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

/* Payload hashes that stand for something else than a hash. */
#define ICECAT_SIGV4_UNSIGNED_PAYLOAD "UNSIGNED-PAYLOAD" /**< Body not signed; S3 only. */
/** Body in signed chunks: icecat_sigv4_sign_chunk(). S3 only. */
#define ICECAT_SIGV4_STREAMING_PAYLOAD "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
/** The same with headers behind the last chunk: icecat_sigv4_sign_trailer(). */
#define ICECAT_SIGV4_STREAMING_PAYLOAD_TRAILER "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
/** Unsigned chunks with headers behind the last one; over https only. */
#define ICECAT_SIGV4_STREAMING_UNSIGNED_TRAILER "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

/**
 * Signing keys that were derived already, so that a signature with the keys of one before costs one
 * hash and one HMAC. Holds at most 16 keys, each for one secret, day, region and service; those of
 * earlier days are dropped. Secrets and keys are wiped when they are dropped. Any number of threads may
 * sign with one cache.
 */
typedef struct icecat_sigv4_cache icecat_sigv4_cache;

/**
 * Make an empty cache. An icecat_client has one of its own.
 *
 * @param allocator Copied; NULL for malloc.
 * @param out       Receives the cache; free with icecat_sigv4_cache_free().
 * @param err       Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT  @p out is NULL.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_sigv4_cache_new(const icecat_allocator *allocator,
                                                icecat_sigv4_cache **out, icecat_error *err);

/** Wipe and release a cache that no call uses. NULL is allowed. */
ICECAT_API void icecat_sigv4_cache_free(icecat_sigv4_cache *cache);

/** A request as it goes on the wire. Everything is borrowed for the call. */
typedef struct icecat_sigv4_request {
    size_t struct_size;         /**< Set by ICECAT_SIGV4_REQUEST_INIT. */
    const char *method;         /**< e.g. "PUT". Required. */
    const char *path;           /**< Percent-encoded path as sent; NULL or "" means "/". */
    const char *query;          /**< Percent-encoded query as sent, without '?'; may be NULL. */
    const icecat_pair *headers; /**< Headers to sign; "host" is required. */
    size_t headers_count;       /**< Elements of @p headers. */
    const char *payload_hash;   /**< Hex SHA-256 of the body, or a named constant. NULL: of
                                     @p payload; without that, UNSIGNED-PAYLOAD for a presigned
                                     request to S3 and the hash of an empty body for any other. */
    const void *payload;        /**< Body to be hashed when @p payload_hash is NULL; may be NULL. */
    size_t payload_len;         /**< Bytes at @p payload. */
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
    const char *service;       /**< e.g. "s3". Required; "s3", "s3-express" and "s3-outposts"
                                              select S3's rules for paths. */
    icecat_sigv4_cache *cache; /**< Keys derived before; NULL derives them each time. */
    int64_t unix_s;            /**< Time of signing, seconds since 1970. Required. */
    uint32_t expires_s;        /**< Life of a presigned request, 1 to 604800; else 0. */
    uint32_t flags;            /**< ICECAT_SIGV4_... bits. */
} icecat_sigv4_options;
#define ICECAT_SIGV4_OPTIONS_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(icecat_sigv4_options)                                                \
    }

#define ICECAT_SIGV4_OMIT_SESSION_TOKEN 1u /**< Leave the token out of what is signed. */
#define ICECAT_SIGV4_KEEP_PATH          2u /**< Do not normalise the path of a non-S3 service. */
#define ICECAT_SIGV4_PRESIGN            4u /**< Sign the query, for a URL that works by itself. */
#define ICECAT_SIGV4_CONTENT_SHA256     8u /**< Sign an x-amz-content-sha256 header; S3 needs one. */

/** What signing made. All texts lie in the caller's scratch memory. */
typedef struct icecat_sigv4_result {
    size_t struct_size;         /**< Set by ICECAT_SIGV4_RESULT_INIT. */
    const char *authorization;  /**< Value of the Authorization header; NULL when presigning. */
    const char *amz_date;       /**< Value of x-amz-date, e.g. "20150830T123600Z". */
    const char *query;          /**< The whole presigned query; NULL when signing headers. */
    const char *signed_headers; /**< e.g. "host;x-amz-date". */
    const char *payload_hash;   /**< Value of x-amz-content-sha256: what stands for the body. */
    const char *signature;      /**< 64 hex digits. */
    const char
        *canonical_request; /**< For comparison with a service's answer. Holds no secret key, but
                                 the session token: do not log it. */
    const char *string_to_sign; /**< As canonical_request; holds no secret. */
    int64_t expires_unix_s; /**< Presigned: when the URL stops to work, as far as known; else 0. */
    uint32_t is_cut_short;  /**< 1 when the keys expire before the presigned URL would. */
    uint32_t reserved;      /**< 0. */
} icecat_sigv4_result;
#define ICECAT_SIGV4_RESULT_INIT                                                                   \
    {                                                                                              \
        .struct_size = sizeof(icecat_sigv4_result)                                                 \
    }

/**
 * Sign a request: its headers or, with ICECAT_SIGV4_PRESIGN, its query.
 *
 * x-amz-date and, for temporary keys, x-amz-security-token are signed whether or not they are among
 * the headers; the caller sends both with the values given here. A header that SigV4 leaves out
 * (authorization, user-agent, connection, expect, ...) is skipped when given. Headers of one name are
 * joined in their order. Texts are taken byte by byte, UTF-8 too.
 *
 * @param request     What will be sent.
 * @param options     Keys, scope and time.
 * @param scratch     Memory for the texts of @p result; it holds no secret key afterwards.
 * @param scratch_len Bytes at @p scratch; 4 kB plus eight times the request's texts is always enough.
 * @param result      Receives pointers into @p scratch.
 * @param err         Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT A required field is missing, expires_s is not from 1 to 604800 with
 *                           ICECAT_SIGV4_PRESIGN or not 0 without, a text has a control character, or the
 *                           name of a header has what HTTP allows in none.
 * @retval ICECAT_E_LIMIT    @p scratch is too small, or the request has more than 100 headers or
 *                           query parameters.
 * @retval ICECAT_E_CRYPTO   A hash failed.
 *
 * Allocates nothing (in libcrypto's FIPS mode, libcrypto does). Pure but for the cache. Safe to call
 * from any thread.
 */
ICECAT_API icecat_status icecat_sigv4_sign(const icecat_sigv4_request *request,
                                           const icecat_sigv4_options *options, char *scratch,
                                           size_t scratch_len, icecat_sigv4_result *result,
                                           icecat_error *err);

/*
 * A body in signed chunks (aws-chunked), when its hash is not known before it is sent.
 *
 *   1. Sign the request with payload_hash ICECAT_SIGV4_STREAMING_PAYLOAD and the headers
 *      "content-encoding: aws-chunked" and "x-amz-decoded-content-length: BYTES";
 *      content-length is that of icecat_sigv4_chunked_length().
 *   2. For each chunk, in order: icecat_sigv4_sign_chunk() with the signature of the chunk before (the
 *      request's for the first), then send icecat_sigv4_chunk_head(), the bytes, and "\r\n".
 *      Every chunk but the last two has the same length, at least 8 kB.
 *   3. End with a chunk of length 0.
 *
 * With a trailer, the hash is ICECAT_SIGV4_STREAMING_PAYLOAD_TRAILER, "x-amz-trailer: NAME,..." is
 * signed too, and the end is: the head of the chunk of length 0 without "\r\n" behind it, the lines
 * "NAME:VALUE\r\n", "x-amz-trailer-signature:" with icecat_sigv4_sign_trailer(), and "\r\n\r\n".
 *
 * Source of the rules: Amazon S3 API Reference, "Signature calculations for the Authorization header:
 * Transferring payload in multiple chunks".
 */

#define ICECAT_SIGV4_SIGNATURE_SIZE 65 /**< 64 hex digits and a NUL byte. */
/** Most bytes that icecat_sigv4_chunk_head() writes, with the NUL byte. */
#define ICECAT_SIGV4_CHUNK_HEAD_SIZE 104

/**
 * Sign one chunk of a body.
 *
 * @param options   As for the request; flags and expires_s are not looked at.
 * @param previous  Signature of the chunk before, of the request for the first one.
 * @param data      Bytes of the chunk; may be NULL when @p len is 0.
 * @param len       0 for the chunk that ends the body.
 * @param signature Receives the signature; may be the same memory as @p previous.
 * @param err       Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT A required field is missing, or @p previous is not 64 hex digits.
 * @retval ICECAT_E_LIMIT    Region and service are longer than any of AWS.
 * @retval ICECAT_E_CRYPTO   A hash failed.
 */
ICECAT_API icecat_status icecat_sigv4_sign_chunk(const icecat_sigv4_options *options,
                                                 const char *previous, const void *data, size_t len,
                                                 char signature[ICECAT_SIGV4_SIGNATURE_SIZE],
                                                 icecat_error *err);

/**
 * Sign the headers behind the last chunk. Other statuses as icecat_sigv4_sign_chunk().
 *
 * @param options        As for the request; flags and expires_s are not looked at.
 * @param previous       Signature of the chunk of length 0.
 * @param trailers       The headers; at most 100, together at most 8 kB.
 * @param trailers_count Elements of @p trailers.
 * @param signature      Receives the signature; may be the same memory as @p previous.
 * @retval ICECAT_E_LIMIT The trailers are too many or too long.
 */
ICECAT_API icecat_status icecat_sigv4_sign_trailer(
    const icecat_sigv4_options *options, const char *previous, const icecat_pair *trailers,
    size_t trailers_count, char signature[ICECAT_SIGV4_SIGNATURE_SIZE], icecat_error *err);

/**
 * Write what stands before the bytes of a chunk: "LENGTH;chunk-signature=SIGNATURE\r\n".
 *
 * @param len       Bytes of the chunk.
 * @param signature That of the chunk.
 * @param out       Receives the text.
 * @return Its length without the NUL byte, or 0 when @p signature is not 64 hex digits.
 */
ICECAT_API size_t icecat_sigv4_chunk_head(uint64_t len, const char *signature,
                                          char out[ICECAT_SIGV4_CHUNK_HEAD_SIZE]);

/**
 * The content-length of a body of @p len bytes in signed chunks of @p chunk_len bytes each.
 *
 * @param trailers       The headers behind the last chunk, or NULL. Only their lengths matter.
 * @param trailers_count Elements of @p trailers.
 * @return The length; 0 when @p chunk_len is 0 or the length is over 2^62.
 */
ICECAT_API uint64_t icecat_sigv4_chunked_length(uint64_t len, uint64_t chunk_len,
                                                const icecat_pair *trailers, size_t trailers_count);

/** Where the service's calculation differs from ours. Values are frozen; new ones may be added. */
typedef enum icecat_sigv4_difference {
    ICECAT_SIGV4_UNTOLD = 0,                /**< The answer does not tell the calculation. */
    ICECAT_SIGV4_SAME = 1,                  /**< Nowhere: the secret key is another one. */
    ICECAT_SIGV4_DIFFERENT_METHOD = 2,      /**< The request's method. */
    ICECAT_SIGV4_DIFFERENT_PATH = 3,        /**< The path, or its encoding. */
    ICECAT_SIGV4_DIFFERENT_QUERY = 4,       /**< A query parameter. */
    ICECAT_SIGV4_DIFFERENT_HEADER = 5,      /**< A header's value, or a header is not there. */
    ICECAT_SIGV4_DIFFERENT_HEADER_LIST = 6, /**< The list of signed headers. */
    ICECAT_SIGV4_DIFFERENT_PAYLOAD = 7,     /**< The hash of the body. */
    ICECAT_SIGV4_DIFFERENT_ALGORITHM = 8,   /**< The first line of the string to sign. */
    ICECAT_SIGV4_DIFFERENT_DATE = 9,        /**< The time of signing. */
    ICECAT_SIGV4_DIFFERENT_SCOPE = 10       /**< Day, region or service. */
} icecat_sigv4_difference;

/** Why a service found another signature. */
typedef struct icecat_sigv4_explanation {
    size_t struct_size; /**< Set by ICECAT_SIGV4_EXPLANATION_INIT. */
    int32_t difference; /**< icecat_sigv4_difference. */
    uint32_t line;      /**< 1-based line of that text that differs first; 0 when there is none. */
    char text[240];     /**< One English sentence with what to do. No secret, no token. */
} icecat_sigv4_explanation;
#define ICECAT_SIGV4_EXPLANATION_INIT                                                              \
    {                                                                                              \
        .struct_size = sizeof(icecat_sigv4_explanation)                                            \
    }

/**
 * Explain a SignatureDoesNotMatch: S3, and in words of their own the JSON services, tell the texts
 * that they calculated. The first line that is not ours names the cause.
 *
 * @param ours        What icecat_sigv4_sign() made for the request that was refused: its canonical
 *                    request and string to sign.
 * @param answer      Body of the answer, XML or JSON. Need not end with a NUL byte.
 * @param answer_len  Bytes at @p answer.
 * @param scratch     Memory for the service's texts; twice @p answer_len plus 16 is always enough.
 * @param scratch_len Bytes at @p scratch. What does not fit is taken as not told.
 * @param out         Receives the explanation.
 * @param err         Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK         @p out is set, also when nothing could be found.
 * @retval ICECAT_E_ARGUMENT A pointer is NULL.
 *
 * Pure, and safe to call from any thread.
 */
ICECAT_API icecat_status icecat_sigv4_explain(const icecat_sigv4_result *ours, const void *answer,
                                              size_t answer_len, char *scratch, size_t scratch_len,
                                              icecat_sigv4_explanation *out, icecat_error *err);

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
 * @param request     What came: its headers are all headers, with Authorization. The payload hash
 *                    is not looked at.
 * @param scratch     Memory for the texts of @p claim.
 * @param scratch_len Bytes at @p scratch; 1 kB plus the request's texts is always enough.
 * @param claim       Receives what could be read, also when ICECAT_E_SIGNATURE is returned: parts
 *                    that are missing or malformed are NULL, and its reason says what is wrong.
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
    icecat_sigv4_cache *cache;     /**< As in signing; may be NULL. */
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
 * of the body is taken as the request's payload_hash gives it: compare it with the body that came.
 * NULL takes the x-amz-content-sha256 header; without that header, ICECAT_SIGV4_UNSIGNED_PAYLOAD for a
 * presigned request to S3 and the hash of an empty body for any other.
 *
 * @param request     What came: its headers are all headers, with Authorization.
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
