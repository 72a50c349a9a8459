/*
 * exchange.c - from http_answer to libevent's evhttp: headers, body, latency, log.
 *
 * A client that goes away while its request is worked on does no harm: evhttp_send_reply() then
 * releases the request and sends nothing.
 */
#include "dates.h"
#include "server_parts.h"

#include <event2/buffer.h>
#include <icecat/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void exchange_link(server_exchange *one)
{
    server *self = one->server;

    one->next = self->waiting;
    one->link = &self->waiting;
    if (one->next != NULL)
        one->next->link = &one->next;
    self->waiting = one;
}

static void unlink_exchange(server_exchange *one)
{
    *one->link = one->next;
    if (one->next != NULL)
        one->next->link = one->link;
}

static void write_log(const server_exchange *one, const http_answer *answer)
{
    const char *target = http_request_header(&one->request, "x-amz-target");
    struct timespec now;
    char subject[512];
    long long us;

    if (!one->server->settings.verbose)
        return;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    us = (long long)(now.tv_sec - one->began.tv_sec) * 1000000 +
         (now.tv_nsec - one->began.tv_nsec) / 1000;
    /* The query stays out: a presigned one holds a signature. */
    server_copy_printable(subject, sizeof(subject), target == NULL ? one->request.path : target);
    (void)fprintf(stderr, "%s %s %d in=%zu out=%zu ms=%lld.%01lld id=%s\n", one->request.method,
                  subject, answer->status, one->request.body_len, answer->body_len, us / 1000,
                  us % 1000 / 100, one->request.request_id);
}

static void add_common_headers(struct evkeyvalq *headers, const server_exchange *one)
{
    char date[DATES_SIZE];

    /* The date has the clock offset too: clients correct their clock by it. */
    dates_http((int64_t)time(NULL) + one->server->settings.clock_offset_s, date);
    (void)evhttp_add_header(headers, "Date", date);
    (void)evhttp_add_header(headers, "Server", "icecat-local/" ICECAT_VERSION_STRING);
}

static void free_body(const void *data, size_t len, void *extra)
{
    (void)data;
    (void)len;
    free(extra);
}

/* The body moves into the buffer without a copy. */
static struct evbuffer *body_buffer(http_answer *answer)
{
    struct evbuffer *buffer = evbuffer_new();

    if (buffer == NULL)
        return NULL;
    if (answer->body_len > 0 && evbuffer_add_reference(buffer, answer->body, answer->body_len,
                                                       free_body, answer->body) != 0) {
        evbuffer_free(buffer);
        return NULL;
    }
    if (answer->body_len > 0)
        answer->body = NULL;
    return buffer;
}

static void set_length(struct evkeyvalq *headers, uint64_t len)
{
    char length[24];

    (void)snprintf(length, sizeof(length), "%llu", (unsigned long long)len);
    (void)evhttp_add_header(headers, "Content-Length", length);
}

/* The head promises the whole. */
static void cut_body(struct evkeyvalq *headers, http_answer *answer)
{
    set_length(headers, answer->body_len);
    (void)evhttp_add_header(headers, "Connection", "close");
    answer->body_len /= 2;
}

static void free_exchange(server_exchange *one)
{
    unlink_exchange(one);
    if (one->timer != NULL)
        event_free(one->timer);
    server_target_clear(&one->target);
    free((void *)one->request.headers);
    free(one);
}

void exchange_send(server_exchange *one, http_answer *answer)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(one->raw);
    int is_head = strcmp(one->request.method, "HEAD") == 0;
    struct evbuffer *buffer = NULL;

    if (answer->failed) {
        http_answer_clear(answer);
        answer->status = 500;
    }
    write_log(one, answer);
    if (one->server->ending)
        one->end = EXCHANGE_WHOLE; /* nothing can wait for another turn */
    if (one->end == EXCHANGE_LOST || (one->end == EXCHANGE_CUT && answer->body_len < 2)) {
        http_answer_clear(answer);
        exchange_drop(one);
        return;
    }
    add_common_headers(headers, one);
    for (size_t i = 0; i < answer->header_count; i++)
        (void)evhttp_add_header(headers, answer->headers[i].name, answer->headers[i].value);
    if (one->end == EXCHANGE_CUT)
        cut_body(headers, answer);
    if (is_head)
        set_length(headers, answer->head_length);
    else if (answer->status != 204 && answer->status != 304)
        buffer = body_buffer(answer);
    evhttp_send_reply(one->raw, answer->status, NULL, buffer);
    if (buffer != NULL)
        evbuffer_free(buffer);
    http_answer_clear(answer);
    free_exchange(one);
}

static void on_latency_over(evutil_socket_t fd, short what, void *userdata)
{
    server_exchange *one = userdata;

    (void)fd;
    (void)what;
    exchange_send(one, &one->answer);
}

void exchange_delay(server_exchange *self, unsigned ms)
{
    self->delay_ms = ms;
}

void exchange_lose(server_exchange *self, exchange_end how)
{
    self->end = how;
}

void exchange_answer(server_exchange *self, http_answer *answer)
{
    unsigned ms = self->server->settings.latency_ms + self->delay_ms;
    struct timeval pause = { (time_t)(ms / 1000), (suseconds_t)(ms % 1000) * 1000 };

    if (ms > 0)
        self->timer = evtimer_new(self->server->base, on_latency_over, self);
    if (self->timer == NULL || evtimer_add(self->timer, &pause) != 0) {
        exchange_send(self, answer);
        return;
    }
    self->answer = *answer;
    *answer = (http_answer){ 0 };
}

static void on_drop(evutil_socket_t fd, short what, void *userdata)
{
    server_exchange *one = userdata;
    struct evhttp_connection *connection = evhttp_request_get_connection(one->raw);

    (void)fd;
    (void)what;
    /* Without a connection the client was faster, and this only releases the request. */
    if (connection == NULL)
        evhttp_send_reply(one->raw, 503, NULL, NULL);
    else
        evhttp_connection_free(connection);
    free_exchange(one);
}

void exchange_drop(server_exchange *self)
{
    const struct timeval now = { 0, 0 };

    if (self->timer != NULL)
        event_free(self->timer); /* that of the latency, which is over */
    /* Not from within evhttp's own call about this connection. */
    self->timer = evtimer_new(self->server->base, on_drop, self);
    if (self->timer == NULL || evtimer_add(self->timer, &now) != 0) {
        self->answer.status = 503;
        exchange_send(self, &self->answer);
    }
}

const http_request *exchange_request(const server_exchange *self)
{
    return &self->request;
}
