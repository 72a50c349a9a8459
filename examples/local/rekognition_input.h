/*
 * rekognition_input.h - what a DetectLabels request asks for. Only rekognition*.c includes it.
 */
#ifndef ICECAT_LOCAL_REKOGNITION_INPUT_H
#define ICECAT_LOCAL_REKOGNITION_INPUT_H

#include "eye.h"
#include "json_answer.h"

#include <sqlite3.h>
#include <stddef.h>

#define REKOGNITION_FILTERS_MAX 100

typedef struct rekognition_filter {
    char (*names)[EYE_NAME_SIZE];
    size_t count;
} rekognition_filter;

/* Why a request was refused, in the service's words. */
typedef struct rekognition_fault {
    const char *type;  /* static; NULL when nothing is wrong */
    char message[440]; /* holds an icecat_error's message and a few words */
} rekognition_fault;

typedef struct rekognition_input {
    unsigned char *image; /* from malloc */
    size_t image_len;
    int from_s3; /* 1: the limits for objects apply */
    size_t max_labels;
    double min_confidence;
    rekognition_filter names_in;
    rekognition_filter names_out;
    rekognition_filter categories_in;
    rekognition_filter categories_out;
} rekognition_input;

/* Read and check a request, and fetch its picture. Release @p out in any case. */
int rekognition_input_read(sqlite3 *db, const cJSON *json, rekognition_input *out,
                           rekognition_fault *fault);
void rekognition_input_clear(rekognition_input *input);

/* Is there a name equal to @p name, ASCII case ignored? */
int rekognition_filter_has(const rekognition_filter *filter, const char *name);

/* Record a refusal; returns 0. */
int rekognition_refuse(rekognition_fault *fault, const char *type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
