/*
 * rekognition_request.c - DetectLabels.
 */
#include "services/rekognition_request.h"

#include "base/base64.h"
#include "base/error.h"
#include "services/json_request.h"

#include <string.h>

#define MAX_FILTERS 100
#define MAX_LABELS  1000

static icecat_status check(const ic_rekognition_image *image,
                           const icecat_rekognition_options *options, icecat_error *err)
{
    if (image->bucket == NULL && image->bytes.len == 0)
        return ic_fail(err, ICECAT_E_ARGUMENT, "the image is empty");
    if (image->bytes.len > ICECAT_REKOGNITION_MAX_BYTES)
        return ic_fail(
            err, ICECAT_E_LIMIT,
            "the image has %zu bytes; Rekognition takes %u in a request, and 15 MB from S3",
            image->bytes.len, ICECAT_REKOGNITION_MAX_BYTES);
    if (!(options->min_confidence >= 0 && options->min_confidence <= 100))
        return ic_fail(err, ICECAT_E_ARGUMENT, "min_confidence is %g; 0 to 100 are allowed",
                       options->min_confidence);
    if (options->max_labels > MAX_LABELS || options->include_count > MAX_FILTERS)
        return ic_fail(err, ICECAT_E_ARGUMENT, "at most %d labels and %d filters can be asked for",
                       MAX_LABELS, MAX_FILTERS);
    for (size_t i = 0; i < options->include_count; i++) {
        if (options->include == NULL || options->include[i] == NULL)
            return ic_fail(err, ICECAT_E_ARGUMENT, "label filter %zu is NULL", i);
    }
    return ICECAT_OK;
}

static void add_image(ic_buf *body, const ic_rekognition_image *image)
{
    if (image->bucket != NULL) {
        ic_buf_add_text(body, "{\"Image\":{\"S3Object\":{\"Bucket\":");
        ic_json_write_text(body, image->bucket);
        ic_buf_add_text(body, ",\"Name\":");
        ic_json_write_text(body, image->key);
        ic_buf_add_text(body, "}}");
        return;
    }
    /* Once at its full size, so that megabytes are not moved about. */
    ic_buf_reserve(body, (image->bytes.len + 2) / 3 * 4 + 512);
    ic_buf_add_text(body, "{\"Image\":{\"Bytes\":\"");
    ic_base64_encode(body, image->bytes.data, image->bytes.len);
    ic_buf_add_text(body, "\"}");
}

static void add_settings(ic_buf *body, const icecat_rekognition_options *options)
{
    if (options->max_labels != 0)
        ic_buf_add_format(body, ",\"MaxLabels\":%u", options->max_labels);
    if (options->min_confidence > 0) {
        ic_buf_add_text(body, ",\"MinConfidence\":");
        ic_json_write_double(body, options->min_confidence);
    }
    if (options->include_count == 0)
        return;
    ic_buf_add_text(body, ",\"Settings\":{\"GeneralLabels\":{\"LabelInclusionFilters\":[");
    for (size_t i = 0; i < options->include_count; i++) {
        if (i != 0)
            ic_buf_add_char(body, ',');
        ic_json_write_text(body, options->include[i]);
    }
    ic_buf_add_text(body, "]}}");
}

icecat_status ic_rekognition_detect_request(ic_request *request, const ic_mem *mem,
                                            const ic_rekognition_image *image,
                                            const icecat_rekognition_options *options,
                                            icecat_error *err)
{
    icecat_status status = ic_json_request_init(request, mem, IC_SERVICE_REKOGNITION,
                                                "DetectLabels", err);

    if (status == ICECAT_OK)
        status = check(image, options, err);
    if (status != ICECAT_OK)
        return status;
    request->subject = image->bucket != NULL ? image->key : "an image in memory";
    add_image(&request->own_body, image);
    add_settings(&request->own_body, options);
    ic_buf_add_char(&request->own_body, '}');
    return ic_json_request_end(request, err);
}
