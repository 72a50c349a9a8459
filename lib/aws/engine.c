/*
 * engine.c - the one loop that sends requests.
 *
 * A slot holds one call from the time its source gives it until it is settled. There are twice as many
 * slots as transfers may be in flight, so that calls which wait for their back-off do not keep others
 * from being sent, and memory stays bounded all the same.
 */
#include "aws/engine.h"

#include "aws/attempt.h"
#include "aws/client.h"
#include "aws/correct.h"
#include "aws/outcome.h"
#include "aws/pace.h"
#include "aws/retry.h"
#include "base/error.h"

#include <string.h>

#define IDLE_WAIT_MS 1000
#define TICK_MS      100
/* In a run of several, "slow down" is no failure of the call that happens to hear it: it may be refused
 * so many times as often as another failure. */
#define PATIENCE 8

typedef enum slot_state { SLOT_FREE, SLOT_IN_FLIGHT, SLOT_WAITING } slot_state;

typedef struct slot {
    slot_state state;
    ic_call call;
    ic_attempt attempt;
    uint64_t due_ms;    /* SLOT_WAITING: when to send again */
    uint64_t number;    /* of the attempt; see pace.h */
    unsigned last_cost; /* tokens that the last retry took */
    unsigned max_attempts;
    unsigned throttled; /* attempts that were refused with "slow down" */
    int is_throttled;   /* SLOT_WAITING: the last one was */
    int lost_answer;    /* an attempt failed, but may have been carried out */
    ic_corrections corrections;
} slot;

typedef struct ic_run {
    icecat_client *client;
    const ic_source *source;
    const ic_bounds *bounds;
    ic_transport *transport;
    slot *slots;
    size_t slot_count;
    ic_pace pace;
    unsigned in_flight;
    unsigned waiting;
    unsigned held;   /* of `waiting`: those that the service refused with "slow down" */
    int may_prepare; /* the source may have work for when the network has none */
    int ended;       /* the source has no more */
    int stopped;     /* the source wants no more */
} run;

uint64_t ic_run_bytes_sent(const struct ic_run *r)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < r->slot_count && r->transport->sent != NULL; i++) {
        if (r->slots[i].state == SLOT_IN_FLIGHT)
            bytes += r->transport->sent(&r->slots[i].attempt.exchange);
    }
    return bytes;
}

static unsigned max_attempts_of(const icecat_client *client, const ic_request *request)
{
    return client->max_attempts != 0 ? client->max_attempts
                                     : ic_retry_default_attempts(request->service);
}

static void settle(run *r, slot *s, icecat_status status)
{
    s->call.status = status;
    s->call.error.attempts = s->call.attempts;
    s->call.response.follows_lost_answer = s->lost_answer;
    s->state = SLOT_FREE;
    r->source->settled(&s->call, r->source->userdata);
    ic_response_free(&s->call.response);
    memset(&s->call, 0, sizeof(s->call));
}

/* Sign and send. A call that cannot even be sent is settled at once. */
static void send_attempt(run *r, slot *s)
{
    ic_call *call = &s->call;
    ic_attempt_count count = { call->attempts + 1, s->max_attempts };
    ic_need need = { .unix_s = ic_client_signing_time(r->client), .bounds = r->bounds };
    icecat_status status;

    ic_response_free(&call->response);
    ic_response_init(&call->response, &r->client->mem, call->request->max_answer);
    ic_error_clear(&call->error);
    status = ic_attempt_prepare(&s->attempt, r->client, call->request, &call->response, &need,
                                count, &call->error);
    if (status == ICECAT_OK) {
        s->attempt.exchange.owner = s;
        status = r->transport->start(r->transport, &s->attempt.exchange, &call->error);
    }
    if (status != ICECAT_OK) {
        settle(r, s, status);
        return;
    }
    call->attempts++;
    s->number = ic_pace_begin(&r->pace);
    s->state = SLOT_IN_FLIGHT;
    r->in_flight++;
}

static double random_unit(const icecat_client *client)
{
    uint32_t bits = 0;

    ic_client_random(client, &bits, sizeof(bits));
    return (double)bits / 4294967296.0;
}

/* Do several calls share what the service allows? Then they slow down together. */
static int is_paced(const run *r)
{
    return r->pace.most > 1;
}

/* An attempt that was only asked in the wrong way does not count. */
static unsigned tried(const slot *s)
{
    return s->call.attempts - (unsigned)(s->corrections.time + s->corrections.region);
}

static int may_retry(const run *r, const slot *s, ic_failure failure)
{
    if (failure == IC_FAILURE_FINAL || s->max_attempts == 1)
        return 0;
    if (!is_paced(r))
        return tried(s) < s->max_attempts;
    if (failure == IC_FAILURE_THROTTLED)
        return s->throttled < s->max_attempts * PATIENCE;
    return tried(s) - s->throttled < s->max_attempts;
}

