/*
 * dynamodb_query.c - Query and Scan: their parameters and their answer.
 */
#include "dynamodb_input.h"
#include "dynamodb_page.h"

#include <string.h>

#define INVALID      "One or more parameter values were invalid: "
#define SEGMENTS_MAX 1000000

const dynamodb_keys *dynamodb_page_keys(const dynamodb_page *page)
{
    return page->index == NULL ? &page->table.keys : &page->index->keys;
}

static bool find_index(const cJSON *input, dynamodb_page *page, dynamodb_fault *fault)
{
    const char *name = NULL;

    if (!dynamodb_input_string(input, "IndexName", &name, fault))
        return false;
    if (name == NULL)
        return true;
    for (size_t i = 0; i < page->table.index_count; i++) {
        if (strcmp(page->table.indexes[i].name, name) == 0)
            page->index = &page->table.indexes[i];
    }
    if (page->index == NULL)
        return dynamodb_invalid(fault, "The table does not have the specified index: %.255s", name);
    if (page->consistent)
        return dynamodb_invalid(fault,
                                "Consistent reads are not supported on global secondary indexes");
    return true;
}

static bool read_select(const cJSON *input, dynamodb_page *page, dynamodb_fault *fault)
{
    static const char *const choices[] = {
        "", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT", NULL
    };
    bool projection = dynamodb_input_get(input, "ProjectionExpression") != NULL;
    size_t choice;

    if (!dynamodb_input_choice(input, "Select", choices, &choice, fault))
        return false;
    page->select = (dynamodb_select)choice;
    if (projection && page->select != DYNAMODB_SELECT_DEFAULT &&
        page->select != DYNAMODB_SELECT_SPECIFIC)
        return dynamodb_invalid(
            fault, "Cannot specify the ProjectionExpression when choosing to get %s",
            page->select == DYNAMODB_SELECT_COUNT ? "only the Count" : choices[choice]);
    if (!projection && page->select == DYNAMODB_SELECT_SPECIFIC)
        return dynamodb_invalid(fault, "Must specify the AttributesToGet or ProjectionExpression "
                                       "when choosing to get SPECIFIC_ATTRIBUTES");
    return true;
}

static bool read_limit(const cJSON *input, dynamodb_page *page, dynamodb_fault *fault)
{
    bool given = dynamodb_input_get(input, "Limit") != NULL;

    if (!dynamodb_input_integer(input, "Limit", &page->limit, fault))
        return false;
    if (given && page->limit < 1)
        return dynamodb_invalid(fault,
                                "1 validation error detected: Value '%ld' at 'limit' failed to "
                                "satisfy constraint: Member must have value greater than or equal "
                                "to 1",
                                page->limit);
    return true;
}

/* An index cannot show what it does not have. */
static bool check_projected(const dynamodb_page *page, dynamodb_fault *fault)
{
    const dynamodb_node *path = page->projection.root == NULL ? NULL : page->projection.root->first;

    if (page->index == NULL) {
        if (page->select == DYNAMODB_SELECT_PROJECTED)
            return dynamodb_invalid(
                fault, "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an "
                       "IndexName");
        return true;
    }
    if (page->index->keys_only && page->select == DYNAMODB_SELECT_ALL)
        return dynamodb_invalid(fault,
                                INVALID "Select type ALL_ATTRIBUTES is not supported for global "
                                        "secondary index %.255s because its projection type is "
                                        "not ALL",
                                page->index->name);
    for (; path != NULL; path = path->next) {
        if (!dynamodb_index_projects(&page->table, page->index, path->first->name))
            return dynamodb_invalid(
                fault, INVALID "Global secondary index %.255s does not project [%.255s]",
                page->index->name, path->first->name);
    }
    return true;
}

