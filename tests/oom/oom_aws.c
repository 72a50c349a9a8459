/*
 * oom_aws.c - a client whose requests are answered here, without a network.
 */
#include "oom_aws.h"

#include <string.h>
#include <strings.h>

static const char *header_of(const icecat_http_request *request, const char *name)
{
    for (size_t i = 0; i < request->headers_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

/* What each operation answers; of the JSON services by target, of S3 by method. */
static const char *json_of(const char *target)
{
    static const struct {
        const char *end;
        const char *body;
    } answers[] = {
        { ".GetItem", "{\"Item\":{\"a\":{\"N\":\"1\"},\"l\":{\"L\":[{\"S\":\"x\"}]}}}" },
        { ".UpdateItem", "{\"Attributes\":{\"a\":{\"N\":\"1\"}}}" },
        { ".Query", "{\"Items\":[{\"a\":{\"N\":\"1\"}},{\"a\":{\"N\":\"2\"}}]}" },
        { ".BatchGetItem", "{\"Responses\":{\"cats\":[{\"a\":{\"N\":\"1\"}}]}}" },
        { ".DetectLabels",
          "{\"Labels\":[{\"Name\":\"Cat\",\"Confidence\":98.5,\"Parents\":[{\"Name\":"
          "\"Animal\"}],\"Aliases\":[{\"Name\":\"Kitty\"}],\"Instances\":[{"
          "\"BoundingBox\":{\"Width\":0.5,\"Height\":0.5,\"Left\":0.1,\"Top\":0.1},"
          "\"Confidence\":98}]}],\"LabelModelVersion\":\"3.0\"}" },
        { ".GetParameters", "{\"Parameters\":[{\"Name\":\"/a\",\"Value\":\"b\"}]}" },
    };

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        if (strstr(target, answers[i].end) != NULL)
            return answers[i].body;
    }
    return "{}";
}

static const char *body_of(const icecat_http_request *request)
{
    const char *target = header_of(request, "x-amz-target");

    if (target != NULL)
        return json_of(target);
    if (strstr(request->url, "sts.") != NULL)
        return "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE"
               "</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token"
               "</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
               "</AssumeRoleResult></AssumeRoleResponse>";
    if (header_of(request, "x-amz-copy-source") != NULL)
        return "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>";
    return strcmp(request->method, "GET") == 0 ? "hello" : "";
}

static const char refusal[] =
    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\",\"Item\":{"
    "\"a\":{\"N\":\"1\"}},\"message\":\"The conditional request failed\"}";

/* Every write under a condition is refused. */
static int is_refused(const icecat_http_request *request)
{
    const char *body = request->body;
    size_t len = strlen("ConditionExpression");

    for (size_t i = 0; i + len <= request->body_len; i++) {
        if (memcmp(body + i, "ConditionExpression", len) == 0)
            return strstr(header_of(request, "x-amz-target"), "Query") == NULL;
    }
    return 0;
}

static icecat_status perform(const icecat_http_request *request, icecat_http_answer *answer,
                             void *userdata)
{
    int refused = is_refused(request);
    const char *body = refused ? refusal : body_of(request);
    icecat_status status = SWEPT(icecat_http_answer_status)(answer, refused ? 400 : 200);

    (void)userdata;
    if (status == ICECAT_OK)
        status = SWEPT(icecat_http_answer_header)(answer, "ETag", "\"e\"");
    if (status == ICECAT_OK)
        status = SWEPT(icecat_http_answer_header)(answer, "Date", "Tue, 15 Nov 1994 08:12:31 GMT");
    if (status == ICECAT_OK)
        status = SWEPT(icecat_http_answer_body)(answer, body, strlen(body));
    SWEPT(icecat_http_answer_explain)(answer, "no memory for the answer"); /* said in case of it */
    return status;
}

const icecat_transport oom_aws_transport = { perform, NULL };

icecat_credentials *oom_aws_keys(void)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_credentials *credentials = NULL;

    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    OOM_CHECK(icecat_credentials_new_static(&keys, &credentials, NULL) == ICECAT_OK);
    return credentials;
}

void oom_aws_options(const oom *o, const icecat_credentials *credentials,
                     icecat_client_options *options)
{
    icecat_client_options_init(options, sizeof(*options));
    options->region = "us-east-1";
    options->credentials = credentials;
    options->allocator = o->allocator;
    options->max_attempts = 1;
    options->stall_timeout_ms = 1000; /* so long libssl may say that it wants more */
    options->profile = "default";
    options->config_file = "/nonexistent/config";
    options->credentials_file = "/nonexistent/credentials";
    options->ignore_configured_endpoint_urls = ICECAT_SWITCH_ON;
    options->transport = &oom_aws_transport;
}

icecat_client *oom_aws_client(const oom *o)
{
    icecat_credentials *credentials = oom_aws_keys();
    icecat_client_options options;
    icecat_client *client = NULL;

    oom_aws_options(o, credentials, &options);
    OOM_CHECK(icecat_client_new(&options, &client, NULL) == ICECAT_OK);
    icecat_credentials_free(credentials);
    return client;
}
