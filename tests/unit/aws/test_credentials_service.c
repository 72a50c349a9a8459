/*
 * test_credentials_service.c - keys that a service gives: SSO, container, instance.
 */
#include "aws/engine.h"
#include "chain_rig.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- SSO ---- */

#define SSO_ANSWER                                                                                 \
    "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"" CANARY "\","        \
    "\"sessionToken\":\"" CANARY "-t\",\"expiration\":1764075600000}}"
#define SSO_PROFILE                                                                                \
    "[profile s]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Read Only\n"  \
    "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example/start\n"
/* printf corp | sha1sum; printf https://corp.example/start | sha1sum */
#define SESSION_FILE ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"
#define LEGACY_FILE  ".aws/sso/cache/f7c9b39d0b4c7a7d82c79307585f77e1c5e74378.json"
#define TOKEN(end)   "{\"accessToken\":\"" CANARY "-bearer\",\"expiresAt\":\"" end "\"}"

static const rig_reply sso_good[] = { { 200, ICECAT_OK, SSO_ANSWER } };

static void a_signed_in_user_has_keys(void **state)
{
    icecat_credentials *credentials;
    icecat_error err;
    ic_keys *keys;

    (void)state;
    rig_file(&place, ".aws/config", SSO_PROFILE);
    rig_file(&place, SESSION_FILE, TOKEN("2025-11-25T20:00:00Z"));
    rig_script(&place, sso_good, 1);
    credentials = rig_chain(&place, "s");
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    assert_string_equal(keys->access_key_id, "ASIASSO");
    assert_int_equal(keys->expires_unix_s, RIG_TIME + 3600);
    ic_keys_release(keys);
    icecat_credentials_free(credentials);
    assert_string_equal(place.requests[0].method, "GET");
    assert_string_equal(place.requests[0].url,
                        "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?"
                        "role_name=Read%20Only&account_id=123456789012");
    assert_in(place.requests[0].headers, "x-amz-sso_bearer_token: " CANARY "-bearer\n");
    assert_null(strstr(place.requests[0].headers, "authorization"));
}

static void the_older_form_without_a_session_works(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config",
             "[profile s]\nsso_account_id = 1\nsso_role_name = r\nsso_region = us-east-1\n"
             "sso_start_url = https://corp.example/start\n");
    rig_file(&place, LEGACY_FILE, TOKEN("2025-11-25T20:00:00UTC"));
    rig_script(&place, sso_good, 1);
    assert_string_equal(rig_look(&place, "s", &err), "sso ASIASSO");
}

