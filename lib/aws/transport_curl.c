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
#include "aws/transport_options.h"
#include "aws/transport_status.h"
#include "base/error.h"
#include "base/time.h"
#include "base/view.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#define MAX_ERROR_BODY 65536u
#define MAX_LINE       262144u
#define NO_TIMER       UINT64_MAX
#define STARVED_MS     20u

typedef struct curl_handle {
    CURL *easy;
    struct curl_slist *headers;
    struct curl_handle *next_idle;
    char error_text[CURL_ERROR_SIZE];
    icecat_status refused; /* why a callback ended the transfer */
    int in_head;           /* it was a header that was refused */
} curl_handle;

typedef struct curl_transport {
    ic_transport base;
    const ic_mem *mem;
    const ic_transport_settings *settings;
    CURLM *multi;
    curl_handle *idle;
    ic_poll_set sockets; /* that libcurl waits for */
    uint64_t due_ms;     /* when libcurl wants its timer; NO_TIMER: never */
    size_t in_flight;
    int is_starved; /* see go_on_starved(); until nothing is in flight */
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
    handle->refused = ic_buf_add(&exchange->response->body, data, size * count);
    return handle->refused == ICECAT_OK ? size * count : 0;
}

/* An interim answer (100) or a proxy's is followed by the real one, which starts with a new status line. */
static size_t on_header(char *data, size_t size, size_t count, void *userdata)
{
    ic_exchange *exchange = userdata;
    curl_handle *handle = exchange->handle;
    ic_view line = ic_view_n(data, size * count);
    ic_view name;
    ic_view value;

    if (ic_view_starts(line, "HTTP/")) {
        ic_pairs_reset(&exchange->response->headers);
        return line.len;
    }
    value = ic_view_split(line, ':', &name);
    if (value.data == NULL)
        return line.len;
    handle->refused = ic_pairs_add_view(&exchange->response->headers, name, ic_view_trim(value));
    handle->in_head = handle->refused != ICECAT_OK;
    return handle->refused == ICECAT_OK ? line.len : 0;
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

static void drop_handle(curl_transport *own, curl_handle *handle)
{
    wipe_headers(handle);
    curl_easy_cleanup(handle->easy);
    ic_mem_free(own->mem, handle);
}

/* The handle is emptied, so that nothing of one request is left for the next. Without memory for its defaults
 * curl_easy_reset() leaves some out, and tells nobody; the system's malloc does, in errno. */
static void give_back(curl_transport *own, curl_handle *handle)
{
    wipe_headers(handle);
    errno = 0;
    curl_easy_reset(handle->easy);
    if (errno == ENOMEM) {
        drop_handle(own, handle);
        return;
    }
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

/* 1 when all are set. */
static int set_options(curl_transport *own, curl_handle *handle, ic_exchange *exchange)
{
    CURL *easy = handle->easy;

    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, handle->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handle->error_text);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    return ic_transport_options_set(easy, own->settings, exchange);
}

static icecat_status curl_start(ic_transport *transport, ic_exchange *exchange, icecat_error *err)
{
    curl_transport *own = (curl_transport *)transport;
    curl_handle *handle = take_handle(own);

    if (handle == NULL)
        return ic_fail_memory(err, "a transfer");
    handle->refused = ICECAT_OK;
    handle->in_head = 0;
    handle->error_text[0] = '\0';
    exchange->handle = handle;
    if (set_headers(own, handle, exchange->headers) && set_options(own, handle, exchange) &&
        curl_multi_add_handle(own->multi, handle->easy) == CURLM_OK) {
        own->in_flight++;
        return ICECAT_OK;
    }
    exchange->handle = NULL;
    drop_handle(own, handle);
    return ic_fail_memory(err, "a transfer");
}

static void report(ic_exchange *exchange, const curl_handle *handle, CURLcode code)
{
    icecat_error *err = &exchange->error;

    if (exchange->status == ICECAT_E_NO_MEMORY)
        ic_fail_memory(err, "the answer");
    else if (exchange->status == ICECAT_E_LIMIT && handle->in_head)
        ic_fail(err, ICECAT_E_LIMIT, "the answer has too many headers, or too long ones");
    else if (exchange->status == ICECAT_E_LIMIT)
        ic_fail(err, ICECAT_E_LIMIT, "the answer is over %zu bytes", exchange->response->body.max);
    else if (exchange->status != ICECAT_OK)
        ic_fail(err, exchange->status, "%s",
                handle->error_text[0] != '\0' ? handle->error_text : curl_easy_strerror(code));
    err->curl_code = (int32_t)code;
}

/* After a failure libcurl's handle may keep a state that spoils the next transfer; the connections, which are
 * worth keeping, are not in it. */
static void end_transfer(curl_transport *own, ic_exchange *exchange, int is_good)
{
    curl_handle *handle = exchange->handle;

    curl_multi_remove_handle(own->multi, handle->easy);
    exchange->handle = NULL;
    if (is_good)
        give_back(own, handle);
    else
        drop_handle(own, handle);
    if (--own->in_flight == 0)
        own->is_starved = 0;
}

static void finish(curl_transport *own, ic_exchange *exchange, CURLcode code)
{
    curl_handle *handle = exchange->handle;
    long http_status = 0;

    curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &http_status);
    exchange->response->http_status = (int)http_status;
    exchange->status = ic_transport_status((int)code, handle->error_text, handle->refused);
    report(exchange, handle, code);
    end_transfer(own, exchange, code == CURLE_OK);
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
    if (!ic_poll_set_watch(&own->sockets, fd, (short)events))
        own->is_starved = 1;
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *userdata)
{
    curl_transport *own = userdata;

    (void)multi;
    own->due_ms = timeout_ms < 0 ? NO_TIMER : ic_time_monotonic_ms() + (uint64_t)timeout_ms;
    return 0;
}

static void act(curl_transport *own, curl_socket_t fd, int action)
{
    int running;

    if (curl_multi_socket_action(own->multi, fd, action, &running) != CURLM_OK)
        own->is_starved = 1;
}

static void run_timer(curl_transport *own)
{

    if (own->due_ms == NO_TIMER || own->due_ms > ic_time_monotonic_ms())
        return;
    own->due_ms = NO_TIMER; /* libcurl sets it again */
    act(own, CURL_SOCKET_TIMEOUT, 0);
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
    act(userdata, fd, action_of(events));
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

/*
 * Without memory to watch a socket, of ours or of libcurl's, no event would ever wake a transfer. Look at all of
 * them now and then instead: they go on, or libcurl ends them.
 */
static void go_on_starved(curl_transport *own, uint64_t timeout_ms)
{
    int running;

    (void)curl_multi_perform(own->multi, &running);
    run_sockets(own, timeout_ms < STARVED_MS ? timeout_ms : STARVED_MS);
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
    if (own->is_starved)
        go_on_starved(own, timeout_ms);
    else
        run_sockets(own, timeout_ms);
    run_timer(own);
    return take_finished(own);
}

static void curl_stop(ic_transport *transport, ic_exchange *exchange)
{
    curl_transport *own = (curl_transport *)transport;

    if (exchange->handle != NULL)
        end_transfer(own, exchange, 0);
}

static void curl_free_transport(ic_transport *transport)
{
    curl_transport *own = (curl_transport *)transport;

    while (own->idle != NULL) {
        curl_handle *handle = own->idle;

        own->idle = handle->next_idle;
        drop_handle(own, handle);
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
