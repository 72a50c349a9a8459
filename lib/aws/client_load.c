/*
 * client_load.c - from options, environment and profile to a client that can be used.
 */
#include "aws/client.h"
#include "aws/credentials.h"
#include "aws/global.h"
#include "aws/retry.h"
#include "base/error.h"

#include <icecat/version.h>
#include <string.h>

#define MAX_CONNECTIONS 256
#define MAX_ATTEMPTS    100
#define MAX_TIMEOUT_MS  86400000 /* a day */
#define MAX_AGENT       400      /* bytes of the embedder's part */

static icecat_status check_options(const icecat_client_options *options, icecat_error *err)
{
    const icecat_clock *clock = options->clock;
    const char *what = NULL;

    if (options->addressing > ICECAT_ADDRESSING_VIRTUAL)
        what = "addressing";
    else if (options->use_fips_endpoint > ICECAT_SWITCH_OFF)
        what = "use_fips_endpoint";
    else if (options->use_dualstack_endpoint > ICECAT_SWITCH_OFF)
        what = "use_dualstack_endpoint";
    else if (options->ignore_configured_endpoint_urls > ICECAT_SWITCH_OFF)
        what = "ignore_configured_endpoint_urls";
    else if (options->request_checksum_calculation > ICECAT_CHECKSUM_WHEN_REQUIRED)
        what = "request_checksum_calculation";
    if (what != NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is none of its values", what);
    if (clock != NULL && (clock->unix_s == NULL || clock->monotonic_ms == NULL))
        return ic_fail(err, ICECAT_E_ARGUMENT, "clock needs both unix_s and monotonic_ms");
    if (options->transport != NULL && options->transport->perform == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "transport needs perform");
    return ICECAT_OK;
}

static void load_plain(icecat_client *client, const icecat_client_options *options)
{
    client->log.fn = options->log;
    client->log.userdata = options->log_userdata;
    client->log.level = options->log_level != 0 ? options->log_level : ICECAT_LOG_INFO;
    client->clock = options->clock != NULL ? *options->clock : ic_clock_system;
    client->random = options->random;
    client->random_userdata = options->random_userdata;
    if (options->transport != NULL)
        client->perform = *options->transport;
    client->retry_tokens = IC_RETRY_TOKENS;
}

static icecat_status load_region(icecat_client *client, icecat_error *err)
{
    const char *region = ic_settings_text(client->settings, IC_SETTING_REGION);

    if (region == NULL)
        return ic_fail(err, ICECAT_E_CONFIG,
                       "no region: set AWS_REGION, e.g. to eu-west-1, or region in profile %.80s",
                       ic_settings_text(client->settings, IC_SETTING_PROFILE));
    if (!ic_region_is_valid(region))
        return ic_fail(err, ICECAT_E_CONFIG, "\"%.80s\" (%.200s) is not a region like eu-west-1",
                       region, icecat_settings_origin(client->settings, "region"));
    client->region = region;
    return ICECAT_OK;
}

static icecat_status read_switch(const icecat_client *client, ic_setting id, int *out,
                                 icecat_error *err)
{
    unsigned word;
    icecat_status status = ic_settings_word(client->settings, id, "true false", &word, err);

    *out = word == 1;
    return status;
}

static icecat_status load_endpoints(icecat_client *client, icecat_error *err)
{
    icecat_status status = read_switch(client, IC_SETTING_FIPS, &client->traits.fips, err);

    if (status == ICECAT_OK)
        status = read_switch(client, IC_SETTING_DUALSTACK, &client->traits.dualstack, err);
    for (int i = 0; i < IC_SERVICE_COUNT && status == ICECAT_OK; i++) {
        ic_setting id = (ic_setting)((int)IC_SETTING_ENDPOINT_S3 + i);

        status = ic_endpoint_make(&client->mem, (ic_service)i, client->region, client->traits,
                                  ic_settings_text(client->settings, id), &client->endpoints[i],
                                  err);
    }
    return status;
}

/* The modes differ in what they do before November 2026; see docs/configuration.md. */
static icecat_status load_retry(icecat_client *client, icecat_error *err)
{
    const icecat_settings *settings = client->settings;
    uint32_t attempts;
    unsigned mode;
    icecat_status status = ic_settings_word(settings, IC_SETTING_RETRY_MODE,
                                            "standard adaptive legacy", &mode, err);

    if (status == ICECAT_OK)
        status = ic_settings_number(settings, IC_SETTING_MAX_ATTEMPTS, MAX_ATTEMPTS, &attempts,
                                    err);
    if (status != ICECAT_OK)
        return status;
    client->max_attempts = attempts;
    if (mode > 1)
        ic_log_write(&client->log, ICECAT_LOG_INFO, "retry", "retry_mode %s is taken as standard",
                     ic_settings_text(settings, IC_SETTING_RETRY_MODE));
    return ICECAT_OK;
}

static icecat_status load_s3(icecat_client *client, icecat_error *err)
{
    static const uint32_t styles[] = { ICECAT_ADDRESSING_AUTO, ICECAT_ADDRESSING_PATH,
                                       ICECAT_ADDRESSING_VIRTUAL, ICECAT_ADDRESSING_AUTO };
    unsigned style;
    unsigned checksum;
    icecat_status status = ic_settings_word(client->settings, IC_SETTING_ADDRESSING,
                                            "path virtual auto", &style, err);

    if (status == ICECAT_OK)
        status = ic_settings_word(client->settings, IC_SETTING_CHECKSUM,
                                  "when_supported when_required", &checksum, err);
    if (status != ICECAT_OK)
        return status;
    client->addressing = styles[style];
    client->sends_checksums = checksum == 1;
    return ICECAT_OK;
}

static icecat_status load_transport(icecat_client *client, icecat_error *err)
{
    const icecat_settings *settings = client->settings;
    ic_transport_settings *own = &client->transport_settings;
    icecat_status status = ic_settings_number(settings, IC_SETTING_MAX_CONNECTIONS, MAX_CONNECTIONS,
                                              &own->max_connections, err);

    if (status == ICECAT_OK)
        status = ic_settings_number(settings, IC_SETTING_CONNECT_TIMEOUT, MAX_TIMEOUT_MS,
                                    &own->connect_timeout_ms, err);
    if (status == ICECAT_OK)
        status = ic_settings_number(settings, IC_SETTING_STALL_TIMEOUT, MAX_TIMEOUT_MS,
                                    &own->stall_timeout_ms, err);
    own->ca_bundle = ic_settings_text(settings, IC_SETTING_CA_BUNDLE);
    own->proxy_ca_bundle = ic_settings_text(settings, IC_SETTING_PROXY_CA_BUNDLE);
    if (own->proxy_ca_bundle == NULL)
        own->proxy_ca_bundle = own->ca_bundle;
    /* libcurl reads the variables itself, by its rules for each kind of address. */
    if (ic_settings_source(settings, IC_SETTING_PROXY) == IC_SETTING_FROM_OPTION)
        own->proxy = ic_settings_text(settings, IC_SETTING_PROXY);
    if (ic_settings_source(settings, IC_SETTING_NO_PROXY) == IC_SETTING_FROM_OPTION)
        own->no_proxy = ic_settings_text(settings, IC_SETTING_NO_PROXY);
    return status;
}

static icecat_status load_user_agent(icecat_client *client, const icecat_client_options *options,
                                     icecat_error *err)
{
    const char *extra = options->user_agent != NULL ? options->user_agent : "";
    icecat_status status;
    ic_buf agent;

    if (strlen(extra) > MAX_AGENT)
        return ic_fail(err, ICECAT_E_ARGUMENT, "user_agent has %zu bytes; at most %d are allowed",
                       strlen(extra), MAX_AGENT);
    for (const char *c = extra; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f)
            return ic_fail(err, ICECAT_E_ARGUMENT, "user_agent may hold printable ASCII only");
    }
    ic_buf_init(&agent, &client->mem, 512);
    ic_buf_add_format(&agent, "libicecat/%s libcurl/%s%s%s", ICECAT_VERSION_STRING,
                      ic_global_curl_version(), extra[0] != '\0' ? " " : "", extra);
    status = ic_buf_check(&agent, "the user agent", err);
    if (status != ICECAT_OK)
        ic_buf_free(&agent);
    else
        client->user_agent = ic_buf_take(&agent, NULL);
    return status;
}