static void who_has_not_signed_in_is_told_how(void **state)
{
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config", SSO_PROFILE);
    rig_script(&place, sso_good, 1);
    assert_string_equal(rig_look(&place, "s", &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "nobody has signed in: run `aws sso login --profile s`");
    rig_file(&place, SESSION_FILE, TOKEN("2025-11-25T11:59:00Z"));
    assert_string_equal(rig_look(&place, "s", &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "the sign-in has ended 60 s ago: run `aws sso login --profile s`");
    rig_file(&place, SESSION_FILE, "{\"accessToken\":\"" CANARY "\"}");
    assert_string_equal(rig_look(&place, "s", &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "no accessToken with an expiresAt");
    rig_file(&place, SESSION_FILE,
             "{\"accessToken\":\"a\\r\\nx-evil: " CANARY
             "\",\"expiresAt\":\"2025-11-25T20:00:00Z\"}");
    assert_string_equal(rig_look(&place, "s", &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "has a control character");
    rig_file(&place, SESSION_FILE, CANARY);
    assert_string_equal(rig_look(&place, "s", &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "is not JSON");
    assert_int_equal(place.asked, 0);
}

static void answers_of_sso_are_told_apart(void **state)
{
    static const struct {
        rig_reply reply;
        const char *look;
        const char *told;
    } cases[] = {
        { { 401, ICECAT_OK, "{}" }, "ICECAT_E_AUTH", "aws sso login --profile s" },
        { { 403, ICECAT_OK, "{}" }, "ICECAT_E_ACCESS", "SSO refuses role Read Only in account" },
        { { 500, ICECAT_OK, "" }, "ICECAT_E_UNAVAILABLE", "SSO answers HTTP 500" },
        { { 200, ICECAT_OK, "{\"roleCredentials\":{}}" }, "ICECAT_E_PROTOCOL", "has no keys" },
        { { 200, ICECAT_OK, CANARY }, "ICECAT_E_BAD_CREDENTIALS", "is not JSON" },
        { { 0, ICECAT_E_TLS, NULL }, "ICECAT_E_TLS", "SSO: scripted failure" },
    };
    icecat_error err;

    (void)state;
    rig_file(&place, ".aws/config", SSO_PROFILE);
    rig_file(&place, SESSION_FILE, TOKEN("2025-11-25T20:00:00Z"));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rig_script(&place, &cases[i].reply, 1);
        assert_string_equal(rig_look(&place, "s", &err), cases[i].look);
        assert_told(&err, cases[i].told);
    }
}

static void missing_settings_of_sso_are_named(void **state)
{
    static const char *const cases[][2] = {
        { "sso_session = nobody\nsso_role_name = r\n", "no [sso-session nobody]" },
        { "sso_role_name = r\nsso_account_id = 1\nsso_start_url = u\n", "sso_region is missing" },
        { "sso_role_name = r\nsso_account_id = 1\nsso_region = r\n", "sso_start_url is missing" },
        { "sso_role_name = r\nsso_start_url = u\nsso_region = r\n", "sso_account_id is missing" },
    };
    char text[256];
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        snprintf(text, sizeof(text), "[profile s]\n%s", cases[i][0]);
        rig_file(&place, ".aws/config", text);
        assert_string_equal(rig_look(&place, "s", &err), "ICECAT_E_CONFIG");
        assert_told(&err, cases[i][1]);
    }
}

/* ---- container ---- */

#define ROLE_ANSWER(id)                                                                            \
    "{\"Code\":\"Success\",\"AccessKeyId\":\"" id "\",\"SecretAccessKey\":\"" CANARY "\","         \
    "\"Token\":\"" CANARY "-t\",\"Expiration\":\"2025-11-25T13:00:00Z\",\"RoleArn\":\"arn:x\"}"

static const rig_reply container_good[] = { { 200, ICECAT_OK, ROLE_ANSWER("ASIACONT") } };

static void a_task_asks_the_address_of_ecs(void **state)
{
    icecat_error err;

    (void)state;
    setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/id?x=1", 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic " CANARY, 1);
    rig_script(&place, container_good, 1);
    assert_string_equal(rig_look(&place, NULL, &err), "container ASIACONT");
    assert_string_equal(place.requests[0].url, "http://169.254.170.2/v2/credentials/id?x=1");
    assert_in(place.requests[0].headers, "authorization: Basic " CANARY "\n");
    assert_true(place.requests[0].is_direct);
    setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil.example/", 1);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_CONFIG");
}

static void only_the_machine_itself_is_asked_without_tls(void **state)
{
    static const char *const allowed[] = {
        "http://localhost:8080/creds",   "http://127.0.0.1/c?a=b",
        "http://127.9.9.9:1/c",          "http://[::1]:2/c",
        "http://169.254.170.23/v1/cred", "http://[fd00:ec2::23]/v1",
        "https://keys.example.com/c",
    };
    static const char *const refused[] = {
        "http://example.com/c",
        "http://127.0.0.1.example.com/",
        "http://169.254.169.254/c",
        "http://localhost@example.com/",
        "http://127.example.com/",
        "ftp://localhost/",
        "localhost/c",
        "http://10.0.0.1/",
        "http://localhost/a b",
    };
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
        setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", allowed[i], 1);
        rig_script(&place, container_good, 1);
        assert_string_equal(rig_look(&place, NULL, &err), "container ASIACONT");
        assert_string_equal(place.requests[0].url, allowed[i]);
    }
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", refused[i], 1);
        rig_script(&place, container_good, 1);
        assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_CONFIG");
        assert_int_equal(place.asked, 0);
    }
}

static void the_token_file_wins_and_is_read_anew(void **state)
{
    icecat_credentials *credentials;
    icecat_error err;
    ic_keys *keys;

    (void)state;
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials", 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "unused", 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", rig_path(&place, "token"), 1);
    rig_file(&place, "token", "first\r\n");
    rig_script(&place, container_good, 1);
    credentials = rig_chain(&place, NULL);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    ic_keys_release(keys);
    rig_file(&place, "token", "second");
    atomic_store(&place.unix_s, RIG_TIME + 2900);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    ic_keys_release(keys);
    icecat_credentials_free(credentials);
    assert_in(place.requests[0].headers, "authorization: first\n");
    assert_in(place.requests[1].headers, "authorization: second\n");
    rig_file(&place, "token", CANARY "\r\nx-evil: 1");
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "line break");
}

