/*
 * s3_time.h - times as S3 writes them.
 */
#ifndef ICECAT_LOCAL_S3_TIME_H
#define ICECAT_LOCAL_S3_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define S3_TIME_SIZE 40

void s3_time_iso(int64_t seconds, char out[S3_TIME_SIZE]);  /* 2026-10-11T12:13:14.000Z */
void s3_time_http(int64_t seconds, char out[S3_TIME_SIZE]); /* Sun, 11 Oct 2026 12:13:14 GMT */

/* Read the HTTP form; false when it is another. */
bool s3_time_parse(const char *text, int64_t *seconds);

#endif
