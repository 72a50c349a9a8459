/*
 * tiny_client.c - a client with nothing but what a test gives it.
 */
#include "tiny_client.h"

#include <stdio.h>
#include <stdlib.h>

static icecat_credentials *fixed_keys(void)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_credentials *credentials = NULL;

    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    if (icecat_credentials_new_static(&keys, &credentials, NULL) != ICECAT_OK)
        exit(2);
    return credentials;
}

icecat_client *tiny_client_new(const char *url, const icecat_credentials *credentials,
                               const char *ca_bundle, icecat_log_fn log)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_credentials *own = credentials == NULL ? fixed_keys() : NULL;
    icecat_client *client = NULL;
    icecat_error err;

    options.region = "eu-west-1";
    options.profile = "default";
    options.config_file = "/dev/null";
    options.credentials_file = "/dev/null";
    options.endpoint_url = url;
    options.ca_bundle = ca_bundle;
    options.credentials = credentials != NULL ? credentials : own;
    options.log = log;
    options.log_level = ICECAT_LOG_DEBUG;
    options.no_proxy = "*";
    if (icecat_client_new(&options, &client, &err) != ICECAT_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(2);
    }
    icecat_credentials_free(own);
    return client;
}
