/*
 * results_search.c - find records by batch, client, state, verdict and time.
 *
 * The indexes are those of the Python system's table. GSI1 (batch, time) and GSI3 (batch, client) are not
 * used: a batch is one partition of the table and of one client, so a filter finds the same for the price
 * of reading the batch, and a table need not have them.
 */
#include "base/error.h"
#include "base/options.h"
#include "pipeline/results.h"

#include <stdio.h>
#include <string.h>

IC_NO_PADDING_AFTER(icecat_search_options, reserved);

#define MOST_SECONDS 253402300800ll /* the year 10000 */

void icecat_search_options_init(icecat_search_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

static icecat_status check(const icecat_search_options *options, icecat_error *err)
{
    if (options->batch_id == 0 && options->client_id == NULL && options->verdict == 0)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "a search needs a batch id, a client id or a verdict; without one the whole "
                       "table would be read");
    if (options->client_id != NULL && !ic_client_id_is_valid(options->client_id))
        return ic_fail(err, ICECAT_E_ARGUMENT, "\"%.80s\" is not a client id", options->client_id);
    if (options->state > ICECAT_RESULT_FAIL || options->verdict > ICECAT_VERDICT_NOT_CAT)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is %u, which is none",
                       options->state > ICECAT_RESULT_FAIL ? "state" : "verdict",
                       options->state > ICECAT_RESULT_FAIL ? options->state : options->verdict);
    if (options->verdict != 0 && options->state != 0 && options->state != ICECAT_RESULT_SUCCESS)
        return ic_fail(err, ICECAT_E_ARGUMENT, "only judged images have a verdict");
    if (options->since < 0 || options->since > MOST_SECONDS || options->until < 0 ||
        options->until > MOST_SECONDS)
        return ic_fail(err, ICECAT_E_ARGUMENT, "since and until are seconds since 1970");
    if (options->until != 0 && options->until <= options->since)
        return ic_fail(err, ICECAT_E_ARGUMENT, "until must be later than since");
    return ICECAT_OK;
}

/* ---- expressions ------------------------------------------------------------------------- */

/* Where conditions gather. */
typedef struct conditions {
    char *text;
    size_t size;
} conditions;

/* They fit: there are few, and each is short. */
static void add(conditions *to, const char *condition)
{
    size_t len = strlen(to->text);

    snprintf(to->text + len, to->size - len, "%s%s", len != 0 ? " AND " : "", condition);
}

static icecat_status add_number(conditions *to, const char *condition, icecat_item *values,
                                const char *name, int64_t value, icecat_error *err)
{
    add(to, condition);
    return icecat_item_set_int(values, name, value, err);
}

static icecat_status add_string(conditions *to, const char *condition, icecat_item *values,
                                const char *name, const char *value, icecat_error *err)
{
    add(to, condition);
    return icecat_item_set_string(values, name, value, err);
}

/* A key condition may hold one comparison of the sort key, and so may a filter. */
static icecat_status add_time(conditions *to, const icecat_search_options *options,
                              icecat_item *values, icecat_error *err)
{
    icecat_status status = ICECAT_OK;

    if (options->since == 0 && options->until == 0)
        return ICECAT_OK;
    if (options->since != 0 && options->until != 0)
        add(to, "upload_ts BETWEEN :since AND :last");
    else
        add(to, options->since != 0 ? "upload_ts >= :since" : "upload_ts <= :last");
    if (options->since != 0)
        status = icecat_item_set_int(values, ":since", options->since, err);
    if (status == ICECAT_OK && options->until != 0)
        status = icecat_item_set_int(values, ":last", options->until - 1, err);
    return status;
}

static const char *state_word(uint32_t state)
{
    return state == ICECAT_RESULT_PENDING   ? "pending"
           : state == ICECAT_RESULT_SUCCESS ? "success"
                                            : "fail";
}

static icecat_status add_state(conditions *to, uint32_t state, icecat_item *values,
                               icecat_error *err)
{
    if (state == 0)
        return ICECAT_OK;
    return add_string(to, "op_status = :state", values, ":state", state_word(state), err);
}

static icecat_status add_verdict(conditions *to, uint32_t verdict, icecat_item *values,
                                 icecat_error *err)
{
    if (verdict == 0)
        return ICECAT_OK;
    return add_string(to, "rek_iscat = :iscat", values, ":iscat",
                      verdict == ICECAT_VERDICT_CAT ? "True" : "False", err);
}

