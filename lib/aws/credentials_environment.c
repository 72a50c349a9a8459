/*
 * credentials_environment.c - keys from AWS_ACCESS_KEY_ID and its companions.
 */
#include "aws/credentials.h"
#include "base/error.h"
#include "base/time.h"

#include <stdlib.h>

/* An empty variable counts as unset, as in the AWS SDKs. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

icecat_status icecat_credentials_new_environment(icecat_credentials **out, icecat_error *err)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    const char *expiration = variable("AWS_CREDENTIAL_EXPIRATION");

    ic_error_clear(err);
    if (out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    *out = NULL;
    keys.access_key_id = variable("AWS_ACCESS_KEY_ID");
    keys.secret_access_key = variable("AWS_SECRET_ACCESS_KEY");
    keys.session_token = variable("AWS_SESSION_TOKEN");
    if (keys.session_token == NULL)
        keys.session_token = variable("AWS_SECURITY_TOKEN");
    if (keys.access_key_id == NULL && keys.secret_access_key == NULL)
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS,
                       "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    if (keys.access_key_id == NULL || keys.secret_access_key == NULL)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "%s is set but %s is not",
                       keys.access_key_id != NULL ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                       keys.access_key_id != NULL ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
    if (expiration != NULL && !ic_time_iso_parse(expiration, &keys.expires_unix_s))
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                       "AWS_CREDENTIAL_EXPIRATION is not a time like 2026-11-24T12:00:00Z");
    return ic_credentials_make(&keys, "environment", out, err);
}
