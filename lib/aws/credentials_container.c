/*
 * credentials_container.c - the role of an ECS task or EKS pod, from an address beside the container.
 *
 * Source of the rules: AWS SDKs and Tools Reference Guide, "Container credential provider". Plain http
 * is only for the machine itself and the addresses that ECS and EKS use: keys would be readable, and
 * the token would go to whoever can set a variable.
 */
#include "aws/credentials_chain.h"
#include "aws/credentials_document.h"
#include "aws/credentials_http.h"
#include "base/error.h"
#include "base/file.h"
#include "base/uri.h"

#include <string.h>

#define ECS_BASE   "http://169.254.170.2"
#define TIMEOUT_MS 2000
#define TRIES      3
#define MAX_TOKEN  16384
#define WHO        "the container credentials service"

static int is_allowed_host(const ic_url *url)
{
    static const char *const hosts[] = { "169.254.170.2", "169.254.170.23", "fd00:ec2::23",
                                         "localhost", "::1" };

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        if (ic_view_is_nocase(url->host, hosts[i]))
            return 1;
    }
    /* 127.0.0.0/8, as numbers only: "127.example.com" is a name. */
    return !url->is_ipv6 && ic_view_starts(url->host, "127.") && url->host.len <= 15 &&
           strspn(url->host.data, "0123456789.") >= url->host.len;
}

static icecat_status check_full(const ic_search *search, const char *text, icecat_error *err)
{
    char *base = ic_mem_dup_n(&search->chain->mem, text, strcspn(text, "?"));
    icecat_status status = ICECAT_OK;
    ic_url url;

    if (base == NULL)
        return ic_fail_memory(err, "a URL");
    if (!ic_url_parse(base, &url))
        status = ic_fail(err, ICECAT_E_CONFIG,
                         "AWS_CONTAINER_CREDENTIALS_FULL_URI is not an http or https URL");
    else if (!ic_view_is(url.scheme, "https") && !is_allowed_host(&url))
        status = ic_fail(err, ICECAT_E_CONFIG,
                         "AWS_CONTAINER_CREDENTIALS_FULL_URI names host %.*s; without https only "
                         "loopback, 169.254.170.2, 169.254.170.23 and fd00:ec2::23 are allowed",
                         (int)(url.host.len < 80 ? url.host.len : 80), url.host.data);
    ic_mem_free(&search->chain->mem, base);
    return status;
}

static icecat_status find_url(const ic_search *search, ic_buf *url, icecat_error *err)
{
    const char *relative = ic_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = ic_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    const char *text = relative != NULL ? relative : full;
    icecat_status status = ICECAT_OK;

    if (text == NULL)
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS,
                       "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set");
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c <= 0x20 || (unsigned char)*c == 0x7f)
            return ic_fail(err, ICECAT_E_CONFIG,
                           "the URI of the container credentials has a blank or control character");
    }
    /* Without its slash it could go on with the host: "@example.com/". */
    if (relative != NULL && relative[0] != '/')
        return ic_fail(err, ICECAT_E_CONFIG,
                       "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with /");
    if (relative == NULL)
        status = check_full(search, full, err);
    else
        ic_buf_add_text(url, ECS_BASE);
    if (status != ICECAT_OK)
        return status;
    ic_buf_add_text(url, text);
    return ic_buf_check(url, "the URI of the container credentials", err);
}

/* The file wins, and is read anew each time: EKS rotates it. */
static icecat_status find_token(ic_buf *token, icecat_error *err)
{
    const char *path = ic_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *text = ic_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    icecat_status status;

    if (path != NULL) {
        status = ic_file_read(path, MAX_TOKEN, token, err);
        if (status != ICECAT_OK)
            return status == ICECAT_E_FILE ? ic_error_recast(err, ICECAT_E_BAD_CREDENTIALS)
                                           : status;
        while (token->len != 0 && strchr("\r\n", token->data[token->len - 1]) != NULL)
            token->data[--token->len] = '\0';
    } else if (text != NULL) {
        ic_buf_add_text(token, text);
    }
    if (ic_buf_check(token, "the container authorization token", err) != ICECAT_OK)
        return ic_buf_status(token);
    for (size_t i = 0; i < token->len; i++) {
        unsigned char c = (unsigned char)token->data[i];

        if (c < 0x20 || c >= 0x7f)
            return ic_fail(
                err, ICECAT_E_BAD_CREDENTIALS,
                "the container authorization token has a line break or control character");
    }
    return ICECAT_OK;
}

static icecat_status read_answer(const ic_search *search, const ic_response *answer, ic_keys **out,
                                 icecat_error *err)
{
    int http = answer->http_status;
    icecat_status status;
    cJSON *tree;

    if (http != 200) {
        if (err != NULL)
            err->http_status = http;
        status = http == 429   ? ICECAT_E_THROTTLED
                 : http >= 500 ? ICECAT_E_UNAVAILABLE
                               : ICECAT_E_ACCESS;
        return ic_fail(err, status, WHO " answers HTTP %d", http);
    }
    status = ic_document_parse(answer->body.data, answer->body.len, "the answer of " WHO, &tree,
                               err);
    if (status != ICECAT_OK)
        return status;
    status = ic_document_keys(&search->chain->mem, tree, "Token", 1, "the answer of " WHO,
                              "container", out, err);
    ic_document_free(tree);
    return status;
}

static icecat_status ask(const ic_search *search, const char *url, const char *token, ic_keys **out,
                         icecat_error *err)
{
    ic_ask ask = { .who = WHO,
                   .method = "GET",
                   .url = url,
                   .timeout_ms = TIMEOUT_MS,
                   .tries = TRIES,
                   .is_metadata = 1 };
    ic_response answer = { 0 };
    icecat_status status = ICECAT_OK;
    ic_pairs headers;

    ic_pairs_init(&headers, &search->chain->mem, 4, 32768);
    if (ic_pairs_add(&headers, "accept", "application/json") != ICECAT_OK ||
        (token[0] != '\0' && ic_pairs_add(&headers, "authorization", token) != ICECAT_OK))
        status = ic_fail_memory(err, "request headers");
    ask.headers = &headers;
    if (status == ICECAT_OK) {
        status = ic_ask_send(search, &ask, &answer, err);
        if (status == ICECAT_OK)
            status = read_answer(search, &answer, out, err);
        ic_answer_free(&answer);
    }
    ic_pairs_free(&headers);
    return status;
}

icecat_status ic_fetch_container(const ic_search *search, ic_keys **out, icecat_error *err)
{
    icecat_status status;
    ic_buf token;
    ic_buf url;

    *out = NULL;
    ic_buf_init(&url, &search->chain->mem, 4096);
    ic_buf_init(&token, &search->chain->mem, MAX_TOKEN);
    status = find_url(search, &url, err);
    if (status == ICECAT_OK)
        status = find_token(&token, err);
    if (status == ICECAT_OK)
        status = ask(search, ic_buf_text(&url), ic_buf_text(&token), out, err);
    ic_buf_free_secret(&token);
    ic_buf_free(&url);
    return status;
}
