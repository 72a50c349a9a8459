/*
 * submit.c - the options of the submit calls, and the call with one image in memory.
 */
#include "pipeline/submit.h"

#include "aws/engine.h"
#include "base/error.h"
#include "base/options.h"
#include "image/verdict.h"
#include "services/s3_response.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_submission, duplicate_of);
IC_NO_PADDING_AFTER(icecat_submit_options, upload_ts);
IC_NO_PADDING_AFTER(icecat_submit_counts, bytes_under_way);

#define MOST_BYTES   (5ull << 30)   /* what one put may hold */
#define MOST_SECONDS 253402300799ll /* the end of the year 9999 */

void icecat_submission_init(icecat_submission *submission, size_t struct_size)
{
    ic_options_init(submission, struct_size);
}

void icecat_submit_options_init(icecat_submit_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

void icecat_submit_counts_init(icecat_submit_counts *counts, size_t struct_size)
{
    ic_options_init(counts, struct_size);
}

static icecat_status check_batch_id(uint64_t batch_id, icecat_error *err)
{
    char digits[24];
    uint64_t same;
    ic_buf text;

    ic_buf_init_fixed(&text, digits, sizeof(digits));
    ic_buf_add_u64(&text, batch_id);
    if (ic_batch_id_read(ic_view_of(digits), &same))
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_ARGUMENT,
                   "batch id %s is not one: take it from icecat_batch_id_new()", digits);
}

static icecat_status load_image_options(ic_submit_plan *plan, const icecat_image_options *options,
                                        icecat_error *err)
{
    icecat_image_options s3 = { .struct_size = sizeof(s3),
                                .profile = ICECAT_PROFILE_REKOGNITION_S3 };
    int has_limit = options != NULL && options->max_bytes != 0;
    icecat_status status;

    status = ic_image_options_load(&plan->image, options != NULL ? options : &s3, err);
    plan->image.total_bytes = 0;
    plan->max_bytes = plan->image.max_bytes;
    if (!has_limit && (plan->no_validate || plan->image.profile == ICECAT_PROFILE_ANY))
        plan->max_bytes = IC_SUBMIT_MAX_BYTES;
    if (plan->max_bytes > MOST_BYTES)
        plan->max_bytes = MOST_BYTES;
    if (plan->max_bytes > SIZE_MAX / 2)
        plan->max_bytes = SIZE_MAX / 2;
    return status;
}

icecat_status ic_submit_plan_load(ic_submit_plan *plan, const icecat_pipeline *pipeline,
                                  uint64_t batch_id, const icecat_submit_options *options,
                                  icecat_error *err)
{
    icecat_submit_options own;
    icecat_status status;

    memset(plan, 0, sizeof(*plan));
    if (pipeline == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "pipeline is NULL");
    status = IC_OPTIONS_LOAD(&own, options, icecat_submit_options, err);
    if (status == ICECAT_OK)
        status = check_batch_id(batch_id, err);
    if (status == ICECAT_OK && (own.upload_ts < 0 || own.upload_ts > MOST_SECONDS))
        status = ic_fail(err, ICECAT_E_ARGUMENT, "upload_ts is %lld; 0 to %lld are allowed",
                         (long long)own.upload_ts, (long long)MOST_SECONDS);
    if (status != ICECAT_OK)
        return status;
    plan->is_known = own.is_known;
    plan->progress = own.progress;
    plan->upload_ts = own.upload_ts;
    plan->pipeline = pipeline;
    plan->batch_id = batch_id;
    plan->no_validate = own.no_validate != 0;
    plan->stop_at_failure = own.stop_at_failure != 0;
    status = load_image_options(plan, own.image, err);
    if (status == ICECAT_OK)
        status = ic_bounds_load(&plan->bounds, ic_client_clock(pipeline->client), own.call, err);
    if (status == ICECAT_OK)
        status = ic_pipeline_need(pipeline, IC_NEED_SOURCE | IC_NEED_CLIENT_ID, err);
    return status;
}

int64_t ic_submit_plan_time(const ic_submit_plan *plan)
{
    return plan->upload_ts != 0 ? plan->upload_ts
                                : ic_clock_unix_s(ic_client_clock(plan->pipeline->client));
}

/* Hash, check, name: everything before the network. */
static icecat_status prepare(const ic_submit_plan *plan, ic_submit_image *image, icecat_error *err)
{
    icecat_status status = ic_submit_image_hash(image, err);

    if (status == ICECAT_OK)
        status = ic_submit_image_judge(plan, image, err);
    if (status == ICECAT_OK)
        status = ic_submit_image_key(plan, image, ic_submit_plan_time(plan), err);
    return status;
}

static icecat_status upload(const ic_submit_plan *plan, const ic_submit_image *image,
                            icecat_error *err)
{
    ic_request request;
    ic_response response = { 0 };
    icecat_s3_put_result result;
    icecat_status status = ic_submit_image_request(plan, image, &request, err);

    if (status == ICECAT_OK)
        status = ic_engine_call(plan->pipeline->client, &request, &plan->bounds, &response, err);
    if (status == ICECAT_OK)
        status = ic_s3_put_parse(&response, &result, err);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

icecat_status icecat_pipeline_submit(icecat_pipeline *pipeline, uint64_t batch_id,
                                     const char *file_name, const void *data, size_t len,
                                     const icecat_submit_options *options, char *key_out,
                                     size_t key_len, icecat_error *err)
{
    ic_submit_image image = { .file_name = file_name,
                              .bytes = ic_view_n(data, len),
                              .size_bytes = len };
    ic_submit_plan plan;
    icecat_status status;

    ic_error_clear(err);
    if (key_out != NULL && key_len != 0)
        key_out[0] = '\0';
    status = ic_submit_plan_load(&plan, pipeline, batch_id, options, err);
    if (status == ICECAT_OK && data == NULL && len != 0)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "data is NULL but len is %zu", len);
    if (status == ICECAT_OK)
        status = prepare(&plan, &image, err);
    if (status == ICECAT_OK && key_out != NULL && strlen(image.key_text) >= key_len)
        status = ic_fail(err, ICECAT_E_ARGUMENT, "key_len is %zu; the key needs %zu bytes", key_len,
                         strlen(image.key_text) + 1);
    if (status == ICECAT_OK)
        status = upload(&plan, &image, err);
    if (status == ICECAT_OK && key_out != NULL)
        memcpy(key_out, image.key_text, strlen(image.key_text) + 1);
    return status;
}
