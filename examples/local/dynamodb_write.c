/*
 * dynamodb_write.c - PutItem, UpdateItem, DeleteItem.
 */
#include "dynamodb_write.h"

#include "dynamodb_input.h"

#include <string.h>

/* The places of the choices of ReturnValues. */
enum { RETURN_NONE, RETURN_ALL_OLD, RETURN_UPDATED_OLD, RETURN_ALL_NEW, RETURN_UPDATED_NEW };

void dynamodb_write_free(dynamodb_write *write)
{
    dynamodb_table_close(&write->table);
    cJSON_Delete(write->given);
    dynamodb_expression_free(&write->condition);
    dynamodb_expression_free(&write->update);
    dynamodb_scope_free(&write->scope);
    cJSON_Delete(write->old);
    cJSON_Delete(write->item);
    memset(write, 0, sizeof(*write));
}

static bool parse_expressions(const cJSON *input, dynamodb_write *write, dynamodb_fault *fault)
{
    bool update = write->kind == DYNAMODB_WRITE_UPDATE;

    return dynamodb_scope_init(&write->scope, input, fault) &&
           (!update || dynamodb_parse_update(&write->update, &write->scope, input,
                                             "UpdateExpression", fault)) &&
           dynamodb_parse_condition(&write->condition, &write->scope, input, "ConditionExpression",
                                    fault) &&
           dynamodb_scope_finish(&write->scope,
                                 update ? "UpdateExpression and ConditionExpression are null"
                                        : "ConditionExpression is null",
                                 fault);
}

static bool read_given(const cJSON *given, const char *field, dynamodb_write *write,
                       dynamodb_fault *fault)
{
    if (given == NULL)
        return dynamodb_input_missing(field, fault);
    write->given = dynamodb_map_copy(given, fault);
    return write->given != NULL;
}

static bool read_return_old(const cJSON *input, dynamodb_write *write, dynamodb_fault *fault)
{
    static const char *const choices[] = { "NONE", "ALL_OLD", NULL };
    size_t choice;

    if (!dynamodb_input_choice(input, "ReturnValuesOnConditionCheckFailure", choices, &choice,
                               fault))
        return false;
    write->return_old_on_failure = choice == 1;
    return true;
}

/* The keys of given, and what an update must leave alone. */
static bool check_keys(dynamodb_write *write, dynamodb_fault *fault)
{
    const dynamodb_node *action = write->update.root == NULL ? NULL : write->update.root->first;

    if (write->kind == DYNAMODB_WRITE_PUT)
        return dynamodb_item_key(&write->table, write->given, &write->key, fault) &&
               dynamodb_item_check(&write->table, write->given, false, fault);
    for (; action != NULL; action = action->next) {
        const char *name = action->first->first->name;

        if (dynamodb_keys_have(&write->table.keys, name))
            return dynamodb_invalid(fault,
                                    "One or more parameter values were invalid: Cannot update "
                                    "attribute %.255s. This attribute is part of the key",
                                    name);
    }
    return dynamodb_only_key(&write->table, write->given, &write->key, fault);
}

bool dynamodb_write_prepare(sqlite3 *db, const cJSON *input, dynamodb_write_kind kind,
                            dynamodb_write *write, dynamodb_fault *fault)
{
    const char *field = kind == DYNAMODB_WRITE_PUT ? "Item" : "Key";

    memset(write, 0, sizeof(*write));
    write->kind = kind;
    if (dynamodb_input_refuse_legacy(input, fault) && dynamodb_table_name(input, fault) != NULL &&
        read_given(dynamodb_input_get(input, field), field, write, fault) &&
        read_return_old(input, write, fault) && parse_expressions(input, write, fault) &&
        dynamodb_table_open(db, input, &write->table, fault) && check_keys(write, fault))
        return true;
    dynamodb_write_free(write);
    return false;
}

bool dynamodb_write_prepare_plain(sqlite3 *db, const char *table, const cJSON *given,
                                  dynamodb_write_kind kind, dynamodb_write *write,
                                  dynamodb_fault *fault)
{
    memset(write, 0, sizeof(*write));
    write->kind = kind;
    if (read_given(given, kind == DYNAMODB_WRITE_PUT ? "Item" : "Key", write, fault) &&
        dynamodb_table_open_named(db, table, &write->table, fault) && check_keys(write, fault))
        return true;
    dynamodb_write_free(write);
    return false;
}

bool dynamodb_write_same_item(const dynamodb_write *a, const dynamodb_write *b)
{
    return a->table.id == b->table.id && a->key.hash_len == b->key.hash_len &&
           a->key.range_len == b->key.range_len &&
           memcmp(a->key.hash, b->key.hash, a->key.hash_len) == 0 &&
           memcmp(a->key.range, b->key.range, a->key.range_len) == 0;
}

static bool condition_failed(dynamodb_write *write, dynamodb_fault *fault)
{
    if (write->return_old_on_failure && write->old != NULL)
        fault->item = cJSON_Duplicate(write->old, true);
    return dynamodb_refuse(fault, "ConditionalCheckFailedException",
                           "The conditional request failed");
}

