/*
 * server.c - libevent's evhttp on one side, http_request and http_answer on the other.
 *
 * evhttp reads the body whole, decodes chunks, answers "Expect: 100-continue" and keeps
 * connections open. A client that goes away while its request is worked on does no harm:
 * evhttp_send_reply() then releases the request and sends nothing.
 */
#include "server.h"

#include "server_request.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <icecat/version.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define MAX_HEADERS    (64 * 1024)
#define IDLE_TIMEOUT_S 300
#define ALL_METHODS                                                                                \
    (EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |     \
     EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH)

struct server_exchange {
    server *server;
    struct evhttp_request *raw;
    http_request request;
    server_target target;
    http_answer answer;  /* while the latency runs */
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
    server_exchange *waiting; /* without their answer, or with one that the latency holds back */
    unsigned port;
    int ending; /* 1: requests that still come are refused */
};

static void link_exchange(server *self, server_exchange *one)
{
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
    time_t now = (time_t)(time(NULL) + one->server->settings.clock_offset_s);
    struct tm parts;
    char date[64];

    /* The date has the clock offset too: clients correct their clock by it. */
    if (gmtime_r(&now, &parts) != NULL) {
        server_format_date(&parts, date, sizeof(date));
        (void)evhttp_add_header(headers, "Date", date);
    }
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

static void set_head_length(struct evkeyvalq *headers, const http_answer *answer)
{
    char length[24];

    (void)snprintf(length, sizeof(length), "%llu", (unsigned long long)answer->head_length);
    (void)evhttp_add_header(headers, "Content-Length", length);
}

static void send_now(server_exchange *one, http_answer *answer)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(one->raw);
    int is_head = strcmp(one->request.method, "HEAD") == 0;
    struct evbuffer *buffer = NULL;

    if (answer->failed) {
        http_answer_clear(answer);
        answer->status = 500;
    }
    write_log(one, answer);
    add_common_headers(headers, one);
    for (size_t i = 0; i < answer->header_count; i++)
        (void)evhttp_add_header(headers, answer->headers[i].name, answer->headers[i].value);
    if (is_head)
        set_head_length(headers, answer);
    else if (answer->status != 204 && answer->status != 304)
        buffer = body_buffer(answer);
    evhttp_send_reply(one->raw, answer->status, NULL, buffer);
    if (buffer != NULL)
        evbuffer_free(buffer);
    http_answer_clear(answer);
    unlink_exchange(one);
    if (one->timer != NULL)
        event_free(one->timer);
    server_target_clear(&one->target);
    free((void *)one->request.headers);
    free(one);
}

static void on_latency_over(evutil_socket_t fd, short what, void *userdata)
{
    server_exchange *one = userdata;

    (void)fd;
    (void)what;
    send_now(one, &one->answer);
}

void exchange_answer(server_exchange *self, http_answer *answer)
{
    unsigned ms = self->server->settings.latency_ms;
    struct timeval pause = { (time_t)(ms / 1000), (suseconds_t)(ms % 1000) * 1000 };

    if (ms > 0)
        self->timer = evtimer_new(self->server->base, on_latency_over, self);
    if (self->timer == NULL || evtimer_add(self->timer, &pause) != 0) {
        send_now(self, answer);
        return;
    }
    self->answer = *answer;
    *answer = (http_answer){ 0 };
}

const http_request *exchange_request(const server_exchange *self)
{
    return &self->request;
}

static int fill_headers(http_request *request, struct evkeyvalq *raw)
{
    struct evkeyval *pair;
    http_header *headers;
    size_t count = 0;

    for (pair = raw->tqh_first; pair != NULL; pair = pair->next.tqe_next)
        count++;
    headers = calloc(count + 1, sizeof(*headers));
    if (headers == NULL)
        return 0;
    count = 0;
    for (pair = raw->tqh_first; pair != NULL; pair = pair->next.tqe_next)
        headers[count++] = (http_header){ pair->key, pair->value };
    request->headers = headers;
    request->header_count = count;
    return 1;
}

