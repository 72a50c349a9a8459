/*
 * dynamodb_batch_write.c - BatchWriteItem and TransactWriteItems.
 */
#include "dynamodb_input.h"
#include "dynamodb_write.h"

#include <stdlib.h>
#include <string.h>

#define BATCH_WRITES_MAX    25
#define TRANSACT_WRITES_MAX 100
#define TRANSACT_BYTES_MAX  (4 * 1048576)

typedef struct write_list {
    dynamodb_write *writes; /* owned */
    size_t count;
    dynamodb_capacity_mode mode;
} write_list;

static bool no_memory(dynamodb_fault *fault)
{
    return dynamodb_broken(fault, "out of memory for a batch");
}

static void free_list(write_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        dynamodb_write_free(&list->writes[i]);
    free(list->writes);
}

static bool has_duplicates(const write_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (dynamodb_write_same_item(&list->writes[i], &list->writes[j]))
                return true;
        }
    }
    return false;
}

static bool prepare_write(sqlite3 *db, const char *table, const cJSON *request, write_list *list,
                          dynamodb_fault *fault)
{
    const cJSON *put = NULL;
    const cJSON *removal = NULL;
    bool ok;

    if (!cJSON_IsObject(request))
        return dynamodb_wrong_json(fault, request, "WriteRequest");
    if (!dynamodb_input_map(request, "PutRequest", &put, fault) ||
        !dynamodb_input_map(request, "DeleteRequest", &removal, fault))
        return false;
    if ((put == NULL) == (removal == NULL))
        return dynamodb_invalid(fault, "Supplied WriteRequest must have exactly one of PutRequest "
                                       "and DeleteRequest");
    ok = put != NULL
             ? dynamodb_write_prepare_plain(db, table, dynamodb_input_get(put, "Item"),
                                            DYNAMODB_WRITE_PUT, &list->writes[list->count], fault)
             : dynamodb_write_prepare_plain(db, table, dynamodb_input_get(removal, "Key"),
                                            DYNAMODB_WRITE_DELETE, &list->writes[list->count],
                                            fault);
    list->count += ok;
    return ok;
}

static bool prepare_batch(sqlite3 *db, const cJSON *input, write_list *list, dynamodb_fault *fault)
{
    const cJSON *tables = NULL;
    const cJSON *table;
    const cJSON *each;
    int total = 0;

    if (!dynamodb_capacity_mode_read(input, &list->mode, fault) ||
        !dynamodb_input_map(input, "RequestItems", &tables, fault))
        return false;
    if (tables == NULL || tables->child == NULL)
        return dynamodb_input_missing("RequestItems", fault);
    cJSON_ArrayForEach(table, tables)
    {
        if (!cJSON_IsArray(table))
            return dynamodb_wrong_json(fault, table, "List");
        if (table->child == NULL)
            return dynamodb_invalid(fault, "The batch write request list for a table cannot be "
                                           "null or empty");
        total += cJSON_GetArraySize(table);
    }
    if (total > BATCH_WRITES_MAX)
        return dynamodb_invalid(fault, "Too many items requested for the BatchWriteItem call");
    list->writes = calloc(BATCH_WRITES_MAX, sizeof(*list->writes));
    if (list->writes == NULL)
        return no_memory(fault);
    cJSON_ArrayForEach(table, tables)
    {
        cJSON_ArrayForEach(each, table)
        {
            if (!prepare_write(db, table->string, each, list, fault))
                return false;
        }
    }
    if (has_duplicates(list))
        return dynamodb_invalid(fault, "Provided list of item keys contains duplicates");
    return true;
}

/* ConsumedCapacity: one entry per table, factor times the plain cost. */
static bool report(const write_list *list, size_t factor, cJSON *body, dynamodb_fault *fault)
{
    cJSON *out;

    if (list->mode == DYNAMODB_CAPACITY_NONE)
        return true;
    out = cJSON_AddArrayToObject(body, "ConsumedCapacity");
    for (size_t i = 0; i < list->count; i++) {
        const dynamodb_table *table = &list->writes[i].table;
        dynamodb_usage usage = { 0 };
        bool first = true;
        cJSON *one;

        for (size_t j = 0; j < list->count; j++) {
            if (list->writes[j].table.id != table->id)
                continue;
            first = first && j >= i;
            for (size_t k = 0; k < factor; k++)
                dynamodb_usage_add_write(&usage, table, list->writes[j].old, list->writes[j].item);
        }
        if (!first)
            continue;
        one = dynamodb_usage_json(&usage, table, list->mode);
        if (out == NULL || one == NULL || !cJSON_AddItemToArray(out, one)) {
            cJSON_Delete(one);
            return no_memory(fault);
        }
    }
    return true;
}

cJSON *dynamodb_batch_write_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    write_list list = { 0 };
    cJSON *body = cJSON_CreateObject();
    bool ok = prepare_batch(db, input, &list, fault);

    for (size_t i = 0; ok && i < list.count; i++)
        ok = dynamodb_write_run(db, &list.writes[i], fault);
    if (ok && cJSON_AddObjectToObject(body, "UnprocessedItems") == NULL)
        ok = no_memory(fault);
    ok = ok && report(&list, 1, body, fault);
    free_list(&list);
    if (ok)
        return body;
    cJSON_Delete(body);
    return NULL;
}

