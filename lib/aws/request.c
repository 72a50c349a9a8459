/*
 * request.c - one HTTP request as a plain description, and its answer.
 */
#include "aws/request.h"

#include <string.h>

#define MAX_PATH     16384
#define MAX_QUERY    16384
#define MAX_HEADERS  100
#define MAX_HEAD     65536
#define MAX_OWN_BODY (16u << 20) /* 16 MB, the most that DynamoDB and Rekognition take */
#define MAX_ANSWER   (32u << 20)

const char *ic_service_name(ic_service service)
{
    static const char *const names[IC_SERVICE_COUNT] = { "s3", "dynamodb", "rekognition", "ssm" };

    return service < IC_SERVICE_COUNT ? names[service] : "?";
}

void ic_request_init(ic_request *request, const ic_mem *mem, ic_service service,
                     const char *operation, const char *method)
{
    memset(request, 0, sizeof(*request));
    request->mem = mem;
    request->service = service;
    request->operation = operation;
    request->method = method;
    request->max_answer = MAX_ANSWER;
    ic_buf_init(&request->path, mem, MAX_PATH);
    ic_buf_init(&request->query, mem, MAX_QUERY);
    ic_buf_init(&request->own_body, mem, MAX_OWN_BODY);
    ic_pairs_init(&request->headers, mem, MAX_HEADERS, MAX_HEAD);
}

void ic_request_free(ic_request *request)
{
    if (request->mem == NULL && request->operation == NULL)
        return;
    ic_mem_free(request->mem, request->bucket);
    ic_buf_free(&request->path);
    ic_buf_free(&request->query);
    ic_buf_free(&request->own_body);
    ic_pairs_free(&request->headers);
    memset(request, 0, sizeof(*request));
}

void ic_request_use_own_body(ic_request *request)
{
    request->body = ic_buf_text(&request->own_body);
    request->body_len = request->own_body.len;
}

void ic_response_init(ic_response *response, const ic_mem *mem, size_t max_body)
{
    memset(response, 0, sizeof(*response));
    response->mem = mem;
    ic_pairs_init(&response->headers, mem, MAX_HEADERS, MAX_HEAD);
    ic_buf_init(&response->body, mem, max_body);
}

void ic_response_free(ic_response *response)
{
    ic_pairs_free(&response->headers);
    ic_buf_free(&response->body);
    memset(response, 0, sizeof(*response));
}
