/*
 * local_call.c - requests and answers as text.
 */
#include "local_call.h"

#include "cmocka_all.h"
#include "s3.h"
#include "ssm.h"

#include <stdlib.h>
#include <string.h>

static void swap(char *text, char from, char to)
{
    for (; *text != '\0'; text++) {
        if (*text == from)
            *text = to;
    }
}

cJSON *local_json(const char *text)
{
    char *copy = strdup(text);
    cJSON *json;

    assert_non_null(copy);
    swap(copy, '\'', '"');
    json = cJSON_Parse(copy);
    if (json == NULL)
        fail_msg("the test's own input is not JSON: %s", text);
    free(copy);
    return json;
}

char *local_text(json_answer *answer)
{
    char *text;

    assert_non_null(answer->body);
    if (answer->error_type != NULL) {
        assert_true(answer->http_status >= 400);
        text = strdup(answer->error_type);
    } else {
        assert_int_equal(answer->http_status, 200);
        text = cJSON_PrintUnformatted(answer->body);
        assert_non_null(text);
        swap(text, '"', '\'');
    }
    cJSON_Delete(answer->body);
    answer->body = NULL;
    assert_non_null(text);
    return text;
}

sqlite3 *local_database(void)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(ssm_schema(db), SQLITE_OK);
    assert_int_equal(s3_schema(db), SQLITE_OK);
    return db;
}
