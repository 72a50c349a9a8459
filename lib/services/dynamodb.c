/*
 * dynamodb.c - the calls on one item, and queries.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "base/options.h"
#include "services/dynamodb_request.h"
#include "services/dynamodb_response.h"
#include "services/item.h"
#include "services/json_request.h"

#include <string.h>

#define MAX_KEY_JSON 65536
#define MAX_PAGE     INT32_MAX /* the service counts in so many bits */

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
    return ic_dynamodb_options_load(own, options, err);
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

/* ICECAT_E_PRECONDITION, with the item that made the condition false; or what prevented reading it. */
static icecat_status keep_old_item(const ic_response *response, icecat_item **out,
                                   icecat_error *err)
{
    icecat_status status = ic_dynamodb_old_item_parse(response, out, err);

    return status == ICECAT_OK ? ICECAT_E_PRECONDITION : status;
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
    if (status == ICECAT_OK && item == NULL)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "item is NULL");
    if (status != ICECAT_OK)
        return status;
    status = ic_dynamodb_put_request(&request, ic_client_mem(client), table, item, &own, err);
    status = send(client, &request, status, own.call, &response, err);
    if (status == ICECAT_OK)
        status = ic_json_answer_check(&request, &response, err);
    else if (status == ICECAT_E_PRECONDITION && old != NULL)
        status = keep_old_item(&response, old, err);
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
    else if (status == ICECAT_OK)
        status = ic_json_answer_check(&request, &response, err);
    else if (status == ICECAT_E_PRECONDITION && out != NULL)
        status = keep_old_item(&response, out, err);
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
    if (status == ICECAT_OK)
        status = ic_json_answer_check(&request, &response, err);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

/* A query on its way from page to page. */
typedef struct pages {
    icecat_client *client;
    const char *table;
    const char *key_condition;
    const icecat_dynamodb_options *options;
    ic_bounds bounds; /* of all pages together */
    icecat_items *items;
    ic_buf last_key; /* where the next page begins; empty at the end */
    ic_buf old_key;  /* that of an earlier page, and after how many pages the next is kept */
    uint64_t count;
    uint64_t keep_at;
} pages;

/* A filter is applied after the limit, so then only the caller's own page size is asked for. */
static uint64_t page_limit(const pages *p)
{
    uint64_t most = p->options->max_items;
    uint64_t left = most != 0 ? most - icecat_items_count(p->items) : 0;
    uint64_t limit = p->options->page_items;

    if (left != 0 && p->options->filter == NULL && (limit == 0 || limit > left))
        limit = left;
    return limit < MAX_PAGE ? limit : MAX_PAGE;
}

/*
 * Pages that come again would never end. The key of page 1, 2, 4, 8 ... is kept and compared with all
 * that follow, so that a circle of any length is noticed in its third round at the latest (Brent).
 */
static icecat_status check_circle(pages *p, icecat_error *err)
{
    if (p->last_key.len == 0)
        return ICECAT_OK;
    if (p->count != 0 && strcmp(ic_buf_text(&p->last_key), ic_buf_text(&p->old_key)) == 0)
        return ic_fail(err, ICECAT_E_PROTOCOL,
                       "dynamodb: Query %s: the service gave the same page twice", p->table);
    if (p->count++ < p->keep_at)
        return ICECAT_OK;
    p->keep_at = 2 * p->count;
    ic_buf_reset(&p->old_key);
    ic_buf_add(&p->old_key, p->last_key.data, p->last_key.len);
    return ic_buf_check(&p->old_key, "a key", err);
}

static icecat_status query_page(pages *p, icecat_error *err)
{
    ic_request request;
    ic_response response = { 0 };
    icecat_status status;

    status = ic_dynamodb_query_request(
        &request, ic_client_mem(p->client), p->table, p->key_condition,
        p->last_key.len != 0 ? ic_buf_text(&p->last_key) : NULL, page_limit(p), p->options, err);
    if (status == ICECAT_OK)
        status = ic_engine_call(p->client, &request, &p->bounds, &response, err);
    if (status == ICECAT_OK)
        status = ic_dynamodb_page_parse(&request, &response, p->items, &p->last_key, err);
    if (status == ICECAT_OK)
        status = check_circle(p, err);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

static icecat_status query_pages(pages *p, icecat_error *err)
{
    const ic_mem *mem = ic_client_mem(p->client);
    uint64_t most = p->options->max_items;
    icecat_status status = ic_bounds_load(&p->bounds, ic_client_clock(p->client), p->options->call,
                                          err);

    ic_buf_init(&p->last_key, mem, MAX_KEY_JSON);
    ic_buf_init(&p->old_key, mem, MAX_KEY_JSON);
    while (status == ICECAT_OK) {
        status = query_page(p, err);
        if (p->last_key.len == 0 || (most != 0 && icecat_items_count(p->items) >= most))
            break;
    }
    ic_buf_free(&p->last_key);
    ic_buf_free(&p->old_key);
    /* A page may hold more than was left to ask for. */
    if (most != 0)
        ic_items_cut(p->items, most);
    return status;
}

icecat_status icecat_dynamodb_query(icecat_client *client, const char *table,
                                    const char *key_condition,
                                    const icecat_dynamodb_options *options, icecat_items **out,
                                    icecat_error *err)
{
    icecat_dynamodb_options own;
    pages p = { .client = client, .table = table, .key_condition = key_condition, .options = &own };
    icecat_status status = begin(client, options, &own, err);

    if (status == ICECAT_OK && (key_condition == NULL || out == NULL))
        status = ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL",
                         out == NULL ? "out" : "key_condition");
    if (status != ICECAT_OK)
        return status;
    *out = NULL;
    p.items = ic_items_new(ic_client_mem(client));
    if (p.items == NULL)
        return ic_fail_memory(err, "items");
    status = query_pages(&p, err);
    if (status != ICECAT_OK)
        icecat_items_free(p.items);
    else
        *out = p.items;
    return status;
}
