/*
 * test_dynamodb_paging.c - Query, Scan and batches: order, ranges, pages, indexes.
 */
#include "cmocka_all.h"
#include "dynamodb_driver.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double number_in(const cJSON *body, const char *field)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(body, field);

    assert_non_null(found);
    return found->valuedouble;
}

/* Put cat number i of batch; pad bytes make it big. */
static void put_cat(void **state, int batch, int i, size_t pad)
{
    size_t size = pad + 600;
    char *input = malloc(size);
    char *filling = calloc(1, pad + 1);

    assert_non_null(input);
    assert_non_null(filling);
    memset(filling, 'x', pad);
    (void)snprintf(input, size,
                   "{'TableName':'cats','Item':{'batch_id':{'N':'%d'},'img_fprint':{'S':'%05d'},"
                   "'op_status':{'S':'%s'},'upload_ts':{'N':'%d'},'client_id':{'S':'me'},"
                   "'file_name':{'S':'f%d'},'filler':{'S':'%s'}}}",
                   batch, i, i % 2 == 0 ? "success" : "fail", i - 10, i, filling);
    driver_do(state, "PutItem", input);
    free(filling);
    free(input);
}

/* "00001 00002": the sort keys of a Query or Scan with more fields in extra. */
static void assert_keys(void **state, const char *operation, const char *extra, const char *want)
{
    char input[900];
    char got[900] = "";
    cJSON *body;
    const cJSON *each;

    (void)snprintf(input, sizeof(input), "{'TableName':'cats',%s}", extra);
    body = driver_call(state, operation, input);
    cJSON_ArrayForEach(each, cJSON_GetObjectItem(body, "Items"))
    {
        size_t len = strlen(got);

        (void)snprintf(got + len, sizeof(got) - len, "%s%s", len == 0 ? "" : " ",
                       cJSON_GetObjectItem(each, "img_fprint")->child->valuestring);
    }
    assert_string_equal(got, want);
    cJSON_Delete(body);
}

static void query_ranges(void **state, const char *condition, const char *values, const char *want)
{
    char extra[600];

    (void)snprintf(extra, sizeof(extra),
                   "'KeyConditionExpression':'batch_id = :b%s',"
                   "'ExpressionAttributeValues':{':b':{'N':'1'}%s}",
                   condition, values);
    assert_keys(state, "Query", extra, want);
}

static void every_range_of_the_sort_key_works(void **state)
{
    for (int i = 8; i < 13; i++)
        put_cat(state, 1, i, 0);
    put_cat(state, 2, 9, 0);
    query_ranges(state, "", "", "00008 00009 00010 00011 00012");
    query_ranges(state, " AND img_fprint = :v", ",':v':{'S':'00009'}", "00009");
    query_ranges(state, " AND img_fprint < :v", ",':v':{'S':'00010'}", "00008 00009");
    query_ranges(state, " AND img_fprint <= :v", ",':v':{'S':'00010'}", "00008 00009 00010");
    query_ranges(state, " AND img_fprint > :v", ",':v':{'S':'00010'}", "00011 00012");
    query_ranges(state, " AND img_fprint >= :v", ",':v':{'S':'00010'}", "00010 00011 00012");
    query_ranges(state, " AND :v >= img_fprint", ",':v':{'S':'00009'}", "00008 00009");
    query_ranges(state, " AND img_fprint BETWEEN :v AND :w",
                 ",':v':{'S':'00009'},':w':{'S':'00011'}", "00009 00010 00011");
    query_ranges(state, " AND begins_with(img_fprint, :v)", ",':v':{'S':'0001'}",
                 "00010 00011 00012");
    query_ranges(state, " AND begins_with(img_fprint, :v)", ",':v':{'S':'1'}", "");
    assert_keys(state, "Query",
                "'KeyConditionExpression':'(batch_id = :b) AND (img_fprint > :v)',"
                "'ScanIndexForward':false,"
                "'ExpressionAttributeValues':{':b':{'N':'1.0'},':v':{'S':'00009'}}",
                "00012 00011 00010");
}

