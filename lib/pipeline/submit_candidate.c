/*
 * submit_candidate.c - from a path of a bulk submission to an image that can be sent, or to its end.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "pipeline/submit_run.h"

#include <string.h>

void ic_candidates_init(ic_candidates *list)
{
    memset(list, 0, sizeof(*list));
    list->end = &list->first;
}

void ic_candidates_add(ic_candidates *list, ic_candidate *one)
{
    one->next = NULL;
    *list->end = one;
    list->end = &one->next;
    list->count++;
    list->bytes += one->bytes.len;
}

ic_candidate *ic_candidates_take(ic_candidates *list)
{
    ic_candidate *one = list->first;

    if (one == NULL)
        return NULL;
    list->first = one->next;
    if (list->first == NULL)
        list->end = &list->first;
    list->count--;
    list->bytes -= one->bytes.len;
    return one;
}

/* The newest first: it may still be in the cache. */
static void take_spare(ic_submit_run *run, ic_buf *bytes)
{
    if (run->spare_count != 0)
        *bytes = run->spare[--run->spare_count];
}

static void give_spare(ic_submit_run *run, ic_buf *bytes)
{
    if (run->spare_count == IC_SPARE_MOST || bytes->data == NULL) {
        ic_buf_free(bytes);
        return;
    }
    ic_buf_reset(bytes);
    run->spare[run->spare_count++] = *bytes;
}

void ic_submit_run_free_spare(ic_submit_run *run)
{
    while (run->spare_count != 0)
        ic_buf_free(&run->spare[--run->spare_count]);
}

void ic_candidate_free(ic_submit_run *run, ic_candidate *one)
{
    ic_request_free(&one->request);
    give_spare(run, &one->bytes);
    ic_mem_free(run->seen.mem, one);
}

void ic_submit_refuse(ic_submit_run *run, ic_tally_image which, icecat_status status,
                      icecat_error *error)
{
    if (error->status != (int32_t)status)
        ic_error_recast(error, status);
    if (ic_submit_is_rejection(status)) {
        ic_tally_rejected(&run->tally, which, error);
        return;
    }
    ic_tally_failed(&run->tally, which, error);
    if (run->plan.stop_at_failure)
        run->no_more = 1;
}

void ic_submit_duplicate(ic_submit_run *run, const char *path, uint64_t index, const ic_seen *seen)
{
    ic_submit_image image = { .size_bytes = seen->size_bytes, .format = seen->format };
    ic_tally_image which = { path, index, &image };

    ic_hex(seen->digest, sizeof(seen->digest), image.key.fingerprint);
    image.key.extension = seen->extension;
    /* The same text was written before, so it fits. */
    ic_submit_image_key(&run->plan, &image, seen->upload_ts, NULL);
    ic_tally_duplicate(&run->tally, which, seen->path);
}

icecat_status ic_candidate_address(const ic_submit_run *run, ic_candidate *one, icecat_error *err)
{
    ic_seen *seen = one->seen;
    icecat_status status;

    if (seen->upload_ts == 0) {
        seen->upload_ts = ic_submit_plan_time(&run->plan);
        seen->extension = one->image.key.extension;
    }
    one->image.key.extension = seen->extension;
    one->image.file_name = ic_submit_last_component(seen->path);
    ic_request_free(&one->request);
    status = ic_submit_image_key(&run->plan, &one->image, seen->upload_ts, err);
    if (status == ICECAT_OK)
        status = ic_submit_image_request(&run->plan, &one->image, &one->request, err);
    if (status == ICECAT_OK)
        seen->state = IC_SEEN_IN_FLIGHT;
    return status;
}

/* These bytes are not under way: check them, and make them ready to be sent. */
static icecat_status enter(ic_submit_run *run, ic_candidate *one, const char *path,
                           icecat_error *err)
{
    icecat_status status = ic_submit_image_judge(&run->plan, &one->image, err);
    char *own_path;

    if (status == ICECAT_OK && one->seen == NULL)
        status = ic_seen_add(&run->seen, one->image.digest, &one->seen, err);
    if (status != ICECAT_OK)
        return status;
    own_path = ic_mem_dup(run->seen.mem, path);
    if (own_path == NULL)
        return ic_fail_memory(err, "a path");
    ic_mem_free(run->seen.mem, one->seen->path);
    one->seen->path = own_path;
    one->seen->format = one->image.format;
    one->seen->size_bytes = one->image.size_bytes;
    return ic_candidate_address(run, one, err);
}

/* Does the caller know these bytes? Then they are settled. */
static int is_known(ic_submit_run *run, const ic_candidate *one, const char *path)
{
    ic_tally_image which = { path, one->index, &one->image };
    int answer = run->plan.is_known(one->image.key.fingerprint, run->userdata);

    if (answer < 0)
        run->tally.stopped = 1;
    if (answer > 0)
        ic_tally_known(&run->tally, which);
    return answer > 0;
}

/* Where do these bytes go? *send tells whether the candidate is to be sent now. */
static icecat_status place(ic_submit_run *run, ic_candidate *one, const char *path, int *send,
                           icecat_error *err)
{
    icecat_status status;

    *send = 0;
    one->seen = ic_seen_find(&run->seen, one->image.digest);
    if (one->seen != NULL && one->seen->state == IC_SEEN_UPLOADED) {
        ic_submit_duplicate(run, path, one->index, one->seen);
        return ICECAT_OK;
    }
    if (one->seen != NULL && one->seen->state == IC_SEEN_IN_FLIGHT)
        return ic_seen_wait(&run->seen, one->seen, path, one->index, err);
    if (run->plan.is_known != NULL && is_known(run, one, path))
        return ICECAT_OK;
    status = enter(run, one, path, err);
    *send = status == ICECAT_OK;
    return status;
}

/* 1 when the candidate is to be sent; 0 when it is settled, or waits without its bytes. */
static int open_image(ic_submit_run *run, ic_candidate *one, const char *path)
{
    ic_tally_image which = { path, one->index, &one->image };
    icecat_status status;
    int send = 0;

    one->image.file_name = ic_submit_last_component(path);
    status = ic_submit_image_read(&run->plan, path, &one->bytes, &one->image, &one->error);
    if (status == ICECAT_OK)
        status = place(run, one, path, &send, &one->error);
    if (status != ICECAT_OK)
        ic_submit_refuse(run, which, status, &one->error);
    return send;
}

ic_candidate *ic_candidate_open(ic_submit_run *run, const char *path, uint64_t index)
{
    static const ic_submit_image unread = { .file_name = NULL };
    ic_candidate *one = ic_mem_zalloc(run->seen.mem, sizeof(*one));

    if (one == NULL) {
        ic_tally_image which = { path, index, &unread };
        icecat_error error = { 0 };

        ic_submit_refuse(run, which, ic_fail_memory(&error, "an image"), &error);
        return NULL;
    }
    one->index = index;
    ic_buf_init(&one->bytes, run->seen.mem, (size_t)run->plan.max_bytes);
    take_spare(run, &one->bytes);
    if (open_image(run, one, path))
        return one;
    ic_candidate_free(run, one);
    return NULL;
}
