/*
 * test_dynamodb_tables.c - tables, items as a whole, transactions, the limits.
 */
#include "cmocka_all.h"
#include "dynamodb_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY "'batch_id':{'N':'1'},'img_fprint':{'S':'a'}"

static void a_table_is_described_listed_and_deleted(void **state)
{
    cJSON *body = driver_call(state, "DescribeTable", "{'TableName':'cats'}");
    const cJSON *table = cJSON_GetObjectItem(body, "Table");

    assert_string_equal(cJSON_GetObjectItem(table, "TableStatus")->valuestring, "ACTIVE");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(table, "GlobalSecondaryIndexes")), 2);
    cJSON_Delete(body);
    driver_expect(state, "ListTables", "{}", "{'TableNames':['cats']}");
    driver_do(state, "PutItem", "{'TableName':'cats','Item':{" KEY "}}");
    driver_do(state, "DeleteTable", "{'TableName':'cats'}");
    driver_expect(state, "ListTables", "{}", "{'TableNames':[]}");
    driver_refused(state, "DescribeTable", "{'TableName':'cats'}", "ResourceNotFoundException",
                   "Requested resource not found: Table: cats not found");
    driver_refused(state, "GetItem", "{'TableName':'cats','Key':{" KEY "}}",
                   "ResourceNotFoundException", "Requested resource not found");
}

static void a_new_table_of_an_old_name_is_empty(void **state)
{
    static const char create[] =
        "{'TableName':'dogs','ProvisionedThroughput':{'ReadCapacityUnits':1,"
        "'WriteCapacityUnits':1},'AttributeDefinitions':[{'AttributeName':'k','AttributeType':'B'}]"
        ","
        "'KeySchema':[{'AttributeName':'k','KeyType':'HASH'}]}";

    driver_do(state, "CreateTable", create);
    driver_do(state, "PutItem", "{'TableName':'dogs','Item':{'k':{'B':'AAE='}}}");
    driver_do(state, "DeleteTable", "{'TableName':'dogs'}");
    driver_do(state, "CreateTable", create);
    driver_expect(state, "Scan", "{'TableName':'dogs'}", "{'Items':[],'Count':0,'ScannedCount':0}");
}

static void wrong_schemas_are_refused(void **state)
{
    static const char *const cases[][2] = {
        { "'AttributeDefinitions':[{'AttributeName':'a','AttributeType':'S'}],"
          "'KeySchema':[{'AttributeName':'b','KeyType':'HASH'}],'BillingMode':'PAY_PER_REQUEST'",
          "Some index key attributes are not defined" },
        { "'AttributeDefinitions':[{'AttributeName':'a','AttributeType':'S'}],"
          "'KeySchema':[{'AttributeName':'a','KeyType':'RANGE'}],'BillingMode':'PAY_PER_REQUEST'",
          "first KeySchemaElement is not a HASH" },
        { "'AttributeDefinitions':[{'AttributeName':'a','AttributeType':'S'},"
          "{'AttributeName':'b','AttributeType':'S'}],"
          "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}],'BillingMode':'PAY_PER_REQUEST'",
          "Some AttributeDefinitions are not used" },
        { "'AttributeDefinitions':[{'AttributeName':'a','AttributeType':'BOOL'}],"
          "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}],'BillingMode':'PAY_PER_REQUEST'",
          "Member must satisfy enum value set" },
        { "'AttributeDefinitions':[{'AttributeName':'a','AttributeType':'S'}],"
          "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}]",
          "ReadCapacityUnits and WriteCapacityUnits must both be specified" },
        { "'AttributeDefinitions':[{'AttributeName':'a','AttributeType':'S'}],"
          "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}],'BillingMode':'PAY_PER_REQUEST',"
          "'GlobalSecondaryIndexes':[{'IndexName':'one','KeySchema':[{'AttributeName':'a',"
          "'KeyType':'HASH'}],'Projection':{'ProjectionType':'INCLUDE'}}]",
          "NonKeyAttributes is not specified" },
        { "'AttributeDefinitions':[{'AttributeName':'a','AttributeType':'S'}],"
          "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}],'BillingMode':'PAY_PER_REQUEST',"
          "'LocalSecondaryIndexes':[]",
          "does not support LocalSecondaryIndexes" },
    };
    char input[700];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)snprintf(input, sizeof(input), "{'TableName':'wrong',%s}", cases[i][0]);
        driver_refused(state, "CreateTable", input, "ValidationException", cases[i][1]);
    }
    driver_refused(state, "CreateTable", "{'TableName':'x'}", "ValidationException",
                   "at least 3 characters");
    driver_refused(state, "CreateTable",
                   "{'TableName':'cats','BillingMode':'PAY_PER_REQUEST','AttributeDefinitions':["
                   "{'AttributeName':'a','AttributeType':'S'}],"
                   "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'}]}",
                   "ResourceInUseException", "Table already exists: cats");
}

