/*
 * results_search.c - find records by batch, client, state, verdict and time.
 *
 * The indexes are those of the Python system's table. GSI1 (batch, time) and GSI3 (batch, client) are not
 * used: a batch is one partition of the table and of one client, so a filter finds the same for the price
 * of reading the batch, and a table need not have them.
 */
#include "aws/engine.h"
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

/* What the table's records have and an index need not: most of a record's bytes. */
static int wants_more_than_index(const ic_results_query *reading, const ic_search_plan *plan)
{
    return plan->index != NULL && (reading->options.with_logs || reading->options.with_response);
}

static icecat_status query_items(const ic_results_query *reading,
                                 const icecat_search_options *options, const ic_search_plan *plan,
                                 icecat_items **out, icecat_error *err)
{
    icecat_dynamodb_options query = ICECAT_DYNAMODB_OPTIONS_INIT;
    ic_results_query shown = *reading;
    icecat_call_options call;
    icecat_status status = ic_steps_next(&reading->steps, &call, err);

    if (status != ICECAT_OK)
        return status;
    if (wants_more_than_index(reading, plan)) {
        shown.options.with_logs = 0;
        shown.options.with_response = 0;
    }
    ic_results_project(&shown, &query);
    query.call = &call;
    query.index = plan->index;
    query.values = plan->values;
    query.filter = plan->filter[0] != '\0' ? plan->filter : NULL;
    query.max_items = options->max_results;
    query.descending = options->newest_first != 0;
    return icecat_dynamodb_query(reading->pipeline->client, reading->pipeline->table, plan->key,
                                 &query, out, err);
}

/* Read what the index found from the table, each record into its place. */
static icecat_status read_whole(const ic_results_query *reading, const icecat_items *items,
                                icecat_results *results, icecat_error *err)
{
    const ic_mem *mem = &reading->pipeline->mem;
    size_t count = icecat_items_count(items);
    ic_results_wanted *list = ic_mem_array(mem, count, sizeof(*list));
    size_t wanted = 0;
    icecat_status status;

    if (list == NULL)
        return ic_fail_memory(err, "a search");
    for (size_t i = 0; i < count; i++) {
        list[wanted].index = i;
        if (ic_results_read_key(icecat_items_at(items, i), &list[wanted]))
            wanted++;
    }
    status = ic_results_get(reading, list, wanted, results, err);
    ic_mem_free(mem, list);
    return status;
}

static icecat_status run(const ic_results_query *reading, const icecat_search_options *options,
                         const ic_search_plan *plan, icecat_results **out, icecat_error *err)
{
    icecat_items *items = NULL;
    icecat_results *results = NULL;
    icecat_status status = query_items(reading, options, plan, &items, err);

    if (status == ICECAT_OK)
        status = ic_results_from(reading->pipeline, items, &results, err);
    if (status == ICECAT_OK && wants_more_than_index(reading, plan))
        status = read_whole(reading, items, results, err);
    icecat_items_free(items);
    if (status == ICECAT_OK)
        *out = results;
    else
        icecat_results_free(results);
    return status;
}

icecat_status icecat_pipeline_search(icecat_pipeline *pipeline,
                                     const icecat_search_options *options, icecat_results **out,
                                     icecat_error *err)
{
    icecat_search_options own;
    ic_search_plan plan = { .values = NULL };
    ic_results_query reading = { .pipeline = pipeline };
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
        status = ic_steps_begin(&reading.steps, ic_client_clock(pipeline->client), own.call, err);
    reading.options.with_logs = own.with_logs;
    reading.options.with_response = own.with_response;
    if (status == ICECAT_OK)
        status = run(&reading, &own, &plan, out, err);
    icecat_item_free(plan.values);
    return status;
}
