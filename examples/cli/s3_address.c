/*
 * s3_address.c - an object named as s3://BUCKET/KEY.
 */
#include "s3_address.h"

#include "cli_error.h"

#include <string.h>

#define SCHEME "s3://"

int s3_address_is(const char *text)
{
    return strncmp(text, SCHEME, strlen(SCHEME)) == 0;
}

icecat_status s3_address_split(const char *text, char bucket[S3_BUCKET_LEN], const char **key,
                               icecat_error *err)
{
    const char *start = s3_address_is(text) ? text + strlen(SCHEME) : "";
    size_t len = strcspn(start, "/");

    if (len == 0 || len >= S3_BUCKET_LEN || start[len] != '/' || start[len + 1] == '\0')
        return cli_error(err, ICECAT_E_ARGUMENT, "%s: not s3://BUCKET/KEY", text);
    memcpy(bucket, start, len);
    bucket[len] = '\0';
    *key = start + len + 1;
    return ICECAT_OK;
}