static void time_to_live_is_kept(void **state)
{
    static const char enable[] = "{'TableName':'cats','TimeToLiveSpecification':{'Enabled':true,"
                                 "'AttributeName':'ttl'}}";

    driver_expect(state, "DescribeTimeToLive", "{'TableName':'cats'}",
                  "{'TimeToLiveDescription':{'TimeToLiveStatus':'DISABLED'}}");
    driver_do(state, "UpdateTimeToLive", enable);
    driver_expect(state, "DescribeTimeToLive", "{'TableName':'cats'}",
                  "{'TimeToLiveDescription':{'TimeToLiveStatus':'ENABLED','AttributeName':'ttl'}}");
    driver_refused(state, "UpdateTimeToLive", enable, "ValidationException",
                   "TimeToLive is already enabled");
}

static void values_are_normalised_when_stored(void **state)
{
    driver_do(state, "PutItem",
              "{'TableName':'cats','Item':{'batch_id':{'N':'001'},'img_fprint':{'S':'a'},"
              "'n':{'N':'1e3'},'ns':{'NS':['007','1.50']},'b':{'B':'YR=='}}}");
    driver_expect(state, "GetItem", "{'TableName':'cats','Key':{" KEY "}}",
                  "{'Item':{" KEY ",'n':{'N':'1000'},'ns':{'NS':['7','1.5']},'b':{'B':'YQ=='}}}");
}

static void wrong_values_are_refused(void **state)
{
    static const char *const cases[][3] = {
        { "{}", "ValidationException", "Supplied AttributeValue is empty" },
        { "{'S':'a','N':'1'}", "ValidationException", "more than one datatypes" },
        { "{'N':'abc'}", "ValidationException", "cannot be converted to a numeric value: abc" },
        { "{'N':''}", "ValidationException", "cannot be converted to a numeric value" },
        { "{'N':'1e126'}", "ValidationException", "Number overflow" },
        { "{'N':'123456789012345678901234567890123456789'}", "ValidationException",
          "more than 38 significant digits" },
        { "{'NULL':false}", "ValidationException", "must have the value of true" },
        { "{'SS':[]}", "ValidationException", "An string set  may not be empty" },
        { "{'NS':['1','1.0']}", "ValidationException", "contains duplicates" },
        { "{'SS':['x','x']}", "ValidationException", "contains duplicates" },
        { "{'N':5}", "SerializationException", "NUMBER_VALUE cannot be converted to String" },
        { "{'S':true}", "SerializationException", "TRUE_VALUE cannot be converted to String" },
        { "{'B':'!'}", "SerializationException", "base64" },
        { "'text'", "SerializationException", "STRING_VALUE" },
        { "{'M':{'x':{'N':'1'},'x':{'N':'2'}}}", "SerializationException", "twice" },
    };
    char input[300];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)snprintf(input, sizeof(input), "{'TableName':'cats','Item':{" KEY ",'v':%s}}",
                       cases[i][0]);
        driver_refused(state, "PutItem", input, cases[i][1], cases[i][2]);
    }
}

static void keys_must_fit_the_schema(void **state)
{
    static const char *const cases[][2] = {
        { "'batch_id':{'N':'1'}", "Missing the key img_fprint in the item" },
        { "'batch_id':{'S':'1'},'img_fprint':{'S':'a'}",
          "Type mismatch for key batch_id expected: N actual: S" },
        { "'batch_id':{'N':'1'},'img_fprint':{'S':''}", "cannot contain an empty string value" },
        { KEY ",'op_status':{'N':'1'}", "Type mismatch for Index Key op_status" },
        { KEY ",'op_status':{'S':''}", "IndexName: by_status, IndexKey: op_status" },
    };
    char input[300];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)snprintf(input, sizeof(input), "{'TableName':'cats','Item':{%s}}", cases[i][0]);
        driver_refused(state, "PutItem", input, "ValidationException", cases[i][1]);
    }
    driver_refused(state, "GetItem", "{'TableName':'cats','Key':{'batch_id':{'N':'1'}}}",
                   "ValidationException", "The provided key element does not match the schema");
    driver_refused(state, "GetItem", "{'TableName':'cats','Key':{" KEY ",'x':{'N':'1'}}}",
                   "ValidationException", "The provided key element does not match the schema");
}

