/*
 * fake_table.c - one DynamoDB table: the operations that the pipeline uses.
 *
 * As on AWS, a value that no expression uses and an item over 400 kB are refused.
 */
#include "fake_aws.h"
#include "fake_expression.h"

#include <stdlib.h>
#include <string.h>

static int refuse(cJSON **answer, const char *code)
{
    *answer = cJSON_CreateObject();
    cJSON_AddStringToObject(*answer, "__type", code);
    return 400;
}

static cJSON *find(const fake_aws *aws, const cJSON *key)
{
    cJSON *item;

    cJSON_ArrayForEach(item, aws->items)
    {
        if (fake_is_equal(ic_json_get(item, "batch_id"), ic_json_get(key, "batch_id")) &&
            fake_is_equal(ic_json_get(item, "img_fprint"), ic_json_get(key, "img_fprint")))
            return item;
    }
    return NULL;
}

static int item_size(const cJSON *item)
{
    char *text = cJSON_PrintUnformatted(item);
    int size = text != NULL ? (int)strlen(text) : 0;

    cJSON_free(text);
    return size;
}

/* Takes @p item. */
static void store(fake_aws *aws, cJSON *item)
{
    cJSON *old = find(aws, item);

    if (old != NULL)
        cJSON_ReplaceItemViaPointer(aws->items, old, item);
    else
        cJSON_AddItemToArray(aws->items, item);
    aws->writes++;
}

static int fail_condition(const fake_aws *aws, const cJSON *old, cJSON **answer)
{
    refuse(answer, "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException");
    if (old != NULL && !aws->no_old_items)
        cJSON_AddItemToObject(*answer, "Item", cJSON_Duplicate(old, 1));
    return 400;
}

static int write_item(fake_aws *aws, const cJSON *request, const cJSON *key, const char *update,
                      cJSON **answer)
{
    const cJSON *values = ic_json_get(request, "ExpressionAttributeValues");
    const cJSON *old = find(aws, key);
    int is_true = fake_evaluate(ic_json_text(request, "ConditionExpression"), old, values);
    cJSON *fresh;

    if (is_true < 0 || !fake_values_are_used(request))
        return refuse(answer, "ValidationException");
    if (!is_true)
        return fail_condition(aws, old, answer);
    fresh = cJSON_Duplicate(update != NULL && old != NULL ? old : key, 1);
    if ((update != NULL && !fake_apply_update(update, fresh, values)) ||
        item_size(fresh) > 409600) {
        cJSON_Delete(fresh);
        return refuse(answer, "ValidationException");
    }
    store(aws, fresh);
    *answer = cJSON_CreateObject();
    return 200;
}

static int delete_item(fake_aws *aws, const cJSON *request, cJSON **answer)
{
    cJSON *old = find(aws, ic_json_get(request, "Key"));
    int is_true = fake_evaluate(ic_json_text(request, "ConditionExpression"), old,
                                ic_json_get(request, "ExpressionAttributeValues"));

    if (is_true < 0 || !fake_values_are_used(request))
        return refuse(answer, "ValidationException");
    if (!is_true)
        return fail_condition(aws, old, answer);
    if (old != NULL) {
        cJSON_Delete(cJSON_DetachItemViaPointer(aws->items, old));
        aws->writes++;
    }
    *answer = cJSON_CreateObject();
    return 200;
}

static int get_item(const fake_aws *aws, const cJSON *request, cJSON **answer)
{
    const cJSON *item = find(aws, ic_json_get(request, "Key"));

    *answer = cJSON_CreateObject();
    if (item != NULL)
        cJSON_AddItemToObject(*answer, "Item", fake_project(item, request));
    return 200;
}

static cJSON *key_of(const cJSON *item)
{
    cJSON *key = cJSON_CreateObject();

    cJSON_AddItemToObject(key, "batch_id", cJSON_Duplicate(ic_json_get(item, "batch_id"), 1));
    cJSON_AddItemToObject(key, "img_fprint", cJSON_Duplicate(ic_json_get(item, "img_fprint"), 1));
    return key;
}

