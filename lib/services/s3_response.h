/*
 * s3_response.h - S3's good answers. Pure.
 */
#ifndef IC_S3_RESPONSE_H
#define IC_S3_RESPONSE_H

#include "aws/request.h"
#include <icecat/s3.h>

/**
 * Fill @p out, a whole struct of this release. ICECAT_E_PROTOCOL without an ETag: a 200 of somebody
 * else, a proxy that wants a login for example, does not mean that the object is stored.
 */
icecat_status ic_s3_put_parse(const ic_response *response, icecat_s3_put_result *out,
                              icecat_error *err);

/** ICECAT_E_PROTOCOL when there is a body: S3 has nothing to say when it has deleted. */
icecat_status ic_s3_delete_check(const ic_response *response, icecat_error *err);

/** ICECAT_E_PROTOCOL when the answer does not say that the copy was made. */
icecat_status ic_s3_copy_check(const ic_response *response, icecat_error *err);

/** ICECAT_E_PROTOCOL when the body is not the range that was asked for, or may be cut; @p len 0: to the end. */
icecat_status ic_s3_range_check(const ic_response *response, uint64_t start, uint64_t len,
                                icecat_error *err);

/** Takes the headers, and unless @p is_head the body, out of @p response. ICECAT_E_NO_MEMORY. */
icecat_status ic_s3_object_parse(ic_response *response, int is_head, icecat_s3_object **out,
                                 icecat_error *err);

#endif
