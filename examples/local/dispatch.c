/*
 * dispatch.c - from a request to its service.
 */
#include "dispatch.h"

#include "dynamodb.h"
#include "json_service.h"
#include "refusal.h"
#include "rekognition.h"
#include "s3.h"
#include "ssm.h"
#include "status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* AWS names the request in a header of its own for each family of services; s3 writes its own. */
static void answer(server_exchange *exchange, const char *service, http_answer *what)
{
    if (json_service_known(service))
        http_answer_header(what, "x-amzn-RequestId", exchange_request(exchange)->request_id);
    exchange_answer(exchange, what);
}

static int on_s3_event(sqlite3 *db, const s3_event *event, void *userdata)
{
    dispatch *self = userdata;
    fault_delivery how;
    struct timespec now;

    if (self->trigger_settings == NULL || !trigger_wants(self->trigger_settings, event))
        return 0;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    how = faults_deliver(&self->faults, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    self->queued = 1;
    return trigger_queue(db, self->trigger_settings, event, how.copies, how.due_ms) == SQLITE_OK
               ? 0
               : 1;
}

static void call_s3(dispatch *self, const http_request *request, const unsigned char *body,
                    size_t body_len, http_answer *out)
{
    const s3_settings settings = { self->auth.region, on_s3_event, self };

    self->queued = 0;
    s3_handle(self->db, &settings, request, body, body_len, out);
    /* The transaction is over: what it queued can be worked on. */
    if (self->queued)
        trigger_wake(self->trigger);
}

static void on_looked(rekognition_job *job, void *userdata)
{
    json_answer said = rekognition_end(job);
    http_answer out = { 0 };

    json_service_answer(&out, "rekognition", &said);
    answer(userdata, "rekognition", &out);
}

/* 1 when the answer comes later. */
static int call_rekognition(dispatch *self, server_exchange *exchange, const json_request *request,
                            json_answer *said)
{
    rekognition_job *job = rekognition_begin(self->db, request->operation, request->input, said);

    if (job == NULL)
        return 0;
    if (pool_look(self->pool, job, on_looked, exchange))
        return 1;
    *said = rekognition_end(job);
    return 0;
}

/* 1 when the answer comes later. */
static int call_json(dispatch *self, server_exchange *exchange, const char *service,
                     const unsigned char *body, size_t body_len, http_answer *out)
{
    const http_request *request = exchange_request(exchange);
    json_answer said = { 0 };
    json_request input;
    int later = 0;

    if (!json_service_read(request, service, body, body_len, &input, out))
        return 0;
    if (strcmp(service, "dynamodb") == 0)
        said = dynamodb_call(self->db, self->auth.region, input.operation, input.input);
    else if (strcmp(service, "ssm") == 0)
        said = ssm_call(self->db, self->auth.region, request->now_s, input.operation, input.input);
    else
        later = call_rekognition(self, exchange, &input, &said);
    cJSON_Delete(input.input);
    if (!later)
        json_service_answer(out, service, &said);
    return later;
}

/* 1 when a fault was asked for and has answered; an answer that is slow or lost is yet to be made. */
static int fail_on_purpose(dispatch *self, server_exchange *exchange, const char *service)
{
    const http_request *request = exchange_request(exchange);
    unsigned slow_ms;
    fault_kind kind = faults_take(&self->faults, service, &slow_ms);
    http_answer out = { 0 };

    exchange_delay(exchange, slow_ms);
    if (kind == FAULT_LOST || kind == FAULT_CUT)
        exchange_lose(exchange, kind == FAULT_LOST ? EXCHANGE_LOST : EXCHANGE_CUT);
    if (kind == FAULT_NONE || kind == FAULT_SLOW || kind == FAULT_LOST || kind == FAULT_CUT)
        return 0;
    if (kind == FAULT_RESET) {
        exchange_drop(exchange);
        return 1;
    }
    faults_answer(kind, request, service, &out);
    answer(exchange, service, &out);
    return 1;
}

void dispatch_handle(server_exchange *exchange, void *userdata)
{
    dispatch *self = userdata;
    const http_request *request = exchange_request(exchange);
    const char *service = auth_service(request);
    const unsigned char *body = NULL;
    unsigned char *owned = NULL;
    size_t body_len = 0;
    auth_fault fault = { 0 };
    http_answer out = { 0 };
    int later = 0;

    if (!status_asked(request) && fail_on_purpose(self, exchange, service))
        return;
    if (status_asked(request))
        status_handle(self, request, &out);
    else if (!auth_check(&self->auth, request, service, &fault) ||
             !auth_body(&self->auth, request, &body, &body_len, &owned, &fault))
        refusal_auth(&out, request, service, &fault);
    else if (json_service_known(service))
        later = call_json(self, exchange, service, body, body_len, &out);
    else
        call_s3(self, request, body, body_len, &out);
    auth_fault_clear(&fault);
    free(owned);
    if (!later)
        answer(exchange, service, &out);
}
