/*
 * test_credentials_sources.c - the sources that need no network, their order, callback and report.
 */
#include "aws/credentials_split.h"
#include "base/error.h"
#include "chain_rig.h"
#include "cmocka_all.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_KEYS(id) "aws_access_key_id = " id "\naws_secret_access_key = " CANARY "/secret\n"

static void the_environment_goes_first(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/credentials", "[default]\n" FILE_KEYS("AKIDFILE"));
    assert_string_equal(rig_look(&place, NULL, &err), "shared-credentials-file AKIDFILE");
    setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", CANARY, 1);
    assert_string_equal(rig_look(&place, NULL, &err), "environment AKIDENV");
    /* A profile that is named in code goes before it. */
    assert_string_equal(rig_look(&place, "default", &err), "shared-credentials-file AKIDFILE");
    unsetenv("AWS_SECRET_ACCESS_KEY");
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "AWS_SECRET_ACCESS_KEY is not");
}

static void the_environment_is_good_beside_a_malformed_file(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config", "[default]\n" CANARY "\n");
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_CONFIG");
    assert_told(&err, "/.aws/config:2: ");
    setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", CANARY, 1);
    assert_string_equal(rig_look(&place, NULL, &err), "environment AKIDENV");
}

static void the_environment_is_read_again_when_its_keys_end(void **state)
{
    icecat_credentials *credentials = rig_chain(&place, NULL);
    icecat_error err;
    ic_keys *keys;

    (void)state;
    setenv("AWS_ACCESS_KEY_ID", "AKIDOLD", 1);
    setenv("AWS_SECRET_ACCESS_KEY", CANARY, 1);
    setenv("AWS_SESSION_TOKEN", CANARY "-token", 1);
    setenv("AWS_CREDENTIAL_EXPIRATION", "2025-11-25T13:00:00Z", 1);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    assert_string_equal(keys->session_token, CANARY "-token");
    assert_int_equal(keys->expires_unix_s, RIG_TIME + 3600);
    ic_keys_release(keys);
    setenv("AWS_ACCESS_KEY_ID", "AKIDNEW", 1);
    setenv("AWS_CREDENTIAL_EXPIRATION", "2025-11-25T14:00:00Z", 1);
    atomic_store(&place.unix_s, RIG_TIME + 3000);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    assert_string_equal(keys->access_key_id, "AKIDNEW");
    ic_keys_release(keys);
    icecat_credentials_free(credentials);
}

static void both_files_are_looked_in(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config", "[profile dev]\n" FILE_KEYS("AKIDCONFIG"));
    assert_string_equal(rig_look(&place, "dev", &err), "config-file AKIDCONFIG");
    rig_file(&place, ".aws/credentials", "[dev]\n" FILE_KEYS("AKIDCREDENTIALS"));
    assert_string_equal(rig_look(&place, "dev", &err), "shared-credentials-file AKIDCREDENTIALS");
    setenv("AWS_PROFILE", "dev", 1);
    assert_string_equal(rig_look(&place, NULL, &err), "shared-credentials-file AKIDCREDENTIALS");
    rig_file(&place, "other", "[dev]\n" FILE_KEYS("AKIDOTHER"));
    setenv("AWS_SHARED_CREDENTIALS_FILE", rig_path(&place, "other"), 1);
    assert_string_equal(rig_look(&place, NULL, &err), "shared-credentials-file AKIDOTHER");
}

static void half_a_pair_is_an_error_that_names_the_file(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/credentials", "[default]\naws_secret_access_key = " CANARY "\n");
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "has aws_secret_access_key but no aws_access_key_id");
    assert_told(&err, "/.aws/credentials");
}

static void a_profile_that_is_named_must_exist(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config", "[dev]\nregion = eu-west-1\n");
    assert_string_equal(rig_look(&place, "nobody", &err), "ICECAT_E_CONFIG");
    assert_told(&err, "there is no profile \"nobody\"");
    assert_string_equal(rig_look(&place, "dev", &err), "ICECAT_E_CONFIG");
    assert_told(&err, "as [profile dev]");
}

static void nothing_at_all_names_what_was_tried(void **state)
{
    icecat_error err;

    (void)state;
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_NO_CREDENTIALS");
    assert_told(&err, "AWS_ACCESS_KEY_ID");
    assert_told(&err, "tried environment, assume-role, web-identity, sso, shared-credentials-file, "
                      "login, process, config-file, container, imds");
    assert_told(&err, "AWS_EC2_METADATA_DISABLED is true");
}

