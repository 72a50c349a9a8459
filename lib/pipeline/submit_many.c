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

static void append_again(ic_submit_run *run, ic_candidate *one)
{
    one->next = NULL;
    *run->again_end = one;
    run->again_end = &one->next;
}

static ic_candidate *take_again(ic_submit_run *run)
{
    ic_candidate *one = run->again;

    if (one == NULL)
        return NULL;
    run->again = one->next;
    if (run->again == NULL)
        run->again_end = &run->again;
    return one;
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
            append_again(run, one);
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
    while ((one = take_again(run)) != NULL) {
        give_up_waiter(run, one);
        hand_over(run, one);
        ic_candidate_free(run, one);
    }
}

static int is_over(ic_submit_run *run, uint64_t now_ms)
{
    run->bounds = ic_bounds_check(&run->plan.bounds, now_ms, NULL);
    return run->bounds != ICECAT_OK;
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
        if (run->no_more || (run->drained && run->again == NULL) || is_over(run, now))
            return run->in_flight != 0 ? IC_SOURCE_WAIT : IC_SOURCE_END;
        one = take_again(run);
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

static void uploaded(ic_submit_run *run, const ic_candidate *one, const ic_response *response)
{
    ic_tally_image which = { one->seen->path, one->index, &one->image };
    icecat_s3_put_result result;
    ic_waiter *waiter;

    ic_s3_put_parse(response, &result);
    one->seen->state = IC_SEEN_UPLOADED;
    ic_tally_submitted(&run->tally, which, result.etag);
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

    run->in_flight--;
    if (call->status == ICECAT_OK) {
        uploaded(run, one, &call->response);
        ic_candidate_free(run, one);
        return;
    }
    /* Only the bounds of the whole run end a call so. */
    if (call->status == ICECAT_E_CANCELLED || call->status == ICECAT_E_DEADLINE)
        run->no_more = 1;
    one->error = call->error;
    ic_submit_refuse(run, which, call->status, &one->error);
    if (!hand_over(run, one))
        ic_candidate_free(run, one);
}

static icecat_status run_all(ic_submit_run *run, icecat_error *err)
{
    icecat_client *client = run->plan.pipeline->client;
    ic_source source = { give_next, take_settled, run };
    icecat_status status;

    ic_seen_init(&run->seen, &run->plan.pipeline->mem);
    run->again_end = &run->again;
    status = ic_engine_run(client, &source, ic_client_max_connections(client), &run->plan.bounds,
                           err);
    drop_again(run);
    ic_seen_free(&run->seen);
    if (status == ICECAT_OK && run->bounds != ICECAT_OK)
        status = ic_fail(err, run->bounds, "%s", icecat_status_message(run->bounds));
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
