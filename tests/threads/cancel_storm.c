/*
 * cancel_storm.c - 32 threads share a client, while another thread fires their tokens at random, their
 * time ends at random, their keys end all the time, and the server misbehaves.
 *
 * For the thread sanitizer. Every call ends in one of the ways that it may end in, and soon; afterwards the
 * process has as many descriptors and threads as before.
 */
#include "process_state.h"
#include "tiny_client.h"
#include "tiny_server.h"

#include <icecat/icecat.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREADS 32
#define CALLS   100
#define SOON_MS 3000 /* a sanitizer and a busy machine; the promise is 100 ms */

typedef struct worker {
    pthread_t thread;
    unsigned random;
    icecat_client *client;
    pthread_mutex_t lock; /* of what the storm reads */
    icecat_cancel *token; /* of the call that runs; NULL between calls */
    uint64_t fired_ms;    /* 0: not yet */
} worker;

static worker workers[THREADS];
static atomic_uint ended[128]; /* calls, by status */
static atomic_uint late;
static atomic_uint log_lines;
static atomic_uint keys_given;
static atomic_int is_over;

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Each thread has its own; rand() is for one. */
static unsigned next_random(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 16;
}

static tiny_mood mood_of(unsigned number)
{
    static const tiny_mood moods[] = { TINY_GOOD, TINY_SLOW, TINY_GOOD,   TINY_BUSY, TINY_GOOD,
                                       TINY_SLOW, TINY_GOOD, TINY_SILENT, TINY_GOOD, TINY_RESET };

    return moods[number % (sizeof(moods) / sizeof(moods[0]))];
}

static void on_log(uint32_t level, const char *category, const char *message, void *userdata)
{
    (void)level;
    (void)category;
    (void)message;
    (void)userdata;
    atomic_fetch_add(&log_lines, 1);
}

/* Keys that last two seconds are fetched again all the time, by one of many threads. */
static int give_keys(icecat_credentials_receiver *receiver, void *userdata)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;

    (void)userdata;
    atomic_fetch_add(&keys_given, 1);
    keys.access_key_id = "ASIAEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    keys.session_token = "token";
    keys.expires_unix_s = (int64_t)time(NULL) + 2;
    return icecat_credentials_give(receiver, &keys) == ICECAT_OK ? 0 : 1;
}

static icecat_client *make_client(const char *url)
{
    icecat_credentials *credentials = NULL;
    icecat_client *client;

    if (icecat_credentials_new_callback(give_keys, NULL, NULL, NULL, &credentials, NULL) !=
        ICECAT_OK)
        exit(2);
    client = tiny_client_new(url, credentials, NULL, on_log);
    icecat_credentials_free(credentials);
    return client;
}

/* ---- workers ------------------------------------------------------------------------------ */

static icecat_status put(icecat_client *client, const icecat_call_options *call)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;

    options.call = call;
    return icecat_s3_put_object(client, "pets", "a", "x", 1, &options, NULL, NULL);
}

static icecat_status put_item(icecat_client *client, const icecat_call_options *call)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *item = icecat_item_new(NULL);
    icecat_status status;

    options.call = call;
    icecat_item_set_string(item, "a", "b", NULL);
    status = icecat_dynamodb_put_item(client, "table", item, &options, NULL, NULL);
    icecat_item_free(item);
    return status;
}

static void set_token(worker *w, icecat_cancel *token)
{
    pthread_mutex_lock(&w->lock);
    w->token = token;
    w->fired_ms = 0;
    pthread_mutex_unlock(&w->lock);
}

static uint64_t fired_at(worker *w)
{
    uint64_t at;

    pthread_mutex_lock(&w->lock);
    at = w->fired_ms;
    pthread_mutex_unlock(&w->lock);
    return at;
}

