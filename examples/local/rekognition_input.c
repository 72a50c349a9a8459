/*
 * rekognition_input.c - read a DetectLabels request.
 *
 * Source of the rules: Amazon Rekognition API Reference, "DetectLabels", and the limits of its
 * types Image, S3Object and GeneralLabelsSettings.
 */
#include "rekognition_input.h"

#include "dynamodb_binary.h"
#include "s3.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_BYTES          5242880u
#define MAX_LABELS         1000
#define DEFAULT_CONFIDENCE 55.0
#define INVALID_PARAMETER  "InvalidParameterException"
#define INVALID_S3_OBJECT  "InvalidS3ObjectException"
#define CANNOT_READ_OBJECT                                                                         \
    "Unable to get object metadata from S3. Check object key, region and/or access permissions."

int rekognition_refuse(rekognition_fault *fault, const char *type, const char *format, ...)
{
    va_list args;

    fault->type = type;
    va_start(args, format);
    (void)vsnprintf(fault->message, sizeof(fault->message), format, args);
    va_end(args);
    return 0;
}

/* A field; JSON null is the same as absent. */
static const cJSON *field(const cJSON *object, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNull(found) ? NULL : found;
}

int rekognition_filter_has(const rekognition_filter *filter, const char *name)
{
    for (size_t i = 0; i < filter->count; i++) {
        if (strcasecmp(filter->names[i], name) == 0)
            return 1;
    }
    return 0;
}

static int read_filter(const cJSON *settings, const char *name, rekognition_filter *out,
                       rekognition_fault *fault)
{
    const cJSON *list = field(settings, name);
    const cJSON *entry;

    if (list == NULL)
        return 1;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > REKOGNITION_FILTERS_MAX)
        return rekognition_refuse(fault, INVALID_PARAMETER, "%s must be a list of at most %d names",
                                  name, REKOGNITION_FILTERS_MAX);
    out->names = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(*out->names));
    if (out->names == NULL)
        return rekognition_refuse(fault, "InternalServerError", "out of memory");
    cJSON_ArrayForEach(entry, list)
    {
        if (!cJSON_IsString(entry))
            return rekognition_refuse(fault, INVALID_PARAMETER, "%s must hold texts only", name);
        /* No label here has a longer name, so that a longer filter matches none. */
        if (strlen(entry->valuestring) < EYE_NAME_SIZE)
            memcpy(out->names[out->count++], entry->valuestring, strlen(entry->valuestring) + 1);
        else
            out->names[out->count++][0] = '\0';
    }
    return 1;
}

static int read_settings(const cJSON *json, rekognition_input *out, rekognition_fault *fault)
{
    const cJSON *general = field(field(json, "Settings"), "GeneralLabels");

    if (general == NULL)
        return 1;
    return read_filter(general, "LabelInclusionFilters", &out->names_in, fault) &&
           read_filter(general, "LabelExclusionFilters", &out->names_out, fault) &&
           read_filter(general, "LabelCategoryInclusionFilters", &out->categories_in, fault) &&
           read_filter(general, "LabelCategoryExclusionFilters", &out->categories_out, fault);
}

/* Colours and sharpness are not looked at here; to leave them out in silence would mislead. */
static int read_features(const cJSON *json, rekognition_fault *fault)
{
    const cJSON *features = field(json, "Features");
    const cJSON *feature;

    if (features != NULL && (!cJSON_IsArray(features) || cJSON_GetArraySize(features) > 2))
        return rekognition_refuse(fault, INVALID_PARAMETER,
                                  "Features must be a list of at most 2 names");
    cJSON_ArrayForEach(feature, features)
    {
        const char *name = cJSON_GetStringValue(feature);

        if (name != NULL && strcmp(name, "IMAGE_PROPERTIES") == 0)
            return rekognition_refuse(fault, INVALID_PARAMETER,
                                      "icecat-local has no IMAGE_PROPERTIES");
        if (name == NULL || strcmp(name, "GENERAL_LABELS") != 0)
            return rekognition_refuse(fault, INVALID_PARAMETER,
                                      "Features must be GENERAL_LABELS or IMAGE_PROPERTIES");
    }
    return 1;
}

