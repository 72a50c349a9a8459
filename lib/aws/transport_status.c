/*
 * transport_status.c - what libcurl's ways to fail mean.
 */
#include "aws/transport_status.h"

#include "base/error.h"
#include "base/view.h"

#include <curl/curl.h>
#include <string.h>

#define TOO_LARGE 100 /* CURLE_TOO_LARGE of libcurl 8.6: a line of the head */

/* A peer that hangs up during the handshake says nothing about its certificate. */
static int was_cut_off(const char *text)
{
    return strstr(text, "SSL_ERROR_SYSCALL") != NULL || strstr(text, "Connection reset") != NULL;
}

icecat_status ic_transport_status(int code, const char *text, icecat_status refused)
{
    switch (code) {
    case CURLE_OK:
        return ICECAT_OK;
    case CURLE_OUT_OF_MEMORY:
        return ICECAT_E_NO_MEMORY;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return ICECAT_E_RESOLVE;
    case CURLE_COULDNT_CONNECT:
        return ICECAT_E_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return ICECAT_E_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
        return was_cut_off(text) ? ICECAT_E_CONNECT : ICECAT_E_TLS;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return ICECAT_E_TLS;
    case TOO_LARGE:
        return ICECAT_E_LIMIT;
    case CURLE_WRITE_ERROR:
        return refused != ICECAT_OK ? refused : ICECAT_E_TRANSFER;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_BAD_CONTENT_ENCODING:
        return ICECAT_E_PROTOCOL;
    default:
        return ICECAT_E_TRANSFER;
    }
}

/* Nothing in the answer says where its body ends but the end of the connection, which may have come early. */
static int is_open_ended(const ic_response *response)
{
    const char *length = ic_pairs_get(&response->headers, "content-length");
    uint64_t len;

    return (length == NULL || !ic_view_u64(ic_view_of(length), &len)) &&
           ic_pairs_get(&response->headers, "transfer-encoding") == NULL;
}

static int is_refused_by_proxy(const ic_transfer_end *end)
{
    return end->code != CURLE_OK && end->proxy_answer >= 300;
}

static icecat_status status_of(const ic_transfer_end *end)
{
    icecat_status status = ic_transport_status(end->code, end->text, end->refused);

    /* The request has not left. Where a password is wanted, another attempt does not help. */
    if (is_refused_by_proxy(end))
        return end->proxy_answer == 407 ? ICECAT_E_CONFIG : ICECAT_E_CONNECT;
    if (end->has_head)
        return status;
    /* libcurl calls a line over 100 kB "out of memory", and takes a head that ends early for a whole one. */
    if (status == ICECAT_E_NO_MEMORY && end->refused == ICECAT_OK && end->head_lines != 0)
        return ICECAT_E_LIMIT;
    return status == ICECAT_OK ? ICECAT_E_TRANSFER : status;
}

/* libcurl repeats a proxy's address that it cannot read, with its password; no host name has an @. */
static const char *words_of(const ic_transfer_end *end)
{
    if (strchr(end->text, '@') == NULL && end->text[0] != '\0')
        return end->text;
    return end->code == CURLE_COULDNT_RESOLVE_PROXY ? "the address of the proxy is malformed"
                                                    : curl_easy_strerror((CURLcode)end->code);
}

static void explain(const ic_transfer_end *end, icecat_status status, size_t most,
                    icecat_error *err)
{
    if (status == ICECAT_E_NO_MEMORY)
        ic_fail_memory(err, "the answer");
    else if (status == ICECAT_E_LIMIT && !end->has_head)
        ic_fail(err, status, "the answer has too many headers, or too long ones");
    else if (status == ICECAT_E_LIMIT)
        ic_fail(err, status, "the answer is over %zu bytes", most);
    else if (status == ICECAT_E_CONFIG)
        ic_fail(err, status, "the proxy wants a user and a password (HTTP 407)");
    else if (is_refused_by_proxy(end))
        ic_fail(err, status, "the proxy does not connect to the host (HTTP %ld)",
                end->proxy_answer);
    else if (end->code == CURLE_OK)
        ic_fail(err, status, "the connection ended inside of the answer's head");
    else
        ic_fail(err, status, "%s", words_of(end));
}

void ic_transport_judge(const ic_transfer_end *end, ic_exchange *exchange)
{
    exchange->response->is_open_ended = is_open_ended(exchange->response);
    exchange->status = status_of(end);
    if (exchange->status != ICECAT_OK)
        explain(end, exchange->status, exchange->response->body.max, &exchange->error);
    exchange->error.curl_code = (int32_t)end->code;
}
