/*
 * s3.c - the calls of S3.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "base/log.h"
#include "base/options.h"
#include "services/s3_request.h"
#include "services/s3_response.h"
#include "services/s3_settle.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_s3_put_options, reserved);
IC_NO_PADDING_AFTER(icecat_s3_put_result, version_id);
IC_NO_PADDING_AFTER(icecat_s3_get_options, max_bytes);
IC_NO_PADDING_AFTER(icecat_s3_copy_options, reserved);

void icecat_s3_put_options_init(icecat_s3_put_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

void icecat_s3_copy_options_init(icecat_s3_copy_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

void icecat_s3_get_options_init(icecat_s3_get_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

static icecat_status check_client(const icecat_client *client, icecat_error *err)
{
    ic_error_clear(err);
    return client != NULL ? ICECAT_OK : ic_fail(err, ICECAT_E_ARGUMENT, "client is NULL");
}

/* Send a request that was built with @p built, and free it. The caller frees @p response. */
static icecat_status send(icecat_client *client, ic_request *request, icecat_status built,
                          const icecat_call_options *call, ic_response *response, icecat_error *err)
{
    ic_bounds bounds;
    icecat_status status = built;

    memset(response, 0, sizeof(*response));
    if (status == ICECAT_OK)
        status = ic_bounds_load(&bounds, ic_client_clock(client), call, err);
    if (status == ICECAT_OK)
        status = ic_engine_call(client, request, &bounds, response, err);
    ic_request_free(request);
    return status;
}

/* Our own first try may be why the second was refused. Else the refusal stands, as @p err has it. */
static icecat_status settle(icecat_client *client, const ic_request *put, ic_s3_place place,
                            const ic_bounds *bounds, ic_response *response, icecat_error *err)
{
    ic_response there;
    ic_request head;
    icecat_status status = ic_s3_head_request(&head, ic_client_mem(client), place, NULL);

    memset(&there, 0, sizeof(there));
    if (status == ICECAT_OK)
        status = ic_s3_settle_request(&head);
    if (status == ICECAT_OK)
        status = ic_engine_call(client, &head, bounds, &there, NULL);
    ic_request_free(&head);
    if (status != ICECAT_OK || !ic_s3_settle(put, &there)) {
        ic_response_free(&there);
        return ICECAT_E_PRECONDITION;
    }
    ic_log_write(ic_client_log(client), ICECAT_LOG_INFO, "s3",
                 "the put was refused because an earlier try of it had been stored");
    ic_error_clear(err);
    ic_response_free(response);
    *response = there;
    return ICECAT_OK;
}

/* As send(), with the doubt about a conditional put settled. */
static icecat_status send_put(icecat_client *client, ic_request *put, ic_s3_place place,
                              const icecat_call_options *call, ic_response *response,
                              icecat_error *err)
{
    ic_bounds bounds;
    icecat_status status = ic_bounds_load(&bounds, ic_client_clock(client), call, err);

    if (status == ICECAT_OK)
        status = ic_engine_call(client, put, &bounds, response, err);
    if (ic_s3_is_doubtful(put, response, status))
        status = settle(client, put, place, &bounds, response, err);
    return status;
}

icecat_status icecat_s3_put_object(icecat_client *client, const char *bucket, const char *key,
                                   const void *data, size_t len,
                                   const icecat_s3_put_options *options, icecat_s3_put_result *out,
                                   icecat_error *err)
{
    ic_s3_place place = { bucket, key };
    icecat_s3_put_options own;
    icecat_s3_put_result result;
    ic_request request;
    ic_response response;
    icecat_status status = check_client(client, err);

    if (status == ICECAT_OK && data == NULL && len != 0)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "data is NULL but len is %zu", len);
    if (status == ICECAT_OK)
        status = IC_OPTIONS_LOAD(&own, options, icecat_s3_put_options, err);
    if (status == ICECAT_OK && own.reserved != 0)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "icecat_s3_put_options.reserved is not 0");
    if (status != ICECAT_OK)
        return status;
    memset(&response, 0, sizeof(response));
    status = ic_s3_put_request(&request, ic_client_mem(client), place, ic_view_n(data, len), &own,
                               err);
    if (status == ICECAT_OK)
        status = send_put(client, &request, place, own.call, &response, err);
    ic_request_free(&request);
    if (status == ICECAT_OK)
        status = ic_s3_put_parse(&response, &result, err);
    if (status == ICECAT_OK && out != NULL)
        status = IC_OPTIONS_STORE(out, &result, icecat_s3_put_result, err);
    ic_response_free(&response);
    return status;
}

