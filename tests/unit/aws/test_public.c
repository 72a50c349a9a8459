/*
 * test_public.c - what the public calls around a client and its credentials refuse, and what they say.
 */
#include "cmocka_all.h"

#include <icecat/icecat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static icecat_client_options offline(void)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;

    options.region = "us-east-1";
    options.config_file = "/nonexistent/config";
    options.credentials_file = "/nonexistent/credentials";
    return options;
}

static void forget_variables(void)
{
    static const char *const names[] = { "AWS_ACCESS_KEY_ID",   "AWS_SECRET_ACCESS_KEY",
                                         "AWS_SESSION_TOKEN",   "AWS_SECURITY_TOKEN",
                                         "AWS_PROFILE",         "AWS_CREDENTIAL_EXPIRATION",
                                         "AWS_DEFAULT_PROFILE", "AWS_RETRY_MODE" };

    for (size_t i = 0; i < LEN(names); i++)
        unsetenv(names[i]);
}

static int set_up(void **state)
{
    (void)state;
    forget_variables();
    return 0;
}

/* ---- a client ---------------------------------------------------------------------------- */

static void values_that_are_none_are_named(void **state)
{
    const struct {
        size_t at;
        const char *name;
    } cases[] = {
        { offsetof(icecat_client_options, addressing), "addressing" },
        { offsetof(icecat_client_options, use_fips_endpoint), "use_fips_endpoint" },
        { offsetof(icecat_client_options, use_dualstack_endpoint), "use_dualstack_endpoint" },
        { offsetof(icecat_client_options, ignore_configured_endpoint_urls),
          "ignore_configured_endpoint_urls" },
        { offsetof(icecat_client_options, request_checksum_calculation),
          "request_checksum_calculation" },
        { offsetof(icecat_client_options, max_attempts), "max_attempts" },
        { offsetof(icecat_client_options, max_connections), "max_connections" },
    };
    const uint32_t wrong = 1000;
    icecat_client *client = NULL;
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        icecat_client_options options = offline();

        memcpy((char *)&options + cases[i].at, &wrong, sizeof(wrong));
        assert_int_equal(icecat_client_new(&options, &client, &err), ICECAT_E_ARGUMENT);
        assert_non_null(strstr(err.message, cases[i].name));
        assert_null(client);
    }
    assert_int_equal(icecat_client_new(NULL, NULL, &err), ICECAT_E_ARGUMENT);
}

static void a_user_agent_is_printable(void **state)
{
    icecat_client_options options = offline();
    icecat_client *client = NULL;
    icecat_error err;

    (void)state;
    options.user_agent = "me/1.0\r\nx-amz-acl: public-read";
    assert_int_equal(icecat_client_new(&options, &client, &err), ICECAT_E_ARGUMENT);
    assert_non_null(strstr(err.message, "printable ASCII"));
    options.user_agent = "me/1.0 k\xc3\xa4tzchen";
    assert_int_equal(icecat_client_new(&options, &client, &err), ICECAT_E_ARGUMENT);
}

static void keep_line(uint32_t level, const char *area, const char *text, void *userdata)
{
    char *kept = userdata;

    (void)level;
    snprintf(kept, 256, "%s: %s", area, text);
}

static void a_retry_mode_that_is_taken_for_another_is_told(void **state)
{
    icecat_client_options options = offline();
    icecat_client *client = NULL;
    char line[256] = "";

    (void)state;
    setenv("AWS_RETRY_MODE", "adaptive", 1);
    options.log = keep_line;
    options.log_userdata = line;
    assert_int_equal(icecat_client_new(&options, &client, NULL), ICECAT_OK);
    assert_string_equal(line, "retry: retry_mode adaptive is taken as standard");
    icecat_client_free(client);
}

static void a_client_tells_what_it_is(void **state)
{
    icecat_client_options options = offline();
    icecat_client *client = NULL;
    char region[64];
    int64_t seconds = 7;

    (void)state;
    assert_int_equal(icecat_client_new(&options, &client, NULL), ICECAT_OK);
    assert_string_equal(icecat_client_endpoint(client, "ssm"),
                        "https://ssm.us-east-1.amazonaws.com");
    assert_null(icecat_client_endpoint(client, "sqs"));
    assert_null(icecat_client_endpoint(client, NULL));
    assert_string_equal(icecat_credentials_source(icecat_client_credentials(client)), "default");
    assert_int_equal(icecat_client_clock_difference(client, &seconds), 0);
    assert_int_equal(icecat_client_clock_difference(NULL, &seconds), 0);
    assert_int_equal(icecat_client_bucket_region(client, "pets", region, sizeof(region)),
                     ICECAT_OK);
    assert_string_equal(region, "us-east-1");
    assert_int_equal(icecat_client_bucket_region(client, NULL, region, 64), ICECAT_E_ARGUMENT);
    assert_null(icecat_client_region(NULL));
    assert_null(icecat_client_endpoint(NULL, "s3"));
    assert_null(icecat_client_credentials(NULL));
    assert_null(icecat_client_settings(NULL));
    icecat_client_free(client);
    icecat_client_free(NULL);
}

