/*
 * credentials.h - where access keys come from.
 *
 * @param credentials The source.
 * @param findings    The report.
 *
 * Thread rule: a source may be shared by any number of threads; a report belongs to one at a time.
 */
#ifndef ICECAT_CREDENTIALS_H
#define ICECAT_CREDENTIALS_H

#include <icecat/cancel.h>
#include <icecat/clock.h>
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

/** Access keys in plain text. Strings are borrowed for the call and copied by the library. */
typedef struct icecat_credentials_keys {
    size_t struct_size;            /**< Set by ICECAT_CREDENTIALS_KEYS_INIT. */
    const char *access_key_id;     /**< Required. Not secret. */
    const char *secret_access_key; /**< Required. */
    const char *session_token;     /**< NULL or "" for long-lived keys. */
    int64_t expires_unix_s;        /**< Seconds since 1970; 0 when they do not expire. */
} icecat_credentials_keys;
#define ICECAT_CREDENTIALS_KEYS_INIT                                                               \
    {                                                                                              \
        .struct_size = sizeof(icecat_credentials_keys)                                             \
    }

/**
 * A source of access keys. May be shared by any number of clients and threads; nothing of it can be
 * set after it was made. Keys that expire are fetched again in time, inside the calls that need
 * them and bounded by their deadline and cancel token; no thread is started. Secrets are wiped when
 * they are replaced and when the last user frees the source.
 */
typedef struct icecat_credentials icecat_credentials;

/**
 * Fixed keys.
 *
 * @param keys Copied; may be wiped by the caller afterwards.
 * @param out  Receives the source; free with icecat_credentials_free().
 * @param err  Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK              @p out is set.
 * @retval ICECAT_E_ARGUMENT      @p keys or @p out is NULL, or a size is wrong.
 * @retval ICECAT_E_BAD_CREDENTIALS A key is empty, too long, or has a control character.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_credentials_new_static(const icecat_credentials_keys *keys,
                                                       icecat_credentials **out, icecat_error *err);

/**
 * Keys of the environment, read now: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
 * (or the older AWS_SECURITY_TOKEN), AWS_CREDENTIAL_EXPIRATION.
 * Source of the rule: AWS SDKs and Tools Reference Guide, "Environment variables".
 *
 * @param out Receives the source; free with icecat_credentials_free().
 * @retval ICECAT_OK                @p out is set.
 * @retval ICECAT_E_NO_CREDENTIALS  Neither key is set.
 * @retval ICECAT_E_BAD_CREDENTIALS Only one of the two keys is set, or one cannot be used.
 * @retval ICECAT_E_ARGUMENT        @p out is NULL.
 * @retval ICECAT_E_NO_MEMORY
 *
 * Not safe while another thread changes the environment.
 */
ICECAT_API icecat_status icecat_credentials_new_environment(icecat_credentials **out,
                                                            icecat_error *err);

/**
 * Settings of icecat_credentials_new_default(). Strings are borrowed for the call and copied. Zero
 * or NULL in any field means the default: the environment variable that is named, or else the value
 * that is named.
 */
