/*
 * dynamodb_schema.c - what a CreateTable request asks for, checked and written as the
 * TableDescription that is stored (pure functions).
 */
#include "dynamodb_input.h"
#include "dynamodb_table.h"

#include <stdio.h>
#include <string.h>

#define INVALID         "One or more parameter values were invalid: "
#define KEY_NAME_MAX    255
#define DEFINITIONS_MAX (2 + 2 * DYNAMODB_INDEXES_MAX)

typedef struct schema_reader {
    dynamodb_fault *fault;
    const cJSON *definitions; /* AttributeDefinitions of the request */
    bool used[DEFINITIONS_MAX];
    bool on_demand;
} schema_reader;

static bool no_memory(dynamodb_fault *fault)
{
    return dynamodb_broken(fault, "out of memory for a table description");
}

static bool add(cJSON *object, const char *field, cJSON *value, dynamodb_fault *fault)
{
    if (value != NULL && cJSON_AddItemToObject(object, field, value))
        return true;
    cJSON_Delete(value);
    return no_memory(fault);
}

static bool read_definitions(schema_reader *reader, const cJSON *input)
{
    static const char *const types[] = { "", "S", "N", "B", NULL };
    const cJSON *each;
    size_t count = 0;

    if (!dynamodb_input_list(input, "AttributeDefinitions", &reader->definitions, reader->fault))
        return false;
    if (reader->definitions == NULL)
        return dynamodb_input_missing("AttributeDefinitions", reader->fault);
    cJSON_ArrayForEach(each, reader->definitions)
    {
        const char *name = "";
        size_t type;

        if (!cJSON_IsObject(each))
            return dynamodb_wrong_json(reader->fault, each, "AttributeDefinition");
        if (!dynamodb_input_string(each, "AttributeName", &name, reader->fault) ||
            !dynamodb_input_choice(each, "AttributeType", types, &type, reader->fault))
            return false;
        if (type == 0)
            return dynamodb_input_missing("AttributeType", reader->fault);
        if (*name == '\0' || strlen(name) > KEY_NAME_MAX)
            return dynamodb_invalid(reader->fault,
                                    INVALID "an AttributeName has 1 to %d bytes, not %zu",
                                    KEY_NAME_MAX, strlen(name));
        if (++count > DEFINITIONS_MAX)
            return dynamodb_invalid(reader->fault, INVALID "Too many AttributeDefinitions");
    }
    return true;
}

static bool use_attribute(schema_reader *reader, const char *name)
{
    const cJSON *each;
    size_t at = 0;

    cJSON_ArrayForEach(each, reader->definitions)
    {
        if (strcmp(dynamodb_input_get(each, "AttributeName")->valuestring, name) == 0) {
            reader->used[at] = true;
            return true;
        }
        at++;
    }
    return dynamodb_invalid(reader->fault,
                            INVALID "Some index key attributes are not defined in "
                                    "AttributeDefinitions. Keys: [%.255s]",
                            name);
}

static bool read_key(schema_reader *reader, const cJSON *element, size_t at, cJSON *out)
{
    static const char *const kinds[] = { "", "HASH", "RANGE", NULL };
    const char *name = NULL;
    size_t kind;
    cJSON *copy;

    if (!cJSON_IsObject(element))
        return dynamodb_wrong_json(reader->fault, element, "KeySchemaElement");
    if (!dynamodb_input_string(element, "AttributeName", &name, reader->fault) ||
        !dynamodb_input_choice(element, "KeyType", kinds, &kind, reader->fault))
        return false;
    if (name == NULL || kind == 0)
        return dynamodb_input_missing(name == NULL ? "AttributeName" : "KeyType", reader->fault);
    if (kind != at + 1)
        return dynamodb_invalid(reader->fault,
                                "Invalid KeySchema: The %s KeySchemaElement is not a %s key type",
                                at == 0 ? "first" : "second", kinds[at + 1]);
    if (!use_attribute(reader, name))
        return false;
    copy = cJSON_CreateObject();
    if (copy == NULL || !cJSON_AddItemToArray(out, copy) ||
        cJSON_AddStringToObject(copy, "AttributeName", name) == NULL ||
        cJSON_AddStringToObject(copy, "KeyType", kinds[kind]) == NULL)
        return no_memory(reader->fault);
    return true;
}

static bool read_keys(schema_reader *reader, const cJSON *from, cJSON *to)
{
    const cJSON *list = NULL;
    cJSON *out = cJSON_CreateArray();
    const cJSON *each;
    size_t at = 0;

    if (!add(to, "KeySchema", out, reader->fault))
        return false;
    if (!dynamodb_input_list(from, "KeySchema", &list, reader->fault))
        return false;
    if (list == NULL || list->child == NULL)
        return dynamodb_input_missing("KeySchema", reader->fault);
    cJSON_ArrayForEach(each, list)
    {
        if (at == 2)
            return dynamodb_invalid(reader->fault,
                                    "1 validation error detected: Value at 'keySchema' failed to "
                                    "satisfy constraint: Member must have length less than or "
                                    "equal to 2");
        if (!read_key(reader, each, at++, out))
            return false;
    }
    if (at == 2 &&
        strcmp(out->child->child->valuestring, out->child->next->child->valuestring) == 0)
        return dynamodb_invalid(reader->fault, "Both the Hash Key and the Range Key element in the "
                                               "KeySchema have the same name");
    return true;
}

