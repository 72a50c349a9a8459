/*
 * error.h - what every call returns, and the record that explains it.
 *
 * @param status Any number; one that is no icecat_status is treated as a failure.
 *
 * Thread rule: any thread.
 */
#ifndef ICECAT_ERROR_H
#define ICECAT_ERROR_H

#include <icecat/export.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Result of a call: 0 is success. Values are frozen; new ones may be added, so treat an unknown
 * value as a failure. Grouped by layer, with gaps.
 */
typedef enum icecat_status {
    ICECAT_OK = 0, /**< Done as asked. */

    /* 1-19: the caller, memory, the machine */
    ICECAT_E_ARGUMENT = 1,  /**< An argument is wrong; the message names it. */
    ICECAT_E_NO_MEMORY = 2, /**< An allocation failed. */
    ICECAT_E_LIMIT = 3,     /**< Something would grow over its documented maximum. */
    ICECAT_E_CANCELLED = 4, /**< The call's icecat_cancel was fired. */
    ICECAT_E_DEADLINE = 5,  /**< The call's deadline passed. */
    ICECAT_E_CALLBACK = 6,  /**< A callback of the caller returned non-zero. */
    ICECAT_E_INTERNAL = 7,  /**< A defect of the library; please report it. */
    ICECAT_E_FILE = 8,      /**< A local file cannot be read or written. */
    ICECAT_E_PARSE = 9,     /**< A local document (batch file, dotenv, event) is malformed. */
    ICECAT_E_CONFIG = 10,   /**< A needed setting (region, bucket, table) is missing or invalid. */

    /* 20-39: images */
    ICECAT_E_IMAGE_FORMAT = 20,  /**< The bytes are not a JPEG or PNG image. */
    ICECAT_E_IMAGE_CORRUPT = 21, /**< A JPEG or PNG, but truncated or damaged. */
    ICECAT_E_IMAGE_LIMIT = 22,   /**< A sound image outside the limits of the profile. */

    /* 40-59: credentials and signing */
    ICECAT_E_NO_CREDENTIALS = 40,  /**< No source had credentials. */
    ICECAT_E_BAD_CREDENTIALS = 41, /**< A source had credentials that cannot be used. */
    ICECAT_E_CRYPTO = 42,          /**< A hash or HMAC failed in libcrypto. */
    ICECAT_E_SIGNATURE = 43,       /**< Verification only: the signature does not match. */

    /* 60-79: transport */
    ICECAT_E_RESOLVE = 60,  /**< The host name has no address. */
    ICECAT_E_CONNECT = 61,  /**< No connection could be made. */
    ICECAT_E_TLS = 62,      /**< The TLS handshake or the certificate check failed. */
    ICECAT_E_TRANSFER = 63, /**< The connection broke while bytes were moving. */
    ICECAT_E_TIMEOUT = 64,  /**< One attempt made no progress in time. */
    ICECAT_E_PROTOCOL = 65, /**< The answer is not what the service's protocol allows. */

    /* 80-99: answers of the services */
    ICECAT_E_SERVICE = 80,   /**< An error answer of no other kind; see aws_code. */
    ICECAT_E_AUTH = 81,      /**< Signature, key or token refused (401/403, expired token). */
    ICECAT_E_ACCESS = 82,    /**< Authenticated, but not allowed to do this. */
    ICECAT_E_NOT_FOUND = 83, /**< Bucket, object, table, item or parameter does not exist. */
    ICECAT_E_PRECONDITION =
        84,                  /**< A condition of the request was false (412, conditional check). */
    ICECAT_E_THROTTLED = 85, /**< The service asks to slow down; attempts are used up. */
    ICECAT_E_UNAVAILABLE = 86, /**< The service failed (5xx); attempts are used up. */
    ICECAT_E_REGION = 87,      /**< The bucket lives in another region; the message names it. */
    ICECAT_E_VALIDATION = 88,  /**< The service found the request invalid. */
    ICECAT_E_REJECTED = 89,    /**< Rekognition will never accept this image. */

    /* 100-119: the pipeline */
    ICECAT_E_PENDING = 100, /**< Verdicts are still missing. */
    ICECAT_E_PARTIAL = 101, /**< Some items succeeded and some failed; ask for the items. */
    ICECAT_E_KEY = 102,     /**< An object key is not one that this pipeline writes. */
    ICECAT_E_COLLISION =
        103 /**< The record of another client has the same batch and fingerprint. */
} icecat_status;

/**
 * Why a call failed. The caller owns it, usually on the stack; the library never allocates for it
 * and never keeps a pointer to it. Cleared at the start of every call. Size frozen at 512 bytes.
 */
typedef struct icecat_error {
    int32_t status;          /**< Same value as the call returned. */
    int32_t http_status;     /**< Of the error answer; 0 when there was none. */
    int32_t curl_code;       /**< CURLcode; 0 when the transport was not at fault. */
    uint32_t retryable;      /**< 1 when the same call may succeed later, unchanged. */
    uint32_t retry_after_ms; /**< The service's hint; 0 when it gave none. */
    uint32_t attempts;       /**< Requests that were sent for the failed operation. */
    char aws_code[64];       /**< e.g. "NoSuchBucket"; "" when none. */
    char request_id[64];     /**< x-amz-request-id or x-amzn-requestid; "" when none. */
    char message[360];       /**< One English line in UTF-8, no line break, no secret. */
} icecat_error;

/** Symbolic name, e.g. "ICECAT_E_THROTTLED"; "ICECAT_E_UNKNOWN" for other values. Static; any thread. */
ICECAT_API const char *icecat_status_name(icecat_status status);

/** One English sentence without details, e.g. "the service asks to slow down". Static; any thread. */
ICECAT_API const char *icecat_status_message(icecat_status status);

/** 1 when repeating the same call later may succeed, else 0. The retry code uses this table too. */
ICECAT_API int icecat_status_is_retryable(icecat_status status);

/** Exit code (0-11) that a command-line program should end with; see `icecat help exit-codes`. */
ICECAT_API int icecat_status_exit_code(icecat_status status);

#ifdef __cplusplus
}
#endif

#endif
