/*
 * service_error.h - what an answer means: a status, AWS's code, its message. Pure.
 */
#ifndef IC_SERVICE_ERROR_H
#define IC_SERVICE_ERROR_H

#include "aws/request.h"

/**
 * ICECAT_OK for a good answer. ICECAT_E_NO_MEMORY when there was none to read it. Else the status, with http_status, aws_code, request_id,
 * retry_after_ms and message of @p err filled; err->curl_code is left alone.
 */
icecat_status ic_service_error_read(const ic_request *request, const ic_response *response,
                                    icecat_error *err);

/** The status of an AWS error code; ICECAT_OK when the code says nothing by itself. */
icecat_status ic_service_error_status(ic_service service, const char *aws_code);

/** The region that an answer says the bucket is in. 1 when it names one that fits @p size. */
int ic_service_error_region(const ic_response *response, char *out, size_t size);

#endif
