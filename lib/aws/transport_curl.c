/*
 * transport_curl.c - exchanges over libcurl's multi interface.
 *
 * A transport keeps its connections and its idle easy handles.
 *
 * The sockets are polled here, and libcurl is told which of them are ready: curl_multi_perform() would
 * look at every transfer, with a system call for each, whenever one of them can go on.
 */
#include "aws/transport.h"

#include "aws/poll_set.h"
#include "aws/transport_handle.h"
#include "aws/transport_status.h"
#include "base/error.h"
#include "base/time.h"

#define NO_TIMER   UINT64_MAX
#define STARVED_MS 20u

typedef struct curl_transport {
    ic_transport base;
    const ic_mem *mem;
    const ic_transport_settings *settings;
    CURLM *multi;
    ic_handle *idle;
    ic_poll_set sockets; /* that libcurl waits for */
    uint64_t due_ms;     /* when libcurl wants its timer; NO_TIMER: never */
    size_t in_flight;
    int is_starved; /* see go_on_starved(); until nothing is in flight */
} curl_transport;

static ic_handle *take_handle(curl_transport *own)
{
    ic_handle *handle = own->idle;

    if (handle == NULL)
        return ic_handle_new(own->mem, own->settings);
    own->idle = handle->next_idle;
    return handle;
}

static void give_back(curl_transport *own, ic_handle *handle)
{
    ic_handle_clear(handle);
    handle->next_idle = own->idle;
    own->idle = handle;
}

static void end_transfer(curl_transport *own, ic_exchange *exchange)
{
    ic_handle *handle = exchange->handle;

    curl_multi_remove_handle(own->multi, handle->easy);
    exchange->handle = NULL;
    give_back(own, handle);
    if (--own->in_flight == 0)
        own->is_starved = 0;
}

static void finish(curl_transport *own, ic_exchange *exchange, CURLcode code)
{
    ic_handle *handle = exchange->handle;
    ic_transfer_end *end = &handle->end;
    long http_status = 0;

    curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &http_status);
    curl_easy_getinfo(handle->easy, CURLINFO_HTTP_CONNECTCODE, &end->proxy_answer);
    end->code = (int)code;
    exchange->response->http_status = (int)http_status;
    ic_transport_judge(end, exchange);
    end_transfer(own, exchange);
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

static icecat_status curl_start(ic_transport *transport, ic_exchange *exchange, icecat_error *err)
{
    curl_transport *own = (curl_transport *)transport;
    ic_handle *handle = take_handle(own);
    icecat_status status;

    if (handle == NULL)
        return ic_fail_memory(err, "a transfer");
    status = ic_handle_load(handle, exchange, err);
    if (status == ICECAT_OK && curl_multi_add_handle(own->multi, handle->easy) != CURLM_OK)
        status = ic_fail_memory(err, "a transfer");
    if (status != ICECAT_OK) {
        exchange->handle = NULL;
        give_back(own, handle);
        return status;
    }
    own->in_flight++;
    run_timer(own); /* begin now, and not when the next answer is waited for */
    return ICECAT_OK;
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
        end_transfer(own, exchange);
}

static void curl_free_transport(ic_transport *transport)
{
    curl_transport *own = (curl_transport *)transport;

    while (own->idle != NULL) {
        ic_handle *handle = own->idle;

        own->idle = handle->next_idle;
        ic_handle_free(handle);
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