static void numeric_sort_keys_are_ordered_as_numbers(void **state)
{
    for (int i = 0; i < 24; i += 4)
        put_cat(state, 1, i, 0); /* upload_ts -10 -6 -2 2 6 10 */
    assert_keys(state, "Query",
                "'IndexName':'by_status','KeyConditionExpression':'op_status = :s AND upload_ts "
                ">= :t','ExpressionAttributeValues':{':s':{'S':'success'},':t':{'N':'-6.0'}}",
                "00004 00008 00012 00016 00020");
    assert_keys(state, "Query",
                "'IndexName':'by_status','KeyConditionExpression':'op_status = :s',"
                "'ScanIndexForward':false,'ExpressionAttributeValues':{':s':{'S':'success'}}",
                "00020 00016 00012 00008 00004 00000");
}

/* Follow LastEvaluatedKey to the end; returns the number of items seen, *pages of answers. */
static int walk(void **state, const char *operation, const char *fields, int *pages)
{
    char *start = NULL;
    int seen = 0;

    *pages = 0;
    do {
        size_t size = strlen(fields) + (start == NULL ? 0 : strlen(start)) + 100;
        char *input = malloc(size);
        cJSON *body;
        const cJSON *last;

        assert_non_null(input);
        (void)snprintf(input, size, "{'TableName':'cats',%s%s%s}", fields,
                       start == NULL ? "" : ",'ExclusiveStartKey':", start == NULL ? "" : start);
        body = driver_call(state, operation, input);
        free(input);
        cJSON_free(start);
        seen += (int)number_in(body, "Count");
        last = cJSON_GetObjectItem(body, "LastEvaluatedKey");
        start = last == NULL ? NULL : cJSON_PrintUnformatted(last);
        cJSON_Delete(body);
        (*pages)++;
    } while (start != NULL && *pages < 100);
    return seen;
}

static void a_page_ends_before_a_megabyte(void **state)
{
    int pages;
    cJSON *body;

    for (int i = 0; i < 25; i++)
        put_cat(state, 1, i, 100000);
    body = driver_call(state, "Query",
                       "{'TableName':'cats','KeyConditionExpression':'batch_id = :b',"
                       "'ExpressionAttributeValues':{':b':{'N':'1'}}}");
    assert_int_equal(number_in(body, "Count"), 10);
    cJSON_Delete(body);
    assert_int_equal(walk(state, "Query",
                          "'KeyConditionExpression':'batch_id = :b',"
                          "'ExpressionAttributeValues':{':b':{'N':'1'}}",
                          &pages),
                     25);
    assert_int_equal(pages, 3);
    assert_int_equal(walk(state, "Scan", "'Select':'COUNT'", &pages), 25);
    assert_int_equal(pages, 3);
    /* The megabyte counts what was read, not what the filter lets pass. */
    assert_int_equal(walk(state, "Query",
                          "'KeyConditionExpression':'batch_id = :b','FilterExpression':'op_status "
                          "= :s','ExpressionAttributeValues':{':b':{'N':'1'},':s':{'S':'fail'}}",
                          &pages),
                     12);
    assert_int_equal(pages, 3);
    /* An index that does not show the padding has small pages. */
    assert_int_equal(walk(state, "Query",
                          "'IndexName':'slim','KeyConditionExpression':'client_id = :c',"
                          "'ExpressionAttributeValues':{':c':{'S':'me'}}",
                          &pages),
                     25);
    assert_int_equal(pages, 1);
}

