/*
 * dynamodb_page.c - walk the rows of a Query or Scan until the page is full.
 */
#include "dynamodb_page.h"

#include "dynamodb_sql.h"

#include <stdio.h>
#include <string.h>

#define SQL_MAX 1024

/* Places of the parameters in every statement; unused ones are simply not in its text. */
enum {
    AT_TABLE = 1,
    AT_INDEX,
    AT_HASH,
    AT_LOW,
    AT_HIGH,
    AT_START_HASH,
    AT_START_RANGE,
    AT_START_ITEM_HASH,
    AT_START_ITEM_RANGE
};

static bool no_memory(dynamodb_fault *fault)
{
    return dynamodb_broken(fault, "out of memory for a page");
}

static void append(char sql[SQL_MAX], const char *text)
{
    size_t len = strlen(sql);

    (void)snprintf(sql + len, SQL_MAX - len, "%s", text);
}

static void append_where(const dynamodb_page *page, char sql[SQL_MAX])
{
    if (page->is_query)
        append(sql, " AND e.hash_key = ?3");
    if (page->range.low.there)
        append(sql, page->range.low.inclusive ? " AND e.range_key >= ?4" : " AND e.range_key > ?4");
    if (page->range.high.there)
        append(sql,
               page->range.high.inclusive ? " AND e.range_key <= ?5" : " AND e.range_key < ?5");
}

/* Where the last page ended: the columns that still order rows, behind the start's values. */
static void append_start(const dynamodb_page *page, char sql[SQL_MAX])
{
    append(sql, page->is_query ? " AND (e.range_key" : " AND (e.hash_key, e.range_key");
    append(sql, page->index == NULL ? ")" : ", e.item_hash, e.item_range)");
    append(sql, page->forward ? " > (" : " < (");
    append(sql, page->is_query ? "?7" : "?6, ?7");
    append(sql, page->index == NULL ? ")" : ", ?8, ?9)");
}

static void build_sql(const dynamodb_page *page, char sql[SQL_MAX])
{
    sql[0] = '\0';
    if (page->index == NULL)
        append(sql, "SELECT e.item, e.size, e.hash_key FROM dynamodb_item e WHERE e.table_id = ?1");
    else
        append(sql, "SELECT i.item, i.size, e.hash_key FROM dynamodb_entry e"
                    " CROSS JOIN dynamodb_item i ON i.id = e.item_id"
                    " WHERE e.table_id = ?1 AND e.index_name = ?2");
    append_where(page, sql);
    if (page->has_start)
        append_start(page, sql);
    append(sql, " ORDER BY");
    if (!page->is_query)
        append(sql, " e.hash_key,");
    append(sql, page->forward ? " e.range_key" : " e.range_key DESC");
    if (page->index != NULL)
        append(sql, page->forward ? ", e.item_hash, e.item_range"
                                  : ", e.item_hash DESC, e.item_range DESC");
}

/* Binding a parameter that the text does not have fails harmlessly. */
static void bind(sqlite3_stmt *statement, const dynamodb_page *page)
{
    const dynamodb_range *range = &page->range;

    (void)sqlite3_bind_int64(statement, AT_TABLE, page->table.id);
    if (page->index != NULL)
        dynamodb_sql_text(statement, AT_INDEX, page->index->name);
    dynamodb_sql_blob(statement, AT_HASH, range->hash, range->hash_len);
    dynamodb_sql_blob(statement, AT_LOW, range->low.bytes, range->low.len);
    dynamodb_sql_blob(statement, AT_HIGH, range->high.bytes, range->high.len);
    dynamodb_sql_blob(statement, AT_START_HASH, page->start.hash, page->start.hash_len);
    dynamodb_sql_blob(statement, AT_START_RANGE, page->start.range, page->start.range_len);
    dynamodb_sql_blob(statement, AT_START_ITEM_HASH, page->start_item.hash,
                      page->start_item.hash_len);
    dynamodb_sql_blob(statement, AT_START_ITEM_RANGE, page->start_item.range,
                      page->start_item.range_len);
}

/* Drop what the index does not show. */
static void hide_unprojected(const dynamodb_page *page, cJSON *item)
{
    cJSON *each = item->child;

    while (each != NULL) {
        cJSON *next = each->next;

        if (!dynamodb_index_projects(&page->table, page->index, each->string))
            cJSON_Delete(cJSON_DetachItemViaPointer(item, each));
        each = next;
    }
}

