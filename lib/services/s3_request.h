/*
 * s3_request.h - requests of S3's operations. Pure.
 *
 * Each function initialises @p request, which the caller frees, also after a failure.
 * ICECAT_E_ARGUMENT when a name or value is not allowed, ICECAT_E_NO_MEMORY.
 */
#ifndef IC_S3_REQUEST_H
#define IC_S3_REQUEST_H

#include "aws/request.h"
#include <icecat/s3.h>

/** Which object. */
typedef struct ic_s3_place {
    const char *bucket;
    const char *key;
} ic_s3_place;

/** The body is borrowed: it must live as long as @p request. */
icecat_status ic_s3_put_request(ic_request *request, const ic_mem *mem, ic_s3_place place,
                                ic_view body, const icecat_s3_put_options *options,
                                icecat_error *err);
icecat_status ic_s3_get_request(ic_request *request, const ic_mem *mem, ic_s3_place place,
                                const icecat_s3_get_options *options, icecat_error *err);
icecat_status ic_s3_head_request(ic_request *request, const ic_mem *mem, ic_s3_place place,
                                 icecat_error *err);
icecat_status ic_s3_copy_request(ic_request *request, const ic_mem *mem, ic_s3_place source,
                                 ic_s3_place place, const icecat_s3_copy_options *options,
                                 icecat_error *err);
icecat_status ic_s3_delete_request(ic_request *request, const ic_mem *mem, ic_s3_place place,
                                   icecat_error *err);

/** Of "GET" or "PUT", without a body: its headers and its hash are what a URL is bound to. */
icecat_status ic_s3_presign_request(ic_request *request, const ic_mem *mem, const char *method,
                                    ic_s3_place place, const icecat_s3_presign_options *options,
                                    icecat_error *err);

/** ICECAT_OK, or ICECAT_E_ARGUMENT with the rule that @p bucket breaks. */
icecat_status ic_s3_bucket_check(const char *bucket, icecat_error *err);

#endif
