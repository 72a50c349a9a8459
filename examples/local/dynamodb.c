/*
 * dynamodb.c - find the operation, run it in one SQLite transaction, shape the answer.
 */
#include "dynamodb.h"

#include "dynamodb_arn.h"
#include "dynamodb_read.h"
#include "dynamodb_sql.h"
#include "dynamodb_table.h"
#include "dynamodb_write.h"

#include <stdio.h>
#include <string.h>

#define SERVICE "com.amazonaws.dynamodb.v20120810#"
#define CORAL   "com.amazon.coral.service#"
#define CHECKED "com.amazon.coral.validate#"

typedef cJSON *(*operation_call)(sqlite3 *db, const cJSON *input, dynamodb_fault *fault);

static const struct {
    const char *name;
    operation_call call;
} operations[] = {
    { "BatchGetItem", dynamodb_batch_get_item },
    { "BatchWriteItem", dynamodb_batch_write_item },
    { "CreateTable", dynamodb_create_table },
    { "DeleteItem", dynamodb_delete_item },
    { "DeleteTable", dynamodb_delete_table },
    { "DescribeTable", dynamodb_describe_table },
    { "DescribeTimeToLive", dynamodb_describe_ttl },
    { "GetItem", dynamodb_get_item },
    { "ListTables", dynamodb_list_tables },
    { "PutItem", dynamodb_put_item },
    { "Query", dynamodb_query },
    { "Scan", dynamodb_scan },
    { "TransactWriteItems", dynamodb_transact_write_items },
    { "UpdateItem", dynamodb_update_item },
    { "UpdateTimeToLive", dynamodb_update_ttl },
};

int dynamodb_schema(sqlite3 *db)
{
    return dynamodb_store_schema(db);
}

static operation_call find_operation(const char *name)
{
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        if (strcmp(operations[i].name, name) == 0)
            return operations[i].call;
    }
    return NULL;
}

/* Where the service's model places the error. */
static const char *namespace_of(const char *type)
{
    if (strcmp(type, "ValidationException") == 0)
        return CHECKED;
    if (strcmp(type, "SerializationException") == 0 ||
        strcmp(type, "UnknownOperationException") == 0)
        return CORAL;
    return SERVICE;
}

/* The answer to a failed call; what the fault owns moves into it. */
static json_answer fault_answer(dynamodb_fault *fault)
{
    json_answer answer = { 400, fault->type, cJSON_CreateObject() };
    char type[128];

    if (strcmp(fault->type, "InternalServerError") == 0)
        answer.http_status = 500;
    (void)snprintf(type, sizeof(type), "%s%s", namespace_of(fault->type), fault->type);
    if (fault->reasons != NULL &&
        cJSON_AddItemToObject(answer.body, "CancellationReasons", fault->reasons))
        fault->reasons = NULL;
    if (fault->item != NULL && cJSON_AddItemToObject(answer.body, "Item", fault->item))
        fault->item = NULL;
    if (cJSON_AddStringToObject(answer.body, "__type", type) == NULL ||
        cJSON_AddStringToObject(answer.body, "message", fault->message) == NULL) {
        cJSON_Delete(answer.body);
        answer.body = NULL;
    }
    dynamodb_fault_clear(fault);
    return answer;
}

/* Everything the call wrote becomes durable, or nothing of it. */
static cJSON *run(sqlite3 *db, operation_call call, const cJSON *input, dynamodb_fault *fault)
{
    dynamodb_fault ignored = { 0 };
    cJSON *body;

    if (!dynamodb_sql_exec(db, "SAVEPOINT dynamodb", fault))
        return NULL;
    body = call(db, input, fault);
    if (body != NULL && dynamodb_sql_exec(db, "RELEASE dynamodb", fault))
        return body;
    cJSON_Delete(body);
    (void)dynamodb_sql_exec(db, "ROLLBACK TO dynamodb", &ignored);
    (void)dynamodb_sql_exec(db, "RELEASE dynamodb", &ignored);
    if (fault->type == NULL)
        (void)dynamodb_broken(fault, "out of memory");
    return NULL;
}

json_answer dynamodb_call(sqlite3 *db, const char *region, const char *operation,
                          const cJSON *input)
{
    dynamodb_fault fault = { 0 };
    operation_call call = find_operation(operation);
    json_answer answer = { 200, NULL, NULL };

    if (call == NULL)
        (void)dynamodb_refuse(&fault, "UnknownOperationException",
                              "icecat-local has no DynamoDB operation %.100s", operation);
    else if (!cJSON_IsObject(input))
        (void)dynamodb_refuse(&fault, "SerializationException",
                              "the body of a request is a JSON object");
    else
        answer.body = run(db, call, input, &fault);
    if (answer.body != NULL && !dynamodb_arn_write(answer.body, region)) {
        cJSON_Delete(answer.body);
        answer.body = NULL;
    }
    return fault.type == NULL ? answer : fault_answer(&fault);
}
