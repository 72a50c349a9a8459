/*
 * test_local_settings.c - the command line of icecat-local.
 */
#include "cmocka_all.h"
#include "settings.h"
#include "settings_help.h"

#include <stdio.h>
#include <string.h>

#define MAX_ARGUMENTS 8

/* Read arguments up to a NULL. */
static int parse(const char *const *arguments, local_settings *out, char *why, size_t why_len)
{
    static char copies[MAX_ARGUMENTS][256]; /* what settings point into after the call */
    char *argv[MAX_ARGUMENTS + 1];
    int argc = 0;

    argv[argc++] = copies[0]; /* the program's name is not looked at */
    for (; arguments[argc - 1] != NULL; argc++) {
        assert_true(argc < MAX_ARGUMENTS);
        snprintf(copies[argc], sizeof(copies[argc]), "%s", arguments[argc - 1]);
        argv[argc] = copies[argc];
    }
    argv[argc] = NULL;
    return settings_read(argc, argv, out, why, why_len);
}

#define ACCEPT(out, ...)                                                                           \
    do {                                                                                           \
        const char *const arguments[] = { __VA_ARGS__, NULL };                                     \
        char why[300] = "";                                                                        \
        if (!parse(arguments, out, why, sizeof(why)))                                              \
            fail_msg("refused: %s", why);                                                          \
    } while (0)

#define REFUSE(part, ...)                                                                          \
    do {                                                                                           \
        const char *const arguments[] = { __VA_ARGS__, NULL };                                     \
        local_settings read;                                                                       \
        char why[300] = "";                                                                        \
        assert_false(parse(arguments, &read, why, sizeof(why)));                                   \
        if (strstr(why, part) == NULL)                                                             \
            fail_msg("\"%s\" is not in \"%s\"", part, why);                                        \
    } while (0)

static void nothing_gives_the_defaults(void **state)
{
    const char *const none[] = { NULL };
    local_settings out;
    char why[300] = "";

    (void)state;
    assert_true(parse(none, &out, why, sizeof(why)));
    assert_string_equal(out.host, "127.0.0.1");
    assert_int_equal(out.port, 0);
    assert_null(out.region); /* what is kept comes first, see names.h */
    assert_string_equal(out.data, "icecat-local-data");
    assert_true(out.workers >= 1);
    assert_null(out.bootstrap);
    assert_null(out.access_key);
    assert_false(out.init);
}

static void values_follow_or_are_joined(void **state)
{
    local_settings out;

    (void)state;
    ACCEPT(&out, "--port", "4566", "--data=/a=b", "--init", "-v");
    assert_int_equal(out.port, 4566);
    assert_string_equal(out.data, "/a=b");
    assert_true(out.init);
    assert_true(out.verbose);
    ACCEPT(&out, "--clock-offset", "-900", "--workers=3", "--latency-ms", "250");
    assert_int_equal(out.clock_offset_s, -900);
    assert_int_equal(out.workers, 3);
    assert_int_equal(out.latency_ms, 250);
    ACCEPT(&out, "--access-key=AK1", "--secret-key", "it's");
    assert_string_equal(out.access_key, "AK1");
    assert_string_equal(out.secret_key, "it's");
    ACCEPT(&out, "--fault=s3:throttle:2", "--fault", "any:reset:1");
    assert_int_equal(out.faults.count, 2);
    assert_string_equal(out.faults.items[0].service, "s3");
    assert_int_equal(out.faults.items[0].left, 2);
    assert_null(out.faults.items[1].service);
    ACCEPT(&out, "--help");
    assert_true(out.show_help);
}

/* Each row of the help is an option that is known, with or without an argument as the row has it. */
static void the_help_tells_the_options(void **state)
{
    const settings_help_row *row;

    (void)state;
    for (size_t i = 0; (row = settings_help_at(i)) != NULL; i++) {
        const char *name = row->name != NULL ? strstr(row->name, "--") : "--init";
        char option[64], why[1024] = "";
        char program[] = "icecat-local";
        char *argv[] = { program, option, NULL };
        local_settings out;

        assert_non_null(name);
        (void)snprintf(option, sizeof(option), "%.*s", (int)strcspn(name, " "), name);
        if (strchr(name, ' ') == NULL)
            assert_true(settings_read(2, argv, &out, why, sizeof(why)));
        else if (!settings_read(2, argv, &out, why, sizeof(why)))
            assert_non_null(strstr(why, "needs a value"));
        else
            fail_msg("%s takes no value", option);
    }
}

