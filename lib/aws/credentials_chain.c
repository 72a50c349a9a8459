/*
 * credentials_chain.c - the default source: its settings, and the sources behind it.
 *
 * The source that gave keys first is asked again when they are about to expire; only when it has none
 * any more are all of them asked. That keeps a client with one identity.
 */
#include "aws/credentials_chain.h"

#include "aws/credentials_report.h"
#include "aws/credentials_walk.h"
#include "aws/global.h"
#include "base/error.h"
#include "base/options.h"

IC_NO_PADDING_AFTER(icecat_credentials_options, process_timeout_ms);

#define CONNECT_TIMEOUT_MS 5000
#define REQUEST_TIMEOUT_MS 15000
#define PROCESS_TIMEOUT_MS 60000
#define PAUSE_MS           1000

void icecat_credentials_options_init(icecat_credentials_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

static icecat_status fetch(void *self, const ic_need *need, ic_keys **out, icecat_error *err)
{
    ic_chain *chain = self;
    const ic_origin *origin = NULL;
    icecat_status status = ICECAT_E_NO_CREDENTIALS;

    if (chain->found != NULL)
        status = ic_chain_walk(chain, need, chain->found, NULL, out, &origin, err);
    if (status == ICECAT_E_NO_CREDENTIALS) {
        chain->found = NULL;
        status = ic_chain_walk(chain, need, NULL, NULL, out, &origin, err);
    }
    if (status != ICECAT_OK)
        return status;
    ic_error_clear(err);
    chain->found = origin;
    ic_log_write(&chain->log, ICECAT_LOG_INFO, "credentials", "keys %s from %s",
                 (*out)->access_key_id, origin->name);
    return ICECAT_OK;
}

/* A search that found nothing is a report all the same; one that was broken off is not. */
static icecat_status report(void *self, const ic_need *need, icecat_credentials_findings *findings,
                            icecat_error *err)
{
    const ic_origin *origin;
    ic_keys *keys;
    icecat_status status = ic_chain_walk(self, need, NULL, findings, &keys, &origin, err);

    ic_keys_release(keys);
    return status == ICECAT_E_CANCELLED || status == ICECAT_E_DEADLINE ||
                   status == ICECAT_E_NO_MEMORY
               ? status
               : ICECAT_OK;
}

static void free_chain(void *self)
{
    ic_chain *chain = self;
    ic_mem mem = chain->mem;

    ic_mem_free(&mem, chain->profile);
    ic_mem_free(&mem, chain->region);
    ic_mem_free(&mem, chain->config_file);
    ic_mem_free(&mem, chain->credentials_file);
    ic_mem_free(&mem, chain->ca_bundle);
    ic_mem_free_secret_text(&mem, chain->proxy); /* may hold a password */
    ic_mem_free(&mem, chain->no_proxy);
    ic_mem_free(&mem, chain->proxy_ca_bundle);
    if (chain->has_global)
        ic_global_release();
    ic_mem_free(&mem, chain);
}

static ic_transport *make_usual(const ic_mem *mem, const ic_transport_settings *settings,
                                void *userdata)
{
    const ic_chain *chain = userdata;

    return chain->transport.perform != NULL ? ic_transport_perform_new(mem, &chain->transport)
                                            : ic_transport_curl_new(mem, settings);
}

/* An empty text is as good as none. 0 when out of memory. */
static int copy_text(const ic_mem *mem, char **out, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return 1;
    *out = ic_mem_dup(mem, text);
    return *out != NULL;
}

static uint32_t or_usual(uint32_t given, uint32_t usual)
{
    return given != 0 ? given : usual;
}

static icecat_status fill(ic_chain *chain, const icecat_credentials_options *options,
                          icecat_error *err)
{
    const char *ca_bundle = options->ca_bundle != NULL && options->ca_bundle[0] != '\0'
                                ? options->ca_bundle
                                : ic_variable("AWS_CA_BUNDLE");
    icecat_status status = ic_global_retain(err);

    if (status != ICECAT_OK)
        return status;
    chain->has_global = 1;
    chain->connect_timeout_ms = or_usual(options->connect_timeout_ms, CONNECT_TIMEOUT_MS);
    chain->request_timeout_ms = or_usual(options->request_timeout_ms, REQUEST_TIMEOUT_MS);
    chain->process_timeout_ms = or_usual(options->process_timeout_ms, PROCESS_TIMEOUT_MS);
    if (!copy_text(&chain->mem, &chain->profile, options->profile) ||
        !copy_text(&chain->mem, &chain->region, options->region) ||
        !copy_text(&chain->mem, &chain->config_file, options->config_file) ||
        !copy_text(&chain->mem, &chain->credentials_file, options->credentials_file) ||
        !copy_text(&chain->mem, &chain->ca_bundle, ca_bundle) ||
        !copy_text(&chain->mem, &chain->proxy, options->proxy) ||
        !copy_text(&chain->mem, &chain->no_proxy, options->no_proxy) ||
        !copy_text(&chain->mem, &chain->proxy_ca_bundle, options->proxy_ca_bundle))
        return ic_fail_memory(err, "the settings of credentials");
    return ICECAT_OK;
}

icecat_status ic_credentials_new_chain(const icecat_credentials_options *options,
                                       ic_transport_maker maker, void *maker_userdata,
                                       uint32_t pause_ms, icecat_credentials **out,
                                       icecat_error *err)
{
    static const ic_fetcher fetcher = { fetch, report, free_chain };
    const ic_mem *mem = options->allocator != NULL ? options->allocator : &ic_mem_default;
    ic_chain *chain = ic_mem_zalloc(mem, sizeof(*chain));
    icecat_status status;

    if (chain == NULL)
        return ic_fail_memory(err, "credentials");
    chain->mem = *mem;
    chain->make_transport = maker != NULL ? maker : make_usual;
    chain->maker_userdata = maker != NULL ? maker_userdata : chain;
    if (options->transport != NULL)
        chain->transport = *options->transport;
    chain->pause_ms = pause_ms;
    chain->log.fn = options->log;
    chain->log.userdata = options->log_userdata;
    chain->log.level = or_usual(options->log_level, ICECAT_LOG_INFO);
    status = fill(chain, options, err);
    if (status != ICECAT_OK) {
        free_chain(chain);
        return status;
    }
    return ic_credentials_make_fetching(mem, options->clock, &chain->log, "default", &fetcher,
                                        chain, out, err);
}

icecat_status ic_credentials_options_load(icecat_credentials_options *own,
                                          const icecat_credentials_options *options,
                                          icecat_error *err)
{
    icecat_status status = IC_OPTIONS_LOAD(own, options, icecat_credentials_options, err);

    if (status != ICECAT_OK)
        return status;
    if (own->clock != NULL && (own->clock->unix_s == NULL || own->clock->monotonic_ms == NULL))
        return ic_fail(err, ICECAT_E_ARGUMENT, "clock lacks a function");
    if (own->transport != NULL && own->transport->perform == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "transport lacks its function");
    return ic_mem_check(own->allocator, err);
}

icecat_status icecat_credentials_new_default(const icecat_credentials_options *options,
                                             icecat_credentials **out, icecat_error *err)
{
    icecat_credentials_options own;
    icecat_status status;

    ic_error_clear(err);
    if (out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    *out = NULL;
    status = ic_credentials_options_load(&own, options, err);
    if (status != ICECAT_OK)
        return status;
    return ic_credentials_new_chain(&own, NULL, NULL, PAUSE_MS, out, err);
}
