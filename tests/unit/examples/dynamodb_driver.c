/*
 * dynamodb_driver.c - requests as text, answers as text.
 */
#include "dynamodb_driver.h"

#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

static const char cats[] =
    "{'TableName':'cats','BillingMode':'PAY_PER_REQUEST','AttributeDefinitions':["
    "{'AttributeName':'batch_id','AttributeType':'N'},"
    "{'AttributeName':'img_fprint','AttributeType':'S'},"
    "{'AttributeName':'op_status','AttributeType':'S'},"
    "{'AttributeName':'client_id','AttributeType':'S'},"
    "{'AttributeName':'upload_ts','AttributeType':'N'}],"
    "'KeySchema':[{'AttributeName':'batch_id','KeyType':'HASH'},"
    "{'AttributeName':'img_fprint','KeyType':'RANGE'}],"
    "'GlobalSecondaryIndexes':[{'IndexName':'by_status','KeySchema':["
    "{'AttributeName':'op_status','KeyType':'HASH'},"
    "{'AttributeName':'upload_ts','KeyType':'RANGE'}],"
    "'Projection':{'ProjectionType':'ALL'}},"
    "{'IndexName':'slim','KeySchema':[{'AttributeName':'client_id','KeyType':'HASH'}],"
    "'Projection':{'ProjectionType':'INCLUDE','NonKeyAttributes':['file_name']}}]}";

/* JSON is easier to read in C with ' than with \". */
static char *with_quotes(const char *text)
{
    char *copy = strdup(text);

    assert_non_null(copy);
    for (char *c = copy; *c != '\0'; c++) {
        if (*c == '\'')
            *c = '"';
    }
    return copy;
}

static json_answer run(void **state, const char *operation, const char *input)
{
    char *text = with_quotes(input);
    cJSON *json = cJSON_Parse(text);
    json_answer answer;

    if (json == NULL)
        fail_msg("the test's own input is not JSON: %s", text);
    answer = dynamodb_call(*state, DRIVER_REGION, operation, json);
    assert_non_null(answer.body);
    cJSON_Delete(json);
    free(text);
    return answer;
}

cJSON *driver_call(void **state, const char *operation, const char *input)
{
    json_answer answer = run(state, operation, input);

    if (answer.error_type != NULL)
        fail_msg("%s %s: %s: %s", operation, input, answer.error_type,
                 cJSON_GetObjectItem(answer.body, "message")->valuestring);
    assert_int_equal(answer.http_status, 200);
    return answer.body;
}

void driver_do(void **state, const char *operation, const char *input)
{
    cJSON_Delete(driver_call(state, operation, input));
}

void driver_expect(void **state, const char *operation, const char *input, const char *want)
{
    cJSON *body = driver_call(state, operation, input);
    char *got = cJSON_PrintUnformatted(body);
    char *wanted = with_quotes(want);

    assert_string_equal(got, wanted);
    free(wanted);
    cJSON_free(got);
    cJSON_Delete(body);
}

void driver_refused(void **state, const char *operation, const char *input, const char *type,
                    const char *part)
{
    json_answer answer = run(state, operation, input);
    const char *message;

    if (answer.error_type == NULL)
        fail_msg("%s %s was not refused", operation, input);
    message = cJSON_GetObjectItem(answer.body, "message")->valuestring;
    if (strcmp(answer.error_type, type) != 0 || strstr(message, part) == NULL)
        fail_msg("%s %s: got %s: %s", operation, input, answer.error_type, message);
    assert_int_equal(answer.http_status, 400);
    cJSON_Delete(answer.body);
}

int driver_open(void **state)
{
    sqlite3 *db = NULL;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK || dynamodb_schema(db) != SQLITE_OK)
        return -1;
    *state = db;
    driver_do(state, "CreateTable", cats);
    return 0;
}

int driver_close(void **state)
{
    return sqlite3_close(*state) == SQLITE_OK ? 0 : -1; /* BUSY: a statement was left open */
}
