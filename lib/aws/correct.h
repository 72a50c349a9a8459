/*
 * correct.h - refusals that another way of asking mends: AWS's time in the signature, or the region
 * that the bucket is in. Each is tried once per call, at once, and costs no tokens.
 *
 * Redirects are never followed to an address that an answer names: only the region is taken from it,
 * and the host is made from the region, so that a session token stays with AWS.
 */
#ifndef IC_CORRECT_H
#define IC_CORRECT_H

#include "aws/attempt.h"

/** What was mended already in this call. */
typedef struct ic_corrections {
    int time;
    int region;
} ic_corrections;

/** Learn the time from any answer. Only an https answer is trusted, and only a fresh one. */
void ic_correct_learn(icecat_client *client, const ic_attempt *attempt,
                      const ic_response *response);

/** 1 when the refused attempt should be made again now; notes it in @p done. */
int ic_correct(icecat_client *client, const ic_attempt *attempt, const ic_request *request,
               const ic_response *response, icecat_status status, ic_corrections *done);

#endif
