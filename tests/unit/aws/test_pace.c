/*
 * test_pace.c - how many transfers may be under way.
 */
#include "aws/pace.h"
#include "cmocka_all.h"

static void all_are_allowed_at_first(void **state)
{
    ic_pace pace;

    (void)state;
    ic_pace_init(&pace, 8);
    assert_int_equal(pace.now, 8);
    ic_pace_good(&pace);
    assert_int_equal(pace.now, 8);
}

static void attempts_of_one_time_slow_down_once(void **state)
{
    uint64_t numbers[8];
    ic_pace pace;

    (void)state;
    ic_pace_init(&pace, 8);
    for (int i = 0; i < 8; i++)
        numbers[i] = ic_pace_begin(&pace);
    for (int i = 0; i < 8; i++)
        ic_pace_slow(&pace, numbers[i]);
    assert_int_equal(pace.now, 4);
    ic_pace_slow(&pace, ic_pace_begin(&pace));
    assert_int_equal(pace.now, 2);
}

static void one_is_always_allowed(void **state)
{
    ic_pace pace;

    (void)state;
    ic_pace_init(&pace, 5);
    for (int i = 0; i < 10; i++)
        ic_pace_slow(&pace, ic_pace_begin(&pace));
    assert_int_equal(pace.now, 1);
}

static void good_answers_allow_more_again_step_by_step(void **state)
{
    ic_pace pace;
    int answers = 0;

    (void)state;
    ic_pace_init(&pace, 8);
    ic_pace_slow(&pace, ic_pace_begin(&pace));
    assert_int_equal(pace.now, 4);
    for (; pace.now < 8; answers++)
        ic_pace_good(&pace);
    assert_int_equal(answers, 4 + 5 + 6 + 7);
    ic_pace_good(&pace);
    assert_int_equal(pace.now, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_allowed_at_first),
        cmocka_unit_test(attempts_of_one_time_slow_down_once),
        cmocka_unit_test(one_is_always_allowed),
        cmocka_unit_test(good_answers_allow_more_again_step_by_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
