/*
 * hasher.h - SHA-256 and HMAC-SHA-256 of short texts, many times over, without allocations.
 *
 * libcrypto looks SHA-256 up and allocates a context for each one-shot call, which costs more than
 * hashing a short text does. A hasher keeps its state on the stack where libcrypto lets it, and else
 * looks up once. (Measured: docs/decisions/signing.md.)
 */
#ifndef IC_HASHER_H
#define IC_HASHER_H

#include "base/digest.h"

struct evp_md_st;
struct evp_md_ctx_st;

typedef struct ic_hasher {
    struct evp_md_st *algorithm; /* NULL: the state is on the stack */
    struct evp_md_ctx_st *context;
} ic_hasher;

/** 1 on success. Call ic_hasher_free() in every case. */
int ic_hasher_init(ic_hasher *hasher);
/** The same by libcrypto's providers, as FIPS mode needs it; one allocation for each hash. */
int ic_hasher_init_provider(ic_hasher *hasher);
void ic_hasher_free(ic_hasher *hasher);

/** 1 on success. @p data may be NULL when @p len is 0. */
int ic_hasher_sha256(ic_hasher *hasher, const void *data, size_t len,
                     unsigned char out[IC_SHA256_LEN]);
int ic_hasher_sha256_hex(ic_hasher *hasher, const void *data, size_t len,
                         char out[IC_SHA256_HEX_SIZE]);
int ic_hasher_hmac(ic_hasher *hasher, const void *key, size_t key_len, const void *data, size_t len,
                   unsigned char out[IC_SHA256_LEN]);

#endif
