/*
 * dynamodb_table.c - find tables; create, describe, list and delete them; time to live.
 */
#include "dynamodb_table.h"

#include "dynamodb_input.h"
#include "dynamodb_sql.h"
#include "encoding.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define LIST_MAX 100

static cJSON *no_memory(cJSON *partial, dynamodb_fault *fault)
{
    cJSON_Delete(partial);
    (void)dynamodb_broken(fault, "out of memory for an answer");
    return NULL;
}

const char *dynamodb_table_name(const cJSON *input, dynamodb_fault *fault)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    const char *name = NULL;
    const char *slash;

    if (!dynamodb_input_string(input, "TableName", &name, fault))
        return NULL;
    if (name == NULL) {
        (void)dynamodb_input_missing("TableName", fault);
        return NULL;
    }
    slash = strncmp(name, "arn:", 4) == 0 ? strstr(name, ":table/") : NULL;
    if (slash != NULL)
        name = slash + strlen(":table/");
    if (strlen(name) < 3 || strlen(name) > 255)
        (void)dynamodb_invalid(
            fault, "TableName must be at least 3 characters long and at most 255 characters long");
    else if (name[strspn(name, allowed)] != '\0')
        (void)dynamodb_invalid(
            fault,
            "1 validation error detected: Value '%.255s' at 'tableName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
            name);
    else
        return name;
    return NULL;
}

static dynamodb_type defined_type(const cJSON *description, const char *name)
{
    const cJSON *each;

    cJSON_ArrayForEach(each, dynamodb_input_get(description, "AttributeDefinitions"))
    {
        if (strcmp(dynamodb_input_get(each, "AttributeName")->valuestring, name) == 0)
            return dynamodb_type_named(dynamodb_input_get(each, "AttributeType")->valuestring);
    }
    return DYNAMODB_TYPE_COUNT;
}

static void load_keys(const cJSON *description, const cJSON *from, dynamodb_keys *keys)
{
    const cJSON *each;

    cJSON_ArrayForEach(each, dynamodb_input_get(from, "KeySchema"))
    {
        keys->names[keys->count] = dynamodb_input_get(each, "AttributeName")->valuestring;
        keys->types[keys->count] = defined_type(description, keys->names[keys->count]);
        keys->count++;
    }
}

static void load_indexes(dynamodb_table *table)
{
    const cJSON *each;

    cJSON_ArrayForEach(each, dynamodb_input_get(table->description, "GlobalSecondaryIndexes"))
    {
        dynamodb_index *index = &table->indexes[table->index_count++];
        const cJSON *projection = dynamodb_input_get(each, "Projection");

        index->name = dynamodb_input_get(each, "IndexName")->valuestring;
        index->keys_only = strcmp(dynamodb_input_get(projection, "ProjectionType")->valuestring,
                                  "ALL") != 0;
        index->included = dynamodb_input_get(projection, "NonKeyAttributes");
        load_keys(table->description, each, &index->keys);
    }
}

/* *found is false, without a fault, when no table has the name. */
static bool load(sqlite3 *db, const char *name, dynamodb_table *table, bool *found,
                 dynamodb_fault *fault)
{
    sqlite3_stmt *statement = dynamodb_sql_prepare(
        db, "SELECT id, description FROM dynamodb_table WHERE name = ?1", fault);
    bool ok = statement != NULL;

    memset(table, 0, sizeof(*table));
    *found = false;
    if (ok) {
        dynamodb_sql_text(statement, 1, name);
        ok = dynamodb_sql_step(statement, found, fault);
    }
    if (ok && *found) {
        table->id = sqlite3_column_int64(statement, 0);
        table->description = dynamodb_sql_json(statement, 1, fault);
        ok = table->description != NULL;
    }
    (void)sqlite3_finalize(statement);
    if (!ok || !*found)
        return ok;
    table->name = dynamodb_input_get(table->description, "TableName")->valuestring;
    load_keys(table->description, table->description, &table->keys);
    load_indexes(table);
    return true;
}

bool dynamodb_table_open_named(sqlite3 *db, const char *name, dynamodb_table *table,
                               dynamodb_fault *fault)
{
    bool found;

    if (!load(db, name, table, &found, fault))
        return false;
    return found ||
           dynamodb_refuse(fault, "ResourceNotFoundException", "Requested resource not found");
}

