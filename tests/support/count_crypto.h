/*
 * count_crypto.h - count what a signature costs: allocations, and blocks that SHA-256 compresses.
 *
 * A program that uses it links with count_crypto.cmake's options, which put these functions in place of
 * those that the library calls.
 */
#ifndef COUNT_CRYPTO_H
#define COUNT_CRYPTO_H

#include <stddef.h>

typedef struct crypto_counts {
    size_t allocations; /* of the library and of libcrypto, by this thread */
    size_t blocks;      /* of 64 bytes, padding included */
} crypto_counts;

extern _Thread_local crypto_counts counted;

/** Call first in main(), before libcrypto allocates. 1 on success. */
int count_crypto_begin(void);

/** Blocks that SHA-256 compresses for @p len bytes. */
size_t count_blocks(size_t len);

/** Blocks that one signature needs when the states behind both pads of the HMAC are known. */
size_t count_needed(size_t canonical_request_len, size_t string_to_sign_len);

#endif
