/*
 * client.h - what a client holds. Only lib/aws looks inside.
 */
#ifndef IC_CLIENT_H
#define IC_CLIENT_H

#include "aws/endpoint.h"
#include "aws/transport.h"
#include "base/log.h"
#include <icecat/client.h>
#include <icecat/sigv4.h>
#include <pthread.h>

struct icecat_client {
    ic_mem mem;
    ic_log log;
    char *region;
    char *ca_bundle;
    char *user_agent; /* whole value of the header */
    icecat_credentials *credentials;
    ic_endpoint endpoints[IC_SERVICE_COUNT];
    ic_transport_settings transport_settings;
    uint32_t addressing;
    unsigned max_attempts;            /* 0: the service's default */
    icecat_sigv4_cache *signing_keys; /* has a lock of its own */
    int has_global;                   /* libcurl was initialised for this client */

    /* Everything below changes, under the lock. */
    pthread_mutex_t lock;
    ic_transport *idle_transports;
    unsigned retry_tokens;
};

/** An idle transport of the pool, or a new one; NULL when out of memory. */
ic_transport *ic_client_take_transport(icecat_client *client);
void ic_client_give_transport(icecat_client *client, ic_transport *transport);

/** Take tokens for a retry; 0 when too few are left. */
int ic_client_take_tokens(icecat_client *client, unsigned tokens);
void ic_client_give_tokens(icecat_client *client, unsigned tokens);

#endif
