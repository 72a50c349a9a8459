/*
 * credentials_assume_role.c - a profile that names a role, and where the keys to assume it come from.
 *
 *   role_arn + source_profile      keys of another profile, which may name a role again
 *   role_arn + credential_source   Environment, Ec2InstanceMetadata or EcsContainer
 *
 * Rules as in botocore: a profile may name itself as its source when it has keys of its own.
 */
#include "aws/credentials_chain.h"
#include "aws/credentials_sts.h"
#include "base/error.h"

#include <string.h>

#define MAX_CHAIN 16 /* roles behind each other; a longer chain is taken for a mistake */

/* The profiles from the first that was asked for to the one at hand. */
typedef struct role_chain {
    const char *profiles[MAX_CHAIN];
    size_t count;
} role_chain;

static int names_role(const ic_search *search)
{
    /* With a token file it is the business of web identity. */
    return ic_search_has(search, "role_arn") && !ic_search_has(search, "web_identity_token_file");
}

static int has_static_keys(const ic_search *search)
{
    return ic_search_has(search, "aws_access_key_id") ||
           ic_search_has(search, "aws_secret_access_key");
}

/* Keys that the source profile has by any way but a role. */
static icecat_status fetch_plain(const ic_search *search, ic_keys **out, icecat_error *err)
{
    static const ic_origin_fetch ways[] = { ic_fetch_web_identity,     ic_fetch_sso,
                                            ic_fetch_credentials_file, ic_fetch_login,
                                            ic_fetch_process,          ic_fetch_config_file };

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        icecat_status status = ways[i](search, out, err);

        if (status != ICECAT_E_NO_CREDENTIALS)
            return status;
        ic_error_clear(err);
    }
    return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                   "profile \"%.60s\", the source_profile of another, has no keys",
                   search->profile);
}

static icecat_status fetch_from_source(const ic_search *search, const char *source, ic_keys **out,
                                       icecat_error *err)
{
    static const struct {
        const char *name;
        ic_origin_fetch fetch;
    } sources[] = { { "Environment", ic_fetch_environment },
                    { "Ec2InstanceMetadata", ic_fetch_imds },
                    { "EcsContainer", ic_fetch_container } };
    ic_search own = *search;
    icecat_status status;

    own.ignores_variables = 0;
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        if (!ic_text_equal_nocase(source, sources[i].name))
            continue;
        status = sources[i].fetch(&own, out, err);
        return status == ICECAT_E_NO_CREDENTIALS ? ic_error_recast(err, ICECAT_E_BAD_CREDENTIALS)
                                                 : status;
    }
    return ic_fail(err, ICECAT_E_CONFIG,
                   "credential_source is \"%.40s\"; Environment, Ec2InstanceMetadata and "
                   "EcsContainer are known",
                   source);
}

static int is_visited(const role_chain *chain, const char *profile)
{
    for (size_t i = 0; i < chain->count; i++) {
        if (strcmp(chain->profiles[i], profile) == 0)
            return 1;
    }
    return 0;
}

static icecat_status fail_loop(const role_chain *chain, const char *again, icecat_error *err)
{
    ic_buf way;
    char text[200];

    ic_buf_init_fixed(&way, text, sizeof(text));
    text[0] = '\0';
    for (size_t i = 0; i < chain->count; i++)
        ic_buf_add_format(&way, "%.40s -> ", chain->profiles[i]);
    return ic_fail(err, ICECAT_E_CONFIG, "source_profile goes in a circle: %s%.40s", text, again);
}

static icecat_status assume(const ic_search *search, role_chain *chain, ic_keys **out,
                            icecat_error *err);