static void a_login_profile_is_explained(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config", "[profile in]\nlogin_session = arn:aws:iam::1:user/x\n");
    assert_string_equal(rig_look(&place, "in", &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "aws configure export-credentials --profile in");
}

/* A program that does what its script says. */
static void make_program(const char *script)
{
    char text[1024];

    snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", script);
    rig_file(&place, "get keys", text);
    assert_int_equal(chmod(rig_path(&place, "get keys"), 0700), 0);
    snprintf(text, sizeof(text), "[profile p]\ncredential_process = \"%s\" --for 'a b' $HOME\n",
             rig_path(&place, "get keys"));
    rig_file(&place, ".aws/config", text);
}

#define DOCUMENT                                                                                   \
    "{\"Version\":1,\"AccessKeyId\":\"AKIDPROC\",\"SecretAccessKey\":\"" CANARY "\","              \
    "\"SessionToken\":\"" CANARY "-token\",\"Expiration\":\"2025-11-25T13:00:00Z\"}"

static void a_process_prints_keys(void **state)
{
    icecat_error err;

    (void)state;
    /* Without a shell nothing is expanded, and quotes keep words together. */
    make_program("[ \"$1|$2|$3\" = '--for|a b|$HOME' ] || exit 9\necho '" DOCUMENT "'");
    assert_string_equal(rig_look(&place, "p", &err), "process AKIDPROC");
}

static void a_process_that_fails_is_quoted(void **state)
{
    icecat_error err;

    (void)state;
    make_program("echo '" CANARY "'\necho 'sign in first' >&2\nexit 3");
    assert_string_equal(rig_look(&place, "p", &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "credential_process of profile \"p\": it exited with 3: sign in first");
}

static void bad_output_of_a_process_is_never_shown(void **state)
{
    static const char *const scripts[][2] = {
        { "echo '" CANARY "'", "its output is not JSON" },
        { "echo '{\"Version\":2,\"AccessKeyId\":\"" CANARY "\"}'", "\"Version\": 1" },
        { "echo '{\"Version\":1,\"SecretAccessKey\":\"" CANARY "\"}'", "no AccessKeyId" },
        { "echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"" CANARY " x\"}'",
          "the secret access key has a blank" },
        { "echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"" CANARY
          "\",\"Expiration\":\"soon\"}'",
          "Expiration" },
        { "echo '[1]'", "not a JSON object" },
        { "exit 0", "its output is empty" },
        { "kill -9 $$", "ended by signal 9" },
        { "head -c 70000 /dev/zero", "printed over" },
    };
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        make_program(scripts[i][0]);
        assert_string_equal(rig_look(&place, "p", &err), "ICECAT_E_BAD_CREDENTIALS");
        assert_told(&err, scripts[i][1]);
    }
}

static void a_process_that_does_not_exist_is_named(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config", "[profile p]\ncredential_process = /nowhere/program\n");
    assert_string_equal(rig_look(&place, "p", &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "cannot run /nowhere/program: No such file");
    rig_file(&place, ".aws/config", "[profile p]\ncredential_process = /bin/true 'open\n");
    assert_string_equal(rig_look(&place, "p", &err), "ICECAT_E_CONFIG");
    assert_told(&err, "a ' is not closed");
}

static pid_t read_pid(void)
{
    FILE *file = fopen(rig_path(&place, "pid"), "r");
    long pid = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld", &pid), 1);
    fclose(file);
    assert_true(pid > 1);
    return (pid_t)pid;
}

static void a_process_that_hangs_is_ended(void **state)
{
    icecat_call_options options = ICECAT_CALL_OPTIONS_INIT;
    icecat_credentials *credentials;
    ic_bounds bounds;
    ic_need need = { RIG_TIME, &bounds };
    icecat_error err;
    ic_keys *keys;

    (void)state;
    make_program("echo $$ > \"$HOME/pid\"\nsleep 1000 & wait");
    credentials = rig_chain(&place, "p");
    options.timeout_ms = 1000;
    assert_int_equal(ic_bounds_load(&bounds, NULL, &options, &err), ICECAT_OK);
    assert_int_equal(ic_credentials_keys_at(credentials, &need, &keys, &err), ICECAT_E_DEADLINE);
    icecat_credentials_free(credentials);
    assert_int_equal(kill(read_pid(), 0), -1); /* ended, and waited for */
    assert_int_equal(errno, ESRCH);
}

static void words_are_split_as_people_quote_them(void **state)
{
    static const struct {
        const char *line;
        const char *words; /* joined by '|' */
    } cases[] = {
        { "a b\tc\nd", "a|b|c|d" },
        { "  a  ", "a" },
        { "'a b' \"c d\"", "a b|c d" },
        { "a'b'\"c\"d", "abcd" },
        { "'a\\b' \"a\\\"b\\\\c\\d\"", "a\\b|a\"b\\c\\d" },
        { "a\\ b", "a b" },
        { "'' a", "|a" },
        { "$HOME `x` *|y>z", "$HOME|`x`|*|y>z" },
    };
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char joined[256] = "";
        ic_words words;

        assert_int_equal(ic_words_split(NULL, cases[i].line, &words, &err), ICECAT_OK);
        assert_null(words.items[words.count]);
        for (size_t k = 0; k < words.count; k++) {
            strcat(joined, k != 0 ? "|" : "");
            strcat(joined, words.items[k]);
        }
        assert_string_equal(joined, cases[i].words);
        ic_words_free(NULL, &words);
    }
}

static void words_that_do_not_end_are_refused(void **state)
{
    static const char *const lines[] = { "", "  ", "'a", "\"a", "a\\", "\"a\\" };
    char many[2 * IC_WORDS_MAX + 8];
    icecat_error err;
    ic_words words;

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_int_equal(ic_words_split(NULL, lines[i], &words, &err), ICECAT_E_CONFIG);
    for (size_t i = 0; i < sizeof(many) - 1; i++)
        many[i] = i % 2 == 0 ? 'a' : ' ';
    many[sizeof(many) - 1] = '\0';
    assert_int_equal(ic_words_split(NULL, many, &words, &err), ICECAT_E_LIMIT);
}

typedef struct giver {
    int answer;
    int gives;
    int asked;
    int freed;
    const char *secret;
} giver;

static int give(icecat_credentials_receiver *receiver, void *userdata)
{
    giver *own = userdata;
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;

    own->asked++;
    keys.access_key_id = "AKIDGIVEN";
    keys.secret_access_key = own->secret;
    keys.expires_unix_s = RIG_TIME + 3600;
    if (own->gives)
        icecat_credentials_give(receiver, &keys);
    return own->answer;
}

static void count_free(void *userdata)
{
    ((giver *)userdata)->freed++;
}

static void a_callback_gives_keys(void **state)
{
    giver own = { 0, 1, 0, 0, CANARY };
    icecat_credentials_options options = ICECAT_CREDENTIALS_OPTIONS_INIT;
    icecat_credentials *credentials = NULL;
    icecat_error err;
    ic_keys *keys;

    (void)state;
    options.clock = &place.clock;
    assert_int_equal(
        icecat_credentials_new_callback(give, count_free, &own, &options, &credentials, &err),
        ICECAT_OK);
    assert_string_equal(icecat_credentials_source(credentials), "callback");
    assert_string_equal(icecat_credentials_access_key_id(credentials), "");
    assert_int_equal(own.asked, 0);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    assert_string_equal(keys->access_key_id, "AKIDGIVEN");
    ic_keys_release(keys);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    ic_keys_release(keys);
    assert_int_equal(own.asked, 1);
    icecat_credentials_free(credentials);
    assert_int_equal(own.freed, 1);
}

static void a_callback_may_fail_in_three_ways(void **state)
{
    static const struct {
        giver own;
        icecat_status status;
        const char *told;
    } cases[] = {
        { { 7, 1, 0, 0, CANARY }, ICECAT_E_CALLBACK, "returned 7" },
        { { 0, 0, 0, 0, CANARY }, ICECAT_E_NO_CREDENTIALS, "gave none" },
        { { 0, 1, 0, 0, CANARY "\n" }, ICECAT_E_BAD_CREDENTIALS, "line break" },
    };
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        giver own = cases[i].own;
        icecat_credentials *credentials = NULL;
        ic_keys *keys;

        assert_int_equal(
            icecat_credentials_new_callback(give, NULL, &own, NULL, &credentials, &err), ICECAT_OK);
        assert_int_equal(rig_keys(&place, credentials, &keys, &err), cases[i].status);
        assert_told(&err, cases[i].told);
        icecat_credentials_free(credentials);
    }
}