typedef struct icecat_credentials_options {
    size_t struct_size;           /**< Set by ICECAT_CREDENTIALS_OPTIONS_INIT. */
    const char *profile;          /**< AWS_PROFILE, AWS_DEFAULT_PROFILE; "default". One that is
                                       given here goes before the environment's keys. */
    const char *region;           /**< AWS_REGION, AWS_DEFAULT_REGION; the profile's. For STS. */
    const char *config_file;      /**< AWS_CONFIG_FILE; ~/.aws/config. */
    const char *credentials_file; /**< AWS_SHARED_CREDENTIALS_FILE; ~/.aws/credentials. */
    const char *ca_bundle;        /**< PEM file; AWS_CA_BUNDLE, the profile's; the system's. */
    const char *proxy;            /**< URL, for STS and SSO; as the environment says. */
    const char *no_proxy;         /**< Hosts without a proxy; as the environment says. */
    const char *proxy_ca_bundle;  /**< PEM file for an https proxy; else ca_bundle. */
    const icecat_transport *transport; /**< libcurl. Copied. Sends every request for keys. */
    const icecat_allocator *allocator; /**< malloc. Copied; works until the last user is gone. */
    const icecat_clock *clock;         /**< The system's. Copied, as the allocator. */
    icecat_log_fn log;                 /**< None. */
    void *log_userdata;                /**< Given to @p log. */
    uint32_t log_level;                /**< ICECAT_LOG_INFO when @p log is set. */
    uint32_t connect_timeout_ms;       /**< To STS and SSO; 5 000. */
    uint32_t request_timeout_ms;       /**< Of one request to STS or SSO; 15 000. */
    uint32_t process_timeout_ms;       /**< Of a credential_process; 60 000. */
} icecat_credentials_options;
#define ICECAT_CREDENTIALS_OPTIONS_INIT                                                            \
    {                                                                                              \
        .struct_size = sizeof(icecat_credentials_options)                                          \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_credentials_options_init(icecat_credentials_options *options,
                                                size_t struct_size);

/**
 * The sources that the AWS SDKs and the `aws` command use, in their order: environment, a role of
 * the profile, web identity, SSO, credentials file, `aws login`, credential_process, config file,
 * container, instance (IMDSv2). The first one that has keys is used.
 *
 * Nothing is read and no request is sent before the first call that needs keys; files and variables
 * are then read anew at every refresh. Keys are refreshed from 15 minutes before their end, by one
 * thread while the others go on with the old ones; from 10 minutes before the end all wait for the
 * new ones. While a source cannot be reached, the old keys serve until they end.
 *
 * @param options Settings, or NULL for all defaults. Borrowed.
 * @param out     Receives the source; free with icecat_credentials_free().
 * @param err     Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT @p out is NULL, a size is wrong, or a clock lacks a function.
 * @retval ICECAT_E_NO_MEMORY
 * @retval ICECAT_E_INTERNAL libcurl could not be initialised.
 *
 * The calls that use it read the environment: not safe while another thread changes it.
 */
ICECAT_API icecat_status icecat_credentials_new_default(const icecat_credentials_options *options,
                                                        icecat_credentials **out,
                                                        icecat_error *err);

/** Takes the keys that a callback gives. */
typedef struct icecat_credentials_receiver icecat_credentials_receiver;

/**
 * A callback that is asked for keys: once at first, and again before they expire. It may be called
 * from any thread that uses the source, but never twice at the same time. It hands its keys to
 * icecat_credentials_give() and returns 0; any other value ends the call that needed the keys with
 * ICECAT_E_CALLBACK.
 */
typedef int (*icecat_credentials_fn)(icecat_credentials_receiver *receiver, void *userdata);

/**
 * Hand over keys, inside the callback only, on its thread.
 *
 * @param receiver As the callback got it.
 * @param keys     Copied; the caller may wipe its own afterwards.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT        A pointer is NULL, or a size is wrong.
 * @retval ICECAT_E_BAD_CREDENTIALS A key is empty, too long, or has a control character.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_credentials_give(icecat_credentials_receiver *receiver,
                                                 const icecat_credentials_keys *keys);

/**
 * Keys from a callback of the embedder, kept until shortly before they expire.
 *
 * @param fn            Asked for keys. Required.
 * @param free_userdata Told when the last user of the source is gone; NULL for nothing.
 * @param userdata      Given to both. Not given to @p free_userdata when this call fails.
 * @param options       For allocator, clock and log; NULL for the defaults. Borrowed.
 * @param out           Receives the source; free with icecat_credentials_free().
 * @param err           Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_credentials_new_callback(
    icecat_credentials_fn fn, void (*free_userdata)(void *userdata), void *userdata,
    const icecat_credentials_options *options, icecat_credentials **out, icecat_error *err);

/** What became of one source. Values are frozen; new ones may be added. */
typedef enum icecat_credentials_outcome {
    ICECAT_CREDENTIALS_USED = 0,        /**< It gave the keys. */
    ICECAT_CREDENTIALS_PASSED_OVER = 1, /**< It is not set up, or has nothing here. */
    ICECAT_CREDENTIALS_FAILED = 2,      /**< It is set up, and failed: the search ended. */
    ICECAT_CREDENTIALS_NOT_REACHED = 3  /**< The search ended before it. */
} icecat_credentials_outcome;

/** One line of a report. Strings live as long as the report. Nothing in it is secret. */
typedef struct icecat_credentials_finding {
    size_t struct_size;        /**< Set by ICECAT_CREDENTIALS_FINDING_INIT. */
    const char *source;        /**< e.g. "environment", "assume-role", "imds". */
    const char *reason;        /**< Why, in one line; never NULL. */
    const char *access_key_id; /**< Of the keys that were found; "" for the others. */
    int64_t expires_unix_s;    /**< Of the keys that were found; 0 when they do not expire. */
    int32_t outcome;           /**< icecat_credentials_outcome. */
    int32_t status;            /**< icecat_status of a source that gave no keys; else ICECAT_OK. */
} icecat_credentials_finding;
#define ICECAT_CREDENTIALS_FINDING_INIT                                                            \
    {                                                                                              \
        .struct_size = sizeof(icecat_credentials_finding)                                          \
    }

/** A report: every source that was looked at, in order. */
typedef struct icecat_credentials_findings icecat_credentials_findings;

/**
 * Look for keys as the next call would without any at hand, and tell what each source said. Sends
 * the requests that the sources need; keys that are in use are left alone.
 *
 * @param credentials Of any kind; the fixed kinds give one line.
 * @param call        Bounds; NULL for none.
 * @param out         Receives the report, also when no source had keys; free with
 *                    icecat_credentials_findings_free().
 * @param err         Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK         The report is complete, whatever it says.
 * @retval ICECAT_E_ARGUMENT
 * @retval ICECAT_E_CANCELLED
 * @retval ICECAT_E_DEADLINE
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_credentials_report(const icecat_credentials *credentials,
                                                   const icecat_call_options *call,
                                                   icecat_credentials_findings **out,
                                                   icecat_error *err);

/** How many lines the report has. 0 for NULL. */
ICECAT_API size_t icecat_credentials_findings_count(const icecat_credentials_findings *findings);

/**
 * One line of the report.
 *
 * @param index From 0.
 * @param out   Receives the line; its texts live as long as the report.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT A pointer is NULL, a size is wrong, or there is no line @p index.
 */
ICECAT_API icecat_status icecat_credentials_findings_at(const icecat_credentials_findings *findings,
                                                        size_t index,
                                                        icecat_credentials_finding *out,
                                                        icecat_error *err);

/** Release a report. NULL is allowed. */
ICECAT_API void icecat_credentials_findings_free(icecat_credentials_findings *findings);

/**
 * The access key id of fixed keys, for messages; lives as long as @p credentials. "" for a source
 * whose keys change: ask icecat_credentials_report(). Never a secret.
 */
ICECAT_API const char *icecat_credentials_access_key_id(const icecat_credentials *credentials);

/** What kind of source it is: "static", "environment", "default" or "callback". Static storage. */
ICECAT_API const char *icecat_credentials_source(const icecat_credentials *credentials);

/** Give up one reference; clients that use the source keep theirs. NULL is allowed. Any thread. */
ICECAT_API void icecat_credentials_free(icecat_credentials *credentials);

#ifdef __cplusplus
}
#endif

#endif
