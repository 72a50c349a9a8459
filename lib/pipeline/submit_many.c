/*
 * submit_many.c - many files, several at a time: the source of calls for the engine.
 *
 * Every image that was given is, until it is settled, in exactly one place: under way (a candidate in
 * the engine), waiting for equal bytes that are under way (a waiter of submit_seen), or in line to be
 * tried after those failed (a candidate in the list `again`). Only candidates hold a file's bytes; when
 * one fails, the next waiter takes its bytes over, so that no file is read twice.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "base/options.h"
#include "pipeline/submit_seen.h"
#include "pipeline/submit_tally.h"
#include "services/s3_response.h"

#include <string.h>

#define MOST_WAITERS 1024u /* duplicates of what is under way; more are not asked for */
#define SLICE_MS     500u  /* so long may files be read before the network has its turn */

/** An image that can be sent. */
typedef struct candidate {
    struct candidate *next; /* in the list */
    ic_seen *seen;          /* owns the path */
    uint64_t index;
    ic_buf bytes;
    ic_submit_image image;
    ic_request request;
    icecat_error error; /* why it, or the one before it with equal bytes, failed */
} candidate;

typedef struct run {
    ic_submit_plan plan;
    ic_tally tally;
    ic_seen_table seen;
    icecat_next_path_fn next;
    void *userdata;
    candidate *again;
    candidate **again_end;
    uint64_t given;
    size_t in_flight;
    icecat_status bounds; /* ICECAT_OK until the deadline or the token ended the run */
    int no_more;          /* start no more images */
    int drained;          /* next() has no more */
} run;

static candidate *candidate_new(const run *r, uint64_t index)
{
    candidate *one = ic_mem_zalloc(r->seen.mem, sizeof(*one));

    if (one != NULL)
        one->index = index;
    return one;
}

static void candidate_free(const run *r, candidate *one)
{
    ic_request_free(&one->request);
    ic_buf_free(&one->bytes);
    ic_mem_free(r->seen.mem, one);
}

/* ---- one image's end --------------------------------------------------------------------- */

static void refuse(run *r, ic_tally_image which, icecat_status status, icecat_error *error)
{
    if (error->status != (int32_t)status)
        ic_error_recast(error, status);
    if (ic_submit_is_rejection(status)) {
        ic_tally_rejected(&r->tally, which, error);
        return;
    }
    ic_tally_failed(&r->tally, which, error);
    if (r->plan.stop_at_failure)
        r->no_more = 1;
}

static void report_duplicate(run *r, const char *path, uint64_t index, const ic_seen *seen)
{
    ic_submit_image image = { .size_bytes = seen->size_bytes, .format = seen->format };
    ic_tally_image which = { path, index, &image };

    ic_hex(seen->digest, sizeof(seen->digest), image.key.fingerprint);
    image.key.extension = seen->extension;
    /* The same text was written before, so it fits. */
    ic_submit_image_key(&r->plan, &image, seen->upload_ts, NULL);
    ic_tally_duplicate(&r->tally, which, seen->path);
}

/* ---- from a path to a candidate ---------------------------------------------------------- */

/*
 * Key and request under the path that `seen` holds. Bytes that were tried before keep their key: an
 * upload that did reach S3, but whose answer was lost, is then replaced and leaves no second object.
 */
static icecat_status address(run *r, candidate *one, icecat_error *err)
{
    ic_seen *seen = one->seen;
    icecat_status status;

    if (seen->upload_ts == 0) {
        seen->upload_ts = ic_time_unix_s();
        seen->extension = one->image.key.extension;
    }
    one->image.key.extension = seen->extension;
    one->image.file_name = ic_submit_last_component(seen->path);
    ic_request_free(&one->request);
    status = ic_submit_image_key(&r->plan, &one->image, seen->upload_ts, err);
    if (status == ICECAT_OK)
        status = ic_submit_image_request(&r->plan, &one->image, &one->request, err);
    if (status == ICECAT_OK)
        seen->state = IC_SEEN_IN_FLIGHT;
    return status;
}

/* These bytes are not under way: check them, and make them ready to be sent. */
static icecat_status enter(run *r, candidate *one, const char *path, icecat_error *err)
{
    icecat_status status = ic_submit_image_judge(&r->plan, &one->image, err);
    char *own_path;

    if (status == ICECAT_OK && one->seen == NULL)
        status = ic_seen_add(&r->seen, one->image.digest, &one->seen, err);
    if (status != ICECAT_OK)
        return status;
    own_path = ic_mem_dup(r->seen.mem, path);
    if (own_path == NULL)
        return ic_fail_memory(err, "a path");
    ic_mem_free(r->seen.mem, one->seen->path);
    one->seen->path = own_path;
    one->seen->format = one->image.format;
    one->seen->size_bytes = one->image.size_bytes;
    return address(r, one, err);
}

