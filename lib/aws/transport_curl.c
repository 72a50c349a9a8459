/*
 * transport_curl.c - exchanges over libcurl's multi interface.
 *
 * A transport keeps its connections and its idle easy handles. Redirects are never followed: libcurl
 * would hand the session token to the next host.
 *
 * The sockets are polled here, and libcurl is told which of them are ready: curl_multi_perform() would
 * look at every transfer, with a system call for each, whenever one of them can go on.
 */
#include "aws/transport.h"

#include "aws/poll_set.h"
#include "aws/transport_status.h"
#include "base/error.h"
#include "base/time.h"
#include "base/view.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_ERROR_BODY 65536u
#define MAX_LINE       262144u
#define MAX_HEAD_LINES 1000 /* of an answer and the interim ones before it */
#define NO_TIMER       UINT64_MAX

typedef struct curl_handle {
    CURL *easy;
    struct curl_slist *headers;
    struct curl_handle *next_idle;
    char error_text[CURL_ERROR_SIZE];
    ic_transfer_end end;
} curl_handle;

typedef struct curl_transport {
    ic_transport base;
    const ic_mem *mem;
    const ic_transport_settings *settings;
    CURLM *multi;
    curl_handle *idle;
    ic_poll_set sockets; /* that libcurl waits for */
    uint64_t due_ms;     /* when libcurl wants its timer; NO_TIMER: never */
} curl_transport;

/* An error is not the answer that was to be so short, and says why there is none. */
static void make_room_for_error(const curl_handle *handle, ic_buf *body)
{
    long http_status = 0;

    curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &http_status);
    if ((http_status < 200 || http_status >= 300) && body->max < MAX_ERROR_BODY)
        body->max = MAX_ERROR_BODY;
}

static size_t on_body(char *data, size_t size, size_t count, void *userdata)
{
    ic_exchange *exchange = userdata;
    curl_handle *handle = exchange->handle;

    make_room_for_error(handle, &exchange->response->body);
    handle->end.refused = ic_buf_add(&exchange->response->body, data, size * count);
    return handle->end.refused == ICECAT_OK ? size * count : 0;
}

/* An interim answer (100) or a proxy's is followed by the real one, which starts with a new status line. */
static icecat_status take_line(curl_handle *handle, ic_pairs *headers, ic_view line)
{
    ic_view name;
    ic_view value;

    if (++handle->end.head_lines > MAX_HEAD_LINES)
        return ICECAT_E_LIMIT;
    if (ic_view_starts(line, "HTTP/")) {
        handle->end.has_head = 0;
        ic_pairs_reset(headers);
        return ICECAT_OK;
    }
    if (ic_view_trim(line).len == 0)
        handle->end.has_head = 1;
    value = ic_view_split(line, ':', &name);
    return value.data != NULL ? ic_pairs_add_view(headers, name, ic_view_trim(value)) : ICECAT_OK;
}

static size_t on_header(char *data, size_t size, size_t count, void *userdata)
{
    ic_exchange *exchange = userdata;
    curl_handle *handle = exchange->handle;

    handle->end.refused = take_line(handle, &exchange->response->headers,
                                    ic_view_n(data, size * count));
    return handle->end.refused == ICECAT_OK ? size * count : 0;
}

static curl_handle *take_handle(curl_transport *own)
{
    curl_handle *handle = own->idle;

    if (handle != NULL) {
        own->idle = handle->next_idle;
        return handle;
    }
    handle = ic_mem_zalloc(own->mem, sizeof(*handle));
    if (handle == NULL)
        return NULL;
    handle->easy = curl_easy_init();
    if (handle->easy == NULL) {
        ic_mem_free(own->mem, handle);
        return NULL;
    }
    return handle;
}

static void wipe_headers(curl_handle *handle)
{
    for (struct curl_slist *at = handle->headers; at != NULL; at = at->next)
        ic_mem_wipe(at->data, strlen(at->data));
    curl_slist_free_all(handle->headers);
    handle->headers = NULL;
}

/* The handle is emptied, so that nothing of one request is left for the next. */
static void give_back(curl_transport *own, curl_handle *handle)
{
    wipe_headers(handle);
    curl_easy_reset(handle->easy);
    handle->next_idle = own->idle;
    own->idle = handle;
}

static int add_line(curl_handle *handle, const char *line)
{
    struct curl_slist *grown = curl_slist_append(handle->headers, line);

    if (grown == NULL)
        return 0;
    handle->headers = grown;
    return 1;
}