static bool parse_expressions(const cJSON *input, dynamodb_page *page, dynamodb_fault *fault)
{
    return dynamodb_scope_init(&page->scope, input, fault) &&
           dynamodb_parse_condition(&page->filter, &page->scope, input, "FilterExpression",
                                    fault) &&
           dynamodb_parse_projection(&page->projection, &page->scope, input, "ProjectionExpression",
                                     fault) &&
           (!page->is_query || dynamodb_parse_condition(&page->condition, &page->scope, input,
                                                        "KeyConditionExpression", fault)) &&
           dynamodb_scope_finish(&page->scope,
                                 page->is_query
                                     ? "FilterExpression and KeyConditionExpression are null"
                                     : "FilterExpression is null",
                                 fault);
}

bool dynamodb_page_prepare(sqlite3 *db, const cJSON *input, dynamodb_page *page,
                           dynamodb_fault *fault)
{
    return dynamodb_input_refuse_legacy(input, fault) &&
           dynamodb_table_name(input, fault) != NULL && read_select(input, page, fault) &&
           read_limit(input, page, fault) &&
           dynamodb_capacity_mode_read(input, &page->mode, fault) &&
           dynamodb_input_bool(input, "ConsistentRead", &page->consistent, fault) &&
           parse_expressions(input, page, fault) &&
           dynamodb_table_open(db, input, &page->table, fault) && find_index(input, page, fault) &&
           check_projected(page, fault);
}

/* Exactly the keys of the table and, on an index, those of the index. */
static bool encode_start(dynamodb_page *page, const cJSON *start)
{
    const dynamodb_keys *table_keys = &page->table.keys;
    const cJSON *each;
    size_t wanted = table_keys->count;
    dynamodb_fault ignored = { 0 };
    dynamodb_key_bytes *own = page->index == NULL ? &page->start : &page->start_item;

    if (page->index != NULL) {
        for (size_t i = 0; i < page->index->keys.count; i++)
            wanted += !dynamodb_keys_have(table_keys, page->index->keys.names[i]);
        if (!dynamodb_index_key(page->index, start, &page->start) || page->start.hash_len == 0)
            return false;
    }
    cJSON_ArrayForEach(each, start)
    {
        if (!dynamodb_keys_have(table_keys, each->string) &&
            !dynamodb_keys_have(dynamodb_page_keys(page), each->string))
            return false;
    }
    return (size_t)cJSON_GetArraySize(start) == wanted &&
           dynamodb_item_key(&page->table, start, own, &ignored);
}

bool dynamodb_page_start(const cJSON *input, dynamodb_page *page, dynamodb_fault *fault)
{
    const cJSON *given = dynamodb_input_get(input, "ExclusiveStartKey");
    cJSON *start;
    bool ok;

    if (given == NULL)
        return true;
    start = dynamodb_map_copy(given, fault);
    if (start == NULL)
        return false;
    ok = encode_start(page, start);
    cJSON_Delete(start);
    page->has_start = ok;
    if (!ok)
        return dynamodb_invalid(fault, "The provided starting key is invalid");
    if (page->is_query && !dynamodb_range_has(&page->range, &page->start))
        return dynamodb_invalid(fault, "The provided starting key is outside query boundaries "
                                       "based on provided conditions");
    return true;
}

/* A key attribute belongs into the key condition, not into the filter. */
static bool check_filter(const dynamodb_page *page, dynamodb_fault *fault)
{
    const dynamodb_keys *keys = dynamodb_page_keys(page);

    for (size_t i = 0; page->filter.root != NULL && i < keys->count; i++) {
        if (dynamodb_expression_mentions(page->filter.root, keys->names[i]))
            return dynamodb_invalid(fault,
                                    "Filter Expression can only contain non-primary key "
                                    "attributes: Primary key attribute: %.255s",
                                    keys->names[i]);
    }
    return true;
}

static bool run_query(sqlite3 *db, const cJSON *input, dynamodb_page *page, dynamodb_fault *fault)
{
    page->is_query = true;
    page->forward = true;
    if (!dynamodb_input_bool(input, "ScanIndexForward", &page->forward, fault) ||
        !dynamodb_page_prepare(db, input, page, fault))
        return false;
    if (page->condition.root == NULL)
        return dynamodb_invalid(fault, "Either the KeyConditions or KeyConditionExpression "
                                       "parameter must be specified in the request.");
    return dynamodb_range_read(page->condition.root, dynamodb_page_keys(page), &page->range,
                               fault) &&
           check_filter(page, fault) && dynamodb_page_start(input, page, fault) &&
           dynamodb_page_run(db, page, fault);
}