static icecat_status add_client(conditions *to, const char *client_id, icecat_item *values,
                                icecat_error *err)
{
    if (client_id == NULL)
        return ICECAT_OK;
    return add_string(to, "client_id = :client", values, ":client", client_id, err);
}

/* ---- plans ------------------------------------------------------------------------------- */

static icecat_status plan_batch(const icecat_search_options *options, uint32_t state,
                                ic_search_plan *plan, icecat_error *err)
{
    conditions key = { plan->key, sizeof(plan->key) };
    conditions filter = { plan->filter, sizeof(plan->filter) };
    icecat_status status = add_number(&key, "batch_id = :batch", plan->values, ":batch",
                                      (int64_t)options->batch_id, err);

    plan->index = state != 0 ? "GSI4" : NULL;
    if (status == ICECAT_OK)
        status = add_state(&key, state, plan->values, err);
    if (status == ICECAT_OK)
        status = add_client(&filter, options->client_id, plan->values, err);
    if (status == ICECAT_OK)
        status = add_verdict(&filter, options->verdict, plan->values, err);
    return status == ICECAT_OK ? add_time(&filter, options, plan->values, err) : status;
}

static icecat_status plan_time(const icecat_search_options *options, uint32_t state,
                               ic_search_plan *plan, icecat_error *err)
{
    conditions key = { plan->key, sizeof(plan->key) };
    conditions filter = { plan->filter, sizeof(plan->filter) };
    int by_client = options->client_id != NULL;
    icecat_status status;

    plan->index = by_client ? "GSI2" : "GSI5";
    status = by_client ? add_client(&key, options->client_id, plan->values, err)
                       : add_verdict(&key, options->verdict, plan->values, err);
    if (status == ICECAT_OK)
        status = add_time(&key, options, plan->values, err);
    if (status == ICECAT_OK && by_client)
        status = add_verdict(&filter, options->verdict, plan->values, err);
    return status == ICECAT_OK ? add_state(&filter, state, plan->values, err) : status;
}

icecat_status ic_search_plan_make(const ic_mem *mem, const icecat_search_options *options,
                                  ic_search_plan *plan, icecat_error *err)
{
    uint32_t state = options->verdict != 0 ? ICECAT_RESULT_SUCCESS : options->state;
    icecat_status status = check(options, err);

    memset(plan, 0, sizeof(*plan));
    if (status != ICECAT_OK)
        return status;
    plan->values = icecat_item_new(mem);
    if (plan->values == NULL)
        return ic_fail_memory(err, "a search");
    return options->batch_id != 0 ? plan_batch(options, state, plan, err)
                                  : plan_time(options, state, plan, err);
}

/* ---- search ------------------------------------------------------------------------------ */

static icecat_status run(icecat_pipeline *pipeline, const icecat_search_options *options,
                         const ic_search_plan *plan, icecat_items **out, icecat_error *err)
{
    icecat_dynamodb_options query = ICECAT_DYNAMODB_OPTIONS_INIT;
    ic_results_query reading = { .pipeline = pipeline };

    reading.options.with_logs = options->with_logs;
    reading.options.with_response = options->with_response;
    ic_results_project(&reading, &query);
    query.call = options->call;
    query.index = plan->index;
    query.values = plan->values;
    query.filter = plan->filter[0] != '\0' ? plan->filter : NULL;
    query.max_items = options->max_results;
    query.descending = options->newest_first != 0;
    return icecat_dynamodb_query(pipeline->client, pipeline->table, plan->key, &query, out, err);
}

icecat_status icecat_pipeline_search(icecat_pipeline *pipeline,
                                     const icecat_search_options *options, icecat_results **out,
                                     icecat_error *err)
{
    icecat_search_options own;
    ic_search_plan plan = { .values = NULL };
    icecat_items *items = NULL;
    icecat_status status;

    ic_error_clear(err);
    if (out != NULL)
        *out = NULL;
    if (pipeline == NULL || out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", out == NULL ? "out" : "pipeline");
    status = IC_OPTIONS_LOAD(&own, options, icecat_search_options, err);
    if (status == ICECAT_OK)
        status = ic_search_plan_make(&pipeline->mem, &own, &plan, err);
    if (status == ICECAT_OK)
        status = ic_pipeline_need(pipeline, IC_NEED_TABLE, err);
    if (status == ICECAT_OK)
        status = run(pipeline, &own, &plan, &items, err);
    if (status == ICECAT_OK)
        status = ic_results_from(pipeline, items, out, err);
    icecat_items_free(items);
    icecat_item_free(plan.values);
    return status;
}
