/*
 * s3.h - objects in Amazon S3.
 *
 * Source of the rules: Amazon S3 API Reference, the page of each operation.
 *
 * @param client Sends the request.
 * @param bucket Name of the bucket.
 * @param key    Object key, not encoded.
 * @param object The object.
 *
 * Thread rule: a client may be shared; an object belongs to one thread at a time.
 */
#ifndef ICECAT_S3_H
#define ICECAT_S3_H

#include <icecat/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Every function may return, besides the statuses that it names:
 * ICECAT_E_ARGUMENT (NULL, bucket name or key not allowed by S3), ICECAT_E_NO_MEMORY, ICECAT_E_LIMIT
 * (over 100 headers or 64 KiB of them), ICECAT_E_CANCELLED, ICECAT_E_DEADLINE, ICECAT_E_BAD_CREDENTIALS
 * (the keys have expired), ICECAT_E_CRYPTO, the transport statuses 60 to 65, ICECAT_E_AUTH,
 * ICECAT_E_ACCESS, ICECAT_E_NOT_FOUND (no such bucket), ICECAT_E_REGION, ICECAT_E_THROTTLED,
 * ICECAT_E_UNAVAILABLE, ICECAT_E_VALIDATION and ICECAT_E_SERVICE.
 */

/** Options of icecat_s3_put_object(). Zero or NULL in any field means the default. */
typedef struct icecat_s3_put_options {
    size_t struct_size;              /**< Set by ICECAT_S3_PUT_OPTIONS_INIT. */
    const icecat_call_options *call; /**< Deadline and cancel. */
    const char *content_type;        /**< "application/octet-stream". */
    const char *payload_sha256;      /**< Hex SHA-256 of the body when known; else computed. */
    const icecat_pair *metadata;     /**< Names without "x-amz-meta-"; values in ASCII. */
    size_t metadata_count;           /**< Elements of @p metadata; all together at most 2 kB. */
    uint32_t if_none_match;          /**< 1: only when no object has this key. */
    uint32_t reserved;               /**< Must be 0. */
} icecat_s3_put_options;
#define ICECAT_S3_PUT_OPTIONS_INIT                                                                 \
    {                                                                                              \
        .struct_size = sizeof(icecat_s3_put_options)                                               \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_s3_put_options_init(icecat_s3_put_options *options, size_t struct_size);

/** What a put made. */
typedef struct icecat_s3_put_result {
    size_t struct_size;   /**< Set by ICECAT_S3_PUT_RESULT_INIT. */
    char etag[72];        /**< With its quotes, as S3 gives it. */
    char version_id[128]; /**< "" when the bucket is not versioned. */
} icecat_s3_put_result;
#define ICECAT_S3_PUT_RESULT_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(icecat_s3_put_result)                                                \
    }

/**
 * PutObject: store bytes under a key.
 *
 * @param data Borrowed; at most 5 GB. May be NULL when @p len is 0.
 * @param out  Receives the ETag; may be NULL.
 * @retval ICECAT_OK             The object is stored.
 * @retval ICECAT_E_PRECONDITION if_none_match was set and the key exists. When an answer was lost and
 *                               the put was tried again, the object is looked at: ICECAT_OK when it
 *                               is the one that was put.
 * @retval ICECAT_E_PROTOCOL     Also when the answer has no ETag: it was not S3 that answered.
 * @retval ICECAT_E_LIMIT        Over 5 GB; nothing was sent.
 */
ICECAT_API icecat_status icecat_s3_put_object(icecat_client *client, const char *bucket,
                                              const char *key, const void *data, size_t len,
                                              const icecat_s3_put_options *options,
                                              icecat_s3_put_result *out, icecat_error *err);

/** An object, or its description. Owned by the caller. */
typedef struct icecat_s3_object icecat_s3_object;