static bool read_segments(const cJSON *input, dynamodb_page *page, dynamodb_fault *fault)
{
    bool segment = dynamodb_input_get(input, "Segment") != NULL;
    bool segments = dynamodb_input_get(input, "TotalSegments") != NULL;

    if (!dynamodb_input_integer(input, "Segment", &page->segment, fault) ||
        !dynamodb_input_integer(input, "TotalSegments", &page->segments, fault))
        return false;
    if (segment != segments)
        return dynamodb_invalid(fault,
                                "The %s parameter is required but was not present in the "
                                "request when parameter %s is present",
                                segment ? "TotalSegments" : "Segment",
                                segment ? "Segment" : "TotalSegments");
    if (segments && (page->segments < 1 || page->segments > SEGMENTS_MAX))
        return dynamodb_invalid(fault,
                                "1 validation error detected: Value '%ld' at "
                                "'totalSegments' failed to satisfy constraint: Member must "
                                "be between 1 and %d",
                                page->segments, SEGMENTS_MAX);
    if (segments && (page->segment < 0 || page->segment >= page->segments))
        return dynamodb_invalid(fault,
                                "The Segment parameter is zero-based and must be less than "
                                "parameter TotalSegments: Segment: %ld is not less than "
                                "TotalSegments: %ld",
                                page->segment, page->segments);
    return true;
}

static bool run_scan(sqlite3 *db, const cJSON *input, dynamodb_page *page, dynamodb_fault *fault)
{
    page->forward = true;
    return read_segments(input, page, fault) && dynamodb_page_prepare(db, input, page, fault) &&
           dynamodb_page_start(input, page, fault) && dynamodb_page_run(db, page, fault);
}

static bool fill(dynamodb_page *page, cJSON *body, dynamodb_fault *fault)
{
    dynamodb_usage usage = { 0 };
    size_t units = dynamodb_usage_of_read(page->bytes, page->consistent);

    if (page->select != DYNAMODB_SELECT_COUNT) {
        if (!cJSON_AddItemToObject(body, "Items", page->items))
            return dynamodb_broken(fault, "out of memory for an answer");
        page->items = NULL;
    }
    if (cJSON_AddNumberToObject(body, "Count", (double)page->count) == NULL ||
        cJSON_AddNumberToObject(body, "ScannedCount", (double)page->scanned) == NULL)
        return dynamodb_broken(fault, "out of memory for an answer");
    if (page->more) {
        if (!cJSON_AddItemToObject(body, "LastEvaluatedKey", page->last))
            return dynamodb_broken(fault, "out of memory for an answer");
        page->last = NULL;
    }
    if (page->index == NULL)
        usage.table = units;
    else
        usage.indexes[page->index - page->table.indexes] = units;
    return dynamodb_usage_report(body, &usage, &page->table, page->mode, fault);
}

static cJSON *read_page(sqlite3 *db, const cJSON *input,
                        bool (*run)(sqlite3 *, const cJSON *, dynamodb_page *, dynamodb_fault *),
                        dynamodb_fault *fault)
{
    dynamodb_page page;
    cJSON *body = cJSON_CreateObject();

    memset(&page, 0, sizeof(page));
    if (body == NULL)
        (void)dynamodb_broken(fault, "out of memory for an answer");
    if (body != NULL && !(run(db, input, &page, fault) && fill(&page, body, fault))) {
        cJSON_Delete(body);
        body = NULL;
    }
    cJSON_Delete(page.items);
    cJSON_Delete(page.last);
    dynamodb_expression_free(&page.condition);
    dynamodb_expression_free(&page.filter);
    dynamodb_expression_free(&page.projection);
    dynamodb_scope_free(&page.scope);
    dynamodb_table_close(&page.table);
    return body;
}

cJSON *dynamodb_query(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    return read_page(db, input, run_query, fault);
}

cJSON *dynamodb_scan(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    return read_page(db, input, run_scan, fault);
}
