/*
 * s3_settle.h - after a lost answer: is the object that is there the one that we put? Pure.
 *
 * A put with If-None-Match whose answer was lost is tried again, and then refused because the first try
 * did land. What HeadObject says about the object settles it.
 */
#ifndef IC_S3_SETTLE_H
#define IC_S3_SETTLE_H

#include "aws/request.h"

/** 1 when the refused put may have been carried out by an earlier attempt. */
int ic_s3_is_doubtful(const ic_request *put, const ic_response *refusal, icecat_status status);

/** Ask for the checksum too. ICECAT_E_NO_MEMORY, ICECAT_E_LIMIT. */
icecat_status ic_s3_settle_request(ic_request *head);

/**
 * 1 when the description in @p there fits what @p put carried: length, bytes (by SHA-256, else by an ETag
 * that is an MD5), content type and metadata.
 */
int ic_s3_settle(const ic_request *put, const ic_response *there);

#endif