static icecat_status fetch_from_profile(const ic_search *search, const char *source,
                                        role_chain *chain, ic_keys **out, icecat_error *err)
{
    ic_search own = *search;
    int is_itself = strcmp(source, search->profile) == 0;

    own.profile = source;
    own.ignores_variables = 1;
    if (!ic_profiles_has(search->profiles, IC_SECTION_PROFILE, source))
        return ic_fail(err, ICECAT_E_CONFIG,
                       "the source_profile \"%.60s\" does not exist in %.100s or %.100s", source,
                       ic_profiles_path(search->profiles, IC_PROFILE_CONFIG),
                       ic_profiles_path(search->profiles, IC_PROFILE_CREDENTIALS));
    if (is_visited(chain, source) && !(is_itself && has_static_keys(&own)))
        return fail_loop(chain, source, err);
    if (has_static_keys(&own) || !names_role(&own))
        return fetch_plain(&own, out, err);
    return assume(&own, chain, out, err);
}

/* Keys to sign the request for the role with. */
static icecat_status fetch_signer(const ic_search *search, role_chain *chain, ic_keys **out,
                                  icecat_error *err)
{
    const char *profile = ic_search_setting(search, "source_profile");
    const char *source = ic_search_setting(search, "credential_source");

    if (profile != NULL && source != NULL)
        return ic_fail(err, ICECAT_E_CONFIG, "it has both source_profile and credential_source");
    if (profile == NULL && source == NULL)
        return ic_fail(err, ICECAT_E_CONFIG,
                       "it has role_arn, but neither source_profile nor credential_source");
    if (source != NULL)
        return fetch_from_source(search, source, out, err);
    return fetch_from_profile(search, profile, chain, out, err);
}

static icecat_status check_role(const ic_search *search, const role_chain *chain, icecat_error *err)
{
    const char *duration = ic_search_setting(search, "duration_seconds");
    uint64_t seconds;

    if (chain->count == MAX_CHAIN)
        return ic_fail(err, ICECAT_E_CONFIG, "over %d roles behind each other", MAX_CHAIN);
    if (ic_search_has(search, "mfa_serial"))
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                       "it needs a code (mfa_serial), which a library cannot ask for; let "
                       "credential_process run `aws configure export-credentials`");
    if (duration != NULL &&
        (!ic_view_u64(ic_view_of(duration), &seconds) || seconds < 900 || seconds > 43200))
        return ic_fail(err, ICECAT_E_CONFIG,
                       "duration_seconds is \"%.20s\"; 900 to 43200 are allowed", duration);
    return ICECAT_OK;
}

static icecat_status assume(const ic_search *search, role_chain *chain, ic_keys **out,
                            icecat_error *err)
{
    char own_name[IC_ROLE_NAME_SIZE];
    ic_keys *signer = NULL;
    ic_sts_role role = { 0 };
    icecat_status status = check_role(search, chain, err);

    if (status == ICECAT_OK) {
        chain->profiles[chain->count++] = search->profile;
        status = fetch_signer(search, chain, &signer, err);
    }
    if (status == ICECAT_OK) {
        role.action = "AssumeRole";
        role.source = "assume-role";
        role.role_arn = ic_search_setting(search, "role_arn");
        role.session_name = ic_sts_session_name(ic_search_setting(search, "role_session_name"),
                                                search->need->unix_s, own_name);
        role.external_id = ic_search_setting(search, "external_id");
        role.duration_s = ic_search_setting(search, "duration_seconds");
        role.signer = signer;
        status = ic_sts_assume(search, &role, out, err);
    }
    ic_keys_release(signer);
    return status;
}

icecat_status ic_fetch_assume_role(const ic_search *search, ic_keys **out, icecat_error *err)
{
    role_chain chain = { .count = 0 };
    icecat_status status;

    *out = NULL;
    if (!names_role(search))
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS, "no role_arn in profile \"%.60s\"",
                       search->profile);
    status = assume(search, &chain, out, err);
    if (status != ICECAT_OK && status != ICECAT_E_CANCELLED && status != ICECAT_E_DEADLINE)
        ic_error_prefix(err, "profile \"%.40s\"", search->profile);
    return status;
}