static void failures_of_the_container_service_are_told(void **state)
{
    static const struct {
        rig_reply reply;
        const char *look;
        const char *told;
        size_t asked;
    } cases[] = {
        { { 404, ICECAT_OK, "" }, "ICECAT_E_ACCESS", "answers HTTP 404", 1 },
        { { 500, ICECAT_OK, "" }, "ICECAT_E_UNAVAILABLE", "answers HTTP 500", 3 },
        { { 0, ICECAT_E_TIMEOUT, NULL }, "ICECAT_E_TIMEOUT", "the container credentials", 3 },
        { { 200, ICECAT_OK, "{\"AccessKeyId\":\"A\"}" },
          "ICECAT_E_BAD_CREDENTIALS",
          "no SecretAccessKey",
          1 },
        { { 200, ICECAT_OK, "<" CANARY ">" }, "ICECAT_E_BAD_CREDENTIALS", "is not JSON", 1 },
    };
    icecat_error err;

    (void)state;
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/", 1);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rig_script(&place, &cases[i].reply, 1);
        assert_string_equal(rig_look(&place, NULL, &err), cases[i].look);
        assert_told(&err, cases[i].told);
        assert_int_equal(place.asked, cases[i].asked);
    }
}

/* ---- instance ---- */

static const rig_reply imds_good[] = { { 200, ICECAT_OK, CANARY "-imds-token" },
                                       { 200, ICECAT_OK, "my-role\n" },
                                       { 200, ICECAT_OK, ROLE_ANSWER("ASIAIMDS") } };

static void an_instance_is_asked_with_a_token_and_never_through_a_proxy(void **state)
{
    icecat_error err;

    (void)state;
    unsetenv("AWS_EC2_METADATA_DISABLED");
    rig_script(&place, imds_good, 3);
    assert_string_equal(rig_look(&place, NULL, &err), "imds ASIAIMDS");
    assert_string_equal(place.requests[0].method, "PUT");
    assert_string_equal(place.requests[0].url, "http://169.254.169.254/latest/api/token");
    assert_in(place.requests[0].headers, "x-aws-ec2-metadata-token-ttl-seconds: 21600\n");
    assert_string_equal(place.requests[1].method, "GET");
    assert_string_equal(place.requests[1].url,
                        "http://169.254.169.254/latest/meta-data/iam/security-credentials/");
    assert_in(place.requests[1].headers, "x-aws-ec2-metadata-token: " CANARY "-imds-token\n");
    assert_string_equal(place.requests[2].url,
                        "http://169.254.169.254/latest/meta-data/iam/security-credentials/my-role");
    for (size_t i = 0; i < 3; i++)
        assert_true(place.requests[i].is_direct);
}

static void an_instance_may_be_switched_off_or_be_elsewhere(void **state)
{
    icecat_error err;

    (void)state;
    setenv("AWS_EC2_METADATA_DISABLED", "TRUE", 1);
    rig_script(&place, imds_good, 3);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_NO_CREDENTIALS");
    assert_int_equal(place.asked, 0);
    unsetenv("AWS_EC2_METADATA_DISABLED");
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6", 1);
    assert_string_equal(rig_look(&place, NULL, &err), "imds ASIAIMDS");
    assert_string_equal(place.requests[0].url, "http://[fd00:ec2::254]/latest/api/token");
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:7/", 1);
    rig_script(&place, imds_good, 3);
    assert_string_equal(rig_look(&place, NULL, &err), "imds ASIAIMDS");
    assert_string_equal(place.requests[0].url, "http://127.0.0.1:7/latest/api/token");
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "nonsense", 1);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_CONFIG");
    unsetenv("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    setenv("AWS_METADATA_SERVICE_TIMEOUT", "soon", 1);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_CONFIG");
    assert_told(&err, "AWS_METADATA_SERVICE_TIMEOUT");
}

static void version_one_is_used_only_where_tokens_are_unknown(void **state)
{
    static const rig_reply old[] = { { 405, ICECAT_OK, "" },
                                     { 200, ICECAT_OK, "my-role" },
                                     { 200, ICECAT_OK, ROLE_ANSWER("ASIAOLD") } };
    static const rig_reply bad[] = { { 400, ICECAT_OK, "" } };
    icecat_error err;

    (void)state;
    unsetenv("AWS_EC2_METADATA_DISABLED");
    rig_script(&place, old, 3);
    assert_string_equal(rig_look(&place, NULL, &err), "imds ASIAOLD");
    assert_null(strstr(place.requests[1].headers, "token"));
    setenv("AWS_EC2_METADATA_V1_DISABLED", "true", 1);
    rig_script(&place, old, 3);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_NO_CREDENTIALS");
    assert_int_equal(place.asked, 1);
    unsetenv("AWS_EC2_METADATA_V1_DISABLED");
    rig_script(&place, bad, 1);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_NO_CREDENTIALS");
    assert_told(&err, "HTTP 400 to a request for a token");
}

