/*
 * fake_transport.h - answers of a script instead of a network, for tests of the engine.
 */
#ifndef FAKE_TRANSPORT_H
#define FAKE_TRANSPORT_H

#include "aws/client.h"

/** One scripted answer. http_status 0 means that the transport fails with @p failure. */
typedef struct fake_answer {
    int http_status;
    icecat_status failure;
    const char *headers; /* "name: value\nname: value" or NULL */
    const char *body;    /* or NULL */
} fake_answer;

typedef struct fake_transport {
    ic_transport base;
    const fake_answer *answers; /* used in order; the last one again and again */
    size_t answer_count;
    size_t started; /* exchanges begun */
    size_t stopped; /* exchanges given up */
    size_t most_in_flight;
    size_t queue_len;
    ic_exchange *queue[512];
    int hangs;               /* 1: nothing ever finishes */
    int is_slow;             /* 1: who looks without waiting sees no answer at the first look */
    int was_looked_at;       /* since the last exchange began */
    char authorization[512]; /* of the last exchange */
    char url[1024];
    /* Both may be NULL, are set after installing, and are given @p userdata. */
    void (*on_start)(const ic_exchange *exchange, void *userdata);
    const fake_answer *(*choose)(const ic_exchange *exchange,
                                 void *userdata); /* NULL: the script */
    void *userdata;
} fake_transport;

/** Put it into the client's pool, where the engine finds it. It must outlive the client. */
void fake_transport_install(fake_transport *fake, icecat_client *client, const fake_answer *answers,
                            size_t answer_count);

/** A client for tests: fixed keys, us-east-1, no environment. */
icecat_client *fake_client_new(const icecat_allocator *allocator, uint32_t max_attempts);

#endif
