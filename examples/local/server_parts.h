/*
 * server_parts.h - what server.c and exchange.c share. Nothing else includes it.
 */
#ifndef ICECAT_LOCAL_SERVER_PARTS_H
#define ICECAT_LOCAL_SERVER_PARTS_H

#include "server.h"
#include "server_request.h"

#include <event2/http.h>
#include <time.h>

struct server_exchange {
    server *server;
    struct evhttp_request *raw;
    http_request request;
    server_target target;
    http_answer answer; /* while the latency runs */
    unsigned delay_ms;  /* of this answer, besides the latency */
    exchange_end end;
    struct event *timer; /* NULL: the answer has not come yet */
    struct timespec began;
    server_exchange *next;
    server_exchange **link; /* what points here */
};

struct server {
    server_settings settings;
    struct event_base *base;
    struct evhttp *http;
    struct evhttp_bound_socket *bound;
    struct event *accept_again; /* every second */
    server_exchange *waiting;   /* without their answer, or with one that the latency holds back */
    unsigned port;
    int ending; /* 1: requests that still come are refused */
};

/* Put an exchange among those that wait. */
void exchange_link(server_exchange *one);
/* Send the answer, release both. */
void exchange_send(server_exchange *one, http_answer *answer);

#endif
