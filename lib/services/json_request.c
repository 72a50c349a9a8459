/*
 * json_request.c - what DynamoDB, Rekognition and SSM share.
 *
 * Source of the rule: AWS JSON 1.0 and 1.1 protocols (Smithy specification).
 */
#include "services/json_request.h"

#include "base/error.h"
#include "base/utf8.h"

#include <stdio.h>

static const char *target_prefix(ic_service service)
{
    if (service == IC_SERVICE_DYNAMODB)
        return "DynamoDB_20120810";
    return service == IC_SERVICE_REKOGNITION ? "RekognitionService" : "AmazonSSM";
}

icecat_status ic_json_request_init(ic_request *request, const ic_mem *mem, ic_service service,
                                   const char *operation, icecat_error *err)
{
    char target[80];
    icecat_status status;

    ic_request_init(request, mem, service, operation, "POST");
    snprintf(target, sizeof(target), "%s.%s", target_prefix(service), operation);
    status = ic_pairs_add(&request->headers, "content-type",
                          service == IC_SERVICE_DYNAMODB ? "application/x-amz-json-1.0"
                                                         : "application/x-amz-json-1.1");
    if (status == ICECAT_OK)
        status = ic_pairs_add(&request->headers, "x-amz-target", target);
    if (status == ICECAT_OK)
        status = ic_buf_add_char(&request->path, '/');
    if (status != ICECAT_OK)
        return ic_fail_memory(err, "a request");
    return ICECAT_OK;
}

icecat_status ic_json_request_end(ic_request *request, icecat_error *err)
{
    ic_request_use_own_body(request);
    return ic_buf_check(&request->own_body, "the body of the request", err);
}

icecat_status ic_json_answer(const ic_request *request, const ic_response *response, cJSON **tree,
                             icecat_error *err)
{
    char what[80];
    icecat_status status;

    *tree = NULL;
    snprintf(what, sizeof(what), "%s: the answer to %s", ic_service_name(request->service),
             request->operation);
    if (!ic_utf8_is_valid(response->body.data, response->body.len))
        return ic_fail(err, ICECAT_E_PROTOCOL, "%s is not UTF-8", what);
    status = ic_json_parse(response->body.data, response->body.len, what, tree, err);
    if (status != ICECAT_OK)
        return ic_error_recast(err, status == ICECAT_E_PARSE ? ICECAT_E_PROTOCOL : status);
    if (cJSON_IsObject(*tree))
        return ICECAT_OK;
    cJSON_Delete(*tree);
    *tree = NULL;
    return ic_fail(err, ICECAT_E_PROTOCOL, "%s is not a JSON object", what);
}

icecat_status ic_json_answer_check(const ic_request *request, const ic_response *response,
                                   icecat_error *err)
{
    cJSON *tree;
    icecat_status status = ic_json_answer(request, response, &tree, err);

    cJSON_Delete(tree);
    return status;
}
