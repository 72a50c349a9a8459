/*
 * results_some.c - read some records of a batch, each into its place.
 */
#include "base/error.h"
#include "pipeline/results.h"

#include <stdlib.h>
#include <string.h>

/* So that keys and items of a large batch are not in memory at once. */
#define KEYS_AT_A_TIME 1000

/*
 * Always BatchGetItem. A Query of the batch would spare round trips, and up to a third of the price
 * of small records, when nearly all of the batch is asked for; but nobody knows that beforehand, and
 * a Query pays for every record of the batch, of which there may be a hundred thousand. And those
 * who wait ask again for the unfinished only.
 */
static int by_key(const void *a, const void *b)
{
    const ic_results_wanted *one = a;
    const ic_results_wanted *two = b;

    if (one->batch_id != two->batch_id)
        return one->batch_id < two->batch_id ? -1 : 1;
    return strcmp(one->fingerprint, two->fingerprint);
}

int ic_results_read_key(const icecat_item *item, ic_results_wanted *out)
{
    int64_t batch_id;

    out->fingerprint = icecat_item_get(item, IC_ATTR_FINGERPRINT);
    if (out->fingerprint == NULL || !icecat_item_get_int(item, IC_ATTR_BATCH_ID, &batch_id))
        return 0;
    out->batch_id = (uint64_t)batch_id;
    return 1;
}

/* An item goes into every place that asked for it. */
static icecat_status fill(const ic_results_query *query, const ic_results_wanted *list,
                          size_t count, const icecat_item *item, icecat_results *results,
                          icecat_error *err)
{
    ic_results_wanted key;
    const ic_results_wanted *at;
    icecat_status status = ICECAT_OK;

    if (!ic_results_read_key(item, &key))
        return ICECAT_OK;
    at = bsearch(&key, list, count, sizeof(*list), by_key);
    if (at == NULL)
        return ICECAT_OK;
    while (at > list && by_key(at - 1, &key) == 0)
        at--;
    for (; at < list + count && by_key(at, &key) == 0 && status == ICECAT_OK; at++)
        status = ic_results_fill(results, at->index, item, query->pipeline->label, err);
    return status;
}

static icecat_status get_items(const ic_results_query *query, icecat_item **keys,
                               const ic_results_wanted *list, size_t count, icecat_items **out,
                               icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_call_options call;
    icecat_status status = ic_steps_next(&query->steps, &call, err);

    *out = NULL;
    ic_results_project(query, &options);
    options.call = &call;
    for (size_t i = 0; i < count && status == ICECAT_OK; i++)
        status = ic_record_key(&query->pipeline->mem, list[i].batch_id, list[i].fingerprint,
                               &keys[i], err);
    if (status == ICECAT_OK)
        status = icecat_dynamodb_batch_get(query->pipeline->client, query->pipeline->table,
                                           (const icecat_item *const *)keys, count, &options, out,
                                           err);
    return status;
}

static icecat_status get_some(const ic_results_query *query, const ic_results_wanted *list,
                              size_t count, icecat_results *results, icecat_error *err)
{
    const ic_mem *mem = &query->pipeline->mem;
    icecat_item **keys = ic_mem_array(mem, count, sizeof(icecat_item *));
    icecat_items *items = NULL;
    icecat_status status = keys != NULL ? ICECAT_OK : ic_fail_memory(err, "keys");

    if (status == ICECAT_OK)
        status = get_items(query, keys, list, count, &items, err);
    for (size_t i = 0; i < icecat_items_count(items) && status == ICECAT_OK; i++)
        status = fill(query, list, count, icecat_items_at(items, i), results, err);
    icecat_items_free(items);
    for (size_t i = 0; keys != NULL && i < count; i++)
        icecat_item_free(keys[i]);
    ic_mem_free(mem, keys);
    return status;
}

icecat_status ic_results_get(const ic_results_query *query, ic_results_wanted *list, size_t count,
                             icecat_results *results, icecat_error *err)
{
    icecat_status status = ICECAT_OK;

    if (count != 0)
        qsort(list, count, sizeof(*list), by_key);
    for (size_t at = 0; at < count && status == ICECAT_OK; at += KEYS_AT_A_TIME) {
        size_t more = count - at < KEYS_AT_A_TIME ? count - at : KEYS_AT_A_TIME;

        status = get_some(query, list + at, more, results, err);
    }
    return status;
}

icecat_status ic_results_look_at_some(const ic_results_query *query, icecat_results *results,
                                      icecat_error *err)
{
    const ic_mem *mem = &query->pipeline->mem;
    size_t count = 0;
    ic_results_wanted *list = ic_mem_array(mem, query->options.fingerprints_count, sizeof(*list));
    icecat_status status;

    if (list == NULL)
        return ic_fail_memory(err, "fingerprints");
    for (size_t i = 0; i < query->options.fingerprints_count; i++) {
        if (!ic_results_is_final(results, i))
            list[count++] = (ic_results_wanted){ query->options.fingerprints[i], query->batch_id,
                                                 i };
    }
    status = ic_results_get(query, list, count, results, err);
    ic_mem_free(mem, list);
    return status;
}