/* ---- credentials ------------------------------------------------------------------------- */

static icecat_status of_environment(const char *id, const char *secret, const char *expiration,
                                    icecat_error *err)
{
    icecat_credentials *made = NULL;
    icecat_status status;

    forget_variables();
    if (id != NULL)
        setenv("AWS_ACCESS_KEY_ID", id, 1);
    if (secret != NULL)
        setenv("AWS_SECRET_ACCESS_KEY", secret, 1);
    if (expiration != NULL)
        setenv("AWS_CREDENTIAL_EXPIRATION", expiration, 1);
    status = icecat_credentials_new_environment(&made, err);
    assert_int_equal(made != NULL, status == ICECAT_OK);
    if (made != NULL)
        assert_string_equal(icecat_credentials_access_key_id(made), id);
    icecat_credentials_free(made);
    return status;
}

static void keys_of_the_environment(void **state)
{
    icecat_error err;

    (void)state;
    assert_int_equal(of_environment("AKID", "s", NULL, &err), ICECAT_OK);
    assert_int_equal(of_environment("AKID", "s", "2126-11-24T12:00:00Z", &err), ICECAT_OK);
    assert_int_equal(of_environment(NULL, NULL, NULL, &err), ICECAT_E_NO_CREDENTIALS);
    assert_int_equal(of_environment("AKID", NULL, NULL, &err), ICECAT_E_BAD_CREDENTIALS);
    assert_string_equal(err.message, "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not");
    assert_int_equal(of_environment(NULL, "canary", NULL, &err), ICECAT_E_BAD_CREDENTIALS);
    assert_null(strstr(err.message, "canary"));
    assert_int_equal(of_environment("AKID", "s", "tomorrow", &err), ICECAT_E_BAD_CREDENTIALS);
    assert_non_null(strstr(err.message, "AWS_CREDENTIAL_EXPIRATION"));
    assert_int_equal(icecat_credentials_new_environment(NULL, &err), ICECAT_E_ARGUMENT);
}