bool dynamodb_table_open(sqlite3 *db, const cJSON *input, dynamodb_table *table,
                         dynamodb_fault *fault)
{
    const char *name = dynamodb_table_name(input, fault);

    memset(table, 0, sizeof(*table));
    return name != NULL && dynamodb_table_open_named(db, name, table, fault);
}

/* The same with the longer sentence that operations on the table itself use. */
static bool open_for_table_call(sqlite3 *db, const cJSON *input, dynamodb_table *table,
                                dynamodb_fault *fault)
{
    if (dynamodb_table_open(db, input, table, fault))
        return true;
    if (strcmp(fault->type, "ResourceNotFoundException") == 0)
        return dynamodb_refuse(fault, "ResourceNotFoundException",
                               "Requested resource not found: Table: %s not found",
                               dynamodb_table_name(input, fault));
    return false;
}

void dynamodb_table_close(dynamodb_table *table)
{
    cJSON_Delete(table->description);
    memset(table, 0, sizeof(*table));
}

bool dynamodb_keys_have(const dynamodb_keys *keys, const char *name)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (strcmp(keys->names[i], name) == 0)
            return true;
    }
    return false;
}

bool dynamodb_index_projects(const dynamodb_table *table, const dynamodb_index *index,
                             const char *name)
{
    const cJSON *each;

    if (!index->keys_only || dynamodb_keys_have(&table->keys, name) ||
        dynamodb_keys_have(&index->keys, name))
        return true;
    cJSON_ArrayForEach(each, index->included)
    {
        if (strcmp(each->valuestring, name) == 0)
            return true;
    }
    return false;
}

static void new_table_id(char out[ENCODING_UUID_SIZE])
{
    unsigned char random[16];

    sqlite3_randomness((int)sizeof(random), random);
    encoding_uuid(random, out);
}

static bool insert_table(sqlite3 *db, const cJSON *description, dynamodb_fault *fault)
{
    sqlite3_stmt *statement;
    char *text = cJSON_PrintUnformatted(description);
    bool ok;

    if (text == NULL)
        return dynamodb_broken(fault, "out of memory for a table description");
    statement = dynamodb_sql_prepare(
        db, "INSERT INTO dynamodb_table (name, description) VALUES (?1, ?2)", fault);
    if (statement != NULL) {
        dynamodb_sql_text(statement, 1, dynamodb_input_get(description, "TableName")->valuestring);
        dynamodb_sql_text(statement, 2, text);
    }
    ok = dynamodb_sql_run(statement, fault);
    cJSON_free(text);
    return ok;
}

/* {"Table..." : description} with the counts of the moment. Takes description. */
static cJSON *answer_with(const char *field, cJSON *description, double items, double bytes,
                          dynamodb_fault *fault)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *each;

    if (body == NULL || !cJSON_AddItemToObject(body, field, description)) {
        cJSON_Delete(description);
        return no_memory(body, fault);
    }
    if (cJSON_AddNumberToObject(description, "ItemCount", items) == NULL ||
        cJSON_AddNumberToObject(description, "TableSizeBytes", bytes) == NULL)
        return no_memory(body, fault);
    cJSON_ArrayForEach(each,
                       cJSON_GetObjectItemCaseSensitive(description, "GlobalSecondaryIndexes"))
    {
        if (cJSON_AddNumberToObject(each, "ItemCount", items) == NULL ||
            cJSON_AddNumberToObject(each, "IndexSizeBytes", bytes) == NULL)
            return no_memory(body, fault);
    }
    return body;
}

cJSON *dynamodb_create_table(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    cJSON *description = dynamodb_schema_describe(input, fault);
    dynamodb_table existing;
    struct timespec now;
    char id[ENCODING_UUID_SIZE];
    bool found;

    if (description == NULL)
        return NULL;
    if (!load(db, dynamodb_input_get(description, "TableName")->valuestring, &existing, &found,
              fault))
        goto failed;
    dynamodb_table_close(&existing);
    if (found) {
        (void)dynamodb_refuse(fault, "ResourceInUseException", "Table already exists: %s",
                              dynamodb_input_get(description, "TableName")->valuestring);
        goto failed;
    }
    (void)clock_gettime(CLOCK_REALTIME, &now);
    new_table_id(id);
    if (cJSON_AddStringToObject(description, "TableId", id) == NULL ||
        cJSON_AddNumberToObject(description, "CreationDateTime",
                                (double)now.tv_sec + (double)(now.tv_nsec / 1000000) / 1000.0) ==
            NULL)
        return no_memory(description, fault);
    if (!insert_table(db, description, fault))
        goto failed;
    return answer_with("TableDescription", description, 0, 0, fault);

failed:
    cJSON_Delete(description);
    return NULL;
}

