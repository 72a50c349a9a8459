/*
 * test_results_search.c - which table or index a search asks, and for what.
 */
#include "cmocka_all.h"
#include "pipeline/results.h"

#include <stdio.h>
#include <string.h>

#define OPTIONS(...)                                                                               \
    {                                                                                              \
        .struct_size = sizeof(icecat_search_options), __VA_ARGS__                                  \
    }

typedef struct expected {
    const char *index; /* NULL: the table */
    const char *key;
    const char *filter;
    const char *values; /* "name=value ..." in the order of setting */
} expected;

static void check_plan(icecat_search_options options, expected wanted)
{
    ic_search_plan plan;
    icecat_error err;
    char values[512] = "";

    if (ic_search_plan_make(&ic_mem_default, &options, &plan, &err) != ICECAT_OK)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < icecat_item_count(plan.values); i++) {
        const char *name = icecat_item_name(plan.values, i);
        size_t len = strlen(values);

        snprintf(values + len, sizeof(values) - len, "%s%s=%s", i != 0 ? " " : "", name,
                 icecat_item_get(plan.values, name));
    }
    if (wanted.index == NULL)
        assert_null(plan.index);
    else
        assert_string_equal(plan.index, wanted.index);
    assert_string_equal(plan.key, wanted.key);
    assert_string_equal(plan.filter, wanted.filter);
    assert_string_equal(values, wanted.values);
    icecat_item_free(plan.values);
}

#define CHECK(options, ...) check_plan((icecat_search_options)options, (expected){ __VA_ARGS__ })

static void a_batch_is_a_partition_of_the_table(void **state)
{
    (void)state;
    CHECK(OPTIONS(.batch_id = 1744377772), NULL, "batch_id = :batch", "", ":batch=1744377772");
    CHECK(OPTIONS(.batch_id = 1744377772, .since = 10, .until = 20), NULL, "batch_id = :batch",
          "upload_ts BETWEEN :since AND :last", ":batch=1744377772 :since=10 :last=19");
    CHECK(OPTIONS(.batch_id = 1744377772, .client_id = "me"), NULL, "batch_id = :batch",
          "client_id = :client", ":batch=1744377772 :client=me");
}

static void a_state_of_a_batch_has_an_index(void **state)
{
    (void)state;
    CHECK(OPTIONS(.batch_id = 1744377772, .state = ICECAT_RESULT_FAIL), "GSI4",
          "batch_id = :batch AND op_status = :state", "", ":batch=1744377772 :state=fail");
    CHECK(OPTIONS(.batch_id = 1744377772, .verdict = ICECAT_VERDICT_CAT, .until = 20), "GSI4",
          "batch_id = :batch AND op_status = :state", "rek_iscat = :iscat AND upload_ts <= :last",
          ":batch=1744377772 :state=success :iscat=True :last=19");
}

static void a_client_has_an_index_by_time(void **state)
{
    (void)state;
    CHECK(OPTIONS(.client_id = "me"), "GSI2", "client_id = :client", "", ":client=me");
    CHECK(OPTIONS(.client_id = "me", .since = 10), "GSI2",
          "client_id = :client AND upload_ts >= :since", "", ":client=me :since=10");
    CHECK(OPTIONS(.client_id = "me", .since = 10, .until = 20, .state = ICECAT_RESULT_PENDING),
          "GSI2", "client_id = :client AND upload_ts BETWEEN :since AND :last",
          "op_status = :state", ":client=me :since=10 :last=19 :state=pending");
    CHECK(OPTIONS(.client_id = "me", .verdict = ICECAT_VERDICT_NOT_CAT), "GSI2",
          "client_id = :client", "rek_iscat = :iscat AND op_status = :state",
          ":client=me :iscat=False :state=success");
}

static void a_verdict_has_an_index_by_time(void **state)
{
    (void)state;
    CHECK(OPTIONS(.verdict = ICECAT_VERDICT_CAT, .until = 20), "GSI5",
          "rek_iscat = :iscat AND upload_ts <= :last", "op_status = :state",
          ":iscat=True :last=19 :state=success");
}

static void refuse(icecat_search_options options, const char *words)
{
    ic_search_plan plan;
    icecat_error err;

    assert_int_equal(ic_search_plan_make(&ic_mem_default, &options, &plan, &err),
                     ICECAT_E_ARGUMENT);
    if (strstr(err.message, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.message, words);
    icecat_item_free(plan.values);
}

#define REFUSE(options, words) refuse((icecat_search_options)options, words)

static void what_would_read_the_whole_table_is_refused(void **state)
{
    (void)state;
    REFUSE(OPTIONS(.since = 10), "the whole table");
    REFUSE(OPTIONS(.state = ICECAT_RESULT_FAIL), "the whole table");
}

static void values_that_are_none_are_refused(void **state)
{
    (void)state;
    REFUSE(OPTIONS(.client_id = "a/b"), "a/b");
    REFUSE(OPTIONS(.client_id = ""), "client id");
    REFUSE(OPTIONS(.batch_id = 1744377772, .state = 4), "state is 4");
    REFUSE(OPTIONS(.verdict = 3), "verdict is 3");
    REFUSE(OPTIONS(.verdict = 1, .state = ICECAT_RESULT_PENDING), "only judged");
    REFUSE(OPTIONS(.client_id = "me", .since = -1), "since");
    REFUSE(OPTIONS(.client_id = "me", .since = 20, .until = 20), "later");
}

static void init_zeroes_and_notes_the_size(void **state)
{
    icecat_search_options options;

    (void)state;
    memset(&options, 1, sizeof(options));
    icecat_search_options_init(&options, sizeof(options));
    assert_int_equal(options.struct_size, sizeof(options));
    assert_null(options.client_id);
    assert_int_equal(options.reserved, 0);
    assert_int_equal(icecat_pipeline_search(NULL, &options, NULL, NULL), ICECAT_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_a_partition_of_the_table),
        cmocka_unit_test(a_state_of_a_batch_has_an_index),
        cmocka_unit_test(a_client_has_an_index_by_time),
        cmocka_unit_test(a_verdict_has_an_index_by_time),
        cmocka_unit_test(what_would_read_the_whole_table_is_refused),
        cmocka_unit_test(values_that_are_none_are_refused),
        cmocka_unit_test(init_zeroes_and_notes_the_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
