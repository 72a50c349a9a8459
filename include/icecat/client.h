/*
 * client.h - the settings that all calls to AWS share.
 */
#ifndef ICECAT_CLIENT_H
#define ICECAT_CLIENT_H

#include <icecat/cancel.h>
#include <icecat/credentials.h>
#include <icecat/error.h>
#include <icecat/export.h>
#include <icecat/log.h>
#include <icecat/memory.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Settings and connections. May be shared by any number of threads; nothing in it changes after
 * icecat_client_new() but its pool of idle connections.
 */
typedef struct icecat_client icecat_client;

/** How S3 bucket names are put into an address. */
#define ICECAT_ADDRESSING_AUTO    0u /**< Virtual host on AWS, path with an endpoint_url. */
#define ICECAT_ADDRESSING_PATH    1u
#define ICECAT_ADDRESSING_VIRTUAL 2u

/**
 * Settings of a client. Strings are borrowed for the call and copied. Zero or NULL in any field
 * means the default: the environment variable that is named, or else the value that is named.
 */
typedef struct icecat_client_options {
    size_t struct_size;                    /**< Set by ICECAT_CLIENT_OPTIONS_INIT. */
    const char *region;                    /**< AWS_REGION, AWS_DEFAULT_REGION; else an error. */
    const icecat_credentials *credentials; /**< The environment. A reference is taken. */
    const char *endpoint_url;              /**< AWS_ENDPOINT_URL; else AWS itself. */
    const char *endpoint_url_s3;           /**< AWS_ENDPOINT_URL_S3; else endpoint_url. */
    const char *endpoint_url_dynamodb;     /**< AWS_ENDPOINT_URL_DYNAMODB; else endpoint_url. */
    const char *endpoint_url_rekognition;  /**< AWS_ENDPOINT_URL_REKOGNITION; else endpoint_url. */
    const char *endpoint_url_ssm;          /**< AWS_ENDPOINT_URL_SSM; else endpoint_url. */
    const char *ca_bundle;                 /**< PEM file; AWS_CA_BUNDLE; else the system's. */
    const icecat_allocator *allocator;     /**< malloc. Copied. */
    icecat_log_fn log;                     /**< None. */
    void *log_userdata;                    /**< Given to @p log. */
    const char *user_agent;                /**< Appended to the User-Agent header. */
    uint32_t log_level;                    /**< ICECAT_LOG_INFO when @p log is set. */
    uint32_t addressing;                   /**< ICECAT_ADDRESSING_AUTO. */
    uint32_t max_attempts;                 /**< AWS_MAX_ATTEMPTS; else 3, DynamoDB 4. 1 to 100. */
    uint32_t max_connections;              /**< Transfers in flight in a bulk call; 8. 1 to 256. */
    uint32_t connect_timeout_ms;           /**< 10 000. */
    uint32_t stall_timeout_ms;             /**< Ends an attempt without progress; 60 000. */
} icecat_client_options;
#define ICECAT_CLIENT_OPTIONS_INIT                                                                 \
    {                                                                                              \
        .struct_size = sizeof(icecat_client_options)                                               \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_client_options_init(icecat_client_options *options, size_t struct_size);

/**
 * Make a client. No request is sent.
 *
 * @param options Settings, or NULL for all defaults. Borrowed.
 * @param out     Receives the client; free with icecat_client_free().
 * @param err     Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT        @p out is NULL or a number is out of its range.
 * @retval ICECAT_E_CONFIG          No region, or a region or endpoint that is not well formed.
 * @retval ICECAT_E_NO_CREDENTIALS  No source had keys.
 * @retval ICECAT_E_BAD_CREDENTIALS A source had keys that cannot be used.
 * @retval ICECAT_E_NO_MEMORY
 * @retval ICECAT_E_INTERNAL        libcurl could not be initialised.
 *
 * Reads the environment: not safe while another thread changes it.
 */
ICECAT_API icecat_status icecat_client_new(const icecat_client_options *options,
                                           icecat_client **out, icecat_error *err);

/** The region in use; lives as long as the client. */
ICECAT_API const char *icecat_client_region(const icecat_client *client);

/** The base address for "s3", "dynamodb", "rekognition" or "ssm"; NULL for another name. */
ICECAT_API const char *icecat_client_endpoint(const icecat_client *client, const char *service);

/** The source of access keys in use; borrowed from the client. */
ICECAT_API const icecat_credentials *icecat_client_credentials(const icecat_client *client);

/** Close all connections and release the client. No call may be running. NULL is allowed. */
ICECAT_API void icecat_client_free(icecat_client *client);

#ifdef __cplusplus
}
#endif

#endif
