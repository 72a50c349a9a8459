/*
 * results_read.c - read records from the table: a whole batch, or one.
 *
 * Records whose ttl has passed are given as long as the table has them: DynamoDB deletes them within
 * days, and a user who asks rather sees an old verdict than none.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "base/options.h"
#include "pipeline/results.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_results_options, reserved);

#define MIN_PREFIX   4
#define MAX_BATCH_ID 9007199254740992u /* 2^53 */

/* Logs and the service's answer are most of a record's bytes. A projection spares their transfer,
   not their price. ttl is a reserved word. */
#define BASE_ATTRIBUTES                                                                            \
    "batch_id, img_fprint, client_id, s3img_key, file_name, op_status, rek_iscat, "                \
    "rek_confidence, labels, current_date, upload_ts, rek_ts, fail_code, fail_reason, #ttl"

static const icecat_pair ttl_name[] = { { "#ttl", "ttl" } };

void icecat_results_options_init(icecat_results_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

static icecat_status check_options(const icecat_results_options *options, icecat_error *err)
{
    if (options->fingerprints_count != 0 && options->fingerprints == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "fingerprints is NULL but fingerprints_count is %zu",
                       options->fingerprints_count);
    if (options->reserved != 0)
        return ic_fail(err, ICECAT_E_ARGUMENT, "icecat_results_options.reserved is not 0");
    for (size_t i = 0; i < options->fingerprints_count; i++) {
        const char *text = options->fingerprints[i];

        if (text == NULL || !ic_sha256_hex_is_valid(text))
            return ic_fail(err, ICECAT_E_ARGUMENT,
                           "fingerprint %zu is \"%.64s\"; 64 lower-case hex digits are needed", i,
                           text != NULL ? text : "");
    }
    return ICECAT_OK;
}

icecat_status ic_results_begin(ic_results_query *query, icecat_pipeline *pipeline,
                               uint64_t batch_id, const icecat_results_options *options,
                               icecat_error *err)
{
    icecat_status status;

    ic_error_clear(err);
    if (pipeline == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "pipeline is NULL");
    if (batch_id == 0 || batch_id > MAX_BATCH_ID)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%llu is not a batch id",
                       (unsigned long long)batch_id);
    query->pipeline = pipeline;
    query->batch_id = batch_id;
    status = IC_OPTIONS_LOAD(&query->options, options, icecat_results_options, err);
    if (status == ICECAT_OK)
        status = check_options(&query->options, err);
    if (status == ICECAT_OK)
        status = ic_pipeline_need(pipeline, IC_NEED_TABLE, err);
    if (status != ICECAT_OK)
        return status;
    return ic_steps_begin(&query->steps, ic_client_clock(pipeline->client), query->options.call,
                          err);
}

void ic_results_project(const ic_results_query *query, icecat_dynamodb_options *options)
{
    static const char *const projections[] = { BASE_ATTRIBUTES, BASE_ATTRIBUTES ", logs",
                                               BASE_ATTRIBUTES ", rek_resp", NULL };
    unsigned which = (query->options.with_logs != 0 ? 1u : 0u) +
                     (query->options.with_response != 0 ? 2u : 0u);

    options->projection = projections[which];
    options->names = options->projection != NULL ? ttl_name : NULL;
    options->names_count = options->projection != NULL ? 1 : 0;
    options->consistent = query->options.consistent != 0;
}

/* ---- a whole batch, or what begins so ------------------------------------------------------ */

static icecat_status query_items(const ic_results_query *query, const char *prefix,
                                 uint64_t max_items, icecat_items **out, icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *values = icecat_item_new(&query->pipeline->mem);
    icecat_call_options call;
    icecat_status status = ic_steps_next(&query->steps, &call, err);

    *out = NULL;
    if (values == NULL)
        return ic_fail_memory(err, "a query");
    ic_results_project(query, &options);
    options.call = &call;
    options.values = values;
    options.max_items = max_items;
    if (status == ICECAT_OK)
        status = icecat_item_set_int(values, ":batch", (int64_t)query->batch_id, err);
    if (status == ICECAT_OK && prefix != NULL)
        status = icecat_item_set_string(values, ":prefix", prefix, err);
    if (status == ICECAT_OK)
        status = icecat_dynamodb_query(
            query->pipeline->client, query->pipeline->table,
            prefix != NULL ? "batch_id = :batch AND begins_with(img_fprint, :prefix)"
                           : "batch_id = :batch",
            &options, out, err);
    icecat_item_free(values);
    return status;
}

