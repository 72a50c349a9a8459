/*
 * credentials.c - the refcounted holder of access keys.
 */
#include "aws/credentials.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/options.h"

#include <stdatomic.h>
#include <string.h>

IC_NO_PADDING_AFTER(icecat_credentials_keys, expires_unix_s);

/* Keys are shared by clients with different allocators, so they live in malloc'ed memory. */
struct icecat_credentials {
    atomic_uint references;
    const char *source;
    char *access_key_id;
    char *secret_access_key;
    char *session_token;
    int64_t expires_unix_s;
};

/* A control character would let a key break out of its header line. */
static icecat_status check_text(const char *text, const char *what, icecat_error *err)
{
    size_t len = strlen(text);

    if (len > IC_CREDENTIALS_TEXT_MAX)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "%s has %zu bytes; at most %d are allowed",
                       what, len, IC_CREDENTIALS_TEXT_MAX);
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte <= 0x20 || byte >= 0x7f)
            return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                           "%s has a blank, line break or non-ASCII byte at position %zu; was it "
                           "copied with its surroundings?",
                           what, i);
    }
    return ICECAT_OK;
}

static icecat_status check_keys(const icecat_credentials_keys *keys, icecat_error *err)
{
    icecat_status status;

    if (keys->access_key_id == NULL || keys->access_key_id[0] == '\0')
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "the access key id is empty");
    if (keys->secret_access_key == NULL || keys->secret_access_key[0] == '\0')
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "the secret access key is empty");
    status = check_text(keys->access_key_id, "the access key id", err);
    if (status == ICECAT_OK)
        status = check_text(keys->secret_access_key, "the secret access key", err);
    if (status == ICECAT_OK && keys->session_token != NULL)
        status = check_text(keys->session_token, "the session token", err);
    return status;
}

icecat_status ic_credentials_make(const icecat_credentials_keys *keys, const char *source,
                                  icecat_credentials **out, icecat_error *err)
{
    int has_token = keys->session_token != NULL && keys->session_token[0] != '\0';
    icecat_credentials *made;
    icecat_status status = check_keys(keys, err);

    if (status != ICECAT_OK)
        return status;
    made = ic_mem_zalloc(NULL, sizeof(*made));
    if (made == NULL)
        return ic_fail_memory(err, "credentials");
    atomic_init(&made->references, 1);
    made->source = source;
    made->access_key_id = ic_mem_dup(NULL, keys->access_key_id);
    made->secret_access_key = ic_mem_dup(NULL, keys->secret_access_key);
    made->session_token = has_token ? ic_mem_dup(NULL, keys->session_token) : NULL;
    made->expires_unix_s = keys->expires_unix_s;
    if (made->access_key_id == NULL || made->secret_access_key == NULL ||
        (has_token && made->session_token == NULL)) {
        icecat_credentials_free(made);
        return ic_fail_memory(err, "credentials");
    }
    *out = made;
    return ICECAT_OK;
}

icecat_credentials *ic_credentials_retain(const icecat_credentials *credentials)
{
    /* The count is the only thing that changes in a shared source. */
    icecat_credentials *shared = (icecat_credentials *)(uintptr_t)credentials;

    atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    return shared;
}

void icecat_credentials_free(icecat_credentials *credentials)
{
    if (credentials == NULL ||
        atomic_fetch_sub_explicit(&credentials->references, 1, memory_order_acq_rel) != 1)
        return;
    ic_mem_free(NULL, credentials->access_key_id);
    ic_mem_free_secret_text(NULL, credentials->secret_access_key);
    ic_mem_free_secret_text(NULL, credentials->session_token);
    ic_mem_free(NULL, credentials);
}

icecat_status ic_credentials_keys_at(const icecat_credentials *credentials, int64_t unix_s,
                                     icecat_credentials_keys *keys, icecat_error *err)
{
    icecat_credentials_keys now = ICECAT_CREDENTIALS_KEYS_INIT;

    if (credentials->expires_unix_s != 0 && unix_s >= credentials->expires_unix_s)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                       "the credentials from %s (%s) expired %lld s ago; get new ones",
                       credentials->source, credentials->access_key_id,
                       (long long)(unix_s - credentials->expires_unix_s));
    now.access_key_id = credentials->access_key_id;
    now.secret_access_key = credentials->secret_access_key;
    now.session_token = credentials->session_token;
    now.expires_unix_s = credentials->expires_unix_s;
    *keys = now;
    return ICECAT_OK;
}

const char *icecat_credentials_access_key_id(const icecat_credentials *credentials)
{
    return credentials != NULL ? credentials->access_key_id : "";
}

const char *icecat_credentials_source(const icecat_credentials *credentials)
{
    return credentials != NULL ? credentials->source : "";
}
