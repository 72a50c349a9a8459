/*
 * transport_perform.c - exchanges through a function of the embedder, one after the other.
 */
#include "aws/transport.h"
#include "base/error.h"
#include "base/view.h"

struct icecat_http_answer {
    ic_response *response;
    icecat_error *error;
};

typedef struct perform_transport {
    ic_transport base;
    const ic_mem *mem;
    const icecat_transport *own;
    ic_exchange *first; /* a list by `handle` of what waits to be sent */
    ic_exchange *last;
} perform_transport;

icecat_status icecat_http_answer_status(icecat_http_answer *answer, int http_status)
{
    if (answer == NULL || http_status < 100 || http_status > 599)
        return ICECAT_E_ARGUMENT;
    answer->response->http_status = http_status;
    return ICECAT_OK;
}

icecat_status icecat_http_answer_header(icecat_http_answer *answer, const char *name,
                                        const char *value)
{
    if (answer == NULL || name == NULL || value == NULL)
        return ICECAT_E_ARGUMENT;
    return ic_pairs_add_view(&answer->response->headers, ic_view_of(name),
                             ic_view_trim(ic_view_of(value)));
}

icecat_status icecat_http_answer_body(icecat_http_answer *answer, const void *data, size_t len)
{
    if (answer == NULL || (data == NULL && len != 0))
        return ICECAT_E_ARGUMENT;
    return len != 0 ? ic_buf_add(&answer->response->body, data, len) : ICECAT_OK;
}

void icecat_http_answer_explain(icecat_http_answer *answer, const char *message)
{
    if (answer != NULL && message != NULL)
        ic_fail(answer->error, ICECAT_E_TRANSFER, "%s", message);
}

static icecat_status perform_start(ic_transport *transport, ic_exchange *exchange,
                                   icecat_error *err)
{
    perform_transport *own = (perform_transport *)transport;

    (void)err;
    exchange->handle = NULL;
    if (own->first == NULL)
        own->first = exchange;
    else
        own->last->handle = exchange;
    own->last = exchange;
    return ICECAT_OK;
}

static int may_return(icecat_status status)
{
    return status == ICECAT_OK || status == ICECAT_E_NO_MEMORY || status == ICECAT_E_LIMIT ||
           status == ICECAT_E_CANCELLED || status == ICECAT_E_DEADLINE ||
           (status >= ICECAT_E_RESOLVE && status <= ICECAT_E_PROTOCOL);
}

static void take_result(ic_exchange *exchange, icecat_status status)
{
    icecat_error *error = &exchange->error;

    if (!may_return(status))
        ic_fail(error, ICECAT_E_CALLBACK, "the transport returned %d", (int)status);
    else if (status == ICECAT_E_LIMIT)
        ic_fail(error, status, "the answer is over %zu bytes", exchange->response->body.max);
    else if (status == ICECAT_OK && exchange->response->http_status == 0)
        ic_fail(error, ICECAT_E_PROTOCOL, "the transport gave no status");
    else if (status == ICECAT_OK)
        ic_error_clear(error);
    else if (error->message[0] != '\0')
        ic_error_recast(error, status);
    else
        ic_fail(error, status, "%s", icecat_status_message(status));
    exchange->status = (icecat_status)error->status;
}

static void perform_one(const perform_transport *own, ic_exchange *exchange)
{
    icecat_http_answer answer = { exchange->response, &exchange->error };
    icecat_http_request request = { .struct_size = sizeof(request),
                                    .method = exchange->method,
                                    .url = exchange->url,
                                    .headers = exchange->headers->items,
                                    .headers_count = exchange->headers->count,
                                    .body = exchange->body_len != 0 ? exchange->body : NULL,
                                    .body_len = exchange->body_len,
                                    .timeout_ms = UINT64_MAX };

    if (exchange->bounds != NULL) {
        request.cancel = exchange->bounds->cancel;
        if (exchange->bounds->deadline_ms != IC_NO_DEADLINE)
            request.timeout_ms = ic_bounds_left(exchange->bounds, ic_bounds_now(exchange->bounds),
                                                UINT64_MAX);
    }
    take_result(exchange, own->own->perform(&request, &answer, own->own->userdata));
}

/* A request is sent when there is time to wait for it. Who only looks whether another has finished must
   not have one sent: a callback may have stopped the run, or its time may be over. */
static ic_exchange *perform_wait(ic_transport *transport, uint64_t timeout_ms)
{
    perform_transport *own = (perform_transport *)transport;
    ic_exchange *exchange = own->first;

    if (exchange == NULL || timeout_ms == 0)
        return NULL;
    own->first = exchange->handle;
    exchange->handle = NULL;
    perform_one(own, exchange);
    return exchange;
}

static void perform_stop(ic_transport *transport, ic_exchange *exchange)
{
    perform_transport *own = (perform_transport *)transport;
    ic_exchange *before = NULL;

    for (ic_exchange *at = own->first; at != NULL; before = at, at = at->handle) {
        if (at != exchange)
            continue;
        if (before != NULL)
            before->handle = at->handle;
        else
            own->first = at->handle;
        if (own->last == at)
            own->last = before;
        at->handle = NULL;
        return;
    }
}

static void perform_free(ic_transport *transport)
{
    perform_transport *own = (perform_transport *)transport;

    ic_mem_free(own->mem, own);
}

ic_transport *ic_transport_perform_new(const ic_mem *mem, const icecat_transport *perform)
{
    perform_transport *own = ic_mem_zalloc(mem, sizeof(*own));

    if (own == NULL)
        return NULL;
    own->mem = mem;
    own->own = perform;
    own->base.start = perform_start;
    own->base.wait = perform_wait;
    own->base.stop = perform_stop;
    own->base.free = perform_free;
    return &own->base;
}
