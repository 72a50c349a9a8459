/*
 * settings.c - the table of the settings, and reading what was found.
 */
#include "aws/settings.h"

#include "base/error.h"
#include "base/options.h"
#include "base/view.h"

#include <stddef.h>
#include <string.h>

#define FIELD(name) offsetof(icecat_client_options, name)

static const ic_setting_row rows[IC_SETTING_COUNT] = {
    [IC_SETTING_PROFILE] = { "profile", IC_SETTING_TEXT, FIELD(profile), NULL,
                             "AWS_PROFILE AWS_DEFAULT_PROFILE", NULL, NULL, "default" },
    [IC_SETTING_CONFIG_FILE] = { "config_file", IC_SETTING_TEXT, FIELD(config_file), NULL,
                                 "AWS_CONFIG_FILE", NULL, NULL, "~/.aws/config" },
    [IC_SETTING_CREDENTIALS_FILE] = { "credentials_file", IC_SETTING_TEXT, FIELD(credentials_file),
                                      NULL, "AWS_SHARED_CREDENTIALS_FILE", NULL, NULL,
                                      "~/.aws/credentials" },
    [IC_SETTING_REGION] = { "region", IC_SETTING_TEXT, FIELD(region), NULL,
                            "AWS_REGION AWS_DEFAULT_REGION", NULL, "region", NULL },
    [IC_SETTING_IGNORE_ENDPOINTS] = { "ignore_configured_endpoint_urls", IC_SETTING_WORD,
                                      FIELD(ignore_configured_endpoint_urls), "true false",
                                      "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", NULL,
                                      "ignore_configured_endpoint_urls", "false" },
    [IC_SETTING_ENDPOINT_S3] = { "endpoint_url_s3", IC_SETTING_ENDPOINT, FIELD(endpoint_url_s3),
                                 NULL, "AWS_ENDPOINT_URL_S3", "s3", "endpoint_url", NULL },
    [IC_SETTING_ENDPOINT_DYNAMODB] = { "endpoint_url_dynamodb", IC_SETTING_ENDPOINT,
                                       FIELD(endpoint_url_dynamodb), NULL,
                                       "AWS_ENDPOINT_URL_DYNAMODB", "dynamodb", "endpoint_url",
                                       NULL },
    [IC_SETTING_ENDPOINT_REKOGNITION] = { "endpoint_url_rekognition", IC_SETTING_ENDPOINT,
                                          FIELD(endpoint_url_rekognition), NULL,
                                          "AWS_ENDPOINT_URL_REKOGNITION", "rekognition",
                                          "endpoint_url", NULL },
    [IC_SETTING_ENDPOINT_SSM] = { "endpoint_url_ssm", IC_SETTING_ENDPOINT, FIELD(endpoint_url_ssm),
                                  NULL, "AWS_ENDPOINT_URL_SSM", "ssm", "endpoint_url", NULL },
    [IC_SETTING_FIPS] = { "use_fips_endpoint", IC_SETTING_WORD, FIELD(use_fips_endpoint),
                          "true false", "AWS_USE_FIPS_ENDPOINT", NULL, "use_fips_endpoint",
                          "false" },
    [IC_SETTING_DUALSTACK] = { "use_dualstack_endpoint", IC_SETTING_WORD,
                               FIELD(use_dualstack_endpoint), "true false",
                               "AWS_USE_DUALSTACK_ENDPOINT", NULL, "use_dualstack_endpoint",
                               "false" },
    [IC_SETTING_ADDRESSING] = { "s3_addressing_style", IC_SETTING_WORD, FIELD(addressing),
                                "path virtual", "", "s3", "addressing_style", "auto" },
    [IC_SETTING_CHECKSUM] = { "request_checksum_calculation", IC_SETTING_WORD,
                              FIELD(request_checksum_calculation), "when_supported when_required",
                              "AWS_REQUEST_CHECKSUM_CALCULATION", NULL,
                              "request_checksum_calculation", "when_supported" },
    [IC_SETTING_RETRY_MODE] = { "retry_mode", IC_SETTING_NO_FIELD, 0, NULL, "AWS_RETRY_MODE", NULL,
                                "retry_mode", "standard" },
    [IC_SETTING_MAX_ATTEMPTS] = { "max_attempts", IC_SETTING_NUMBER, FIELD(max_attempts), NULL,
                                  "AWS_MAX_ATTEMPTS", NULL, "max_attempts", NULL },
    [IC_SETTING_MAX_CONNECTIONS] = { "max_connections", IC_SETTING_NUMBER, FIELD(max_connections),
                                     NULL, "", NULL, NULL, "8" },
    [IC_SETTING_CONNECT_TIMEOUT] = { "connect_timeout_ms", IC_SETTING_NUMBER,
                                     FIELD(connect_timeout_ms), NULL, "", NULL, NULL, "10000" },
    [IC_SETTING_STALL_TIMEOUT] = { "stall_timeout_ms", IC_SETTING_NUMBER, FIELD(stall_timeout_ms),
                                   NULL, "", NULL, NULL, "60000" },
    [IC_SETTING_CA_BUNDLE] = { "ca_bundle", IC_SETTING_TEXT, FIELD(ca_bundle), NULL,
                               "AWS_CA_BUNDLE", NULL, "ca_bundle", NULL },
    /* Of https requests; libcurl itself reads the variables, and http_proxy for http requests. */
    [IC_SETTING_PROXY] = { "proxy", IC_SETTING_TEXT, FIELD(proxy), NULL,
                           "https_proxy HTTPS_PROXY all_proxy ALL_PROXY", NULL, NULL, NULL },
    [IC_SETTING_NO_PROXY] = { "no_proxy", IC_SETTING_TEXT, FIELD(no_proxy), NULL,
                              "no_proxy NO_PROXY", NULL, NULL, NULL },
    [IC_SETTING_PROXY_CA_BUNDLE] = { "proxy_ca_bundle", IC_SETTING_TEXT, FIELD(proxy_ca_bundle),
                                     NULL, "", NULL, NULL, NULL },
};

