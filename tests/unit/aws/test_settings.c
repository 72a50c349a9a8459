/*
 * test_settings.c - which source of a setting wins, and what is said about it.
 */
#include "aws/profile_file.h"
#include "aws/settings.h"
#include "base/error.h"
#include "cmocka_all.h"
#include "scarce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static char folder[] = "/tmp/icecat-settings-XXXXXX";
static char config_path[64];
static char credentials_path[64];

static const char *const variables[] = { "AWS_PROFILE",
                                         "AWS_DEFAULT_PROFILE",
                                         "AWS_REGION",
                                         "AWS_DEFAULT_REGION",
                                         "AWS_ENDPOINT_URL",
                                         "AWS_ENDPOINT_URL_S3",
                                         "AWS_ENDPOINT_URL_DYNAMODB",
                                         "AWS_ENDPOINT_URL_REKOGNITION",
                                         "AWS_ENDPOINT_URL_SSM",
                                         "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                         "AWS_CA_BUNDLE",
                                         "AWS_MAX_ATTEMPTS",
                                         "AWS_RETRY_MODE",
                                         "AWS_USE_FIPS_ENDPOINT",
                                         "AWS_USE_DUALSTACK_ENDPOINT",
                                         "AWS_REQUEST_CHECKSUM_CALCULATION",
                                         "AWS_CONFIG_FILE",
                                         "AWS_SHARED_CREDENTIALS_FILE",
                                         "https_proxy",
                                         "HTTPS_PROXY",
                                         "all_proxy",
                                         "ALL_PROXY",
                                         "no_proxy",
                                         "NO_PROXY" };

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(variables); i++)
        unsetenv(variables[i]);
    setenv("AWS_CONFIG_FILE", config_path, 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", credentials_path, 1);
    write_file(config_path, "");
    write_file(credentials_path, "");
    return 0;
}

static icecat_settings *load(const icecat_client_options *options)
{
    icecat_settings *settings = NULL;
    icecat_error err;

    if (icecat_settings_load(options, &settings, &err) != ICECAT_OK)
        fail_msg("%s", err.message);
    return settings;
}

static void assert_setting(const icecat_settings *settings, const char *name, const char *value,
                           const char *in_origin)
{
    const char *found = icecat_settings_get(settings, name);

    if (value == NULL)
        assert_null(found);
    else
        assert_string_equal(found, value);
    if (strstr(icecat_settings_origin(settings, name), in_origin) == NULL)
        fail_msg("%s: origin \"%s\" does not hold \"%s\"", name,
                 icecat_settings_origin(settings, name), in_origin);
}

static void options_win_over_the_environment_and_that_over_the_profile(void **state)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_settings *settings;

    (void)state;
    write_file(config_path, "[default]\nregion = eu-west-3\nmax_attempts = 7\nca_bundle = /c.pem\n"
                            "retry_mode = adaptive\n");
    settings = load(NULL);
    assert_setting(settings, "region", "eu-west-3", config_path);
    assert_setting(settings, "region", "eu-west-3", "profile default");
    assert_setting(settings, "max_attempts", "7", "profile default");
    assert_setting(settings, "ca_bundle", "/c.pem", "profile default");
    assert_setting(settings, "retry_mode", "adaptive", "profile default");
    assert_setting(settings, "connect_timeout_ms", "10000", "default");
    assert_setting(settings, "proxy", NULL, "not set");
    icecat_settings_free(settings);

    setenv("AWS_DEFAULT_REGION", "eu-west-2", 1);
    settings = load(NULL);
    assert_setting(settings, "region", "eu-west-2", "environment AWS_DEFAULT_REGION");
    icecat_settings_free(settings);

    setenv("AWS_REGION", "eu-west-1", 1);
    setenv("AWS_MAX_ATTEMPTS", "", 1); /* empty is unset */
    settings = load(NULL);
    assert_setting(settings, "region", "eu-west-1", "environment AWS_REGION");
    assert_setting(settings, "max_attempts", "7", "profile default");
    icecat_settings_free(settings);

    options.region = "us-west-2";
    options.max_attempts = 2;
    options.use_fips_endpoint = ICECAT_SWITCH_OFF;
    options.addressing = ICECAT_ADDRESSING_VIRTUAL;
    setenv("AWS_USE_FIPS_ENDPOINT", "true", 1);
    settings = load(&options);
    assert_setting(settings, "region", "us-west-2", "option");
    assert_setting(settings, "max_attempts", "2", "option");
    assert_setting(settings, "use_fips_endpoint", "false", "option");
    assert_setting(settings, "s3_addressing_style", "virtual", "option");
    icecat_settings_free(settings);
}

