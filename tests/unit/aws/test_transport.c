/*
 * test_transport.c - the transport of libcurl, against a server of one answer on loopback.
 */
#include "aws/global.h"
#include "aws/transport.h"
#include "base/error.h"
#include "base/time.h"
#include "cmocka_all.h"
#include "scarce.h"

#include <arpa/inet.h>
#include <icecat/s3.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SLOW_HOST "slow.invalid"
#define SLOW_MS   1500

/* ---- a resolver that takes its time -------------------------------------------------------- */

static atomic_int resolving;

static void nap(long ms)
{
    const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

    nanosleep(&pause, NULL);
}

/*
 * Stands before the C library's, also for libcurl. It knows addresses in digits, and one host, for
 * which it waits and then finds nothing.
 */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
    (void)service;
    (void)hints;
    *out = NULL;
    if (host != NULL && strcmp(host, SLOW_HOST) == 0) {
        atomic_fetch_add(&resolving, 1);
        nap(SLOW_MS);
        atomic_fetch_sub(&resolving, 1);
    }
    return EAI_NONAME;
}

/* ---- a server of one answer ---------------------------------------------------------------- */

typedef struct server {
    int listener;
    unsigned port;
    pthread_t thread;
    const char *answer;
    size_t len;
} server;

static void *serve(void *userdata)
{
    server *s = userdata;
    int fd = accept(s->listener, NULL, NULL);
    char head[8192];
    size_t got = 0;
    ssize_t more = 1;

    while (fd >= 0 && more > 0 && got < sizeof(head) - 1) {
        more = read(fd, head + got, sizeof(head) - 1 - got);
        got += more > 0 ? (size_t)more : 0;
        head[got] = '\0';
        if (strstr(head, "\r\n\r\n") != NULL)
            break;
    }
    for (size_t sent = 0; fd >= 0 && sent < s->len && more > 0;) {
        more = send(fd, s->answer + sent, s->len - sent, MSG_NOSIGNAL);
        sent += more > 0 ? (size_t)more : 0;
    }
    close(fd);
    return NULL;
}

static void server_start(server *s, const char *answer)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof(address);

    s->answer = answer;
    s->len = strlen(answer);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(s->listener >= 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(s->listener, 4), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)&address, &size), 0);
    s->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_end(server *s)
{
    pthread_join(s->thread, NULL);
    close(s->listener);
}

/* ---- one exchange -------------------------------------------------------------------------- */

typedef struct outcome {
    icecat_status status;
    icecat_error error;
    int http_status;
    size_t body_len;
} outcome;

static outcome ask(const char *method, const char *answer, size_t max_answer, const ic_mem *mem)
{
    const ic_transport_settings settings = {
        .connect_timeout_ms = 5000, .stall_timeout_ms = 5000, .max_connections = 2, .no_proxy = "*"
    };
    ic_transport *transport;
    ic_exchange exchange = { .method = method };
    ic_exchange *done = NULL;
    ic_response response;
    ic_pairs headers;
    char url[64];
    server s;
    outcome out;

    assert_int_equal(ic_global_retain(NULL), ICECAT_OK);
    server_start(&s, answer);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/x", s.port);
    ic_pairs_init(&headers, NULL, 4, 256);
    ic_response_init(&response, mem, max_answer);
    exchange.url = url;
    exchange.headers = &headers;
    exchange.response = &response;
    transport = ic_transport_curl_new(&ic_mem_default, &settings);
    assert_int_equal(transport->start(transport, &exchange, NULL), ICECAT_OK);
    while (done == NULL)
        done = transport->wait(transport, 100);
    out = (outcome){ exchange.status, exchange.error, response.http_status, response.body.len };
    server_end(&s);
    ic_response_free(&response);
    transport->free(transport);
    ic_pairs_free(&headers);
    ic_global_release();
    return out;
}

static outcome get(const char *answer, size_t max_answer, const ic_mem *mem)
{
    return ask("GET", answer, max_answer, mem);
}

#define HEAD(status, len) "HTTP/1.1 " status "\r\nContent-Length: " len "\r\n\r\n"

/* Who asks for at most 10 bytes still wants to know that there is no such object. */
static void an_error_may_be_longer_than_the_answer_that_was_wanted(void **state)
{
    outcome out = get(HEAD("404 Not Found", "33") "<Error><Code>NoSuchKey</Code></Er>", 10, NULL);

    (void)state;
    assert_int_equal(out.status, ICECAT_OK);
    assert_int_equal(out.http_status, 404);
    assert_int_equal(out.body_len, 33);
}

static void a_longer_body_than_wanted_is_refused(void **state)
{
    outcome out = get(HEAD("200 OK", "11") "0123456789A", 10, NULL);

    (void)state;
    assert_int_equal(out.status, ICECAT_E_LIMIT);
    assert_string_equal(out.error.message, "the answer is over 10 bytes");
}

static void an_error_without_end_is_refused_too(void **state)
{
    enum { LEN = 200000 };
    static char answer[LEN + 100];
    int head = snprintf(answer, sizeof(answer), HEAD("500 No", "200000"));
    outcome out;

    (void)state;
    memset(answer + head, 'x', LEN);
    out = get(answer, 10, NULL);
    assert_int_equal(out.status, ICECAT_E_LIMIT);
}

static void too_many_headers_are_called_so(void **state)
{
    static char answer[8192];
    size_t at = (size_t)snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\n");
    outcome out;

    (void)state;
    for (int i = 0; i < 150; i++)
        at += (size_t)snprintf(answer + at, sizeof(answer) - at, "x-%d: y\r\n", i);
    snprintf(answer + at, sizeof(answer) - at, "Content-Length: 0\r\n\r\n");
    out = get(answer, 10, NULL);
    assert_int_equal(out.status, ICECAT_E_LIMIT);
    assert_string_equal(out.error.message, "the answer has too many headers, or too long ones");
}