icecat_status icecat_s3_get_object(icecat_client *client, const char *bucket, const char *key,
                                   const icecat_s3_get_options *options, icecat_s3_object **out,
                                   icecat_error *err)
{
    ic_s3_place place = { bucket, key };
    icecat_s3_get_options own;
    ic_request request;
    ic_response response;
    icecat_status status = check_client(client, err);

    if (status == ICECAT_OK && out == NULL)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    if (status == ICECAT_OK)
        status = IC_OPTIONS_LOAD(&own, options, icecat_s3_get_options, err);
    if (status != ICECAT_OK)
        return status;
    *out = NULL;
    status = ic_s3_get_request(&request, ic_client_mem(client), place, &own, err);
    status = send(client, &request, status, own.call, &response, err);
    if (status == ICECAT_OK)
        status = ic_s3_range_check(&response, own.range_start, own.range_len, err);
    if (status == ICECAT_OK)
        status = ic_s3_object_parse(&response, 0, out, err);
    ic_response_free(&response);
    return status;
}

icecat_status icecat_s3_head_object(icecat_client *client, const char *bucket, const char *key,
                                    const icecat_call_options *call, icecat_s3_object **out,
                                    icecat_error *err)
{
    ic_s3_place place = { bucket, key };
    ic_request request;
    ic_response response;
    icecat_status status = check_client(client, err);

    if (status == ICECAT_OK && out == NULL)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    if (status != ICECAT_OK)
        return status;
    *out = NULL;
    status = ic_s3_head_request(&request, ic_client_mem(client), place, err);
    status = send(client, &request, status, call, &response, err);
    if (status == ICECAT_OK)
        status = ic_s3_object_parse(&response, 1, out, err);
    ic_response_free(&response);
    return status;
}

icecat_status icecat_s3_copy_object(icecat_client *client, const char *source_bucket,
                                    const char *source_key, const char *bucket, const char *key,
                                    const icecat_s3_copy_options *options, icecat_error *err)
{
    ic_s3_place source = { source_bucket, source_key };
    ic_s3_place place = { bucket, key };
    icecat_s3_copy_options own;
    ic_request request;
    ic_response response;
    icecat_status status = check_client(client, err);

    if (status == ICECAT_OK)
        status = IC_OPTIONS_LOAD(&own, options, icecat_s3_copy_options, err);
    if (status == ICECAT_OK && own.reserved != 0)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "icecat_s3_copy_options.reserved is not 0");
    if (status != ICECAT_OK)
        return status;
    status = ic_s3_copy_request(&request, ic_client_mem(client), source, place, &own, err);
    status = send(client, &request, status, own.call, &response, err);
    if (status == ICECAT_OK)
        status = ic_s3_copy_check(&response, err);
    ic_response_free(&response);
    return status;
}

icecat_status icecat_s3_delete_object(icecat_client *client, const char *bucket, const char *key,
                                      const icecat_call_options *call, icecat_error *err)
{
    ic_s3_place place = { bucket, key };
    ic_request request;
    ic_response response;
    icecat_status status = check_client(client, err);

    if (status != ICECAT_OK)
        return status;
    status = ic_s3_delete_request(&request, ic_client_mem(client), place, err);
    status = send(client, &request, status, call, &response, err);
    if (status == ICECAT_OK)
        status = ic_s3_delete_check(&response, err);
    ic_response_free(&response);
    return status;
}
