/*
 * test_transport_handle.c - requests of all kinds with one handle of libcurl over one connection: what is
 * on the wire, and that nothing of one request is left for the next.
 */
#include "aws/global.h"
#include "aws/transport.h"
#include "cmocka_all.h"
#include "scarce.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- a server that keeps what it reads ------------------------------------------------------ */

enum { MOST_REQUESTS = 16, MOST_BYTES = 300000 };

typedef struct server {
    int listener;
    unsigned port;
    pthread_t thread;
    atomic_size_t connections;
    atomic_size_t count;
    char *requests[MOST_REQUESTS]; /* head and body */
} server;

static size_t length_of(const char *head)
{
    const char *line = strstr(head, "Content-Length: ");

    return line != NULL ? strtoul(line + 16, NULL, 10) : 0;
}

/* 1 when a whole request was read. */
static int read_request(int fd, char *text)
{
    size_t len = 0, whole = 0;

    while (whole == 0 || len < whole) {
        ssize_t got = read(fd, text + len, MOST_BYTES - 1 - len);
        const char *end;

        if (got <= 0)
            return 0;
        len += (size_t)got;
        text[len] = '\0';
        end = strstr(text, "\r\n\r\n");
        if (whole == 0 && end != NULL)
            whole = (size_t)(end + 4 - text) + length_of(text);
    }
    return 1;
}

static void *serve(void *userdata)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    server *own = userdata;
    int fd;

    while ((fd = accept(own->listener, NULL, NULL)) >= 0) {
        own->connections++;
        while (own->count < MOST_REQUESTS) {
            char *text = malloc(MOST_BYTES);

            if (text == NULL || !read_request(fd, text)) {
                free(text);
                break;
            }
            own->requests[own->count] = text;
            own->count++; /* only now may it be looked at */
            if (write(fd, answer, sizeof(answer) - 1) < 0)
                break;
        }
        close(fd);
    }
    return NULL;
}

static void server_start(server *own)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof(address);

    memset(own, 0, sizeof(*own));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    own->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(own->listener >= 0);
    assert_int_equal(bind(own->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(own->listener, 4), 0);
    assert_int_equal(getsockname(own->listener, (struct sockaddr *)&address, &size), 0);
    own->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&own->thread, NULL, serve, own), 0);
}

static void server_end(server *own)
{
    shutdown(own->listener, SHUT_RDWR);
    pthread_join(own->thread, NULL);
    close(own->listener);
    for (size_t i = 0; i < own->count; i++)
        free(own->requests[i]);
}

/* ---- one request after the other ------------------------------------------------------------ */

typedef struct rig {
    server server;
    ic_transport_settings settings;
    ic_transport *transport;
    uint64_t most_sent; /* of the last body, before the answer was there */
} rig;

static void rig_open(rig *own)
{
    memset(own, 0, sizeof(*own));
    own->settings.connect_timeout_ms = 5000;
    own->settings.stall_timeout_ms = 5000;
    own->settings.max_connections = 1;
    assert_int_equal(ic_global_retain(NULL), ICECAT_OK);
    server_start(&own->server);
    own->transport = ic_transport_curl_new(&ic_mem_default, &own->settings);
    assert_non_null(own->transport);
}

static void rig_close(rig *own)
{
    own->transport->free(own->transport);
    server_end(&own->server);
    ic_global_release();
}

/* What the server got. @p header is "name: value" or NULL. */
static const char *ask(rig *own, const char *method, const char *target, const char *header,
                       const char *body, size_t body_len)
{
    ic_exchange exchange = { .method = method, .body = body, .body_len = body_len };
    ic_exchange *done = NULL;
    ic_response response;
    ic_pairs headers;
    char url[1024];

    snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", own->server.port, target);
    ic_pairs_init(&headers, NULL, 4, 4096);
    if (header != NULL) {
        ic_view name;
        ic_view value = ic_view_split(ic_view_of(header), ':', &name);

        assert_int_equal(ic_pairs_add_view(&headers, name, ic_view_trim(value)), ICECAT_OK);
    }
    ic_response_init(&response, NULL, 100);
    exchange.url = url;
    exchange.headers = &headers;
    exchange.response = &response;
    assert_int_equal(own->transport->start(own->transport, &exchange, NULL), ICECAT_OK);
    own->most_sent = 0;
    while (done == NULL) {
        uint64_t sent = own->transport->sent(&exchange);

        own->most_sent = sent > own->most_sent ? sent : own->most_sent;
        done = own->transport->wait(own->transport, 100);
    }
    assert_int_equal(exchange.status, ICECAT_OK);
    assert_int_equal(response.http_status, 200);
    assert_int_equal(own->transport->sent(&exchange), 0); /* it is not under way any more */
    ic_response_free(&response);
    ic_pairs_free(&headers);
    return own->server.requests[own->server.count - 1];
}

static void assert_begins(const char *request, const char *line)
{
    if (strncmp(request, line, strlen(line)) != 0)
        fail_msg("\"%s\" does not begin with \"%s\"", request, line);
}

static int has(const char *request, const char *text)
{
    return strstr(request, text) != NULL;
}

