/*
 * json_service.c - targets, content types, error types and checksums of the JSON protocols.
 *
 * Source of the rules: AWS JSON 1.0 and 1.1 protocols (Smithy specification); x-amz-crc32: Amazon
 * DynamoDB developer guide, "DynamoDB low-level API".
 */
#include "json_service.h"

#include "digest.h"
#include "refusal.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *service;
    const char *target; /* what X-Amz-Target begins with */
    const char *content_type;
    int has_crc32;
} protocols[] = {
    { "dynamodb", "DynamoDB_20120810.", "application/x-amz-json-1.0", 1 },
    { "rekognition", "RekognitionService.", "application/x-amz-json-1.1", 0 },
    { "ssm", "AmazonSSM.", "application/x-amz-json-1.1", 0 },
};

#define PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

static size_t protocol_of(const char *service)
{
    size_t at = 0;

    while (at < PROTOCOLS && strcmp(protocols[at].service, service) != 0)
        at++;
    return at;
}

int json_service_known(const char *service)
{
    return protocol_of(service) < PROTOCOLS;
}

static cJSON *parse(const unsigned char *body, size_t len)
{
    const char *text = (const char *)body;
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text, len, &end, 0);

    if (json == NULL)
        return NULL;
    while (end < text + len && strchr(" \t\r\n", *end) != NULL && *end != '\0')
        end++;
    if (end == text + len)
        return json;
    cJSON_Delete(json);
    return NULL;
}

int json_service_read(const http_request *request, const char *service, const unsigned char *body,
                      size_t body_len, json_request *out, http_answer *answer)
{
    const char *target = http_request_header(request, "x-amz-target");
    const char *prefix = protocols[protocol_of(service)].target;

    *out = (json_request){ 0 };
    if (strcmp(request->method, "POST") != 0 || target == NULL ||
        strncmp(target, prefix, strlen(prefix)) != 0) {
        refusal_json(answer, service, 400, "UnknownOperationException",
                     "a request is a POST with the header X-Amz-Target: SERVICE.OPERATION");
        return 0;
    }
    out->operation = target + strlen(prefix);
    out->input = parse(body, body_len);
    if (out->input == NULL) {
        refusal_json(answer, service, 400, "SerializationException", "the body is not JSON");
        return 0;
    }
    return 1;
}

static void add_crc32(http_answer *answer)
{
    char text[16];

    (void)snprintf(text, sizeof(text), "%lu",
                   (unsigned long)digest_crc32(answer->body, answer->body_len));
    http_answer_header(answer, "x-amz-crc32", text);
}

void json_service_answer(http_answer *answer, const char *service, json_answer *said)
{
    size_t protocol = protocol_of(service);
    char *text = said->body == NULL ? NULL : cJSON_PrintUnformatted(said->body);

    answer->status = said->http_status;
    http_answer_header(answer, "Content-Type", protocols[protocol].content_type);
    if (said->error_type != NULL)
        http_answer_header(answer, "x-amzn-ErrorType", said->error_type);
    if (text == NULL)
        answer->failed = 1;
    else
        http_answer_body(answer, text, strlen(text));
    if (protocols[protocol].has_crc32 && !answer->failed)
        add_crc32(answer);
    cJSON_free(text);
    cJSON_Delete(said->body);
    said->body = NULL;
}
