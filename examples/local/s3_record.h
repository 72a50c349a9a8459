/*
 * s3_record.h - an event of the store in the words of S3's notifications. Pure.
 */
#ifndef ICECAT_LOCAL_S3_RECORD_H
#define ICECAT_LOCAL_S3_RECORD_H

#include "s3.h"

/* {"Records": [one record]} as S3 sends it to a function; release with cJSON_free(). NULL when out of
 * memory. */
char *s3_record_document(const s3_event *event, const char *region);

/* A key as events carry it: form encoding, '/' kept. From malloc; NULL when out of memory. */
char *s3_record_key(const char *key);

#endif
