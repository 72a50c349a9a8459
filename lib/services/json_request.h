/*
 * json_request.h - what DynamoDB, Rekognition and SSM share: POST / with a target and a JSON body.
 */
#ifndef IC_JSON_REQUEST_H
#define IC_JSON_REQUEST_H

#include "aws/request.h"
#include "base/json.h"

/** Begin a request of @p operation; the body is then written to request->own_body. */
icecat_status ic_json_request_init(ic_request *request, const ic_mem *mem, ic_service service,
                                   const char *operation, icecat_error *err);

/** End it: the body is complete. Reports a failure to write it. */
icecat_status ic_json_request_end(ic_request *request, icecat_error *err);

/** Parse an answer into a tree. ICECAT_E_PROTOCOL when it is not a JSON object. */
icecat_status ic_json_answer(const ic_request *request, const ic_response *response, cJSON **tree,
                             icecat_error *err);

/** As ic_json_answer(), for who needs nothing of it: a write is believed only when the service can have answered. */
icecat_status ic_json_answer_check(const ic_request *request, const ic_response *response,
                                   icecat_error *err);

#endif
