/*
 * shim_rekognition.c - what Rekognition sees.
 */
#include "shim_wire.h"

static void read_options(goicecat_call *call, icecat_rekognition_options *out)
{
    *out = (icecat_rekognition_options)ICECAT_REKOGNITION_OPTIONS_INIT;
    out->call = &call->bounds;
    out->include = goicecat_texts(call, &out->include_count);
    out->min_confidence = goicecat_real(call);
    out->max_labels = goicecat_number32(call);
}

typedef const char *(*name_at)(const icecat_labels *labels, size_t index, size_t at);

static void put_names(goicecat_writer *reply, const icecat_labels *labels, size_t index,
                      name_at names)
{
    size_t place = goicecat_put_place(reply);
    size_t count = 0;
    const char *name;

    while ((name = names(labels, index, count)) != NULL) {
        goicecat_put_text(reply, name);
        count++;
    }
    goicecat_set_number(reply, place, count);
}

static void put_boxes(goicecat_writer *reply, const icecat_labels *labels, size_t index)
{
    size_t place = goicecat_put_place(reply);
    icecat_label_box box = ICECAT_LABEL_BOX_INIT;
    size_t count = 0;

    while (icecat_labels_box(labels, index, count, &box)) {
        goicecat_put_real(reply, box.left);
        goicecat_put_real(reply, box.top);
        goicecat_put_real(reply, box.width);
        goicecat_put_real(reply, box.height);
        goicecat_put_real(reply, box.confidence);
        count++;
    }
    goicecat_set_number(reply, place, count);
}

static void put_labels(goicecat_writer *reply, icecat_labels *labels, const char *wanted)
{
    size_t count = icecat_labels_count(labels);
    double confidence = 0;

    goicecat_put_number(reply, (uint64_t)icecat_labels_verdict(labels, wanted, &confidence));
    goicecat_put_real(reply, confidence);
    goicecat_put_text(reply, icecat_labels_json(labels));
    goicecat_put_text(reply, icecat_labels_response(labels));
    goicecat_put_number(reply, count);
    for (size_t i = 0; i < count; i++) {
        goicecat_put_text(reply, icecat_labels_name(labels, i));
        goicecat_put_real(reply, icecat_labels_confidence(labels, i));
        put_names(reply, labels, i, icecat_labels_parent);
        put_names(reply, labels, i, icecat_labels_alias);
        put_boxes(reply, labels, i);
    }
    icecat_labels_free(labels);
}

GOICECAT_OPERATION(rekognition_detect)
{
    const char *wanted = goicecat_text(call);
    icecat_rekognition_options options;
    icecat_labels *labels = NULL;
    icecat_status status;

    read_options(call, &options);
    status = icecat_rekognition_detect_labels(goicecat_object(call), call->data, call->data_len,
                                              &options, &labels, goicecat_error_of(call));
    if (status == ICECAT_OK)
        put_labels(&call->reply, labels, wanted);
    return status;
}

GOICECAT_OPERATION(rekognition_detect_s3)
{
    const char *wanted = goicecat_text(call);
    const char *bucket = goicecat_text(call);
    const char *key = goicecat_text(call);
    icecat_rekognition_options options;
    icecat_labels *labels = NULL;
    icecat_status status;

    read_options(call, &options);
    status = icecat_rekognition_detect_labels_s3(goicecat_object(call), bucket, key, &options,
                                                 &labels, goicecat_error_of(call));
    if (status == ICECAT_OK)
        put_labels(&call->reply, labels, wanted);
    return status;
}
