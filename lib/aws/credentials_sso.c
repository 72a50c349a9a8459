/*
 * credentials_sso.c - keys for who has signed in with `aws sso login`.
 *
 * The command leaves a token in ~/.aws/sso/cache, in a file that is named by the SHA-1 of the
 * sso-session's name, or of the start URL in profiles of the older form. The token is exchanged for
 * keys: AWS IAM Identity Center Portal API Reference, GetRoleCredentials.
 */
#include "aws/credentials_chain.h"
#include "aws/credentials_document.h"
#include "aws/credentials_http.h"
#include "aws/sigv4.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "base/uri.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_CACHE_FILE 65536
#define TRIES          3

typedef struct sso_settings {
    const char *session; /* NULL in the older form */
    const char *start_url;
    const char *region;
    const char *account;
    const char *role;
} sso_settings;

/* A setting of the profile, else of its sso-session. */
static const char *setting(const ic_search *search, const char *session, const char *key)
{
    const char *value = ic_search_setting(search, key);

    if (value == NULL && session != NULL)
        value = ic_profiles_get(search->profiles, IC_SECTION_SSO_SESSION, session, key);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static icecat_status read_settings(const ic_search *search, sso_settings *own, icecat_error *err)
{
    const char *missing = NULL;

    own->account = ic_search_setting(search, "sso_account_id");
    own->role = ic_search_setting(search, "sso_role_name");
    if (own->account == NULL && own->role == NULL)
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS, "no sso_role_name in profile \"%.60s\"",
                       search->profile);
    own->session = ic_search_setting(search, "sso_session");
    if (own->session != NULL &&
        !ic_profiles_has(search->profiles, IC_SECTION_SSO_SESSION, own->session))
        return ic_fail(err, ICECAT_E_CONFIG, "there is no [sso-session %.60s] in %.160s",
                       own->session, ic_profiles_path(search->profiles, IC_PROFILE_CONFIG));
    own->start_url = setting(search, own->session, "sso_start_url");
    own->region = setting(search, own->session, "sso_region");
    if (own->region == NULL)
        missing = "sso_region";
    else if (own->start_url == NULL)
        missing = "sso_start_url";
    else if (own->account == NULL || own->role == NULL)
        missing = own->account == NULL ? "sso_account_id" : "sso_role_name";
    if (missing != NULL)
        return ic_fail(err, ICECAT_E_CONFIG, "it uses SSO, but %s is missing", missing);
    return ICECAT_OK;
}

static icecat_status find_cache_file(const ic_search *search, const sso_settings *own, ic_buf *path,
                                     icecat_error *err)
{
    const char *name = own->session != NULL ? own->session : own->start_url;
    const char *home = ic_profile_home();
    char hex[IC_SHA1_HEX_SIZE];

    if (home == NULL)
        return ic_fail(err, ICECAT_E_CONFIG, "HOME is not set, so ~/.aws/sso/cache is not found");
    if (!ic_sha1_hex(name, strlen(name), hex))
        return ic_fail(err, ICECAT_E_CRYPTO, "SHA-1 failed in libcrypto");
    ic_buf_add_format(path, "%s/.aws/sso/cache/%s.json", home, hex);
    if (ic_buf_check(path, "a path", err) != ICECAT_OK)
        return ic_buf_status(path);
    if (access(ic_buf_text(path), F_OK) != 0 && errno == ENOENT)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                       "nobody has signed in: run `aws sso login --profile %.60s`",
                       search->profile);
    return ICECAT_OK;
}

/* "2026-11-24T12:00:00Z", or with "UTC" as older releases of the command wrote it. */
static int read_end(const char *text, int64_t *unix_s)
{
    char plain[32];
    size_t len = text != NULL ? strlen(text) : 0;

    if (len > 3 && len < sizeof(plain) && strcmp(text + len - 3, "UTC") == 0) {
        snprintf(plain, sizeof(plain), "%.*sZ", (int)(len - 3), text);
        return ic_time_iso_parse(plain, unix_s);
    }
    return ic_time_iso_parse(text, unix_s);
}

/* The bearer token, appended to @p out. */
static icecat_status read_token(const ic_search *search, const char *path, ic_buf *out,
                                icecat_error *err)
{
    icecat_status status;
    const char *token;
    int64_t end = 0;
    cJSON *tree;
    ic_buf file;

    ic_buf_init(&file, &search->chain->mem, MAX_CACHE_FILE);
    status = ic_file_read(path, MAX_CACHE_FILE, &file, err);
    if (status == ICECAT_E_FILE)
        ic_error_recast(err, status = ICECAT_E_BAD_CREDENTIALS);
    if (status == ICECAT_OK)
        status = ic_document_parse(file.data, file.len, path, &tree, err);
    ic_buf_free_secret(&file);
    if (status != ICECAT_OK)
        return status;
    token = ic_json_text(tree, "accessToken");
    if (token == NULL || token[0] == '\0' || !read_end(ic_json_text(tree, "expiresAt"), &end))
        status = ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                         "%.160s has no accessToken with an expiresAt: run `aws sso login "
                         "--profile %.60s`",
                         path, search->profile);
    else if (end <= search->need->unix_s)
        status = ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                         "the sign-in has ended %lld s ago: run `aws sso login --profile %.60s`",
                         (long long)(search->need->unix_s - end), search->profile);
    else if (ic_sigv4_has_control(token))
        status = ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                         "the accessToken in %.160s has a control character", path);
    else
        ic_buf_add_text(out, token);
    ic_document_free(tree);
    return status != ICECAT_OK ? status : ic_buf_check(out, "a token", err);
}

