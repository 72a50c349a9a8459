/*
 * credentials_keys.c - one set of access keys: checked, copied, counted, wiped.
 */
#include "aws/credentials.h"
#include "base/error.h"
#include "base/options.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_credentials_keys, expires_unix_s);

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

icecat_status ic_keys_make(const ic_mem *mem, const icecat_credentials_keys *keys,
                           const char *source, ic_keys **out, icecat_error *err)
{
    int has_token = keys->session_token != NULL && keys->session_token[0] != '\0';
    icecat_status status = check_keys(keys, err);
    ic_keys *made;

    *out = NULL;
    if (status != ICECAT_OK)
        return status;
    made = ic_mem_zalloc(mem, sizeof(*made));
    if (made == NULL)
        return ic_fail_memory(err, "credentials");
    atomic_init(&made->references, 1);
    made->mem = mem != NULL ? *mem : ic_mem_default;
    made->source = source;
    made->access_key_id = ic_mem_dup(mem, keys->access_key_id);
    made->secret_access_key = ic_mem_dup(mem, keys->secret_access_key);
    made->session_token = has_token ? ic_mem_dup(mem, keys->session_token) : NULL;
    made->expires_unix_s = keys->expires_unix_s;
    if (made->access_key_id == NULL || made->secret_access_key == NULL ||
        (has_token && made->session_token == NULL)) {
        ic_keys_release(made);
        return ic_fail_memory(err, "credentials");
    }
    *out = made;
    return ICECAT_OK;
}

ic_keys *ic_keys_retain(ic_keys *keys)
{
    atomic_fetch_add_explicit(&keys->references, 1, memory_order_relaxed);
    return keys;
}

void ic_keys_release(ic_keys *keys)
{
    ic_mem mem;

    if (keys == NULL || atomic_fetch_sub_explicit(&keys->references, 1, memory_order_acq_rel) != 1)
        return;
    mem = keys->mem;
    ic_mem_free(&mem, keys->access_key_id);
    ic_mem_free_secret_text(&mem, keys->secret_access_key);
    ic_mem_free_secret_text(&mem, keys->session_token);
    ic_mem_free(&mem, keys);
}

icecat_credentials_keys ic_keys_plain(const ic_keys *keys)
{
    icecat_credentials_keys plain = ICECAT_CREDENTIALS_KEYS_INIT;

    plain.access_key_id = keys->access_key_id;
    plain.secret_access_key = keys->secret_access_key;
    plain.session_token = keys->session_token;
    plain.expires_unix_s = keys->expires_unix_s;
    return plain;
}
