/*
 * test_dynamodb_number.c - DynamoDB's exact decimals.
 */
#include "cmocka_all.h"
#include "dynamodb_number.h"

#include <stdio.h>
#include <string.h>

#define NINES_38 "99999999999999999999999999999999999999"

static dynamodb_number number(const char *text)
{
    dynamodb_number out;

    if (dynamodb_number_parse(text, &out) != DYNAMODB_NUMBER_OK)
        fail_msg("%s was refused", text);
    return out;
}

static void assert_normal(const char *text, const char *want)
{
    dynamodb_number value = number(text);
    char got[DYNAMODB_NUMBER_TEXT_SIZE];

    dynamodb_number_print(&value, got);
    assert_string_equal(got, want);
}

static void every_number_has_one_spelling(void **state)
{
    (void)state;
    assert_normal("007", "7");
    assert_normal("1e3", "1000");
    assert_normal("1E+3", "1000");
    assert_normal("-0", "0");
    assert_normal("0e99", "0");
    assert_normal("0.000", "0");
    assert_normal("+1.50", "1.5");
    assert_normal(".5", "0.5");
    assert_normal("-12.50e-3", "-0.0125");
    assert_normal("1744377772000001", "1744377772000001");
    assert_normal("100000000000000000000000000000000000000000",
                  "100000000000000000000000000000000000000000");
    assert_normal("0.10000000000000000000000000000000000000000000000", "0.1");
    assert_normal(NINES_38, NINES_38);
    assert_normal("9007199254740993", "9007199254740993"); /* 2^53 + 1: not a double */
}

static void the_limits_of_the_range_are_kept(void **state)
{
    dynamodb_number out;
    char text[DYNAMODB_NUMBER_TEXT_SIZE];

    (void)state;
    assert_int_equal(dynamodb_number_parse("9.9999999999999999999999999999999999999E125", &out),
                     DYNAMODB_NUMBER_OK);
    dynamodb_number_print(&out, text);
    assert_int_equal(strlen(text), 126);
    assert_int_equal(dynamodb_number_parse("-1E-130", &out), DYNAMODB_NUMBER_OK);
    dynamodb_number_print(&out, text);
    assert_int_equal(strlen(text), 3 + 130);
    assert_int_equal(dynamodb_number_parse("1E126", &out), DYNAMODB_NUMBER_TOO_LARGE);
    assert_int_equal(dynamodb_number_parse("1e999999999999", &out), DYNAMODB_NUMBER_TOO_LARGE);
    assert_int_equal(dynamodb_number_parse("1E-131", &out), DYNAMODB_NUMBER_TOO_SMALL);
    assert_int_equal(dynamodb_number_parse(NINES_38 "9", &out), DYNAMODB_NUMBER_TOO_PRECISE);
    assert_int_equal(dynamodb_number_parse("1.00000000000000000000000000000000000001", &out),
                     DYNAMODB_NUMBER_TOO_PRECISE);
}

static void what_is_no_number_is_refused(void **state)
{
    static const char *const bad[] = {
        "",   "-",   ".",   "e5",  "1e",    "1e+", "0x10", " 1",
        "1 ", "1,5", "NaN", "Inf", "1.2.3", "--1", "1e5x", "\xC2\xB2"
    };
    dynamodb_number out;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (dynamodb_number_parse(bad[i], &out) != DYNAMODB_NUMBER_NOT_ONE)
            fail_msg("\"%s\" was taken", bad[i]);
    }
}

/* In rising order; each is compared with each. */
static const char *const rising[] = { "-9.9e125",
                                      "-1e100",
                                      "-100",
                                      "-99.5",
                                      "-11",
                                      "-10.5",
                                      "-10",
                                      "-2",
                                      "-1.5",
                                      "-1",
                                      "-0.5",
                                      "-0.05",
                                      "-1e-130",
                                      "0",
                                      "1e-130",
                                      "0.0499",
                                      "0.05",
                                      "0.5",
                                      "0.55",
                                      "1",
                                      "1.5",
                                      "2",
                                      "10",
                                      "10.5",
                                      "11",
                                      "99.5",
                                      "100",
                                      "9007199254740992",
                                      "9007199254740993",
                                      NINES_38,
                                      "1e100",
                                      "9.9e125" };

static void order_of_keys_is_numeric_order(void **state)
{
    size_t count = sizeof(rising) / sizeof(rising[0]);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            dynamodb_number a = number(rising[i]);
            dynamodb_number b = number(rising[j]);
            int order = dynamodb_number_compare(&a, &b);

            if ((order > 0) - (order < 0) != (i > j) - (i < j))
                fail_msg("%s against %s gave %d", rising[i], rising[j], order);
        }
    }
}

static void assert_sum(const char *a, const char *b, const char *sum, const char *difference)
{
    dynamodb_number x = number(a);
    dynamodb_number y = number(b);
    dynamodb_number out;
    char got[DYNAMODB_NUMBER_TEXT_SIZE];

    assert_int_equal(dynamodb_number_add(&x, &y, &out), DYNAMODB_NUMBER_OK);
    dynamodb_number_print(&out, got);
    assert_string_equal(got, sum);
    assert_int_equal(dynamodb_number_subtract(&x, &y, &out), DYNAMODB_NUMBER_OK);
    dynamodb_number_print(&out, got);
    assert_string_equal(got, difference);
}

static void sums_are_exact(void **state)
{
    (void)state;
    assert_sum("0.1", "0.2", "0.3", "-0.1");
    assert_sum("1000", "999", "1999", "1");
    assert_sum("-5", "5", "0", "-10");
    assert_sum("-0.001", "-999.999", "-1000", "999.998");
    assert_sum("0", "0", "0", "0");
    assert_sum("9007199254740992", "1", "9007199254740993", "9007199254740991");
    assert_sum("99999999999999999999999999999999999998", "1", NINES_38,
               "99999999999999999999999999999999999997");
    assert_sum("1e-130", "1e-130",
               "0.0000000000000000000000000000000000000000000000000000000000000"
               "000000000000000000000000000000000000000000000000000000000000000000002",
               "0");
}

static void sums_that_do_not_fit_are_refused(void **state)
{
    dynamodb_number a = number("9.9e125");
    dynamodb_number b = number("1e100");
    dynamodb_number c = number("1e-30");
    dynamodb_number out;

    (void)state;
    assert_int_equal(dynamodb_number_add(&a, &a, &out), DYNAMODB_NUMBER_TOO_LARGE);
    assert_int_equal(dynamodb_number_add(&b, &c, &out), DYNAMODB_NUMBER_TOO_PRECISE);
    assert_int_equal(dynamodb_number_subtract(&b, &c, &out), DYNAMODB_NUMBER_TOO_PRECISE);
}

static void size_is_a_byte_per_two_digits_and_one(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } cases[] = { { "0", 1 },  { "1", 2 },   { "99", 2 },      { "100", 2 },       { "123", 3 },
                  { "-1", 3 }, { "0.5", 2 }, { NINES_38, 20 }, { "1744377772", 6 } };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dynamodb_number value = number(cases[i].text);

        if (dynamodb_number_size(&value) != cases[i].size)
            fail_msg("%s counts %zu bytes", cases[i].text, dynamodb_number_size(&value));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_has_one_spelling),
        cmocka_unit_test(the_limits_of_the_range_are_kept),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(order_of_keys_is_numeric_order),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(sums_that_do_not_fit_are_refused),
        cmocka_unit_test(size_is_a_byte_per_two_digits_and_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
