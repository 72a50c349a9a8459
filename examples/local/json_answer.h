/*
 * json_answer.h - what an operation of a JSON service (DynamoDB, Rekognition, SSM) answers.
 */
#ifndef ICECAT_LOCAL_JSON_ANSWER_H
#define ICECAT_LOCAL_JSON_ANSWER_H

#include <cjson/cJSON.h>

typedef struct json_answer {
    int http_status;
    const char *error_type; /* NULL, or e.g. "ResourceNotFoundException" */
    cJSON *body;            /* owned by the receiver; NULL only when memory ran out */
} json_answer;

#endif
