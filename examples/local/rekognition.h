/*
 * rekognition.h - DetectLabels of icecat-local: the eye's answers in Rekognition's exact shape.
 *
 * A call has three steps, because looking takes hundreds of milliseconds of CPU and must not hold up
 * the thread that owns the database.
 */
#ifndef ICECAT_LOCAL_REKOGNITION_H
#define ICECAT_LOCAL_REKOGNITION_H

#include "eye.h"
#include "json_answer.h"

#include <sqlite3.h>

/* A request that was accepted and waits for the eye. */
typedef struct rekognition_job rekognition_job;

/*
 * Check one operation, e.g. "DetectLabels", and fetch its picture. @p db is where S3 objects are.
 * NULL when there is nothing to look at: @p answer then has the answer.
 */
rekognition_job *rekognition_begin(sqlite3 *db, const char *operation, const cJSON *input,
                                   json_answer *answer);

/* Look at the picture. Any thread; neither job nor eye may be used by another meanwhile. */
void rekognition_look(rekognition_job *job, eye *watcher);

/* The answer; releases the job. One that was never looked at answers that the service is busy. */
json_answer rekognition_end(rekognition_job *job);

/* The three steps in a row. */
json_answer rekognition_call(sqlite3 *db, eye *watcher, const char *operation, const cJSON *input);

#endif