/* An item of KEY (23 + 1 bytes of it) and "pad" with len bytes. */
static char *padded(size_t len)
{
    char *filling = calloc(1, len + 1);
    char *input = malloc(len + 200);

    assert_non_null(filling);
    assert_non_null(input);
    memset(filling, 'x', len);
    (void)snprintf(input, len + 200, "{'TableName':'cats','Item':{" KEY ",'pad':{'S':'%s'}}}",
                   filling);
    free(filling);
    return input;
}

static void an_item_has_at_most_400_kb(void **state)
{
    /* batch_id 8 + 2, img_fprint 10 + 1, pad 3 */
    const size_t rest = 24;
    char *input = padded(409600 - rest);

    driver_do(state, "PutItem", input);
    free(input);
    input = padded(409600 - rest + 1);
    driver_refused(state, "PutItem", input, "ValidationException",
                   "Item size has exceeded the maximum allowed size");
    free(input);
    driver_refused(state, "UpdateItem",
                   "{'TableName':'cats','Key':{" KEY "},'UpdateExpression':'SET q = :v',"
                   "'ExpressionAttributeValues':{':v':{'S':'1'}}}",
                   "ValidationException",
                   "Item size to update has exceeded the maximum allowed size");
}

/* {"L":[{"L":[... depth times. */
static char *nested(int depth)
{
    size_t size = (size_t)depth * 12 + 200;
    char *input = malloc(size);

    assert_non_null(input);
    (void)snprintf(input, size, "{'TableName':'cats','Item':{" KEY ",'v':");
    for (int i = 0; i < depth; i++)
        strcat(input, "{'L':[");
    strcat(input, "{'N':'1'}");
    for (int i = 0; i < depth; i++)
        strcat(input, "]}");
    strcat(input, "}}");
    return input;
}

static void nesting_is_limited_also_through_updates(void **state)
{
    char *input = nested(32);
    int i = 0;

    driver_do(state, "PutItem", input);
    free(input);
    input = nested(33);
    driver_refused(state, "PutItem", input, "ValidationException", "Nesting Levels");
    free(input);
    driver_do(state, "PutItem", "{'TableName':'cats','Item':{" KEY ",'v':{'M':{}}}}");
    for (; i < 4; i++)
        driver_do(state, "UpdateItem",
                  "{'TableName':'cats','Key':{" KEY "},'UpdateExpression':'SET w = v, v.a = v'}");
    for (; i < 40; i++) {
        cJSON *json = cJSON_Parse(
            "{\"TableName\":\"cats\",\"Key\":{\"batch_id\":{\"N\":\"1\"},\"img_fprint\":{\"S\":"
            "\"a\"}},\"UpdateExpression\":\"SET v.a = v\"}");
        json_answer answer = dynamodb_call(*state, DRIVER_REGION, "UpdateItem", json);

        cJSON_Delete(json);
        cJSON_Delete(answer.body);
        if (answer.error_type != NULL)
            break;
    }
    assert_in_range(i, 20, 35);
}

static void a_transaction_is_all_or_nothing(void **state)
{
    sqlite3 *db = *state;
    cJSON *input;
    json_answer answer;
    char *text;

    driver_do(state, "TransactWriteItems",
              "{'TransactItems':[{'Put':{'TableName':'cats','Item':{" KEY ",'n':{'N':'1'}}}},"
              "{'ConditionCheck':{'TableName':'cats','Key':{'batch_id':{'N':'2'},"
              "'img_fprint':{'S':'a'}},'ConditionExpression':'attribute_not_exists(n)'}}]}");
    input = cJSON_Parse(
        "{\"TransactItems\":[{\"Put\":{\"TableName\":\"cats\",\"Item\":{\"batch_id\":{\"N\":"
        "\"3\"},\"img_fprint\":{\"S\":\"z\"}}}},{\"Update\":{\"TableName\":\"cats\",\"Key\":{"
        "\"batch_id\":{\"N\":\"1\"},\"img_fprint\":{\"S\":\"a\"}},\"UpdateExpression\":"
        "\"REMOVE n\",\"ConditionExpression\":\"attribute_not_exists(n)\"}}]}");
    answer = dynamodb_call(db, DRIVER_REGION, "TransactWriteItems", input);
    text = cJSON_PrintUnformatted(cJSON_GetObjectItem(answer.body, "CancellationReasons"));
    assert_string_equal(answer.error_type, "TransactionCanceledException");
    assert_string_equal(text, "[{\"Code\":\"None\"},{\"Code\":\"ConditionalCheckFailed\","
                              "\"Message\":\"The conditional request failed\"}]");
    cJSON_free(text);
    cJSON_Delete(answer.body);
    cJSON_Delete(input);
    driver_expect(state, "Scan", "{'TableName':'cats'}",
                  "{'Items':[{" KEY ",'n':{'N':'1'}}],'Count':1,'ScannedCount':1}");
}