const ic_setting_row *ic_setting_row_of(ic_setting id)
{
    return &rows[id];
}

icecat_status icecat_settings_load(const icecat_client_options *options, icecat_settings **out,
                                   icecat_error *err)
{
    icecat_client_options own;
    icecat_status status;

    ic_error_clear(err);
    if (out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    *out = NULL;
    status = IC_OPTIONS_LOAD(&own, options, icecat_client_options, err);
    return status == ICECAT_OK ? ic_settings_find(&own, out, err) : status;
}

void icecat_settings_free(icecat_settings *settings)
{
    ic_mem mem;

    if (settings == NULL)
        return;
    mem = settings->mem;
    for (int i = 0; i < IC_SETTING_COUNT; i++) {
        ic_mem_free_secret_text(&mem, settings->values[i].text); /* a proxy's password */
        ic_mem_free(&mem, settings->values[i].origin);
    }
    ic_mem_free(&mem, settings);
}

const char *icecat_settings_name(size_t index)
{
    return index < IC_SETTING_COUNT ? rows[index].name : NULL;
}

/* IC_SETTING_COUNT when there is none. */
static int find(const icecat_settings *settings, const char *name)
{
    int at = 0;

    if (settings == NULL || name == NULL)
        return IC_SETTING_COUNT;
    while (at < IC_SETTING_COUNT && strcmp(rows[at].name, name) != 0)
        at++;
    return at;
}

const char *icecat_settings_get(const icecat_settings *settings, const char *name)
{
    int at = find(settings, name);

    return at != IC_SETTING_COUNT ? settings->values[at].text : NULL;
}

const char *icecat_settings_origin(const icecat_settings *settings, const char *name)
{
    int at = find(settings, name);

    if (at == IC_SETTING_COUNT)
        return NULL;
    return settings->values[at].text != NULL ? settings->values[at].origin : "not set";
}

const char *ic_settings_text(const icecat_settings *settings, ic_setting id)
{
    return settings->values[id].text;
}

ic_setting_source ic_settings_source(const icecat_settings *settings, ic_setting id)
{
    return settings->values[id].source;
}

icecat_status ic_settings_number(const icecat_settings *settings, ic_setting id, uint32_t max,
                                 uint32_t *out, icecat_error *err)
{
    const ic_setting_value *value = &settings->values[id];
    icecat_status status = value->source == IC_SETTING_FROM_OPTION ? ICECAT_E_ARGUMENT
                                                                   : ICECAT_E_CONFIG;
    uint64_t number;

    *out = 0;
    if (value->text == NULL)
        return ICECAT_OK;
    if (!ic_view_u64(ic_view_of(value->text), &number) || number == 0 || number > max)
        return ic_fail(err, status, "%s is \"%.40s\" (%s); 1 to %u are allowed", rows[id].name,
                       value->text, value->origin, max);
    *out = (uint32_t)number;
    return ICECAT_OK;
}

icecat_status ic_settings_word(const icecat_settings *settings, ic_setting id, const char *words,
                               unsigned *out, icecat_error *err)
{
    const ic_setting_value *value = &settings->values[id];
    ic_view rest = ic_view_of(words);
    ic_view word;

    *out = 0;
    if (value->text == NULL)
        return ICECAT_OK;
    for (unsigned at = 1; rest.data != NULL; at++) {
        rest = ic_view_split(rest, ' ', &word);
        if (ic_view_is_nocase(word, value->text)) {
            *out = at;
            return ICECAT_OK;
        }
    }
    return ic_fail(err, ICECAT_E_CONFIG, "%s is \"%.40s\" (%s); one of these is allowed: %s",
                   rows[id].name, value->text, value->origin, words);
}
