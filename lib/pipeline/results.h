/*
 * results.h - records in memory: a list that is appended to, or filled by place.
 */
#ifndef IC_RESULTS_H
#define IC_RESULTS_H

#include "pipeline/pipeline.h"
#include "pipeline/record.h"
#include "pipeline/steps.h"

/** An empty list; NULL when out of memory. */
icecat_results *ic_results_new(const ic_mem *mem);
/** Append a record from its item. */
icecat_status ic_results_add(icecat_results *results, const icecat_item *item, const char *label,
                             icecat_error *err);
/** Append a place for a record that the table may have. */
icecat_status ic_results_add_missing(icecat_results *results, uint64_t batch_id,
                                     const char *fingerprint, icecat_error *err);
/** Put a record into its place. On failure what was there stays. */
icecat_status ic_results_fill(icecat_results *results, size_t index, const icecat_item *item,
                              const char *label, icecat_error *err);

/** 1 when record @p index has a final state for those who wait: success or fail. */
int ic_results_is_final(const icecat_results *results, size_t index);
/** How many are final. */
uint64_t ic_results_count_final(const icecat_results *results);

/* ---- reading ----------------------------------------------------------------------------- */

/** What to read: the checked arguments of icecat_pipeline_results(). */
typedef struct ic_results_query {
    icecat_pipeline *pipeline;
    uint64_t batch_id;
    icecat_results_options options;
    ic_steps steps;
} ic_results_query;

/** Check the arguments and start the clock. */
icecat_status ic_results_begin(ic_results_query *query, icecat_pipeline *pipeline,
                               uint64_t batch_id, const icecat_results_options *options,
                               icecat_error *err);

/**
 * Look once. With fingerprints, @p results comes from ic_results_expect(), and only what is not
 * final in it is asked for; without, *results is replaced by a new list of the whole batch. On
 * failure *results is what it was, but for single records that were filled.
 */
icecat_status ic_results_look(const ic_results_query *query, icecat_results **results,
                              icecat_error *err);

/** A look with fingerprints. */
icecat_status ic_results_look_at_some(const ic_results_query *query, icecat_results *results,
                                      icecat_error *err);

/** A record that is asked for by its key, and its place in the results. */
typedef struct ic_results_wanted {
    const char *fingerprint; /* must outlive the filling of the place */
    uint64_t batch_id;
    size_t index;
} ic_results_wanted;

/** Take the key of @p item, whose texts it then uses. 0 when it has none. */
int ic_results_read_key(const icecat_item *item, ic_results_wanted *out);

/**
 * Read records by their keys, each into every place that wants it; places whose record the table does
 * not have stay as they are. Sorts @p list.
 */
icecat_status ic_results_get(const ic_results_query *query, ic_results_wanted *list, size_t count,
                             icecat_results *results, icecat_error *err);

/** Set the attributes to read, and whether consistently. */
void ic_results_project(const ic_results_query *query, icecat_dynamodb_options *options);

/** Records from items, in their order. ICECAT_E_NO_MEMORY. */
icecat_status ic_results_from(const icecat_pipeline *pipeline, const icecat_items *items,
                              icecat_results **out, icecat_error *err);

/** One missing record for each fingerprint of the query; empty without fingerprints. */
icecat_status ic_results_expect(const ic_results_query *query, icecat_results **out,
                                icecat_error *err);

/* ---- searching --------------------------------------------------------------------------- */

/** One Query: how a search is asked. */
typedef struct ic_search_plan {
    const char *index; /* NULL: the table */
    char key[160];     /* KeyConditionExpression */
    char filter[256];  /* FilterExpression; "" for none */
    icecat_item *values;
} ic_search_plan;

/**
 * Plan a search (pure). ICECAT_E_ARGUMENT when the options are wrong, ICECAT_E_NO_MEMORY. The caller frees
 * the values, also after a failure.
 */
icecat_status ic_search_plan_make(const ic_mem *mem, const icecat_search_options *options,
                                  ic_search_plan *plan, icecat_error *err);

#endif
