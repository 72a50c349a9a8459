/*
 * test_credentials_role.c - roles: chains of profiles, web identity, and what is asked of STS.
 */
#include "base/digest.h"
#include "chain_rig.h"
#include "cmocka_all.h"

#include <icecat/sigv4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER(action, id)                                                                         \
    "<" action "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" action "Result>"   \
    "<AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn></AssumedRoleUser><Credentials>"   \
    "<AccessKeyId>" id "</AccessKeyId><SecretAccessKey>" CANARY "/&amp;secret</SecretAccessKey>"   \
    "<SessionToken>" CANARY "/token==</SessionToken><Expiration>2025-11-25T13:00:00Z"              \
    "</Expiration></Credentials></" action "Result></" action "Response>"

static const rig_reply one_role[] = { { 200, ICECAT_OK, ANSWER("AssumeRole", "ASIAROLE") } };
static const rig_reply two_roles[] = { { 200, ICECAT_OK, ANSWER("AssumeRole", "ASIAFIRST") },
                                       { 200, ICECAT_OK, ANSWER("AssumeRole", "ASIASECOND") } };

#define BASE_KEYS "aws_access_key_id = AKIDBASE\naws_secret_access_key = " CANARY "\n"

static void a_role_is_assumed_with_the_keys_of_another_profile(void **state)
{
    icecat_error err;
    const rig_request *request = &place.requests[0];

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile r]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n"
             "role_session_name = me@here\nexternal_id = a b&c\nduration_seconds = 1800\n"
             "region = eu-west-1\n");
    rig_file(&place, ".aws/credentials", "[base]\n" BASE_KEYS);
    rig_script(&place, one_role, 1);
    assert_string_equal(rig_look(&place, "r", &err), "assume-role ASIAROLE");
    assert_int_equal(place.asked, 1);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->url, "https://sts.eu-west-1.amazonaws.com/");
    assert_string_equal(request->body,
                        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3A"
                        "role%2Fr&RoleSessionName=me%40here&ExternalId=a%20b%26c&"
                        "DurationSeconds=1800");
    assert_in(request->headers, "host: sts.eu-west-1.amazonaws.com\n");
    assert_in(request->headers, "content-type: application/x-www-form-urlencoded");
    assert_in(request->headers, "x-amz-date: 20251125T120000Z\n");
    assert_in(request->headers, "Credential=AKIDBASE/20251125/eu-west-1/sts/aws4_request");
    assert_null(strstr(request->headers, "x-amz-security-token"));
    assert_false(request->is_direct);
}

/* What is sent must be what the receiving side would accept. */
static void the_signature_verifies(void **state)
{
    static char scratch[65536];
    static char copy[4096];
    icecat_pair headers[16];
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_verify_options options = ICECAT_SIGV4_VERIFY_OPTIONS_INIT;
    icecat_sigv4_verdict verdict = ICECAT_SIGV4_VERDICT_INIT;
    char hash[IC_SHA256_HEX_SIZE];
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile r]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n"
             "region = eu-west-1\n[profile base]\naws_session_token = " CANARY "-t\n" BASE_KEYS);
    rig_script(&place, one_role, 1);
    assert_string_equal(rig_look(&place, "r", &err), "assume-role ASIAROLE");
    snprintf(copy, sizeof(copy), "%s", place.requests[0].headers);
    for (char *at = strtok(copy, "\n"); at != NULL; at = strtok(NULL, "\n")) {
        char *colon = strstr(at, ": ");

        *colon = '\0';
        headers[request.headers_count].name = at;
        headers[request.headers_count++].value = colon + 2;
    }
    assert_true(ic_sha256_hex(place.requests[0].body, strlen(place.requests[0].body), hash));
    request.method = "POST";
    request.path = "/";
    request.headers = headers;
    request.payload_hash = hash;
    options.secret_access_key = CANARY;
    options.region = "eu-west-1";
    options.service = "sts";
    options.unix_s = RIG_TIME;
    assert_int_equal(
        icecat_sigv4_verify(&request, &options, scratch, sizeof(scratch), &verdict, &err),
        ICECAT_OK);
    assert_in(place.requests[0].headers, "x-amz-security-token: " CANARY "-t\n");
}

