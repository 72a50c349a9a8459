/*
 * credentials_walk.c - go through the sources in their order.
 */
#include "aws/credentials_walk.h"

#include "aws/credentials_report.h"
#include "base/error.h"

#include <stdio.h>

/* botocore's order. */
const ic_origin ic_origins[] = {
    { "environment", ic_fetch_environment },
    { "assume-role", ic_fetch_assume_role },
    { "web-identity", ic_fetch_web_identity },
    { "sso", ic_fetch_sso },
    { "shared-credentials-file", ic_fetch_credentials_file },
    { "login", ic_fetch_login },
    { "process", ic_fetch_process },
    { "config-file", ic_fetch_config_file },
    { "container", ic_fetch_container },
    { "imds", ic_fetch_imds },
    { NULL, NULL },
};

typedef struct walk {
    ic_search search;
    ic_profiles *profiles; /* NULL until a source needs them */
    icecat_credentials_findings *findings;
    icecat_error *err;
} walk;

static int is_profile_named(const ic_chain *chain)
{
    return chain->profile != NULL || ic_variable("AWS_PROFILE") != NULL ||
           ic_variable("AWS_DEFAULT_PROFILE") != NULL;
}

/* A name that was given must exist, else a slip of the pen would go on with other keys. */
static icecat_status check_profile(const walk *w, icecat_error *err)
{
    const char *name = w->search.profile;
    const char *config = ic_profiles_path(w->profiles, IC_PROFILE_CONFIG);
    const char *credentials = ic_profiles_path(w->profiles, IC_PROFILE_CREDENTIALS);

    if (!is_profile_named(w->search.chain) ||
        ic_profiles_has(w->profiles, IC_SECTION_PROFILE, name))
        return ICECAT_OK;
    if (ic_profiles_has(w->profiles, IC_SECTION_OTHER, name))
        return ic_fail(err, ICECAT_E_CONFIG,
                       "there is no profile \"%.60s\": write its section in %.160s as [profile "
                       "%.60s]",
                       name, config, name);
    return ic_fail(err, ICECAT_E_CONFIG, "there is no profile \"%.60s\" in %.120s or %.120s", name,
                   config, credentials);
}

/* The environment's keys are good without any file, also beside a malformed one. */
static icecat_status load_profiles(walk *w, icecat_error *err)
{
    const ic_chain *chain = w->search.chain;
    icecat_status status;

    if (w->profiles != NULL)
        return ICECAT_OK;
    status = ic_profiles_load(&chain->mem, chain->config_file, chain->credentials_file,
                              &w->profiles, err);
    w->search.profiles = w->profiles;
    return status == ICECAT_OK ? check_profile(w, err) : status;
}

/*
 * Most machines are no instance: the address is silent there, or another cloud's service answers in its
 * own way. Neither is a failure of a source that somebody has set up.
 */
static int is_no_instance(icecat_status status)
{
    return icecat_status_is_retryable(status) || status == ICECAT_E_ACCESS ||
           status == ICECAT_E_PROTOCOL;
}

static icecat_status look(walk *w, const ic_origin *origin, int is_alone, ic_keys **out,
                          icecat_error *failure)
{
    icecat_status status = ICECAT_OK;

    if (origin->fetch != ic_fetch_environment)
        status = load_profiles(w, failure);
    if (status == ICECAT_OK)
        status = origin->fetch(&w->search, out, failure);
    if (!is_alone && origin->fetch == ic_fetch_imds && is_no_instance(status))
        status = ic_error_recast(failure, ICECAT_E_NO_CREDENTIALS);
    return status;
}

static icecat_status note(walk *w, const ic_origin *origin, icecat_status status,
                          const ic_keys *keys, const icecat_error *failure)
{
    if (w->findings == NULL)
        return ICECAT_OK;
    if (status == ICECAT_OK)
        return ic_findings_add_used(w->findings, origin->name, keys, w->search.need->unix_s,
                                    w->err);
    return ic_findings_add(w->findings, origin->name,
                           status == ICECAT_E_NO_CREDENTIALS ? ICECAT_CREDENTIALS_PASSED_OVER
                                                             : ICECAT_CREDENTIALS_FAILED,
                           status, failure->message, w->err);
}

static icecat_status note_rest(walk *w, const ic_origin *origin)
{
    icecat_status status = ICECAT_OK;

    for (; w->findings != NULL && origin->name != NULL && status == ICECAT_OK; origin++)
        status = ic_findings_add(w->findings, origin->name, ICECAT_CREDENTIALS_NOT_REACHED,
                                 ICECAT_OK, "the search ended before it", w->err);
    return status;
}

/* Short: the report has the reasons. Only the last is told here, because it is the one that takes time. */
static icecat_status fail_none(const walk *w, const icecat_error *last)
{
    char names[200] = "";
    ic_buf list;

    ic_buf_init_fixed(&list, names, sizeof(names));
    for (const ic_origin *at = ic_origins; at->name != NULL; at++)
        ic_buf_add_format(&list, "%s%s", at == ic_origins ? "" : ", ", at->name);
    return ic_fail(w->err, ICECAT_E_NO_CREDENTIALS,
                   "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                   "AWS_PROFILE; tried %s of profile \"%.40s\" (%.90s)",
                   names, w->search.profile, last->message);
}

static icecat_status go(walk *w, ic_keys **out, const ic_origin **origin)
{
    icecat_error failure = { 0 };
    icecat_status status;

    for (const ic_origin *at = ic_origins; at->name != NULL; at++) {
        icecat_status noted;

        ic_error_clear(&failure);
        status = look(w, at, 0, out, &failure);
        if (status == ICECAT_E_CANCELLED || status == ICECAT_E_DEADLINE ||
            status == ICECAT_E_NO_MEMORY)
            return ic_fail(w->err, status, "%s", failure.message);
        noted = note(w, at, status, *out, &failure);
        if (noted == ICECAT_OK && status != ICECAT_E_NO_CREDENTIALS)
            noted = note_rest(w, at + 1);
        if (noted != ICECAT_OK)
            return noted;
        *origin = at;
        if (status == ICECAT_E_NO_CREDENTIALS)
            continue;
        if (status != ICECAT_OK && w->err != NULL)
            *w->err = failure;
        if (status != ICECAT_OK)
            ic_error_prefix(w->err, "credentials from %s", at->name);
        return status;
    }
    return fail_none(w, &failure);
}

icecat_status ic_chain_walk(const ic_chain *chain, const ic_need *need, const ic_origin *only,
                            icecat_credentials_findings *findings, ic_keys **out,
                            const ic_origin **origin, icecat_error *err)
{
    walk w = { .findings = findings, .err = err };
    icecat_status status;

    *out = NULL;
    w.search.chain = chain;
    w.search.need = need;
    w.search.profile = ic_profile_name(chain->profile);
    w.search.ignores_variables = chain->profile != NULL;
    if (only != NULL) {
        *origin = only;
        status = look(&w, only, 1, out, err);
        if (status != ICECAT_OK && status != ICECAT_E_CANCELLED && status != ICECAT_E_DEADLINE)
            ic_error_prefix(err, "credentials from %s", only->name);
    } else {
        status = go(&w, out, origin);
    }
    if (status != ICECAT_OK) {
        ic_keys_release(*out);
        *out = NULL;
    }
    ic_profiles_free(w.profiles);
    return status;
}
