/*
 * dynamodb_ttl.c - UpdateTimeToLive and DescribeTimeToLive.
 *
 * The setting is kept and shown; expired items are not deleted. The service itself deletes them
 * only within days, and readers have to filter by time anyway.
 */
#include "dynamodb_input.h"
#include "dynamodb_sql.h"
#include "dynamodb_table.h"

#include <stdio.h>
#include <string.h>

/* The attribute that holds the time, "" when it is switched off. */
static bool read_ttl(sqlite3 *db, const dynamodb_table *table, char out[256], dynamodb_fault *fault)
{
    sqlite3_stmt *statement = dynamodb_sql_prepare(
        db, "SELECT ttl FROM dynamodb_table WHERE id = ?1", fault);
    bool row = false;
    bool ok = statement != NULL;

    out[0] = '\0';
    if (ok) {
        (void)sqlite3_bind_int64(statement, 1, table->id);
        ok = dynamodb_sql_step(statement, &row, fault);
    }
    if (ok && row && sqlite3_column_text(statement, 0) != NULL)
        (void)snprintf(out, 256, "%s", (const char *)sqlite3_column_text(statement, 0));
    (void)sqlite3_finalize(statement);
    return ok;
}

static bool write_ttl(sqlite3 *db, const dynamodb_table *table, const char *attribute,
                      dynamodb_fault *fault)
{
    sqlite3_stmt *statement = dynamodb_sql_prepare(
        db, "UPDATE dynamodb_table SET ttl = ?2 WHERE id = ?1", fault);

    if (statement != NULL) {
        (void)sqlite3_bind_int64(statement, 1, table->id);
        dynamodb_sql_text(statement, 2, attribute);
    }
    return dynamodb_sql_run(statement, fault);
}

static bool read_specification(const cJSON *input, bool *enabled, const char **attribute,
                               dynamodb_fault *fault)
{
    const cJSON *wanted = NULL;

    if (!dynamodb_input_map(input, "TimeToLiveSpecification", &wanted, fault))
        return false;
    if (wanted == NULL)
        return dynamodb_input_missing("TimeToLiveSpecification", fault);
    if (dynamodb_input_get(wanted, "Enabled") == NULL)
        return dynamodb_input_missing("Enabled", fault);
    if (!dynamodb_input_bool(wanted, "Enabled", enabled, fault) ||
        !dynamodb_input_string(wanted, "AttributeName", attribute, fault))
        return false;
    if (*attribute == NULL)
        return dynamodb_input_missing("AttributeName", fault);
    if (**attribute == '\0' || strlen(*attribute) > 255)
        return dynamodb_invalid(fault,
                                "TimeToLiveSpecification: an AttributeName has 1 to 255 "
                                "bytes, not %zu",
                                strlen(*attribute));
    return true;
}

static bool change(sqlite3 *db, const dynamodb_table *table, bool enabled, const char *attribute,
                   dynamodb_fault *fault)
{
    char now[256];

    if (!read_ttl(db, table, now, fault))
        return false;
    if (enabled && now[0] != '\0')
        return dynamodb_invalid(fault, "TimeToLive is already enabled");
    if (!enabled && now[0] == '\0')
        return dynamodb_invalid(fault, "TimeToLive is already disabled");
    return write_ttl(db, table, enabled ? attribute : NULL, fault);
}

cJSON *dynamodb_update_ttl(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    dynamodb_table table;
    const char *attribute = NULL;
    bool enabled = false;
    cJSON *body = NULL;

    if (!read_specification(input, &enabled, &attribute, fault) ||
        !dynamodb_table_open(db, input, &table, fault))
        return NULL;
    if (change(db, &table, enabled, attribute, fault)) {
        cJSON *specification;

        body = cJSON_CreateObject();
        specification = cJSON_AddObjectToObject(body, "TimeToLiveSpecification");
        (void)cJSON_AddBoolToObject(specification, "Enabled", enabled);
        (void)cJSON_AddStringToObject(specification, "AttributeName", attribute);
    }
    dynamodb_table_close(&table);
    return body;
}

cJSON *dynamodb_describe_ttl(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    dynamodb_table table;
    char attribute[256];
    cJSON *body = NULL;

    if (!dynamodb_table_open(db, input, &table, fault))
        return NULL;
    if (read_ttl(db, &table, attribute, fault)) {
        cJSON *description;

        body = cJSON_CreateObject();
        description = cJSON_AddObjectToObject(body, "TimeToLiveDescription");
        (void)cJSON_AddStringToObject(description, "TimeToLiveStatus",
                                      attribute[0] == '\0' ? "DISABLED" : "ENABLED");
        if (attribute[0] != '\0')
            (void)cJSON_AddStringToObject(description, "AttributeName", attribute);
    }
    dynamodb_table_close(&table);
    return body;
}