static icecat_status read_keys(const ic_search *search, const ic_response *answer, ic_keys **out,
                               icecat_error *err)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    const cJSON *role;
    uint64_t end_ms = 0;
    cJSON *tree;
    icecat_status status = ic_document_parse(answer->body.data, answer->body.len,
                                             "the answer of SSO", &tree, err);

    if (status != ICECAT_OK)
        return status;
    role = ic_json_get(tree, "roleCredentials");
    keys.access_key_id = ic_json_text(role, "accessKeyId");
    keys.secret_access_key = ic_json_text(role, "secretAccessKey");
    keys.session_token = ic_json_text(role, "sessionToken");
    if (keys.access_key_id == NULL || keys.secret_access_key == NULL ||
        keys.session_token == NULL || !ic_json_u64(role, "expiration", &end_ms)) {
        status = ic_fail(err, ICECAT_E_PROTOCOL,
                         "the answer of SSO has no keys with an expiration");
    } else {
        keys.expires_unix_s = (int64_t)(end_ms / 1000);
        status = ic_keys_make(&search->chain->mem, &keys, "sso", out, err);
    }
    ic_document_free(tree);
    return status;
}

static icecat_status refuse(const ic_search *search, const sso_settings *own,
                            const ic_response *answer, icecat_error *err)
{
    int http = answer->http_status;

    if (err != NULL)
        err->http_status = http;
    if (http == 401)
        return ic_fail(err, ICECAT_E_AUTH,
                       "SSO does not accept the sign-in (HTTP 401): run `aws sso login --profile "
                       "%.60s`",
                       search->profile);
    if (http == 429 || http >= 500)
        return ic_fail(err, http == 429 ? ICECAT_E_THROTTLED : ICECAT_E_UNAVAILABLE,
                       "SSO answers HTTP %d", http);
    return ic_fail(err, ICECAT_E_ACCESS,
                   "SSO refuses role %.60s in account %.20s (HTTP %d): is it assigned to the user?",
                   own->role, own->account, http);
}

static icecat_status write_url(const ic_search *search, const sso_settings *own, ic_buf *url,
                               icecat_error *err)
{
    icecat_status status = ic_search_endpoint(search, "sso", "AWS_ENDPOINT_URL_SSO", "portal.sso",
                                              own->region, url, err);

    if (status != ICECAT_OK)
        return status;
    ic_buf_add_text(url, "/federation/credentials?role_name=");
    ic_uri_encode(url, ic_view_of(own->role), 0);
    ic_buf_add_text(url, "&account_id=");
    ic_uri_encode(url, ic_view_of(own->account), 0);
    return ic_buf_check(url, "a URL", err);
}

static icecat_status ask(const ic_search *search, const sso_settings *own, const char *token,
                         ic_keys **out, icecat_error *err)
{
    const ic_mem *mem = &search->chain->mem;
    ic_ask ask = { .who = "SSO", .method = "GET", .tries = TRIES };
    ic_response answer = { 0 };
    icecat_status status;
    ic_pairs headers;
    ic_buf url;

    ic_buf_init(&url, mem, 4096);
    ic_pairs_init(&headers, mem, 4, 32768);
    status = write_url(search, own, &url, err);
    if (status == ICECAT_OK && ic_pairs_add(&headers, "x-amz-sso_bearer_token", token) != ICECAT_OK)
        status = ic_fail_memory(err, "request headers");
    if (status == ICECAT_OK) {
        ask.url = ic_buf_text(&url);
        ask.headers = &headers;
        status = ic_ask_send(search, &ask, &answer, err);
        if (status == ICECAT_OK)
            status = answer.http_status == 200 ? read_keys(search, &answer, out, err)
                                               : refuse(search, own, &answer, err);
        ic_answer_free(&answer);
    }
    ic_pairs_free(&headers);
    ic_buf_free(&url);
    return status;
}

icecat_status ic_fetch_sso(const ic_search *search, ic_keys **out, icecat_error *err)
{
    sso_settings own = { 0 };
    icecat_status status = read_settings(search, &own, err);
    ic_buf token;
    ic_buf path;

    *out = NULL;
    if (status == ICECAT_E_NO_CREDENTIALS)
        return status;
    ic_buf_init(&path, &search->chain->mem, 4096);
    ic_buf_init(&token, &search->chain->mem, 16384);
    if (status == ICECAT_OK)
        status = find_cache_file(search, &own, &path, err);
    if (status == ICECAT_OK)
        status = read_token(search, ic_buf_text(&path), &token, err);
    if (status == ICECAT_OK)
        status = ask(search, &own, ic_buf_text(&token), out, err);
    if (status != ICECAT_OK && status != ICECAT_E_CANCELLED && status != ICECAT_E_DEADLINE)
        ic_error_prefix(err, "profile \"%.40s\"", search->profile);
    ic_buf_free_secret(&token);
    ic_buf_free(&path);
    return status;
}
