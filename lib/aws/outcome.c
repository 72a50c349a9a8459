/*
 * outcome.c - how an attempt ended.
 */
#include "aws/outcome.h"

#include "aws/service_error.h"
#include "aws/signature_error.h"
#include "base/error.h"
#include "base/uri.h"

icecat_status ic_outcome_read(const ic_attempt *attempt, ic_call *call)
{
    const ic_exchange *exchange = &attempt->exchange;
    const ic_request *request = call->request;
    icecat_status status;
    ic_url url;

    if (exchange->status == ICECAT_OK) {
        status = ic_service_error_read(request, &call->response, &call->error);
        if (status == ICECAT_OK)
            status = ic_attempt_check(attempt, request, &call->response, &call->error);
        if (status == ICECAT_E_AUTH)
            ic_signature_error_explain(&attempt->signature, &call->response, &call->error);
        if (status != ICECAT_OK)
            ic_error_hide(&call->error, ic_pairs_get(&attempt->headers, "x-amz-security-token"));
        return status;
    }
    call->error = exchange->error;
    if (ic_url_parse(ic_buf_text(&attempt->address.url), &url))
        ic_error_prefix(&call->error, "%s: %s at %.*s", ic_service_name(request->service),
                        request->operation, (int)url.host.len, url.host.data);
    return exchange->status;
}

void ic_outcome_log(const ic_log *log, const ic_attempt *attempt, const ic_call *call,
                    icecat_status status)
{
    const ic_request *request = call->request;

    if (status == ICECAT_OK)
        ic_log_write(log, ICECAT_LOG_DEBUG, "http", "%s %s %s -> %d, attempt %u",
                     ic_service_name(request->service), request->operation,
                     ic_buf_text(&attempt->address.url), call->response.http_status,
                     call->attempts);
    else
        ic_log_write(log, ICECAT_LOG_INFO, "http", "%s, attempt %u", call->error.message,
                     call->attempts);
}