static bool prepare_transact(sqlite3 *db, const cJSON *request, write_list *list,
                             dynamodb_fault *fault)
{
    static const char *const kinds[] = { "Put", "Update", "Delete", "ConditionCheck" };
    const cJSON *chosen = NULL;
    size_t kind = 0;
    bool ok;

    if (!cJSON_IsObject(request))
        return dynamodb_wrong_json(fault, request, "TransactWriteItem");
    for (size_t i = 0; i < 4; i++) {
        const cJSON *found = NULL;

        if (!dynamodb_input_map(request, kinds[i], &found, fault))
            return false;
        if (found == NULL)
            continue;
        if (chosen != NULL)
            return dynamodb_invalid(fault, "TransactItems can only contain one of Check, Put, "
                                           "Update or Delete");
        chosen = found;
        kind = i;
    }
    if (chosen == NULL)
        return dynamodb_invalid(fault, "Invalid Request: TransactWriteRequest should contain "
                                       "Delete or Put or Update request");
    if (kind == DYNAMODB_WRITE_CHECK && dynamodb_input_get(chosen, "ConditionExpression") == NULL)
        return dynamodb_input_missing("ConditionExpression", fault);
    ok = dynamodb_write_prepare(db, chosen, (dynamodb_write_kind)kind, &list->writes[list->count],
                                fault);
    list->count += ok;
    return ok;
}

static bool prepare_transaction(sqlite3 *db, const cJSON *input, write_list *list,
                                dynamodb_fault *fault)
{
    const cJSON *items = NULL;
    const cJSON *each;
    int count;

    if (!dynamodb_capacity_mode_read(input, &list->mode, fault) ||
        !dynamodb_input_list(input, "TransactItems", &items, fault))
        return false;
    count = cJSON_GetArraySize(items);
    if (count < 1 || count > TRANSACT_WRITES_MAX)
        return dynamodb_invalid(fault,
                                "1 validation error detected: Value at 'transactItems' "
                                "failed to satisfy constraint: Member must have length "
                                "between 1 and %d",
                                TRANSACT_WRITES_MAX);
    list->writes = calloc(TRANSACT_WRITES_MAX, sizeof(*list->writes));
    if (list->writes == NULL)
        return no_memory(fault);
    cJSON_ArrayForEach(each, items)
    {
        if (!prepare_transact(db, each, list, fault))
            return false;
    }
    if (has_duplicates(list))
        return dynamodb_invalid(fault, "Transaction request cannot include multiple operations on "
                                       "one item");
    return true;
}

/* One entry of CancellationReasons; takes the item out of why. */
static bool add_reason(cJSON *reasons, dynamodb_fault *why, dynamodb_fault *fault)
{
    cJSON *reason = cJSON_CreateObject();
    const char *code = "None";

    if (why->type != NULL)
        code = strcmp(why->type, "ConditionalCheckFailedException") == 0 ? "ConditionalCheckFailed"
                                                                         : "ValidationError";
    if (reason == NULL || !cJSON_AddItemToArray(reasons, reason)) {
        cJSON_Delete(reason);
        return no_memory(fault);
    }
    (void)cJSON_AddStringToObject(reason, "Code", code);
    if (why->type != NULL)
        (void)cJSON_AddStringToObject(reason, "Message", why->message);
    if (why->item != NULL && cJSON_AddItemToObject(reason, "Item", why->item))
        why->item = NULL;
    return true;
}

/* Do all writes; every one that cannot be done is a reason to cancel all. */
static bool run_transaction(sqlite3 *db, write_list *list, dynamodb_fault *fault)
{
    cJSON *reasons = cJSON_CreateArray();
    char codes[TRANSACT_WRITES_MAX * 26] = "";
    bool cancelled = false;
    size_t bytes = 0;

    for (size_t i = 0; i < list->count; i++) {
        dynamodb_fault why = { 0 };
        bool ok = dynamodb_write_run(db, &list->writes[i], &why);

        if (!ok && strcmp(why.type, "InternalServerError") == 0) {
            cJSON_Delete(reasons);
            *fault = why;
            return false;
        }
        cancelled = cancelled || !ok;
        bytes += list->writes[i].item == NULL ? 0 : dynamodb_map_size(list->writes[i].item);
        ok = reasons != NULL && add_reason(reasons, &why, fault);
        dynamodb_fault_clear(&why);
        if (!ok) {
            cJSON_Delete(reasons);
            return no_memory(fault);
        }
        if (i > 0)
            strcat(codes, ", ");
        strcat(codes, cJSON_GetObjectItemCaseSensitive(reasons->child->prev, "Code")->valuestring);
    }
    if (cancelled) {
        (void)dynamodb_refuse(fault, "TransactionCanceledException",
                              "Transaction cancelled, please refer cancellation reasons for "
                              "specific reasons [%.800s]",
                              codes);
        fault->reasons = reasons;
        return false;
    }
    cJSON_Delete(reasons);
    if (bytes > TRANSACT_BYTES_MAX)
        return dynamodb_invalid(fault, "Collection size of items in the transaction exceeded the "
                                       "limit of 4 MB");
    return true;
}

cJSON *dynamodb_transact_write_items(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    write_list list = { 0 };
    cJSON *body = cJSON_CreateObject();
    bool ok = body != NULL || no_memory(fault);

    ok = ok && prepare_transaction(db, input, &list, fault) && run_transaction(db, &list, fault) &&
         report(&list, 2, body, fault);
    free_list(&list);
    if (ok)
        return body;
    cJSON_Delete(body);
    return NULL;
}
