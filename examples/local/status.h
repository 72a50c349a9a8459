/*
 * status.h - /_icecat/: what icecat-local says of itself, unsigned.
 *
 *   GET  /_icecat/status         {"version", "detector", "function", "backlog", "deadLetters"}
 *   GET  /_icecat/dead-letters   events whose last attempt failed
 *   POST /_icecat/redrive        put them back into the queue
 *   POST /_icecat/faults         the body is one fault, as --fault takes it
 */
#ifndef ICECAT_LOCAL_STATUS_H
#define ICECAT_LOCAL_STATUS_H

#include "dispatch.h"

/* Is the request for one of these pages? No bucket has such a name. */
int status_asked(const http_request *request);

void status_handle(dispatch *self, const http_request *request, http_answer *answer);

#endif