static void the_credentials_file_wins_over_the_config_file(void **state)
{
    icecat_settings *settings;

    (void)state;
    write_file(config_path, "[profile a]\nregion = eu-west-3\n");
    write_file(credentials_path, "[a]\nregion = eu-north-1\n");
    setenv("AWS_PROFILE", "a", 1);
    settings = load(NULL);
    assert_setting(settings, "profile", "a", "environment AWS_PROFILE");
    assert_setting(settings, "region", "eu-north-1", credentials_path);
    icecat_settings_free(settings);
}

static const char services_config[] = "[profile dev]\n"
                                      "services = local\n"
                                      "endpoint_url = http://p:1\n"
                                      "s3 =\n"
                                      "  addressing_style = path\n"
                                      "[services local]\n"
                                      "s3 =\n"
                                      "  endpoint_url = http://s3:2\n"
                                      "ssm =\n"
                                      "  max_attempts = 2\n";

static void endpoints_are_taken_in_the_order_of_the_sdks(void **state)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_settings *settings;

    (void)state;
    write_file(config_path, services_config);
    options.profile = "dev";
    settings = load(&options);
    assert_setting(settings, "endpoint_url_s3", "http://s3:2", "services local");
    assert_setting(settings, "endpoint_url_ssm", "http://p:1", "profile dev");
    assert_setting(settings, "s3_addressing_style", "path", "profile dev");
    icecat_settings_free(settings);

    setenv("AWS_ENDPOINT_URL", "http://e:3", 1);
    setenv("AWS_ENDPOINT_URL_S3", "http://es:4", 1);
    settings = load(&options);
    assert_setting(settings, "endpoint_url_s3", "http://es:4", "AWS_ENDPOINT_URL_S3");
    assert_setting(settings, "endpoint_url_ssm", "http://e:3", "environment AWS_ENDPOINT_URL");
    icecat_settings_free(settings);

    options.endpoint_url = "http://o:5";
    options.endpoint_url_ssm = "http://os:6";
    settings = load(&options);
    assert_setting(settings, "endpoint_url_s3", "http://o:5", "option");
    assert_setting(settings, "endpoint_url_ssm", "http://os:6", "option");
    icecat_settings_free(settings);
}

static void configured_endpoints_can_be_ignored(void **state)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_settings *settings;

    (void)state;
    write_file(config_path, services_config);
    setenv("AWS_ENDPOINT_URL", "http://e:3", 1);
    setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE", 1);
    options.profile = "dev";
    options.endpoint_url_s3 = "http://o:5";
    settings = load(&options);
    assert_setting(settings, "endpoint_url_s3", "http://o:5", "option");
    assert_setting(settings, "endpoint_url_dynamodb", NULL, "not set");
    icecat_settings_free(settings);
}

static void names_that_are_in_no_file_are_errors(void **state)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_settings *settings = NULL;
    icecat_error err;

    (void)state;
    options.profile = "gone";
    assert_int_equal(icecat_settings_load(&options, &settings, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, "profile \"gone\" (option)"));
    assert_non_null(strstr(err.message, config_path));
    assert_null(settings);

    write_file(config_path, "[profile dev]\nservices = gone\n");
    options.profile = "dev";
    assert_int_equal(icecat_settings_load(&options, &settings, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, "no [services gone]"));
}

