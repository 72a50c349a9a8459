/*
 * credentials.h - where access keys come from.
 */
#ifndef ICECAT_CREDENTIALS_H
#define ICECAT_CREDENTIALS_H

#include <icecat/error.h>
#include <icecat/export.h>
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
 * A source of access keys. Immutable; may be shared by any number of clients and threads.
 * Secrets are wiped when the last user frees it.
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
 * @retval ICECAT_OK                @p out is set; free with icecat_credentials_free().
 * @retval ICECAT_E_NO_CREDENTIALS  Neither key is set.
 * @retval ICECAT_E_BAD_CREDENTIALS Only one of the two keys is set, or one cannot be used.
 * @retval ICECAT_E_ARGUMENT        @p out is NULL.
 * @retval ICECAT_E_NO_MEMORY
 *
 * Not safe while another thread changes the environment.
 */
ICECAT_API icecat_status icecat_credentials_new_environment(icecat_credentials **out,
                                                            icecat_error *err);

/** The access key id, for messages; static as long as @p credentials lives. Never a secret. */
ICECAT_API const char *icecat_credentials_access_key_id(const icecat_credentials *credentials);

/** Where the keys came from: "static" or "environment". Static storage. */
ICECAT_API const char *icecat_credentials_source(const icecat_credentials *credentials);

/** Give up one reference; clients that use the source keep theirs. NULL is allowed. Any thread. */
ICECAT_API void icecat_credentials_free(icecat_credentials *credentials);

#ifdef __cplusplus
}
#endif

#endif
