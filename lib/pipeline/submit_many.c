/*
 * submit_many.c - many files, several at a time: the source of calls for the engine.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "base/options.h"
#include "pipeline/submit_run.h"
#include "services/s3_response.h"

#include <string.h>

#define MOST_WAITERS 1024u /* duplicates of what is under way; more are not asked for */
#define SLICE_MS     500u  /* so long may files be read before the network has its turn */
#define AHEAD_BYTES  (1u << 20)

/* The next file that is to be sent; NULL when this one is not, or there is none. */
static ic_candidate *next_file(ic_submit_run *run)
{
    const char *path = NULL;
    int answer = run->next(&path, run->userdata);

    if (answer < 0 || (answer > 0 && path == NULL))
        run->tally.stopped = 1;
    if (answer == 0)
        run->drained = 1;
    if (answer <= 0 || path == NULL)
        return NULL;
    return ic_candidate_open(run, path, run->given++);
}

/* Settle a waiter that will not be tried: its bytes failed, for the reason that is known. */
static void give_up_waiter(ic_submit_run *run, ic_candidate *one)
{
    ic_tally_image which = { one->seen->path, one->index, &one->image };
    icecat_error error = one->error;

    ic_error_prefix(&error, "not tried, for an equal image was not uploaded");
    ic_submit_refuse(run, which, (icecat_status)error.status, &error);
}

/* The bytes of a failed candidate go to who waits for them. 1 when the candidate lives on. */
static int hand_over(ic_submit_run *run, ic_candidate *one)
{
    ic_seen *seen = one->seen;
    ic_waiter *waiter;

    seen->state = IC_SEEN_IDLE;
    while ((waiter = ic_seen_take_waiter(&run->seen, seen)) != NULL) {
        char *old_path = seen->path;
        icecat_error error = { 0 };

        one->index = waiter->index;
        seen->path = waiter->path;
        waiter->path = old_path;
        ic_waiter_free(run->seen.mem, waiter);
        if (run->no_more || run->tally.stopped) {
            give_up_waiter(run, one);
        } else if (ic_candidate_address(run, one, &error) == ICECAT_OK) {
            ic_candidates_add(&run->again, one);
            return 1;
        } else {
            ic_tally_image which = { seen->path, one->index, &one->image };

            ic_submit_refuse(run, which, (icecat_status)error.status, &error);
        }
    }
    return 0;
}

/* What is still in line when the run has ended. */
static void drop_again(ic_submit_run *run)
{
    ic_candidate *one;

    run->no_more = 1;
    while ((one = ic_candidates_take(&run->again)) != NULL) {
        give_up_waiter(run, one);
        hand_over(run, one);
        ic_candidate_free(run, one);
    }
}

/* What was read ahead when the run has ended. */
static void drop_ready(ic_submit_run *run, icecat_status ended)
{
    ic_candidate *one;

    while ((one = ic_candidates_take(&run->ready)) != NULL) {
        ic_tally_image which = { one->seen->path, one->index, &one->image };
        icecat_status why = ended == ICECAT_E_DEADLINE ? ended : ICECAT_E_CANCELLED;

        run->no_more = 1;
        ic_fail(&one->error, why, "not tried: %s", icecat_status_message(why));
        ic_submit_refuse(run, which, why, &one->error);
        hand_over(run, one);
        ic_candidate_free(run, one);
    }
}

static int is_over(ic_submit_run *run, uint64_t now_ms)
{
    run->bounds = ic_bounds_check(&run->plan.bounds, now_ms, NULL);
    return run->bounds != ICECAT_OK;
}

static int is_drained(const ic_submit_run *run)
{
    return run->drained && run->again.first == NULL && run->ready.first == NULL;
}

/* Read and check one file while transfers are under way, so that the next is sent as soon as one ends. */
static int read_ahead(void *userdata)
{
    ic_submit_run *run = userdata;
    size_t most = ic_client_max_connections(run->plan.pipeline->client);
    ic_candidate *one;

    if (run->no_more || run->drained || run->tally.stopped || run->seen.waiters >= MOST_WAITERS)
        return 0;
    if (run->ready.count >= most || run->ready.bytes >= AHEAD_BYTES)
        return 0;
    one = next_file(run);
    if (one != NULL)
        ic_candidates_add(&run->ready, one);
    return 1;
}

static int tell_progress(const struct ic_run *engine, void *userdata)
{
    ic_submit_run *run = userdata;

    ic_tally_progress(&run->tally, ic_bounds_now(&run->plan.bounds), engine);
    return run->tally.stopped;
}

/* A source that is at its end says WAIT as long as calls are in flight, for a failed one may give its
 * place to a duplicate, and a callback may still stop the run. */
