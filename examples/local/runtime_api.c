/*
 * runtime_api.c - Lambda's Runtime API for one process.
 *
 *   STARTING --next--> WAITING --invoke--> RUNNING --response, error--> ANSWERED --next--> WAITING
 *      |                                     |  ^
 *      +--init/error--> (the process exits)  +--+ next: the same invocation again
 *
 * An id that does not run is a 400, a request that the state does not allow a 403, as Lambda has it.
 */
#include "runtime_api.h"

#include "runtime_report.h"
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    HEADERS_MAX = 64 * 1024,
    BODY_MAX = 8 * 1024 * 1024, /* over the limit of an answer, so that the 413 is our own */
    IDLE_TIMEOUT_S = 3600
};

enum state { STARTING, WAITING, RUNNING, ANSWERED };

struct runtime_api {
    struct evhttp *http;
    const runtime_api_hooks *hooks;
    void *userdata;
    char address[32];
    enum state state;
    struct evhttp_request *parked; /* the next that waits; NULL unless WAITING */
    struct evhttp_connection *parked_on;
    runtime_api_invocation invocation; /* valid while RUNNING */
};

/* ---- answers ----------------------------------------------------------------------------- */

static void send_json(struct evhttp_request *request, int status, const char *reason,
                      const char *json)
{
    struct evbuffer *body = evbuffer_new();

    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      "application/json");
    if (body == NULL || evbuffer_add(body, json, strlen(json)) != 0)
        evhttp_send_error(request, 500, NULL);
    else
        evhttp_send_reply(request, status, reason, body);
    if (body != NULL)
        evbuffer_free(body);
}

static void send_accepted(struct evhttp_request *request)
{
    send_json(request, 202, "Accepted", "{\"status\":\"OK\"}\n");
}

/* Both texts are constants without characters that JSON escapes. */
static void send_fault(struct evhttp_request *request, int status, const char *reason,
                       const char *type, const char *message)
{
    char json[256];

    snprintf(json, sizeof(json), "{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}\n", message, type);
    send_json(request, status, reason, json);
}

static void refuse_id(struct evhttp_request *request)
{
    send_fault(request, 400, "Bad Request", "InvalidRequestID", "Invalid request ID");
}

static void refuse_state(struct evhttp_request *request)
{
    send_fault(request, 403, "Forbidden", "InvalidStateTransition",
               "State transition is not allowed");
}

/* The outcome is not on disk: by the contract of a 500 the process exits, and the event runs again. */
static void send_recorded(struct evhttp_request *request, int recorded)
{
    if (recorded)
        send_accepted(request);
    else
        send_fault(request, 500, "Internal Server Error", "InternalServerError",
                   "the outcome could not be recorded");
}

/* ---- next -------------------------------------------------------------------------------- */

/* A trace id of the right form for this invocation, not sampled: nothing traces here. */
static void add_trace_id(struct evkeyvalq *headers, const runtime_api_invocation *invocation)
{
    char digits[33] = "00000000000000000000000000000000";
    char text[96];
    size_t used = 0;

    for (const char *c = invocation->id; *c != '\0' && used < 32; c++) {
        if (*c != '-')
            digits[used++] = *c;
    }
    snprintf(text, sizeof(text), "Root=1-%.8s-%.24s;Parent=%.16s;Sampled=0", digits, digits + 8,
             digits + 16);
    evhttp_add_header(headers, "Lambda-Runtime-Trace-Id", text);
}

static void send_invocation(struct evhttp_request *request,
                            const runtime_api_invocation *invocation)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    char deadline[24];

    snprintf(deadline, sizeof(deadline), "%lld", (long long)invocation->deadline_ms);
    evhttp_add_header(headers, "Lambda-Runtime-Aws-Request-Id", invocation->id);
    evhttp_add_header(headers, "Lambda-Runtime-Deadline-Ms", deadline);
    evhttp_add_header(headers, "Lambda-Runtime-Invoked-Function-Arn", invocation->function_arn);
    add_trace_id(headers, invocation);
    send_json(request, 200, "OK", invocation->json);
}

/* The connection of the waiting request is gone, and the request with it. */
static void on_close(struct evhttp_connection *connection, void *userdata)
{
    runtime_api *api = userdata;

    if (api->parked_on == connection) {
        api->parked = NULL;
        api->parked_on = NULL;
    }
}

static struct evhttp_request *unpark(runtime_api *api)
{
    struct evhttp_request *request = api->parked;

    api->parked = NULL;
    api->parked_on = NULL;
    return request;
}

static void on_next(runtime_api *api, struct evhttp_request *request)
{
    struct evhttp_request *before = unpark(api);

    if (api->state == RUNNING) {
        send_invocation(request, &api->invocation);
        return;
    }
    if (before != NULL)
        refuse_state(before); /* a process waits once: the newer request is the live one */
    api->state = WAITING;
    api->parked = request;
    api->parked_on = evhttp_request_get_connection(request);
    evhttp_connection_set_closecb(api->parked_on, on_close, api);
    api->hooks->waiting(api->userdata);
}

int runtime_api_is_waiting(const runtime_api *api)
{
    return api->state == WAITING && api->parked != NULL;
}

void runtime_api_invoke(runtime_api *api, const runtime_api_invocation *invocation)
{
    api->invocation = *invocation;
    api->state = RUNNING;
    send_invocation(unpark(api), invocation);
}

/* ---- response and error ------------------------------------------------------------------ */

