/*
 * process_object.c - the steps of process that concern the object: read, judge, copy, delete.
 */
#include "pipeline/process.h"

#include "aws/engine.h"
#include "base/error.h"
#include "base/uri.h"
#include "pipeline/label_verdict.h"

#include <string.h>

#define HEADER_BYTES     65536
#define FILE_NAME_HEADER "x-amz-meta-original-file-name"

/* An object that is not there, but not a bucket that is not there: that is a wrong setting. */
static int is_no_object(icecat_status status, const icecat_error *err)
{
    return status == ICECAT_E_NOT_FOUND && strcmp(err->aws_code, "NoSuchBucket") != 0;
}

static icecat_status get(ic_process *p, const char *bucket, uint64_t range_len,
                         icecat_s3_object **out, icecat_error *err)
{
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    icecat_call_options call;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    if (status != ICECAT_OK)
        return status;
    options.call = &call;
    options.range_len = range_len;
    return icecat_s3_get_object(p->pipeline->client, bucket, p->key_text, &options, out, err);
}

/* Percent-encoded UTF-8, as submit writes it; what is not well encoded is taken as it is. */
static icecat_status keep_file_name(ic_process *p, const icecat_s3_object *object,
                                    icecat_error *err)
{
    const char *header = icecat_s3_object_header(object, FILE_NAME_HEADER);
    icecat_status status;
    ic_buf name;

    if (header == NULL || header[0] == '\0' || p->file_name != NULL)
        return ICECAT_OK;
    ic_buf_init(&name, &p->pipeline->mem, IC_MAX_FILE_NAME);
    status = ic_uri_decode(&name, ic_view_of(header), 0);
    if (status == ICECAT_E_PARSE) {
        ic_buf_reset(&name);
        ic_buf_add_text(&name, header);
    }
    status = ic_buf_check(&name, "a file name", err);
    if (status == ICECAT_OK)
        p->file_name = ic_buf_take(&name, NULL);
    ic_buf_free(&name);
    /* A name too long for the record is no reason to judge no cat. */
    return status == ICECAT_E_LIMIT ? ICECAT_OK : status;
}

static icecat_status judge_header(ic_process *p, const icecat_s3_object *object, icecat_error *err)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    uint64_t size = icecat_s3_object_size(object);
    icecat_error own;
    icecat_status status;

    options.profile = ICECAT_PROFILE_REKOGNITION_S3;
    options.total_bytes = size;
    status = icecat_image_probe(icecat_s3_object_data(object), icecat_s3_object_len(object),
                                &options, &info, &own);
    if (status == ICECAT_E_IMAGE_FORMAT || status == ICECAT_E_IMAGE_CORRUPT ||
        status == ICECAT_E_IMAGE_LIMIT) {
        ic_process_refuse(p, icecat_image_reason_name(info.reason), own.message);
        return ICECAT_OK;
    }
    if (status != ICECAT_OK) {
        if (err != NULL)
            *err = own;
        return status;
    }
    ic_process_note(p, "header: %s, %u x %u pixels, %llu bytes%s",
                    icecat_image_format_name(info.format), info.width_px, info.height_px,
                    (unsigned long long)size,
                    (info.warnings & ICECAT_IMAGE_WARN_HEADER_UNSEEN) != 0
                        ? "; longer than what was read, so Rekognition decides"
                        : "");
    return ICECAT_OK;
}

icecat_status ic_process_fetch(ic_process *p, const char *bucket, int *found, icecat_error *err)
{
    icecat_s3_object *object = NULL;
    icecat_error own;
    icecat_status status = get(p, bucket, HEADER_BYTES, &object, &own);

    /* An empty object has no first byte: S3 answers InvalidRange. Its metadata is still wanted. */
    if (status == ICECAT_E_VALIDATION && strcmp(own.aws_code, "InvalidRange") == 0)
        status = get(p, bucket, 0, &object, &own);
    *found = status == ICECAT_OK;
    if (is_no_object(status, &own)) {
        ic_process_note(p, "not in bucket %s", bucket);
        return ICECAT_OK;
    }
    if (status != ICECAT_OK) {
        if (err != NULL)
            *err = own;
        return status;
    }
    ic_process_note(p, "found in bucket %s", bucket);
    status = keep_file_name(p, object, err);
    if (status == ICECAT_OK)
        status = judge_header(p, object, err);
    icecat_s3_object_free(object);
    return status;
}

