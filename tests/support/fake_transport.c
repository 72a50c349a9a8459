/*
 * fake_transport.c - answers of a script instead of a network.
 */
#include "fake_transport.h"

#include "base/error.h"
#include "base/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static icecat_status fake_start(ic_transport *transport, ic_exchange *exchange, icecat_error *err)
{
    fake_transport *fake = (fake_transport *)transport;
    const char *authorization = ic_pairs_get(exchange->headers, "authorization");

    if (fake->queue_len == sizeof(fake->queue) / sizeof(fake->queue[0]))
        return ic_fail(err, ICECAT_E_INTERNAL, "the fake transport is full");
    snprintf(fake->url, sizeof(fake->url), "%s", exchange->url);
    snprintf(fake->authorization, sizeof(fake->authorization), "%s",
             authorization != NULL ? authorization : "");
    fake->queue[fake->queue_len++] = exchange;
    if (fake->queue_len > fake->most_in_flight)
        fake->most_in_flight = fake->queue_len;
    fake->started++;
    fake->was_looked_at = 0;
    if (fake->on_start != NULL)
        fake->on_start(exchange, fake->userdata);
    return ICECAT_OK;
}

static void fill_answer(ic_exchange *exchange, const fake_answer *answer)
{
    ic_view rest = ic_view_of(answer->headers);

    if (answer->http_status == 0) {
        exchange->status = ic_fail(&exchange->error, answer->failure, "scripted failure");
        return;
    }
    exchange->status = ICECAT_OK;
    exchange->response->http_status = answer->http_status;
    while (rest.len != 0) {
        ic_view line;
        ic_view name;
        ic_view value;

        rest = ic_view_split(rest, '\n', &line);
        value = ic_view_split(line, ':', &name);
        if (ic_pairs_add_view(&exchange->response->headers, name, ic_view_trim(value)) != ICECAT_OK)
            exchange->status = ic_fail_memory(&exchange->error, "a header");
    }
    if (answer->body != NULL &&
        ic_buf_add_text(&exchange->response->body, answer->body) == ICECAT_E_NO_MEMORY)
        exchange->status = ic_fail_memory(&exchange->error, "a body");
}

static const fake_answer *answer_of(const fake_transport *fake, const ic_exchange *exchange)
{
    size_t index = fake->started - fake->queue_len - 1;
    const fake_answer *chosen = fake->choose != NULL ? fake->choose(exchange, fake->userdata)
                                                     : NULL;

    if (chosen != NULL)
        return chosen;
    return &fake->answers[index < fake->answer_count ? index : fake->answer_count - 1];
}

static ic_exchange *fake_wait(ic_transport *transport, uint64_t timeout_ms)
{
    fake_transport *fake = (fake_transport *)transport;
    struct timespec nap = { 0, 1000000 };
    ic_exchange *exchange;

    if (fake->queue_len == 0 || fake->hangs) {
        if (timeout_ms != 0)
            nanosleep(&nap, NULL);
        return NULL;
    }
    if (fake->is_slow && timeout_ms == 0 && !fake->was_looked_at) {
        fake->was_looked_at = 1;
        return NULL;
    }
    exchange = fake->queue[0];
    memmove(fake->queue, fake->queue + 1, --fake->queue_len * sizeof(fake->queue[0]));
    fill_answer(exchange, answer_of(fake, exchange));
    return exchange;
}

static void fake_stop(ic_transport *transport, ic_exchange *exchange)
{
    fake_transport *fake = (fake_transport *)transport;

    for (size_t i = 0; i < fake->queue_len; i++) {
        if (fake->queue[i] != exchange)
            continue;
        memmove(fake->queue + i, fake->queue + i + 1,
                (fake->queue_len - i - 1) * sizeof(fake->queue[0]));
        fake->queue_len--;
        fake->stopped++;
        return;
    }
}

static uint64_t fake_sent(const ic_exchange *exchange)
{
    return exchange->body_len / 2;
}

static void fake_free(ic_transport *transport)
{
    (void)transport;
}

void fake_transport_install(fake_transport *fake, icecat_client *client, const fake_answer *answers,
                            size_t answer_count)
{
    memset(fake, 0, sizeof(*fake));
    fake->base.start = fake_start;
    fake->base.wait = fake_wait;
    fake->base.stop = fake_stop;
    fake->base.sent = fake_sent; /* one half of each body, always */
    fake->base.free = fake_free;
    fake->answers = answers;
    fake->answer_count = answer_count;
    ic_client_give_transport(client, &fake->base);
}

icecat_client *fake_client_new(const icecat_allocator *allocator, uint32_t max_attempts)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_credentials *credentials = NULL;
    icecat_client *client = NULL;

    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    if (icecat_credentials_new_static(&keys, &credentials, NULL) != ICECAT_OK)
        return NULL;
    options.region = "us-east-1";
    options.credentials = credentials;
    options.allocator = allocator;
    options.max_attempts = max_attempts;
    options.profile = "default";
    options.config_file = "/nonexistent/config";
    options.credentials_file = "/nonexistent/credentials";
    options.ignore_configured_endpoint_urls = ICECAT_SWITCH_ON;
    options.request_checksum_calculation = ICECAT_CHECKSUM_WHEN_SUPPORTED;
    icecat_client_new(&options, &client, NULL);
    icecat_credentials_free(credentials);
    return client;
}