static int set_headers(curl_transport *own, curl_handle *handle, const ic_pairs *headers)
{
    ic_buf line;
    int ok = 1;

    ic_buf_init(&line, own->mem, MAX_LINE);
    for (size_t i = 0; i < headers->count && ok; i++) {
        const char *value = headers->items[i].value;

        ic_buf_reset(&line);
        ic_buf_add_text(&line, headers->items[i].name);
        /* libcurl's way to send a header without a value, instead of dropping it */
        ic_buf_add_text(&line, value[0] != '\0' ? ": " : ";");
        ic_buf_add_text(&line, value);
        ok = ic_buf_status(&line) == ICECAT_OK && add_line(handle, ic_buf_text(&line));
    }
    ic_buf_free_secret(&line);
    if (ok && ic_pairs_get(headers, "content-type") == NULL)
        ok = add_line(handle, "Content-Type:"); /* else libcurl claims a web form */
    return ok;
}

static void set_method(CURL *easy, const ic_exchange *exchange)
{
    int has_body = exchange->body_len != 0 || strcmp(exchange->method, "PUT") == 0 ||
                   strcmp(exchange->method, "POST") == 0;

    if (strcmp(exchange->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (has_body) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body_len != 0 ? exchange->body : "");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_len);
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange->method);
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        if (strcmp(exchange->method, "GET") != 0)
            curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange->method);
    }
}

/* libcurl's own sockets would stay open in every program that the embedder starts. */
static curl_socket_t open_socket(void *userdata, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

    (void)userdata;
    (void)purpose;
    return fd >= 0 ? fd : CURL_SOCKET_BAD;
}

static void set_proxy(CURL *easy, const ic_transport_settings *settings)
{
    if (settings->is_direct) {
        curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* "" is libcurl's word for "none at all" */
        return;
    }
    if (settings->proxy != NULL)
        curl_easy_setopt(easy, CURLOPT_PROXY, settings->proxy);
    if (settings->no_proxy != NULL)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, settings->no_proxy);
    if (settings->proxy_ca_bundle != NULL)
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, settings->proxy_ca_bundle);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    /* The headers of a request, with its token, are for the server and not for the proxy. */
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
}

static void set_options(curl_transport *own, curl_handle *handle, ic_exchange *exchange)
{
    CURL *easy = handle->easy;
    long stall_s = (long)(own->settings->stall_timeout_ms + 999) / 1000;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT,
                     1L); /* give up without waiting for a slow resolver */
#endif
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* ".." is part of a key, and was signed */
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (own->settings->ca_bundle != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, own->settings->ca_bundle);
    set_proxy(easy, own->settings);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)own->settings->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, stall_s);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 65536L);
    curl_easy_setopt(easy, CURLOPT_URL, exchange->url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, handle->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handle->error_text);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    set_method(easy, exchange);
}

static icecat_status curl_start(ic_transport *transport, ic_exchange *exchange, icecat_error *err)
{
    curl_transport *own = (curl_transport *)transport;
    curl_handle *handle = take_handle(own);

    if (handle == NULL)
        return ic_fail_memory(err, "a transfer");
    handle->end = (ic_transfer_end){ .text = handle->error_text };
    handle->error_text[0] = '\0';
    exchange->handle = handle;
    if (!set_headers(own, handle, exchange->headers)) {
        give_back(own, handle);
        return ic_fail_memory(err, "request headers");
    }
    set_options(own, handle, exchange);
    if (curl_multi_add_handle(own->multi, handle->easy) != CURLM_OK) {
        give_back(own, handle);
        return ic_fail_memory(err, "a transfer");
    }
    return ICECAT_OK;
}

static void finish(curl_transport *own, ic_exchange *exchange, CURLcode code)
{
    curl_handle *handle = exchange->handle;
    ic_transfer_end *end = &handle->end;
    long http_status = 0;

    curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &http_status);
    curl_easy_getinfo(handle->easy, CURLINFO_HTTP_CONNECTCODE, &end->proxy_answer);
    end->code = (int)code;
    exchange->response->http_status = (int)http_status;
    ic_transport_judge(end, exchange);
    curl_multi_remove_handle(own->multi, handle->easy);
    exchange->handle = NULL;
    give_back(own, handle);
}

static ic_exchange *take_finished(curl_transport *own)
{
    int left;
    CURLMsg *message;

    while ((message = curl_multi_info_read(own->multi, &left)) != NULL) {
        ic_exchange *exchange = NULL;
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&exchange);
        finish(own, exchange, code);
        return exchange;
    }
    return NULL;
}

