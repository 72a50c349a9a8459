/*
 * test_dynamodb_expressions.c - conditions, updates, projections and their refusals.
 */
#include "cmocka_all.h"
#include "dynamodb_driver.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define KEY "'batch_id':{'N':'1'},'img_fprint':{'S':'a'}"

static void put_sample(void **state)
{
    driver_do(state, "PutItem",
              "{'TableName':'cats','Item':{" KEY ",'n':{'N':'10'},'s':{'S':'hello'},"
              "'b':{'B':'aGVsbG8='},'t':{'BOOL':true},'z':{'NULL':true},'ss':{'SS':['x','y']},"
              "'ns':{'NS':['1.0','2']},'l':{'L':[{'N':'1'},{'S':'two'},{'L':[{'N':'3'}]}]},"
              "'m':{'M':{'in':{'M':{'deep':{'N':'5'}}},'lst':{'L':[{'N':'7'},{'N':'8'},"
              "{'N':'9'}]}}}}}");
}

static void condition(void **state, bool holds, const char *expression, const char *values)
{
    char input[1200];

    (void)snprintf(input, sizeof(input),
                   "{'TableName':'cats','Key':{" KEY "},'UpdateExpression':'SET touched = :t',"
                   "'ConditionExpression':'%s','ExpressionAttributeValues':{':t':{'N':'1'}%s%s}}",
                   expression, *values == '\0' ? "" : ",", values);
    if (holds)
        driver_do(state, "UpdateItem", input);
    else
        driver_refused(state, "UpdateItem", input, "ConditionalCheckFailedException",
                       "The conditional request failed");
}

static void comparisons_compare_by_type(void **state)
{
    put_sample(state);
    condition(state, true, "n = :v", "':v':{'N':'1e1'}");
    condition(state, true, "n > :v", "':v':{'N':'9.99'}");
    condition(state, false, "n > :v", "':v':{'N':'10.0'}");
    condition(state, true, "n <> :v", "':v':{'S':'10'}");
    condition(state, false, "n < :v", "':v':{'S':'99'}");
    condition(state, true, "s < :v", "':v':{'S':'hellp'}");
    condition(state, true, "b <= :v", "':v':{'B':'aGVsbG8='}");
    condition(state, true, ":v < n", "':v':{'N':'9'}");
    condition(state, true, "t = :v", "':v':{'BOOL':true}");
    condition(state, true, "ns = :v", "':v':{'NS':['2','1']}");
    condition(state, true, "m.#in.deep = l[2][0] OR m.lst[2] = :v",
              "':v':{'N':'9'}},"
              "'ExpressionAttributeNames':{'#in':'in'");
    condition(state, true, "l = :v", "':v':{'L':[{'N':'1'},{'S':'two'},{'L':[{'N':'3'}]}]}");
}

static void a_missing_attribute_satisfies_only_not_equal(void **state)
{
    put_sample(state);
    condition(state, true, "nope <> :v", "':v':{'N':'1'}");
    condition(state, false, "nope = :v", "':v':{'N':'1'}");
    condition(state, false, "nope < :v", "':v':{'N':'1'}");
    condition(state, false, "nope IN (:v)", "':v':{'N':'1'}");
    condition(state, true, "NOT nope = :v", "':v':{'N':'1'}");
    condition(state, true, "attribute_not_exists(nope) AND attribute_exists(m.lst[0])", "");
}

static void between_in_and_logic_bind_as_documented(void **state)
{
    put_sample(state);
    condition(state, true, "n BETWEEN :a AND :b AND s = :s",
              "':a':{'N':'10'},':b':{'N':'11'},':s':{'S':'hello'}");
    condition(state, false, "n between :a and :b", "':a':{'N':'1'},':b':{'N':'9'}");
    condition(state, true, "n IN (:a, :b)", "':a':{'N':'1'},':b':{'N':'10.00'}");
    /* AND before OR: true OR (true AND false) */
    condition(state, true, "n = :a OR n = :a AND n = :b", "':a':{'N':'10'},':b':{'N':'1'}");
    condition(state, false, "(n = :a OR n = :a) AND n = :b", "':a':{'N':'10'},':b':{'N':'1'}");
    condition(state, true, "NOT n = :b AND n = :a", "':a':{'N':'10'},':b':{'N':'1'}");
}