static void consumed_capacity_follows_the_rules(void **state)
{
    driver_expect(state, "PutItem",
                  "{'TableName':'cats','Item':{" KEY ",'op_status':{'S':'fail'},"
                  "'upload_ts':{'N':'5'}},'ReturnConsumedCapacity':'INDEXES'}",
                  "{'ConsumedCapacity':{'TableName':'cats','CapacityUnits':2,'Table':"
                  "{'CapacityUnits':1},'GlobalSecondaryIndexes':{'by_status':"
                  "{'CapacityUnits':1}}}}");
    driver_expect(state, "UpdateItem",
                  "{'TableName':'cats','Key':{" KEY "},'UpdateExpression':'SET op_status = :s',"
                  "'ExpressionAttributeValues':{':s':{'S':'success'}},"
                  "'ReturnConsumedCapacity':'TOTAL'}",
                  "{'ConsumedCapacity':{'TableName':'cats','CapacityUnits':3}}");
    driver_expect(state, "GetItem",
                  "{'TableName':'cats','Key':{'batch_id':{'N':'9'},'img_fprint':{'S':'a'}},"
                  "'ReturnConsumedCapacity':'TOTAL'}",
                  "{'ConsumedCapacity':{'TableName':'cats','CapacityUnits':0.5}}");
}

static void arn_is(const cJSON *object, const char *name, const char *wanted)
{
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(object, name)), wanted);
}

static void arns_name_the_region_that_runs(void **state)
{
    cJSON *input = cJSON_Parse("{\"TableName\":\"cats\"}");
    cJSON *body = driver_call(state, "DescribeTable", "{'TableName':'cats'}");
    json_answer elsewhere = dynamodb_call(*state, "eu-north-1", "DescribeTable", input);
    const cJSON *table = cJSON_GetObjectItem(body, "Table");
    const cJSON *index = cJSON_GetArrayItem(cJSON_GetObjectItem(table, "GlobalSecondaryIndexes"),
                                            1);

    arn_is(table, "TableArn", "arn:aws:dynamodb:" DRIVER_REGION ":000000000000:table/cats");
    arn_is(index, "IndexArn",
           "arn:aws:dynamodb:" DRIVER_REGION ":000000000000:table/cats/index/slim");
    /* The same store, started for another region. */
    arn_is(cJSON_GetObjectItem(elsewhere.body, "Table"), "TableArn",
           "arn:aws:dynamodb:eu-north-1:000000000000:table/cats");
    cJSON_Delete(elsewhere.body);
    cJSON_Delete(body);
    cJSON_Delete(input);
}

static void unknown_operations_and_bodies_are_refused(void **state)
{
    json_answer answer = dynamodb_call(*state, DRIVER_REGION, "PutItem", NULL);

    assert_string_equal(answer.error_type, "SerializationException");
    cJSON_Delete(answer.body);
    driver_refused(state, "PutItems", "{}", "UnknownOperationException", "PutItems");
    driver_refused(state, "PutItem", "{}", "ValidationException", "'tableName'");
    driver_refused(state, "PutItem", "{'TableName':5}", "SerializationException", "NUMBER_VALUE");
    driver_refused(state, "PutItem", "{'TableName':'cats'}", "ValidationException", "'item'");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, driver_open, driver_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_table_is_described_listed_and_deleted),
        TEST(a_new_table_of_an_old_name_is_empty),
        TEST(wrong_schemas_are_refused),
        TEST(time_to_live_is_kept),
        TEST(values_are_normalised_when_stored),
        TEST(wrong_values_are_refused),
        TEST(keys_must_fit_the_schema),
        TEST(an_item_has_at_most_400_kb),
        TEST(nesting_is_limited_also_through_updates),
        TEST(a_transaction_is_all_or_nothing),
        TEST(consumed_capacity_follows_the_rules),
        TEST(arns_name_the_region_that_runs),
        TEST(unknown_operations_and_bodies_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
