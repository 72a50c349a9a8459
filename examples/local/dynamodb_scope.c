/*
 * dynamodb_scope.c - placeholders of expressions: check, resolve, account for.
 */
#include "dynamodb_scope.h"

#include "dynamodb_types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 65535
#define UNUSED_LISTED  600 /* bytes of the list of unused placeholders in a message */

static bool key_is_well_formed(const char *key, char mark)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

    return key[0] == mark && key[1] != '\0' && key[1 + strspn(key + 1, allowed)] == '\0';
}

static bool check_map(const cJSON *map, const char *which, char mark, dynamodb_fault *fault)
{
    const cJSON *each;

    if (!cJSON_IsObject(map))
        return dynamodb_wrong_json(fault, map, "Map");
    if (map->child == NULL)
        return dynamodb_invalid(fault, "%s must not be empty", which);
    cJSON_ArrayForEach(each, map)
    {
        if (!key_is_well_formed(each->string, mark))
            return dynamodb_invalid(fault, "%s contains invalid key: Syntax error; key: \"%.255s\"",
                                    which, each->string);
    }
    return true;
}

static bool load_names(dynamodb_scope *scope, const cJSON *names, dynamodb_fault *fault)
{
    const cJSON *each;

    if (!check_map(names, "ExpressionAttributeNames", '#', fault))
        return false;
    cJSON_ArrayForEach(each, names)
    {
        size_t len;

        if (!cJSON_IsString(each))
            return dynamodb_wrong_json(fault, each, "String");
        len = strlen(each->valuestring);
        if (len == 0 || len > NAME_MAX_BYTES)
            return dynamodb_invalid(
                fault,
                "ExpressionAttributeNames contains invalid value: an attribute name has 1 to "
                "%d bytes, not %zu; key: %.255s",
                NAME_MAX_BYTES, len, each->string);
    }
    scope->names = names;
    scope->names_used = calloc((size_t)cJSON_GetArraySize(names), sizeof(bool));
    return scope->names_used != NULL || dynamodb_broken(fault, "out of memory for names");
}

static bool load_values(dynamodb_scope *scope, const cJSON *values, dynamodb_fault *fault)
{
    const cJSON *each;

    if (!check_map(values, "ExpressionAttributeValues", ':', fault))
        return false;
    scope->values = cJSON_CreateObject();
    scope->values_used = calloc((size_t)cJSON_GetArraySize(values), sizeof(bool));
    if (scope->values == NULL || scope->values_used == NULL)
        return dynamodb_broken(fault, "out of memory for values");
    cJSON_ArrayForEach(each, values)
    {
        cJSON *copy = dynamodb_value_copy(each, fault);
        char why[DYNAMODB_FAULT_MESSAGE_SIZE];

        if (copy == NULL && strcmp(fault->type, "ValidationException") == 0) {
            memcpy(why, fault->message, sizeof(why));
            return dynamodb_invalid(
                fault, "ExpressionAttributeValues contains invalid value: %.600s for key %.255s",
                why, each->string);
        }
        if (copy == NULL)
            return false;
        if (!cJSON_AddItemToObject(scope->values, each->string, copy)) {
            cJSON_Delete(copy);
            return dynamodb_broken(fault, "out of memory for values");
        }
    }
    return true;
}

bool dynamodb_scope_init(dynamodb_scope *scope, const cJSON *input, dynamodb_fault *fault)
{
    const cJSON *names = cJSON_GetObjectItemCaseSensitive(input, "ExpressionAttributeNames");
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(input, "ExpressionAttributeValues");

    memset(scope, 0, sizeof(*scope));
    if (names != NULL && !cJSON_IsNull(names) && !load_names(scope, names, fault))
        goto out;
    if (values != NULL && !cJSON_IsNull(values) && !load_values(scope, values, fault))
        goto out;
    return true;

out:
    dynamodb_scope_free(scope);
    return false;
}

void dynamodb_scope_free(dynamodb_scope *scope)
{
    cJSON_Delete(scope->values);
    free(scope->names_used);
    free(scope->values_used);
    memset(scope, 0, sizeof(*scope));
}

static const cJSON *find(const cJSON *map, bool *used, const char *key)
{
    const cJSON *each;
    size_t at = 0;

    cJSON_ArrayForEach(each, map)
    {
        if (strcmp(each->string, key) == 0) {
            used[at] = true;
            return each;
        }
        at++;
    }
    return NULL;
}

const char *dynamodb_scope_name(dynamodb_scope *scope, const char *key)
{
    const cJSON *found = find(scope->names, scope->names_used, key);

    return found == NULL ? NULL : found->valuestring;
}

const cJSON *dynamodb_scope_value(dynamodb_scope *scope, const char *key)
{
    return find(scope->values, scope->values_used, key);
}

/* "#a, #b": the entries of map that were not used; false when there is none. */
static bool list_unused(const cJSON *map, const bool *used, char list[UNUSED_LISTED])
{
    const cJSON *each;
    size_t at = 0;
    size_t len = 0;
    bool any = false;

    list[0] = '\0';
    cJSON_ArrayForEach(each, map)
    {
        size_t need = strlen(each->string) + 2;

        if (used[at++])
            continue;
        if (len + need < UNUSED_LISTED)
            len += (size_t)snprintf(list + len, UNUSED_LISTED - len, "%s%s", any ? ", " : "",
                                    each->string);
        any = true;
    }
    return any;
}

bool dynamodb_scope_finish(const dynamodb_scope *scope, const char *possible, dynamodb_fault *fault)
{
    char list[UNUSED_LISTED];

    if (scope->names != NULL && scope->expressions == 0)
        return dynamodb_invalid(
            fault, "ExpressionAttributeNames can only be specified when using expressions");
    if (scope->values != NULL && scope->expressions == 0)
        return dynamodb_invalid(
            fault, "ExpressionAttributeValues can only be specified when using expressions: %s",
            possible);
    if (list_unused(scope->names, scope->names_used, list))
        return dynamodb_invalid(
            fault, "Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}",
            list);
    if (list_unused(scope->values, scope->values_used, list))
        return dynamodb_invalid(
            fault, "Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}",
            list);
    return true;
}