static void an_answer_that_memory_cannot_hold_is_called_so(void **state)
{
    (void)state;
    for (size_t left = 0; left < 3; left++) {
        scarce s = { left, 0 };
        icecat_allocator allocator = scarce_allocator(&s);
        outcome out = get(HEAD("200 OK", "3") "abc", 10, &allocator);

        assert_int_equal(out.status, ICECAT_E_NO_MEMORY);
        assert_string_equal(out.error.message, "out of memory for the answer");
    }
}

/* ---- failures ------------------------------------------------------------------------------ */

static void a_broken_answer_is_told_from_a_wrong_one(void **state)
{
    static const struct {
        const char *answer;
        icecat_status status;
    } cases[] = {
        { "", ICECAT_E_TRANSFER },                         /* closed without a word */
        { HEAD("200 OK", "10") "abc", ICECAT_E_TRANSFER }, /* cut off */
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", ICECAT_E_TRANSFER },
        { "220 mail.example ESMTP\r\n", ICECAT_E_PROTOCOL },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: nonsense\r\n\r\nabc", ICECAT_E_PROTOCOL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        outcome out = get(cases[i].answer, 100, NULL);

        if (out.status != cases[i].status)
            fail_msg("case %zu: %s: %s", i, icecat_status_name(out.status), out.error.message);
        assert_string_not_equal(out.error.message, "");
        assert_int_not_equal(out.error.curl_code, 0);
    }
}

static outcome get_url(const char *url)
{
    const ic_transport_settings settings = { .connect_timeout_ms = 2000,
                                             .stall_timeout_ms = 1000,
                                             .max_connections = 2 };
    ic_transport *transport;
    ic_exchange exchange = { .method = "DELETE", .url = url };
    ic_exchange *done = NULL;
    ic_response response;
    ic_pairs headers;
    outcome out;

    assert_int_equal(ic_global_retain(NULL), ICECAT_OK);
    transport = ic_transport_curl_new(&ic_mem_default, &settings);
    ic_pairs_init(&headers, NULL, 4, 256);
    ic_response_init(&response, NULL, 100);
    exchange.headers = &headers;
    exchange.response = &response;
    for (int i = 0; i < 2; i++) { /* the second time with the handle of the first */
        done = NULL;
        assert_int_equal(transport->start(transport, &exchange, NULL), ICECAT_OK);
        while (done == NULL)
            done = transport->wait(transport, 100);
    }
    out = (outcome){ exchange.status, exchange.error, 0, 0 };
    ic_response_free(&response);
    ic_pairs_free(&headers);
    transport->free(transport);
    ic_global_release();
    return out;
}

/* An answer to HEAD has the length of a body that does not come. */
static void a_head_waits_for_no_body(void **state)
{
    (void)state;
    assert_int_equal(ask("HEAD", HEAD("200 OK", "1000000"), 10, NULL).status, ICECAT_OK);
}

static void who_cannot_be_reached_is_told_why(void **state)
{
    server silent;
    char url[64];

    (void)state;
    assert_int_equal(get_url("http://nobody.invalid/").status, ICECAT_E_RESOLVE);
    assert_int_equal(get_url("http://127.0.0.1:9/").status, ICECAT_E_CONNECT);
    assert_int_equal(get_url("gopher://127.0.0.1:9/").status, ICECAT_E_PROTOCOL);
    server_start(&silent, "this is no TLS");
    snprintf(url, sizeof(url), "https://127.0.0.1:%u/", silent.port);
    /* Its one answer is for the first connection; the second is accepted by the system only. */
    assert_int_equal(get_url(url).status, ICECAT_E_TIMEOUT);
    server_end(&silent);
}

/* ---- names --------------------------------------------------------------------------------- */

static void a_slow_resolver_does_not_hold_up_the_deadline(void **state)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_client *client = NULL;
    icecat_credentials *credentials = NULL;
    uint64_t began;
    uint64_t took;

    (void)state;
    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    assert_int_equal(icecat_credentials_new_static(&keys, &credentials, NULL), ICECAT_OK);
    options.region = "us-east-1";
    options.credentials = credentials;
    options.endpoint_url = "http://" SLOW_HOST ":9";
    assert_int_equal(icecat_client_new(&options, &client, NULL), ICECAT_OK);
    call.timeout_ms = 100;
    began = ic_time_monotonic_ms();
    assert_int_equal(icecat_s3_delete_object(client, "cats", "a", &call, NULL), ICECAT_E_DEADLINE);
    icecat_client_free(client);
    took = ic_time_monotonic_ms() - began;
    icecat_credentials_free(credentials);
    assert_in_range(took, 100, 700);
    /* libcurl's thread must have ended before the process does. */
    while (atomic_load(&resolving) != 0)
        nap(10);
    nap(50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_may_be_longer_than_the_answer_that_was_wanted),
        cmocka_unit_test(a_longer_body_than_wanted_is_refused),
        cmocka_unit_test(an_error_without_end_is_refused_too),
        cmocka_unit_test(too_many_headers_are_called_so),
        cmocka_unit_test(an_answer_that_memory_cannot_hold_is_called_so),
        cmocka_unit_test(a_broken_answer_is_told_from_a_wrong_one),
        cmocka_unit_test(a_head_waits_for_no_body),
        cmocka_unit_test(who_cannot_be_reached_is_told_why),
        cmocka_unit_test(a_slow_resolver_does_not_hold_up_the_deadline),
    };

    unsetenv("http_proxy");
    unsetenv("all_proxy");
    unsetenv("ALL_PROXY");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