static void values_are_checked_when_a_client_is_made(void **state)
{
    static const struct bad {
        const char *variable;
        const char *value;
        const char *message;
    } bad[] = {
        { "AWS_MAX_ATTEMPTS", "0", "max_attempts is \"0\" (environment AWS_MAX_ATTEMPTS)" },
        { "AWS_MAX_ATTEMPTS", "101", "1 to 100 are allowed" },
        { "AWS_MAX_ATTEMPTS", "three", "\"three\"" },
        { "AWS_RETRY_MODE", "fast", "standard adaptive legacy" },
        { "AWS_USE_FIPS_ENDPOINT", "1", "true false" },
        { "AWS_REQUEST_CHECKSUM_CALCULATION", "never", "when_supported when_required" },
        { "AWS_REGION", "eu_west", "(environment AWS_REGION)" },
        { "AWS_ENDPOINT_URL_SSM", "localhost", "endpoint URL of ssm" },
        { "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "yes", "ignore_configured_endpoint_urls" },
    };

    for (size_t i = 0; i < LEN(bad); i++) {
        icecat_client *client = NULL;
        icecat_error err;

        begin(state);
        setenv("AWS_REGION", "eu-west-1", 1);
        setenv(bad[i].variable, bad[i].value, 1);
        assert_int_equal(icecat_client_new(NULL, &client, &err), ICECAT_E_CONFIG);
        if (strstr(err.message, bad[i].message) == NULL)
            fail_msg("\"%s\" does not hold \"%s\"", err.message, bad[i].message);
        assert_null(client);
    }
}

static void a_client_needs_a_region_and_tells_its_settings(void **state)
{
    icecat_client *client = NULL;
    icecat_error err;

    (void)state;
    assert_int_equal(icecat_client_new(NULL, &client, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, "AWS_REGION"));
    write_file(config_path, "[default]\nregion = us-gov-west-1\nuse_fips_endpoint = true\n");
    assert_int_equal(icecat_client_new(NULL, &client, &err), ICECAT_OK);
    assert_string_equal(icecat_client_region(client), "us-gov-west-1");
    assert_string_equal(icecat_client_endpoint(client, "s3"),
                        "https://s3-fips.us-gov-west-1.amazonaws.com");
    assert_setting(icecat_client_settings(client), "region", "us-gov-west-1", config_path);
    icecat_client_free(client);
}

/* "No files", as people say it to the SDKs. */
static void the_null_device_is_an_empty_file(void **state)
{
    icecat_settings *settings;

    (void)state;
    setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    settings = load(NULL);
    assert_null(icecat_settings_get(settings, "region"));
    icecat_settings_free(settings);
}

static void a_file_over_the_limit_is_a_wrong_setting(void **state)
{
    char *text = malloc(IC_PROFILE_FILE_MAX + 2);
    icecat_settings *settings = NULL;
    icecat_error err;

    (void)state;
    memset(text, '#', IC_PROFILE_FILE_MAX + 1);
    text[IC_PROFILE_FILE_MAX + 1] = '\0';
    write_file(config_path, text);
    assert_int_equal(icecat_settings_load(NULL, &settings, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, config_path));

    strcpy(text, "[a]\n");
    for (size_t i = 0; i <= IC_PROFILE_ITEMS_MAX; i++)
        memcpy(text + 4 + 4 * i, "a=b\n", 5);
    write_file(config_path, text);
    assert_int_equal(icecat_settings_load(NULL, &settings, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, ": over 20000 settings"));
    free(text);
}

static void what_a_client_cannot_use_is_refused(void **state)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    char agent[402];
    scarce s = { .left = 1000 };
    icecat_allocator whole = scarce_allocator(&s);
    icecat_client *client = NULL;
    icecat_error err;

    (void)state;
    options.region = "us-east-1";
    for (int lacking = 0; lacking < 3; lacking++) {
        icecat_allocator allocator = whole;

        if (lacking == 0)
            allocator.alloc = NULL;
        else if (lacking == 1)
            allocator.realloc = NULL;
        else
            allocator.free = NULL;
        options.allocator = &allocator;
        assert_int_equal(icecat_client_new(&options, &client, &err), ICECAT_E_ARGUMENT);
        assert_string_equal(err.message, "allocator lacks a function");
        assert_null(client);
    }
    options.allocator = &whole;
    memset(agent, 'a', sizeof(agent));
    agent[401] = '\0';
    options.user_agent = agent;
    assert_int_equal(icecat_client_new(&options, &client, &err), ICECAT_E_ARGUMENT);
    assert_string_equal(err.message, "user_agent has 401 bytes; at most 400 are allowed");
    agent[400] = '\0';
    assert_int_equal(icecat_client_new(&options, &client, &err), ICECAT_OK);
    icecat_client_free(client);
    assert_int_equal(s.live, 0);
}