/* ---- sockets and timer ------------------------------------------------------------------- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *userdata, void *socket_data)
{
    curl_transport *own = userdata;
    int events = 0;

    (void)easy;
    (void)socket_data;
    if (what == CURL_POLL_REMOVE) {
        ic_poll_set_remove(&own->sockets, fd);
        return 0;
    }
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        events |= POLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        events |= POLLOUT;
    return ic_poll_set_watch(&own->sockets, fd, (short)events) ? 0 : -1;
}

static int on_timer(CURLM *multi, long timeout_ms, void *userdata)
{
    curl_transport *own = userdata;

    (void)multi;
    own->due_ms = timeout_ms < 0 ? NO_TIMER : ic_time_monotonic_ms() + (uint64_t)timeout_ms;
    return 0;
}

static void run_timer(curl_transport *own)
{
    int running;

    if (own->due_ms == NO_TIMER || own->due_ms > ic_time_monotonic_ms())
        return;
    own->due_ms = NO_TIMER; /* libcurl sets it again */
    curl_multi_socket_action(own->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static int action_of(short events)
{
    int action = 0;

    if ((events & (POLLIN | POLLHUP)) != 0)
        action |= CURL_CSELECT_IN;
    if ((events & POLLOUT) != 0)
        action |= CURL_CSELECT_OUT;
    if ((events & (POLLERR | POLLNVAL)) != 0)
        action |= CURL_CSELECT_ERR;
    return action;
}

static void on_ready(int fd, short events, void *userdata)
{
    curl_transport *own = userdata;
    int running;

    curl_multi_socket_action(own->multi, fd, action_of(events), &running);
}

/* Sleep until a socket is ready or the timer is due, and let libcurl go on with those that are. */
static void run_sockets(curl_transport *own, uint64_t timeout_ms)
{
    uint64_t now = ic_time_monotonic_ms();
    uint64_t left = own->due_ms > now ? own->due_ms - now : 0;

    if (own->due_ms != NO_TIMER && left < timeout_ms)
        timeout_ms = left;
    ic_poll_set_wait(&own->sockets, timeout_ms, on_ready, own);
}

static ic_exchange *curl_wait(ic_transport *transport, uint64_t timeout_ms)
{
    curl_transport *own = (curl_transport *)transport;
    ic_exchange *done = take_finished(own);

    if (done != NULL)
        return done;
    run_timer(own);
    done = take_finished(own);
    if (done != NULL)
        return done;
    run_sockets(own, timeout_ms);
    run_timer(own);
    return take_finished(own);
}

static void curl_stop(ic_transport *transport, ic_exchange *exchange)
{
    curl_transport *own = (curl_transport *)transport;
    curl_handle *handle = exchange->handle;

    if (handle == NULL)
        return;
    curl_multi_remove_handle(own->multi, handle->easy);
    exchange->handle = NULL;
    give_back(own, handle);
}

static void curl_free_transport(ic_transport *transport)
{
    curl_transport *own = (curl_transport *)transport;

    while (own->idle != NULL) {
        curl_handle *handle = own->idle;

        own->idle = handle->next_idle;
        curl_easy_cleanup(handle->easy);
        ic_mem_free(own->mem, handle);
    }
    curl_multi_cleanup(own->multi); /* tells of sockets that it closes */
    ic_poll_set_free(&own->sockets);
    ic_mem_free(own->mem, own);
}

ic_transport *ic_transport_curl_new(const ic_mem *mem, const ic_transport_settings *settings)
{
    curl_transport *own = ic_mem_zalloc(mem, sizeof(*own));

    if (own == NULL)
        return NULL;
    own->multi = curl_multi_init();
    if (own->multi == NULL) {
        ic_mem_free(mem, own);
        return NULL;
    }
    curl_multi_setopt(own->multi, CURLMOPT_MAXCONNECTS, (long)settings->max_connections);
    curl_multi_setopt(own->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(own->multi, CURLMOPT_SOCKETDATA, own);
    curl_multi_setopt(own->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(own->multi, CURLMOPT_TIMERDATA, own);
    ic_poll_set_init(&own->sockets, mem);
    own->due_ms = NO_TIMER;
    own->mem = mem;
    own->settings = settings;
    own->base.start = curl_start;
    own->base.wait = curl_wait;
    own->base.stop = curl_stop;
    own->base.free = curl_free_transport;
    return &own->base;
}
