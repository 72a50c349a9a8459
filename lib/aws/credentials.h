/*
 * credentials.h - the refcounted holder of access keys. Secrets live here and nowhere else.
 */
#ifndef IC_CREDENTIALS_H
#define IC_CREDENTIALS_H

#include <icecat/credentials.h>

/** Most bytes of one key or token. AWS's own tokens are below 4 kB. */
#define IC_CREDENTIALS_TEXT_MAX 8192

/** Check and copy keys; @p source has static storage. */
icecat_status ic_credentials_make(const icecat_credentials_keys *keys, const char *source,
                                  icecat_credentials **out, icecat_error *err);

icecat_credentials *ic_credentials_retain(const icecat_credentials *credentials);

/**
 * Keys that are good at @p unix_s; borrowed from @p credentials.
 * ICECAT_E_BAD_CREDENTIALS when they have expired.
 */
icecat_status ic_credentials_keys_at(const icecat_credentials *credentials, int64_t unix_s,
                                     icecat_credentials_keys *keys, icecat_error *err);

#endif
