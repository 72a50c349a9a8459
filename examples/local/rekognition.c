/*
 * rekognition.c - DetectLabels: check the picture's header, look, shape the answer.
 *
 * Source of the shape: Amazon Rekognition API Reference, "DetectLabels". Of the errors: developer
 * guide, "Error handling".
 */
#include "rekognition.h"

#include "rekognition_input.h"

#include <icecat/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODEL_VERSION "3.0"

struct rekognition_job {
    rekognition_input input;
    icecat_image_info info;
    eye_labels labels;
    eye_status status;
    int looked;
    char why[EYE_WHY_SIZE];
};

static json_answer fault_answer(const char *type, const char *message)
{
    json_answer answer = { 400, type, cJSON_CreateObject() };

    if (strcmp(type, "InternalServerError") == 0)
        answer.http_status = 500;
    if (cJSON_AddStringToObject(answer.body, "__type", type) == NULL ||
        cJSON_AddStringToObject(answer.body, "Code", type) == NULL ||
        cJSON_AddStringToObject(answer.body, "Message", message) == NULL) {
        cJSON_Delete(answer.body);
        answer.body = NULL;
    }
    return answer;
}

/* The service names no fault of a picture; the reason is added for whoever reads it. */
static int check_image(rekognition_job *job, rekognition_fault *fault)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_error err = { 0 };
    icecat_status status;

    job->info = (icecat_image_info)ICECAT_IMAGE_INFO_INIT;
    options.profile = job->input.from_s3 ? ICECAT_PROFILE_REKOGNITION_S3
                                         : ICECAT_PROFILE_REKOGNITION_BYTES;
    status = icecat_image_probe(job->input.image, job->input.image_len, &options, &job->info, &err);
    if (status == ICECAT_OK)
        return 1;
    if (status == ICECAT_E_IMAGE_FORMAT || status == ICECAT_E_IMAGE_CORRUPT)
        return rekognition_refuse(fault, "InvalidImageFormatException",
                                  "Request has invalid image format (%s)", err.message);
    if (status != ICECAT_E_IMAGE_LIMIT)
        return rekognition_refuse(fault, "InternalServerError", "%s", err.message);
    if (job->info.reason == ICECAT_IMAGE_REASON_TOO_SMALL)
        return rekognition_refuse(fault, "InvalidParameterException",
                                  "Request has invalid parameters (%s)", err.message);
    return rekognition_refuse(fault, "ImageTooLargeException", "Image size is too large (%s)",
                              err.message);
}

rekognition_job *rekognition_begin(sqlite3 *db, const char *operation, const cJSON *input,
                                   json_answer *answer)
{
    rekognition_job *job = NULL;
    rekognition_fault fault = { 0 };

    if (strcmp(operation, "DetectLabels") != 0) {
        (void)rekognition_refuse(&fault, "UnknownOperationException",
                                 "icecat-local has no Rekognition operation %.100s", operation);
        *answer = fault_answer(fault.type, fault.message);
        return NULL;
    }
    job = calloc(1, sizeof(*job));
    if (job == NULL) {
        *answer = (json_answer){ 500, "InternalServerError", NULL };
        return NULL;
    }
    if (rekognition_input_read(db, input, &job->input, &fault) && check_image(job, &fault))
        return job;
    *answer = fault_answer(fault.type, fault.message);
    rekognition_input_clear(&job->input);
    free(job);
    return NULL;
}

void rekognition_look(rekognition_job *job, eye *watcher)
{
    eye_image image = {
        .data = job->input.image,
        .len = job->input.image_len,
        .width_px = job->info.width_px,
        .height_px = job->info.height_px,
        /* The service turns JPEG pictures as EXIF says, and PNG pictures never. */
        .orientation = job->info.format == ICECAT_IMAGE_JPEG ? job->info.orientation : 0,
    };

    job->status = eye_look(watcher, &image, &job->labels, job->why);
    job->looked = 1;
}

static int passes(const rekognition_input *input, const eye_label *label)
{
    return label->confidence >= input->min_confidence &&
           (input->names_in.count == 0 || rekognition_filter_has(&input->names_in, label->name)) &&
           !rekognition_filter_has(&input->names_out, label->name) &&
           (input->categories_in.count == 0 ||
            rekognition_filter_has(&input->categories_in, label->category)) &&
           !rekognition_filter_has(&input->categories_out, label->category);
}

