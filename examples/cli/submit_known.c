/*
 * submit_known.c - images that need not be uploaded.
 *
 * The table has no index on fingerprints. --skip-known therefore reads all judged records of the client
 * (one Query of GSI2, a request for each megabyte), and --known those of given batches (BatchGetItem, a
 * request for each hundred images); either is paid for once a submission, and then costs nothing more for
 * an image. docs/results.md has the prices.
 */
#include "submit_known.h"

#include "cli_error.h"
#include "fingerprints.h"
#include <stdlib.h>
#include <string.h>

enum { FIRST_VERDICTS = 64 };

static icecat_status out_of_memory(icecat_error *err)
{
    return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
}

static struct known_verdict *make_room(struct submit_known *known)
{
    if (known->verdict_count == known->verdict_cap) {
        size_t cap = known->verdict_cap != 0 ? known->verdict_cap * 2 : FIRST_VERDICTS;
        struct known_verdict *grown = cap <= SIZE_MAX / sizeof(*grown)
                                          ? realloc(known->verdicts, cap * sizeof(*grown))
                                          : NULL;

        if (grown == NULL)
            return NULL;
        known->verdicts = grown;
        known->verdict_cap = cap;
    }
    return &known->verdicts[known->verdict_count];
}

static icecat_status take_results(struct submit_known *known, const icecat_results *results,
                                  uint64_t own_batch, icecat_error *err)
{
    icecat_result result = ICECAT_RESULT_INIT;

    for (size_t i = 0; icecat_results_at(results, i, &result); i++) {
        struct known_verdict *verdict;

        if (result.state != ICECAT_RESULT_SUCCESS || result.batch_id == own_batch ||
            result.fingerprint == NULL ||
            strlen(result.fingerprint) >= sizeof(verdict->fingerprint))
            continue;
        verdict = make_room(known);
        if (verdict == NULL)
            return out_of_memory(err);
        strcpy(verdict->fingerprint, result.fingerprint);
        verdict->batch_id = result.batch_id;
        verdict->confidence = result.confidence;
        verdict->is_cat = result.is_cat != 0;
        known->verdict_count++;
    }
    return ICECAT_OK;
}

/* ---- the client's own -------------------------------------------------------------------- */

static icecat_status read_client(struct cli *cli, uint64_t own_batch, struct submit_known *known,
                                 icecat_error *err)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_search_options search = ICECAT_SEARCH_OPTIONS_INIT;
    icecat_results *results = NULL;
    icecat_status status;

    call.cancel = cli->cancel;
    search.call = &call;
    search.client_id = config_text(&cli->config, CONFIG_CLIENT_ID);
    search.state = ICECAT_RESULT_SUCCESS;
    status = icecat_pipeline_search(cli->pipeline, &search, &results, err);
    if (status == ICECAT_OK)
        status = take_results(known, results, own_batch, err);
    icecat_results_free(results);
    return status;
}

/* ---- batch files ------------------------------------------------------------------------- */

/* All records of one batch id, which begin at @p first; *end is the first of another. */
static icecat_status read_run(struct cli *cli, const icecat_batch *batch, size_t first, size_t *end,
                              uint64_t own_batch, struct submit_known *known, icecat_error *err)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    struct fingerprints prints = { .distinct = NULL };
    const char **all = calloc(icecat_batch_count(batch) - first, sizeof(*all));
    icecat_results *results = NULL;
    uint64_t id = 0;
    icecat_status status;

    for (*end = first; all != NULL && icecat_batch_at(batch, *end, &record); (*end)++) {
        if (*end != first && record.batch_id != id)
            break;
        id = record.batch_id;
        all[*end - first] = record.fingerprint;
    }
    if (all == NULL || !fingerprints_make(&prints, all, *end - first)) {
        free(all);
        return out_of_memory(err);
    }
    call.cancel = cli->cancel;
    options.call = &call;
    options.fingerprints = prints.distinct;
    options.fingerprints_count = prints.distinct_count;
    status = icecat_pipeline_results(cli->pipeline, id, &options, &results, err);
    if (status == ICECAT_OK)
        status = take_results(known, results, own_batch, err);
    icecat_results_free(results);
    fingerprints_clear(&prints);
    free(all);
    return status;
}

static icecat_status read_file(struct cli *cli, const char *path, uint64_t own_batch,
                               struct submit_known *known, icecat_error *err)
{
    icecat_batch *batch = NULL;
    icecat_status status = icecat_batch_load(path, &batch, err);
    size_t at = 0;

    while (status == ICECAT_OK && at < icecat_batch_count(batch))
        status = read_run(cli, batch, at, &at, own_batch, known, err);
    icecat_batch_free(batch);
    return status;
}

/* ---- find -------------------------------------------------------------------------------- */

static int by_verdict(const void *a, const void *b)
{
    return strcmp(((const struct known_verdict *)a)->fingerprint,
                  ((const struct known_verdict *)b)->fingerprint);
}

static int by_record(const void *a, const void *b)
{
    return strcmp(((const struct known_record *)a)->fingerprint,
                  ((const struct known_record *)b)->fingerprint);
}

icecat_status submit_known_read(struct cli *cli, uint64_t batch_id, struct submit_known *known,
                                icecat_error *err)
{
    size_t files = options_count(&cli->options, OPTION_KNOWN);
    icecat_status status = ICECAT_OK;

    if (options_count(&cli->options, OPTION_SKIP_KNOWN) != 0)
        status = read_client(cli, batch_id, known, err);
    for (size_t i = 0; i < files && status == ICECAT_OK; i++)
        status = read_file(cli, options_at(&cli->options, OPTION_KNOWN, i), batch_id, known, err);
    if (known->verdict_count != 0)
        qsort(known->verdicts, known->verdict_count, sizeof(*known->verdicts), by_verdict);
    return status;
}

icecat_status submit_known_index(const icecat_batch *batch, size_t first,
                                 struct submit_known *known, icecat_error *err)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    size_t count = icecat_batch_count(batch);

    if (count <= first)
        return ICECAT_OK;
    known->records = calloc(count - first, sizeof(*known->records));
    if (known->records == NULL)
        return out_of_memory(err);
    for (size_t i = first; icecat_batch_at(batch, i, &record); i++) {
        if (record.duplicate_of == NULL)
            known->records[known->record_count++] = (struct known_record){ record.fingerprint, i };
    }
    qsort(known->records, known->record_count, sizeof(*known->records), by_record);
    return ICECAT_OK;
}

const struct known_verdict *submit_known_verdict(const struct submit_known *known,
                                                 const char *fingerprint)
{
    struct known_verdict key;

    if (known->verdict_count == 0 || strlen(fingerprint) >= sizeof(key.fingerprint))
        return NULL;
    strcpy(key.fingerprint, fingerprint);
    return bsearch(&key, known->verdicts, known->verdict_count, sizeof(key), by_verdict);
}

const struct known_record *submit_known_record(const struct submit_known *known,
                                               const char *fingerprint)
{
    struct known_record key = { fingerprint, 0 };

    if (known->record_count == 0)
        return NULL;
    return bsearch(&key, known->records, known->record_count, sizeof(key), by_record);
}

void submit_known_clear(struct submit_known *known)
{
    free(known->verdicts);
    free(known->records);
    *known = (struct submit_known){ .verdicts = NULL };
}
