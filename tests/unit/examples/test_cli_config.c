/*
 * test_cli_config.c - effective settings and their origins, and the client id.
 */
#include "cmocka_all.h"

#include "client_id.h"
#include "config.h"
#include "option_values.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_WORDS 12

struct fixture {
    char folder[64];
    struct options options;
    struct config config;
    icecat_error err;
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* An empty folder to work in, and an environment without settings. */
static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    strcpy(fixture->folder, "/tmp/icecat-config-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    assert_int_equal(chdir(fixture->folder), 0);
    for (unsigned i = 0; i < CONFIG_COUNT; i++)
        unsetenv(config_name((enum config_id)i));
    unsetenv("AWS_DEFAULT_REGION");
    unsetenv("AWS_SECURITY_TOKEN");
    unsetenv("DYNAMO_DB_TABLE_NAME");
    unsetenv("ICECAT_SECRETSFILE");
    setenv("HOME", fixture->folder, 1);
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("ICECAT_CONFIG");
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = { "a.env", "config/a.env", "config/client_id",
                                         ".local/state/icecat/client_id" };
    static const char *const folders[] = { "config", ".local/state/icecat", ".local/state",
                                           ".local" };

    config_clear(&fixture->config);
    options_clear(&fixture->options);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlink(names[i]);
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        rmdir(folders[i]);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(fixture->folder), 0); /* nothing else was left in it */
    free(fixture);
    return 0;
}

static icecat_status load(struct fixture *fixture, char *text)
{
    char program[] = "icecat";
    char *words[MOST_WORDS + 1] = { program };
    int count = 1;
    char why[WHY_LEN];
    struct config_context context = { &fixture->options, NULL, 0 };

    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(count < MOST_WORDS);
        words[count++] = word;
    }
    config_clear(&fixture->config);
    options_clear(&fixture->options);
    assert_int_equal(options_parse(&fixture->options, count, words, why, sizeof(why)), 1);
    return config_load(&fixture->config, &context, &fixture->err);
}

#define LOAD(fixture, text)                                                                        \
    do {                                                                                           \
        char line[] = text;                                                                        \
        assert_int_equal(load(fixture, line), ICECAT_OK);                                          \
    } while (0)

static void assert_setting(const struct fixture *fixture, enum config_id id, const char *text,
                           const char *origin)
{
    assert_non_null(config_text(&fixture->config, id));
    assert_string_equal(config_text(&fixture->config, id), text);
    assert_string_equal(config_origin(&fixture->config, id), origin);
}

static void each_source_wins_over_the_next(void **state)
{
    struct fixture *fixture = *state;

    write_file("a.env", "\nAWS_REGION=file-1\nICECAT_JOBS=3\n");
    setenv("AWS_REGION", "env-1", 1);
    setenv("AWS_CA_BUNDLE", "/ca.pem", 1);
    LOAD(fixture, "-s a.env --region flag-1 config");
    assert_setting(fixture, CONFIG_REGION, "flag-1", "--region");
    assert_setting(fixture, CONFIG_JOBS, "3", "./a.env:3");
    assert_setting(fixture, CONFIG_CA_BUNDLE, "/ca.pem", "environment");
    assert_setting(fixture, CONFIG_TIMEOUT, "60", "default");
    LOAD(fixture, "-s a.env config");
    assert_setting(fixture, CONFIG_REGION, "file-1", "./a.env:2");
    LOAD(fixture, "config");
    assert_setting(fixture, CONFIG_REGION, "env-1", "environment");
    assert_setting(fixture, CONFIG_JOBS, "8", "default");
    unsetenv("AWS_REGION");
    setenv("AWS_DEFAULT_REGION", "env-2", 1);
    LOAD(fixture, "config");
    assert_setting(fixture, CONFIG_REGION, "env-2", "environment AWS_DEFAULT_REGION");
    setenv("AWS_DEFAULT_REGION", "", 1);
    LOAD(fixture, "config");
    assert_null(config_text(&fixture->config, CONFIG_REGION));
    assert_string_equal(config_origin(&fixture->config, CONFIG_REGION), "not set");
}

static void a_bare_name_is_looked_for_in_config_first(void **state)
{
    struct fixture *fixture = *state;

    write_file("a.env", "AWS_REGION=here\n");
    LOAD(fixture, "-s a.env config");
    assert_setting(fixture, CONFIG_REGION, "here", "./a.env:1");
    assert_int_equal(mkdir("config", 0700), 0);
    write_file("config/a.env", "AWS_REGION=there\n");
    LOAD(fixture, "-s a.env config");
    assert_setting(fixture, CONFIG_REGION, "there", "./config/a.env:1");
    LOAD(fixture, "-s ./a.env config");
    assert_setting(fixture, CONFIG_REGION, "here", "./a.env:1");
}