/* [{"Name": name}], as parents, aliases and categories have it. */
static int add_name(cJSON *list, const char *name)
{
    cJSON *entry = cJSON_CreateObject();

    if (cJSON_AddStringToObject(entry, "Name", name) != NULL && cJSON_AddItemToArray(list, entry))
        return 1;
    cJSON_Delete(entry);
    return 0;
}

static int add_instance(cJSON *list, const eye_box *box)
{
    cJSON *entry = cJSON_CreateObject();
    cJSON *place = cJSON_AddObjectToObject(entry, "BoundingBox");

    if (cJSON_AddNumberToObject(place, "Width", box->width) != NULL &&
        cJSON_AddNumberToObject(place, "Height", box->height) != NULL &&
        cJSON_AddNumberToObject(place, "Left", box->left) != NULL &&
        cJSON_AddNumberToObject(place, "Top", box->top) != NULL &&
        cJSON_AddNumberToObject(entry, "Confidence", box->confidence) != NULL &&
        cJSON_AddItemToArray(list, entry))
        return 1;
    cJSON_Delete(entry);
    return 0;
}

static int fill_label(cJSON *entry, const eye_label *label)
{
    cJSON *list;

    if (cJSON_AddStringToObject(entry, "Name", label->name) == NULL ||
        cJSON_AddNumberToObject(entry, "Confidence", label->confidence) == NULL ||
        (list = cJSON_AddArrayToObject(entry, "Instances")) == NULL)
        return 0;
    for (size_t i = 0; i < label->box_count; i++) {
        if (!add_instance(list, &label->boxes[i]))
            return 0;
    }
    list = cJSON_AddArrayToObject(entry, "Parents");
    for (size_t i = 0; i < label->parent_count; i++) {
        if (!add_name(list, label->parents[i]))
            return 0;
    }
    if (list == NULL || cJSON_AddArrayToObject(entry, "Aliases") == NULL)
        return 0;
    list = cJSON_AddArrayToObject(entry, "Categories");
    return list != NULL && (label->category[0] == '\0' || add_name(list, label->category));
}

static int add_labels(const rekognition_job *job, cJSON *list)
{
    size_t count = 0;

    for (size_t i = 0; i < job->labels.count && count < job->input.max_labels; i++) {
        cJSON *entry;

        if (!passes(&job->input, &job->labels.items[i]))
            continue;
        entry = cJSON_CreateObject();
        if (!fill_label(entry, &job->labels.items[i]) || !cJSON_AddItemToArray(list, entry)) {
            cJSON_Delete(entry);
            return 0;
        }
        count++;
    }
    return 1;
}

static json_answer labels_answer(const rekognition_job *job)
{
    json_answer answer = { 200, NULL, cJSON_CreateObject() };
    cJSON *list = cJSON_AddArrayToObject(answer.body, "Labels");

    if (list != NULL && add_labels(job, list) &&
        cJSON_AddStringToObject(answer.body, "LabelModelVersion", MODEL_VERSION) != NULL)
        return answer;
    cJSON_Delete(answer.body);
    return (json_answer){ 500, "InternalServerError", NULL };
}

json_answer rekognition_end(rekognition_job *job)
{
    json_answer answer = { 500, "InternalServerError", NULL };

    if (!job->looked)
        answer = fault_answer("ProvisionedThroughputExceededException",
                              "Provisioned Rate exceeded.");
    else if (job->status == EYE_OK)
        answer = labels_answer(job);
    else if (job->status == EYE_BAD_IMAGE)
        answer = fault_answer("InvalidImageFormatException", job->why);
    else if (job->status == EYE_TOO_LARGE)
        answer = fault_answer("ImageTooLargeException", job->why);
    else
        answer = fault_answer("InternalServerError", job->why);
    rekognition_input_clear(&job->input);
    free(job);
    return answer;
}

json_answer rekognition_call(sqlite3 *db, eye *watcher, const char *operation, const cJSON *input)
{
    json_answer answer = { 500, "InternalServerError", NULL };
    rekognition_job *job = rekognition_begin(db, operation, input, &answer);

    if (job == NULL)
        return answer;
    rekognition_look(job, watcher);
    return rekognition_end(job);
}
