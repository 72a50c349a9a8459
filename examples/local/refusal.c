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

/* S3's error with two more elements before its end. */
static void add_signing_texts(http_answer *answer, const auth_fault *fault)
{
    size_t kept = answer->body_len;
    s3_text text = { 0 };

    if (answer->body == NULL || kept < sizeof(closing) - 1 ||
        memcmp(answer->body + kept - (sizeof(closing) - 1), closing, sizeof(closing) - 1) != 0)
        return;
    s3_text_add(&text, (const char *)answer->body, kept - (sizeof(closing) - 1));
    s3_xml_element(&text, "StringToSign", fault->string_to_sign);
    s3_xml_element(&text, "CanonicalRequest", fault->canonical_request);
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

void refusal_auth(http_answer *answer, const http_request *request, const char *service,
                  const auth_fault *fault)
{
    if (json_service_known(service)) {
        refusal_json(answer, service, fault->http_status, fault->code, fault->message);
        return;
    }
    s3_error(answer, request, fault->http_status, fault->code, fault->message);
    if (strcmp(fault->code, "SignatureDoesNotMatch") == 0 && fault->canonical_request != NULL &&
        fault->string_to_sign != NULL)
        add_signing_texts(answer, fault);
}
