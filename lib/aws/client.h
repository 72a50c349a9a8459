/*
 * client.h - what a client holds. Only lib/aws looks inside.
 */
#ifndef IC_CLIENT_H
#define IC_CLIENT_H

#include "aws/bucket_region.h"
#include "aws/endpoint.h"
#include "aws/settings.h"
#include "aws/transport.h"
#include "base/clock.h"
#include "base/log.h"
#include <icecat/client.h>
#include <icecat/sigv4.h>
#include <pthread.h>

struct icecat_client {
    ic_mem mem;
    ic_log log;
    ic_clock clock;
    icecat_random_fn random; /* NULL: libcrypto's */
    void *random_userdata;
    icecat_transport perform; /* its function is NULL: libcurl */
    icecat_settings *settings;
    const char *region; /* of the settings, as the texts of transport_settings */
    char *user_agent;   /* whole value of the header */
    icecat_credentials *credentials;
    ic_endpoint endpoints[IC_SERVICE_COUNT];
    ic_endpoint_traits traits;
    ic_transport_settings transport_settings;
    uint32_t addressing;
    unsigned max_attempts;            /* 0: the service's default */
    int sends_checksums;              /* with puts */
    icecat_sigv4_cache *signing_keys; /* has a lock of its own */
    int has_global;                   /* libcurl was initialised for this client */

    /* Everything below changes, under the lock. */
    pthread_mutex_t lock;
    ic_transport *idle_transports;
    unsigned retry_tokens;
    int64_t skew_s; /* AWS's time minus the clock's; see skew.h */
    int64_t seen_s; /* as skew_s, of the last answer, trusted or not */
    int has_seen;   /* there was one with a Date */
    ic_bucket_regions buckets;
};

/** client_load.c: fill a zeroed client whose memory and lock are set. */
icecat_status ic_client_load(icecat_client *client, const icecat_client_options *options,
                             icecat_error *err);

/** An idle transport of the pool, or a new one; NULL when out of memory. */
ic_transport *ic_client_take_transport(icecat_client *client);
void ic_client_give_transport(icecat_client *client, ic_transport *transport);

/** Take tokens for a retry; 0 when too few are left. */
int ic_client_take_tokens(icecat_client *client, unsigned tokens);
void ic_client_give_tokens(icecat_client *client, unsigned tokens);

/**
 * Learn from an answer that AWS gave at @p server_s to a request that was under way from @p sent_s to
 * @p answered_s of the client's clock. 1 when the correction changed.
 */
int ic_client_learn_time(icecat_client *client, int64_t sent_s, int64_t answered_s,
                         int64_t server_s);

/** Keep what the Date of any answer says, for icecat_client_clock_difference(). */
void ic_client_note_time(icecat_client *client, int64_t sent_s, int64_t answered_s,
                         int64_t server_s);

/** Region of a bucket as learned from a redirect, else the client's. @p out has IC_REGION_SIZE. */
void ic_client_bucket_region(icecat_client *client, const char *bucket, char *out);
void ic_client_learn_bucket(icecat_client *client, const char *bucket, const char *region);

#endif