static bool copy_key(const dynamodb_keys *keys, const cJSON *item, cJSON *out)
{
    for (size_t i = 0; i < keys->count; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, keys->names[i]);
        cJSON *copy;

        if (cJSON_GetObjectItemCaseSensitive(out, keys->names[i]) != NULL)
            continue;
        copy = cJSON_Duplicate(value, true);
        if (copy == NULL || !cJSON_AddItemToObject(out, keys->names[i], copy)) {
            cJSON_Delete(copy);
            return false;
        }
    }
    return true;
}

/* Remember the key of the item looked at, as a LastEvaluatedKey shows it. */
static bool remember_key(dynamodb_page *page, const cJSON *item, dynamodb_fault *fault)
{
    cJSON_Delete(page->last);
    page->last = cJSON_CreateObject();
    if (page->last != NULL && copy_key(&page->table.keys, item, page->last) &&
        (page->index == NULL || copy_key(&page->index->keys, item, page->last)))
        return true;
    return no_memory(fault);
}

/* Take the item, when the filter lets it pass. */
static bool collect(dynamodb_page *page, cJSON *item, dynamodb_fault *fault)
{
    cJSON *shown = item;

    if (!dynamodb_condition_holds(page->filter.root, item)) {
        cJSON_Delete(item);
        return true;
    }
    page->count++;
    if (page->select == DYNAMODB_SELECT_COUNT) {
        cJSON_Delete(item);
        return true;
    }
    if (page->projection.root != NULL) {
        shown = dynamodb_project(item, page->projection.root, fault);
        cJSON_Delete(item);
        if (shown == NULL)
            return false;
    }
    return cJSON_AddItemToArray(page->items, shown) || no_memory(fault);
}

/* Which part of a parallel scan a hash key belongs to: FNV-1a of its bytes. */
static bool in_segment(const dynamodb_page *page, sqlite3_stmt *statement)
{
    const unsigned char *bytes = sqlite3_column_blob(statement, 2);
    int len = sqlite3_column_bytes(statement, 2);
    unsigned long hash = 2166136261UL;

    if (page->segments == 0)
        return true;
    for (int i = 0; bytes != NULL && i < len; i++)
        hash = ((hash ^ bytes[i]) * 16777619UL) & 0xFFFFFFFFUL;
    return (hash >> 8) % (unsigned long)page->segments == (unsigned long)page->segment;
}

/* One row; *full when the page ends before or with it. */
static bool take_row(dynamodb_page *page, sqlite3_stmt *statement, bool *full,
                     dynamodb_fault *fault)
{
    size_t size = (size_t)sqlite3_column_int64(statement, 1);
    cJSON *item;

    if (!in_segment(page, statement))
        return true;
    item = dynamodb_sql_json(statement, 0, fault);
    if (item == NULL)
        return false;
    if (page->index != NULL && page->index->keys_only) {
        hide_unprojected(page, item);
        size = dynamodb_map_size(item);
    }
    *full = page->scanned > 0 && page->bytes + size > DYNAMODB_PAGE_MAX;
    if (*full) {
        cJSON_Delete(item);
        return true;
    }
    page->bytes += size;
    page->scanned++;
    if (!remember_key(page, item, fault)) {
        cJSON_Delete(item);
        return false;
    }
    *full = page->limit > 0 && page->scanned == (size_t)page->limit;
    return collect(page, item, fault);
}

bool dynamodb_page_run(sqlite3 *db, dynamodb_page *page, dynamodb_fault *fault)
{
    char sql[SQL_MAX];
    sqlite3_stmt *statement;
    bool row = false;
    bool ok;

    page->items = cJSON_CreateArray();
    if (page->items == NULL)
        return no_memory(fault);
    build_sql(page, sql);
    statement = dynamodb_sql_prepare(db, sql, fault);
    if (statement == NULL)
        return false;
    bind(statement, page);
    do {
        ok = dynamodb_sql_step(statement, &row, fault);
        if (ok && row)
            ok = take_row(page, statement, &page->more, fault);
    } while (ok && row && !page->more);
    (void)sqlite3_finalize(statement);
    return ok;
}