static void roles_may_stand_behind_each_other(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile last]\nrole_arn = arn:aws:iam::1:role/last\nsource_profile = mid\n"
             "[profile mid]\nrole_arn = arn:aws:iam::1:role/mid\nsource_profile = base\n"
             "[profile base]\n" BASE_KEYS);
    rig_script(&place, two_roles, 2);
    assert_string_equal(rig_look(&place, "last", &err), "assume-role ASIASECOND");
    assert_int_equal(place.asked, 2);
    assert_in(place.requests[0].body, "role%2Fmid");
    assert_in(place.requests[0].headers, "Credential=AKIDBASE/");
    assert_in(place.requests[1].body, "role%2Flast");
    assert_in(place.requests[1].headers, "Credential=ASIAFIRST/");
    assert_in(place.requests[1].headers, "x-amz-security-token: " CANARY "/token==\n");
    assert_in(place.requests[1].body, "RoleSessionName=icecat-1764072000");
    /* No region anywhere: that of the global service. */
    assert_string_equal(place.requests[1].url, "https://sts.us-east-1.amazonaws.com/");
}

static void circles_are_found(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile a]\nrole_arn = arn:a\nsource_profile = b\n"
             "[profile b]\nrole_arn = arn:b\nsource_profile = c\n"
             "[profile c]\nrole_arn = arn:c\nsource_profile = a\n"
             "[profile self]\nrole_arn = arn:self\nsource_profile = self\n");
    rig_script(&place, one_role, 1);
    assert_string_equal(rig_look(&place, "a", &err), "ICECAT_E_CONFIG");
    assert_told(&err, "source_profile goes in a circle: a -> b -> c -> a");
    assert_string_equal(rig_look(&place, "self", &err), "ICECAT_E_CONFIG");
    assert_told(&err, "self -> self");
    assert_int_equal(place.asked, 0);
}

static void a_profile_with_keys_may_be_its_own_source(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile self]\nrole_arn = arn:self\nsource_profile = self\n" BASE_KEYS);
    rig_script(&place, one_role, 1);
    assert_string_equal(rig_look(&place, "self", &err), "assume-role ASIAROLE");
    assert_in(place.requests[0].headers, "Credential=AKIDBASE/");
}

static void mistakes_in_a_role_are_named(void **state)
{
    static const char *const cases[][2] = {
        { "source_profile = nobody\n", "the source_profile \"nobody\" does not exist" },
        { "source_profile = base\ncredential_source = Environment\n", "has both" },
        { "region = eu-west-1\n", "neither source_profile nor credential_source" },
        { "credential_source = Magic\n", "credential_source is \"Magic\"" },
        { "credential_source = Environment\n", "AWS_ACCESS_KEY_ID and" },
        { "source_profile = base\nmfa_serial = arn:mfa\n", "mfa_serial" },
        { "source_profile = base\nduration_seconds = 60\n", "duration_seconds is \"60\"" },
        { "source_profile = bare\n",
          "profile \"bare\", the source_profile of another, has no keys" },
    };
    char text[512];
    icecat_error err;

    (void)state;
    rig_script(&place, one_role, 1);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        icecat_credentials *credentials;
        ic_keys *keys;

        snprintf(text, sizeof(text),
                 "[profile r]\nrole_arn = arn:r\n%s[profile base]\n" BASE_KEYS
                 "[profile bare]\nregion = x\n",
                 cases[i][0]);
        rig_file(&place, ".aws/config", text);
        credentials = rig_chain(&place, "r");
        assert_int_not_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
        assert_int_not_equal(err.status, ICECAT_E_NO_CREDENTIALS);
        assert_told(&err, cases[i][1]);
        assert_told(&err, "credentials from assume-role: profile \"r\"");
        icecat_credentials_free(credentials);
    }
    assert_int_equal(place.asked, 0);
}

static void the_environment_may_be_the_source_of_a_role(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile r]\nrole_arn = arn:r\ncredential_source = Environment\n");
    setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", CANARY, 1);
    rig_script(&place, one_role, 1);
    assert_string_equal(rig_look(&place, "r", &err), "assume-role ASIAROLE");
    assert_in(place.requests[0].headers, "Credential=AKIDENV/");
}

