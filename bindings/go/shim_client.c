/*
 * shim_client.c - clients and the settings that they were made with.
 */
#include "shim_credentials.h"
#include "shim_hooks.h"

/* The names of region(), of endpoint() and so on are few; a bucket's region has at most 64 bytes. */
#define REGION_ROOM 64

static void read_options(goicecat_call *call, goicecat_hooks *hooks, icecat_client_options *out)
{
    *out = (icecat_client_options)ICECAT_CLIENT_OPTIONS_INIT;
    goicecat_read_hooks(call, hooks);
    out->region = goicecat_text(call);
    out->credentials = goicecat_pointer(goicecat_number(call));
    out->endpoint_url = goicecat_text(call);
    out->endpoint_url_s3 = goicecat_text(call);
    out->endpoint_url_dynamodb = goicecat_text(call);
    out->endpoint_url_rekognition = goicecat_text(call);
    out->endpoint_url_ssm = goicecat_text(call);
    out->ca_bundle = goicecat_text(call);
    out->user_agent = goicecat_text(call);
    out->addressing = goicecat_number32(call);
    out->max_attempts = goicecat_number32(call);
    out->max_connections = goicecat_number32(call);
    out->connect_timeout_ms = goicecat_number32(call);
    out->stall_timeout_ms = goicecat_number32(call);
    out->profile = goicecat_text(call);
    out->config_file = goicecat_text(call);
    out->credentials_file = goicecat_text(call);
    out->proxy = goicecat_text(call);
    out->no_proxy = goicecat_text(call);
    out->proxy_ca_bundle = goicecat_text(call);
    out->use_fips_endpoint = goicecat_number32(call);
    out->use_dualstack_endpoint = goicecat_number32(call);
    out->ignore_configured_endpoint_urls = goicecat_number32(call);
    out->request_checksum_calculation = goicecat_number32(call);
    out->log = (hooks->has & GOICECAT_HAS_LOG) != 0 ? goicecat_log : NULL;
    out->log_userdata = goicecat_pointer(hooks->handle);
    out->log_level = hooks->log_level;
    out->clock = (hooks->has & GOICECAT_HAS_CLOCK) != 0 ? &hooks->clock : NULL;
    out->random = (hooks->has & GOICECAT_HAS_RANDOM) != 0 ? goicecat_random : NULL;
    out->random_userdata = goicecat_pointer(hooks->handle);
    out->transport = (hooks->has & GOICECAT_HAS_TRANSPORT) != 0 ? &hooks->transport : NULL;
}

GOICECAT_OPERATION(client_new)
{
    goicecat_hooks hooks;
    icecat_client_options options;
    icecat_client *client = NULL;
    icecat_status status;

    read_options(call, &hooks, &options);
    status = icecat_client_new(&options, &client, goicecat_error_of(call));
    call->frame->made = goicecat_address(client);
    return status;
}

GOICECAT_OPERATION(client_free)
{
    icecat_client_free(goicecat_object(call));
    return ICECAT_OK;
}

/* The region for "", else the address of a service. */
GOICECAT_OPERATION(client_address)
{
    const char *service = goicecat_text(call);

    goicecat_put_text(&call->reply, service == NULL
                                        ? icecat_client_region(goicecat_object(call))
                                        : icecat_client_endpoint(goicecat_object(call), service));
    return ICECAT_OK;
}

GOICECAT_OPERATION(client_report)
{
    return goicecat_report(call, icecat_client_credentials(goicecat_object(call)));
}

GOICECAT_OPERATION(client_clock_difference)
{
    int64_t seconds = 0;
    int is_known = icecat_client_clock_difference(goicecat_object(call), &seconds);

    goicecat_put_number(&call->reply, (uint64_t)is_known);
    goicecat_put_signed(&call->reply, seconds);
    return ICECAT_OK;
}

GOICECAT_OPERATION(client_bucket_region)
{
    char region[REGION_ROOM] = "";
    icecat_status status = icecat_client_bucket_region(goicecat_object(call), goicecat_text(call),
                                                       region, sizeof(region));

    goicecat_put_text(&call->reply, region);
    return status;
}

static void put_settings(goicecat_writer *reply, const icecat_settings *settings)
{
    const char *name;

    for (size_t i = 0; (name = icecat_settings_name(i)) != NULL; i++) {
        goicecat_put_text(reply, name);
        goicecat_put_text(reply, icecat_settings_get(settings, name));
        goicecat_put_text(reply, icecat_settings_origin(settings, name));
    }
}

GOICECAT_OPERATION(client_settings)
{
    put_settings(&call->reply, icecat_client_settings(goicecat_object(call)));
    return ICECAT_OK;
}

GOICECAT_OPERATION(settings_load)
{
    goicecat_hooks hooks;
    icecat_client_options options;
    icecat_settings *settings = NULL;
    icecat_status status;

    read_options(call, &hooks, &options);
    status = icecat_settings_load(&options, &settings, goicecat_error_of(call));
    if (status == ICECAT_OK)
        put_settings(&call->reply, settings);
    icecat_settings_free(settings);
    return status;
}
