/*
 * wait.c - look again and again until every image has its verdict.
 */
#include "pipeline/wait.h"

#include "base/error.h"
#include "pipeline/results.h"

#define FIRST_PAUSE_MS 200
#define MOST_PAUSE_MS  5000
#define LAST_LOOK_MS   250 /* what a look may take */

uint64_t ic_wait_pause_ms(unsigned look, uint64_t left_ms)
{
    uint64_t pause = FIRST_PAUSE_MS;

    for (unsigned i = 0; i < look && pause < MOST_PAUSE_MS; i++)
        pause += pause / 2;
    if (pause > MOST_PAUSE_MS)
        pause = MOST_PAUSE_MS;
    if (left_ms > pause + LAST_LOOK_MS)
        return pause;
    return left_ms > LAST_LOOK_MS ? left_ms - LAST_LOOK_MS : 0;
}

static icecat_status tell_pending(const ic_results_query *query, const icecat_results *results,
                                  icecat_error *err)
{
    size_t total = icecat_results_count(results);

    if (total == 0)
        return ic_fail(err, ICECAT_E_PENDING, "the time is over; batch %llu has no record yet",
                       (unsigned long long)query->batch_id);
    return ic_fail(err, ICECAT_E_PENDING,
                   "the time is over; %llu of %zu images of batch %llu have a verdict",
                   (unsigned long long)ic_results_count_final(results), total,
                   (unsigned long long)query->batch_id);
}

/* One look, told to the caller. @p done is 1 when nothing is left to wait for. */
static icecat_status look(const ic_results_query *query, icecat_results **results,
                          icecat_wait_fn progress, void *userdata, int *done, icecat_error *err)
{
    icecat_status status = ic_results_look(query, results, err);
    uint64_t total;
    uint64_t finished;

    *done = 0;
    if (status != ICECAT_OK)
        return status;
    total = icecat_results_count(*results);
    finished = ic_results_count_final(*results);
    *done = total != 0 && finished == total;
    if (progress != NULL && progress(finished, total, userdata) != 0)
        return ic_fail(err, ICECAT_E_CALLBACK, "the progress callback stopped the wait");
    return ICECAT_OK;
}

static icecat_status poll_table(const ic_results_query *query, icecat_results **results,
                                icecat_wait_fn progress, void *userdata, icecat_error *err)
{
    for (unsigned looks = 0;; looks++) {
        int done;
        icecat_status status = look(query, results, progress, userdata, &done, err);
        uint64_t pause;

        if (status == ICECAT_OK && done)
            return ICECAT_OK;
        if (status == ICECAT_E_DEADLINE)
            return tell_pending(query, *results, err);
        if (status != ICECAT_OK)
            return status;
        pause = ic_wait_pause_ms(looks, ic_steps_left_ms(&query->steps));
        if (pause == 0)
            return tell_pending(query, *results, err);
        status = ic_bounds_sleep(&query->steps.bounds, pause, err);
        if (status == ICECAT_E_DEADLINE)
            return tell_pending(query, *results, err);
        if (status != ICECAT_OK)
            return status;
    }
}

icecat_status icecat_pipeline_wait(icecat_pipeline *pipeline, uint64_t batch_id,
                                   const icecat_results_options *options, icecat_wait_fn progress,
                                   void *userdata, icecat_results **out, icecat_error *err)
{
    ic_results_query query;
    icecat_results *results = NULL;
    icecat_status status = ic_results_begin(&query, pipeline, batch_id, options, err);

    if (status == ICECAT_OK && out == NULL)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    if (out != NULL)
        *out = NULL;
    if (status == ICECAT_OK)
        status = ic_results_expect(&query, &results, err);
    if (status == ICECAT_OK)
        status = poll_table(&query, &results, progress, userdata, err);
    if (status == ICECAT_OK || status == ICECAT_E_PENDING)
        *out = results;
    else
        icecat_results_free(results);
    return status;
}