static void a_refusal_of_sts_is_told(void **state)
{
    static const rig_reply refusal[] = {
        { 403, ICECAT_OK,
          "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User x is "
          "not "
          "authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>" }
    };
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile r]\nrole_arn = arn:r\nsource_profile = base\n[profile base]\n" BASE_KEYS);
    rig_script(&place, refusal, 1);
    assert_string_equal(rig_look(&place, "r", &err), "ICECAT_E_ACCESS");
    assert_told(&err, "STS refuses AssumeRole of arn:r: AccessDenied (HTTP 403): User x is not");
    assert_string_equal(err.aws_code, "AccessDenied");
    assert_int_equal(err.http_status, 403);
    assert_int_equal(place.asked, 1);
}

static void a_failing_sts_is_asked_three_times(void **state)
{
    static const rig_reply late[] = { { 503, ICECAT_OK, "" },
                                      { 0, ICECAT_E_CONNECT, NULL },
                                      { 200, ICECAT_OK, ANSWER("AssumeRole", "ASIALATE") } };
    static const rig_reply never[] = { { 0, ICECAT_E_CONNECT, NULL } };
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile r]\nrole_arn = arn:r\nsource_profile = base\n[profile base]\n" BASE_KEYS);
    rig_script(&place, late, 3);
    assert_string_equal(rig_look(&place, "r", &err), "assume-role ASIALATE");
    rig_script(&place, never, 1);
    assert_string_equal(rig_look(&place, "r", &err), "ICECAT_E_CONNECT");
    assert_told(&err, "AssumeRole at sts.us-east-1.amazonaws.com: scripted failure");
    assert_int_equal(place.asked, 3);
}

static void a_silent_sts_times_out(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile r]\nrole_arn = arn:r\nsource_profile = base\n[profile base]\n" BASE_KEYS);
    rig_script(&place, one_role, 1);
    place.hangs = 1;
    assert_string_equal(rig_look(&place, "r", &err), "ICECAT_E_TIMEOUT");
    assert_told(&err, "no answer within 200 ms");
}

static void a_good_answer_without_keys_is_refused(void **state)
{
    static const rig_reply odd[] = {
        { 200, ICECAT_OK, "<html>" CANARY "</html>" },
        { 200, ICECAT_OK,
          "<AccessKeyId>A</AccessKeyId><SecretAccessKey>" CANARY "</SecretAccessKey>" },
        { 200, ICECAT_OK, "" },
    };
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile r]\nrole_arn = arn:r\nsource_profile = base\n[profile base]\n" BASE_KEYS);
    for (size_t i = 0; i < 3; i++) {
        rig_script(&place, &odd[i], 1);
        assert_string_equal(rig_look(&place, "r", &err), "ICECAT_E_PROTOCOL");
        assert_told(&err, "has no keys with a token and an end");
    }
}

static void the_endpoint_of_sts_may_be_set(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile r]\nrole_arn = arn:r\nsource_profile = base\nservices = s\n"
             "endpoint_url = http://profile:1\n[profile base]\n" BASE_KEYS
             "endpoint_url = http://profile:1\nservices = s\n"
             "[services s]\nsts =\n  endpoint_url = http://service:2/path/\n");
    rig_script(&place, one_role, 1);
    rig_look(&place, "r", &err);
    assert_string_equal(place.requests[0].url, "http://service:2/path/");
    assert_in(place.requests[0].headers, "host: service:2\n");
    setenv("AWS_ENDPOINT_URL", "http://all:3", 1);
    rig_script(&place, one_role, 1);
    rig_look(&place, "r", &err);
    assert_string_equal(place.requests[0].url, "http://all:3/");
    setenv("AWS_ENDPOINT_URL_STS", "http://sts:4", 1);
    rig_script(&place, one_role, 1);
    rig_look(&place, "r", &err);
    assert_string_equal(place.requests[0].url, "http://sts:4/");
    setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true", 1);
    setenv("AWS_REGION", "cn-north-1", 1);
    rig_script(&place, one_role, 1);
    rig_look(&place, "r", &err);
    assert_string_equal(place.requests[0].url, "https://sts.cn-north-1.amazonaws.com.cn/");
    setenv("AWS_REGION", "evil.example.com/", 1);
    assert_string_equal(rig_look(&place, "r", &err), "ICECAT_E_CONFIG");
}

