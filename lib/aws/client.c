/*
 * client.c - the settings that all calls share, and the pool of transports.
 */
#include "aws/client.h"

#include "aws/credentials.h"
#include "aws/engine.h"
#include "aws/global.h"
#include "aws/retry.h"
#include "base/error.h"
#include "base/options.h"
#include "base/view.h"

#include <icecat/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

IC_NO_PADDING_AFTER(icecat_client_options, stall_timeout_ms);

#define DEFAULT_CONNECTIONS        8
#define MAX_CONNECTIONS            256
#define MAX_ATTEMPTS               100
#define DEFAULT_CONNECT_TIMEOUT_MS 10000
#define DEFAULT_STALL_TIMEOUT_MS   60000

void icecat_client_options_init(icecat_client_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

/* An empty text or variable counts as unset. */
static const char *first_set(const char *given, const char *variable)
{
    const char *value = given;

    if (value == NULL || value[0] == '\0')
        value = getenv(variable);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static icecat_status check_numbers(const icecat_client_options *options, icecat_error *err)
{
    if (options->max_connections > MAX_CONNECTIONS)
        return ic_fail(err, ICECAT_E_ARGUMENT, "max_connections is %u; 1 to %d are allowed",
                       options->max_connections, MAX_CONNECTIONS);
    if (options->max_attempts > MAX_ATTEMPTS)
        return ic_fail(err, ICECAT_E_ARGUMENT, "max_attempts is %u; 1 to %d are allowed",
                       options->max_attempts, MAX_ATTEMPTS);
    if (options->addressing > ICECAT_ADDRESSING_VIRTUAL)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "addressing is %u; ICECAT_ADDRESSING_... are allowed", options->addressing);
    return ICECAT_OK;
}

static icecat_status load_attempts(icecat_client *client, const icecat_client_options *options,
                                   icecat_error *err)
{
    const char *text = first_set(NULL, "AWS_MAX_ATTEMPTS");
    uint64_t number;

    client->max_attempts = options->max_attempts;
    if (client->max_attempts != 0 || text == NULL)
        return ICECAT_OK;
    if (!ic_view_u64(ic_view_of(text), &number) || number == 0 || number > MAX_ATTEMPTS)
        return ic_fail(err, ICECAT_E_CONFIG, "AWS_MAX_ATTEMPTS is \"%.40s\"; 1 to %d are allowed",
                       text, MAX_ATTEMPTS);
    client->max_attempts = (unsigned)number;
    return ICECAT_OK;
}

static icecat_status load_region(icecat_client *client, const icecat_client_options *options,
                                 icecat_error *err)
{
    const char *region = first_set(options->region, "AWS_REGION");

    if (region == NULL)
        region = first_set(NULL, "AWS_DEFAULT_REGION");
    if (region == NULL)
        return ic_fail(err, ICECAT_E_CONFIG, "no region: set AWS_REGION, e.g. to eu-west-1");
    if (!ic_region_is_valid(region))
        return ic_fail(err, ICECAT_E_CONFIG, "\"%.80s\" is not a region like eu-west-1", region);
    client->region = ic_mem_dup(&client->mem, region);
    return client->region != NULL ? ICECAT_OK : ic_fail_memory(err, "the region");
}

static icecat_status load_endpoints(icecat_client *client, const icecat_client_options *options,
                                    icecat_error *err)
{
    const char *given[IC_SERVICE_COUNT] = { options->endpoint_url_s3,
                                            options->endpoint_url_dynamodb,
                                            options->endpoint_url_rekognition,
                                            options->endpoint_url_ssm };
    static const char *const variables[IC_SERVICE_COUNT] = { "AWS_ENDPOINT_URL_S3",
                                                             "AWS_ENDPOINT_URL_DYNAMODB",
                                                             "AWS_ENDPOINT_URL_REKOGNITION",
                                                             "AWS_ENDPOINT_URL_SSM" };
    icecat_status status = ICECAT_OK;

    for (int i = 0; i < IC_SERVICE_COUNT && status == ICECAT_OK; i++) {
        const char *url = given[i];

        /* Code wins over the environment, also when it names no service. */
        if (url == NULL || url[0] == '\0')
            url = options->endpoint_url;
        if (url == NULL || url[0] == '\0')
            url = first_set(NULL, variables[i]);
        if (url == NULL)
            url = first_set(NULL, "AWS_ENDPOINT_URL");
        status = ic_endpoint_make(&client->mem, (ic_service)i, client->region, url,
                                  &client->endpoints[i], err);
    }
    return status;
}

static icecat_status load_texts(icecat_client *client, const icecat_client_options *options,
                                icecat_error *err)
{
    const char *extra = options->user_agent != NULL ? options->user_agent : "";
    const char *ca_bundle = first_set(options->ca_bundle, "AWS_CA_BUNDLE");
    ic_buf agent;

    for (const char *c = extra; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f)
            return ic_fail(err, ICECAT_E_ARGUMENT, "user_agent may hold printable ASCII only");
    }
    ic_buf_init(&agent, &client->mem, 512);
    ic_buf_add_format(&agent, "libicecat/%s libcurl/%s%s%s", ICECAT_VERSION_STRING,
                      ic_global_curl_version(), extra[0] != '\0' ? " " : "", extra);
    if (ic_buf_check(&agent, "the user agent", err) != ICECAT_OK) {
        icecat_status status = ic_buf_status(&agent);

        ic_buf_free(&agent);
        return status;
    }
    client->user_agent = ic_buf_take(&agent, NULL);
    if (ca_bundle == NULL)
        return ICECAT_OK;
    client->ca_bundle = ic_mem_dup(&client->mem, ca_bundle);
    return client->ca_bundle != NULL ? ICECAT_OK : ic_fail_memory(err, "the CA bundle's path");
}