static void nothing_of_one_request_is_left_for_the_next(void **state)
{
    const char *got;
    rig own;

    (void)state;
    rig_open(&own);
    got = ask(&own, "PUT", "/a", "x-secret: canary", "body", 4);
    assert_begins(got, "PUT /a HTTP/1.1\r\n");
    assert_true(has(got, "x-secret: canary\r\n") && has(got, "\r\n\r\nbody"));
    assert_false(has(got, "Content-Type")); /* libcurl's own is taken away */
    got = ask(&own, "GET", "/b", NULL, NULL, 0);
    assert_begins(got, "GET /b HTTP/1.1\r\n");
    assert_false(has(got, "x-secret") || has(got, "Content-") || has(got, "body"));
    got = ask(&own, "POST", "/c", "content-type: text/x", NULL, 0);
    assert_begins(got, "POST /c HTTP/1.1\r\n");
    assert_true(has(got, "Content-Length: 0\r\n") && has(got, "content-type: text/x\r\n"));
    got = ask(&own, "HEAD", "/d", NULL, NULL, 0);
    assert_begins(got, "HEAD /d HTTP/1.1\r\n");
    assert_false(has(got, "Content-") || has(got, "content-"));
    got = ask(&own, "DELETE", "/e", "x-empty:", NULL, 0);
    assert_begins(got, "DELETE /e HTTP/1.1\r\n");
    assert_true(has(got, "x-empty:\r\n"));
    got = ask(&own, "GET", "/f", NULL, NULL, 0);
    assert_begins(got, "GET /f HTTP/1.1\r\n");
    assert_false(has(got, "x-empty"));
    assert_int_equal(own.server.count, 6);
    assert_int_equal(own.server.connections, 1);
    rig_close(&own);
}

/* What was signed is what is sent, whatever libcurl would make of it. */
static void targets_are_sent_as_they_are(void **state)
{
    static const struct {
        const char *target;
        const char *line;
    } cases[] = {
        { "/a/../b/./c", "GET /a/../b/./c HTTP/1.1\r\n" },
        { "/a%2fb%2Fc%c3%A4?x=%20&y", "GET /a%2fb%2Fc%c3%A4?x=%20&y HTTP/1.1\r\n" },
        { "/a//b?", "GET /a//b? HTTP/1.1\r\n" },
        { "", "GET / HTTP/1.1\r\n" },
        { "?x=1", "GET /?x=1 HTTP/1.1\r\n" },
        { "/a#b", "GET /a HTTP/1.1\r\n" }, /* the rest is no part of a request */
        { "/a\xc3\xa4", "GET /a%c3%a4 HTTP/1.1\r\n" },
    };
    rig own;

    (void)state;
    rig_open(&own);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_begins(ask(&own, "GET", cases[i].target, NULL, NULL, 0), cases[i].line);
    rig_close(&own);
}

static void a_large_body_arrives_whole(void **state)
{
    enum { LEN = 250000 };
    static char body[LEN];
    const char *got;
    rig own;

    (void)state;
    for (size_t i = 0; i < LEN; i++)
        body[i] = (char)('a' + i % 23);
    rig_open(&own);
    got = ask(&own, "PUT", "/large", NULL, body, LEN);
    assert_memory_equal(strstr(got, "\r\n\r\n") + 4, body, LEN);
    assert_in_range(own.most_sent, 1, LEN);
    rig_close(&own);
}

/* A proxy that is not tunnelled through wants the whole URL. */
static void a_proxy_is_told_the_whole_url(void **state)
{
    static const char *const variables[] = { "http_proxy", "all_proxy", "ALL_PROXY", NULL };
    ic_transport *direct;
    char proxy[64];
    rig own;

    (void)state;
    rig_open(&own);
    direct = own.transport;
    snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%u", own.server.port);
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *variable = variables[i];
        char line[256];

        if (variable != NULL)
            setenv(variable, proxy, 1);
        else
            own.settings.proxy = proxy;
        own.transport = ic_transport_curl_new(&ic_mem_default, &own.settings);
        snprintf(line, sizeof(line), "GET http://127.0.0.1:%u/x?y HTTP/1.1\r\n", own.server.port);
        assert_begins(ask(&own, "GET", "/x?y", NULL, NULL, 0), line);
        own.transport->free(own.transport);
        if (variable != NULL)
            unsetenv(variable);
    }
    own.transport = direct;
    rig_close(&own);
}

/* Where there is no memory for a request, none is sent. */
static void a_request_without_memory_is_not_begun(void **state)
{
    ic_exchange exchange = { .method = "GET", .url = "http://127.0.0.1:9/" };
    ic_transport_settings settings = { .max_connections = 1 };
    icecat_status status = ICECAT_E_NO_MEMORY;
    ic_response response;
    ic_pairs headers;

    (void)state;
    assert_int_equal(ic_global_retain(NULL), ICECAT_OK);
    ic_response_init(&response, NULL, 100);
    ic_pairs_init(&headers, NULL, 4, 4096);
    assert_int_equal(ic_pairs_add(&headers, "a", "b"), ICECAT_OK);
    exchange.headers = &headers;
    exchange.response = &response;
    for (size_t left = 0; status == ICECAT_E_NO_MEMORY; left++) {
        scarce s = { left, 0 };
        icecat_allocator allocator = scarce_allocator(&s);
        ic_transport *transport = ic_transport_curl_new(&allocator, &settings);

        assert_true(left < 20);
        if (transport == NULL)
            continue;
        status = transport->start(transport, &exchange, NULL);
        if (status == ICECAT_OK)
            transport->stop(transport, &exchange);
        assert_null(exchange.handle);
        transport->free(transport);
    }
    assert_int_equal(status, ICECAT_OK);
    ic_response_free(&response);
    ic_pairs_free(&headers);
    ic_global_release();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_of_one_request_is_left_for_the_next),
        cmocka_unit_test(targets_are_sent_as_they_are),
        cmocka_unit_test(a_large_body_arrives_whole),
        cmocka_unit_test(a_proxy_is_told_the_whole_url),
        cmocka_unit_test(a_request_without_memory_is_not_begun),
    };

    unsetenv("http_proxy");
    unsetenv("all_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("no_proxy");
    unsetenv("NO_PROXY");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
