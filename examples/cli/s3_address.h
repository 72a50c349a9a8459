/*
 * s3_address.h - an object named as s3://BUCKET/KEY.
 */
#ifndef CLI_S3_ADDRESS_H
#define CLI_S3_ADDRESS_H

#include <icecat/error.h>

enum { S3_BUCKET_LEN = 256 };

/* 1 when @p text begins with "s3://". */
int s3_address_is(const char *text);
/* Bucket and key of an address; *key points into @p text. ICECAT_E_ARGUMENT when one is missing. */
icecat_status s3_address_split(const char *text, char bucket[S3_BUCKET_LEN], const char **key,
                               icecat_error *err);

#endif
