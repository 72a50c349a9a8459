/*
 * credentials_environment.c - keys from AWS_ACCESS_KEY_ID and its companions.
 */
#include "aws/credentials_chain.h"
#include "base/error.h"
#include "base/time.h"

static icecat_status read_keys(icecat_credentials_keys *keys, icecat_error *err)
{
    const char *expiration = ic_variable("AWS_CREDENTIAL_EXPIRATION");

    keys->access_key_id = ic_variable("AWS_ACCESS_KEY_ID");
    keys->secret_access_key = ic_variable("AWS_SECRET_ACCESS_KEY");
    keys->session_token = ic_variable("AWS_SESSION_TOKEN");
    if (keys->session_token == NULL)
        keys->session_token = ic_variable("AWS_SECURITY_TOKEN");
    if (keys->access_key_id == NULL && keys->secret_access_key == NULL)
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS,
                       "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
    if (keys->access_key_id == NULL || keys->secret_access_key == NULL)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "%s is set but %s is not",
                       keys->access_key_id != NULL ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                       keys->access_key_id != NULL ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
    if (expiration != NULL && !ic_time_iso_parse(expiration, &keys->expires_unix_s))
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                       "AWS_CREDENTIAL_EXPIRATION is not a time like 2026-11-24T12:00:00Z");
    return ICECAT_OK;
}

icecat_status ic_fetch_environment(const ic_search *search, ic_keys **out, icecat_error *err)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_status status;

    if (search->ignores_variables)
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS, "profile \"%.80s\" was asked for by name",
                       search->profile);
    status = read_keys(&keys, err);
    return status == ICECAT_OK ? ic_keys_make(&search->chain->mem, &keys, "environment", out, err)
                               : status;
}

icecat_status icecat_credentials_new_environment(icecat_credentials **out, icecat_error *err)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_status status;

    ic_error_clear(err);
    if (out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    *out = NULL;
    status = read_keys(&keys, err);
    if (status == ICECAT_E_NO_CREDENTIALS)
        ic_error_prefix(err, "no credentials");
    return status == ICECAT_OK ? ic_credentials_make(&keys, "environment", out, err) : status;
}
