/*
 * client_learn.c - what a client learns from its calls, shared by all threads that use it.
 */
#include "aws/client.h"
#include "aws/engine.h"
#include "aws/retry.h"
#include "aws/skew.h"

#include <stdio.h>

ic_transport *ic_client_take_transport(icecat_client *client)
{
    ic_transport *transport;

    pthread_mutex_lock(&client->lock);
    transport = client->idle_transports;
    if (transport != NULL)
        client->idle_transports = transport->next;
    pthread_mutex_unlock(&client->lock);
    if (transport != NULL)
        return transport;
    if (client->perform.perform != NULL)
        return ic_transport_perform_new(&client->mem, &client->perform);
    return ic_transport_curl_new(&client->mem, &client->transport_settings);
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

int64_t ic_client_signing_time(icecat_client *client)
{
    int64_t skew_s;

    pthread_mutex_lock(&client->lock);
    skew_s = client->skew_s;
    pthread_mutex_unlock(&client->lock);
    return ic_clock_unix_s(&client->clock) + skew_s;
}

void ic_client_note_time(icecat_client *client, int64_t sent_s, int64_t answered_s,
                         int64_t server_s)
{
    pthread_mutex_lock(&client->lock);
    client->seen_s = ic_skew_difference(sent_s, answered_s, server_s);
    client->has_seen = 1;
    pthread_mutex_unlock(&client->lock);
}

int icecat_client_clock_difference(icecat_client *client, int64_t *seconds)
{
    int has_seen;

    if (client == NULL || seconds == NULL)
        return 0;
    pthread_mutex_lock(&client->lock);
    has_seen = client->has_seen;
    *seconds = client->seen_s;
    pthread_mutex_unlock(&client->lock);
    return has_seen;
}

int ic_client_learn_time(icecat_client *client, int64_t sent_s, int64_t answered_s,
                         int64_t server_s)
{
    int64_t before;
    int64_t after;

    pthread_mutex_lock(&client->lock);
    before = client->skew_s;
    after = ic_skew_learn(before, sent_s, answered_s, server_s);
    client->skew_s = after;
    pthread_mutex_unlock(&client->lock);
    if (after == before)
        return 0;
    if (after == 0)
        ic_log_write(&client->log, ICECAT_LOG_INFO, "clock", "this machine's clock is right again");
    else
        ic_log_write(&client->log, ICECAT_LOG_WARN, "clock",
                     "this machine's clock is %lld seconds %s; signing with AWS's time",
                     (long long)(after > 0 ? after : -after), after > 0 ? "behind" : "ahead");
    return 1;
}

void ic_client_bucket_region(icecat_client *client, const char *bucket, char *out)
{
    const char *known = NULL;

    pthread_mutex_lock(&client->lock);
    if (bucket != NULL)
        known = ic_bucket_regions_get(&client->buckets, bucket);
    snprintf(out, IC_REGION_SIZE, "%s", known != NULL ? known : client->region);
    pthread_mutex_unlock(&client->lock);
}

icecat_status icecat_client_bucket_region(icecat_client *client, const char *bucket, char *out,
                                          size_t len)
{
    char region[IC_REGION_SIZE];
    int wrote;

    if (client == NULL || bucket == NULL || out == NULL)
        return ICECAT_E_ARGUMENT;
    ic_client_bucket_region(client, bucket, region);
    wrote = snprintf(out, len, "%s", region);
    return wrote >= 0 && (size_t)wrote < len ? ICECAT_OK : ICECAT_E_LIMIT;
}

void ic_client_learn_bucket(icecat_client *client, const char *bucket, const char *region)
{
    pthread_mutex_lock(&client->lock);
    ic_bucket_regions_put(&client->buckets, bucket, region);
    pthread_mutex_unlock(&client->lock);
    ic_log_write(&client->log, ICECAT_LOG_INFO, "region", "bucket %s is in region %s", bucket,
                 region);
}
