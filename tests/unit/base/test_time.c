/*
 * test_time.c - the date forms of AWS.
 */
#include "base/time.h"
#include "cmocka_all.h"

#include <stdint.h>
#include <string.h>

static void dates_agree_with_the_calendar(void **state)
{
    static const struct {
        int64_t unix_s;
        const char *amz;
        const char *hour;
    } samples[] = {
        { 0, "19700101T000000Z", "1970-01-01-00" },
        { 1440938160, "20150830T123600Z", "2015-08-30-12" },
        { 951782399, "20000228T235959Z", "2000-02-28-23" },
        { 951782400, "20000229T000000Z", "2000-02-29-00" },
        { 4107542400, "21000301T000000Z", "2100-03-01-00" },
        { 1744377772, "20250411T132252Z", "2025-04-11-13" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        char amz[IC_TIME_AMZ_SIZE];
        char hour[IC_TIME_HOUR_SIZE];
        int64_t back = -1;

        ic_time_amz(samples[i].unix_s, amz);
        ic_time_hour(samples[i].unix_s, hour);
        assert_string_equal(amz, samples[i].amz);
        assert_string_equal(hour, samples[i].hour);
        assert_true(ic_time_iso_parse(amz, &back));
        assert_true(back == samples[i].unix_s);
    }
}

static void every_day_of_four_centuries_round_trips(void **state)
{
    (void)state;
    for (int64_t day = -146097; day <= 146097; day++)
        assert_true(ic_time_join(ic_time_split(day * 86400 + 86399)) == day * 86400 + 86399);
}

static void dates_of_answers_are_read_or_refused(void **state)
{
    static const char *const bad[] = { "", "Tue, 15 Nov 1994 08:12:31",
                                       "Tue, 15 Foo 1994 08:12:31 GMT",
                                       "Tue, 15 Nov 1994 28:12:31 GMT",
                                       "Tuesday, 15-Nov-94 08:12:31 GMT" };
    int64_t unix_s = 0;

    (void)state;
    assert_true(ic_time_http_parse("Tue, 15 Nov 1994 08:12:31 GMT", &unix_s));
    assert_true(unix_s == 784887151);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(ic_time_http_parse(bad[i], &unix_s));
    assert_true(ic_time_iso_parse("2026-11-24T08:00:00.123Z", &unix_s));
    assert_true(ic_time_iso_parse("2026-11-24T08:00:00+00:00", &unix_s));
    assert_true(ic_time_iso_parse("2026-11-24T10:30:00+02:30", &unix_s));
    assert_int_equal(unix_s, 1795507200);
    assert_true(ic_time_iso_parse("20261124T030000-0500", &unix_s));
    assert_int_equal(unix_s, 1795507200);
    assert_false(ic_time_iso_parse("2026-11-24T08:00:00+2", &unix_s));
    assert_false(ic_time_iso_parse("2026-11-24T08:00:00+02:00Z", &unix_s));
    assert_false(ic_time_iso_parse("2026-11-24T08:00:00+-2:00", &unix_s));
    assert_false(ic_time_iso_parse("2026-11-24T08:00:00+02:60", &unix_s));
    assert_false(ic_time_iso_parse("2026-11-24", &unix_s));
    assert_false(ic_time_iso_parse("2026-13-24T08:00:00Z", &unix_s));
    assert_false(ic_time_iso_parse("2026-11-24T08:00:00", &unix_s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_agree_with_the_calendar),
        cmocka_unit_test(every_day_of_four_centuries_round_trips),
        cmocka_unit_test(dates_of_answers_are_read_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
