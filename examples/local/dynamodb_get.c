/*
 * dynamodb_get.c - GetItem.
 */
#include "dynamodb_input.h"
#include "dynamodb_read.h"

#include <string.h>

typedef struct get_request {
    dynamodb_table table;
    dynamodb_scope scope;
    dynamodb_expression projection;
    dynamodb_key_bytes key;
    bool consistent;
    dynamodb_capacity_mode mode;
    cJSON *item;
} get_request;

static bool read_key(sqlite3 *db, const cJSON *input, get_request *get, dynamodb_fault *fault)
{
    const cJSON *given = dynamodb_input_get(input, "Key");
    cJSON *key;
    bool ok;

    if (given == NULL)
        return dynamodb_input_missing("Key", fault);
    key = dynamodb_map_copy(given, fault);
    ok = key != NULL && dynamodb_table_open(db, input, &get->table, fault) &&
         dynamodb_only_key(&get->table, key, &get->key, fault);
    cJSON_Delete(key);
    return ok;
}

static bool get(sqlite3 *db, const cJSON *input, get_request *request, dynamodb_fault *fault)
{
    cJSON *found = NULL;

    if (!dynamodb_input_refuse_legacy(input, fault) ||
        !dynamodb_capacity_mode_read(input, &request->mode, fault) ||
        !dynamodb_input_bool(input, "ConsistentRead", &request->consistent, fault) ||
        dynamodb_table_name(input, fault) == NULL ||
        !dynamodb_scope_init(&request->scope, input, fault) ||
        !dynamodb_parse_projection(&request->projection, &request->scope, input,
                                   "ProjectionExpression", fault) ||
        !dynamodb_scope_finish(&request->scope, "ProjectionExpression is null", fault) ||
        !read_key(db, input, request, fault) ||
        !dynamodb_store_read(db, &request->table, &request->key, &found, fault))
        return false;
    request->item = found;
    return true;
}

/* The body; the item that was read stays with the request. */
static cJSON *answer(const get_request *request, dynamodb_fault *fault)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *shown = NULL;
    dynamodb_usage usage = { 0 };
    size_t size = request->item == NULL ? 0 : dynamodb_map_size(request->item);

    usage.table = dynamodb_usage_of_read(size, request->consistent);
    if (request->item != NULL)
        shown = request->projection.root == NULL
                    ? cJSON_Duplicate(request->item, true)
                    : dynamodb_project(request->item, request->projection.root, fault);
    if (body == NULL || (request->item != NULL && shown == NULL))
        goto failed;
    if (shown != NULL && !cJSON_AddItemToObject(body, "Item", shown))
        goto failed;
    shown = NULL;
    if (dynamodb_usage_report(body, &usage, &request->table, request->mode, fault))
        return body;

failed:
    if (fault->type == NULL)
        (void)dynamodb_broken(fault, "out of memory for an answer");
    cJSON_Delete(shown);
    cJSON_Delete(body);
    return NULL;
}

cJSON *dynamodb_get_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    get_request request;
    cJSON *body = NULL;

    memset(&request, 0, sizeof(request));
    if (get(db, input, &request, fault))
        body = answer(&request, fault);
    cJSON_Delete(request.item);
    dynamodb_expression_free(&request.projection);
    dynamodb_scope_free(&request.scope);
    dynamodb_table_close(&request.table);
    return body;
}