/* 1 when the call was put aside for another attempt. */
static int schedule_retry(run *r, slot *s, icecat_status status)
{
    ic_failure failure = ic_retry_classify(status);
    int is_slowed = failure == IC_FAILURE_THROTTLED && is_paced(r);
    uint64_t now = ic_bounds_now(r->bounds);
    unsigned cost = is_slowed ? 0 : ic_retry_cost(failure); /* the pace spares the service */
    uint64_t delay;

    s->throttled += failure == IC_FAILURE_THROTTLED;
    if (!may_retry(r, s, failure))
        return 0;
    delay = ic_retry_delay_ms(s->call.request->service, failure, tried(s) - 1,
                              random_unit(r->client), s->call.error.retry_after_ms);
    if (r->bounds->deadline_ms != IC_NO_DEADLINE && now + delay >= r->bounds->deadline_ms)
        return 0; /* its own failure says more than the deadline would */
    if (!ic_client_take_tokens(r->client, cost)) {
        ic_log_write(&r->client->log, ICECAT_LOG_WARN, "retry",
                     "too many recent failures; not retried");
        return 0;
    }
    s->last_cost = cost;
    if (failure == IC_FAILURE_TRANSIENT && status != ICECAT_E_RESOLVE && status != ICECAT_E_CONNECT)
        s->lost_answer = 1;
    s->due_ms = now + delay;
    s->state = SLOT_WAITING;
    s->is_throttled = is_slowed;
    r->waiting++;
    r->held += (unsigned)is_slowed;
    ic_log_write(&r->client->log, ICECAT_LOG_DEBUG, "retry", "attempt %u in %llu ms",
                 s->call.attempts + 1, (unsigned long long)delay);
    return 1;
}

/* 1 when the refusal is mended and the call is on its way again, or settled because it cannot be. */
static int correct(run *r, slot *s, icecat_status status)
{
    if (s->attempt.exchange.status != ICECAT_OK)
        return 0;
    ic_correct_learn(r->client, &s->attempt, &s->call.response);
    if (status == ICECAT_OK || !ic_correct(r->client, &s->attempt, s->call.request,
                                           &s->call.response, status, &s->corrections))
        return 0;
    send_attempt(r, s);
    return 1;
}

static void adapt_pace(run *r, const slot *s, icecat_status status)
{
    unsigned before = r->pace.now;

    if (status == ICECAT_OK)
        ic_pace_good(&r->pace);
    else if (ic_retry_classify(status) == IC_FAILURE_THROTTLED)
        ic_pace_slow(&r->pace, s->number);
    if (r->pace.now != before)
        ic_log_write(&r->client->log, ICECAT_LOG_DEBUG, "pace", "%u of %u transfers at a time",
                     r->pace.now, r->pace.most);
}

static void finish_attempt(run *r, ic_exchange *exchange)
{
    slot *s = exchange->owner;
    icecat_status status;

    r->in_flight--;
    status = ic_outcome_read(&s->attempt, &s->call);
    ic_outcome_log(&r->client->log, &s->attempt, &s->call, status);
    adapt_pace(r, s, status);
    if (correct(r, s, status))
        return;
    if (status != ICECAT_OK && schedule_retry(r, s, status))
        return;
    if (status == ICECAT_OK)
        ic_client_give_tokens(r->client, s->last_cost != 0 ? s->last_cost : 1);
    else if (s->call.attempts > 1)
        ic_error_prefix(&s->call.error, "after %u attempts", s->call.attempts);
    settle(r, s, status);
}

static slot *free_slot(run *r)
{
    for (size_t i = 0; i < r->slot_count; i++) {
        if (r->slots[i].state == SLOT_FREE)
            return &r->slots[i];
    }
    return NULL;
}

/* Take new calls while there is room. */
static void take_calls(run *r)
{
    slot *s;

    while (!r->ended && r->in_flight + r->held < r->pace.now && (s = free_slot(r)) != NULL) {
        ic_source_answer answer;

        memset(&s->call, 0, sizeof(s->call));
        answer = r->source->next(&s->call, r->source->userdata);
        if (answer == IC_SOURCE_WAIT && r->in_flight + r->waiting > 0)
            return;
        if (answer != IC_SOURCE_CALL) {
            r->ended = 1;
            r->stopped = answer == IC_SOURCE_STOP;
            return;
        }
        r->may_prepare = r->source->prepare != NULL; /* it has given what it had */
        s->last_cost = 0;
        s->throttled = 0;
        s->lost_answer = 0;
        memset(&s->corrections, 0, sizeof(s->corrections));
        s->max_attempts = max_attempts_of(r->client, s->call.request);
        send_attempt(r, s);
    }
}

