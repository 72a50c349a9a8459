/*
 * connect.h - a client of the library from the effective settings.
 */
#ifndef CLI_CONNECT_H
#define CLI_CONNECT_H

#include "config.h"
#include <icecat/client.h>

/*
 * What the settings say, with texts of @p config; what they do not say the library finds itself.
 * ICECAT_E_CONFIG for a setting that is no number.
 */
icecat_status connect_options(const struct config *config, icecat_client_options *out,
                              icecat_error *err);

/*
 * Make a client. Keys that a file gave are used as they are; without them the library looks for keys
 * itself. Every status of icecat_client_new(), and ICECAT_E_CONFIG for a setting that is no number.
 */
icecat_status connect_client(const struct config *config, uint32_t log_level, icecat_client **out,
                             icecat_error *err);

/* Transfers for which this process may open enough files (ulimit -n); a client has no more. */
uint32_t connect_most_jobs(void);

#endif
