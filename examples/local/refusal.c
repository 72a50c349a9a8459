/*
 * refusal.c - errors that come before a service.
 */
#include "refusal.h"

#include "json_answer.h"
#include "json_service.h"
#include "s3.h"
#include "s3_xml.h"

#include <stdio.h>
#include <string.h>

static const char closing[] = "</Error>";

static void add_element(s3_text *text, const char *name, const char *value)
{
    if (value != NULL)
        s3_xml_element(text, name, value);
}

/* S3's error with what helps to mend the signature before its end. */
static void add_hints(http_answer *answer, const auth_fault *fault)
{
    size_t len = sizeof(closing) - 1;
    s3_text text = { 0 };

    if (answer->body == NULL || answer->body_len < len ||
        memcmp(answer->body + answer->body_len - len, closing, len) != 0)
        return;
    s3_text_add(&text, (const char *)answer->body, answer->body_len - len);
    add_element(&text, "Region", fault->region);
    if (strcmp(fault->code, "SignatureDoesNotMatch") == 0) {
        add_element(&text, "StringToSign", fault->string_to_sign);
        add_element(&text, "CanonicalRequest", fault->canonical_request);
    }
    s3_text_puts(&text, closing);
    if (text.failed)
        answer->failed = 1;
    else
        http_answer_body(answer, text.data, text.len);
    s3_text_free(&text);
}

void refusal_json(http_answer *answer, const char *service, int http_status, const char *code,
                  const char *message)
{
    json_answer said = { http_status, code, cJSON_CreateObject() };
    char type[128];

    (void)snprintf(type, sizeof(type), "%s%s",
                   strcmp(service, "dynamodb") == 0 ? "com.amazon.coral.service#" : "", code);
    if (cJSON_AddStringToObject(said.body, "__type", type) == NULL ||
        cJSON_AddStringToObject(said.body, "message", message) == NULL) {
        cJSON_Delete(said.body);
        said.body = NULL;
    }
    json_service_answer(answer, service, &said);
}

/* The message with what the server signed behind it, between ' and line breaks as AWS has it. */
static void refuse_signature(http_answer *answer, const char *service, const auth_fault *fault)
{
    const char *const parts[] = {
        fault->message,           "\n\nThe Canonical String for this request should have been\n'",
        fault->canonical_request, "'\n\nThe String-to-Sign should have been\n'",
        fault->string_to_sign,    "'\n"
    };
    s3_text text = { 0 };

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        s3_text_puts(&text, parts[i]);
    refusal_json(answer, service, fault->http_status, fault->code,
                 text.failed ? fault->message : s3_text_string(&text));
    s3_text_free(&text);
}

void refusal_auth(http_answer *answer, const http_request *request, const char *service,
                  const auth_fault *fault)
{
    if (json_service_known(service)) {
        if (fault->canonical_request != NULL && fault->string_to_sign != NULL)
            refuse_signature(answer, service, fault);
        else
            refusal_json(answer, service, fault->http_status, fault->code, fault->message);
        return;
    }
    s3_error(answer, request, fault->http_status, fault->code, fault->message);
    add_hints(answer, fault);
}