static int fill_body(http_request *request, struct evbuffer *raw)
{
    size_t len = evbuffer_get_length(raw);

    /* The NUL byte is not part of the body; texts are parsed in place. */
    if (evbuffer_add(raw, "", 1) != 0)
        return 0;
    request->body = evbuffer_pullup(raw, -1);
    request->body_len = len;
    return request->body != NULL;
}

static void on_request(struct evhttp_request *raw, void *userdata)
{
    server *self = userdata;
    server_exchange *one = self->ending ? NULL : calloc(1, sizeof(*one));

    if (one == NULL) {
        evhttp_send_error(raw, self->ending ? 503 : 500, NULL);
        return;
    }
    one->server = self;
    one->raw = raw;
    (void)clock_gettime(CLOCK_MONOTONIC, &one->began);
    one->request.method = server_method_name(evhttp_request_get_command(raw));
    one->request.now_s = (int64_t)time(NULL) + self->settings.clock_offset_s;
    if (!server_target_read(evhttp_request_get_uri(raw), &one->target) ||
        !server_request_id(one->request.request_id) ||
        !fill_headers(&one->request, evhttp_request_get_input_headers(raw)) ||
        !fill_body(&one->request, evhttp_request_get_input_buffer(raw))) {
        evhttp_send_error(raw, one->target.malformed ? 400 : 500, NULL);
        server_target_clear(&one->target);
        free((void *)one->request.headers);
        free(one);
        return;
    }
    one->request.path = one->target.path;
    one->request.query = one->target.query;
    link_exchange(self, one);
    self->settings.handle(one, self->settings.userdata);
}

static int read_port(server *self)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);

    if (getsockname(evhttp_bound_socket_get_fd(self->bound), (struct sockaddr *)&address, &len) !=
        0)
        return 0;
    if (address.ss_family == AF_INET6) {
        struct sockaddr_in6 six;

        memcpy(&six, &address, sizeof(six));
        self->port = ntohs(six.sin6_port);
    } else {
        struct sockaddr_in four;

        memcpy(&four, &address, sizeof(four));
        self->port = ntohs(four.sin_port);
    }
    return 1;
}

server *server_start(struct event_base *base, const server_settings *settings, char *why,
                     size_t why_len)
{
    server *self = calloc(1, sizeof(*self));

    if (self != NULL) {
        self->settings = *settings;
        self->base = base;
        self->http = evhttp_new(base);
    }
    if (self == NULL || self->http == NULL) {
        (void)snprintf(why, why_len, "out of memory for the server");
        server_stop(self);
        return NULL;
    }
    evhttp_set_gencb(self->http, on_request, self);
    evhttp_set_allowed_methods(self->http, ALL_METHODS);
    evhttp_set_max_body_size(self->http, SERVER_MAX_BODY);
    evhttp_set_max_headers_size(self->http, MAX_HEADERS);
    evhttp_set_default_content_type(self->http, NULL);
    evhttp_set_timeout(self->http, IDLE_TIMEOUT_S);
    /* A client that sends without waiting would see a reset instead of the 413. */
    (void)evhttp_set_flags(self->http, EVHTTP_SERVER_LINGERING_CLOSE);
    errno = 0;
    self->bound = evhttp_bind_socket_with_handle(self->http, settings->host,
                                                 (uint16_t)settings->port);
    if (self->bound == NULL || !read_port(self)) {
        (void)snprintf(why, why_len, "cannot listen on %s port %u: %s", settings->host,
                       settings->port, errno == 0 ? "not an address" : strerror(errno));
        server_stop(self);
        return NULL;
    }
    return self;
}

unsigned server_port(const server *self)
{
    return self->port;
}

/* Answers that were just given are written by the event base, which gets one turn for it. */
static void flush(server *self)
{
    self->ending = 1;
    evhttp_del_accept_socket(self->http, self->bound);
    while (self->waiting != NULL) {
        if (self->waiting->answer.status == 0)
            self->waiting->answer.status = 503;
        send_now(self->waiting, &self->waiting->answer);
    }
    (void)event_base_loop(self->base, EVLOOP_NONBLOCK);
}

void server_stop(server *self)
{
    if (self == NULL)
        return;
    if (self->bound != NULL)
        flush(self);
    if (self->http != NULL)
        evhttp_free(self->http);
    free(self);
}
