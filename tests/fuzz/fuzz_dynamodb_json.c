/*
 * fuzz_dynamodb_json.c - DynamoDB's answers: what is read is written and read again as the same, a page's
 * cursor goes back as it came, a record keeps its promises, and memory is bounded by the answer's length.
 */
#include "fuzz.h"

#include "aws/service_error.h"
#include "base/utf8.h"
#include "pipeline/record.h"
#include "services/dynamodb_request.h"
#include "services/dynamodb_response.h"

#include <stdlib.h>
#include <string.h>

#define MOST(len) (64 * (len) + 65536)

static ic_mem mem;

static void answer_init(ic_response *response, int http_status, const uint8_t *data, size_t len)
{
    ic_response_init(response, &mem, len + 1);
    response->http_status = http_status;
    FUZZ_CHECK(ic_buf_add(&response->body, data, len) == ICECAT_OK);
}

/* ---- items ------------------------------------------------------------------------------- */

static void check_same(const icecat_item *a, const icecat_item *b)
{
    FUZZ_CHECK(icecat_item_count(a) == icecat_item_count(b));
    for (size_t i = 0; i < icecat_item_count(a); i++) {
        const char *name = icecat_item_name(a, i);

        FUZZ_CHECK(strcmp(name, icecat_item_name(b, i)) == 0);
        FUZZ_CHECK(strcmp(icecat_item_type(a, name), icecat_item_type(b, name)) == 0);
        FUZZ_CHECK(strcmp(icecat_item_get(a, name), icecat_item_get(b, name)) == 0);
    }
}

static int is_utf8(const icecat_item *item)
{
    for (size_t i = 0; i < icecat_item_count(item); i++) {
        const char *texts[] = { icecat_item_name(item, i), NULL };

        texts[1] = icecat_item_get(item, texts[0]);
        for (size_t k = 0; k < 2; k++) {
            for (const char *c = texts[k]; *c != '\0';) {
                size_t step = ic_utf8_len(c, strlen(c));

                if (step == 0)
                    return 0;
                c += step;
            }
        }
    }
    return 1;
}

/* Written, it is DynamoDB JSON, which reads as the same. Bytes that are no UTF-8 are replaced. */
static void write_and_read(const icecat_item *item)
{
    icecat_item *again = NULL;
    cJSON *tree = NULL;
    icecat_error err;
    ic_buf text;

    ic_buf_init(&text, &mem, SIZE_MAX);
    FUZZ_CHECK(ic_item_write_json(&text, item) == ICECAT_OK);
    FUZZ_CHECK(ic_json_parse(text.data, text.len, "item", &tree, &err) == ICECAT_OK);
    FUZZ_CHECK(ic_item_parse(&mem, tree, &again, &err) == ICECAT_OK);
    if (is_utf8(item))
        check_same(item, again);
    icecat_item_free(again);
    cJSON_Delete(tree);
    ic_buf_free(&text);
}

static void check_record(const icecat_item *item)
{
    icecat_error err = { 0 };
    ic_record record;
    const icecat_result *result = &record.result;

    FUZZ_CHECK(ic_record_read(&mem, item, "Cat", &record, &err) == ICECAT_OK);
    FUZZ_CHECK(result->state >= ICECAT_RESULT_PENDING && result->state <= ICECAT_RESULT_FAIL);
    FUZZ_CHECK(result->confidence >= -1 && result->confidence <= 100);
    FUZZ_CHECK(result->is_cat <= (result->state == ICECAT_RESULT_SUCCESS));
    FUZZ_CHECK(result->ttl == 0 || result->ttl >= 1000000000 || result->upload_ts > 0);
    for (size_t i = 0; i < IC_RECORD_TEXTS; i++)
        FUZZ_CHECK(record.texts[i] == NULL || record.texts[i][0] != '\0');
    ic_record_free(&record);
}

static void check_items(const icecat_items *items, size_t len)
{
    FUZZ_CHECK(icecat_items_count(items) <= len);
    for (size_t i = 0; i < icecat_items_count(items); i++) {
        write_and_read(icecat_items_at(items, i));
        check_record(icecat_items_at(items, i));
    }
}

/* ---- pages ------------------------------------------------------------------------------- */

