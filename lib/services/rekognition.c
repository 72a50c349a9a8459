/*
 * rekognition.c - the DetectLabels calls.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "base/options.h"
#include "services/labels.h"
#include "services/rekognition_request.h"
#include "services/s3_request.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_rekognition_options, reserved);

void icecat_rekognition_options_init(icecat_rekognition_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

static icecat_status detect(icecat_client *client, const ic_rekognition_image *image,
                            const icecat_rekognition_options *options, icecat_labels **out,
                            icecat_error *err)
{
    icecat_rekognition_options own;
    ic_request request;
    ic_response response;
    ic_bounds bounds;
    icecat_status status = IC_OPTIONS_LOAD(&own, options, icecat_rekognition_options, err);

    *out = NULL;
    if (status == ICECAT_OK && own.reserved != 0)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "icecat_rekognition_options.reserved is not 0");
    if (status == ICECAT_OK)
        status = ic_bounds_load(&bounds, ic_client_clock(client), own.call, err);
    if (status != ICECAT_OK)
        return status;
    memset(&response, 0, sizeof(response));
    status = ic_rekognition_detect_request(&request, ic_client_mem(client), image, &own, err);
    if (status == ICECAT_OK)
        status = ic_engine_call(client, &request, &bounds, &response, err);
    if (status == ICECAT_OK)
        status = ic_labels_parse(ic_client_mem(client),
                                 ic_view_n(response.body.data, response.body.len), out, err);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

icecat_status icecat_rekognition_detect_labels(icecat_client *client, const void *data, size_t len,
                                               const icecat_rekognition_options *options,
                                               icecat_labels **out, icecat_error *err)
{
    ic_rekognition_image image = { { data, len }, NULL, NULL };

    ic_error_clear(err);
    if (client == NULL || out == NULL || (data == NULL && len != 0))
        return ic_fail(err, ICECAT_E_ARGUMENT, "client, data or out is NULL");
    return detect(client, &image, options, out, err);
}

icecat_status icecat_rekognition_detect_labels_s3(icecat_client *client, const char *bucket,
                                                  const char *key,
                                                  const icecat_rekognition_options *options,
                                                  icecat_labels **out, icecat_error *err)
{
    ic_rekognition_image image = { { NULL, 0 }, bucket, key };
    icecat_status status;

    ic_error_clear(err);
    if (client == NULL || out == NULL || key == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "client, key or out is NULL");
    *out = NULL;
    status = ic_s3_bucket_check(bucket, err);
    return status == ICECAT_OK ? detect(client, &image, options, out, err) : status;
}