static void limit_counts_items_before_the_filter(void **state)
{
    cJSON *body;
    int pages;

    for (int i = 0; i < 9; i++)
        put_cat(state, 1, i, 0);
    body = driver_call(state, "Query",
                       "{'TableName':'cats','KeyConditionExpression':'batch_id = :b','Limit':4,"
                       "'FilterExpression':'op_status = :s',"
                       "'ExpressionAttributeValues':{':b':{'N':'1'},':s':{'S':'fail'}}}");
    assert_int_equal(number_in(body, "Count"), 2);
    assert_int_equal(number_in(body, "ScannedCount"), 4);
    cJSON_Delete(body);
    assert_int_equal(walk(state, "Query",
                          "'Limit':2,'ScanIndexForward':false,'KeyConditionExpression':"
                          "'batch_id = :b','ExpressionAttributeValues':{':b':{'N':'1'}}",
                          &pages),
                     9);
    assert_int_equal(pages, 5);
    assert_int_equal(walk(state, "Query",
                          "'Limit':1,'IndexName':'slim','KeyConditionExpression':'client_id = :c',"
                          "'ExpressionAttributeValues':{':c':{'S':'me'}}",
                          &pages),
                     9); /* all nine have the same index key */
    assert_int_equal(walk(state, "Scan", "'IndexName':'by_status','Limit':2", &pages), 9);
    assert_int_equal(walk(state, "Scan", "'Limit':1", &pages), 9);
}

static void a_page_goes_on_after_its_last_item_was_deleted(void **state)
{
    for (int i = 0; i < 6; i++)
        put_cat(state, 1, i, 0);
    driver_do(state, "DeleteItem",
              "{'TableName':'cats','Key':{'batch_id':{'N':'1'},'img_fprint':{'S':'00002'}}}");
    assert_keys(state, "Query",
                "'KeyConditionExpression':'batch_id = :b','ExpressionAttributeValues':"
                "{':b':{'N':'1'}},'ExclusiveStartKey':{'batch_id':{'N':'1'},"
                "'img_fprint':{'S':'00002'}}",
                "00003 00004 00005");
}

static void parallel_scans_see_each_item_once(void **state)
{
    char fields[100];
    int pages;
    int seen = 0;

    for (int i = 0; i < 40; i++)
        put_cat(state, i, i, 0);
    for (int segment = 0; segment < 3; segment++) {
        int found;

        (void)snprintf(fields, sizeof(fields), "'Segment':%d,'TotalSegments':3,'Limit':5", segment);
        found = walk(state, "Scan", fields, &pages);
        assert_in_range(found, 5, 25);
        seen += found;
    }
    assert_int_equal(seen, 40);
}

static void an_index_follows_every_write(void **state)
{
    static const char query[] = "'IndexName':'by_status','KeyConditionExpression':'op_status = :s',"
                                "'ExpressionAttributeValues':{':s':{'S':'success'}}";

    put_cat(state, 1, 1, 0);
    put_cat(state, 1, 2, 0);
    assert_keys(state, "Query", query, "00002");
    driver_do(state, "UpdateItem",
              "{'TableName':'cats','Key':{'batch_id':{'N':'1'},'img_fprint':{'S':'00001'}},"
              "'UpdateExpression':'SET op_status = :s',"
              "'ExpressionAttributeValues':{':s':{'S':'success'}}}");
    assert_keys(state, "Query", query, "00001 00002");
    driver_do(state, "UpdateItem",
              "{'TableName':'cats','Key':{'batch_id':{'N':'1'},'img_fprint':{'S':'00001'}},"
              "'UpdateExpression':'REMOVE upload_ts'}");
    assert_keys(state, "Query", query, "00002");
    driver_do(state, "DeleteItem",
              "{'TableName':'cats','Key':{'batch_id':{'N':'1'},'img_fprint':{'S':'00002'}}}");
    assert_keys(state, "Query", query, "");
    driver_refused(state, "UpdateItem",
                   "{'TableName':'cats','Key':{'batch_id':{'N':'1'},'img_fprint':{'S':'00001'}},"
                   "'UpdateExpression':'SET upload_ts = :s',"
                   "'ExpressionAttributeValues':{':s':{'S':'late'}}}",
                   "ValidationException",
                   "Type mismatch for Index Key upload_ts Expected: N Actual: S IndexName: "
                   "by_status");
}