/* Rekognition names what it will refuse again: these two codes, and a wrong parameter, which can
   only be the image because every other parameter was checked when the pipeline was made. */
static int is_refusal(icecat_status status, const icecat_error *err)
{
    return status == ICECAT_E_REJECTED || (status == ICECAT_E_VALIDATION &&
                                           strcmp(err->aws_code, "InvalidParameterException") == 0);
}

static void note_verdict(ic_process *p)
{
    icecat_process_result *result = &p->result;

    result->label_count = (uint32_t)icecat_labels_count(p->labels);
    result->is_cat = (uint32_t)ic_labels_find(p->labels, p->pipeline->label, &p->label_index,
                                              &result->confidence);
    ic_process_note(p, "rekognition: %u labels of at least %g %%; %s: %s, %g %%",
                    result->label_count, p->pipeline->min_confidence, p->pipeline->label,
                    result->is_cat ? "yes" : "no", result->confidence);
}

icecat_status ic_process_detect(ic_process *p, icecat_error *err)
{
    icecat_rekognition_options options = ICECAT_REKOGNITION_OPTIONS_INIT;
    icecat_call_options call;
    icecat_error own;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    if (status != ICECAT_OK)
        return status;
    /* No filter and no MaxLabels: a cat that stands behind ten other labels is a cat. */
    options.call = &call;
    options.min_confidence = p->pipeline->min_confidence;
    icecat_labels_free(p->labels);
    p->labels = NULL;
    status = icecat_rekognition_detect_labels_s3(p->pipeline->client, p->bucket, p->key_text,
                                                 &options, &p->labels, &own);
    if (status == ICECAT_OK) {
        note_verdict(p);
        return ICECAT_OK;
    }
    if (is_refusal(status, &own)) {
        ic_process_refuse(p, own.aws_code, own.message);
        return ICECAT_OK;
    }
    p->is_vanished = is_no_object(status, &own);
    if (err != NULL)
        *err = own;
    return status;
}

/* What S3 said of the object, told on; @p own is S3's error. */
static icecat_status tell_fault(ic_process *p, icecat_status status, const icecat_error *own,
                                icecat_error *err)
{
    p->is_vanished = is_no_object(status, own);
    if (status != ICECAT_OK && err != NULL)
        *err = *own;
    return status;
}

icecat_status ic_process_head(ic_process *p, const char *bucket, icecat_s3_object **out,
                              icecat_error *err)
{
    icecat_call_options call;
    icecat_error own;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    if (status != ICECAT_OK)
        return status;
    status = icecat_s3_head_object(p->pipeline->client, bucket, p->key_text, &call, out, &own);
    return tell_fault(p, status, &own, err);
}

icecat_status ic_process_copy(ic_process *p, const char *from, const char *to, icecat_error *err)
{
    icecat_s3_copy_options options = ICECAT_S3_COPY_OPTIONS_INIT;

    return ic_process_copy_as(p, from, to, &options, err);
}

icecat_status ic_process_copy_as(ic_process *p, const char *from, const char *to,
                                 icecat_s3_copy_options *options, icecat_error *err)
{
    icecat_call_options call;
    icecat_error own;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    if (status != ICECAT_OK)
        return status;
    options->call = &call;
    status = icecat_s3_copy_object(p->pipeline->client, from, p->key_text, to, p->key_text, options,
                                   &own);
    options->call = NULL;
    if (status == ICECAT_OK)
        ic_process_note(p, "copied from bucket %s to bucket %s", from, to);
    return tell_fault(p, status, &own, err);
}

icecat_status ic_process_delete(ic_process *p, const char *bucket, icecat_error *err)
{
    icecat_call_options call;
    icecat_status status = ic_steps_next(&p->steps, &call, err);

    if (status != ICECAT_OK)
        return status;
    return icecat_s3_delete_object(p->pipeline->client, bucket, p->key_text, &call, err);
}
