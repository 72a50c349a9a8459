/*
 * dynamodb_response.c - DynamoDB's answers.
 */
#include "services/dynamodb_response.h"

#include "base/error.h"
#include "services/json_request.h"

icecat_status ic_dynamodb_item_parse(const ic_request *request, const ic_response *response,
                                     const char *member, icecat_item **out, icecat_error *err)
{
    cJSON *tree;
    const cJSON *object;
    icecat_status status;

    *out = NULL;
    status = ic_json_answer(request, response, &tree, err);
    if (status != ICECAT_OK)
        return status;
    object = ic_json_get(tree, member);
    if (object != NULL)
        status = ic_item_parse(response->mem, object, out, err);
    cJSON_Delete(tree);
    return status;
}

icecat_status ic_dynamodb_old_item_parse(const ic_response *response, icecat_item **out,
                                         icecat_error *err)
{
    cJSON *tree = NULL;
    icecat_status status = ICECAT_E_PARSE;

    *out = NULL;
    if (response->body.len != 0)
        status = ic_json_parse(response->body.data, response->body.len, "answer", &tree, NULL);
    if (status == ICECAT_OK && ic_json_get(tree, "Item") != NULL)
        status = ic_item_parse(response->mem, ic_json_get(tree, "Item"), out, NULL);
    cJSON_Delete(tree);
    return status == ICECAT_E_NO_MEMORY ? ic_fail_memory(err, "the item that is there") : ICECAT_OK;
}

static icecat_status add_items(const ic_mem *mem, const cJSON *array, icecat_items *items,
                               icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    const cJSON *object;

    if (!cJSON_IsArray(array))
        return ic_fail(err, ICECAT_E_PROTOCOL, "DynamoDB's answer has no array of items");
    for (object = array->child; object != NULL && status == ICECAT_OK; object = object->next) {
        icecat_item *item;

        status = ic_item_parse(mem, object, &item, err);
        if (status == ICECAT_OK)
            status = ic_items_add(items, item, err);
    }
    return status;
}

static icecat_status keep_json(ic_buf *out, const cJSON *tree, icecat_error *err)
{
    ic_json_write_tree(out, tree);
    return ic_buf_check(out, "keys of DynamoDB's answer", err);
}

/* 1 when there is something: what is absent, null or {} says that nothing is left. */
static int says_something(const cJSON *member)
{
    return member != NULL && !cJSON_IsNull(member) &&
           !(cJSON_IsObject(member) && member->child == NULL);
}

/* Something that cannot be understood must not pass for the end: items would be missing. */
static icecat_status keep_last_key(ic_buf *out, const cJSON *key, icecat_error *err)
{
    ic_buf_reset(out);
    if (!says_something(key))
        return ICECAT_OK;
    if (!cJSON_IsObject(key))
        return ic_fail(err, ICECAT_E_PROTOCOL,
                       "LastEvaluatedKey of DynamoDB's answer is not an object");
    return keep_json(out, key, err);
}

static icecat_status keep_left(ic_dynamodb_left *left, const cJSON *tables, const char *table,
                               icecat_error *err)
{
    const cJSON *keys = ic_json_get(ic_json_get(tables, table), "Keys");

    ic_buf_reset(&left->keys);
    left->count = 0;
    if (!says_something(tables))
        return ICECAT_OK;
    if (!cJSON_IsArray(keys))
        return ic_fail(err, ICECAT_E_PROTOCOL,
                       "UnprocessedKeys of DynamoDB's answer has no array of Keys of table %s",
                       table);
    left->count = (size_t)cJSON_GetArraySize(keys);
    return left->count != 0 ? keep_json(&left->keys, keys, err) : ICECAT_OK;
}

icecat_status ic_dynamodb_page_parse(const ic_request *request, const ic_response *response,
                                     icecat_items *items, ic_buf *last_key, icecat_error *err)
{
    cJSON *tree;
    icecat_status status = ic_json_answer(request, response, &tree, err);

    if (status != ICECAT_OK)
        return status;
    status = add_items(response->mem, ic_json_get(tree, "Items"), items, err);
    if (status == ICECAT_OK)
        status = keep_last_key(last_key, ic_json_get(tree, "LastEvaluatedKey"), err);
    cJSON_Delete(tree);
    return status;
}

icecat_status ic_dynamodb_batch_parse(const ic_request *request, const ic_response *response,
                                      const char *table, icecat_items *items,
                                      ic_dynamodb_left *left, icecat_error *err)
{
    const cJSON *answered;
    cJSON *tree;
    icecat_status status = ic_json_answer(request, response, &tree, err);

    if (status != ICECAT_OK)
        return status;
    answered = ic_json_get(ic_json_get(tree, "Responses"), table);
    if (!cJSON_IsObject(ic_json_get(tree, "Responses")))
        status = ic_fail(err, ICECAT_E_PROTOCOL, "DynamoDB's answer has no object of Responses");
    else if (answered != NULL)
        status = add_items(response->mem, answered, items, err);
    if (status == ICECAT_OK)
        status = keep_left(left, ic_json_get(tree, "UnprocessedKeys"), table, err);
    cJSON_Delete(tree);
    return status;
}