static void every_setting_has_a_name_and_unknown_ones_have_none(void **state)
{
    icecat_settings *settings = load(NULL);
    size_t count = 0;

    (void)state;
    while (icecat_settings_name(count) != NULL) {
        assert_non_null(icecat_settings_origin(settings, icecat_settings_name(count)));
        count++;
    }
    assert_int_equal(count, IC_SETTING_COUNT);
    assert_null(icecat_settings_get(settings, "colour"));
    assert_null(icecat_settings_origin(settings, "colour"));
    icecat_settings_free(settings);
    icecat_settings_free(NULL);
}

static void every_allocation_may_fail(void **state)
{
    icecat_status status = ICECAT_E_NO_MEMORY;

    (void)state;
    write_file(config_path, services_config);
    setenv("AWS_PROFILE", "dev", 1);
    setenv("AWS_REGION", "eu-west-1", 1);
    for (size_t n = 0; status != ICECAT_OK; n++) {
        scarce own = { n, 0 };
        icecat_allocator allocator = scarce_allocator(&own);
        icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
        icecat_client *client = NULL;

        assert_true(n < 500);
        options.allocator = &allocator;
        status = icecat_client_new(&options, &client, NULL);
        if (status != ICECAT_OK)
            assert_int_equal(status, ICECAT_E_NO_MEMORY);
        icecat_client_free(client);
        assert_int_equal(own.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(options_win_over_the_environment_and_that_over_the_profile, begin),
        cmocka_unit_test_setup(the_credentials_file_wins_over_the_config_file, begin),
        cmocka_unit_test_setup(endpoints_are_taken_in_the_order_of_the_sdks, begin),
        cmocka_unit_test_setup(configured_endpoints_can_be_ignored, begin),
        cmocka_unit_test_setup(names_that_are_in_no_file_are_errors, begin),
        cmocka_unit_test(values_are_checked_when_a_client_is_made),
        cmocka_unit_test_setup(a_client_needs_a_region_and_tells_its_settings, begin),
        cmocka_unit_test_setup(the_null_device_is_an_empty_file, begin),
        cmocka_unit_test_setup(a_file_over_the_limit_is_a_wrong_setting, begin),
        cmocka_unit_test_setup(what_a_client_cannot_use_is_refused, begin),
        cmocka_unit_test_setup(every_setting_has_a_name_and_unknown_ones_have_none, begin),
        cmocka_unit_test_setup(every_allocation_may_fail, begin),
    };
    int failed;

    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(config_path, sizeof(config_path), "%s/config", folder);
    snprintf(credentials_path, sizeof(credentials_path), "%s/credentials", folder);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(config_path);
    unlink(credentials_path);
    rmdir(folder);
    return failed;
}
