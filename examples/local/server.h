/*
 * server.h - HTTP/1.1 on this machine: requests come in as http_request, http_answer goes out.
 *
 * One thread, that of the event base, calls all of this. A request may be answered later than its
 * handler returns; others are served meanwhile.
 */
#ifndef ICECAT_LOCAL_SERVER_H
#define ICECAT_LOCAL_SERVER_H

#include "http.h"

#include <event2/event.h>

#define SERVER_MAX_BODY (64u * 1024u * 1024u) /* a longer body is refused with 413 */

typedef struct server server;
/* One request that waits for its answer. */
typedef struct server_exchange server_exchange;

typedef struct server_settings {
    const char *host;       /* an address of this machine */
    unsigned port;          /* 0: a free one */
    int64_t clock_offset_s; /* added to the time of every request and answer */
    unsigned latency_ms;    /* every answer waits so long */
    int verbose;            /* 1: one line for each answer to stderr, without queries and headers */
    void (*handle)(server_exchange *exchange, void *userdata);
    void *userdata;
} server_settings;

/* Listen. NULL with one sentence in @p why. The settings are copied, not the texts. */
server *server_start(struct event_base *base, const server_settings *settings, char *why,
                     size_t why_len);
/* The port that is listened on. */
unsigned server_port(const server *self);
/* Stop listening, send the answers that the latency held back, and close all connections. An
 * exchange without its answer gets 503. NULL is allowed. */
void server_stop(server *self);

/* Lives until the exchange is answered. */
const http_request *exchange_request(const server_exchange *self);
/* Let the answer wait, besides the latency of all answers. */
void exchange_delay(server_exchange *self, unsigned ms);
/* Which part of the answer reaches the client. */
typedef enum exchange_end {
    EXCHANGE_WHOLE,
    EXCHANGE_CUT,  /* half of the body, or nothing where there is none; then the connection ends */
    EXCHANGE_LOST, /* nothing: the connection ends */
} exchange_end;

/* Let only so much of the answer arrive, whatever has been done for it. */
void exchange_lose(server_exchange *self, exchange_end how);
/* Send the answer, once for each exchange. What @p answer holds is released. */
void exchange_answer(server_exchange *self, http_answer *answer);

/* End the connection without an answer, instead of exchange_answer(). */
void exchange_drop(server_exchange *self);

#endif
