/*
 * ssm_request.h - GetParameters. Pure. The caller frees @p request, also after a failure.
 */
#ifndef IC_SSM_REQUEST_H
#define IC_SSM_REQUEST_H

#include "aws/request.h"

#define IC_SSM_NAMES_IN_A_REQUEST 10

/** At most IC_SSM_NAMES_IN_A_REQUEST names. ICECAT_E_ARGUMENT, ICECAT_E_NO_MEMORY. */
icecat_status ic_ssm_get_request(ic_request *request, const ic_mem *mem, const char *const *names,
                                 size_t count, icecat_error *err);

#endif
