/*
 * count_crypto.c - count what a signature costs: allocations, and blocks that SHA-256 compresses.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "count_crypto.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdlib.h>

_Thread_local crypto_counts counted;
static _Thread_local size_t hashed; /* bytes since the last start of a hash */

/* The linker gives these the calls of the library, and __real_... the functions themselves. */
void *__real_malloc(size_t size);
void *__real_realloc(void *data, size_t size);
void *__real_calloc(size_t count, size_t size);
int __real_SHA256_Init(SHA256_CTX *state);
int __real_SHA256_Update(SHA256_CTX *state, const void *data, size_t len);
int __real_SHA256_Final(unsigned char *out, SHA256_CTX *state);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *data, size_t size);
void *__wrap_calloc(size_t count, size_t size);
int __wrap_SHA256_Init(SHA256_CTX *state);
int __wrap_SHA256_Update(SHA256_CTX *state, const void *data, size_t len);
int __wrap_SHA256_Final(unsigned char *out, SHA256_CTX *state);

void *__wrap_malloc(size_t size)
{
    counted.allocations++;
    return __real_malloc(size);
}

void *__wrap_realloc(void *data, size_t size)
{
    counted.allocations++;
    return __real_realloc(data, size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    counted.allocations++;
    return __real_calloc(count, size);
}

int __wrap_SHA256_Init(SHA256_CTX *state)
{
    hashed = 0;
    return __real_SHA256_Init(state);
}

int __wrap_SHA256_Update(SHA256_CTX *state, const void *data, size_t len)
{
    hashed += len;
    return __real_SHA256_Update(state, data, len);
}

int __wrap_SHA256_Final(unsigned char *out, SHA256_CTX *state)
{
    counted.blocks += count_blocks(hashed);
    return __real_SHA256_Final(out, state);
}

static void *crypto_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    counted.allocations++;
    return __real_malloc(size);
}

static void *crypto_realloc(void *data, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    counted.allocations++;
    return __real_realloc(data, size);
}

static void crypto_free(void *data, const char *file, int line)
{
    (void)file;
    (void)line;
    free(data);
}

int count_crypto_begin(void)
{
    return CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free);
}

size_t count_blocks(size_t len)
{
    return (len + 9 + 63) / 64;
}

size_t count_needed(size_t canonical_request_len, size_t string_to_sign_len)
{
    return count_blocks(canonical_request_len) + count_blocks(string_to_sign_len) +
           count_blocks(32);
}
