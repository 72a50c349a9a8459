/*
 * credentials_chain.h - what the sources of the chain share: the settings, one search, and their list.
 *
 * A source is a function that looks once. Nothing is kept between two looks: files, variables and
 * tokens are read anew each time, as they are rotated by others.
 */
#ifndef IC_CREDENTIALS_CHAIN_H
#define IC_CREDENTIALS_CHAIN_H

#include "aws/credentials.h"
#include "aws/profile_file.h"
#include "aws/transport.h"

/** Makes a transport for one request; see ic_transport_curl_new(). */
typedef ic_transport *(*ic_transport_maker)(const ic_mem *mem,
                                            const ic_transport_settings *settings, void *userdata);

struct ic_origin;

/** Settings of a chain, each text NULL when it was not given. Read by any thread. */
typedef struct ic_chain {
    ic_mem mem;
    char *profile;
    char *region;
    char *config_file;
    char *credentials_file;
    char *ca_bundle;
    char *proxy;
    char *no_proxy;
    char *proxy_ca_bundle;
    icecat_transport transport; /* perform is NULL: libcurl */
    uint32_t connect_timeout_ms;
    uint32_t request_timeout_ms;
    uint32_t process_timeout_ms;
    uint32_t pause_ms; /* between tries of one request */
    ic_log log;
    ic_transport_maker make_transport;
    void *maker_userdata;
    int has_global;                /* libcurl was initialised for this chain */
    const struct ic_origin *found; /* gave keys before; only the fetching thread looks at it */
} ic_chain;

/** One look for keys. */
typedef struct ic_search {
    const ic_chain *chain;
    const ic_need *need;
    const ic_profiles *profiles;
    const char *profile;   /* the profile to look in */
    int ignores_variables; /* keys and tokens of the environment do not count here */
} ic_search;

/**
 * Look in one place. ICECAT_E_NO_CREDENTIALS, with a short reason, when it is not set up: the next one
 * is tried. Any other failure ends the search.
 */
typedef icecat_status (*ic_origin_fetch)(const ic_search *search, ic_keys **out, icecat_error *err);

typedef struct ic_origin {
    const char *name; /* of messages and reports */
    ic_origin_fetch fetch;
} ic_origin;

/** All sources, in botocore's order; ends with name NULL. */
extern const ic_origin ic_origins[];

icecat_status ic_fetch_environment(const ic_search *search, ic_keys **out, icecat_error *err);
icecat_status ic_fetch_assume_role(const ic_search *search, ic_keys **out, icecat_error *err);
icecat_status ic_fetch_web_identity(const ic_search *search, ic_keys **out, icecat_error *err);
icecat_status ic_fetch_sso(const ic_search *search, ic_keys **out, icecat_error *err);
icecat_status ic_fetch_credentials_file(const ic_search *search, ic_keys **out, icecat_error *err);
icecat_status ic_fetch_login(const ic_search *search, ic_keys **out, icecat_error *err);
icecat_status ic_fetch_process(const ic_search *search, ic_keys **out, icecat_error *err);
icecat_status ic_fetch_config_file(const ic_search *search, ic_keys **out, icecat_error *err);
icecat_status ic_fetch_container(const ic_search *search, ic_keys **out, icecat_error *err);
icecat_status ic_fetch_imds(const ic_search *search, ic_keys **out, icecat_error *err);

/** As icecat_credentials_new_default(), with the transports of @p maker unless it is NULL. */
icecat_status ic_credentials_new_chain(const icecat_credentials_options *options,
                                       ic_transport_maker maker, void *maker_userdata,
                                       uint32_t pause_ms, icecat_credentials **out,
                                       icecat_error *err);

/** Load and check; see ic_options_load(). */
icecat_status ic_credentials_options_load(icecat_credentials_options *own,
                                          const icecat_credentials_options *options,
                                          icecat_error *err);

/* What several sources need. */

/** Value of a variable; NULL when it is unset or empty. */
const char *ic_variable(const char *name);
/** 1 when a variable is "true", case ignored. */
int ic_variable_is_true(const char *name);
/** Setting of the profile that is looked in; NULL when it is absent or empty. */
const char *ic_search_setting(const ic_search *search, const char *key);
/** 1 when the profile has a setting of this name. */
int ic_search_has(const ic_search *search, const char *key);
/** Region for requests to STS. */
const char *ic_search_region(const ic_search *search);
/**
 * Base URL of a service for credentials: AWS_ENDPOINT_URL_<VARIABLE>, AWS_ENDPOINT_URL, the profile's
 * services section, its endpoint_url, else https://HOST.REGION.amazonaws.com.
 */
icecat_status ic_search_endpoint(const ic_search *search, const char *id, const char *variable,
                                 const char *host, const char *region, ic_buf *out,
                                 icecat_error *err);

#endif