static const rig_reply web_role[] = { { 200, ICECAT_OK,
                                        ANSWER("AssumeRoleWithWebIdentity", "ASIAWEB") } };

static void web_identity_is_asked_for_without_a_signature(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, "token", CANARY ".jwt.raw\n");
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", rig_path(&place, "token"), 1);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "AWS_ROLE_ARN");
    setenv("AWS_ROLE_ARN", "arn:aws:iam::1:role/web", 1);
    setenv("AWS_ROLE_SESSION_NAME", "pod", 1);
    rig_script(&place, web_role, 1);
    assert_string_equal(rig_look(&place, NULL, &err), "web-identity ASIAWEB");
    assert_string_equal(place.requests[0].body,
                        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3A"
                        "iam%3A%3A1%3Arole%2Fweb&RoleSessionName=pod&WebIdentityToken=" CANARY
                        ".jwt.raw");
    assert_null(strstr(place.requests[0].headers, "authorization"));
}

static void the_token_is_read_again_at_each_refresh(void **state)
{
    icecat_credentials *credentials;
    icecat_error err;
    ic_keys *keys;

    (void)state;
    rig_file(&place, "token", "first");
    rig_file(&place, ".aws/config",
             "[profile w]\nrole_arn = arn:w\nweb_identity_token_file = ~/token\n");
    rig_script(&place, web_role, 1);
    credentials = rig_chain(&place, "w");
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    ic_keys_release(keys);
    rig_file(&place, "token", "second");
    atomic_store(&place.unix_s, RIG_TIME + 2800);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    ic_keys_release(keys);
    assert_int_equal(place.asked, 2);
    assert_in(place.requests[0].body, "WebIdentityToken=first");
    assert_in(place.requests[1].body, "WebIdentityToken=second");
    icecat_credentials_free(credentials);
}

static void a_bad_token_file_is_named(void **state)
{
    static const char *const texts[] = { "", "\n", "two words", "{\n" CANARY "\n}" };
    icecat_error err;

    (void)state;
    setenv("AWS_ROLE_ARN", "arn:w", 1);
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", rig_path(&place, "token"), 1);
    rig_script(&place, web_role, 1);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "/token: No such file");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        rig_file(&place, "token", texts[i]);
        assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_BAD_CREDENTIALS");
        assert_told(&err, "/token is ");
    }
    assert_int_equal(place.asked, 0);
}

static void every_allocation_of_a_role_may_fail(void **state)
{
    (void)state;
    rig_file(&place, ".aws/config",
             "[profile last]\nrole_arn = arn:aws:iam::1:role/last\nsource_profile = mid\n"
             "[profile mid]\nrole_arn = arn:aws:iam::1:role/mid\nsource_profile = base\n"
             "[profile base]\n" BASE_KEYS);
    rig_sweep(&place, "last", two_roles, 2, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_role_is_assumed_with_the_keys_of_another_profile),
        RIG_TEST(the_signature_verifies),
        RIG_TEST(roles_may_stand_behind_each_other),
        RIG_TEST(circles_are_found),
        RIG_TEST(a_profile_with_keys_may_be_its_own_source),
        RIG_TEST(mistakes_in_a_role_are_named),
        RIG_TEST(the_environment_may_be_the_source_of_a_role),
        RIG_TEST(a_refusal_of_sts_is_told),
        RIG_TEST(a_failing_sts_is_asked_three_times),
        RIG_TEST(a_silent_sts_times_out),
        RIG_TEST(a_good_answer_without_keys_is_refused),
        RIG_TEST(the_endpoint_of_sts_may_be_set),
        RIG_TEST(web_identity_is_asked_for_without_a_signature),
        RIG_TEST(the_token_is_read_again_at_each_refresh),
        RIG_TEST(a_bad_token_file_is_named),
        RIG_TEST(every_allocation_of_a_role_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
