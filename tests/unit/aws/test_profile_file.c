/*
 * test_profile_file.c - the shared files of AWS, as people write them.
 */
#include "aws/profile_file.h"
#include "base/error.h"
#include "cmocka_all.h"
#include "scarce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char config_text[] = "\xef\xbb\xbf# a comment at the top\r\n"
                                  "[default]\r\n"
                                  "region = eu-west-1\r\n"
                                  "\r\n"
                                  "[profile dev] ; behind a header\n"
                                  "Region=eu-central-1   # behind a value\n"
                                  "role_arn = arn:aws:iam::123456789012:role/a#b\n"
                                  "  ; an indented comment\n"
                                  "s3 =\n"
                                  "  endpoint_url = http://127.0.0.1:9000\n"
                                  "\taddressing_style = path ; nested comment\n"
                                  "credential_process = /opt/get-keys\n"
                                  "    --account 1\n"
                                  "output = json\n"
                                  "[profile \"with blank\"]\n"
                                  "region = us-west-2\n"
                                  "[sso-session corp]\n"
                                  "sso_region = eu-west-1\n"
                                  "[services local]\n"
                                  "dynamodb =\n"
                                  "  endpoint_url = http://127.0.0.1:8000\n"
                                  "[plugins]\n"
                                  "cli_legacy = yes\n"
                                  "[profile dev]\n"
                                  "output = text\n"
                                  "[profile empty]\n"
                                  "[profile last]\n"
                                  "region = ap-south-1"; /* no line end at the end */

static const char credentials_text[] = "[default]\n"
                                       "aws_access_key_id = AKIDDEFAULT\n"
                                       "aws_secret_access_key = canary/secret+default=\n"
                                       "[dev]\n"
                                       "region = eu-north-1\n"
                                       "[profile odd]\n"
                                       "region = us-east-2\n";

static ic_profiles *parse_both(void)
{
    ic_profiles *profiles = ic_profiles_new(NULL);
    icecat_error err;

    assert_non_null(profiles);
    assert_int_equal(
        ic_profiles_parse(profiles, IC_PROFILE_CONFIG, "config", ic_view_of(config_text), &err),
        ICECAT_OK);
    assert_int_equal(ic_profiles_parse(profiles, IC_PROFILE_CREDENTIALS, "credentials",
                                       ic_view_of(credentials_text), &err),
                     ICECAT_OK);
    return profiles;
}

static const char *get(const ic_profiles *profiles, const char *name, const char *key)
{
    return ic_profiles_get(profiles, IC_SECTION_PROFILE, name, key);
}

static void settings_are_found(void **state)
{
    ic_profiles *profiles = parse_both();

    (void)state;
    assert_string_equal(get(profiles, "default", "region"), "eu-west-1");
    assert_string_equal(get(profiles, "default", "aws_secret_access_key"),
                        "canary/secret+default=");
    assert_string_equal(get(profiles, "with blank", "region"), "us-west-2");
    assert_string_equal(get(profiles, "last", "REGION"), "ap-south-1");
    assert_string_equal(get(profiles, "dev", "role_arn"), "arn:aws:iam::123456789012:role/a#b");
    assert_string_equal(get(profiles, "dev", "credential_process"), "/opt/get-keys\n--account 1");
    assert_null(get(profiles, "dev", "endpoint_url"));
    assert_null(get(profiles, "nobody", "region"));
    ic_profiles_free(profiles);
}

static void a_later_section_and_the_credentials_file_win(void **state)
{
    ic_profiles *profiles = parse_both();

    (void)state;
    assert_string_equal(get(profiles, "dev", "output"), "text");
    assert_string_equal(get(profiles, "dev", "region"), "eu-north-1");
    assert_string_equal(
        ic_profiles_get_of(profiles, IC_PROFILE_CONFIG, IC_SECTION_PROFILE, "dev", "region"),
        "eu-central-1");
    ic_profiles_free(profiles);
}

static void nested_settings_and_other_sections_are_found(void **state)
{
    ic_profiles *profiles = parse_both();

    (void)state;
    assert_string_equal(get(profiles, "dev", "s3"), "");
    assert_string_equal(
        ic_profiles_get_nested(profiles, IC_SECTION_PROFILE, "dev", "s3", "endpoint_url"),
        "http://127.0.0.1:9000");
    assert_string_equal(
        ic_profiles_get_nested(profiles, IC_SECTION_PROFILE, "dev", "S3", "addressing_style"),
        "path");
    assert_string_equal(
        ic_profiles_get_nested(profiles, IC_SECTION_SERVICES, "local", "dynamodb", "endpoint_url"),
        "http://127.0.0.1:8000");
    assert_string_equal(ic_profiles_get(profiles, IC_SECTION_SSO_SESSION, "corp", "sso_region"),
                        "eu-west-1");
    assert_true(ic_profiles_has(profiles, IC_SECTION_PROFILE, "empty"));
    assert_true(ic_profiles_has(profiles, IC_SECTION_OTHER, "plugins"));
    assert_false(ic_profiles_has(profiles, IC_SECTION_PROFILE, "plugins"));
    /* "[profile odd]" belongs into the other file. */
    assert_false(ic_profiles_has(profiles, IC_SECTION_PROFILE, "odd"));
    assert_true(ic_profiles_has(profiles, IC_SECTION_OTHER, "profile odd"));
    ic_profiles_free(profiles);
}