static void one_call(worker *w)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    unsigned chance = next_random(&w->random);
    uint64_t began = now_ms();
    uint64_t fired;
    icecat_status status;

    call.cancel = icecat_cancel_new();
    call.timeout_ms = chance % 3 == 0 ? 1 + chance % 50 : SOON_MS;
    set_token(w, call.cancel);
    status = chance % 2 == 0 ? put(w->client, &call) : put_item(w->client, &call);
    fired = fired_at(w);
    set_token(w, NULL);
    icecat_cancel_free(call.cancel);
    atomic_fetch_add(&ended[(unsigned)status % 128], 1);
    if (now_ms() - began > call.timeout_ms + SOON_MS || (fired != 0 && now_ms() - fired > SOON_MS))
        atomic_fetch_add(&late, 1);
}

static void *work(void *userdata)
{
    for (int i = 0; i < CALLS; i++)
        one_call(userdata);
    return NULL;
}

/* ---- the storm ---------------------------------------------------------------------------- */

static void *storm(void *userdata)
{
    const struct timespec pause = { 0, 1000000 };
    unsigned random = 7;

    (void)userdata;
    while (!atomic_load(&is_over)) {
        worker *w = &workers[next_random(&random) % THREADS];

        pthread_mutex_lock(&w->lock);
        if (w->token != NULL && w->fired_ms == 0) {
            w->fired_ms = now_ms();
            icecat_cancel_fire(w->token);
        }
        pthread_mutex_unlock(&w->lock);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void run(icecat_client *client)
{
    pthread_t of_storm;

    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].client = client;
        workers[i].random = i;
        pthread_mutex_init(&workers[i].lock, NULL);
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            abort();
    }
    if (pthread_create(&of_storm, NULL, storm, NULL) != 0)
        abort();
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    atomic_store(&is_over, 1);
    pthread_join(of_storm, NULL);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_mutex_destroy(&workers[i].lock);
}

/* ---- the verdict -------------------------------------------------------------------------- */

static unsigned of(icecat_status status)
{
    return atomic_load(&ended[(unsigned)status]);
}

static int check(void)
{
    /* A server that is busy, or resets the connection, and no time left for another attempt. */
    unsigned expected = of(ICECAT_OK) + of(ICECAT_E_CANCELLED) + of(ICECAT_E_DEADLINE) +
                        of(ICECAT_E_UNAVAILABLE) + of(ICECAT_E_TRANSFER) + of(ICECAT_E_CONNECT);

    printf("%u ok, %u cancelled, %u at their deadline, %u unavailable, %u broken; %u late; %u "
           "times keys\n",
           of(ICECAT_OK), of(ICECAT_E_CANCELLED), of(ICECAT_E_DEADLINE), of(ICECAT_E_UNAVAILABLE),
           of(ICECAT_E_TRANSFER) + of(ICECAT_E_CONNECT), atomic_load(&late),
           atomic_load(&keys_given));
    for (unsigned status = 0; status < 128 && expected != THREADS * CALLS; status++)
        fprintf(stderr, "%u calls: %s\n", atomic_load(&ended[status]),
                icecat_status_name((icecat_status)status));
    if (of(ICECAT_OK) == 0 || of(ICECAT_E_CANCELLED) == 0 || of(ICECAT_E_DEADLINE) == 0)
        fputs("this was no storm\n", stderr);
    return expected == THREADS * CALLS && of(ICECAT_OK) != 0 && of(ICECAT_E_CANCELLED) != 0 &&
           of(ICECAT_E_DEADLINE) != 0 && atomic_load(&late) == 0 && atomic_load(&log_lines) != 0 &&
           atomic_load(&keys_given) != 0;
}

int main(void)
{
    process_state before, after;
    tiny_server *server;
    icecat_client *client;
    int good;

    tiny_server_stop(
        tiny_server_start(1, mood_of)); /* a sanitizer starts its own thread with the first */
    process_state_take(&before);
    server = tiny_server_start(48, mood_of);
    client = make_client(tiny_server_url(server));
    run(client);
    icecat_client_free(client);
    tiny_server_stop(server);
    good = check();
    process_state_take(&after);
    return good && process_state_is_same(&before, &after) ? 0 : 1;
}
