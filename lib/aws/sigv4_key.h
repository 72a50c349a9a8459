/*
 * sigv4_key.h - derive the signing key.
 */
#ifndef IC_SIGV4_KEY_H
#define IC_SIGV4_KEY_H

#include "aws/sigv4_cache.h"

/** Derive the key for @p scope. 1 on success. */
int ic_sigv4_signing_key(ic_hasher *hasher, const ic_sigv4_key_scope *scope,
                         unsigned char key[IC_SHA256_LEN]);

#endif