static void a_token_that_ended_is_taken_anew(void **state)
{
    static const rig_reply ended[] = { { 200, ICECAT_OK, "token1" },
                                       { 401, ICECAT_OK, "" },
                                       { 200, ICECAT_OK, "token2" },
                                       { 200, ICECAT_OK, "my-role" },
                                       { 200, ICECAT_OK, ROLE_ANSWER("ASIANEW") } };
    icecat_error err;

    (void)state;
    unsetenv("AWS_EC2_METADATA_DISABLED");
    rig_script(&place, ended, 5);
    assert_string_equal(rig_look(&place, NULL, &err), "imds ASIANEW");
    assert_in(place.requests[3].headers, "x-aws-ec2-metadata-token: token2\n");
}

static void silence_means_no_instance_and_names_the_hop_limit(void **state)
{
    static const rig_reply silent[] = { { 0, ICECAT_E_TIMEOUT, NULL } };
    icecat_error err;

    (void)state;
    unsetenv("AWS_EC2_METADATA_DISABLED");
    rig_script(&place, silent, 1);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_NO_CREDENTIALS");
    assert_told(&err, "no answer from http://169.254.169.254");
    assert_told(&err, "hop limit");
    setenv("AWS_EC2_METADATA_V1_DISABLED", "true", 1);
    rig_script(&place, silent, 1);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_NO_CREDENTIALS");
    assert_int_equal(place.asked, 1);
    assert_told(&err, "hop limit");
}

static void an_instance_without_a_role_is_passed_over(void **state)
{
    static const rig_reply none[] = { { 200, ICECAT_OK, "token" }, { 404, ICECAT_OK, "" } };
    icecat_error err;

    (void)state;
    unsetenv("AWS_EC2_METADATA_DISABLED");
    rig_script(&place, none, 2);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_NO_CREDENTIALS");
    assert_told(&err, "the instance has no role");
}

static void a_document_may_tell_why_there_are_no_keys(void **state)
{
    static const rig_reply refused[] = { { 200, ICECAT_OK, "token" },
                                         { 200, ICECAT_OK, "my-role" },
                                         { 200, ICECAT_OK,
                                           "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":"
                                           "\"EC2 cannot assume the role\"}" } };
    static const rig_reply odd[] = { { 200, ICECAT_OK, "token" },
                                     { 200, ICECAT_OK, "<html> " CANARY } };
    icecat_error err;

    (void)state;
    unsetenv("AWS_EC2_METADATA_DISABLED");
    rig_script(&place, refused, 3);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_BAD_CREDENTIALS");
    assert_told(&err, "no keys for role my-role: AssumeRoleUnauthorizedAccess");
    rig_script(&place, odd, 2);
    assert_string_equal(rig_look(&place, NULL, &err), "ICECAT_E_NO_CREDENTIALS");
    assert_told(&err, "odd character");
}

/* Found once, the instance is the only one that is asked again; and its keys serve while it is down. */
static void an_instance_that_goes_down_is_not_given_up(void **state)
{
    static const rig_reply down[] = { { 0, ICECAT_E_CONNECT, NULL } };
    icecat_credentials *credentials;
    icecat_error err;
    ic_keys *keys;

    (void)state;
    unsetenv("AWS_EC2_METADATA_DISABLED");
    rig_script(&place, imds_good, 3);
    credentials = rig_chain(&place, NULL);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    ic_keys_release(keys);
    rig_file(&place, ".aws/credentials",
             "[default]\naws_access_key_id = AKIDLATER\naws_secret_access_key = " CANARY "\n");
    rig_script(&place, down, 1);
    atomic_store(&place.unix_s, RIG_TIME + 4000);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    assert_string_equal(keys->access_key_id, "ASIAIMDS");
    ic_keys_release(keys);
    assert_in(place.logged, "the old keys serve on");
    assert_null(strstr(place.logged, CANARY));
    icecat_credentials_free(credentials);
}

/* An embedder's network: gives keys, and takes what is signed with them. */
typedef struct own_network {
    int asked_for_keys;
    int asked_for_items;
    char authorization[512];
} own_network;

