/*
 * outcome.h - how an attempt ended.
 */
#ifndef IC_OUTCOME_H
#define IC_OUTCOME_H

#include "aws/attempt.h"
#include "aws/engine.h"
#include "base/log.h"

/** The transport's failure, or what the answer says; the error of @p call is filled. */
icecat_status ic_outcome_read(const ic_attempt *attempt, ic_call *call);

/** One line for the log: a good attempt for those who look closely, a failed one for more. */
void ic_outcome_log(const ic_log *log, const ic_attempt *attempt, const ic_call *call,
                    icecat_status status);

#endif