/* Where do these bytes go? *send tells whether the candidate is to be sent now. */
static icecat_status place(run *r, candidate *one, const char *path, int *send, icecat_error *err)
{
    icecat_status status;

    *send = 0;
    one->seen = ic_seen_find(&r->seen, one->image.digest);
    if (one->seen != NULL && one->seen->state == IC_SEEN_UPLOADED) {
        report_duplicate(r, path, one->index, one->seen);
        return ICECAT_OK;
    }
    if (one->seen != NULL && one->seen->state == IC_SEEN_IN_FLIGHT)
        return ic_seen_wait(&r->seen, one->seen, path, one->index, err);
    status = enter(r, one, path, err);
    *send = status == ICECAT_OK;
    return status;
}

/* 1 when the candidate is to be sent; 0 when it is settled, or waits without its bytes. */
static int open_image(run *r, candidate *one, const char *path)
{
    ic_tally_image which = { path, one->index, &one->image };
    icecat_status status;
    int send = 0;

    one->image.file_name = ic_submit_last_component(path);
    status = ic_submit_image_read(&r->plan, path, &one->bytes, &one->image, &one->error);
    if (status == ICECAT_OK)
        status = ic_submit_image_hash(&one->image, &one->error);
    if (status == ICECAT_OK)
        status = place(r, one, path, &send, &one->error);
    if (status != ICECAT_OK)
        refuse(r, which, status, &one->error);
    return send;
}

/* The next file that is to be sent; NULL when this one is not, or there is none. */
static candidate *next_file(run *r)
{
    static const ic_submit_image unread = { .file_name = NULL };
    const char *path = NULL;
    int answer = r->next(&path, r->userdata);
    icecat_error error = { 0 };
    candidate *one;

    if (answer < 0 || (answer > 0 && path == NULL))
        r->tally.stopped = 1;
    if (answer == 0)
        r->drained = 1;
    if (answer <= 0 || path == NULL)
        return NULL;
    one = candidate_new(r, r->given++);
    if (one == NULL) {
        ic_tally_image which = { path, r->given - 1, &unread };

        refuse(r, which, ic_fail_memory(&error, "an image"), &error);
        return NULL;
    }
    if (open_image(r, one, path))
        return one;
    candidate_free(r, one);
    return NULL;
}

/* ---- those that are tried after equal bytes failed --------------------------------------- */

static void append_again(run *r, candidate *one)
{
    one->next = NULL;
    *r->again_end = one;
    r->again_end = &one->next;
}

static candidate *take_again(run *r)
{
    candidate *one = r->again;

    if (one == NULL)
        return NULL;
    r->again = one->next;
    if (r->again == NULL)
        r->again_end = &r->again;
    return one;
}

/* Settle a waiter that will not be tried: its bytes failed, for the reason that is known. */
static void give_up_waiter(run *r, candidate *one)
{
    ic_tally_image which = { one->seen->path, one->index, &one->image };
    icecat_error error = one->error;

    ic_error_prefix(&error, "not tried, for an equal image was not uploaded");
    refuse(r, which, (icecat_status)error.status, &error);
}

/* The bytes of a failed candidate go to who waits for them. 1 when the candidate lives on. */
static int hand_over(run *r, candidate *one)
{
    ic_seen *seen = one->seen;
    ic_waiter *waiter;

    seen->state = IC_SEEN_IDLE;
    while ((waiter = ic_seen_take_waiter(&r->seen, seen)) != NULL) {
        char *old_path = seen->path;
        icecat_error error = { 0 };

        one->index = waiter->index;
        seen->path = waiter->path;
        waiter->path = old_path;
        ic_waiter_free(r->seen.mem, waiter);
        if (r->no_more || r->tally.stopped) {
            give_up_waiter(r, one);
        } else if (address(r, one, &error) == ICECAT_OK) {
            append_again(r, one);
            return 1;
        } else {
            ic_tally_image which = { seen->path, one->index, &one->image };

            refuse(r, which, (icecat_status)error.status, &error);
        }
    }
    return 0;
}

/* What is still in line when the run has ended. */
static void drop_again(run *r)
{
    candidate *one;

    r->no_more = 1;
    while ((one = take_again(r)) != NULL) {
        give_up_waiter(r, one);
        hand_over(r, one);
        candidate_free(r, one);
    }
}