/* ProvisionedThroughput of a table (index NULL) or of an index. */
static bool read_throughput(schema_reader *reader, const cJSON *from, cJSON *to, const char *index)
{
    const cJSON *given = NULL;
    long units[2] = { 0, 0 };
    cJSON *out;

    if (!dynamodb_input_map(from, "ProvisionedThroughput", &given, reader->fault))
        return false;
    if (given != NULL &&
        (!dynamodb_input_integer(given, "ReadCapacityUnits", &units[0], reader->fault) ||
         !dynamodb_input_integer(given, "WriteCapacityUnits", &units[1], reader->fault)))
        return false;
    if (reader->on_demand && given != NULL)
        return dynamodb_invalid(reader->fault,
                                INVALID "Neither ReadCapacityUnits nor WriteCapacityUnits can be "
                                        "specified when BillingMode is PAY_PER_REQUEST");
    if (!reader->on_demand && (units[0] < 1 || units[1] < 1))
        return dynamodb_invalid(reader->fault,
                                INVALID "ReadCapacityUnits and WriteCapacityUnits must both be "
                                        "specified when BillingMode is PROVISIONED%s%.255s",
                                index == NULL ? "" : "; index: ", index == NULL ? "" : index);
    out = cJSON_AddObjectToObject(to, "ProvisionedThroughput");
    if (out == NULL || cJSON_AddNumberToObject(out, "NumberOfDecreasesToday", 0) == NULL ||
        cJSON_AddNumberToObject(out, "ReadCapacityUnits", (double)units[0]) == NULL ||
        cJSON_AddNumberToObject(out, "WriteCapacityUnits", (double)units[1]) == NULL)
        return no_memory(reader->fault);
    return true;
}

static bool read_included(schema_reader *reader, const cJSON *list, cJSON *projection)
{
    cJSON *out = cJSON_AddArrayToObject(projection, "NonKeyAttributes");
    const cJSON *each;

    cJSON_ArrayForEach(each, list)
    {
        cJSON *name;

        if (!cJSON_IsString(each))
            return dynamodb_wrong_json(reader->fault, each, "String");
        name = cJSON_CreateString(each->valuestring);
        if (out == NULL || name == NULL || !cJSON_AddItemToArray(out, name)) {
            cJSON_Delete(name);
            return no_memory(reader->fault);
        }
    }
    return out != NULL || no_memory(reader->fault);
}

static bool read_projection(schema_reader *reader, const cJSON *from, cJSON *to)
{
    static const char *const kinds[] = { "", "ALL", "KEYS_ONLY", "INCLUDE", NULL };
    const cJSON *given = NULL;
    const cJSON *included = NULL;
    size_t kind;
    cJSON *out;

    if (!dynamodb_input_map(from, "Projection", &given, reader->fault))
        return false;
    if (given == NULL)
        return dynamodb_input_missing("Projection", reader->fault);
    if (!dynamodb_input_choice(given, "ProjectionType", kinds, &kind, reader->fault) ||
        !dynamodb_input_list(given, "NonKeyAttributes", &included, reader->fault))
        return false;
    if (kind == 0)
        return dynamodb_invalid(reader->fault, INVALID "Unknown ProjectionType: null");
    if (kind == 3 && (included == NULL || included->child == NULL))
        return dynamodb_invalid(reader->fault, INVALID "ProjectionType is INCLUDE, but "
                                                       "NonKeyAttributes is not specified");
    if (kind != 3 && included != NULL)
        return dynamodb_invalid(reader->fault,
                                INVALID "ProjectionType is %s, but NonKeyAttributes is specified",
                                kinds[kind]);
    out = cJSON_AddObjectToObject(to, "Projection");
    if (out == NULL || cJSON_AddStringToObject(out, "ProjectionType", kinds[kind]) == NULL)
        return no_memory(reader->fault);
    return kind != 3 || read_included(reader, included, out);
}

