/*
 * tiny_client.h - a client of a server on loopback, by the public API, that looks at nothing of this machine.
 */
#ifndef TINY_CLIENT_H
#define TINY_CLIENT_H

#include <icecat/icecat.h>

/** @p credentials NULL: fixed keys. @p ca_bundle and @p log may be NULL. Ends the program when it cannot. */
icecat_client *tiny_client_new(const char *url, const icecat_credentials *credentials,
                               const char *ca_bundle, icecat_log_fn log);

#endif