static void a_missing_or_broken_file_is_a_fault_of_the_settings(void **state)
{
    struct fixture *fixture = *state;
    char missing[] = "-s b.env config", broken[] = "-s a.env config", folder[] = "-s ./ config";

    assert_int_equal(load(fixture, missing), ICECAT_E_CONFIG);
    assert_string_equal(fixture->err.message, "no secrets file ./config/b.env or ./b.env");
    write_file("a.env", "AWS_SECRET_ACCESS_KEY=canary\ncanary-without-key\n");
    assert_int_equal(load(fixture, broken), ICECAT_E_PARSE);
    assert_string_equal(fixture->err.message, "./a.env:2: expected KEY=value");
    assert_int_equal(load(fixture, folder), ICECAT_E_CONFIG);
    assert_string_equal(fixture->err.message, "./: Is a directory");
}

/* C13: the name of the shipped template was not the one that was read. */
static void the_template_s_name_of_the_table_is_known(void **state)
{
    struct fixture *fixture = *state;

    write_file("a.env", "DYNAMO_DB_TABLE_NAME=cats\n");
    LOAD(fixture, "-s a.env config");
    assert_setting(fixture, CONFIG_TABLE, "cats", "./a.env:1");
    assert_string_equal(fixture->config.alias_used,
                        "./a.env:1: DYNAMO_DB_TABLE_NAME is read as DYNAMODB_TABLE_NAME, its right "
                        "name");
    write_file("a.env", "DYNAMO_DB_TABLE_NAME=cats\nDYNAMODB_TABLE_NAME=dogs\n");
    LOAD(fixture, "-s a.env config");
    assert_setting(fixture, CONFIG_TABLE, "dogs", "./a.env:2");
    assert_null(fixture->config.alias_used);
}

static void keys_of_two_places_are_never_mixed(void **state)
{
    struct fixture *fixture = *state;

    write_file("a.env", "AWS_ACCESS_KEY_ID=AKIAFILE\nAWS_SECRET_ACCESS_KEY=file-secret\n");
    setenv("AWS_ACCESS_KEY_ID", "AKIAENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "env-secret", 1);
    setenv("AWS_SESSION_TOKEN", "env-token", 1);
    LOAD(fixture, "-s a.env config");
    assert_setting(fixture, CONFIG_ACCESS_KEY_ID, "AKIAFILE", "./a.env:1");
    assert_null(config_text(&fixture->config, CONFIG_SESSION_TOKEN));
    LOAD(fixture, "config");
    assert_setting(fixture, CONFIG_SESSION_TOKEN, "env-token", "environment");
}

/* C3: --debug printed the secret key. */
static void secrets_are_not_shown(void **state)
{
    struct fixture *fixture = *state;
    char shown[1024];

    setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "canary-secret", 1);
    setenv("AWS_ENDPOINT_URL", "http://user:canary@host:1/path?a@b", 1);
    LOAD(fixture, "--debug config");
    config_shown(&fixture->config, CONFIG_ACCESS_KEY_ID, shown, sizeof(shown));
    assert_string_equal(shown, "AKIA...MPLE");
    config_shown(&fixture->config, CONFIG_SECRET_ACCESS_KEY, shown, sizeof(shown));
    assert_string_equal(shown, "set");
    config_shown(&fixture->config, CONFIG_ENDPOINT_URL, shown, sizeof(shown));
    assert_string_equal(shown, "http://***@host:1/path?a@b");
    config_shown(&fixture->config, CONFIG_SESSION_TOKEN, shown, sizeof(shown));
    assert_string_equal(shown, "");
    /* libcurl takes a proxy without a scheme for one of http. */
    config_show_url("user:word@host:8080", shown, sizeof(shown));
    assert_string_equal(shown, "***@host:8080");
    config_show_url("host:8080/a@b", shown, sizeof(shown));
    assert_string_equal(shown, "host:8080/a@b");
}

