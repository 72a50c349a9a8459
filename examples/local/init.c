/*
 * init.c - buckets, table and SSM parameters under the names of the Python system.
 */
#include "init.h"

#include "dynamodb.h"
#include "s3.h"
#include "ssm.h"

#include <stdio.h>
#include <string.h>

#define SSM_PREFIX "/stablecaps/dev/cat-wrangler/"

static const char table_request[] =
    "{\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":["
    "{\"AttributeName\":\"batch_id\",\"AttributeType\":\"N\"},"
    "{\"AttributeName\":\"img_fprint\",\"AttributeType\":\"S\"},"
    "{\"AttributeName\":\"client_id\",\"AttributeType\":\"S\"},"
    "{\"AttributeName\":\"upload_ts\",\"AttributeType\":\"N\"},"
    "{\"AttributeName\":\"op_status\",\"AttributeType\":\"S\"},"
    "{\"AttributeName\":\"rek_iscat\",\"AttributeType\":\"S\"}],"
    "\"KeySchema\":[{\"AttributeName\":\"batch_id\",\"KeyType\":\"HASH\"},"
    "{\"AttributeName\":\"img_fprint\",\"KeyType\":\"RANGE\"}]}";

/* All five of the Python system, so that whatever was written for its table runs here too. */
static const struct {
    const char *name;
    const char *hash;
    const char *range;
} indexes[] = {
    { "GSI1", "batch_id", "upload_ts" },  { "GSI2", "client_id", "upload_ts" },
    { "GSI3", "batch_id", "client_id" },  { "GSI4", "batch_id", "op_status" },
    { "GSI5", "rek_iscat", "upload_ts" },
};

static int fail(char *why, size_t why_len, const char *what, const char *cause)
{
    (void)snprintf(why, why_len, "--init: %s: %s", what, cause);
    return 0;
}

static int make_buckets(sqlite3 *db, const local_settings *settings, int64_t now_s, char *why,
                        size_t why_len)
{
    const char *const names[] = { settings->bucket_source, settings->bucket_dest,
                                  settings->bucket_fail };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (s3_ensure_bucket(db, names[i], now_s) != SQLITE_OK)
            return fail(why, why_len, names[i], sqlite3_errmsg(db));
    }
    return 1;
}

static void add_key(cJSON *schema, const char *name, const char *type)
{
    cJSON *key = cJSON_CreateObject();

    (void)cJSON_AddStringToObject(key, "AttributeName", name);
    (void)cJSON_AddStringToObject(key, "KeyType", type);
    if (!cJSON_AddItemToArray(schema, key))
        cJSON_Delete(key);
}

static cJSON *table_input(const char *table)
{
    cJSON *input = cJSON_Parse(table_request);
    cJSON *list = cJSON_AddArrayToObject(input, "GlobalSecondaryIndexes");

    (void)cJSON_AddStringToObject(input, "TableName", table);
    for (size_t i = 0; i < sizeof(indexes) / sizeof(indexes[0]); i++) {
        cJSON *index = cJSON_CreateObject();
        cJSON *schema;

        (void)cJSON_AddStringToObject(index, "IndexName", indexes[i].name);
        schema = cJSON_AddArrayToObject(index, "KeySchema");
        add_key(schema, indexes[i].hash, "HASH");
        add_key(schema, indexes[i].range, "RANGE");
        (void)cJSON_AddStringToObject(cJSON_AddObjectToObject(index, "Projection"),
                                      "ProjectionType", "ALL");
        if (!cJSON_AddItemToArray(list, index))
            cJSON_Delete(index);
    }
    return input;
}

static cJSON *ttl_input(const char *table)
{
    cJSON *input = cJSON_CreateObject();
    cJSON *ttl = cJSON_AddObjectToObject(input, "TimeToLiveSpecification");

    (void)cJSON_AddStringToObject(input, "TableName", table);
    (void)cJSON_AddStringToObject(ttl, "AttributeName", "ttl");
    (void)cJSON_AddTrueToObject(ttl, "Enabled");
    return input;
}

/* Run an operation; releases @p input. 1 when it succeeded, 0 with the error's text. */
static int run(sqlite3 *db, const char *region, const char *operation, cJSON *input,
               const char **type, char *text, size_t size)
{
    json_answer answer = dynamodb_call(db, region, operation, input);
    const char *message = cJSON_GetStringValue(cJSON_GetObjectItem(answer.body, "message"));
    int ok = answer.error_type == NULL && answer.body != NULL;

    *type = answer.error_type == NULL ? "" : answer.error_type;
    (void)snprintf(text, size, "%s: %s", *type, message == NULL ? "" : message);
    cJSON_Delete(answer.body);
    cJSON_Delete(input);
    return ok;
}

static int make_table(sqlite3 *db, const local_settings *settings, char *why, size_t why_len)
{
    char text[300];
    const char *type;

    if (!run(db, settings->region, "CreateTable", table_input(settings->table), &type, text,
             sizeof(text))) {
        /* One that is there is left as it is. */
        if (strcmp(type, "ResourceInUseException") == 0)
            return 1;
        return fail(why, why_len, settings->table, text);
    }
    if (!run(db, settings->region, "UpdateTimeToLive", ttl_input(settings->table), &type, text,
             sizeof(text)))
        return fail(why, why_len, settings->table, text);
    return 1;
}

static int make_parameters(sqlite3 *db, const local_settings *settings, int64_t now_s, char *why,
                           size_t why_len)
{
    const struct {
        const char *name;
        const char *value;
    } parameters[] = {
        { SSM_PREFIX "AWS_REGION", settings->region },
        { SSM_PREFIX "FUNC_BULKIMG_ANALYSER_NAME", settings->function },
        { SSM_PREFIX "S3BUCKET_SOURCE", settings->bucket_source },
        { SSM_PREFIX "S3BUCKET_DEST", settings->bucket_dest },
        { SSM_PREFIX "S3BUCKET_FAIL", settings->bucket_fail },
        { SSM_PREFIX "DYNAMODB_TABLE_NAME", settings->table },
    };

    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
        if (ssm_set(db, parameters[i].name, parameters[i].value, now_s) != SQLITE_OK)
            return fail(why, why_len, parameters[i].name, sqlite3_errmsg(db));
    }
    return 1;
}

int init_resources(sqlite3 *db, const local_settings *settings, int64_t now_s, char *why,
                   size_t why_len)
{
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return fail(why, why_len, "the store", sqlite3_errmsg(db));
    if (make_buckets(db, settings, now_s, why, why_len) && make_table(db, settings, why, why_len) &&
        make_parameters(db, settings, now_s, why, why_len)) {
        if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
            return 1;
        (void)fail(why, why_len, "the store", sqlite3_errmsg(db));
    }
    (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return 0;
}
