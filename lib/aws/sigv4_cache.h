/*
 * sigv4_cache.h - the signing keys that signatures share.
 */
#ifndef IC_SIGV4_CACHE_H
#define IC_SIGV4_CACHE_H

#include "base/hasher.h"
#include <icecat/sigv4.h>

/** What a signing key is made from. */
typedef struct ic_sigv4_key_scope {
    const char *secret;
    const char *day; /* at least 8 digits */
    const char *region;
    const char *service;
} ic_sigv4_key_scope;

/** The key for @p scope, kept in @p cache or derived now. 1 on success; the caller wipes @p key. */
int ic_sigv4_cached_key(icecat_sigv4_cache *cache, ic_hasher *hasher,
                        const ic_sigv4_key_scope *scope, unsigned char key[IC_SHA256_LEN]);

#endif