static void numbers_outside_their_range_name_their_origin(void **state)
{
    struct fixture *fixture = *state;
    uint32_t number = 5;

    LOAD(fixture, "-j many config");
    assert_int_equal(config_number(&fixture->config, CONFIG_JOBS, 1, 256, &number, &fixture->err),
                     ICECAT_E_CONFIG);
    assert_string_equal(fixture->err.message,
                        "ICECAT_JOBS must be a whole number from 1 to 256, not \"many\" (--jobs)");
    assert_int_equal(number, 5);
    assert_int_equal(
        config_number(&fixture->config, CONFIG_TIMEOUT, 1, 100, &number, &fixture->err), ICECAT_OK);
    assert_int_equal(number, 60);
    assert_int_equal(
        config_number(&fixture->config, CONFIG_MAX_ATTEMPTS, 1, 9, &number, &fixture->err),
        ICECAT_OK);
    assert_int_equal(number, 60);
}

static void client_ids_have_a_shape(void **state)
{
    char longest[66];

    (void)state;
    memset(longest, 'a', sizeof(longest));
    longest[65] = '\0';
    assert_false(client_id_is_valid(longest));
    longest[64] = '\0';
    assert_true(client_id_is_valid(longest));
    assert_true(client_id_is_valid("stablecaps900"));
    assert_true(client_id_is_valid("a.b_c-d"));
    assert_false(client_id_is_valid(""));
    assert_false(client_id_is_valid("a/b"));
    assert_false(client_id_is_valid("a b"));
    assert_false(client_id_is_valid("x-debug"));
    assert_false(client_id_is_valid("caf\xc3\xa9"));
}

static void the_python_client_s_file_names_the_client(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(mkdir("config", 0700), 0);
    write_file("config/client_id", " stablecaps123\r\n");
    LOAD(fixture, "config");
    assert_setting(fixture, CONFIG_CLIENT_ID, "stablecaps123", "./config/client_id");
    setenv("ICECAT_CLIENT_ID", "env-id", 1);
    LOAD(fixture, "config");
    assert_setting(fixture, CONFIG_CLIENT_ID, "env-id", "environment");
    LOAD(fixture, "config --client-id flag-id");
    assert_setting(fixture, CONFIG_CLIENT_ID, "flag-id", "--client-id");
}

static void an_unusable_file_of_the_client_id_is_named(void **state)
{
    struct fixture *fixture = *state;
    char id[CLIENT_ID_LEN], path[CLIENT_ID_PATH_LEN];

    assert_int_equal(client_id_read(id, path, &fixture->err), ICECAT_OK);
    assert_string_equal(id, "");
    assert_int_equal(mkdir("config", 0700), 0);
    write_file("config/client_id", "\n");
    assert_int_equal(client_id_read(id, path, &fixture->err), ICECAT_E_CONFIG);
    assert_non_null(strstr(fixture->err.message, "./config/client_id"));
}

/* C6 and C22: 900 possible ids, and a traceback without the folder. */
static void a_new_id_is_kept_once(void **state)
{
    struct fixture *fixture = *state;
    char id[CLIENT_ID_LEN], other[CLIENT_ID_LEN], path[CLIENT_ID_PATH_LEN], read_id[CLIENT_ID_LEN];
    struct stat info;

    assert_int_equal(client_id_make(id, &fixture->err), ICECAT_OK);
    assert_int_equal(client_id_make(other, &fixture->err), ICECAT_OK);
    assert_string_not_equal(id, other);
    assert_int_equal(strlen(id), 18);
    assert_true(client_id_is_valid(id));
    assert_int_equal(client_id_keep(id, path, &fixture->err), ICECAT_OK);
    assert_non_null(strstr(path, "/.local/state/icecat/client_id"));
    assert_int_equal(client_id_read(read_id, path, &fixture->err), ICECAT_OK);
    assert_string_equal(read_id, id);
    /* Who comes second takes the id that is there. */
    assert_int_equal(client_id_keep(other, path, &fixture->err), ICECAT_OK);
    assert_string_equal(other, id);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0644);
    /* The folder of the Python client is used when it is there. */
    assert_int_equal(mkdir("config", 0700), 0);
    assert_int_equal(client_id_keep(id, path, &fixture->err), ICECAT_OK);
    assert_string_equal(path, "./config/client_id");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_source_wins_over_the_next, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bare_name_is_looked_for_in_config_first, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_missing_or_broken_file_is_a_fault_of_the_settings, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_template_s_name_of_the_table_is_known, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(keys_of_two_places_are_never_mixed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(secrets_are_not_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_outside_their_range_name_their_origin, set_up,
                                        tear_down),
        cmocka_unit_test(client_ids_have_a_shape),
        cmocka_unit_test_setup_teardown(the_python_client_s_file_names_the_client, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_unusable_file_of_the_client_id_is_named, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_new_id_is_kept_once, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