static void an_index_shows_what_it_projects(void **state)
{
    put_cat(state, 1, 7, 10);
    driver_expect(state, "Query",
                  "{'TableName':'cats','IndexName':'slim','KeyConditionExpression':"
                  "'client_id = :c','ExpressionAttributeValues':{':c':{'S':'me'}}}",
                  "{'Items':[{'batch_id':{'N':'1'},'img_fprint':{'S':'00007'},'client_id':"
                  "{'S':'me'},'file_name':{'S':'f7'}}],'Count':1,'ScannedCount':1}");
    driver_refused(state, "Query",
                   "{'TableName':'cats','IndexName':'slim','KeyConditionExpression':"
                   "'client_id = :c','ProjectionExpression':'filler',"
                   "'ExpressionAttributeValues':{':c':{'S':'me'}}}",
                   "ValidationException", "does not project [filler]");
    driver_refused(state, "Query",
                   "{'TableName':'cats','IndexName':'slim','ConsistentRead':true,"
                   "'KeyConditionExpression':'client_id = :c',"
                   "'ExpressionAttributeValues':{':c':{'S':'me'}}}",
                   "ValidationException", "Consistent reads are not supported");
}

static void wrong_queries_are_refused(void **state)
{
    static const char *const cases[][2] = {
        { "'KeyConditionExpression':'img_fprint = :s'", "missed key schema element: batch_id" },
        { "'KeyConditionExpression':'batch_id > :n'", "Query key condition not supported" },
        { "'KeyConditionExpression':'batch_id = :s'", "does not match schema type" },
        { "'KeyConditionExpression':'batch_id = :n AND op_status = :s'",
          "missed key schema element: img_fprint" },
        { "'KeyConditionExpression':'batch_id = :n OR img_fprint = :s'",
          "operator used in KeyConditionExpression: OR" },
        { "'KeyConditionExpression':'batch_id = :n AND contains(img_fprint, :s)'", "contains" },
        { "'KeyConditionExpression':'batch_id = :n AND batch_id = :n'", "one condition per key" },
        { "'KeyConditionExpression':'batch_id = :n','FilterExpression':'img_fprint = :s'",
          "Primary key attribute: img_fprint" },
        { "'KeyConditionExpression':'batch_id = :n','IndexName':'nope'",
          "does not have the specified index: nope" },
        { "'KeyConditionExpression':'batch_id = :n','Limit':0", "greater than or equal to 1" },
        { "'KeyConditionExpression':'batch_id = :n','Select':'SPECIFIC_ATTRIBUTES'",
          "Must specify" },
        { "'KeyConditionExpression':'batch_id = :n','ExclusiveStartKey':{'batch_id':{'N':'1'}}",
          "The provided starting key is invalid" },
        { "'KeyConditionExpression':'batch_id = :n','ExclusiveStartKey':{'batch_id':{'N':'2'},"
          "'img_fprint':{'S':'a'}}",
          "outside query boundaries" },
        { "'FilterExpression':'a = :n'", "KeyConditionExpression parameter must be specified" },
        { "'KeyConditions':{}", "old parameter KeyConditions" },
    };
    char input[500];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool n = strstr(cases[i][0], ":n") != NULL;
        bool s = strstr(cases[i][0], ":s") != NULL;

        (void)snprintf(input, sizeof(input),
                       "{'TableName':'cats',%s,'ExpressionAttributeValues':{%s%s%s}}", cases[i][0],
                       n ? "':n':{'N':'1'}" : "", n && s ? "," : "", s ? "':s':{'S':'a'}" : "");
        driver_refused(state, "Query", input, "ValidationException", cases[i][1]);
    }
}

