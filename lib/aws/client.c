/*
 * client.c - make a client, ask it what it is, and free it.
 */
#include "aws/client.h"

#include "aws/credentials.h"
#include "aws/engine.h"
#include "aws/global.h"
#include "base/error.h"
#include "base/options.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_client_options, request_checksum_calculation);

void icecat_client_options_init(icecat_client_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

icecat_status icecat_client_new(const icecat_client_options *options, icecat_client **out,
                                icecat_error *err)
{
    icecat_client_options own;
    icecat_client *client;
    icecat_status status;

    ic_error_clear(err);
    if (out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    *out = NULL;
    status = IC_OPTIONS_LOAD(&own, options, icecat_client_options, err);
    if (status == ICECAT_OK)
        status = ic_mem_check(own.allocator, err);
    if (status != ICECAT_OK)
        return status;
    client = ic_mem_zalloc(own.allocator, sizeof(*client));
    if (client == NULL)
        return ic_fail_memory(err, "a client");
    client->mem = own.allocator != NULL ? *own.allocator : ic_mem_default;
    pthread_mutex_init(&client->lock, NULL);
    status = ic_client_load(client, &own, err);
    if (status != ICECAT_OK) {
        icecat_client_free(client);
        return status;
    }
    *out = client;
    return ICECAT_OK;
}

void icecat_client_free(icecat_client *client)
{
    ic_mem mem;

    if (client == NULL)
        return;
    mem = client->mem;
    while (client->idle_transports != NULL) {
        ic_transport *transport = client->idle_transports;

        client->idle_transports = transport->next;
        transport->free(transport);
    }
    for (int i = 0; i < IC_SERVICE_COUNT; i++)
        ic_mem_free(&mem, client->endpoints[i].base);
    ic_mem_free(&mem, client->user_agent);
    icecat_settings_free(client->settings);
    icecat_credentials_free(client->credentials);
    icecat_sigv4_cache_free(client->signing_keys);
    pthread_mutex_destroy(&client->lock);
    if (client->has_global)
        ic_global_release();
    ic_mem_free(&mem, client);
}

const char *icecat_client_region(const icecat_client *client)
{
    return client != NULL ? client->region : NULL;
}

const char *icecat_client_endpoint(const icecat_client *client, const char *service)
{
    for (int i = 0; client != NULL && service != NULL && i < IC_SERVICE_COUNT; i++) {
        if (strcmp(service, ic_service_name((ic_service)i)) == 0)
            return client->endpoints[i].base;
    }
    return NULL;
}

const icecat_credentials *icecat_client_credentials(const icecat_client *client)
{
    return client != NULL ? client->credentials : NULL;
}

const icecat_settings *icecat_client_settings(const icecat_client *client)
{
    return client != NULL ? client->settings : NULL;
}

const ic_mem *ic_client_mem(const icecat_client *client)
{
    return &client->mem;
}

unsigned ic_client_max_connections(const icecat_client *client)
{
    return client->transport_settings.max_connections;
}

const ic_log *ic_client_log(const icecat_client *client)
{
    return &client->log;
}

const ic_clock *ic_client_clock(const icecat_client *client)
{
    return &client->clock;
}

int ic_client_random(const icecat_client *client, void *out, size_t len)
{
    if (client->random != NULL)
        return client->random(out, len, client->random_userdata) == 0;
    return ic_random_bytes(out, len);
}