static void fixed_keys_that_cannot_be(void **state)
{
    char huge[8194];
    const struct {
        const char *id;
        const char *secret;
        const char *text;
    } cases[] = {
        { "", "s", "the access key id is empty" },
        { "AKID", "", "the secret access key is empty" },
        { "AKID", huge, "has 8193 bytes; at most 8192 are allowed" },
        { "AK\nID", "s", "line break or non-ASCII byte at position 2" },
    };
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_credentials *made = NULL;
    icecat_error err;

    (void)state;
    memset(huge, 'x', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    for (size_t i = 0; i < LEN(cases); i++) {
        keys.access_key_id = cases[i].id;
        keys.secret_access_key = cases[i].secret;
        assert_int_equal(icecat_credentials_new_static(&keys, &made, &err),
                         ICECAT_E_BAD_CREDENTIALS);
        assert_non_null(strstr(err.message, cases[i].text));
        assert_null(made);
    }
    assert_int_equal(icecat_credentials_new_static(NULL, &made, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_credentials_new_static(&keys, NULL, &err), ICECAT_E_ARGUMENT);
    keys.struct_size = 1;
    assert_int_equal(icecat_credentials_new_static(&keys, &made, &err), ICECAT_E_ARGUMENT);
}

static int64_t some_time(void *userdata)
{
    (void)userdata;
    return 1764072000;
}

static int gives(icecat_credentials_receiver *receiver, void *userdata)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;

    keys.access_key_id = "AKIDOFMINE";
    keys.secret_access_key = userdata;
    assert_int_equal(icecat_credentials_give(NULL, &keys), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_credentials_give(receiver, NULL), ICECAT_E_ARGUMENT);
    icecat_credentials_give(receiver, &keys);
    return 0;
}

static void the_sources_refuse_half_of_a_setting(void **state)
{
    icecat_credentials_options options = ICECAT_CREDENTIALS_OPTIONS_INIT;
    icecat_clock clock = { some_time, NULL, NULL, NULL };
    icecat_transport transport = { NULL, NULL };
    icecat_allocator allocator = { NULL, NULL, NULL, NULL };
    icecat_credentials *made = NULL;
    icecat_error err;

    (void)state;
    options.clock = &clock;
    assert_int_equal(icecat_credentials_new_default(&options, &made, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_credentials_new_callback(gives, NULL, NULL, &options, &made, &err),
                     ICECAT_E_ARGUMENT);
    options.clock = NULL;
    options.transport = &transport;
    assert_int_equal(icecat_credentials_new_default(&options, &made, &err), ICECAT_E_ARGUMENT);
    options.transport = NULL;
    options.allocator = &allocator;
    assert_int_equal(icecat_credentials_new_default(&options, &made, &err), ICECAT_E_ARGUMENT);
    options.struct_size = 3;
    assert_int_equal(icecat_credentials_new_default(&options, &made, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_credentials_new_default(NULL, NULL, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_credentials_new_callback(NULL, NULL, NULL, NULL, &made, &err),
                     ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_credentials_new_callback(gives, NULL, NULL, NULL, NULL, &err),
                     ICECAT_E_ARGUMENT);
    assert_null(made);
}

static icecat_credentials_finding only_finding(const icecat_credentials *credentials)
{
    icecat_credentials_finding line = ICECAT_CREDENTIALS_FINDING_INIT;
    icecat_credentials_findings *findings = NULL;
    static char reason[400];
    icecat_error err;

    assert_int_equal(icecat_credentials_report(credentials, NULL, &findings, &err), ICECAT_OK);
    assert_int_equal(icecat_credentials_findings_count(findings), 1);
    assert_int_equal(icecat_credentials_findings_at(findings, 0, &line, &err), ICECAT_OK);
    snprintf(reason, sizeof(reason), "%s", line.reason);
    line.reason = reason;
    line.access_key_id = NULL;
    assert_int_equal(icecat_credentials_findings_at(findings, 1, &line, &err), ICECAT_E_ARGUMENT);
    assert_string_equal(err.message, "there is no line 1; the report has 1");
    assert_int_equal(icecat_credentials_findings_at(findings, 0, NULL, &err), ICECAT_E_ARGUMENT);
    icecat_credentials_findings_free(findings);
    return line;
}

static void a_report_of_one_line(void **state)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_credentials_findings *findings = NULL;
    icecat_credentials *made = NULL;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    char secret[] = "mine";
    icecat_error err;

    (void)state;
    assert_int_equal(icecat_credentials_new_callback(gives, NULL, secret, NULL, &made, NULL),
                     ICECAT_OK);
    assert_int_equal(only_finding(made).outcome, ICECAT_CREDENTIALS_USED);
    secret[0] = '\0'; /* now it gives keys that cannot be */
    assert_int_equal(only_finding(made).status, ICECAT_E_BAD_CREDENTIALS);
    icecat_credentials_free(made);

    keys.access_key_id = "AKID";
    keys.secret_access_key = "s";
    keys.expires_unix_s = 1; /* long ago */
    assert_int_equal(icecat_credentials_new_static(&keys, &made, NULL), ICECAT_OK);
    assert_int_equal(only_finding(made).outcome, ICECAT_CREDENTIALS_FAILED);
    assert_non_null(strstr(only_finding(made).reason, "expired"));
    call.struct_size = 2;
    assert_int_equal(icecat_credentials_report(made, &call, &findings, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_credentials_report(NULL, NULL, &findings, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_credentials_report(made, NULL, NULL, &err), ICECAT_E_ARGUMENT);
    icecat_credentials_free(made);
    assert_int_equal(icecat_credentials_findings_count(NULL), 0);
    icecat_credentials_findings_free(NULL);
    assert_string_equal(icecat_credentials_source(NULL), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(values_that_are_none_are_named, set_up),
        cmocka_unit_test_setup(a_user_agent_is_printable, set_up),
        cmocka_unit_test_setup(a_retry_mode_that_is_taken_for_another_is_told, set_up),
        cmocka_unit_test_setup(a_client_tells_what_it_is, set_up),
        cmocka_unit_test_setup(keys_of_the_environment, set_up),
        cmocka_unit_test_setup(fixed_keys_that_cannot_be, set_up),
        cmocka_unit_test_setup(the_sources_refuse_half_of_a_setting, set_up),
        cmocka_unit_test_setup(a_report_of_one_line, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