icecat_status ic_results_from(const icecat_pipeline *pipeline, const icecat_items *items,
                              icecat_results **out, icecat_error *err)
{
    icecat_results *results = ic_results_new(&pipeline->mem);
    icecat_status status = results != NULL ? ICECAT_OK : ic_fail_memory(err, "results");

    *out = NULL;
    for (size_t i = 0; i < icecat_items_count(items) && status == ICECAT_OK; i++)
        status = ic_results_add(results, icecat_items_at(items, i), pipeline->label, err);
    if (status == ICECAT_OK)
        *out = results;
    else
        icecat_results_free(results);
    return status;
}

static icecat_status look_at_batch(const ic_results_query *query, icecat_results **results,
                                   icecat_error *err)
{
    icecat_results *fresh = NULL;
    icecat_items *items;
    icecat_status status = query_items(query, NULL, 0, &items, err);

    if (status == ICECAT_OK)
        status = ic_results_from(query->pipeline, items, &fresh, err);
    icecat_items_free(items);
    if (status != ICECAT_OK)
        return status;
    icecat_results_free(*results);
    *results = fresh;
    return ICECAT_OK;
}

/* ---- looks --------------------------------------------------------------------------------- */

icecat_status ic_results_expect(const ic_results_query *query, icecat_results **out,
                                icecat_error *err)
{
    icecat_results *results = ic_results_new(&query->pipeline->mem);
    icecat_status status = results != NULL ? ICECAT_OK : ic_fail_memory(err, "results");

    *out = NULL;
    for (size_t i = 0; i < query->options.fingerprints_count && status == ICECAT_OK; i++)
        status = ic_results_add_missing(results, query->batch_id, query->options.fingerprints[i],
                                        err);
    if (status == ICECAT_OK)
        *out = results;
    else
        icecat_results_free(results);
    return status;
}

icecat_status ic_results_look(const ic_results_query *query, icecat_results **results,
                              icecat_error *err)
{
    if (query->options.fingerprints_count == 0)
        return look_at_batch(query, results, err);
    return ic_results_look_at_some(query, *results, err);
}

icecat_status icecat_pipeline_results(icecat_pipeline *pipeline, uint64_t batch_id,
                                      const icecat_results_options *options, icecat_results **out,
                                      icecat_error *err)
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
        status = ic_results_look(&query, &results, err);
    if (status == ICECAT_OK)
        *out = results;
    else
        icecat_results_free(results);
    return status;
}

/* ---- one ----------------------------------------------------------------------------------- */

static icecat_status read_prefix(const char *text, char out[IC_SHA256_HEX_SIZE], icecat_error *err)
{
    size_t len = text != NULL ? strlen(text) : 0;

    if (len < MIN_PREFIX || len >= IC_SHA256_HEX_SIZE ||
        strspn(text, "0123456789abcdefABCDEF") != len)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "fingerprint \"%.70s\" must be 64 hex digits, or at least the first %d",
                       text != NULL ? text : "", MIN_PREFIX);
    for (size_t i = 0; i <= len; i++)
        out[i] = (char)(text[i] >= 'A' && text[i] <= 'F' ? text[i] - 'A' + 'a' : text[i]);
    return ICECAT_OK;
}

static icecat_status check_single(const icecat_items *items, uint64_t batch_id, const char *prefix,
                                  icecat_error *err)
{
    size_t count = icecat_items_count(items);

    if (count == 1)
        return ICECAT_OK;
    if (count == 0)
        return ic_fail(err, ICECAT_E_NOT_FOUND,
                       "batch %llu has no record whose fingerprint begins with \"%s\"",
                       (unsigned long long)batch_id, prefix);
    return ic_fail(err, ICECAT_E_ARGUMENT,
                   "more than one fingerprint of batch %llu begins with \"%s\"; give more digits",
                   (unsigned long long)batch_id, prefix);
}

icecat_status icecat_pipeline_result(icecat_pipeline *pipeline, uint64_t batch_id,
                                     const char *fingerprint, const icecat_results_options *options,
                                     icecat_results **out, icecat_error *err)
{
    ic_results_query query;
    icecat_items *items = NULL;
    char prefix[IC_SHA256_HEX_SIZE];
    icecat_status status = ic_results_begin(&query, pipeline, batch_id, options, err);

    if (status == ICECAT_OK && out == NULL)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    if (out != NULL)
        *out = NULL;
    if (status == ICECAT_OK)
        status = read_prefix(fingerprint, prefix, err);
    if (status != ICECAT_OK)
        return status;
    query.options.with_response = 1;
    /* Two tell that the prefix is not unique; 64 digits are a prefix that only one has. */
    status = query_items(&query, prefix, 2, &items, err);
    if (status == ICECAT_OK)
        status = check_single(items, batch_id, prefix, err);
    if (status == ICECAT_OK)
        status = ic_results_from(pipeline, items, out, err);
    icecat_items_free(items);
    return status;
}
