/*
 * shim_credentials.h - access keys, which signing takes too.
 */
#ifndef GOICECAT_SHIM_CREDENTIALS_H
#define GOICECAT_SHIM_CREDENTIALS_H

#include "shim_wire.h"

void goicecat_read_keys(goicecat_call *call, icecat_credentials_keys *out);
/** Look for keys, and write what each place said. */
icecat_status goicecat_report(goicecat_call *call, const icecat_credentials *source);

#endif