static void a_malformed_file_is_named_with_its_line(void **state)
{
    static const struct {
        const char *text;
        const char *place;
    } cases[] = {
        { "[default]\nregion = a\ncanary-secret\n", "f:3: " },
        { "aws_secret_access_key = canary-secret\n", "f:1: " },
        { "[default\n", "f:1: " },
        { "[]\n", "f:1: " },
        { "\n[default] canary-secret\n", "f:2: " },
        { "[default]\n = canary-secret\n", "f:2: " },
        { "[default]\n  canary-secret = b\n", "f:2: " },
        { "[default]\ns3 =\n  canary-secret\n", "f:3: " },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ic_profiles *profiles = ic_profiles_new(NULL);
        icecat_error err = { 0 };

        assert_int_equal(
            ic_profiles_parse(profiles, IC_PROFILE_CONFIG, "f", ic_view_of(cases[i].text), &err),
            ICECAT_E_CONFIG);
        assert_memory_equal(err.message, cases[i].place, strlen(cases[i].place));
        assert_null(strstr(err.message, "canary"));
        ic_profiles_free(profiles);
    }
}

static void a_nul_byte_is_refused(void **state)
{
    ic_profiles *profiles = ic_profiles_new(NULL);
    icecat_error err = { 0 };

    (void)state;
    assert_int_equal(ic_profiles_parse(profiles, IC_PROFILE_CONFIG, "f",
                                       ic_view_n("[default]\na\0b = c\n", 18), &err),
                     ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, "f:2: "));
    ic_profiles_free(profiles);
}

static void too_much_is_refused(void **state)
{
    size_t size = IC_PROFILE_FILE_MAX + 1;
    char *text = malloc(size);
    ic_profiles *profiles = ic_profiles_new(NULL);
    icecat_error err = { 0 };
    size_t len = 0;

    (void)state;
    memset(text, '\n', size);
    assert_int_equal(
        ic_profiles_parse(profiles, IC_PROFILE_CONFIG, "f", ic_view_n(text, size), &err),
        ICECAT_E_LIMIT);
    memcpy(text, "[a]\n", 4);
    for (len = 4; len + 4 < size && len < 4 + 4 * (size_t)IC_PROFILE_ITEMS_MAX; len += 4)
        memcpy(text + len, "a=b\n", 4);
    assert_int_equal(
        ic_profiles_parse(profiles, IC_PROFILE_CONFIG, "f", ic_view_n(text, len), &err),
        ICECAT_E_LIMIT);
    ic_profiles_free(profiles);
    free(text);
}

static void files_are_found_by_home_and_variables(void **state)
{
    char folder[] = "/tmp/icecat-profiles-XXXXXX";
    char path[128];
    ic_profiles *profiles = NULL;
    icecat_error err = { 0 };
    FILE *file;

    (void)state;
    assert_non_null(mkdtemp(folder));
    setenv("HOME", folder, 1);
    unsetenv("AWS_CONFIG_FILE");
    unsetenv("AWS_SHARED_CREDENTIALS_FILE");
    assert_int_equal(ic_profiles_load(NULL, NULL, NULL, &profiles, &err), ICECAT_OK);
    snprintf(path, sizeof(path), "%s/.aws/config", folder);
    assert_string_equal(ic_profiles_path(profiles, IC_PROFILE_CONFIG), path);
    assert_false(ic_profiles_has(profiles, IC_SECTION_PROFILE, "default"));
    ic_profiles_free(profiles);

    snprintf(path, sizeof(path), "%s/mine", folder);
    file = fopen(path, "w");
    fputs("[default]\nregion = eu-west-3\n", file);
    fclose(file);
    setenv("AWS_CONFIG_FILE", "~/mine", 1);
    assert_int_equal(ic_profiles_load(NULL, NULL, "/nowhere/at/all", &profiles, &err), ICECAT_OK);
    assert_string_equal(get(profiles, "default", "region"), "eu-west-3");
    ic_profiles_free(profiles);

    assert_int_equal(ic_profiles_load(NULL, folder, NULL, &profiles, &err), ICECAT_E_CONFIG);
    assert_non_null(strstr(err.message, folder));
    unlink(path);
    rmdir(folder);
}

static void the_profile_is_named_by_caller_or_environment(void **state)
{
    (void)state;
    unsetenv("AWS_PROFILE");
    unsetenv("AWS_DEFAULT_PROFILE");
    assert_string_equal(ic_profile_name(NULL), "default");
    setenv("AWS_DEFAULT_PROFILE", "old", 1);
    assert_string_equal(ic_profile_name(""), "old");
    setenv("AWS_PROFILE", "dev", 1);
    assert_string_equal(ic_profile_name(NULL), "dev");
    assert_string_equal(ic_profile_name("mine"), "mine");
    unsetenv("AWS_PROFILE");
    unsetenv("AWS_DEFAULT_PROFILE");
}

static void every_allocation_may_fail(void **state)
{
    icecat_status status = ICECAT_E_NO_MEMORY;
    size_t given = 0;

    (void)state;
    for (; status != ICECAT_OK; given++) {
        scarce s = { given, 0 };
        icecat_allocator allocator = scarce_allocator(&s);
        ic_profiles *profiles = ic_profiles_new(&allocator);
        icecat_error err = { 0 };

        status = profiles == NULL ? ICECAT_E_NO_MEMORY
                                  : ic_profiles_parse(profiles, IC_PROFILE_CONFIG, "config",
                                                      ic_view_of(config_text), &err);
        if (status != ICECAT_OK)
            assert_int_equal(status, ICECAT_E_NO_MEMORY);
        ic_profiles_free(profiles);
        assert_int_equal(s.live, 0);
        assert_true(given < 1000);
    }
    assert_true(given > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_found),
        cmocka_unit_test(a_later_section_and_the_credentials_file_win),
        cmocka_unit_test(nested_settings_and_other_sections_are_found),
        cmocka_unit_test(a_malformed_file_is_named_with_its_line),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(files_are_found_by_home_and_variables),
        cmocka_unit_test(the_profile_is_named_by_caller_or_environment),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
