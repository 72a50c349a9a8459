/*
 * server.c - from libevent's evhttp to http_request.
 *
 * evhttp reads the body whole, decodes chunks, answers "Expect: 100-continue" and keeps connections
 * open.
 *
 * What it refuses by itself (no HTTP, too long headers or bodies) it answers with a short HTML page,
 * not in the words of a service: libevent 2.1 calls nobody before it does. A body over the limit
 * gets no "100 Continue"; the 413 comes once the client has sent the body all the same, or given up
 * sending. Without that (EVHTTP_SERVER_LINGERING_CLOSE) the answer would come at once, but a client
 * that had begun to send would see a reset instead of it.
 */
#include "server_parts.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_HEADERS    (64 * 1024)
#define IDLE_TIMEOUT_S 300
#define ACCEPT_PAUSE_S 1
#define ALL_METHODS                                                                                \
    (EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |     \
     EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH)

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
    exchange_link(one);
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

static void on_accept_again(evutil_socket_t fd, short what, void *userdata)
{
    server *self = userdata;

    (void)fd;
    (void)what;
    (void)evconnlistener_enable(evhttp_bound_socket_get_listener(self->bound));
}

/* Mostly: no descriptor is left. The connection still waits, so that without a pause the loop would
 * try again at once, and again, until another one ends. evhttp keeps the userdata for itself: the
 * pause ends with the next turn of a timer that always runs. */
static void on_accept_error(struct evconnlistener *listener, void *userdata)
{
    int error = EVUTIL_SOCKET_ERROR();

    (void)userdata;
    (void)fprintf(stderr, "icecat-local: connections have to wait: %s\n", strerror(error));
    (void)evconnlistener_disable(listener);
}

static int watch_listener(server *self)
{
    const struct timeval pause = { .tv_sec = ACCEPT_PAUSE_S };

    /* evhttp lets 128 connections wait; what a burst has more would try again a second later. */
    (void)listen(evhttp_bound_socket_get_fd(self->bound), SOMAXCONN);
    evconnlistener_set_error_cb(evhttp_bound_socket_get_listener(self->bound), on_accept_error);
    self->accept_again = event_new(self->base, -1, EV_PERSIST, on_accept_again, self);
    return self->accept_again != NULL && event_add(self->accept_again, &pause) == 0;
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
    (void)evhttp_set_flags(self->http, EVHTTP_SERVER_LINGERING_CLOSE);
    errno = 0;
    self->bound = evhttp_bind_socket_with_handle(self->http, settings->host,
                                                 (uint16_t)settings->port);
    if (self->bound == NULL || !read_port(self) || !watch_listener(self)) {
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
    if (self->accept_again != NULL)
        event_free(self->accept_again);
    evhttp_del_accept_socket(self->http, self->bound);
    while (self->waiting != NULL) {
        if (self->waiting->answer.status == 0)
            self->waiting->answer.status = 503;
        exchange_send(self->waiting, &self->waiting->answer);
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