static ic_source_answer give_next(ic_call *call, void *userdata)
{
    ic_submit_run *run = userdata;
    uint64_t began = ic_bounds_now(&run->plan.bounds);

    for (;;) {
        uint64_t now = ic_bounds_now(&run->plan.bounds);
        ic_candidate *one;

        if (run->tally.stopped)
            return IC_SOURCE_STOP;
        if (run->no_more || (is_drained(run)) || is_over(run, now))
            return run->in_flight != 0 ? IC_SOURCE_WAIT : IC_SOURCE_END;
        one = ic_candidates_take(&run->again);
        if (one == NULL)
            one = ic_candidates_take(&run->ready);
        if (one == NULL && run->in_flight != 0 &&
            (run->seen.waiters >= MOST_WAITERS || now - began >= SLICE_MS))
            return IC_SOURCE_WAIT;
        if (one == NULL)
            one = next_file(run);
        if (one != NULL) {
            call->request = &one->request;
            call->userdata = one;
            run->in_flight++;
            return IC_SOURCE_CALL;
        }
    }
}

static void uploaded(ic_submit_run *run, const ic_candidate *one, const char *etag)
{
    ic_tally_image which = { one->seen->path, one->index, &one->image };
    ic_waiter *waiter;

    one->seen->state = IC_SEEN_UPLOADED;
    ic_tally_submitted(&run->tally, which, etag);
    while ((waiter = ic_seen_take_waiter(&run->seen, one->seen)) != NULL) {
        ic_submit_duplicate(run, waiter->path, waiter->index, one->seen);
        ic_waiter_free(run->seen.mem, waiter);
    }
}

static void take_settled(ic_call *call, void *userdata)
{
    ic_submit_run *run = userdata;
    ic_candidate *one = call->userdata;
    ic_tally_image which = { one->seen->path, one->index, &one->image };
    icecat_status status = call->status;
    icecat_s3_put_result result;

    run->in_flight--;
    if (status == ICECAT_OK)
        status = ic_s3_put_parse(&call->response, &result, &call->error);
    if (status == ICECAT_OK) {
        uploaded(run, one, result.etag);
        ic_candidate_free(run, one);
        return;
    }
    /* Only the bounds of the whole run end a call so. */
    if (status == ICECAT_E_CANCELLED || status == ICECAT_E_DEADLINE)
        run->no_more = 1;
    one->error = call->error;
    ic_submit_refuse(run, which, status, &one->error);
    if (!hand_over(run, one))
        ic_candidate_free(run, one);
}

static icecat_status run_all(ic_submit_run *run, icecat_error *err)
{
    icecat_client *client = run->plan.pipeline->client;
    ic_source source = { .next = give_next,
                         .settled = take_settled,
                         .userdata = run,
                         .prepare = run->plan.stop_at_failure ? NULL : read_ahead,
                         .tick = run->plan.progress != NULL ? tell_progress : NULL };
    icecat_status status;

    ic_seen_init(&run->seen, &run->plan.pipeline->mem);
    ic_candidates_init(&run->again);
    ic_candidates_init(&run->ready);
    status = ic_engine_run(client, &source, ic_client_max_connections(client), &run->plan.bounds,
                           err);
    if (status == ICECAT_OK && run->bounds != ICECAT_OK)
        status = ic_fail(err, run->bounds, "%s", icecat_status_message(run->bounds));
    drop_ready(run, status);
    drop_again(run);
    ic_tally_progress(&run->tally, UINT64_MAX, NULL);
    run->tally.counts.bytes_under_way = 0;
    ic_submit_run_free_spare(run);
    ic_seen_free(&run->seen);
    return ic_tally_conclude(&run->tally, status, err);
}

icecat_status icecat_pipeline_submit_many(icecat_pipeline *pipeline, uint64_t batch_id,
                                          icecat_next_path_fn next, icecat_submission_fn settled,
                                          void *userdata, const icecat_submit_options *options,
                                          icecat_submit_counts *counts, icecat_error *err)
{
    ic_submit_run run = { .next = next, .userdata = userdata };
    icecat_status status = ICECAT_OK;

    ic_error_clear(err);
    ic_tally_init(&run.tally, &run.plan, settled, userdata);
    if (counts != NULL)
        status = IC_OPTIONS_STORE(counts, &run.tally.counts, icecat_submit_counts, err);
    if (status == ICECAT_OK && next == NULL)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "next is NULL");
    if (status == ICECAT_OK)
        status = ic_submit_plan_load(&run.plan, pipeline, batch_id, options, err);
    if (status != ICECAT_OK)
        return status;
    status = run_all(&run, err);
    if (counts != NULL) /* its size is known to be sane */
        IC_OPTIONS_STORE(counts, &run.tally.counts, icecat_submit_counts, NULL);
    return status;
}