static int read_numbers(const cJSON *json, rekognition_input *out, rekognition_fault *fault)
{
    const cJSON *labels = field(json, "MaxLabels");
    const cJSON *confidence = field(json, "MinConfidence");

    out->max_labels = MAX_LABELS;
    out->min_confidence = DEFAULT_CONFIDENCE;
    if (labels != NULL && !(cJSON_IsNumber(labels) && labels->valuedouble >= 0))
        return rekognition_refuse(fault, INVALID_PARAMETER, "MaxLabels must be 0 or more");
    if (labels != NULL && labels->valuedouble < MAX_LABELS)
        out->max_labels = (size_t)labels->valuedouble;
    if (confidence == NULL)
        return 1;
    if (!cJSON_IsNumber(confidence) ||
        !(confidence->valuedouble >= 0 && confidence->valuedouble <= 100))
        return rekognition_refuse(fault, INVALID_PARAMETER, "MinConfidence must be 0 to 100");
    out->min_confidence = confidence->valuedouble;
    return 1;
}

static int read_bytes(const cJSON *bytes, rekognition_input *out, rekognition_fault *fault)
{
    size_t len = cJSON_IsString(bytes) ? dynamodb_binary_length(bytes->valuestring)
                                       : DYNAMODB_BINARY_BAD;

    if (len == DYNAMODB_BINARY_BAD)
        return rekognition_refuse(fault, "SerializationException", "Image.Bytes is not base64");
    if (len == 0)
        return rekognition_refuse(fault, INVALID_PARAMETER, "Image.Bytes is empty");
    if (len > MAX_BYTES)
        return rekognition_refuse(fault, "ImageTooLargeException",
                                  "Image.Bytes has %zu bytes; at most %u go into a request", len,
                                  MAX_BYTES);
    out->image = malloc(len);
    if (out->image == NULL)
        return rekognition_refuse(fault, "InternalServerError", "out of memory");
    out->image_len = dynamodb_binary_decode(bytes->valuestring, out->image, len);
    return 1;
}

static int read_object(sqlite3 *db, const cJSON *object, rekognition_input *out,
                       rekognition_fault *fault)
{
    const char *bucket = cJSON_GetStringValue(field(object, "Bucket"));
    const char *name = cJSON_GetStringValue(field(object, "Name"));
    int found;

    if (bucket == NULL || name == NULL || *bucket == '\0' || *name == '\0')
        return rekognition_refuse(fault, INVALID_PARAMETER, "Image.S3Object needs Bucket and Name");
    found = s3_read(db, bucket, name, &out->image, &out->image_len);
    if (found < 0)
        return rekognition_refuse(fault, "InternalServerError", "the object cannot be read");
    if (found == 0)
        return rekognition_refuse(fault, INVALID_S3_OBJECT, CANNOT_READ_OBJECT);
    out->from_s3 = 1;
    return 1;
}

static int read_image(sqlite3 *db, const cJSON *json, rekognition_input *out,
                      rekognition_fault *fault)
{
    const cJSON *image = field(json, "Image");
    const cJSON *bytes = field(image, "Bytes");
    const cJSON *object = field(image, "S3Object");

    if ((bytes == NULL) == (object == NULL))
        return rekognition_refuse(fault, INVALID_PARAMETER, "Image needs either Bytes or S3Object");
    return bytes != NULL ? read_bytes(bytes, out, fault) : read_object(db, object, out, fault);
}

int rekognition_input_read(sqlite3 *db, const cJSON *json, rekognition_input *out,
                           rekognition_fault *fault)
{
    *out = (rekognition_input){ 0 };
    *fault = (rekognition_fault){ 0 };
    if (!cJSON_IsObject(json))
        return rekognition_refuse(fault, "SerializationException",
                                  "the body of a request is a JSON object");
    return read_numbers(json, out, fault) && read_features(json, fault) &&
           read_settings(json, out, fault) && read_image(db, json, out, fault);
}

void rekognition_input_clear(rekognition_input *input)
{
    free(input->image);
    free(input->names_in.names);
    free(input->names_out.names);
    free(input->categories_in.names);
    free(input->categories_out.names);
    *input = (rekognition_input){ 0 };
}
