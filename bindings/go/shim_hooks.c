/*
 * shim_hooks.c - functions of Go that a client or a source of access keys calls for as long as it lives.
 */
#include "shim_hooks.h"

static uint64_t handle_of(void *userdata)
{
    return goicecat_address(userdata);
}

void goicecat_log(uint32_t level, const char *area, const char *text, void *userdata)
{
    unsigned char room[1024];
    goicecat_writer line = { .bytes = room, .size = sizeof(room) };

    goicecat_put_number(&line, level);
    goicecat_put_text(&line, area);
    goicecat_put_text(&line, text);
    goicecat_ask(handle_of(userdata), GOICECAT_ON_LOG, line.bytes, line.len, NULL, 0);
    goicecat_writer_free(&line);
}

int goicecat_random(void *out, size_t len, void *userdata)
{
    return (int)goicecat_ask(handle_of(userdata), GOICECAT_ON_RANDOM, NULL, 0, out, len);
}

static int64_t now(void *userdata)
{
    return goicecat_ask(handle_of(userdata), GOICECAT_ON_NOW, NULL, 0, NULL, 0);
}

static uint64_t monotonic(void *userdata)
{
    return (uint64_t)goicecat_ask(handle_of(userdata), GOICECAT_ON_MONOTONIC, NULL, 0, NULL, 0);
}

static void pause_for(uint64_t ms, void *userdata)
{
    unsigned char room[sizeof(uint64_t)];
    goicecat_writer told = { .bytes = room, .size = sizeof(room) };

    goicecat_put_number(&told, ms);
    goicecat_ask(handle_of(userdata), GOICECAT_ON_SLEEP, told.bytes, told.len, NULL, 0);
}

/* Go answers by the operation http_answer, while it is asked. */
static icecat_status perform(const icecat_http_request *request, icecat_http_answer *answer,
                             void *userdata)
{
    unsigned char room[4096];
    goicecat_writer told = { .bytes = room, .size = sizeof(room) };
    int64_t status;

    goicecat_put_number(&told, goicecat_address(answer));
    goicecat_put_number(&told, request->timeout_ms);
    goicecat_put_text(&told, request->method);
    goicecat_put_text(&told, request->url);
    goicecat_put_number(&told, request->headers_count);
    for (size_t i = 0; i < request->headers_count; i++) {
        goicecat_put_text(&told, request->headers[i].name);
        goicecat_put_text(&told, request->headers[i].value);
    }
    goicecat_put_bytes(&told, request->body, request->body_len);
    status = goicecat_ask(handle_of(userdata), GOICECAT_ON_REQUEST, told.bytes, told.len, NULL, 0);
    goicecat_writer_free(&told);
    return (icecat_status)status;
}

GOICECAT_OPERATION(http_answer)
{
    icecat_http_answer *answer = goicecat_object(call);
    const char *problem = goicecat_text(call);
    int http_status = (int)goicecat_number(call);
    size_t count;
    icecat_pair *headers = goicecat_pairs(call, &count);
    icecat_status status;

    if (problem != NULL) {
        icecat_http_answer_explain(answer, problem);
        return ICECAT_OK;
    }
    status = icecat_http_answer_status(answer, http_status);
    for (size_t i = 0; i < count && status == ICECAT_OK; i++)
        status = icecat_http_answer_header(answer, headers[i].name, headers[i].value);
    if (status == ICECAT_OK && call->data_len != 0)
        status = icecat_http_answer_body(answer, call->data, call->data_len);
    return status;
}

void goicecat_read_hooks(goicecat_call *call, goicecat_hooks *out)
{
    void *userdata;

    out->has = goicecat_number32(call);
    out->log_level = goicecat_number32(call);
    out->handle = goicecat_number(call);
    userdata = goicecat_pointer(out->handle);
    out->clock = (icecat_clock){ now, monotonic,
                                 (out->has & GOICECAT_HAS_SLEEP) != 0 ? pause_for : NULL,
                                 userdata };
    out->transport = (icecat_transport){ perform, userdata };
}
