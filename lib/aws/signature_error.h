/*
 * signature_error.h - say in the error of a refused request why its signature was not accepted.
 */
#ifndef IC_SIGNATURE_ERROR_H
#define IC_SIGNATURE_ERROR_H

#include "aws/request.h"
#include <icecat/sigv4.h>

/**
 * End the message of @p err with an explanation when the service found another signature than @p ours;
 * else leave it alone. Without memory for it the message stays as it is.
 */
void ic_signature_error_explain(const icecat_sigv4_result *ours, const ic_response *response,
                                icecat_error *err);

#endif