/* The next request asks from where the page said, in the page's own words. */
static void ask_on(const ic_buf *last_key, const icecat_dynamodb_options *options)
{
    icecat_error err = { 0 };
    cJSON *body = NULL, *key = NULL;
    ic_request next;

    FUZZ_CHECK(ic_json_parse(last_key->data, last_key->len, "key", &key, &err) == ICECAT_OK);
    FUZZ_CHECK(cJSON_IsObject(key));
    FUZZ_CHECK(ic_dynamodb_query_request(&next, &mem, "cats", "a = :a", ic_buf_text(last_key), 3,
                                         options, &err) == ICECAT_OK);
    FUZZ_CHECK(ic_json_parse(next.body, next.body_len, "body", &body, &err) == ICECAT_OK);
    FUZZ_CHECK(cJSON_Compare(ic_json_get(body, "ExclusiveStartKey"), key, 1) ||
               strstr(ic_buf_text(last_key), "\\u") != NULL);
    cJSON_Delete(body);
    cJSON_Delete(key);
    ic_request_free(&next);
}

static void read_page(const uint8_t *data, size_t len)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_error err = { 0 };
    icecat_items *items = ic_items_new(&mem);
    ic_request request;
    ic_response response;
    icecat_status status;
    ic_buf last_key;

    ic_buf_init(&last_key, &mem, 65536);
    FUZZ_CHECK(items != NULL);
    FUZZ_CHECK(ic_dynamodb_query_request(&request, &mem, "cats", "a = :a", NULL, 0, &options,
                                         &err) == ICECAT_OK);
    answer_init(&response, 200, data, len);
    status = ic_dynamodb_page_parse(&request, &response, items, &last_key, &err);
    fuzz_check_error(status, &err);
    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_PROTOCOL || status == ICECAT_E_LIMIT);
    check_items(items, len);
    if (status == ICECAT_OK && last_key.len != 0)
        ask_on(&last_key, &options);
    ic_buf_free(&last_key);
    ic_response_free(&response);
    ic_request_free(&request);
    icecat_items_free(items);
}

static void read_batch(const uint8_t *data, size_t len)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_error err = { 0 };
    icecat_items *items = ic_items_new(&mem);
    ic_dynamodb_left left = { .count = 0 };
    ic_request request, again;
    ic_response response;
    icecat_status status;

    ic_buf_init(&left.keys, &mem, 65536);
    FUZZ_CHECK(ic_dynamodb_batch_get_request(&request, &mem, "cats", "[]", &options, &err) ==
               ICECAT_OK);
    answer_init(&response, 200, data, len);
    status = ic_dynamodb_batch_parse(&request, &response, "cats", items, &left, &err);
    fuzz_check_error(status, &err);
    check_items(items, len);
    if (status == ICECAT_OK) {
        FUZZ_CHECK((left.count != 0) == (left.keys.len != 0));
        FUZZ_CHECK(left.count <= len);
    }
    if (status == ICECAT_OK && left.count != 0) {
        FUZZ_CHECK(ic_dynamodb_batch_get_request(&again, &mem, "cats", ic_buf_text(&left.keys),
                                                 &options, &err) == ICECAT_OK);
        ic_request_free(&again);
    }
    ic_buf_free(&left.keys);
    ic_response_free(&response);
    ic_request_free(&request);
    icecat_items_free(items);
}

static void read_one(const uint8_t *data, size_t len)
{
    icecat_error err = { 0 };
    icecat_item *item = NULL;
    ic_request request;
    ic_response response;
    icecat_status status;

    ic_request_init(&request, &mem, IC_SERVICE_DYNAMODB, "GetItem", "POST");
    answer_init(&response, 200, data, len);
    status = ic_dynamodb_item_parse(&request, &response, "Item", &item, &err);
    fuzz_check_error(status, &err);
    FUZZ_CHECK(status == ICECAT_OK || item == NULL);
    if (item != NULL)
        write_and_read(item);
    icecat_item_free(item);
    FUZZ_CHECK(ic_dynamodb_old_item_parse(&response, &item, &err) == ICECAT_OK);
    if (item != NULL)
        write_and_read(item);
    icecat_item_free(item);

    response.http_status = len % 2 == 0 ? 400 : 500;
    request.subject = "table cats";
    status = ic_service_error_read(&request, &response, &err);
    FUZZ_CHECK(status != ICECAT_OK);
    FUZZ_CHECK(response.http_status == 400 || icecat_status_is_retryable(status));
    fuzz_check_error(status, &err);
    ic_response_free(&response);
    ic_request_free(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    mem = *fuzz_memory(MOST(len));
    read_page(data, len);
    fuzz_memory_check();
    read_batch(data, len);
    fuzz_memory_check();
    read_one(data, len);
    fuzz_memory_check();
    return 0;
}