static void functions_answer_for_every_type(void **state)
{
    put_sample(state);
    condition(state, true, "begins_with(s, :v)", "':v':{'S':'hell'}");
    condition(state, true, "begins_with(b, :v)", "':v':{'B':'aGU='}");
    condition(state, false, "begins_with(n, :v)", "':v':{'S':'1'}");
    condition(state, true, "contains(s, :v)", "':v':{'S':'ell'}");
    condition(state, true, "contains(b, :v)", "':v':{'B':'ZWxs'}");
    condition(state, true, "contains(ss, :v)", "':v':{'S':'y'}");
    condition(state, true, "contains(ns, :v)", "':v':{'N':'1'}");
    condition(state, true, "contains(l, :v)", "':v':{'S':'two'}");
    condition(state, false, "contains(ss, :v)", "':v':{'S':'z'}");
    condition(state, true, "attribute_type(m, :v)", "':v':{'S':'M'}");
    condition(state, true, "size(s) = :v", "':v':{'N':'5'}");
    condition(state, true, "size(b) = :v", "':v':{'N':'5'}");
    condition(state, true, "size(l) > size(ss)", "");
    condition(state, false, "size(n) = :v", "':v':{'N':'2'}");
}

static void update(void **state, const char *expression, const char *values, const char *want)
{
    char input[1200];
    char answer[1200];

    (void)snprintf(input, sizeof(input),
                   "{'TableName':'cats','Key':{" KEY "},'UpdateExpression':'%s',"
                   "'ReturnValues':'UPDATED_NEW'%s%s%s}",
                   expression, *values == '\0' ? "" : ",'ExpressionAttributeValues':{", values,
                   *values == '\0' ? "" : "}");
    (void)snprintf(answer, sizeof(answer), *want == '\0' ? "{%s}" : "{'Attributes':{%s}}", want);
    driver_expect(state, "UpdateItem", input, answer);
}

static void set_computes_from_the_item_as_it_was(void **state)
{
    put_sample(state);
    update(state, "SET n = n + :v", "':v':{'N':'0.1'}", "'n':{'N':'10.1'}");
    update(state, "SET n = n - :v", "':v':{'N':'10.1'}", "'n':{'N':'0'}");
    update(state, "SET fresh = if_not_exists(fresh, :v) + :v", "':v':{'N':'2'}",
           "'fresh':{'N':'4'}");
    update(state, "SET n = fresh, fresh = n", "", "'n':{'N':'4'},'fresh':{'N':'0'}");
    update(state, "SET m.lst = list_append(m.lst, :v)", "':v':{'L':[{'N':'10'}]}",
           "'m':{'M':{'lst':{'L':[{'N':'7'},{'N':'8'},{'N':'9'},{'N':'10'}]}}}");
    update(state, "SET l[9] = :b, l[5] = :a", "':a':{'S':'first'},':b':{'S':'second'}", "");
    driver_expect(state, "GetItem",
                  "{'TableName':'cats','Key':{" KEY "},'ProjectionExpression':'l[3], l[4]'}",
                  "{'Item':{'l':{'L':[{'S':'first'},{'S':'second'}]}}}");
}

static void remove_counts_indexes_before_removing(void **state)
{
    put_sample(state);
    update(state, "REMOVE m.lst[0], m.lst[2], nope, l[77]", "",
           "'m':{'M':{'lst':{'L':[{'N':'8'}]}}}");
    driver_expect(state, "GetItem",
                  "{'TableName':'cats','Key':{" KEY "},'ProjectionExpression':'m.lst'}",
                  "{'Item':{'m':{'M':{'lst':{'L':[{'N':'8'}]}}}}}");
}

static void add_and_delete_work_on_numbers_and_sets(void **state)
{
    put_sample(state);
    update(state, "ADD n :v, clicks :v", "':v':{'N':'5'}", "'n':{'N':'15'},'clicks':{'N':'5'}");
    update(state, "ADD ss :v", "':v':{'SS':['y','w']}", "'ss':{'SS':['x','y','w']}");
    update(state, "DELETE ss :v", "':v':{'SS':['y','q']}", "'ss':{'SS':['x','w']}");
    update(state, "DELETE ns :v", "':v':{'NS':['1','2']}", "");
    driver_expect(state, "GetItem",
                  "{'TableName':'cats','Key':{" KEY "},'ProjectionExpression':'ns'}",
                  "{'Item':{}}");
}

static void an_update_of_nothing_creates_only_with_set_or_add(void **state)
{
    driver_do(state, "UpdateItem",
              "{'TableName':'cats','Key':{" KEY "},'UpdateExpression':'REMOVE x'}");
    driver_expect(state, "GetItem", "{'TableName':'cats','Key':{" KEY "}}", "{}");
    driver_do(state, "UpdateItem", "{'TableName':'cats','Key':{" KEY "}}");
    driver_expect(state, "GetItem", "{'TableName':'cats','Key':{" KEY "}}", "{'Item':{" KEY "}}");
}