/** Options of icecat_s3_get_object(). Zero in any field means the default. */
typedef struct icecat_s3_get_options {
    size_t struct_size;              /**< Set by ICECAT_S3_GET_OPTIONS_INIT. */
    const icecat_call_options *call; /**< Deadline and cancel. */
    uint64_t range_start;            /**< First byte, 0-based. */
    uint64_t range_len;              /**< Bytes wanted; 0 for all from range_start on. */
    uint64_t max_bytes;              /**< A longer body is refused; 64 MiB. */
} icecat_s3_get_options;
#define ICECAT_S3_GET_OPTIONS_INIT                                                                 \
    {                                                                                              \
        .struct_size = sizeof(icecat_s3_get_options)                                               \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_s3_get_options_init(icecat_s3_get_options *options, size_t struct_size);

/**
 * GetObject: read an object, or a range of it.
 *
 * @param out Receives the object; free with icecat_s3_object_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_NOT_FOUND The bucket or the key does not exist.
 * @retval ICECAT_E_LIMIT     The body is longer than max_bytes.
 * @retval ICECAT_E_VALIDATION The range starts behind the object's end.
 * @retval ICECAT_E_PROTOCOL  Also when the answer is not the range that was asked for.
 */
ICECAT_API icecat_status icecat_s3_get_object(icecat_client *client, const char *bucket,
                                              const char *key, const icecat_s3_get_options *options,
                                              icecat_s3_object **out, icecat_error *err);

/**
 * HeadObject: describe an object without its bytes.
 *
 * @param call Deadline and cancel, or NULL.
 * @param out  Receives the description, with no data; free with icecat_s3_object_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_NOT_FOUND The bucket or the key does not exist. (S3 does not say which.)
 */
ICECAT_API icecat_status icecat_s3_head_object(icecat_client *client, const char *bucket,
                                               const char *key, const icecat_call_options *call,
                                               icecat_s3_object **out, icecat_error *err);

/** Body as received, followed by a NUL byte; NULL after a head. Lives as long as @p object. */
ICECAT_API const void *icecat_s3_object_data(const icecat_s3_object *object);
/** Bytes at icecat_s3_object_data(). */
ICECAT_API size_t icecat_s3_object_len(const icecat_s3_object *object);
/** Bytes of the whole object, also when only a range was read. */
ICECAT_API uint64_t icecat_s3_object_size(const icecat_s3_object *object);
/**
 * Header @p name of the answer, e.g. "etag", "content-type" or "x-amz-meta-original-file-name"; case does
 * not matter. NULL when the service did not send it. Lives as long as @p object.
 */
ICECAT_API const char *icecat_s3_object_header(const icecat_s3_object *object, const char *name);
/** Name of header @p index of the answer, in lower case; NULL when there are fewer. Lives as @p object. */
ICECAT_API const char *icecat_s3_object_header_name(const icecat_s3_object *object, size_t index);
/** Release an object. NULL is allowed. */
ICECAT_API void icecat_s3_object_free(icecat_s3_object *object);

/** Options of icecat_s3_copy_object(). Zero or NULL in any field means the default. */
typedef struct icecat_s3_copy_options {
    size_t struct_size;              /**< Set by ICECAT_S3_COPY_OPTIONS_INIT. */
    const icecat_call_options *call; /**< Deadline and cancel. */
    const char *content_type;        /**< With replace_metadata; "application/octet-stream". */
    const icecat_pair *metadata;     /**< With replace_metadata; as in icecat_s3_put_options. */
    size_t metadata_count;           /**< Elements of @p metadata; all together at most 2 kB. */
    uint32_t replace_metadata;       /**< 1: the copy has the content type and metadata given here,
                                          and no other header of the source; 0: all of its own. */
    uint32_t reserved;               /**< Must be 0. */
} icecat_s3_copy_options;
#define ICECAT_S3_COPY_OPTIONS_INIT                                                                \
    {                                                                                              \
        .struct_size = sizeof(icecat_s3_copy_options)                                              \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_s3_copy_options_init(icecat_s3_copy_options *options, size_t struct_size);

/**
 * CopyObject: copy an object of at most 5 GB inside the service, with its metadata or with others.
 * An error that S3 reports inside an answer of status 200 is found and retried.
 *
 * @param source_bucket Where the object is.
 * @param source_key    Its key.
 * @param options       May be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT  Also when a content type or metadata is given without replace_metadata.
 * @retval ICECAT_E_NOT_FOUND A bucket or the source key does not exist.
 * @retval ICECAT_E_PROTOCOL  Also when the answer does not say that the copy was made.
 */
ICECAT_API icecat_status icecat_s3_copy_object(icecat_client *client, const char *source_bucket,
                                               const char *source_key, const char *bucket,
                                               const char *key,
                                               const icecat_s3_copy_options *options,
                                               icecat_error *err);

/**
 * DeleteObject. Deleting a key that does not exist succeeds, as it does on S3.
 *
 * @param call Deadline and cancel, or NULL.
 * @retval ICECAT_OK
 */
ICECAT_API icecat_status icecat_s3_delete_object(icecat_client *client, const char *bucket,
                                                 const char *key, const icecat_call_options *call,
                                                 icecat_error *err);

/** Options of icecat_s3_presign(). Zero or NULL in any field means the default. */
typedef struct icecat_s3_presign_options {
    size_t struct_size;              /**< Set by ICECAT_S3_PRESIGN_OPTIONS_INIT. */
    const char *content_type;        /**< PUT: the only Content-Type accepted; any. */
    const char *payload_sha256;      /**< PUT: hex SHA-256 of the only body accepted; any. */
    uint32_t expires_s;              /**< Life of the URL, 1 to 604800 (7 days); 900. */
    uint32_t reserved;               /**< Must be 0. */
    const icecat_call_options *call; /**< Deadline and cancel of finding the access keys; not looked
                                          at when fresh ones are at hand. */
} icecat_s3_presign_options;
#define ICECAT_S3_PRESIGN_OPTIONS_INIT                                                             \
    {                                                                                              \
        .struct_size = sizeof(icecat_s3_presign_options)                                           \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_s3_presign_options_init(icecat_s3_presign_options *options,
                                               size_t struct_size);

/** What presigning made, beside the URL. */
typedef struct icecat_s3_presign_result {
    size_t struct_size;     /**< Set by ICECAT_S3_PRESIGN_RESULT_INIT. */
    int64_t expires_unix_s; /**< When the URL stops to work, seconds since 1970. */
    uint32_t is_cut_short;  /**< 1 when the access keys expire before the URL would. */
    uint32_t reserved;      /**< 0. */
} icecat_s3_presign_result;
#define ICECAT_S3_PRESIGN_RESULT_INIT                                                              \
    {                                                                                              \
        .struct_size = sizeof(icecat_s3_presign_result)                                            \
    }

/**
 * Make a URL with which anyone may put or get one object for a while. No request is sent, but for
 * access keys when there are none at hand, and nothing is asked of S3: whether the object exists and
 * may be read shows when the URL is used.
 *
 * With content_type, a PUT must have that Content-Type header; with payload_sha256, it must have that
 * hash in an x-amz-content-sha256 header. The URL is as good as a password until it ends.
 *
 * @param method   "GET" or "PUT".
 * @param url      Receives the URL.
 * @param url_size Bytes at @p url; 8 kB plus three times the session token is always enough.
 * @param out      Receives when the URL ends; may be NULL. When the keys end before it, the log gets a
 *                 warning too.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT Also: another method, expires_s over 604800, or options of PUT with GET.
 * @retval ICECAT_E_LIMIT    @p url is too small.
 * @retval ICECAT_E_BAD_CREDENTIALS The keys have expired.
 * @retval ICECAT_E_CANCELLED options->call: access keys had to be looked for. With a token that was
 *                            fired before, the search is not even begun.
 *
 * Also ICECAT_E_DEADLINE and the statuses of the search for access keys.
 */
ICECAT_API icecat_status icecat_s3_presign(icecat_client *client, const char *method,
                                           const char *bucket, const char *key,
                                           const icecat_s3_presign_options *options, char *url,
                                           size_t url_size, icecat_s3_presign_result *out,
                                           icecat_error *err);

#ifdef __cplusplus
}
#endif

#endif
