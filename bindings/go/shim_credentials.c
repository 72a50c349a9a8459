/*
 * shim_credentials.c - sources of access keys.
 */
#include "shim_credentials.h"

#include "shim_hooks.h"

#include <string.h>

#define KEYS_ROOM 65536

static icecat_status give(goicecat_call *call, icecat_status status,
                          const icecat_credentials *source)
{
    call->frame->made = goicecat_address(source);
    return status;
}

void goicecat_read_keys(goicecat_call *call, icecat_credentials_keys *out)
{
    *out = (icecat_credentials_keys)ICECAT_CREDENTIALS_KEYS_INIT;
    out->access_key_id = goicecat_text(call);
    out->secret_access_key = goicecat_text(call);
    out->session_token = goicecat_text(call);
    out->expires_unix_s = (int64_t)goicecat_number(call);
}

GOICECAT_OPERATION(credentials_static)
{
    icecat_credentials_keys keys;
    icecat_credentials *source = NULL;
    icecat_status status;

    goicecat_read_keys(call, &keys);
    status = icecat_credentials_new_static(&keys, &source, goicecat_error_of(call));
    return give(call, status, source);
}

GOICECAT_OPERATION(credentials_environment)
{
    icecat_credentials *source = NULL;
    icecat_status status;

    status = icecat_credentials_new_environment(&source, goicecat_error_of(call));
    return give(call, status, source);
}

static void read_options(goicecat_call *call, goicecat_hooks *hooks,
                         icecat_credentials_options *out)
{
    *out = (icecat_credentials_options)ICECAT_CREDENTIALS_OPTIONS_INIT;
    goicecat_read_hooks(call, hooks);
    out->profile = goicecat_text(call);
    out->region = goicecat_text(call);
    out->config_file = goicecat_text(call);
    out->credentials_file = goicecat_text(call);
    out->ca_bundle = goicecat_text(call);
    out->proxy = goicecat_text(call);
    out->no_proxy = goicecat_text(call);
    out->proxy_ca_bundle = goicecat_text(call);
    out->connect_timeout_ms = goicecat_number32(call);
    out->request_timeout_ms = goicecat_number32(call);
    out->process_timeout_ms = goicecat_number32(call);
    out->transport = (hooks->has & GOICECAT_HAS_TRANSPORT) != 0 ? &hooks->transport : NULL;
    out->clock = (hooks->has & GOICECAT_HAS_CLOCK) != 0 ? &hooks->clock : NULL;
    out->log = (hooks->has & GOICECAT_HAS_LOG) != 0 ? goicecat_log : NULL;
    out->log_userdata = goicecat_pointer(hooks->handle);
    out->log_level = hooks->log_level;
}

GOICECAT_OPERATION(credentials_default)
{
    goicecat_hooks hooks;
    icecat_credentials_options options;
    icecat_credentials *source = NULL;
    icecat_status status;

    read_options(call, &hooks, &options);
    status = icecat_credentials_new_default(&options, &source, goicecat_error_of(call));
    return give(call, status, source);
}

/* Go writes the keys into memory of C, which is wiped. */
static int give_keys(icecat_credentials_receiver *receiver, void *userdata)
{
    unsigned char room[KEYS_ROOM];
    goicecat_call reader = { .at = room };
    icecat_credentials_keys keys;
    int64_t len = goicecat_ask(goicecat_address(userdata), GOICECAT_ON_KEYS, NULL, 0, room,
                               sizeof(room));
    icecat_status status = ICECAT_E_CALLBACK;

    if (len > 0) {
        reader.end = room + len;
        goicecat_read_keys(&reader, &keys);
        status = icecat_credentials_give(receiver, &keys);
    }
    explicit_bzero(room, sizeof(room));
    return status != ICECAT_OK;
}

static void free_keys(void *userdata)
{
    goicecat_ask(goicecat_address(userdata), GOICECAT_ON_FREE, NULL, 0, NULL, 0);
}

GOICECAT_OPERATION(credentials_callback)
{
    goicecat_hooks hooks;
    icecat_credentials_options options;
    icecat_credentials *source = NULL;
    icecat_status status;

    read_options(call, &hooks, &options);
    status = icecat_credentials_new_callback(give_keys, free_keys, goicecat_pointer(hooks.handle),
                                             &options, &source, goicecat_error_of(call));
    return give(call, status, source);
}

icecat_status goicecat_report(goicecat_call *call, const icecat_credentials *source)
{
    icecat_credentials_findings *findings = NULL;
    icecat_status status = icecat_credentials_report(source, &call->bounds, &findings,
                                                     goicecat_error_of(call));
    size_t count = icecat_credentials_findings_count(findings);

    goicecat_put_number(&call->reply, count);
    for (size_t i = 0; i < count; i++) {
        icecat_credentials_finding one = ICECAT_CREDENTIALS_FINDING_INIT;

        icecat_credentials_findings_at(findings, i, &one, NULL);
        goicecat_put_text(&call->reply, one.source);
        goicecat_put_text(&call->reply, one.reason);
        goicecat_put_text(&call->reply, one.access_key_id);
        goicecat_put_signed(&call->reply, one.expires_unix_s);
        goicecat_put_signed(&call->reply, one.outcome);
        goicecat_put_signed(&call->reply, one.status);
    }
    icecat_credentials_findings_free(findings);
    return status;
}

GOICECAT_OPERATION(credentials_report)
{
    return goicecat_report(call, goicecat_object(call));
}

GOICECAT_OPERATION(credentials_describe)
{
    goicecat_put_text(&call->reply, icecat_credentials_source(goicecat_object(call)));
    goicecat_put_text(&call->reply, icecat_credentials_access_key_id(goicecat_object(call)));
    return ICECAT_OK;
}

GOICECAT_OPERATION(credentials_free)
{
    icecat_credentials_free(goicecat_object(call));
    return ICECAT_OK;
}