static icecat_status load_credentials(icecat_client *client, const icecat_client_options *options,
                                      icecat_error *err)
{
    icecat_credentials_options chain = ICECAT_CREDENTIALS_OPTIONS_INIT;

    if (options->credentials != NULL) {
        client->credentials = ic_credentials_retain(options->credentials);
        return ICECAT_OK;
    }
    chain.profile = options->profile;
    chain.region = client->region;
    chain.config_file = options->config_file;
    chain.credentials_file = options->credentials_file;
    chain.ca_bundle = ic_settings_text(client->settings, IC_SETTING_CA_BUNDLE);
    chain.proxy = client->transport_settings.proxy;
    chain.no_proxy = client->transport_settings.no_proxy;
    chain.proxy_ca_bundle = client->transport_settings.proxy_ca_bundle;
    chain.transport = options->transport;
    chain.allocator = options->allocator;
    chain.clock = options->clock;
    chain.log = options->log;
    chain.log_userdata = options->log_userdata;
    chain.log_level = options->log_level;
    return icecat_credentials_new_default(&chain, &client->credentials, err);
}

icecat_status ic_client_load(icecat_client *client, const icecat_client_options *options,
                             icecat_error *err)
{
    icecat_status status = check_options(options, err);

    if (status == ICECAT_OK)
        status = ic_global_retain(err);
    if (status != ICECAT_OK)
        return status;
    client->has_global = 1;
    load_plain(client, options);
    status = icecat_sigv4_cache_new(&client->mem, &client->signing_keys, err);
    if (status == ICECAT_OK)
        status = ic_settings_find(options, &client->settings, err);
    if (status == ICECAT_OK)
        status = load_region(client, err);
    if (status == ICECAT_OK)
        status = load_endpoints(client, err);
    if (status == ICECAT_OK)
        status = load_retry(client, err);
    if (status == ICECAT_OK)
        status = load_s3(client, err);
    if (status == ICECAT_OK)
        status = load_transport(client, err);
    if (status == ICECAT_OK)
        status = load_user_agent(client, options, err);
    return status == ICECAT_OK ? load_credentials(client, options, err) : status;
}
