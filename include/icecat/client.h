/*
 * client.h - the settings that all calls to AWS share.
 *
 * @param client The client; where NULL is allowed, that is said.
 *
 * Thread rule: any thread, also while others use the client; icecat_client_free() when none does.
 */
#ifndef ICECAT_CLIENT_H
#define ICECAT_CLIENT_H

#include <icecat/cancel.h>
#include <icecat/credentials.h>
#include <icecat/error.h>
#include <icecat/export.h>
#include <icecat/inject.h>
#include <icecat/log.h>
#include <icecat/memory.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Settings and connections. May be shared by any number of threads; nothing in it changes after
 * icecat_client_new() but what it learns: idle connections, tokens for retries, how far this
 * machine's clock is off, and the regions of buckets.
 */
typedef struct icecat_client icecat_client;

/** How S3 bucket names are put into an address. */
#define ICECAT_ADDRESSING_AUTO    0u /**< Virtual host on AWS, path with an endpoint_url. */
#define ICECAT_ADDRESSING_PATH    1u /**< https://HOST/BUCKET/KEY. */
#define ICECAT_ADDRESSING_VIRTUAL 2u /**< https://BUCKET.HOST/KEY. */

/** A yes or no that other sources may decide. */
#define ICECAT_SWITCH_DEFAULT 0u /**< As the environment or the profile says; else off. */
#define ICECAT_SWITCH_ON      1u /**< Yes, whatever they say. */
#define ICECAT_SWITCH_OFF     2u /**< No, whatever they say. */

/** Which puts carry a checksum that S3 verifies, keeps and answers with. */
#define ICECAT_CHECKSUM_DEFAULT        0u /**< As the environment or the profile says. */
#define ICECAT_CHECKSUM_WHEN_SUPPORTED 1u /**< Every put; the default when nobody says. */
#define ICECAT_CHECKSUM_WHEN_REQUIRED  2u /**< None: for servers that do not know the header. */

/**
 * Settings of a client. Strings are borrowed for the call and copied. Zero, "" or NULL in any field
 * means the default: the environment variable that is named, else the setting of the profile that is
 * named in brackets, else the value that is named. docs/configuration.md has the whole order.
 */