static void faults_are_counted(void **state)
{
    local_settings out;
    unsigned slow_ms = 7;

    (void)state;
    ACCEPT(&out, "--fault=s3:slow:1:250", "--fault=any:slow:1", "--fault=events:duplicate:1");
    assert_int_equal(faults_take(&out.faults, "s3", &slow_ms), FAULT_SLOW);
    assert_int_equal(slow_ms, 250);
    assert_int_equal(faults_take(&out.faults, "ssm", &slow_ms), FAULT_SLOW);
    assert_int_equal(slow_ms, FAULTS_SLOW_MS);
    assert_int_equal(faults_take(&out.faults, "ssm", &slow_ms), FAULT_NONE);
    assert_int_equal(slow_ms, 0);
    assert_int_equal(faults_deliver(&out.faults, 5000).copies, 2);
    assert_int_equal(faults_deliver(&out.faults, 5000).copies, 1);
}

static void a_burst_of_events_is_turned_round(void **state)
{
    local_settings out;
    int64_t due_ms[3];

    (void)state;
    ACCEPT(&out, "--fault=any:reset:9", "--fault=events:reorder:4");
    for (int i = 0; i < 3; i++)
        due_ms[i] = faults_deliver(&out.faults, 5000 + i).due_ms;
    assert_int_equal(due_ms[0], 5000 + FAULTS_REORDER_MS);
    assert_int_equal(due_ms[1], due_ms[0] - 1);
    assert_int_equal(due_ms[2], due_ms[0] - 2);
    /* The first three are on their way: the next one begins another burst. */
    assert_int_equal(faults_deliver(&out.faults, 7000).due_ms, 7000 + FAULTS_REORDER_MS);
    assert_int_equal(faults_deliver(&out.faults, 7000).due_ms, 0);
}

static void only_this_machine_may_connect(void **state)
{
    local_settings out;

    (void)state;
    ACCEPT(&out, "--host", "localhost");
    assert_string_equal(out.host, "127.0.0.1");
    ACCEPT(&out, "--host=127.1.2.3");
    ACCEPT(&out, "--host=::1");
    REFUSE("--host", "--host=0.0.0.0");
    REFUSE("--host", "--host=::");
    REFUSE("--host", "--host=192.168.1.1");
    REFUSE("--host", "--host=127.example.com");
}

static void a_share_of_requests_fails_in_even_steps(void **state)
{
    local_settings got;
    unsigned slow_ms;
    int failed = 0;

    (void)state;
    ACCEPT(&got, "--fault=s3:throttle:5%", "--fault=any:reset:1");
    assert_int_equal(faults_take(&got.faults, "dynamodb", &slow_ms), FAULT_RESET);
    for (int i = 1; i <= 100; i++) {
        fault_kind kind = faults_take(&got.faults, "s3", &slow_ms);

        assert_int_equal(kind, i % 20 == 0 ? FAULT_THROTTLE : FAULT_NONE);
        failed += kind != FAULT_NONE;
    }
    assert_int_equal(failed, 5);
    assert_int_equal(faults_take(&got.faults, "dynamodb", &slow_ms), FAULT_NONE);
}

static void every_refusal_names_its_option(void **state)
{
    (void)state;
    REFUSE("--nothing: is not an option", "--nothing");
    REFUSE("extra: is not an option", "extra");
    REFUSE("--port: needs a value", "--port");
    REFUSE("--port", "--port=65536");
    REFUSE("--port", "--port=-1");
    REFUSE("--port", "--port=8x");
    REFUSE("--port", "--port=");
    REFUSE("--init: takes no value", "--init=yes");
    REFUSE("--workers", "--workers=65");
    REFUSE("--fault: must be SERVICE:KIND:COUNT", "--fault=s3:sleepy:1");
    REFUSE("--fault: must be SERVICE:KIND:COUNT", "--fault=s3:throttle:0%");
    REFUSE("--fault: must be SERVICE:KIND:COUNT", "--fault=s3:throttle:101%");
    REFUSE("--clock-offset", "--clock-offset=soon");
    REFUSE("--bucket-source", "--bucket-source=Upper");
    REFUSE("--bucket-fail", "--bucket-fail=ab");
    REFUSE("--table", "--table=$(id)");
    REFUSE("--region", "--region=eu west");
    REFUSE("--access-key", "--access-key=AK1");
    REFUSE("--access-key", "--secret-key=x");
    REFUSE("--model", "--model=m.onnx");
    REFUSE("--fault: must be", "--fault=s3:throttle:1:5");
    REFUSE("--fault: must be", "--fault=s3:slow:1:600001");
    REFUSE("--fault: must be", "--fault=s3:slow:1:");
    REFUSE("--fault: must be", "--fault=events:slow:1");
    REFUSE("--fault: must be", "--fault=s3:duplicate:1");
    REFUSE("--fault: must be", "--fault=any:reorder:1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gives_the_defaults),
        cmocka_unit_test(values_follow_or_are_joined),
        cmocka_unit_test(the_help_tells_the_options),
        cmocka_unit_test(faults_are_counted),
        cmocka_unit_test(a_burst_of_events_is_turned_round),
        cmocka_unit_test(only_this_machine_may_connect),
        cmocka_unit_test(a_share_of_requests_fails_in_even_steps),
        cmocka_unit_test(every_refusal_names_its_option),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