static icecat_status load_credentials(icecat_client *client, const icecat_client_options *options,
                                      icecat_error *err)
{
    if (options->credentials != NULL) {
        client->credentials = ic_credentials_retain(options->credentials);
        return ICECAT_OK;
    }
    return icecat_credentials_new_environment(&client->credentials, err);
}

static void load_plain(icecat_client *client, const icecat_client_options *options)
{
    ic_transport_settings *settings = &client->transport_settings;

    client->log.fn = options->log;
    client->log.userdata = options->log_userdata;
    client->log.level = options->log_level != 0 ? options->log_level : ICECAT_LOG_INFO;
    client->addressing = options->addressing;
    client->retry_tokens = IC_RETRY_TOKENS;
    settings->ca_bundle = client->ca_bundle;
    settings->connect_timeout_ms = options->connect_timeout_ms != 0 ? options->connect_timeout_ms
                                                                    : DEFAULT_CONNECT_TIMEOUT_MS;
    settings->stall_timeout_ms = options->stall_timeout_ms != 0 ? options->stall_timeout_ms
                                                                : DEFAULT_STALL_TIMEOUT_MS;
    settings->max_connections = options->max_connections != 0 ? options->max_connections
                                                              : DEFAULT_CONNECTIONS;
}

static icecat_status load_all(icecat_client *client, const icecat_client_options *options,
                              icecat_error *err)
{
    icecat_status status = ic_global_retain(err);

    if (status != ICECAT_OK)
        return status;
    client->has_global = 1;
    status = icecat_sigv4_cache_new(&client->mem, &client->signing_keys, err);
    if (status == ICECAT_OK)
        status = load_region(client, options, err);
    if (status == ICECAT_OK)
        status = load_endpoints(client, options, err);
    if (status == ICECAT_OK)
        status = load_attempts(client, options, err);
    if (status == ICECAT_OK)
        status = load_texts(client, options, err);
    if (status == ICECAT_OK)
        status = load_credentials(client, options, err);
    if (status == ICECAT_OK)
        load_plain(client, options);
    return status;
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
        status = check_numbers(&own, err);
    if (status != ICECAT_OK)
        return status;
    client = ic_mem_zalloc(own.allocator, sizeof(*client));
    if (client == NULL)
        return ic_fail_memory(err, "a client");
    client->mem = own.allocator != NULL ? *own.allocator : ic_mem_default;
    pthread_mutex_init(&client->lock, NULL);
    status = load_all(client, &own, err);
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
    ic_mem_free(&mem, client->region);
    ic_mem_free(&mem, client->ca_bundle);
    ic_mem_free(&mem, client->user_agent);
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

ic_transport *ic_client_take_transport(icecat_client *client)
{
    ic_transport *transport;

    pthread_mutex_lock(&client->lock);
    transport = client->idle_transports;
    if (transport != NULL)
        client->idle_transports = transport->next;
    pthread_mutex_unlock(&client->lock);
    return transport != NULL ? transport
                             : ic_transport_curl_new(&client->mem, &client->transport_settings);
}

void ic_client_give_transport(icecat_client *client, ic_transport *transport)
{
    pthread_mutex_lock(&client->lock);
    transport->next = client->idle_transports;
    client->idle_transports = transport;
    pthread_mutex_unlock(&client->lock);
}

int ic_client_take_tokens(icecat_client *client, unsigned tokens)
{
    int enough;

    pthread_mutex_lock(&client->lock);
    enough = client->retry_tokens >= tokens;
    if (enough)
        client->retry_tokens -= tokens;
    pthread_mutex_unlock(&client->lock);
    return enough;
}

void ic_client_give_tokens(icecat_client *client, unsigned tokens)
{
    pthread_mutex_lock(&client->lock);
    client->retry_tokens += tokens;
    if (client->retry_tokens > IC_RETRY_TOKENS)
        client->retry_tokens = IC_RETRY_TOKENS;
    pthread_mutex_unlock(&client->lock);
}