/* "environment:1 assume-role:2 ..." of a report. */
static const char *outcomes(const icecat_credentials *credentials)
{
    static char told[512];
    icecat_credentials_findings *findings = NULL;
    icecat_error err;

    told[0] = '\0';
    assert_int_equal(icecat_credentials_report(credentials, NULL, &findings, &err), ICECAT_OK);
    for (size_t i = 0; i < icecat_credentials_findings_count(findings); i++) {
        icecat_credentials_finding line = ICECAT_CREDENTIALS_FINDING_INIT;

        assert_int_equal(icecat_credentials_findings_at(findings, i, &line, &err), ICECAT_OK);
        snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s%s:%d", i != 0 ? " " : "",
                 line.source, line.outcome);
        assert_true(line.reason[0] != '\0');
        assert_null(strstr(line.reason, CANARY));
        if (line.outcome == ICECAT_CREDENTIALS_USED)
            assert_string_equal(line.access_key_id, "AKIDFILE");
        else
            assert_string_equal(line.access_key_id, "");
    }
    icecat_credentials_findings_free(findings);
    return told;
}

static void a_report_tells_of_every_source(void **state)
{
    icecat_credentials *credentials = rig_chain(&place, NULL);

    (void)state;
    assert_string_equal(outcomes(credentials),
                        "environment:1 assume-role:1 web-identity:1 sso:1 "
                        "shared-credentials-file:1 login:1 process:1 config-file:1 container:1 "
                        "imds:1");
    rig_file(&place, ".aws/credentials", "[default]\n" FILE_KEYS("AKIDFILE"));
    assert_string_equal(outcomes(credentials),
                        "environment:1 assume-role:1 web-identity:1 sso:1 "
                        "shared-credentials-file:0 login:3 process:3 config-file:3 container:3 "
                        "imds:3");
    rig_file(&place, ".aws/config", "[default]\nrole_arn = arn:aws:iam::1:role/r\n");
    assert_string_equal(outcomes(credentials),
                        "environment:1 assume-role:2 web-identity:3 sso:3 "
                        "shared-credentials-file:3 login:3 process:3 config-file:3 container:3 "
                        "imds:3");
    icecat_credentials_free(credentials);
}

