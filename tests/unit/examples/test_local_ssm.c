/*
 * test_local_ssm.c - the Parameter Store of icecat-local, without a server.
 */
#include "cmocka_all.h"
#include "local_call.h"
#include "ssm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW_S 1764032400

static char *call(void **state, const char *operation, const char *input)
{
    cJSON *json = local_json(input);
    json_answer answer = ssm_call(*state, "eu-west-1", NOW_S, operation, json);

    cJSON_Delete(json);
    return local_text(&answer);
}

static void expect(void **state, const char *operation, const char *input, const char *wanted)
{
    char *text = call(state, operation, input);

    assert_string_equal(text, wanted);
    free(text);
}

static void expect_part(void **state, const char *operation, const char *input, const char *wanted)
{
    char *text = call(state, operation, input);

    if (strstr(text, wanted) == NULL)
        fail_msg("%s is not in %s", wanted, text);
    free(text);
}

static int open_database(void **state)
{
    *state = local_database();
    return 0;
}

static int close_database(void **state)
{
    return sqlite3_close(*state);
}

static void a_parameter_is_read_as_written(void **state)
{
    expect(state, "PutParameter", "{'Name':'/a/b','Value':'x y','Type':'String'}",
           "{'Version':1,'Tier':'Standard'}");
    expect(state, "GetParameter", "{'Name':'/a/b','WithDecryption':true}",
           "{'Parameter':{'Name':'/a/b','Type':'String','Value':'x y','Version':1,"
           "'LastModifiedDate':1764032400,"
           "'ARN':'arn:aws:ssm:eu-west-1:000000000000:parameter/a/b','DataType':'text'}}");
}

static void overwriting_is_asked_for(void **state)
{
    expect(state, "PutParameter", "{'Name':'p','Value':'1','Type':'SecureString'}",
           "{'Version':1,'Tier':'Standard'}");
    expect(state, "PutParameter", "{'Name':'p','Value':'2','Type':'String'}",
           "ParameterAlreadyExists");
    expect_part(state, "GetParameter", "{'Name':'p'}", "'Value':'1'");
    /* Without a type it keeps the one that it has. */
    expect(state, "PutParameter", "{'Name':'p','Value':'3','Overwrite':true}",
           "{'Version':2,'Tier':'Standard'}");
    expect_part(state, "GetParameter", "{'Name':'p'}",
                "'Type':'SecureString','Value':'3','Version':2");
}

static void a_new_parameter_needs_a_type(void **state)
{
    expect(state, "PutParameter", "{'Name':'p','Value':'1'}", "ValidationException");
    expect(state, "PutParameter", "{'Name':'p','Value':'1','Type':'Number'}",
           "UnsupportedParameterType");
    expect(state, "GetParameter", "{'Name':'p'}", "ParameterNotFound");
}

static void missing_names_are_listed(void **state)
{
    assert_int_equal(ssm_set(*state, "/x/one", "1", NOW_S), SQLITE_OK);
    expect_part(state, "GetParameters", "{'Names':['/x/two','/x/one']}", "'Value':'1','Version':1");
    expect_part(state, "GetParameters", "{'Names':['/x/two','/x/one']}",
                "'InvalidParameters':['/x/two']");
    expect(state, "GetParameters", "{'Names':[]}", "ValidationException");
    expect(state, "GetParameters", "{'Names':['1','2','3','4','5','6','7','8','9','10','11']}",
           "ValidationException");
    expect(state, "GetParameters", "{'Names':['a b']}", "ValidationException");
}

static void deleting_tells_what_was_there(void **state)
{
    assert_int_equal(ssm_set(*state, "one", "1", NOW_S), SQLITE_OK);
    assert_int_equal(ssm_set(*state, "two", "2", NOW_S), SQLITE_OK);
    expect(state, "DeleteParameter", "{'Name':'one'}", "{}");
    expect(state, "DeleteParameter", "{'Name':'one'}", "ParameterNotFound");
    expect(state, "DeleteParameters", "{'Names':['one','two']}",
           "{'DeletedParameters':['two'],'InvalidParameters':['one']}");
}

static void a_path_has_pages_and_levels(void **state)
{
    char name[32];
    char *text;

    for (int i = 0; i < 12; i++) {
        snprintf(name, sizeof(name), "/p/%02d", i);
        assert_int_equal(ssm_set(*state, name, "v", NOW_S), SQLITE_OK);
    }
    assert_int_equal(ssm_set(*state, "/p/q/deep", "v", NOW_S), SQLITE_OK);
    assert_int_equal(ssm_set(*state, "/pq", "v", NOW_S), SQLITE_OK);
    expect_part(state, "GetParametersByPath", "{'Path':'/p'}", "'NextToken':'/p/09'");
    text = call(state, "GetParametersByPath", "{'Path':'/p/','NextToken':'/p/09'}");
    assert_non_null(strstr(text, "/p/10"));
    assert_non_null(strstr(text, "/p/11"));
    assert_null(strstr(text, "deep"));
    assert_null(strstr(text, "/pq"));
    assert_null(strstr(text, "NextToken"));
    free(text);
    expect_part(state, "GetParametersByPath", "{'Path':'/p','Recursive':true,'NextToken':'/p/11'}",
                "'Name':'/p/q/deep'");
    expect(state, "GetParametersByPath", "{'Path':'p'}", "ValidationException");
    expect(state, "GetParametersByPath", "{'Path':'/p','MaxResults':11}", "ValidationException");
}

static void odd_requests_are_refused(void **state)
{
    expect(state, "DescribeParameters", "{}", "UnknownOperationException");
    expect(state, "GetParameter", "[]", "SerializationException");
    expect(state, "GetParameter", "{'Name':5}", "ValidationException");
    expect(state, "PutParameter", "{'Name':'p','Value':'','Type':'String'}", "ValidationException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_parameter_is_read_as_written, open_database,
                                        close_database),
        cmocka_unit_test_setup_teardown(overwriting_is_asked_for, open_database, close_database),
        cmocka_unit_test_setup_teardown(a_new_parameter_needs_a_type, open_database,
                                        close_database),
        cmocka_unit_test_setup_teardown(missing_names_are_listed, open_database, close_database),
        cmocka_unit_test_setup_teardown(deleting_tells_what_was_there, open_database,
                                        close_database),
        cmocka_unit_test_setup_teardown(a_path_has_pages_and_levels, open_database, close_database),
        cmocka_unit_test_setup_teardown(odd_requests_are_refused, open_database, close_database),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
