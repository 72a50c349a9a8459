/*
 * dynamodb.c - the calls on one item, and queries.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "base/options.h"
#include "services/dynamodb_request.h"
#include "services/dynamodb_response.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_dynamodb_options, reserved);

#define MAX_KEY_JSON 65536

void icecat_dynamodb_options_init(icecat_dynamodb_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

static icecat_status begin(const icecat_client *client, const icecat_dynamodb_options *options,
                           icecat_dynamodb_options *own, icecat_error *err)
{
    ic_error_clear(err);
    if (client == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "client is NULL");
    return IC_OPTIONS_LOAD(own, options, icecat_dynamodb_options, err);
}

/* Send a request that was built with @p built; both are freed by the caller. */
static icecat_status send(icecat_client *client, ic_request *request, icecat_status built,
                          const icecat_call_options *call, ic_response *response, icecat_error *err)
{
    ic_bounds bounds;
    icecat_status status = built;

    memset(response, 0, sizeof(*response));
    if (status == ICECAT_OK)
        status = ic_bounds_load(&bounds, ic_client_clock(client), call, err);
    if (status == ICECAT_OK)
        status = ic_engine_call(client, request, &bounds, response, err);
    return status;
}

icecat_status icecat_dynamodb_put_item(icecat_client *client, const char *table,
                                       const icecat_item *item,
                                       const icecat_dynamodb_options *options, icecat_item **old,
                                       icecat_error *err)
{
    icecat_dynamodb_options own;
    ic_request request;
    ic_response response;
    icecat_status status = begin(client, options, &own, err);

    if (old != NULL)
        *old = NULL;
    if (status != ICECAT_OK)
        return status;
    status = ic_dynamodb_put_request(&request, ic_client_mem(client), table, item, &own, err);
    status = send(client, &request, status, own.call, &response, err);
    if (status == ICECAT_E_PRECONDITION && old != NULL)
        *old = ic_dynamodb_old_item_parse(&response);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

icecat_status icecat_dynamodb_update_item(icecat_client *client, const char *table,
                                          const icecat_item *key, const char *update,
                                          const icecat_dynamodb_options *options, icecat_item **out,
                                          icecat_error *err)
{
    icecat_dynamodb_options own;
    ic_request request;
    ic_response response;
    icecat_status status = begin(client, options, &own, err);

    if (out != NULL)
        *out = NULL;
    if (status == ICECAT_OK && (key == NULL || update == NULL))
        status = ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", key == NULL ? "key" : "update");
    if (status != ICECAT_OK)
        return status;
    status = ic_dynamodb_update_request(&request, ic_client_mem(client), table, key, update,
                                        out != NULL, &own, err);
    status = send(client, &request, status, own.call, &response, err);
    if (status == ICECAT_OK && out != NULL)
        status = ic_dynamodb_item_parse(&request, &response, "Attributes", out, err);
    else if (status == ICECAT_E_PRECONDITION && out != NULL)
        *out = ic_dynamodb_old_item_parse(&response);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

icecat_status icecat_dynamodb_get_item(icecat_client *client, const char *table,
                                       const icecat_item *key,
                                       const icecat_dynamodb_options *options, icecat_item **out,
                                       icecat_error *err)
{
    icecat_dynamodb_options own;
    ic_request request;
    ic_response response;
    icecat_status status = begin(client, options, &own, err);

    if (status == ICECAT_OK && (key == NULL || out == NULL))
        status = ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", key == NULL ? "key" : "out");
    if (status != ICECAT_OK)
        return status;
    *out = NULL;
    status = ic_dynamodb_get_request(&request, ic_client_mem(client), table, key, &own, err);
    status = send(client, &request, status, own.call, &response, err);
    if (status == ICECAT_OK)
        status = ic_dynamodb_item_parse(&request, &response, "Item", out, err);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

icecat_status icecat_dynamodb_delete_item(icecat_client *client, const char *table,
                                          const icecat_item *key,
                                          const icecat_dynamodb_options *options, icecat_error *err)
{
    icecat_dynamodb_options own;
    ic_request request;
    ic_response response;
    icecat_status status = begin(client, options, &own, err);

    if (status == ICECAT_OK && key == NULL)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "key is NULL");
    if (status != ICECAT_OK)
        return status;
    status = ic_dynamodb_delete_request(&request, ic_client_mem(client), table, key, &own, err);
    status = send(client, &request, status, own.call, &response, err);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

/* One page. @p last_key holds the key of the page before, and then of this one; empty at the end. */
static icecat_status query_page(icecat_client *client, const char *table, const char *key_condition,
                                const icecat_dynamodb_options *own, icecat_items *items,
                                ic_buf *last_key, icecat_error *err)
{
    uint64_t left = own->max_items != 0 ? own->max_items - icecat_items_count(items) : 0;
    uint64_t limit = own->page_items;
    ic_request request;
    ic_response response;
    icecat_status status;
    ic_buf next_key;

    /* A filter is applied after the limit, so then only the caller's own page size is asked for. */
    if (left != 0 && own->filter == NULL && (limit == 0 || limit > left))
        limit = left;
    status = ic_dynamodb_query_request(&request, ic_client_mem(client), table, key_condition,
                                       last_key->len != 0 ? ic_buf_text(last_key) : NULL, limit,
                                       own, err);
    status = send(client, &request, status, own->call, &response, err);
    ic_buf_init(&next_key, ic_client_mem(client), MAX_KEY_JSON);
    if (status == ICECAT_OK)
        status = ic_dynamodb_page_parse(&request, &response, items, &next_key, err);
    if (status == ICECAT_OK && next_key.len != 0 &&
        strcmp(ic_buf_text(&next_key), ic_buf_text(last_key)) == 0)
        status = ic_fail(err, ICECAT_E_PROTOCOL,
                         "dynamodb: Query %s: the service gave the same page twice", table);
    ic_buf_free(last_key);
    *last_key = next_key;
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

icecat_status icecat_dynamodb_query(icecat_client *client, const char *table,
                                    const char *key_condition,
                                    const icecat_dynamodb_options *options, icecat_items **out,
                                    icecat_error *err)
{
    icecat_dynamodb_options own;
    icecat_items *items;
    ic_buf last_key;
    icecat_status status = begin(client, options, &own, err);

    if (status == ICECAT_OK && (key_condition == NULL || out == NULL))
        status = ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL",
                         out == NULL ? "out" : "key_condition");
    if (status != ICECAT_OK)
        return status;
    *out = NULL;
    items = ic_items_new(ic_client_mem(client));
    if (items == NULL)
        return ic_fail_memory(err, "items");
    ic_buf_init(&last_key, ic_client_mem(client), MAX_KEY_JSON);
    do {
        status = query_page(client, table, key_condition, &own, items, &last_key, err);
    } while (status == ICECAT_OK && last_key.len != 0 &&
             (own.max_items == 0 || icecat_items_count(items) < own.max_items));
    ic_buf_free(&last_key);
    if (status != ICECAT_OK)
        icecat_items_free(items);
    else
        *out = items;
    return status;
}
