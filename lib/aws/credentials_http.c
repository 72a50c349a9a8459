/*
 * credentials_http.c - one small request for keys or a token, and its small answer.
 *
 * It does not go through the engine: the engine needs keys before it can send anything. A transport is
 * made for each request, because keys are fetched about once an hour.
 */
#include "aws/credentials_http.h"

#include "base/error.h"

#include <string.h>

#define WAIT_MS 50 /* the longest look at the deadline and the token takes */

void ic_answer_free(ic_response *answer)
{
    ic_buf_free_secret(&answer->body);
    ic_response_free(answer);
}

static uint32_t timeout_of(const ic_search *search, const ic_ask *ask)
{
    return ask->timeout_ms != 0 ? ask->timeout_ms : search->chain->request_timeout_ms;
}

/* The bounds of one try: those of the call, or sooner. */
static ic_bounds bounds_of(const ic_search *search, const ic_ask *ask)
{
    ic_bounds bounds = *search->need->bounds;
    uint64_t end = ic_bounds_now(&bounds) + timeout_of(search, ask);

    if (end < bounds.deadline_ms)
        bounds.deadline_ms = end;
    return bounds;
}

/* The end of a try is a timeout; only the end of the call is its deadline. */
static icecat_status tell_end(const ic_search *search, const ic_ask *ask, icecat_status status,
                              icecat_error *err)
{
    const ic_bounds *whole = search->need->bounds;

    if (status != ICECAT_E_DEADLINE || ic_bounds_now(whole) >= whole->deadline_ms)
        return status;
    return ic_fail(err, ICECAT_E_TIMEOUT, "no answer within %u ms", timeout_of(search, ask));
}

static icecat_status wait_until_done(const ic_bounds *bounds, ic_transport *transport,
                                     ic_exchange *exchange, icecat_error *err)
{
    for (;;) {
        uint64_t now = ic_bounds_now(bounds);
        icecat_status status = ic_bounds_check(bounds, now, err);

        if (status != ICECAT_OK) {
            transport->stop(transport, exchange);
            return status;
        }
        if (transport->wait(transport, ic_bounds_left(bounds, now, WAIT_MS)) != exchange)
            continue;
        if (exchange->status != ICECAT_OK && err != NULL)
            *err = exchange->error;
        return exchange->status;
    }
}

static ic_transport_settings settings_of(const ic_search *search, const ic_ask *ask)
{
    const ic_chain *chain = search->chain;
    ic_transport_settings settings = { 0 };

    settings.ca_bundle = chain->ca_bundle != NULL ? chain->ca_bundle
                                                  : ic_search_setting(search, "ca_bundle");
    settings.proxy = chain->proxy;
    settings.no_proxy = chain->no_proxy;
    settings.proxy_ca_bundle = chain->proxy_ca_bundle != NULL ? chain->proxy_ca_bundle
                                                              : settings.ca_bundle;
    settings.connect_timeout_ms = ask->timeout_ms != 0 ? ask->timeout_ms
                                                       : chain->connect_timeout_ms;
    settings.stall_timeout_ms = timeout_of(search, ask);
    settings.max_connections = 1;
    settings.is_direct = ask->is_metadata;
    return settings;
}

static icecat_status send_once(const ic_search *search, const ic_ask *ask, ic_response *answer,
                               icecat_error *err)
{
    const ic_chain *chain = search->chain;
    ic_transport_settings settings = settings_of(search, ask);
    ic_transport *transport;
    ic_bounds bounds = bounds_of(search, ask);
    ic_exchange exchange = { 0 };
    icecat_status status;

    /* Its memory is taken at once: growing would leave copies of keys behind. */
    ic_response_init(answer, &chain->mem, IC_ANSWER_MAX);
    if (ic_buf_reserve(&answer->body, IC_ANSWER_MAX - 1) != ICECAT_OK)
        return ic_fail_memory(err, "an answer");
    transport = chain->make_transport(&chain->mem, &settings, chain->maker_userdata);
    if (transport == NULL)
        return ic_fail_memory(err, "a transfer");
    exchange.method = ask->method;
    exchange.url = ask->url;
    exchange.headers = ask->headers;
    exchange.body = ask->body;
    exchange.body_len = ask->body_len;
    exchange.bounds = &bounds;
    exchange.response = answer;
    status = transport->start(transport, &exchange, err);
    if (status == ICECAT_OK)
        status = wait_until_done(&bounds, transport, &exchange, err);
    transport->free(transport);
    return tell_end(search, ask, status, err);
}

static int may_try_again(icecat_status status, const ic_response *answer)
{
    if (status != ICECAT_OK)
        return icecat_status_is_retryable(status);
    return answer->http_status == 429 || answer->http_status >= 500;
}

icecat_status ic_ask_send(const ic_search *search, const ic_ask *ask, ic_response *answer,
                          icecat_error *err)
{
    icecat_status status;

    for (unsigned tried = 1;; tried++) {
        status = send_once(search, ask, answer, err);
        if (tried >= ask->tries || !may_try_again(status, answer))
            break;
        ic_answer_free(answer);
        status = ic_bounds_sleep(search->need->bounds, search->chain->pause_ms, err);
        if (status != ICECAT_OK)
            break;
        ic_error_clear(err);
    }
    if (status != ICECAT_OK && status != ICECAT_E_CANCELLED && status != ICECAT_E_DEADLINE)
        ic_error_prefix(err, "%s", ask->who);
    return status;
}