static void batches_get_and_write(void **state)
{
    driver_expect(state, "BatchWriteItem",
                  "{'RequestItems':{'cats':[{'PutRequest':{'Item':{'batch_id':{'N':'1'},"
                  "'img_fprint':{'S':'a'},'n':{'N':'1'}}}},{'PutRequest':{'Item':{'batch_id':"
                  "{'N':'1'},'img_fprint':{'S':'b'}}}}]}}",
                  "{'UnprocessedItems':{}}");
    driver_expect(state, "BatchGetItem",
                  "{'RequestItems':{'cats':{'Keys':[{'batch_id':{'N':'1'},'img_fprint':{'S':'a'}},"
                  "{'batch_id':{'N':'1'},'img_fprint':{'S':'none'}}],"
                  "'ProjectionExpression':'n'}}}",
                  "{'Responses':{'cats':[{'n':{'N':'1'}}]},'UnprocessedKeys':{}}");
    driver_refused(state, "BatchGetItem",
                   "{'RequestItems':{'cats':{'Keys':[{'batch_id':{'N':'1'},'img_fprint':"
                   "{'S':'a'}},{'batch_id':{'N':'1.0'},'img_fprint':{'S':'a'}}]}}}",
                   "ValidationException", "contains duplicates");
    /* One bad request of a batch: nothing of it happens. */
    driver_refused(state, "BatchWriteItem",
                   "{'RequestItems':{'cats':[{'DeleteRequest':{'Key':{'batch_id':{'N':'1'},"
                   "'img_fprint':{'S':'a'}}}},{'PutRequest':{'Item':{'img_fprint':{'S':'c'}}}}]}}",
                   "ValidationException", "Missing the key batch_id");
    assert_keys(state, "Scan", "'Limit':9", "a b");
}

/* Keys 0 to count - 1 as BatchGetItem wants them. */
static char *batch_of(int count)
{
    size_t size = (size_t)count * 70 + 100;
    char *input = malloc(size);
    size_t len;

    assert_non_null(input);
    len = (size_t)snprintf(input, size, "{'RequestItems':{'cats':{'Keys':[");
    for (int i = 0; i < count; i++)
        len += (size_t)snprintf(input + len, size - len,
                                "%s{'batch_id':{'N':'1'},'img_fprint':{'S':'%05d'}}",
                                i == 0 ? "" : ",", i);
    (void)snprintf(input + len, size - len, "]}}}");
    return input;
}

static void a_big_batch_leaves_keys_unprocessed(void **state)
{
    char *input = batch_of(50);
    cJSON *body;
    const cJSON *left;

    for (int i = 0; i < 50; i++)
        put_cat(state, 1, i, 390000);
    body = driver_call(state, "BatchGetItem", input);
    left = cJSON_GetObjectItem(cJSON_GetObjectItem(body, "UnprocessedKeys"), "cats");
    assert_int_equal(
        cJSON_GetArraySize(cJSON_GetObjectItem(cJSON_GetObjectItem(body, "Responses"), "cats")),
        43);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(left, "Keys")), 7);
    cJSON_Delete(body);
    free(input);
    input = batch_of(101);
    driver_refused(state, "BatchGetItem", input, "ValidationException", "Too many items");
    free(input);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, driver_open, driver_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_range_of_the_sort_key_works),
        TEST(numeric_sort_keys_are_ordered_as_numbers),
        TEST(a_page_ends_before_a_megabyte),
        TEST(limit_counts_items_before_the_filter),
        TEST(a_page_goes_on_after_its_last_item_was_deleted),
        TEST(parallel_scans_see_each_item_once),
        TEST(an_index_follows_every_write),
        TEST(an_index_shows_what_it_projects),
        TEST(wrong_queries_are_refused),
        TEST(batches_get_and_write),
        TEST(a_big_batch_leaves_keys_unprocessed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
