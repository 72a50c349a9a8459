/*
 * rekognition.h - DetectLabels of icecat-local: the eye's answers in Rekognition's exact shape.
 */
#ifndef ICECAT_LOCAL_REKOGNITION_H
#define ICECAT_LOCAL_REKOGNITION_H

#include "eye.h"
#include "json_answer.h"
#include <sqlite3.h>

/* Run one operation, e.g. "DetectLabels". @p db is where S3 objects are. */
json_answer rekognition_call(sqlite3 *db, eye *eye, const char *operation, const cJSON *input);

#endif