cJSON *dynamodb_describe_table(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    dynamodb_table table;
    sqlite3_stmt *statement;
    cJSON *body = NULL;
    bool row;

    if (!open_for_table_call(db, input, &table, fault))
        return NULL;
    statement = dynamodb_sql_prepare(
        db, "SELECT count(*), coalesce(sum(size), 0) FROM dynamodb_item WHERE table_id = ?1",
        fault);
    if (statement != NULL) {
        (void)sqlite3_bind_int64(statement, 1, table.id);
        if (dynamodb_sql_step(statement, &row, fault)) {
            body = answer_with("Table", table.description, sqlite3_column_double(statement, 0),
                               sqlite3_column_double(statement, 1), fault);
            table.description = NULL; /* it belongs to the body now */
        }
    }
    (void)sqlite3_finalize(statement);
    dynamodb_table_close(&table);
    return body;
}

static bool delete_rows(sqlite3 *db, sqlite3_int64 table_id, dynamodb_fault *fault)
{
    static const char *const statements[] = { "DELETE FROM dynamodb_entry WHERE table_id = ?1",
                                              "DELETE FROM dynamodb_item WHERE table_id = ?1",
                                              "DELETE FROM dynamodb_table WHERE id = ?1" };

    for (size_t i = 0; i < 3; i++) {
        sqlite3_stmt *statement = dynamodb_sql_prepare(db, statements[i], fault);

        if (statement != NULL)
            (void)sqlite3_bind_int64(statement, 1, table_id);
        if (!dynamodb_sql_run(statement, fault))
            return false;
    }
    return true;
}

cJSON *dynamodb_delete_table(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    dynamodb_table table;
    cJSON *body = NULL;

    if (!open_for_table_call(db, input, &table, fault))
        return NULL;
    if (delete_rows(db, table.id, fault)) {
        cJSON *status = cJSON_CreateString("DELETING");

        if (status == NULL ||
            !cJSON_ReplaceItemInObjectCaseSensitive(table.description, "TableStatus", status))
            cJSON_Delete(status);
        body = answer_with("TableDescription", table.description, 0, 0, fault);
        table.description = NULL;
    }
    dynamodb_table_close(&table);
    return body;
}

cJSON *dynamodb_list_tables(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    const char *after = "";
    long limit = LIST_MAX;
    sqlite3_stmt *statement;
    cJSON *body;
    cJSON *names;
    bool row = false;
    bool ok;

    if (!dynamodb_input_string(input, "ExclusiveStartTableName", &after, fault) ||
        !dynamodb_input_integer(input, "Limit", &limit, fault))
        return NULL;
    if (limit < 1 || limit > LIST_MAX) {
        (void)dynamodb_invalid(fault,
                               "1 validation error detected: Value '%ld' at 'limit' failed "
                               "to satisfy constraint: Member must be between 1 and 100",
                               limit);
        return NULL;
    }
    statement = dynamodb_sql_prepare(
        db, "SELECT name FROM dynamodb_table WHERE name > ?1 ORDER BY name", fault);
    if (statement == NULL)
        return NULL;
    dynamodb_sql_text(statement, 1, after);
    body = cJSON_CreateObject();
    names = body == NULL ? NULL : cJSON_AddArrayToObject(body, "TableNames");
    ok = names != NULL;
    while (ok && limit-- > 0 && dynamodb_sql_step(statement, &row, fault) && row)
        ok = cJSON_AddItemToArray(
            names, cJSON_CreateString((const char *)sqlite3_column_text(statement, 0)));
    if (ok && row && dynamodb_sql_step(statement, &row, fault) && row)
        ok = cJSON_AddStringToObject(body, "LastEvaluatedTableName",
                                     names->child->prev->valuestring) != NULL;
    (void)sqlite3_finalize(statement);
    if (!ok)
        return no_memory(body, fault);
    if (fault->type == NULL)
        return body;
    cJSON_Delete(body);
    return NULL;
}
