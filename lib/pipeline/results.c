/*
 * results.c - records in memory.
 */
#include "pipeline/results.h"

#include "base/error.h"
#include "base/json.h"
#include "base/options.h"

#include <string.h>

#define MAX_ATTRIBUTES_JSON (48u << 20) /* the longest item there is, each byte escaped as \u00xx */

typedef struct entry {
    ic_record record;
    char *attributes_json; /* NULL for a missing record */
} entry;

struct icecat_results {
    ic_mem mem;
    entry *entries;
    size_t count;
    size_t cap;
};

icecat_results *ic_results_new(const ic_mem *mem)
{
    icecat_results *results = ic_mem_zalloc(mem, sizeof(*results));

    if (results != NULL)
        results->mem = mem != NULL ? *mem : ic_mem_default;
    return results;
}

static void free_entry(entry *e)
{
    ic_mem mem = e->record.mem;

    ic_mem_free(&mem, e->attributes_json);
    ic_record_free(&e->record);
}

void icecat_results_free(icecat_results *results)
{
    ic_mem mem;

    if (results == NULL)
        return;
    mem = results->mem;
    for (size_t i = 0; i < results->count; i++)
        free_entry(&results->entries[i]);
    ic_mem_free(&mem, results->entries);
    ic_mem_free(&mem, results);
}

/* {"batch_id":"1744377772","img_fprint":"...",...}, in the order in which they came. */
static icecat_status write_attributes(const ic_mem *mem, const icecat_item *item, char **out,
                                      icecat_error *err)
{
    icecat_status status;
    ic_buf json;

    ic_buf_init(&json, mem, MAX_ATTRIBUTES_JSON);
    ic_buf_add_char(&json, '{');
    for (size_t i = 0; i < icecat_item_count(item); i++) {
        const char *name = icecat_item_name(item, i);

        ic_json_write_member(&json, name);
        ic_json_write_text(&json, icecat_item_get(item, name));
    }
    ic_buf_add_char(&json, '}');
    status = ic_buf_check(&json, "the attributes of a record", err);
    *out = ic_buf_take(&json, NULL);
    ic_buf_free(&json);
    return status;
}

static icecat_status read_entry(const icecat_results *results, const icecat_item *item,
                                const char *label, entry *out, icecat_error *err)
{
    icecat_status status;

    out->attributes_json = NULL;
    status = ic_record_read(&results->mem, item, label, &out->record, err);
    if (status != ICECAT_OK)
        return status;
    status = write_attributes(&results->mem, item, &out->attributes_json, err);
    if (status != ICECAT_OK)
        free_entry(out);
    return status;
}

static icecat_status append(icecat_results *results, entry *e, icecat_error *err)
{
    if (results->count == results->cap) {
        size_t cap = results->cap != 0 ? results->cap * 2 : 16;
        entry *grown = ic_mem_regrow(&results->mem, results->entries, cap, sizeof(*grown));

        if (grown == NULL) {
            free_entry(e);
            return ic_fail_memory(err, "results");
        }
        results->entries = grown;
        results->cap = cap;
    }
    results->entries[results->count++] = *e;
    return ICECAT_OK;
}

icecat_status ic_results_add(icecat_results *results, const icecat_item *item, const char *label,
                             icecat_error *err)
{
    entry e;
    icecat_status status = read_entry(results, item, label, &e, err);

    return status == ICECAT_OK ? append(results, &e, err) : status;
}

icecat_status ic_results_add_missing(icecat_results *results, uint64_t batch_id,
                                     const char *fingerprint, icecat_error *err)
{
    entry e = { .attributes_json = NULL };
    icecat_status status = ic_record_missing(&results->mem, batch_id, fingerprint, &e.record, err);

    return status == ICECAT_OK ? append(results, &e, err) : status;
}

icecat_status ic_results_fill(icecat_results *results, size_t index, const icecat_item *item,
                              const char *label, icecat_error *err)
{
    entry e;
    icecat_status status = read_entry(results, item, label, &e, err);

    if (status != ICECAT_OK)
        return status;
    free_entry(&results->entries[index]);
    results->entries[index] = e;
    return ICECAT_OK;
}

int ic_results_is_final(const icecat_results *results, size_t index)
{
    uint32_t state = results->entries[index].record.result.state;

    return state == ICECAT_RESULT_SUCCESS || state == ICECAT_RESULT_FAIL;
}

uint64_t ic_results_count_final(const icecat_results *results)
{
    uint64_t count = 0;

    for (size_t i = 0; i < results->count; i++)
        count += (uint64_t)ic_results_is_final(results, i);
    return count;
}

size_t icecat_results_count(const icecat_results *results)
{
    return results != NULL ? results->count : 0;
}

int icecat_results_at(const icecat_results *results, size_t index, icecat_result *out)
{
    if (results == NULL || index >= results->count || out == NULL)
        return 0;
    return IC_OPTIONS_STORE(out, &results->entries[index].record.result, icecat_result, NULL) ==
           ICECAT_OK;
}

const char *icecat_results_attributes_json(const icecat_results *results, size_t index)
{
    if (results == NULL || index >= results->count)
        return NULL;
    return results->entries[index].attributes_json;
}