/* The item behind @p after in the order of img_fprint, which is not the order of storing. */
static const cJSON *next_item(const fake_aws *aws, const char *after)
{
    const cJSON *best = NULL;
    const cJSON *item;

    cJSON_ArrayForEach(item, aws->items)
    {
        const char *fingerprint = fake_text_in(ic_json_get(item, "img_fprint"));

        if (strcmp(fingerprint, after) > 0 &&
            (best == NULL ||
             strcmp(fingerprint, fake_text_in(ic_json_get(best, "img_fprint"))) < 0))
            best = item;
    }
    return best;
}

static int query(const fake_aws *aws, const cJSON *request, cJSON **answer)
{
    const char *after = fake_text_in(
        ic_json_get(ic_json_get(request, "ExclusiveStartKey"), "img_fprint"));
    size_t most = aws->page_items != 0 ? aws->page_items : SIZE_MAX;
    uint64_t limit;
    const cJSON *item;
    cJSON *items;
    size_t count = 0;

    if (!fake_values_are_used(request))
        return refuse(answer, "ValidationException");
    if (ic_json_u64(request, "Limit", &limit) && limit < most)
        most = (size_t)limit;
    *answer = cJSON_CreateObject();
    items = cJSON_AddArrayToObject(*answer, "Items");
    while ((item = next_item(aws, after != NULL ? after : "")) != NULL) {
        after = fake_text_in(ic_json_get(item, "img_fprint"));
        if (fake_evaluate(ic_json_text(request, "KeyConditionExpression"), item,
                          ic_json_get(request, "ExpressionAttributeValues")) != 1)
            continue;
        cJSON_AddItemToArray(items, fake_project(item, request));
        if (++count == most) {
            cJSON_AddItemToObject(*answer, "LastEvaluatedKey", key_of(item));
            break;
        }
    }
    return 200;
}

static int batch_get(fake_aws *aws, const cJSON *request, cJSON **answer)
{
    const cJSON *table = ic_json_get(request, "RequestItems")->child;
    const cJSON *keys = ic_json_get(table, "Keys");
    int leave = (int)aws->unprocessed;
    int count = cJSON_GetArraySize(keys);
    cJSON *items;
    cJSON *left;

    if (count > 100)
        return refuse(answer, "ValidationException");
    *answer = cJSON_CreateObject();
    items = cJSON_AddArrayToObject(cJSON_AddObjectToObject(*answer, "Responses"), table->string);
    left = cJSON_AddArrayToObject(
        cJSON_AddObjectToObject(cJSON_AddObjectToObject(*answer, "UnprocessedKeys"), table->string),
        "Keys");
    for (int i = 0; i < count; i++) {
        const cJSON *key = cJSON_GetArrayItem(keys, i);
        const cJSON *item = find(aws, key);

        if (i >= count - leave)
            cJSON_AddItemToArray(left, cJSON_Duplicate(key, 1));
        else if (item != NULL)
            cJSON_AddItemToArray(items, fake_project(item, table));
    }
    if (cJSON_GetArraySize(left) == 0)
        cJSON_DeleteItemFromObject(*answer, "UnprocessedKeys");
    aws->unprocessed = 0;
    return 200;
}

int fake_table_answer(fake_aws *aws, const char *operation, const cJSON *request, cJSON **answer)
{
    if (strcmp(operation, "PutItem") == 0)
        return write_item(aws, request, ic_json_get(request, "Item"), NULL, answer);
    if (strcmp(operation, "UpdateItem") == 0)
        return write_item(aws, request, ic_json_get(request, "Key"),
                          ic_json_text(request, "UpdateExpression"), answer);
    if (strcmp(operation, "DeleteItem") == 0)
        return delete_item(aws, request, answer);
    if (strcmp(operation, "GetItem") == 0)
        return get_item(aws, request, answer);
    if (strcmp(operation, "Query") == 0)
        return query(aws, request, answer);
    if (strcmp(operation, "BatchGetItem") == 0)
        return batch_get(aws, request, answer);
    return refuse(answer, "UnknownOperationException");
}

void fake_aws_put_item(fake_aws *aws, const char *json)
{
    cJSON *item = cJSON_Parse(json);

    if (item == NULL)
        abort();
    store(aws, item);
}

const char *fake_aws_attribute(const fake_aws *aws, size_t item, const char *name)
{
    const cJSON *typed = ic_json_get(cJSON_GetArrayItem(aws->items, (int)item), name);

    return fake_text_in(typed);
}
