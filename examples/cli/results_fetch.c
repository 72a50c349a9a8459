/*
 * results_fetch.c - the records of a batch from the table.
 */
#include "results_fetch.h"

#include "cli_error.h"
#include "cli_progress.h"
#include <stdlib.h>

struct waiting {
    struct progress progress;
    const struct cli *cli;
    int is_begun;
};

int results_want_logs(const struct cli *cli)
{
    return options_count(&cli->options, OPTION_LOGS) != 0 ||
           options_count(&cli->options, OPTION_DEBUG) != 0;
}

/* Not what was not uploaded, whatever its fingerprint, and not what is known. */
static int is_asked_for(const struct known_image *image)
{
    return image->reason == NULL && image->batch_id == 0;
}

static icecat_status find_fingerprints(const struct results_run *run, struct fingerprints *out,
                                       icecat_error *err)
{
    const char **all = calloc(run->image_count + 1, sizeof(*all));
    int ok;

    for (size_t i = 0; all != NULL && i < run->image_count; i++)
        all[i] = is_asked_for(&run->images[i]) ? run->images[i].fingerprint : NULL;
    ok = all != NULL && fingerprints_make(out, all, run->image_count);
    free(all);
    return ok ? ICECAT_OK : cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
}

static int tell_wait(uint64_t finished, uint64_t total, void *userdata)
{
    struct waiting *waiting = userdata;

    if (!waiting->is_begun) {
        struct progress_state state = { .verb = "waiting", .noun = "verdicts", .total = total };

        cli_progress_begin(waiting->cli, &waiting->progress, &state);
        waiting->is_begun = 1;
    }
    waiting->progress.state.total = total;
    progress_update(&waiting->progress, finished, 0, 0);
    return 0;
}

/* Only states are read while waiting; the whole records once, at the end. */
static icecat_status wait_for(struct cli *cli, const struct results_run *run,
                              icecat_results_options *options, icecat_error *err)
{
    icecat_call_options call = *options->call;
    icecat_results_options own = *options;
    struct waiting waiting = { .cli = cli };
    icecat_results *last = NULL;
    icecat_status status;

    call.timeout_ms = run->wait_ms;
    own.call = &call;
    own.with_logs = 0;
    own.with_response = 0;
    status = icecat_pipeline_wait(cli->pipeline, run->batch_id, &own, tell_wait, &waiting, &last,
                                  err);
    icecat_results_free(last);
    if (waiting.is_begun)
        progress_end(&waiting.progress);
    return status == ICECAT_E_PENDING ? ICECAT_OK : status;
}

/* Records of the Python system have their labels in the service's answer alone. */
static int labels_are_in_answers(const icecat_results *results)
{
    icecat_result result = ICECAT_RESULT_INIT;

    for (size_t i = 0; icecat_results_at(results, i, &result); i++) {
        if (result.state == ICECAT_RESULT_SUCCESS && result.labels_json == NULL)
            return 1;
    }
    return 0;
}

/* Answers are not in the indexes: with them a search takes a request more for each 100 records. */
static icecat_status search(struct cli *cli, const icecat_search_options *search,
                            const icecat_call_options *call, icecat_results **out,
                            icecat_error *err)
{
    icecat_search_options own = *search;
    icecat_status status;

    own.call = call;
    own.with_logs = (uint32_t)results_want_logs(cli);
    status = icecat_pipeline_search(cli->pipeline, &own, out, err);
    if (status != ICECAT_OK || !labels_are_in_answers(*out))
        return status;
    icecat_results_free(*out);
    own.with_response = 1;
    return icecat_pipeline_search(cli->pipeline, &own, out, err);
}

icecat_status results_fetch(struct cli *cli, const struct results_run *run,
                            struct results_fetch *out, icecat_error *err)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    int writes = run->batch_file != NULL && !run->only_report &&
                 options_count(&cli->options, OPTION_NO_WRITE) == 0;
    icecat_status status;

    *out = (struct results_fetch){ .results = NULL };
    status = run->images != NULL ? find_fingerprints(run, &out->fingerprints, err) : ICECAT_OK;
    if (status != ICECAT_OK || (run->images != NULL && out->fingerprints.distinct_count == 0))
        return status; /* nothing to ask for: no account is needed */
    status = cli_need_pipeline(cli, err);
    if (status != ICECAT_OK)
        return status;
    call.cancel = cli->cancel;
    if (run->search != NULL)
        return search(cli, run->search, &call, &out->results, err);
    options.call = &call;
    options.fingerprints = out->fingerprints.distinct;
    options.fingerprints_count = out->fingerprints.distinct_count;
    /* The results file has every attribute, as the Python client's has. */
    options.with_logs = writes || results_want_logs(cli);
    options.with_response = 1;
    if (run->wait_ms != 0)
        status = wait_for(cli, run, &options, err);
    if (status == ICECAT_OK)
        status = icecat_pipeline_results(cli->pipeline, run->batch_id, &options, &out->results,
                                         err);
    return status;
}

void results_fetch_clear(struct results_fetch *fetch)
{
    fingerprints_clear(&fetch->fingerprints);
    icecat_results_free(fetch->results);
    fetch->results = NULL;
}
