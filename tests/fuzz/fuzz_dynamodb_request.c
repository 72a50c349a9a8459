/*
 * fuzz_dynamodb_request.c - requests to icecat-local's DynamoDB: every one is answered, no transaction stays
 * open, and whatever was written, the pages of a Query and a Scan say together what one page says.
 *
 * Each line of an input is a request: "PutItem {...}".
 */
#include "fuzz.h"

#include "dynamodb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REGION "us-east-1"

static const char create[] =
    "{\"TableName\":\"cats\",\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":["
    "{\"AttributeName\":\"b\",\"AttributeType\":\"N\"},{\"AttributeName\":\"f\","
    "\"AttributeType\":\"S\"},{\"AttributeName\":\"s\",\"AttributeType\":\"S\"},"
    "{\"AttributeName\":\"t\",\"AttributeType\":\"N\"}],\"KeySchema\":[{\"AttributeName\":\"b\","
    "\"KeyType\":\"HASH\"},{\"AttributeName\":\"f\",\"KeyType\":\"RANGE\"}],"
    "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"idx\",\"KeySchema\":[{\"AttributeName\":\"s\","
    "\"KeyType\":\"HASH\"},{\"AttributeName\":\"t\",\"KeyType\":\"RANGE\"}],"
    "\"Projection\":{\"ProjectionType\":\"ALL\"}}]}";

static const char *const items[] = {
    "{\"b\":{\"N\":\"1\"},\"f\":{\"S\":\"a\"},\"s\":{\"S\":\"x\"},\"t\":{\"N\":\"5\"}}",
    "{\"b\":{\"N\":\"1\"},\"f\":{\"S\":\"b\"},\"s\":{\"S\":\"x\"},\"t\":{\"N\":\"5\"}}",
    "{\"b\":{\"N\":\"1\"},\"f\":{\"S\":\"c\"},\"s\":{\"S\":\"x\"},\"t\":{\"N\":\"-1.5\"}}",
    "{\"b\":{\"N\":\"2\"},\"f\":{\"S\":\"a\"},\"l\":{\"L\":[{\"NULL\":true}]}}",
};

static cJSON *call(sqlite3 *db, const char *operation, const cJSON *input, int *status)
{
    json_answer answer = dynamodb_call(db, REGION, operation, input);

    FUZZ_CHECK(answer.body != NULL);
    FUZZ_CHECK((answer.http_status == 200) == (answer.error_type == NULL));
    FUZZ_CHECK(answer.http_status == 200 || answer.http_status == 400);
    FUZZ_CHECK(sqlite3_get_autocommit(db) == 1);
    *status = answer.http_status;
    return answer.body;
}

/* One that the target itself makes must be good. */
static cJSON *must(sqlite3 *db, const char *operation, const char *text)
{
    cJSON *input = cJSON_Parse(text);
    int status;
    cJSON *body = call(db, operation, input, &status);

    FUZZ_CHECK(input != NULL && status == 200);
    cJSON_Delete(input);
    return body;
}

static sqlite3 *template_store(void)
{
    static sqlite3 *db;

    if (db != NULL)
        return db;
    FUZZ_CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK && dynamodb_schema(db) == SQLITE_OK);
    cJSON_Delete(must(db, "CreateTable", create));
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        char text[512];

        snprintf(text, sizeof(text), "{\"TableName\":\"cats\",\"Item\":%s}", items[i]);
        cJSON_Delete(must(db, "PutItem", text));
    }
    return db;
}

static sqlite3 *fresh_store(void)
{
    sqlite3 *db = NULL;
    sqlite3_backup *copy;

    FUZZ_CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
    copy = sqlite3_backup_init(db, "main", template_store(), "main");
    FUZZ_CHECK(copy != NULL && sqlite3_backup_step(copy, -1) == SQLITE_DONE);
    FUZZ_CHECK(sqlite3_backup_finish(copy) == SQLITE_OK);
    return db;
}

/* ---- one request -------------------------------------------------------------------------- */

static void ask(sqlite3 *db, char *line)
{
    char *text = strchr(line, ' ');
    cJSON *input, *body;
    int status;

    if (text == NULL)
        return;
    *text++ = '\0';
    input = cJSON_Parse(text);
    if (!cJSON_IsObject(input)) { /* json_service.c refuses these */
        cJSON_Delete(input);
        return;
    }
    body = call(db, line, input, &status);
    FUZZ_CHECK(cJSON_IsObject(body));
    if (status != 200)
        FUZZ_CHECK(cJSON_GetStringValue(cJSON_GetObjectItem(body, "message")) != NULL ||
                   cJSON_GetStringValue(cJSON_GetObjectItem(body, "Message")) != NULL);
    cJSON_Delete(body);
    cJSON_Delete(input);
}

/* ---- pages -------------------------------------------------------------------------------- */

/* Move the items of a page to @p all; the next request starts behind it. 1 when there is a next. */
static int take_page(cJSON *body, cJSON *all, cJSON *input)
{
    cJSON *got = cJSON_GetObjectItem(body, "Items");
    cJSON *last = cJSON_DetachItemFromObject(body, "LastEvaluatedKey");

    FUZZ_CHECK(cJSON_IsArray(got));
    while (got->child != NULL)
        cJSON_AddItemToArray(all, cJSON_DetachItemFromArray(got, 0));
    cJSON_DeleteItemFromObject(input, "ExclusiveStartKey");
    if (last == NULL)
        return 0;
    cJSON_AddItemToObject(input, "ExclusiveStartKey", last);
    return 1;
}

static cJSON *read_all(sqlite3 *db, const char *operation, const char *text, int limit)
{
    cJSON *input = cJSON_Parse(text);
    cJSON *all = cJSON_CreateArray();
    int more = 1, pages = 0;

    if (limit != 0)
        cJSON_AddNumberToObject(input, "Limit", limit);
    while (more) {
        int status;
        cJSON *body = call(db, operation, input, &status);

        if (status != 200) { /* the table is gone */
            FUZZ_CHECK(pages == 0);
            cJSON_Delete(all);
            all = NULL;
            more = 0;
        } else {
            more = take_page(body, all, input);
        }
        FUZZ_CHECK(++pages < 1000);
        cJSON_Delete(body);
    }
    cJSON_Delete(input);
    return all;
}

static void compare_pages(sqlite3 *db, const char *operation, const char *text)
{
    cJSON *whole = read_all(db, operation, text, 0);
    cJSON *paged = read_all(db, operation, text, 1);

    FUZZ_CHECK((whole == NULL) == (paged == NULL));
    FUZZ_CHECK(whole == NULL || cJSON_Compare(whole, paged, 1));
    cJSON_Delete(whole);
    cJSON_Delete(paged);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_copy(data, len);
    sqlite3 *db = fresh_store();

    for (char *line = text, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        ask(db, line);
    }
    compare_pages(db, "Scan", "{\"TableName\":\"cats\"}");
    compare_pages(
        db, "Query",
        "{\"TableName\":\"cats\",\"KeyConditionExpression\":\"b = :b\",\"ScanIndexForward\":"
        "false,\"ExpressionAttributeValues\":{\":b\":{\"N\":\"1\"}}}");
    compare_pages(
        db, "Query",
        "{\"TableName\":\"cats\",\"IndexName\":\"idx\",\"KeyConditionExpression\":\"s = :s\","
        "\"ExpressionAttributeValues\":{\":s\":{\"S\":\"x\"}}}");
    FUZZ_CHECK(sqlite3_close(db) == SQLITE_OK);
    free(text);
    return 0;
}
