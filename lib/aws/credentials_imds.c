/*
 * credentials_imds.c - the role of an EC2 instance, from its metadata service.
 *
 * Version 2 asks for a token with PUT first; version 1, without it, is used only when the service does
 * not know tokens, and never when AWS_EC2_METADATA_V1_DISABLED is true. Source of the rules: Amazon EC2
 * User Guide, "Use the Instance Metadata Service", and botocore (InstanceMetadataFetcher).
 */
#include "aws/credentials_chain.h"
#include "aws/credentials_document.h"
#include "aws/credentials_http.h"
#include "base/error.h"
#include "base/uri.h"

#include <string.h>

#define BASE_IPV4   "http://169.254.169.254"
#define BASE_IPV6   "http://[fd00:ec2::254]"
#define TOKEN_PATH  "/latest/api/token"
#define ROLES_PATH  "/latest/meta-data/iam/security-credentials/"
#define TOKEN_TTL_S "21600"
#define WHO         "the instance metadata service"
#define MAX_NAME    128

typedef struct imds {
    const ic_search *search;
    const char *base;
    uint32_t timeout_ms;
    unsigned tries;
    int v1_disabled;
    ic_buf token; /* empty: version 1 */
    ic_buf role;
    icecat_error *err;
} imds;

static int is_true(const imds *own, const char *variable, const char *key)
{
    const char *text = ic_variable(variable);

    if (text == NULL)
        text = ic_search_setting(own->search, key);
    return text != NULL && ic_text_equal_nocase(text, "true");
}

static icecat_status read_number(const imds *own, const char *variable, uint32_t usual,
                                 uint32_t most, uint32_t *out)
{
    const char *text = ic_variable(variable);
    uint64_t number = usual;

    if (text != NULL && (!ic_view_u64(ic_view_of(text), &number) || number == 0 || number > most))
        return ic_fail(own->err, ICECAT_E_CONFIG, "%s is \"%.40s\"; 1 to %u are allowed", variable,
                       text, most);
    *out = (uint32_t)number;
    return ICECAT_OK;
}

static icecat_status read_settings(imds *own)
{
    const char *mode = ic_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
    uint32_t timeout_s = 1;
    icecat_status status;
    ic_url url;

    if (mode == NULL)
        mode = ic_search_setting(own->search, "ec2_metadata_service_endpoint_mode");
    own->base = ic_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (own->base == NULL)
        own->base = ic_search_setting(own->search, "ec2_metadata_service_endpoint");
    if (own->base == NULL)
        own->base = mode != NULL && ic_text_equal_nocase(mode, "ipv6") ? BASE_IPV6 : BASE_IPV4;
    if (!ic_url_parse(own->base, &url))
        return ic_fail(own->err, ICECAT_E_CONFIG,
                       "AWS_EC2_METADATA_SERVICE_ENDPOINT is not a URL like " BASE_IPV4);
    own->v1_disabled = is_true(own, "AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled");
    status = read_number(own, "AWS_METADATA_SERVICE_TIMEOUT", 1, 60, &timeout_s);
    if (status == ICECAT_OK)
        status = read_number(own, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1, 10, &own->tries);
    own->timeout_ms = timeout_s * 1000;
    return status;
}

/* @p path is appended to the base, with a slash between them. */
static icecat_status send(imds *own, const char *method, const char *path, const char *name,
                          const char *value, ic_response *answer)
{
    const ic_mem *mem = &own->search->chain->mem;
    ic_ask ask = { .who = WHO, .method = method, .is_metadata = 1 };
    size_t len = strlen(own->base);
    icecat_status status;
    ic_pairs headers;
    ic_buf url;

    ic_buf_init(&url, mem, 2048);
    ic_pairs_init(&headers, mem, 4, 8192);
    ic_buf_add(&url, own->base, len != 0 && own->base[len - 1] == '/' ? len - 1 : len);
    ic_buf_add_text(&url, path);
    status = ic_buf_check(&url, "the URL of " WHO, own->err);
    if (status == ICECAT_OK && value[0] != '\0' && ic_pairs_add(&headers, name, value) != ICECAT_OK)
        status = ic_fail_memory(own->err, "request headers");
    if (status == ICECAT_OK) {
        ask.url = ic_buf_text(&url);
        ask.headers = &headers;
        ask.timeout_ms = own->timeout_ms;
        ask.tries = own->tries;
        status = ic_ask_send(own->search, &ask, answer, own->err);
    }
    ic_pairs_free(&headers);
    ic_buf_free(&url);
    return status;
}

static icecat_status fail_http(const imds *own, const char *what, int http)
{
    if (own->err != NULL)
        own->err->http_status = http;
    return ic_fail(own->err, http == 429 || http >= 500 ? ICECAT_E_UNAVAILABLE : ICECAT_E_ACCESS,
                   WHO " answers HTTP %d to a request for %s", http, what);
}

/* Append one line of plain text that may go into a header or a path. */
static icecat_status take_line(const imds *own, const ic_response *answer, size_t max, ic_buf *out)
{
    ic_view line;

    ic_view_split(ic_view_n(answer->body.data, answer->body.len), '\n', &line);
    line = ic_view_trim(line);
    for (size_t i = 0; i < line.len; i++) {
        if ((unsigned char)line.data[i] <= 0x20 || (unsigned char)line.data[i] >= 0x7f)
            return ic_fail(own->err, ICECAT_E_PROTOCOL, WHO " answers with an odd character");
    }
    if (line.len == 0 || line.len > max)
        return ic_fail(own->err, ICECAT_E_PROTOCOL,
                       WHO " answers with %zu bytes where 1 to %zu "
                           "were expected",
                       line.len, max);
    ic_buf_reset(out);
    ic_buf_add(out, line.data, line.len);
    return ic_buf_check(out, "an answer of " WHO, own->err);
}