typedef struct icecat_client_options {
    size_t struct_size;                    /**< Set by ICECAT_CLIENT_OPTIONS_INIT. */
    const char *region;                    /**< AWS_REGION, AWS_DEFAULT_REGION, [region]; else an
                                                error. */
    const icecat_credentials *credentials; /**< icecat_credentials_new_default(). A reference
                                                is taken. */
    const char *endpoint_url;          /**< AWS_ENDPOINT_URL, [endpoint_url]; else AWS itself. */
    const char *endpoint_url_s3;       /**< AWS_ENDPOINT_URL_S3, [services]; else endpoint_url. */
    const char *endpoint_url_dynamodb; /**< AWS_ENDPOINT_URL_DYNAMODB, as above. */
    const char *endpoint_url_rekognition; /**< AWS_ENDPOINT_URL_REKOGNITION, as above. */
    const char *endpoint_url_ssm;         /**< AWS_ENDPOINT_URL_SSM, as above. */
    const char *ca_bundle;                /**< PEM file; AWS_CA_BUNDLE, [ca_bundle]; else the
                                                system's. */
    const icecat_allocator *allocator;    /**< malloc. Copied. */
    icecat_log_fn log;                    /**< None. */
    void *log_userdata;                   /**< Given to @p log. */
    const char *user_agent;               /**< Appended to the User-Agent header; printable ASCII,
                                                at most 400 bytes. */
    uint32_t log_level;                   /**< ICECAT_LOG_INFO when @p log is set. */
    uint32_t addressing;                  /**< [s3 addressing_style]; ICECAT_ADDRESSING_AUTO. */
    uint32_t max_attempts;                /**< AWS_MAX_ATTEMPTS, [max_attempts]; else 3, DynamoDB 4.
                                                1 to 100. */
    uint32_t max_connections;             /**< Transfers in flight in a bulk call; 8. 1 to 256. */
    uint32_t connect_timeout_ms;          /**< 10 000. */
    uint32_t stall_timeout_ms;            /**< Ends an attempt without progress; 60 000. */
    const char *profile;                  /**< AWS_PROFILE, AWS_DEFAULT_PROFILE; "default". */
    const char *config_file;              /**< AWS_CONFIG_FILE; ~/.aws/config. */
    const char *credentials_file;         /**< AWS_SHARED_CREDENTIALS_FILE; ~/.aws/credentials. */
    const char *proxy;                    /**< URL; else HTTPS_PROXY, http_proxy, ALL_PROXY as
                                                libcurl reads them. May hold a password. */
    const char *no_proxy;                 /**< Hosts without a proxy, "*" for all; NO_PROXY. */
    const char *proxy_ca_bundle;          /**< PEM file for an https proxy; else ca_bundle. */
    const icecat_clock *clock;            /**< The system's. Copied. */
    icecat_random_fn random;              /**< libcrypto's. */
    void *random_userdata;                /**< Given to @p random. */
    const icecat_transport *transport;    /**< libcurl. Copied. */
    uint32_t use_fips_endpoint;           /**< ICECAT_SWITCH_...; AWS_USE_FIPS_ENDPOINT,
                                                [use_fips_endpoint]. */
    uint32_t use_dualstack_endpoint;      /**< ICECAT_SWITCH_...; AWS_USE_DUALSTACK_ENDPOINT,
                                                [use_dualstack_endpoint]. */
    uint32_t
        ignore_configured_endpoint_urls;   /**< ICECAT_SWITCH_...; the environment and the profile
                                                   name no endpoint;
                                                   AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, [...]. */
    uint32_t request_checksum_calculation; /**< ICECAT_CHECKSUM_...;
                                                AWS_REQUEST_CHECKSUM_CALCULATION, [...]. */
} icecat_client_options;
#define ICECAT_CLIENT_OPTIONS_INIT                                                                 \
    {                                                                                              \
        .struct_size = sizeof(icecat_client_options)                                               \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_client_options_init(icecat_client_options *options, size_t struct_size);

/**
 * Make a client. No request is sent; access keys are looked for by the first call.
 *
 * @param options Settings, or NULL for all defaults. Borrowed.
 * @param out     Receives the client; free with icecat_client_free().
 * @param err     Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT        @p out is NULL, a number or text is out of its range, or an
 *                                  allocator, clock or transport lacks a function.
 * @retval ICECAT_E_CONFIG          No region, a setting that is not well formed, a profile that is
 *                                  named but is in no file, or a file that cannot be read.
 * @retval ICECAT_E_NO_MEMORY
 * @retval ICECAT_E_INTERNAL        libcurl could not be initialised.
 *
 * Reads the environment and ~/.aws: not safe while another thread changes the environment.
 */
ICECAT_API icecat_status icecat_client_new(const icecat_client_options *options,
                                           icecat_client **out, icecat_error *err);

/** The region in use; lives as long as the client. */
ICECAT_API const char *icecat_client_region(const icecat_client *client);

/** The base address for @p service "s3", "dynamodb", "rekognition" or "ssm"; NULL for another name. Lives
 *  as long as the client. */
ICECAT_API const char *icecat_client_endpoint(const icecat_client *client, const char *service);

/** The source of access keys in use; borrowed from the client. */
ICECAT_API const icecat_credentials *icecat_client_credentials(const icecat_client *client);

/**
 * How many seconds the last answer's Date was ahead of this machine's clock; negative when it was
 * behind. 0 when they agree to within a few minutes.
 *
 * @retval 1 @p seconds is set.
 * @retval 0 No answer with a Date has come yet, or an argument is NULL.
 */
ICECAT_API int icecat_client_clock_difference(icecat_client *client, int64_t *seconds);

/**
 * The region that requests for a bucket are signed for: that of the client, or the one that an
 * answer has named.
 *
 * @param bucket Name of the bucket.
 * @param out    Receives the name; at most 64 bytes with the NUL byte.
 * @param len    Bytes at @p out.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT An argument is NULL.
 * @retval ICECAT_E_LIMIT    @p len is too small.
 */
ICECAT_API icecat_status icecat_client_bucket_region(icecat_client *client, const char *bucket,
                                                     char *out, size_t len);

/** Close all connections and release the client. No call may be running. NULL is allowed. */
ICECAT_API void icecat_client_free(icecat_client *client);

#ifdef __cplusplus
}
#endif

#endif
