/*
 * credentials_document.c - keys in a JSON document: of a process, a container, an instance.
 */
#include "aws/credentials_document.h"

#include "base/error.h"
#include "base/time.h"

#include <string.h>

static void wipe(cJSON *tree)
{
    for (cJSON *at = tree; at != NULL; at = at->next) {
        if (at->valuestring != NULL)
            ic_mem_wipe(at->valuestring, strlen(at->valuestring));
        wipe(at->child); /* the parser has bounded the depth */
    }
}

void ic_document_free(cJSON *tree)
{
    wipe(tree);
    cJSON_Delete(tree);
}

icecat_status ic_document_parse(const void *data, size_t len, const char *what, cJSON **out,
                                icecat_error *err)
{
    icecat_status status = ic_json_parse(data, len, what, out, err);

    if (status != ICECAT_OK)
        return ic_error_recast(err, status == ICECAT_E_PARSE ? ICECAT_E_BAD_CREDENTIALS : status);
    if (cJSON_IsObject(*out))
        return ICECAT_OK;
    ic_document_free(*out);
    *out = NULL;
    return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "%s is not a JSON object", what);
}

static icecat_status need_text(const cJSON *tree, const char *name, const char *what,
                               const char **out, icecat_error *err)
{
    *out = ic_json_text(tree, name);
    if (*out == NULL || (*out)[0] == '\0')
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "%s has no %s", what, name);
    return ICECAT_OK;
}

icecat_status ic_document_keys(const ic_mem *mem, const cJSON *tree, const char *token_name,
                               int is_temporary, const char *what, const char *source,
                               ic_keys **out, icecat_error *err)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    const char *expires = ic_json_text(tree, "Expiration");
    icecat_status status = need_text(tree, "AccessKeyId", what, &keys.access_key_id, err);

    if (status == ICECAT_OK)
        status = need_text(tree, "SecretAccessKey", what, &keys.secret_access_key, err);
    if (status == ICECAT_OK && is_temporary)
        status = need_text(tree, token_name, what, &keys.session_token, err);
    if (status == ICECAT_OK && is_temporary)
        status = need_text(tree, "Expiration", what, &expires, err);
    if (status != ICECAT_OK)
        return status;
    keys.session_token = ic_json_text(tree, token_name);
    if (expires != NULL && !ic_time_iso_parse(expires, &keys.expires_unix_s))
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                       "Expiration in %s is not a time like 2026-11-24T12:00:00Z", what);
    status = ic_keys_make(mem, &keys, source, out, err);
    if (status == ICECAT_E_BAD_CREDENTIALS)
        ic_error_prefix(err, "%s", what);
    return status;
}