static void return_values_show_old_and_new(void **state)
{
    static const struct {
        const char *which;
        const char *want;
    } cases[] = {
        { "NONE", "{}" },
        { "ALL_OLD", "{'Attributes':{" KEY ",'n':{'N':'0'}}}" },
        { "UPDATED_OLD", "{'Attributes':{'n':{'N':'1'}}}" },
        { "ALL_NEW", "{'Attributes':{" KEY ",'n':{'N':'3'}}}" },
        { "UPDATED_NEW", "{'Attributes':{'n':{'N':'4'}}}" },
    };
    char input[400];

    for (int i = 0; i < 5; i++) {
        (void)snprintf(input, sizeof(input),
                       "{'TableName':'cats','Key':{" KEY "},'UpdateExpression':'SET n = :v',"
                       "'ExpressionAttributeValues':{':v':{'N':'%d'}},'ReturnValues':'%s'}",
                       i, cases[i].which);
        driver_expect(state, "UpdateItem", input, cases[i].want);
    }
    driver_expect(state, "DeleteItem",
                  "{'TableName':'cats','Key':{" KEY "},'ReturnValues':'ALL_OLD'}",
                  "{'Attributes':{" KEY ",'n':{'N':'4'}}}");
    driver_refused(state, "DeleteItem",
                   "{'TableName':'cats','Key':{" KEY "},'ReturnValues':'ALL_NEW'}",
                   "ValidationException", "ReturnValues can only be ALL_OLD or NONE");
}

static void a_failed_condition_can_show_the_item(void **state)
{
    sqlite3 *db = *state;
    cJSON *input = cJSON_Parse("{\"TableName\":\"cats\",\"Item\":{\"batch_id\":{\"N\":\"1\"},\"img_"
                               "fprint\":{\"S\":\"a\"}},"
                               "\"ConditionExpression\":\"attribute_not_exists(batch_id)\","
                               "\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}");
    json_answer answer;
    const cJSON *item;

    put_sample(state);
    answer = dynamodb_call(db, DRIVER_REGION, "PutItem", input);
    assert_string_equal(answer.error_type, "ConditionalCheckFailedException");
    item = cJSON_GetObjectItem(answer.body, "Item");
    assert_string_equal(cJSON_GetObjectItem(item, "s")->child->valuestring, "hello");
    cJSON_Delete(answer.body);
    cJSON_Delete(input);
}

static void broken_expressions_are_refused_in_the_services_words(void **state)
{
    static const char *const cases[][2] = {
        { "n = = :v", "Syntax error; token: \"=\", near: \"= = :v\"" },
        { "n = :v AND", "token: \"<EOF>\"" },
        { "((n = :v))", "redundant parentheses" },
        { "n = :w", "An expression attribute value used in expression is not defined" },
        { "#q = :v", "attribute name: #q" },
        { "ttl = :v", "reserved keyword: ttl" },
        { "frob(n, :v)", "Invalid function name; function: frob" },
        { "begins_with(n)", "number of operands: 1" },
        { "begins_with(n, :v)", "operand type: N" },
        { "attribute_exists(:v)", "requires a document path" },
        { "size(n)", "not allowed to be used this way" },
        { "n = attribute_exists(n)", "not allowed to be used this way" },
        { "attribute_type(n, :v)", "operand type: N" },
        { "n BETWEEN :v AND", "token: \"<EOF>\"" },
        { "n.[0] = :v", "Syntax error" },
        { "n[99999999999999999999] = :v", "List index" },
        { "n ~ :v", "token: \"~\"" },
        { "list_append(n, n) = :v", "not allowed" },
    };
    char input[600];
    char open[301];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)snprintf(input, sizeof(input),
                       "{'TableName':'cats','Item':{" KEY "},'ConditionExpression':'%s',"
                       "'ExpressionAttributeValues':{':v':{'N':'1'}}}",
                       cases[i][0]);
        driver_refused(state, "PutItem", input, "ValidationException", cases[i][1]);
    }
    memset(open, '(', sizeof(open) - 1);
    open[sizeof(open) - 1] = '\0';
    (void)snprintf(input, sizeof(input),
                   "{'TableName':'cats','Item':{" KEY "},'ConditionExpression':'%s'}", open);
    driver_refused(state, "PutItem", input, "ValidationException", "nested more than 100 deep");
}