static icecat_status perform(const icecat_http_request *request, icecat_http_answer *answer,
                             void *userdata)
{
    own_network *own = userdata;
    int is_for_keys = strstr(request->url, "169.254.170.2/") != NULL;
    const char *body = is_for_keys ? ROLE_ANSWER("ASIAOWN") : "{}";

    own->asked_for_keys += is_for_keys;
    own->asked_for_items += !is_for_keys;
    for (size_t i = 0; i < request->headers_count; i++) {
        if (strcmp(request->headers[i].name, "authorization") == 0)
            snprintf(own->authorization, sizeof(own->authorization), "%s",
                     request->headers[i].value);
    }
    icecat_http_answer_status(answer, 200);
    return icecat_http_answer_body(answer, body, strlen(body));
}

static void a_client_looks_for_keys_at_its_first_request(void **state)
{
    own_network network = { 0, 0, "" };
    icecat_transport transport = { perform, &network };
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_client *client = NULL;
    icecat_error err;

    (void)state;
    setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/creds", 1);
    options.region = "eu-west-1";
    options.clock = &place.clock;
    options.transport = &transport;
    assert_int_equal(icecat_client_new(&options, &client, &err), ICECAT_OK);
    assert_string_equal(icecat_credentials_source(icecat_client_credentials(client)), "default");
    assert_int_equal(network.asked_for_keys, 0);
    for (int i = 1; i <= 2; i++) {
        ic_bounds bounds;
        ic_response response;
        ic_request request;

        assert_int_equal(ic_bounds_load(&bounds, &place.clock, NULL, &err), ICECAT_OK);
        ic_request_init(&request, ic_client_mem(client), IC_SERVICE_DYNAMODB, "GetItem", "POST");
        assert_int_equal(ic_engine_call(client, &request, &bounds, &response, &err), ICECAT_OK);
        ic_response_free(&response);
        ic_request_free(&request);
        assert_int_equal(network.asked_for_keys, 1);
        assert_int_equal(network.asked_for_items, i);
    }
    assert_in(network.authorization, "Credential=ASIAOWN/20251125/eu-west-1/dynamodb/");
    icecat_client_free(client);
}

static void a_report_keeps_its_deadline_and_the_keys_in_use(void **state)
{
    icecat_call_options options = ICECAT_CALL_OPTIONS_INIT;
    icecat_credentials_findings *findings = NULL;
    icecat_credentials *credentials;
    icecat_error err;
    ic_keys *keys;

    (void)state;
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/", 1);
    rig_script(&place, container_good, 1);
    credentials = rig_chain(&place, NULL);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    ic_keys_release(keys);
    place.hangs = 1;
    options.timeout_ms = 20;
    assert_int_equal(icecat_credentials_report(credentials, &options, &findings, &err),
                     ICECAT_E_DEADLINE);
    assert_null(findings);
    assert_int_equal(rig_keys(&place, credentials, &keys, &err), ICECAT_OK);
    ic_keys_release(keys);
    assert_int_equal(place.asked, 1);
    icecat_credentials_free(credentials);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    unsetenv("AWS_EC2_METADATA_DISABLED");
    rig_sweep(&place, NULL, imds_good, 3, 40);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "t", 1);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/", 1);
    rig_sweep(&place, NULL, container_good, 1, 40);
    rig_file(&place, ".aws/config", SSO_PROFILE);
    rig_file(&place, SESSION_FILE, TOKEN("2025-11-25T20:00:00Z"));
    rig_sweep(&place, "s", sso_good, 1, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_signed_in_user_has_keys),
        RIG_TEST(the_older_form_without_a_session_works),
        RIG_TEST(who_has_not_signed_in_is_told_how),
        RIG_TEST(answers_of_sso_are_told_apart),
        RIG_TEST(missing_settings_of_sso_are_named),
        RIG_TEST(a_task_asks_the_address_of_ecs),
        RIG_TEST(only_the_machine_itself_is_asked_without_tls),
        RIG_TEST(the_token_file_wins_and_is_read_anew),
        RIG_TEST(failures_of_the_container_service_are_told),
        RIG_TEST(an_instance_is_asked_with_a_token_and_never_through_a_proxy),
        RIG_TEST(an_instance_may_be_switched_off_or_be_elsewhere),
        RIG_TEST(version_one_is_used_only_where_tokens_are_unknown),
        RIG_TEST(a_token_that_ended_is_taken_anew),
        RIG_TEST(silence_means_no_instance_and_names_the_hop_limit),
        RIG_TEST(an_instance_without_a_role_is_passed_over),
        RIG_TEST(a_document_may_tell_why_there_are_no_keys),
        RIG_TEST(an_instance_that_goes_down_is_not_given_up),
        RIG_TEST(a_client_looks_for_keys_at_its_first_request),
        RIG_TEST(a_report_keeps_its_deadline_and_the_keys_in_use),
        RIG_TEST(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