/* The item after an update; *nothing when none comes into being. */
static cJSON *update_item(const dynamodb_write *write, bool *nothing, dynamodb_fault *fault)
{
    const dynamodb_node *actions = write->update.root;
    cJSON *item;

    *nothing = write->old == NULL && actions != NULL && !dynamodb_update_creates(actions);
    if (*nothing)
        return NULL;
    item = cJSON_Duplicate(write->old == NULL ? write->given : write->old, true);
    if (item == NULL) {
        (void)dynamodb_broken(fault, "out of memory for an item");
        return NULL;
    }
    if ((actions == NULL || dynamodb_update_apply(item, actions, fault)) &&
        dynamodb_item_check(&write->table, item, true, fault))
        return item;
    cJSON_Delete(item);
    return NULL;
}

bool dynamodb_write_run(sqlite3 *db, dynamodb_write *write, dynamodb_fault *fault)
{
    bool nothing = false;

    if (!dynamodb_store_read(db, &write->table, &write->key, &write->old, fault))
        return false;
    if (!dynamodb_condition_holds(write->condition.root, write->old))
        return condition_failed(write, fault);
    if (write->kind == DYNAMODB_WRITE_CHECK)
        return true;
    if (write->kind == DYNAMODB_WRITE_PUT) {
        write->item = write->given;
        write->given = NULL;
    } else if (write->kind == DYNAMODB_WRITE_UPDATE) {
        write->item = update_item(write, &nothing, fault);
        if (write->item == NULL)
            return nothing && fault->type == NULL;
    }
    return dynamodb_store_write(db, &write->table, &write->key, write->old, write->item, fault);
}

/* What ReturnValues asks for; NULL when it is nothing, or after a fault. */
static cJSON *returned_attributes(const dynamodb_write *write, size_t choice, dynamodb_fault *fault)
{
    bool new_values = choice == RETURN_ALL_NEW || choice == RETURN_UPDATED_NEW;
    const cJSON *from = new_values ? write->item : write->old;
    cJSON *out;

    if (choice == RETURN_NONE || from == NULL)
        return NULL;
    if (choice == RETURN_ALL_OLD || choice == RETURN_ALL_NEW) {
        out = cJSON_Duplicate(from, true);
        if (out == NULL)
            (void)dynamodb_broken(fault, "out of memory for an answer");
        return out;
    }
    if (write->update.root == NULL)
        return NULL;
    out = dynamodb_project(from, write->update.root, fault);
    if (out != NULL && out->child == NULL) {
        cJSON_Delete(out);
        out = NULL;
    }
    return out;
}

static cJSON *answer(const dynamodb_write *write, size_t returned, dynamodb_capacity_mode mode,
                     dynamodb_fault *fault)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *attributes = returned_attributes(write, returned, fault);
    dynamodb_usage usage = { 0 };

    if (fault->type != NULL || body == NULL)
        goto failed;
    if (attributes != NULL && !cJSON_AddItemToObject(body, "Attributes", attributes))
        goto failed;
    attributes = NULL;
    dynamodb_usage_add_write(&usage, &write->table, write->old, write->item);
    if (dynamodb_usage_report(body, &usage, &write->table, mode, fault))
        return body;

failed:
    cJSON_Delete(attributes);
    cJSON_Delete(body);
    if (fault->type == NULL)
        (void)dynamodb_broken(fault, "out of memory for an answer");
    return NULL;
}

static cJSON *write_one(sqlite3 *db, const cJSON *input, dynamodb_write_kind kind,
                        dynamodb_fault *fault)
{
    static const char *const choices[] = { "NONE",    "ALL_OLD",     "UPDATED_OLD",
                                           "ALL_NEW", "UPDATED_NEW", NULL };
    dynamodb_capacity_mode mode;
    dynamodb_write write;
    size_t returned;
    cJSON *body = NULL;

    if (!dynamodb_input_choice(input, "ReturnValues", choices, &returned, fault) ||
        !dynamodb_capacity_mode_read(input, &mode, fault))
        return NULL;
    if (kind != DYNAMODB_WRITE_UPDATE && returned > RETURN_ALL_OLD) {
        (void)dynamodb_invalid(fault, "ReturnValues can only be ALL_OLD or NONE");
        return NULL;
    }
    if (!dynamodb_write_prepare(db, input, kind, &write, fault))
        return NULL;
    if (dynamodb_write_run(db, &write, fault))
        body = answer(&write, returned, mode, fault);
    dynamodb_write_free(&write);
    return body;
}

cJSON *dynamodb_put_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    return write_one(db, input, DYNAMODB_WRITE_PUT, fault);
}

cJSON *dynamodb_update_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    return write_one(db, input, DYNAMODB_WRITE_UPDATE, fault);
}

cJSON *dynamodb_delete_item(sqlite3 *db, const cJSON *input, dynamodb_fault *fault)
{
    return write_one(db, input, DYNAMODB_WRITE_DELETE, fault);
}
