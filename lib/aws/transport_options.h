/*
 * transport_options.h - how libcurl is to send one request.
 */
#ifndef IC_TRANSPORT_OPTIONS_H
#define IC_TRANSPORT_OPTIONS_H

#include "aws/transport.h"

/**
 * Set address, method, body, certificates, proxy and time limits of @p easy, which is a CURL. 0 when there is
 * no memory for one of the texts: the request must not be sent then.
 */
int ic_transport_options_set(void *easy, const ic_transport_settings *settings,
                             const ic_exchange *exchange);

#endif