static void broken_updates_are_refused_in_the_services_words(void **state)
{
    static const char *const cases[][2] = {
        { "SET n = :v SET m = :v", "section can only be used once" },
        { "SET n = :v, n = :v", "Two document paths overlap" },
        { "SET m.a = :v REMOVE m", "path one: [m, a], path two: [m]" },
        { "SET nope.a = :v", "The document path provided in the update expression is invalid" },
        { "SET n = nope + :v", "refers to an attribute that does not exist in the item" },
        { "SET n = s + :v", "incorrect data type" },
        { "SET n = list_append(l, :v)", "operand type: N" },
        { "ADD s :v", "incorrect data type" },
        { "DELETE ss :v", "operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND" },
        { "SET batch_id = :v", "This attribute is part of the key" },
        { "n = :v", "Syntax error; token: \"n\"" },
        { "SET n = :v,", "token: \"<EOF>\"" },
        { "SET n = size(s) + :v", "not allowed in an update expression" },
        { "SET n = :v + :v + :v", "Syntax error; token: \"+\"" },
    };
    char input[600];

    put_sample(state);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)snprintf(input, sizeof(input),
                       "{'TableName':'cats','Key':{" KEY "},'UpdateExpression':'%s',"
                       "'ExpressionAttributeValues':{':v':{'N':'1'}}}",
                       cases[i][0]);
        driver_refused(state, "UpdateItem", input, "ValidationException", cases[i][1]);
    }
}

static void placeholders_must_be_used_and_well_formed(void **state)
{
    static const char *const cases[][2] = {
        { "'ExpressionAttributeNames':{'#a':'a'}", "can only be specified when using expressions" },
        { "'ExpressionAttributeValues':{':a':{'N':'1'}}", "ConditionExpression is null" },
        { "'ConditionExpression':'attribute_exists(n)','ExpressionAttributeNames':{'#a':'a'}",
          "unused in expressions: keys: {#a}" },
        { "'ConditionExpression':'attribute_exists(n)','ExpressionAttributeValues':{':a':{'N':'1'}"
          "}",
          "unused in expressions: keys: {:a}" },
        { "'ConditionExpression':'a = :a','ExpressionAttributeValues':{'a':{'N':'1'}}",
          "invalid key: Syntax error; key: \"a\"" },
        { "'ConditionExpression':'a = :a','ExpressionAttributeValues':{}", "must not be empty" },
        { "'ConditionExpression':'a = :a','ExpressionAttributeValues':{':a':{'N':'x'}}",
          "cannot be converted to a numeric value: x for key :a" },
        { "'ConditionExpression':''", "The expression can not be empty;" },
        { "'Expected':{}", "old parameter Expected: use ConditionExpression" },
    };
    char input[600];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)snprintf(input, sizeof(input), "{'TableName':'cats','Item':{" KEY "},%s}",
                       cases[i][0]);
        driver_refused(state, "PutItem", input, "ValidationException", cases[i][1]);
    }
}

static void projections_keep_the_shape(void **state)
{
    put_sample(state);
    driver_expect(state, "GetItem",
                  "{'TableName':'cats','Key':{" KEY "},"
                  "'ProjectionExpression':'m.lst[2], m.lst[0], l[2][0], nope, #s',"
                  "'ExpressionAttributeNames':{'#s':'s'}}",
                  "{'Item':{'s':{'S':'hello'},'l':{'L':[{'L':[{'N':'3'}]}]},"
                  "'m':{'M':{'lst':{'L':[{'N':'7'},{'N':'9'}]}}}}}");
    driver_refused(state, "GetItem",
                   "{'TableName':'cats','Key':{" KEY "},'ProjectionExpression':'m, m.lst'}",
                   "ValidationException", "Two document paths overlap");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, driver_open, driver_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(comparisons_compare_by_type),
        TEST(a_missing_attribute_satisfies_only_not_equal),
        TEST(between_in_and_logic_bind_as_documented),
        TEST(functions_answer_for_every_type),
        TEST(set_computes_from_the_item_as_it_was),
        TEST(remove_counts_indexes_before_removing),
        TEST(add_and_delete_work_on_numbers_and_sets),
        TEST(an_update_of_nothing_creates_only_with_set_or_add),
        TEST(return_values_show_old_and_new),
        TEST(a_failed_condition_can_show_the_item),
        TEST(broken_expressions_are_refused_in_the_services_words),
        TEST(broken_updates_are_refused_in_the_services_words),
        TEST(placeholders_must_be_used_and_well_formed),
        TEST(projections_keep_the_shape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
