/*
 * dynamodb_batch.c - BatchGetItem over any number of keys.
 *
 * Source of the rule: DynamoDB API Reference, "BatchGetItem": 100 keys, no key twice, unprocessed keys
 * are asked for again with exponential back-off.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "services/dynamodb_request.h"
#include "services/dynamodb_response.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_IN_A_REQUEST 100
#define MAX_KEYS_JSON     (4u << 20)
#define FIRST_PAUSE_MS    50
#define MAX_PAUSE_MS      5000
#define MAX_IDLE_ROUNDS   10

typedef struct batch {
    icecat_client *client;
    const char *table;
    const icecat_dynamodb_options *options;
    ic_bounds bounds;
    icecat_items *items;
    ic_buf keys; /* JSON array of the request under way */
    size_t key_count;
    ic_dynamodb_left left; /* by it */
} batch;

/* The wire form of each key, so that equal keys can be found by comparing texts. */
static icecat_status write_keys(const ic_mem *mem, const icecat_item *const *keys, size_t count,
                                char **texts, icecat_error *err)
{
    for (size_t i = 0; i < count; i++) {
        icecat_status status;
        ic_buf text;

        if (keys[i] == NULL)
            return ic_fail(err, ICECAT_E_ARGUMENT, "key %zu is NULL", i);
        ic_buf_init(&text, mem, 65536);
        ic_item_write_json(&text, keys[i]);
        status = ic_buf_check(&text, "a key", err);
        texts[i] = ic_buf_take(&text, NULL);
        if (status != ICECAT_OK)
            return status;
    }
    return ICECAT_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static uint64_t pause_ms(icecat_client *client, unsigned round)
{
    uint64_t most = (uint64_t)FIRST_PAUSE_MS << (round < 7 ? round : 7);
    uint32_t random = 0;

    ic_client_random(client, &random, sizeof(random));
    return random % ((most < MAX_PAUSE_MS ? most : MAX_PAUSE_MS) + 1);
}

/* No more may come back, as items or as keys, than was asked for: else a round would never be the last. */
static icecat_status check_counts(const batch *b, size_t items_before, icecat_error *err)
{
    size_t items = icecat_items_count(b->items) - items_before;

    if (b->left.count <= b->key_count && items <= b->key_count - b->left.count)
        return ICECAT_OK;
    return ic_fail(
        err, ICECAT_E_PROTOCOL,
        "dynamodb: BatchGetItem %s: %zu keys were answered by %zu items and %zu keys left",
        b->table, b->key_count, items, b->left.count);
}

static icecat_status send_keys(batch *b, icecat_error *err)
{
    size_t items_before = icecat_items_count(b->items);
    ic_request request;
    ic_response response;
    icecat_status status;

    memset(&response, 0, sizeof(response));
    status = ic_dynamodb_batch_get_request(&request, ic_client_mem(b->client), b->table,
                                           ic_buf_text(&b->keys), b->options, err);
    if (status == ICECAT_OK)
        status = ic_engine_call(b->client, &request, &b->bounds, &response, err);
    if (status == ICECAT_OK)
        status = ic_dynamodb_batch_parse(&request, &response, b->table, b->items, &b->left, err);
    if (status == ICECAT_OK)
        status = check_counts(b, items_before, err);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

/* Ask until no key is left; give up when the service answers ten times in a row with nothing. */
static icecat_status drain_keys(batch *b, icecat_error *err)
{
    unsigned idle = 0;

    for (;;) {
        icecat_status status = send_keys(b, err);

        if (status != ICECAT_OK || b->left.count == 0)
            return status;
        idle = b->left.count < b->key_count ? 0 : idle + 1;
        if (idle == MAX_IDLE_ROUNDS)
            return ic_fail(err, ICECAT_E_THROTTLED,
                           "dynamodb: BatchGetItem %s: keys are left unprocessed after %d tries",
                           b->table, MAX_IDLE_ROUNDS);
        ic_buf_reset(&b->keys);
        ic_buf_add(&b->keys, b->left.keys.data, b->left.keys.len);
        b->key_count = b->left.count;
        status = ic_buf_check(&b->keys, "keys", err);
        if (status == ICECAT_OK)
            status = ic_bounds_sleep(&b->bounds, pause_ms(b->client, idle), err);
        if (status != ICECAT_OK)
            return status;
    }
}

static icecat_status get_all(batch *b, char **texts, size_t count, icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    size_t at = 0;

    while (at < count && status == ICECAT_OK) {
        b->key_count = 0;
        ic_buf_reset(&b->keys);
        ic_buf_add_char(&b->keys, '[');
        for (; at < count && b->key_count < KEYS_IN_A_REQUEST; at++) {
            if (at != 0 && strcmp(texts[at], texts[at - 1]) == 0)
                continue;
            if (b->key_count++ != 0)
                ic_buf_add_char(&b->keys, ',');
            ic_buf_add_text(&b->keys, texts[at]);
        }
        ic_buf_add_char(&b->keys, ']');
        status = ic_buf_check(&b->keys, "keys", err);
        if (status == ICECAT_OK && b->key_count != 0)
            status = drain_keys(b, err);
    }
    return status;
}

static icecat_status run(batch *b, const icecat_item *const *keys, size_t count, icecat_error *err)
{
    const ic_mem *mem = ic_client_mem(b->client);
    char **texts = ic_mem_array(mem, count, sizeof(*texts));
    icecat_status status;

    if (texts == NULL)
        return ic_fail_memory(err, "keys");
    ic_buf_init(&b->keys, mem, MAX_KEYS_JSON);
    ic_buf_init(&b->left.keys, mem, MAX_KEYS_JSON);
    status = write_keys(mem, keys, count, texts, err);
    if (status == ICECAT_OK) {
        qsort(texts, count, sizeof(*texts), by_text);
        status = get_all(b, texts, count, err);
    }
    ic_buf_free(&b->keys);
    ic_buf_free(&b->left.keys);
    for (size_t i = 0; i < count; i++)
        ic_mem_free(mem, texts[i]);
    ic_mem_free(mem, texts);
    return status;
}

icecat_status icecat_dynamodb_batch_get(icecat_client *client, const char *table,
                                        const icecat_item *const *keys, size_t count,
                                        const icecat_dynamodb_options *options, icecat_items **out,
                                        icecat_error *err)
{
    icecat_dynamodb_options own;
    batch b = { .client = client, .table = table, .options = &own };
    icecat_status status;

    ic_error_clear(err);
    if (client == NULL || out == NULL || (keys == NULL && count != 0))
        return ic_fail(err, ICECAT_E_ARGUMENT, "client, keys or out is NULL");
    *out = NULL;
    status = ic_dynamodb_options_load(&own, options, err);
    if (status == ICECAT_OK)
        status = ic_bounds_load(&b.bounds, ic_client_clock(client), own.call, err);
    if (status != ICECAT_OK)
        return status;
    b.items = ic_items_new(ic_client_mem(client));
    if (b.items == NULL)
        return ic_fail_memory(err, "items");
    if (count != 0)
        status = run(&b, keys, count, err);
    if (status != ICECAT_OK)
        icecat_items_free(b.items);
    else
        *out = b.items;
    return status;
}
