/*
 * s3_response.h - S3's good answers. Pure.
 */
#ifndef IC_S3_RESPONSE_H
#define IC_S3_RESPONSE_H

#include "aws/request.h"
#include <icecat/s3.h>

/** Fill @p out, a whole struct of this release. */
void ic_s3_put_parse(const ic_response *response, icecat_s3_put_result *out);

/** Takes the headers, and unless @p is_head the body, out of @p response. ICECAT_E_NO_MEMORY. */
icecat_status ic_s3_object_parse(ic_response *response, int is_head, icecat_s3_object **out,
                                 icecat_error *err);

#endif
