/*
 * dynamodb_capacity.c - capacity units by the service's rules (pure functions).
 */
#include "dynamodb_capacity.h"

#include "dynamodb_input.h"
#include "dynamodb_store.h"

#include <string.h>

#define READ_UNIT_BYTES  4096
#define WRITE_UNIT_BYTES 1024

bool dynamodb_capacity_mode_read(const cJSON *input, dynamodb_capacity_mode *mode,
                                 dynamodb_fault *fault)
{
    static const char *const modes[] = { "NONE", "TOTAL", "INDEXES", NULL };
    size_t at;

    if (!dynamodb_input_choice(input, "ReturnConsumedCapacity", modes, &at, fault))
        return false;
    *mode = (dynamodb_capacity_mode)at;
    return true;
}

static size_t units(size_t bytes, size_t unit)
{
    return bytes == 0 ? 1 : (bytes + unit - 1) / unit;
}

size_t dynamodb_usage_of_read(size_t bytes, bool consistent)
{
    return units(bytes, READ_UNIT_BYTES) * (consistent ? 2 : 1);
}

size_t dynamodb_index_item_size(const dynamodb_table *table, const dynamodb_index *index,
                                const cJSON *item)
{
    const cJSON *each;
    size_t size = 0;

    cJSON_ArrayForEach(each, item)
    {
        if (dynamodb_index_projects(table, index, each->string))
            size += strlen(each->string) + dynamodb_value_size(each);
    }
    return size;
}

/* Whether the index shows old and item alike, so that nothing is written to it. */
static bool index_unchanged(const dynamodb_table *table, const dynamodb_index *index,
                            const cJSON *old, const cJSON *item)
{
    const cJSON *each;

    cJSON_ArrayForEach(each, item)
    {
        const cJSON *before = cJSON_GetObjectItemCaseSensitive(old, each->string);

        if (dynamodb_index_projects(table, index, each->string) &&
            (before == NULL || !dynamodb_value_equal(before, each)))
            return false;
    }
    cJSON_ArrayForEach(each, old)
    {
        if (dynamodb_index_projects(table, index, each->string) &&
            cJSON_GetObjectItemCaseSensitive(item, each->string) == NULL)
            return false;
    }
    return true;
}

/* One write when an entry appears, vanishes or changes; two when it moves to another key. */
static size_t index_units(const dynamodb_table *table, const dynamodb_index *index,
                          const cJSON *old, const cJSON *item)
{
    dynamodb_key_bytes before;
    dynamodb_key_bytes after;
    bool was = dynamodb_index_key(index, old, &before);
    bool is = dynamodb_index_key(index, item, &after);
    size_t old_units = was ? units(dynamodb_index_item_size(table, index, old), WRITE_UNIT_BYTES)
                           : 0;
    size_t new_units = is ? units(dynamodb_index_item_size(table, index, item), WRITE_UNIT_BYTES)
                          : 0;

    if (!was || !is)
        return old_units + new_units;
    if (before.hash_len != after.hash_len || before.range_len != after.range_len ||
        memcmp(before.hash, after.hash, after.hash_len) != 0 ||
        memcmp(before.range, after.range, after.range_len) != 0)
        return old_units + new_units;
    if (index_unchanged(table, index, old, item))
        return 0;
    return old_units > new_units ? old_units : new_units;
}

void dynamodb_usage_add_write(dynamodb_usage *usage, const dynamodb_table *table, const cJSON *old,
                              const cJSON *item)
{
    size_t old_size = old == NULL ? 0 : dynamodb_map_size(old);
    size_t new_size = item == NULL ? 0 : dynamodb_map_size(item);

    usage->table += 2 * units(old_size > new_size ? old_size : new_size, WRITE_UNIT_BYTES);
    for (size_t i = 0; i < table->index_count; i++)
        usage->indexes[i] += 2 * index_units(table, &table->indexes[i], old, item);
}

static double halves(size_t count)
{
    return (double)count / 2.0;
}

static bool add_breakdown(cJSON *out, const dynamodb_usage *usage, const dynamodb_table *table)
{
    cJSON *part = cJSON_AddObjectToObject(out, "Table");
    cJSON *indexes = NULL;

    if (cJSON_AddNumberToObject(part, "CapacityUnits", halves(usage->table)) == NULL)
        return false;
    for (size_t i = 0; i < table->index_count; i++) {
        if (usage->indexes[i] == 0)
            continue;
        if (indexes == NULL)
            indexes = cJSON_AddObjectToObject(out, "GlobalSecondaryIndexes");
        part = cJSON_AddObjectToObject(indexes, table->indexes[i].name);
        if (cJSON_AddNumberToObject(part, "CapacityUnits", halves(usage->indexes[i])) == NULL)
            return false;
    }
    return true;
}

cJSON *dynamodb_usage_json(const dynamodb_usage *usage, const dynamodb_table *table,
                           dynamodb_capacity_mode mode)
{
    cJSON *out = cJSON_CreateObject();
    size_t total = usage->table;

    for (size_t i = 0; i < table->index_count; i++)
        total += usage->indexes[i];
    if (out != NULL && cJSON_AddStringToObject(out, "TableName", table->name) != NULL &&
        cJSON_AddNumberToObject(out, "CapacityUnits", halves(total)) != NULL &&
        (mode != DYNAMODB_CAPACITY_INDEXES || add_breakdown(out, usage, table)))
        return out;
    cJSON_Delete(out);
    return NULL;
}

bool dynamodb_usage_report(cJSON *body, const dynamodb_usage *usage, const dynamodb_table *table,
                           dynamodb_capacity_mode mode, dynamodb_fault *fault)
{
    cJSON *report;

    if (mode == DYNAMODB_CAPACITY_NONE)
        return true;
    report = dynamodb_usage_json(usage, table, mode);
    if (report != NULL && cJSON_AddItemToObject(body, "ConsumedCapacity", report))
        return true;
    cJSON_Delete(report);
    return dynamodb_broken(fault, "out of memory for an answer");
}