static bool read_index(schema_reader *reader, const cJSON *from, cJSON *indexes)
{
    const char *name = NULL;
    const cJSON *each;
    cJSON *out;

    if (!cJSON_IsObject(from))
        return dynamodb_wrong_json(reader->fault, from, "GlobalSecondaryIndex");
    if (!dynamodb_input_string(from, "IndexName", &name, reader->fault))
        return false;
    if (name == NULL)
        return dynamodb_input_missing("IndexName", reader->fault);
    if (strlen(name) < 3 || strlen(name) > 255)
        return dynamodb_invalid(reader->fault,
                                "Invalid index name: \"%.255s\" has %zu characters; "
                                "3 to 255 are allowed",
                                name, strlen(name));
    cJSON_ArrayForEach(each, indexes)
    {
        if (strcmp(dynamodb_input_get(each, "IndexName")->valuestring, name) == 0)
            return dynamodb_invalid(reader->fault, INVALID "Duplicate index name: %.255s", name);
    }
    out = cJSON_CreateObject();
    if (out == NULL || !cJSON_AddItemToArray(indexes, out))
        return no_memory(reader->fault);
    if (cJSON_AddStringToObject(out, "IndexName", name) == NULL ||
        cJSON_AddStringToObject(out, "IndexStatus", "ACTIVE") == NULL)
        return no_memory(reader->fault);
    return read_keys(reader, from, out) && read_projection(reader, from, out) &&
           read_throughput(reader, from, out, name);
}

static bool read_indexes(schema_reader *reader, const cJSON *input, cJSON *description)
{
    const cJSON *list = NULL;
    const cJSON *each;
    cJSON *out;

    if (!dynamodb_input_list(input, "GlobalSecondaryIndexes", &list, reader->fault))
        return false;
    if (list == NULL)
        return true;
    if (list->child == NULL)
        return dynamodb_invalid(reader->fault, INVALID "List of GlobalSecondaryIndexes is empty");
    if (cJSON_GetArraySize(list) > DYNAMODB_INDEXES_MAX)
        return dynamodb_invalid(reader->fault, INVALID "GlobalSecondaryIndex count exceeds the "
                                                       "per-table limit of 20");
    out = cJSON_AddArrayToObject(description, "GlobalSecondaryIndexes");
    if (out == NULL)
        return no_memory(reader->fault);
    cJSON_ArrayForEach(each, list)
    {
        if (!read_index(reader, each, out))
            return false;
    }
    return true;
}

static bool check_unused(schema_reader *reader)
{
    const cJSON *each;
    size_t at = 0;

    cJSON_ArrayForEach(each, reader->definitions)
    {
        if (!reader->used[at++])
            return dynamodb_invalid(
                reader->fault,
                INVALID "Some AttributeDefinitions are not used. AttributeDefinitions: [%.255s]",
                dynamodb_input_get(each, "AttributeName")->valuestring);
    }
    return true;
}

/* What would silently not happen is refused. */
static bool refuse_unsupported(const cJSON *input, dynamodb_fault *fault)
{
    const cJSON *stream = dynamodb_input_get(input, "StreamSpecification");

    if (dynamodb_input_get(input, "LocalSecondaryIndexes") != NULL)
        return dynamodb_invalid(fault, "icecat-local does not support LocalSecondaryIndexes: use "
                                       "GlobalSecondaryIndexes");
    if (cJSON_IsTrue(dynamodb_input_get(stream, "StreamEnabled")))
        return dynamodb_invalid(fault, "icecat-local does not support streams: leave out "
                                       "StreamSpecification");
    return true;
}

static bool describe(const cJSON *input, schema_reader *reader, cJSON *out)
{
    static const char *const modes[] = { "PROVISIONED", "PAY_PER_REQUEST", NULL };
    const char *name = dynamodb_table_name(input, reader->fault);
    size_t mode;
    cJSON *summary;

    if (name == NULL || !refuse_unsupported(input, reader->fault) ||
        !dynamodb_input_choice(input, "BillingMode", modes, &mode, reader->fault) ||
        !read_definitions(reader, input))
        return false;
    reader->on_demand = mode == 1;
    if (cJSON_AddStringToObject(out, "TableName", name) == NULL ||
        cJSON_AddStringToObject(out, "TableStatus", "ACTIVE") == NULL ||
        cJSON_AddFalseToObject(out, "DeletionProtectionEnabled") == NULL)
        return no_memory(reader->fault);
    if (reader->on_demand) {
        summary = cJSON_AddObjectToObject(out, "BillingModeSummary");
        if (cJSON_AddStringToObject(summary, "BillingMode", modes[mode]) == NULL)
            return no_memory(reader->fault);
    }
    return add(out, "AttributeDefinitions", cJSON_Duplicate(reader->definitions, true),
               reader->fault) &&
           read_keys(reader, input, out) && read_throughput(reader, input, out, NULL) &&
           read_indexes(reader, input, out) && check_unused(reader);
}

cJSON *dynamodb_schema_describe(const cJSON *input, dynamodb_fault *fault)
{
    schema_reader reader = { .fault = fault };
    cJSON *out = cJSON_CreateObject();

    if (out == NULL) {
        (void)no_memory(fault);
        return NULL;
    }
    if (!describe(input, &reader, out)) {
        cJSON_Delete(out);
        return NULL;
    }
    return out;
}
