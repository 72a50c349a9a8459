/*
 * credentials_report.h - what each source said: lines of a report. Never a secret.
 */
#ifndef IC_CREDENTIALS_REPORT_H
#define IC_CREDENTIALS_REPORT_H

#include "aws/credentials.h"

/** A line for a source that gave @p keys. ICECAT_E_NO_MEMORY. */
icecat_status ic_findings_add_used(icecat_credentials_findings *findings, const char *source,
                                   const ic_keys *keys, int64_t unix_s, icecat_error *err);

/** A line for any other; @p source has static storage, @p reason is copied. ICECAT_E_NO_MEMORY. */
icecat_status ic_findings_add(icecat_credentials_findings *findings, const char *source,
                              icecat_credentials_outcome outcome, icecat_status status,
                              const char *reason, icecat_error *err);

#endif