/*
 * A token, or none when the service does not know them. Its answer to the PUT may travel one hop only:
 * in a container it never arrives, and the request times out.
 */
static icecat_status fetch_token(imds *own)
{
    ic_response answer = { 0 };
    icecat_status status = send(own, "PUT", TOKEN_PATH, "x-aws-ec2-metadata-token-ttl-seconds",
                                TOKEN_TTL_S, &answer);
    int http = answer.http_status;
    int unknown = status == ICECAT_E_TIMEOUT ||
                  (status == ICECAT_OK && (http == 403 || http == 404 || http == 405));

    ic_buf_reset(&own->token);
    if (status == ICECAT_OK && http == 200)
        status = take_line(own, &answer, 4096, &own->token);
    else if (unknown && !own->v1_disabled)
        status = ICECAT_OK;
    else if (status == ICECAT_OK)
        status = fail_http(own, "a token", http);
    if (status == ICECAT_E_TIMEOUT)
        ic_fail(own->err, status,
                WHO " does not answer; in a container its hop limit has to be 2 "
                    "(aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2)");
    ic_answer_free(&answer);
    return status;
}

/* A token may end early: then a new one is taken, once. */
static icecat_status get(imds *own, const char *path, ic_response *answer)
{
    icecat_status status = send(own, "GET", path, "x-aws-ec2-metadata-token",
                                ic_buf_text(&own->token), answer);

    if (status != ICECAT_OK || answer->http_status != 401)
        return status;
    ic_answer_free(answer);
    status = fetch_token(own);
    return status == ICECAT_OK ? send(own, "GET", path, "x-aws-ec2-metadata-token",
                                      ic_buf_text(&own->token), answer)
                               : status;
}

static icecat_status fetch_role(imds *own)
{
    ic_response answer = { 0 };
    icecat_status status = get(own, ROLES_PATH, &answer);

    if (status == ICECAT_OK && answer.http_status == 404)
        status = ic_fail(own->err, ICECAT_E_NO_CREDENTIALS, "the instance has no role");
    else if (status == ICECAT_OK && answer.http_status != 200)
        status = fail_http(own, "the name of the role", answer.http_status);
    else if (status == ICECAT_OK)
        status = take_line(own, &answer, MAX_NAME, &own->role);
    ic_answer_free(&answer);
    if (status == ICECAT_E_TIMEOUT || status == ICECAT_E_CONNECT || status == ICECAT_E_RESOLVE)
        ic_fail(own->err, status,
                "no answer from %.80s; in a container on an instance the hop "
                "limit of the service has to be 2",
                own->base);
    return status;
}

/* The service may answer 200 and tell in the document why there are no keys. */
static icecat_status read_keys(const imds *own, const ic_response *answer, ic_keys **out)
{
    static const char what[] = "the answer of " WHO;
    const char *code;
    icecat_status status;
    cJSON *tree;

    status = ic_document_parse(answer->body.data, answer->body.len, what, &tree, own->err);
    if (status != ICECAT_OK)
        return status;
    code = ic_json_text(tree, "Code");
    if (ic_json_text(tree, "AccessKeyId") == NULL && code != NULL)
        status = ic_fail(own->err, ICECAT_E_BAD_CREDENTIALS,
                         WHO " has no keys for role %.60s: %.60s", ic_buf_text(&own->role), code);
    else
        status = ic_document_keys(&own->search->chain->mem, tree, "Token", 1, what, "imds", out,
                                  own->err);
    ic_document_free(tree);
    return status;
}

static icecat_status fetch_keys(imds *own, ic_keys **out)
{
    ic_response answer = { 0 };
    icecat_status status;
    ic_buf path;

    ic_buf_init(&path, &own->search->chain->mem, 1024);
    ic_buf_add_text(&path, ROLES_PATH);
    ic_uri_encode(&path, ic_view_n(own->role.data, own->role.len), 0);
    status = ic_buf_check(&path, "a path", own->err);
    if (status == ICECAT_OK)
        status = get(own, ic_buf_text(&path), &answer);
    if (status == ICECAT_OK && answer.http_status != 200)
        status = fail_http(own, "keys", answer.http_status);
    else if (status == ICECAT_OK)
        status = read_keys(own, &answer, out);
    ic_answer_free(&answer);
    ic_buf_free(&path);
    return status;
}

icecat_status ic_fetch_imds(const ic_search *search, ic_keys **out, icecat_error *err)
{
    imds own = { .search = search, .err = err };
    icecat_status status;

    *out = NULL;
    if (ic_variable_is_true("AWS_EC2_METADATA_DISABLED"))
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS, "AWS_EC2_METADATA_DISABLED is true");
    ic_buf_init(&own.token, &search->chain->mem, 8192);
    ic_buf_init(&own.role, &search->chain->mem, 1024);
    status = read_settings(&own);
    if (status == ICECAT_OK)
        status = fetch_token(&own);
    if (status == ICECAT_OK)
        status = fetch_role(&own);
    if (status == ICECAT_OK)
        status = fetch_keys(&own, out);
    ic_buf_free_secret(&own.token);
    ic_buf_free(&own.role);
    return status;
}