static const char *header(struct evhttp_request *request, const char *name)
{
    return evhttp_find_header(evhttp_request_get_input_headers(request), name);
}

static void on_response(runtime_api *api, struct evhttp_request *request)
{
    size_t len = evbuffer_get_length(evhttp_request_get_input_buffer(request));

    if (header(request, "Lambda-Runtime-Function-Response-Mode") != NULL) {
        send_fault(request, 400, "Bad Request", "InvalidFunctionResponseMode",
                   "only buffered responses are supported");
    } else if (len > RUNTIME_API_RESPONSE_MAX) {
        api->state = ANSWERED;
        (void)api->hooks->failed("Function.ResponseSizeTooLarge",
                                 "Response payload size exceeded maximum allowed payload size",
                                 api->userdata);
        send_fault(request, 413, "Payload Too Large", "RequestEntityTooLarge",
                   "Exceeded maximum allowed payload size");
    } else {
        api->state = ANSWERED;
        send_recorded(request, api->hooks->responded(api->userdata));
    }
}

static cJSON *read_report(struct evhttp_request *request, const char **type, const char **message)
{
    struct evbuffer *body = evhttp_request_get_input_buffer(request);
    size_t len = evbuffer_get_length(body);

    return runtime_report_read((const char *)evbuffer_pullup(body, -1), len,
                               header(request, "Lambda-Runtime-Function-Error-Type"), type,
                               message);
}

static void on_error(runtime_api *api, struct evhttp_request *request)
{
    const char *type, *message;
    cJSON *report = read_report(request, &type, &message);

    api->state = ANSWERED;
    send_recorded(request, api->hooks->failed(type, message, api->userdata));
    cJSON_Delete(report);
}

static void on_init_error(runtime_api *api, struct evhttp_request *request)
{
    const char *type, *message;
    cJSON *report;

    if (api->state != STARTING) {
        refuse_state(request);
        return;
    }
    report = read_report(request, &type, &message);
    api->hooks->init_failed(type, message, api->userdata);
    send_accepted(request);
    cJSON_Delete(report);
}

/* ---- routes ------------------------------------------------------------------------------ */

/* @p rest is "ID/response" or "ID/error". 1 when the path is one of these. */
static int on_invocation(runtime_api *api, struct evhttp_request *request, const char *rest)
{
    const char *slash = strchr(rest, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - rest);
    int is_response = slash != NULL && strcmp(slash, "/response") == 0;

    if (!is_response && (slash == NULL || strcmp(slash, "/error") != 0))
        return 0;
    if (api->state != RUNNING || len != strlen(api->invocation.id) ||
        strncmp(rest, api->invocation.id, len) != 0)
        refuse_id(request);
    else if (is_response)
        on_response(api, request);
    else
        on_error(api, request);
    return 1;
}

static int route(runtime_api *api, struct evhttp_request *request, const char *path)
{
    static const char base[] = "/2018-06-01/runtime/";
    int is_post = evhttp_request_get_command(request) == EVHTTP_REQ_POST;

    if (strncmp(path, base, sizeof(base) - 1) != 0)
        return 0;
    path += sizeof(base) - 1;
    if (strcmp(path, "invocation/next") == 0) {
        if (evhttp_request_get_command(request) != EVHTTP_REQ_GET)
            return 0;
        on_next(api, request);
        return 1;
    }
    if (is_post && strcmp(path, "init/error") == 0) {
        on_init_error(api, request);
        return 1;
    }
    return is_post && strncmp(path, "invocation/", 11) == 0 &&
           on_invocation(api, request, path + 11);
}

static void on_request(struct evhttp_request *request, void *userdata)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = uri == NULL ? NULL : evhttp_uri_get_path(uri);

    if (path == NULL || !route(userdata, request, path))
        send_fault(request, 404, "Not Found", "NotFound", "no such operation of the Runtime API");
}

/* ---- life -------------------------------------------------------------------------------- */

static int find_address(runtime_api *api, struct evhttp_bound_socket *bound)
{
    struct sockaddr_in address;
    socklen_t len = sizeof(address);

    if (getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &len) != 0)
        return 0;
    snprintf(api->address, sizeof(api->address), "127.0.0.1:%u", ntohs(address.sin_port));
    return 1;
}

runtime_api *runtime_api_new(struct event_base *base, const runtime_api_hooks *hooks,
                             void *userdata)
{
    runtime_api *api = calloc(1, sizeof(*api));
    struct evhttp_bound_socket *bound = NULL;

    if (api == NULL)
        return NULL;
    api->hooks = hooks;
    api->userdata = userdata;
    api->http = evhttp_new(base);
    if (api->http != NULL)
        bound = evhttp_bind_socket_with_handle(api->http, "127.0.0.1", 0);
    if (bound == NULL || !find_address(api, bound)) {
        runtime_api_free(api);
        return NULL;
    }
    evhttp_set_allowed_methods(api->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
    evhttp_set_max_headers_size(api->http, HEADERS_MAX);
    evhttp_set_max_body_size(api->http, BODY_MAX);
    evhttp_set_timeout(api->http, IDLE_TIMEOUT_S);
    evhttp_set_gencb(api->http, on_request, api);
    return api;
}

void runtime_api_free(runtime_api *api)
{
    if (api == NULL)
        return;
    if (api->http != NULL)
        evhttp_free(api->http);
    free(api);
}

const char *runtime_api_address(const runtime_api *api)
{
    return api->address;
}