/* ---- the engine's source ----------------------------------------------------------------- */

static int bounds_are_left(run *r, uint64_t now, icecat_status *status)
{
    *status = ic_bounds_check(&r->plan.bounds, now, NULL);
    return *status == ICECAT_OK;
}

/* A source that is at its end says WAIT as long as calls are in flight, for a failed one may give its
 * place to a duplicate, and a callback may still stop the run. */
static ic_source_answer next(ic_call *call, void *userdata)
{
    run *r = userdata;
    uint64_t began = ic_time_monotonic_ms();

    for (;;) {
        uint64_t now = ic_time_monotonic_ms();
        candidate *one;

        if (r->tally.stopped)
            return IC_SOURCE_STOP;
        if (r->no_more || (r->drained && r->again == NULL) || !bounds_are_left(r, now, &r->bounds))
            return r->in_flight != 0 ? IC_SOURCE_WAIT : IC_SOURCE_END;
        one = take_again(r);
        if (one == NULL && r->in_flight != 0 &&
            (r->seen.waiters >= MOST_WAITERS || now - began >= SLICE_MS))
            return IC_SOURCE_WAIT;
        if (one == NULL)
            one = next_file(r);
        if (one != NULL) {
            call->request = &one->request;
            call->userdata = one;
            r->in_flight++;
            return IC_SOURCE_CALL;
        }
    }
}

static void uploaded(run *r, const candidate *one, const ic_response *response)
{
    ic_tally_image which = { one->seen->path, one->index, &one->image };
    icecat_s3_put_result result;
    ic_waiter *waiter;

    ic_s3_put_parse(response, &result);
    one->seen->state = IC_SEEN_UPLOADED;
    ic_tally_submitted(&r->tally, which, result.etag);
    while ((waiter = ic_seen_take_waiter(&r->seen, one->seen)) != NULL) {
        report_duplicate(r, waiter->path, waiter->index, one->seen);
        ic_waiter_free(r->seen.mem, waiter);
    }
}

static void settled(ic_call *call, void *userdata)
{
    run *r = userdata;
    candidate *one = call->userdata;
    ic_tally_image which = { one->seen->path, one->index, &one->image };

    r->in_flight--;
    if (call->status == ICECAT_OK) {
        uploaded(r, one, &call->response);
        candidate_free(r, one);
        return;
    }
    /* Only the bounds of the whole run end a call so. */
    if (call->status == ICECAT_E_CANCELLED || call->status == ICECAT_E_DEADLINE)
        r->no_more = 1;
    one->error = call->error;
    refuse(r, which, call->status, &one->error);
    if (!hand_over(r, one))
        candidate_free(r, one);
}

static icecat_status run_all(run *r, icecat_error *err)
{
    icecat_client *client = r->plan.pipeline->client;
    ic_source source = { next, settled, r };
    icecat_status status;

    ic_seen_init(&r->seen, &r->plan.pipeline->mem);
    r->again_end = &r->again;
    status = ic_engine_run(client, &source, ic_client_max_connections(client), &r->plan.bounds,
                           err);
    drop_again(r);
    ic_seen_free(&r->seen);
    if (status == ICECAT_OK && r->bounds != ICECAT_OK)
        status = ic_fail(err, r->bounds, "%s", icecat_status_message(r->bounds));
    return ic_tally_conclude(&r->tally, status, err);
}

icecat_status icecat_pipeline_submit_many(icecat_pipeline *pipeline, uint64_t batch_id,
                                          icecat_next_path_fn next_path,
                                          icecat_submission_fn settled_fn, void *userdata,
                                          const icecat_submit_options *options,
                                          icecat_submit_counts *counts, icecat_error *err)
{
    run r = { .next = next_path, .userdata = userdata };
    icecat_status status = ICECAT_OK;

    ic_error_clear(err);
    ic_tally_init(&r.tally, &r.plan, settled_fn, userdata);
    if (counts != NULL)
        status = IC_OPTIONS_STORE(counts, &r.tally.counts, icecat_submit_counts, err);
    if (status == ICECAT_OK && next_path == NULL)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "next is NULL");
    if (status == ICECAT_OK)
        status = ic_submit_plan_load(&r.plan, pipeline, batch_id, options, err);
    if (status != ICECAT_OK)
        return status;
    status = run_all(&r, err);
    if (counts != NULL) /* its size is known to be sane */
        IC_OPTIONS_STORE(counts, &r.tally.counts, icecat_submit_counts, NULL);
    return status;
}
