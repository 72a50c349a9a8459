/*
 * credentials_web_identity.c - a role for whoever holds a token of an identity provider (EKS, CI).
 *
 * The file holds the raw token, and is rotated by others: it is read at every look.
 */
#include "aws/credentials_chain.h"
#include "aws/credentials_sts.h"
#include "base/error.h"
#include "base/file.h"

#define MAX_TOKEN 32768

static const char *setting(const ic_search *search, const char *variable, const char *key)
{
    const char *value = search->ignores_variables ? NULL : ic_variable(variable);

    return value != NULL ? value : ic_search_setting(search, key);
}

/* The token without the line end that editors add; NUL-terminated in @p out. */
static icecat_status read_token(const ic_search *search, const char *path, ic_buf *out,
                                icecat_error *err)
{
    char *expanded = ic_profile_expand(&search->chain->mem, path);
    icecat_status status;

    if (expanded == NULL)
        return ic_fail_memory(err, "a path");
    status = ic_file_read(expanded, MAX_TOKEN, out, err);
    ic_mem_free(&search->chain->mem, expanded);
    if (status == ICECAT_E_NO_MEMORY)
        return status;
    if (status != ICECAT_OK)
        return ic_error_recast(err, ICECAT_E_BAD_CREDENTIALS);
    while (out->len != 0 && (unsigned char)out->data[out->len - 1] <= ' ')
        out->data[--out->len] = '\0';
    for (size_t i = 0; i < out->len; i++) {
        if ((unsigned char)out->data[i] <= ' ' || (unsigned char)out->data[i] >= 0x7f)
            return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                           "%.200s is not a raw token: a blank, line break or odd byte at %zu",
                           path, i);
    }
    if (out->len == 0)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "%.200s is empty", path);
    return ICECAT_OK;
}

icecat_status ic_fetch_web_identity(const ic_search *search, ic_keys **out, icecat_error *err)
{
    const char *path = setting(search, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    char own_name[IC_ROLE_NAME_SIZE];
    ic_sts_role role = { 0 };
    icecat_status status;
    ic_buf token;

    *out = NULL;
    if (path == NULL)
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS,
                       "AWS_WEB_IDENTITY_TOKEN_FILE is not set, nor web_identity_token_file");
    role.role_arn = setting(search, "AWS_ROLE_ARN", "role_arn");
    if (role.role_arn == NULL)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                       "there is a web identity token file, but no role: set AWS_ROLE_ARN or "
                       "role_arn in profile \"%.60s\"",
                       search->profile);
    ic_buf_init(&token, &search->chain->mem, MAX_TOKEN);
    status = read_token(search, path, &token, err);
    if (status == ICECAT_OK) {
        role.action = "AssumeRoleWithWebIdentity";
        role.source = "web-identity";
        role.session_name = ic_sts_session_name(
            setting(search, "AWS_ROLE_SESSION_NAME", "role_session_name"), search->need->unix_s,
            own_name);
        role.web_identity_token = ic_buf_text(&token);
        status = ic_sts_assume(search, &role, out, err);
    }
    ic_buf_free_secret(&token);
    return status;
}
