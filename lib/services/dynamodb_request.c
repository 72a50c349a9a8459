/*
 * dynamodb_request.c - requests of DynamoDB's operations.
 */
#include "services/dynamodb_request.h"

#include "base/error.h"
#include "base/options.h"
#include "services/item.h"
#include "services/json_request.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_dynamodb_options, reserved);

icecat_status ic_dynamodb_options_load(icecat_dynamodb_options *own,
                                       const icecat_dynamodb_options *options, icecat_error *err)
{
    icecat_status status = IC_OPTIONS_LOAD(own, options, icecat_dynamodb_options, err);

    if (status == ICECAT_OK && own->reserved != 0)
        return ic_fail(err, ICECAT_E_ARGUMENT, "icecat_dynamodb_options.reserved is not 0");
    return status;
}

static icecat_status check_table(const char *table, icecat_error *err)
{
    size_t len = table != NULL ? strlen(table) : 0;

    if (len < 3 || len > 255 ||
        strspn(table, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") != len)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "table name \"%.80s\" must have 3 to 255 of a-z, A-Z, 0-9, '_', '.' and '-'",
                       table != NULL ? table : "");
    return ICECAT_OK;
}

static void add_text(ic_buf *body, const char *name, const char *value)
{
    if (value == NULL)
        return;
    ic_json_write_member(body, name);
    ic_json_write_text(body, value);
}

static void add_item(ic_buf *body, const char *name, const icecat_item *item)
{
    ic_json_write_member(body, name);
    ic_item_write_json(body, item);
}

static void add_names(ic_buf *body, const icecat_dynamodb_options *options)
{
    if (options->names_count == 0)
        return;
    ic_json_write_member(body, "ExpressionAttributeNames");
    ic_buf_add_char(body, '{');
    for (size_t i = 0; i < options->names_count; i++) {
        ic_json_write_member(body, options->names[i].name);
        ic_json_write_text(body, options->names[i].value);
    }
    ic_buf_add_char(body, '}');
}

static void add_expression_parts(ic_buf *body, const icecat_dynamodb_options *options)
{
    add_names(body, options);
    if (icecat_item_count(options->values) != 0)
        add_item(body, "ExpressionAttributeValues", options->values);
}

/* Everything but a batch get begins alike: { "TableName": ... */
static icecat_status begin(ic_request *request, const ic_mem *mem, const char *operation,
                           const char *table, const icecat_dynamodb_options *options,
                           icecat_error *err)
{
    icecat_status status = ic_json_request_init(request, mem, IC_SERVICE_DYNAMODB, operation, err);

    if (status == ICECAT_OK)
        status = check_table(table, err);
    for (size_t i = 0; i < options->names_count && status == ICECAT_OK; i++) {
        if (options->names == NULL || options->names[i].name == NULL ||
            options->names[i].value == NULL)
            status = ic_fail(err, ICECAT_E_ARGUMENT, "name placeholder %zu is NULL", i);
    }
    if (status != ICECAT_OK)
        return status;
    request->subject = table;
    ic_buf_add_char(&request->own_body, '{');
    return ICECAT_OK;
}

static icecat_status end(ic_request *request, icecat_error *err)
{
    ic_buf_add_char(&request->own_body, '}');
    return ic_json_request_end(request, err);
}

static void add_write_parts(ic_buf *body, const icecat_dynamodb_options *options)
{
    add_text(body, "ConditionExpression", options->condition);
    if (options->condition != NULL)
        add_text(body, "ReturnValuesOnConditionCheckFailure", "ALL_OLD");
    add_expression_parts(body, options);
}

icecat_status ic_dynamodb_put_request(ic_request *request, const ic_mem *mem, const char *table,
                                      const icecat_item *item,
                                      const icecat_dynamodb_options *options, icecat_error *err)
{
    icecat_status status = begin(request, mem, "PutItem", table, options, err);

    if (status != ICECAT_OK)
        return status;
    add_text(&request->own_body, "TableName", table);
    add_item(&request->own_body, "Item", item);
    add_write_parts(&request->own_body, options);
    return end(request, err);
}

icecat_status ic_dynamodb_get_request(ic_request *request, const ic_mem *mem, const char *table,
                                      const icecat_item *key,
                                      const icecat_dynamodb_options *options, icecat_error *err)
{
    icecat_status status = begin(request, mem, "GetItem", table, options, err);

    if (status != ICECAT_OK)
        return status;
    add_text(&request->own_body, "TableName", table);
    add_item(&request->own_body, "Key", key);
    add_text(&request->own_body, "ProjectionExpression", options->projection);
    add_names(&request->own_body, options);
    if (options->consistent)
        ic_buf_add_text(&request->own_body, ",\"ConsistentRead\":true");
    return end(request, err);
}

icecat_status ic_dynamodb_delete_request(ic_request *request, const ic_mem *mem, const char *table,
                                         const icecat_item *key,
                                         const icecat_dynamodb_options *options, icecat_error *err)
{
    icecat_status status = begin(request, mem, "DeleteItem", table, options, err);

    if (status != ICECAT_OK)
        return status;
    add_text(&request->own_body, "TableName", table);
    add_item(&request->own_body, "Key", key);
    add_write_parts(&request->own_body, options);
    return end(request, err);
}

icecat_status ic_dynamodb_update_request(ic_request *request, const ic_mem *mem, const char *table,
                                         const icecat_item *key, const char *update, int want_new,
                                         const icecat_dynamodb_options *options, icecat_error *err)
{
    icecat_status status = begin(request, mem, "UpdateItem", table, options, err);

    if (status != ICECAT_OK)
        return status;
    add_text(&request->own_body, "TableName", table);
    add_item(&request->own_body, "Key", key);
    add_text(&request->own_body, "UpdateExpression", update);
    if (want_new)
        add_text(&request->own_body, "ReturnValues", "ALL_NEW");
    add_write_parts(&request->own_body, options);
    return end(request, err);
}

icecat_status ic_dynamodb_query_request(ic_request *request, const ic_mem *mem, const char *table,
                                        const char *key_condition, const char *start_key,
                                        uint64_t limit, const icecat_dynamodb_options *options,
                                        icecat_error *err)
{
    icecat_status status = begin(request, mem, "Query", table, options, err);
    ic_buf *body = &request->own_body;

    if (status != ICECAT_OK)
        return status;
    add_text(body, "TableName", table);
    add_text(body, "IndexName", options->index);
    add_text(body, "KeyConditionExpression", key_condition);
    add_text(body, "FilterExpression", options->filter);
    add_text(body, "ProjectionExpression", options->projection);
    add_expression_parts(body, options);
    if (options->consistent)
        ic_buf_add_text(body, ",\"ConsistentRead\":true");
    if (options->descending)
        ic_buf_add_text(body, ",\"ScanIndexForward\":false");
    if (limit != 0)
        ic_buf_add_format(body, ",\"Limit\":%llu", (unsigned long long)limit);
    if (start_key != NULL)
        ic_buf_add_format(body, ",\"ExclusiveStartKey\":%s", start_key);
    return end(request, err);
}

icecat_status ic_dynamodb_batch_get_request(ic_request *request, const ic_mem *mem,
                                            const char *table, const char *keys_json,
                                            const icecat_dynamodb_options *options,
                                            icecat_error *err)
{
    icecat_status status = begin(request, mem, "BatchGetItem", table, options, err);
    ic_buf *body = &request->own_body;

    if (status != ICECAT_OK)
        return status;
    ic_buf_add_format(body, "\"RequestItems\":{\"%s\":{\"Keys\":", table);
    ic_buf_add_text(body, keys_json);
    add_text(body, "ProjectionExpression", options->projection);
    add_names(body, options);
    if (options->consistent)
        ic_buf_add_text(body, ",\"ConsistentRead\":true");
    ic_buf_add_text(body, "}}");
    return end(request, err);
}