/* Send what is due; when the next is. */
static uint64_t send_due(run *r, uint64_t now)
{
    uint64_t soonest = now + (r->source->tick != NULL ? TICK_MS : IDLE_WAIT_MS);

    for (size_t i = 0; i < r->slot_count && r->waiting != 0; i++) {
        slot *s = &r->slots[i];

        if (s->state != SLOT_WAITING)
            continue;
        if (s->due_ms > now) {
            soonest = s->due_ms < soonest ? s->due_ms : soonest;
        } else if (r->in_flight < r->pace.now) {
            r->waiting--;
            r->held -= (unsigned)s->is_throttled;
            send_attempt(r, s);
        }
    }
    return soonest;
}

/* Settle everything that is under way, for one reason. What was answered by now counts. */
static void give_up(run *r, icecat_status status, const char *message)
{
    ic_exchange *done;

    while (r->in_flight != 0 && (done = r->transport->wait(r->transport, 0)) != NULL)
        finish_attempt(r, done);
    for (size_t i = 0; i < r->slot_count; i++) {
        slot *s = &r->slots[i];

        if (s->state == SLOT_FREE)
            continue;
        if (s->state == SLOT_IN_FLIGHT)
            r->transport->stop(r->transport, &s->attempt.exchange);
        ic_fail(&s->call.error, status, "%s", message);
        settle(r, s, status);
    }
    r->in_flight = 0;
    r->waiting = 0;
    r->held = 0;
}

/* With nothing on the wire there is only the clock to wait for, and it may be the embedder's. */
static ic_exchange *wait_for(run *r, uint64_t ms)
{
    if (r->in_flight != 0)
        return r->transport->wait(r->transport, ms);
    ic_clock_sleep(r->bounds->clock, ms);
    return NULL;
}

/* Take one answer, so that the place that it leaves is filled before the next is looked at. Files are read
 * ahead only when the network has nothing to say: what is read when its turn has come is still in the cache
 * when it is sent. */
static void take_answer(run *r, uint64_t most_ms)
{
    int may_prepare = r->may_prepare && r->in_flight != 0;
    ic_exchange *done = wait_for(r, may_prepare ? 0 : most_ms);

    if (done != NULL)
        finish_attempt(r, done);
    else if (may_prepare)
        r->may_prepare = r->source->prepare(r->source->userdata);
}

static icecat_status loop(run *r, icecat_error *err)
{
    for (;;) {
        uint64_t now = ic_bounds_now(r->bounds);
        icecat_error why = { 0 };
        icecat_status status = ic_bounds_check(r->bounds, now, &why);
        uint64_t due;

        if (status != ICECAT_OK) {
            give_up(r, status, why.message);
            return ic_fail(err, status, "%s", why.message);
        }
        due = send_due(r, now);
        take_calls(r);
        if (r->source->tick != NULL && r->source->tick(r, r->source->userdata) != 0)
            r->stopped = 1;
        if (r->stopped) {
            give_up(r, ICECAT_E_CANCELLED, "the call was stopped");
            return ic_fail(err, ICECAT_E_CALLBACK, "a callback stopped the call");
        }
        if (r->in_flight == 0 && r->waiting == 0 && r->ended)
            return ICECAT_OK;
        /* The source may have read a large file in the meantime, and the clock may be the embedder's. */
        now = ic_bounds_now(r->bounds);
        take_answer(r, ic_bounds_left(r->bounds, now, due > now ? due - now : 1));
    }
}

icecat_status ic_engine_run(icecat_client *client, const ic_source *source, unsigned concurrency,
                            const ic_bounds *bounds, icecat_error *err)
{
    run r = { .client = client, .source = source, .bounds = bounds };
    icecat_status status;

    ic_pace_init(&r.pace, concurrency);
    r.slot_count = concurrency > 1 ? 2 * (size_t)concurrency : 1;
    r.slots = ic_mem_array(&client->mem, r.slot_count, sizeof(*r.slots));
    r.transport = r.slots != NULL ? ic_client_take_transport(client) : NULL;
    if (r.transport == NULL) {
        ic_mem_free(&client->mem, r.slots);
        return ic_fail_memory(err, "transfers");
    }
    for (size_t i = 0; i < r.slot_count; i++)
        ic_attempt_init(&r.slots[i].attempt, &client->mem);
    status = loop(&r, err);
    for (size_t i = 0; i < r.slot_count; i++)
        ic_attempt_free(&r.slots[i].attempt);
    ic_client_give_transport(client, r.transport);
    ic_mem_free(&client->mem, r.slots);
    return status;
}
