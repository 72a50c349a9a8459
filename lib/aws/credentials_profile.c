/*
 * credentials_profile.c - keys that stand in a shared file, and a sign-in that only `aws` can refresh.
 */
#include "aws/credentials_chain.h"
#include "base/error.h"

static const char *set(const char *value)
{
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static icecat_status fetch_from(const ic_search *search, ic_profile_source source, const char *name,
                                ic_keys **out, icecat_error *err)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    const char *path = ic_profiles_path(search->profiles, source);
    icecat_status status;
    struct {
        const char *key;
        const char *value;
    } read[] = { { "aws_access_key_id", NULL },
                 { "aws_secret_access_key", NULL },
                 { "aws_session_token", NULL },
                 { "aws_security_token", NULL } };

    for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++)
        read[i].value = set(ic_profiles_get_of(search->profiles, source, IC_SECTION_PROFILE,
                                               search->profile, read[i].key));
    if (read[0].value == NULL && read[1].value == NULL)
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS, "no keys for profile \"%.60s\" in %.160s",
                       search->profile, path);
    if (read[0].value == NULL || read[1].value == NULL)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                       "profile \"%.60s\" in %.160s has %s but no %s", search->profile, path,
                       read[read[0].value == NULL].key, read[read[0].value != NULL].key);
    keys.access_key_id = read[0].value;
    keys.secret_access_key = read[1].value;
    keys.session_token = read[2].value != NULL ? read[2].value : read[3].value;
    status = ic_keys_make(&search->chain->mem, &keys, name, out, err);
    if (status == ICECAT_E_BAD_CREDENTIALS)
        ic_error_prefix(err, "profile \"%.60s\" in %.120s", search->profile, path);
    return status;
}

icecat_status ic_fetch_credentials_file(const ic_search *search, ic_keys **out, icecat_error *err)
{
    return fetch_from(search, IC_PROFILE_CREDENTIALS, "shared-credentials-file", out, err);
}

icecat_status ic_fetch_config_file(const ic_search *search, ic_keys **out, icecat_error *err)
{
    return fetch_from(search, IC_PROFILE_CONFIG, "config-file", out, err);
}

/* Its tokens are bound to a key of the `aws` command, so the command has to be asked. */
icecat_status ic_fetch_login(const ic_search *search, ic_keys **out, icecat_error *err)
{
    *out = NULL;
    if (!ic_search_has(search, "login_session"))
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS, "no login_session in profile \"%.60s\"",
                       search->profile);
    return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                   "profile \"%.40s\" signs in with `aws login`, which only the aws command can "
                   "refresh; make another profile with credential_process = aws configure "
                   "export-credentials --profile %.40s --format process",
                   search->profile, search->profile);
}
