/*
 * dynamodb_input.c - typed fields of a request (pure functions).
 */
#include "dynamodb_input.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const cJSON *dynamodb_input_get(const cJSON *input, const char *field)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(input, field);

    return found == NULL || cJSON_IsNull(found) ? NULL : found;
}

bool dynamodb_input_string(const cJSON *input, const char *field, const char **out,
                           dynamodb_fault *fault)
{
    const cJSON *found = dynamodb_input_get(input, field);

    if (found == NULL)
        return true;
    if (!cJSON_IsString(found))
        return dynamodb_wrong_json(fault, found, "String");
    *out = found->valuestring;
    return true;
}

bool dynamodb_input_bool(const cJSON *input, const char *field, bool *out, dynamodb_fault *fault)
{
    const cJSON *found = dynamodb_input_get(input, field);

    if (found == NULL)
        return true;
    if (!cJSON_IsBool(found))
        return dynamodb_wrong_json(fault, found, "Boolean");
    *out = cJSON_IsTrue(found);
    return true;
}

bool dynamodb_input_integer(const cJSON *input, const char *field, long *out, dynamodb_fault *fault)
{
    const cJSON *found = dynamodb_input_get(input, field);

    if (found == NULL)
        return true;
    if (!cJSON_IsNumber(found))
        return dynamodb_wrong_json(fault, found, "Integer");
    if (!(fabs(found->valuedouble) <= 2147483647.0))
        return dynamodb_refuse(fault, "SerializationException", "%s does not fit into an Integer",
                               field);
    *out = (long)found->valuedouble;
    return true;
}

bool dynamodb_input_list(const cJSON *input, const char *field, const cJSON **out,
                         dynamodb_fault *fault)
{
    const cJSON *found = dynamodb_input_get(input, field);

    if (found == NULL)
        return true;
    if (!cJSON_IsArray(found))
        return dynamodb_wrong_json(fault, found, "List");
    *out = found;
    return true;
}

bool dynamodb_input_map(const cJSON *input, const char *field, const cJSON **out,
                        dynamodb_fault *fault)
{
    const cJSON *found = dynamodb_input_get(input, field);

    if (found == NULL)
        return true;
    if (!cJSON_IsObject(found))
        return dynamodb_wrong_json(fault, found, "Map");
    *out = found;
    return true;
}

/* Messages spell "TableName" as 'tableName'. */
static void lower_first(const char *field, char *out, size_t size)
{
    (void)snprintf(out, size, "%s", field);
    if (out[0] >= 'A' && out[0] <= 'Z')
        out[0] = (char)(out[0] - 'A' + 'a');
}

bool dynamodb_input_choice(const cJSON *input, const char *field, const char *const *choices,
                           size_t *out, dynamodb_fault *fault)
{
    const char *value = choices[0];
    char name[64];
    char list[300] = "";
    size_t len = 0;

    *out = 0;
    if (!dynamodb_input_string(input, field, &value, fault))
        return false;
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (strcmp(value, choices[i]) == 0) {
            *out = i;
            return true;
        }
        if (len < sizeof(list))
            len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", i == 0 ? "" : ", ",
                                    choices[i]);
    }
    lower_first(field, name, sizeof(name));
    return dynamodb_invalid(fault,
                            "1 validation error detected: Value '%.100s' at '%s' failed to satisfy "
                            "constraint: Member must satisfy enum value set: [%s]",
                            value, name, list);
}

bool dynamodb_input_missing(const char *field, dynamodb_fault *fault)
{
    char name[64];

    lower_first(field, name, sizeof(name));
    return dynamodb_invalid(fault,
                            "1 validation error detected: Value null at '%s' failed to satisfy "
                            "constraint: Member must not be null",
                            name);
}

bool dynamodb_input_refuse_legacy(const cJSON *input, dynamodb_fault *fault)
{
    static const char *const legacy[][2] = {
        { "Expected", "ConditionExpression" },
        { "ConditionalOperator", "ConditionExpression or FilterExpression" },
        { "AttributeUpdates", "UpdateExpression" },
        { "KeyConditions", "KeyConditionExpression" },
        { "QueryFilter", "FilterExpression" },
        { "ScanFilter", "FilterExpression" },
        { "AttributesToGet", "ProjectionExpression" },
    };

    for (size_t i = 0; i < sizeof(legacy) / sizeof(legacy[0]); i++) {
        if (dynamodb_input_get(input, legacy[i][0]) != NULL)
            return dynamodb_invalid(fault,
                                    "icecat-local does not support the old parameter %s: use %s",
                                    legacy[i][0], legacy[i][1]);
    }
    return true;
}
