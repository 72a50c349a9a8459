/*
 * transport_options.c - how libcurl is to send one request.
 */
#include "aws/transport_options.h"

#include <curl/curl.h>
#include <string.h>

/* Options that are texts are copied, for which there may be no memory: what then was not set, such as a
 * proxy, would be done without. 0 then; NULL sets nothing. */
static int set_text(CURL *easy, CURLoption option, const char *text)
{
    return text == NULL || curl_easy_setopt(easy, option, text) != CURLE_OUT_OF_MEMORY;
}

static int set_method(CURL *easy, const ic_exchange *exchange)
{
    int has_body = exchange->body_len != 0 || strcmp(exchange->method, "PUT") == 0 ||
                   strcmp(exchange->method, "POST") == 0;

    if (strcmp(exchange->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return 1;
    }
    if (has_body) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body_len != 0 ? exchange->body : "");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_len);
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    return !(has_body || strcmp(exchange->method, "GET") != 0) ||
           set_text(easy, CURLOPT_CUSTOMREQUEST, exchange->method);
}

static int set_proxy(CURL *easy, const ic_transport_settings *settings)
{
    if (settings->is_direct)
        return set_text(easy, CURLOPT_PROXY, ""); /* libcurl's word for "none at all" */
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    /* The headers of a request, with its token, are for the server and not for the proxy. */
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    return set_text(easy, CURLOPT_PROXY, settings->proxy) &&
           set_text(easy, CURLOPT_NOPROXY, settings->no_proxy) &&
           set_text(easy, CURLOPT_PROXY_CAINFO, settings->proxy_ca_bundle);
}

static int set_address(CURL *easy, const ic_transport_settings *settings,
                       const ic_exchange *exchange)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    int ok = set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    int ok = curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)) ==
             CURLE_OK;
#endif

    return ok && set_text(easy, CURLOPT_CAINFO, settings->ca_bundle) && set_proxy(easy, settings) &&
           set_text(easy, CURLOPT_URL, exchange->url) && set_method(easy, exchange);
}

static void set_behaviour(CURL *easy, const ic_transport_settings *settings)
{
    long stall_s = (long)(settings->stall_timeout_ms + 999) / 1000;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT,
                     1L); /* give up without waiting for a slow resolver */
#endif
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* ".." is part of a key, and was signed */
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, stall_s);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 65536L);
}

int ic_transport_options_set(void *easy, const ic_transport_settings *settings,
                             const ic_exchange *exchange)
{
    set_behaviour(easy, settings);
    return set_address(easy, settings, exchange);
}
