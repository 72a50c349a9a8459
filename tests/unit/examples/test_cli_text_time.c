/*
 * test_cli_text_time.c - points in time as people write them.
 */
#include "cmocka_all.h"
#include "text_time.h"

#define NOW 1744377772 /* 2025-04-11 13:22:52 */

static void check(const char *text, int is_end, int64_t expected)
{
    int64_t got = 0;

    if (!text_time(text, NOW, is_end, &got))
        fail_msg("\"%s\" is refused", text);
    if (got != expected)
        fail_msg("\"%s\" is %lld", text, (long long)got);
}

static void days_and_times_are_utc(void **state)
{
    (void)state;
    check("1970-01-02", 0, 86400);
    check("2025-04-11", 0, 1744329600);
    check("2025-04-11", 1, 1744416000);
    check("2025-04-11T13:22Z", 0, 1744377720);
    check("2025-04-11T13:22:52Z", 1, NOW);
    check("2024-02-29", 0, 1709164800);
    check("2000-03-01T00:00Z", 0, 951868800);
    check("1744377772", 0, NOW);
}

static void spans_are_before_now(void **state)
{
    (void)state;
    check("90s", 0, NOW - 90);
    check("30m", 0, NOW - 1800);
    check("12h", 0, NOW - 43200);
    check("7d", 1, NOW - 604800);
    check("0d", 0, NOW);
}

static void all_else_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "d",
        "x",
        "7w",
        "-1d",
        "2025-02-29",
        "2025-13-01",
        "2025-00-01",
        "2025-4-11",
        "25-04-11",
        "2025-04-11 13:22",
        "2025-04-11T",
        "2025-04-11T13:22",
        "2025-04-11T24:00Z",
        "2025-04-11T13:60Z",
        "2025-04-11T13:22:60Z",
        "2025-04-11T13:22Zx",
        "99999999d",
        "1900-01-01",
        "2025-04-31",
    };
    int64_t got;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (text_time(texts[i], NOW, 0, &got))
            fail_msg("\"%s\" is taken", texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_times_are_utc),
        cmocka_unit_test(spans_are_before_now),
        cmocka_unit_test(all_else_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