static void a_report_of_other_kinds_has_one_line(void **state)
{
    giver own = { 5, 1, 0, 0, CANARY };
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_credentials *credentials = NULL;
    icecat_credentials_finding line = ICECAT_CREDENTIALS_FINDING_INIT;
    icecat_error err;

    (void)state;
    keys.access_key_id = "AKIDFILE";
    keys.secret_access_key = CANARY;
    assert_int_equal(icecat_credentials_new_static(&keys, &credentials, &err), ICECAT_OK);
    assert_string_equal(outcomes(credentials), "static:0");
    icecat_credentials_free(credentials);
    assert_int_equal(icecat_credentials_new_callback(give, NULL, &own, NULL, &credentials, &err),
                     ICECAT_OK);
    assert_string_equal(outcomes(credentials), "callback:2");
    icecat_credentials_free(credentials);
    assert_int_equal(icecat_credentials_findings_at(NULL, 0, &line, &err), ICECAT_E_ARGUMENT);
}

static void log_lines_hold_no_secret(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/credentials", "[default]\n" FILE_KEYS("AKIDFILE"));
    rig_look(&place, NULL, &err);
    assert_non_null(strstr(place.logged, "keys AKIDFILE from shared-credentials-file"));
    assert_null(strstr(place.logged, CANARY));
}

static void every_allocation_of_a_search_may_fail(void **state)
{
    (void)state;
    make_program("echo '" DOCUMENT "'");
    rig_sweep(&place, "p", NULL, 0, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(the_environment_goes_first),
        RIG_TEST(the_environment_is_good_beside_a_malformed_file),
        RIG_TEST(the_environment_is_read_again_when_its_keys_end),
        RIG_TEST(both_files_are_looked_in),
        RIG_TEST(half_a_pair_is_an_error_that_names_the_file),
        RIG_TEST(a_profile_that_is_named_must_exist),
        RIG_TEST(nothing_at_all_names_what_was_tried),
        RIG_TEST(a_login_profile_is_explained),
        RIG_TEST(a_process_prints_keys),
        RIG_TEST(a_process_that_fails_is_quoted),
        RIG_TEST(bad_output_of_a_process_is_never_shown),
        RIG_TEST(a_process_that_does_not_exist_is_named),
        RIG_TEST(a_process_that_hangs_is_ended),
        RIG_TEST(words_are_split_as_people_quote_them),
        RIG_TEST(words_that_do_not_end_are_refused),
        RIG_TEST(a_callback_gives_keys),
        RIG_TEST(a_callback_may_fail_in_three_ways),
        RIG_TEST(a_report_tells_of_every_source),
        RIG_TEST(a_report_of_other_kinds_has_one_line),
        RIG_TEST(log_lines_hold_no_secret),
        RIG_TEST(every_allocation_of_a_search_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
