/*
 * hasher.c - SHA-256 and HMAC-SHA-256 of short texts, many times over, without allocations.
 */
#define OPENSSL_SUPPRESS_DEPRECATED /* of libcrypto 3 the functions with their state on the stack */
#include "base/hasher.h"

#include "base/mem.h"

#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <openssl/sha.h>
#include <string.h>

#define BLOCK_LEN 64 /* of SHA-256, and so of its HMAC (RFC 2104) */

#if OPENSSL_VERSION_MAJOR == 3 && !defined(OPENSSL_NO_DEPRECATED_3_0)
#define HAS_STACK_STATE 1
#else
#define HAS_STACK_STATE 0
#endif

int ic_hasher_init_provider(ic_hasher *hasher)
{
    hasher->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    hasher->context = EVP_MD_CTX_new();
    return hasher->algorithm != NULL && hasher->context != NULL;
}

/* In FIPS mode only providers may hash. */
int ic_hasher_init(ic_hasher *hasher)
{
    memset(hasher, 0, sizeof(*hasher));
    if (!ic_crypto_is_ready())
        return 0;
    if (HAS_STACK_STATE && !EVP_default_properties_is_fips_enabled(NULL))
        return 1;
    return ic_hasher_init_provider(hasher);
}

void ic_hasher_free(ic_hasher *hasher)
{
    EVP_MD_CTX_free(hasher->context); /* wipes what was hashed last */
    EVP_MD_free(hasher->algorithm);
    memset(hasher, 0, sizeof(*hasher));
}

#if HAS_STACK_STATE
static int hash_on_stack(const void *first, size_t first_len, const void *data, size_t len,
                         unsigned char out[IC_SHA256_LEN])
{
    SHA256_CTX state;
    int ok = SHA256_Init(&state) && SHA256_Update(&state, first, first_len) &&
             SHA256_Update(&state, data, len) && SHA256_Final(out, &state);

    ic_mem_wipe(&state, sizeof(state));
    return ok;
}
#else
static int hash_on_stack(const void *first, size_t first_len, const void *data, size_t len,
                         unsigned char out[IC_SHA256_LEN])
{
    (void)first;
    (void)first_len;
    (void)data;
    (void)len;
    (void)out;
    return 0;
}
#endif

/* Hash two pieces one behind the other. */
static int hash(ic_hasher *hasher, const void *first, size_t first_len, const void *data,
                size_t len, unsigned char out[IC_SHA256_LEN])
{
    if (hasher->algorithm == NULL)
        return hash_on_stack(first, first_len, data, len, out);
    return EVP_DigestInit_ex2(hasher->context, hasher->algorithm, NULL) &&
           (first_len == 0 || EVP_DigestUpdate(hasher->context, first, first_len)) &&
           (len == 0 || EVP_DigestUpdate(hasher->context, data, len)) &&
           EVP_DigestFinal_ex(hasher->context, out, NULL);
}

int ic_hasher_sha256(ic_hasher *hasher, const void *data, size_t len,
                     unsigned char out[IC_SHA256_LEN])
{
    return hash(hasher, NULL, 0, data, len, out);
}

int ic_hasher_sha256_hex(ic_hasher *hasher, const void *data, size_t len,
                         char out[IC_SHA256_HEX_SIZE])
{
    unsigned char digest[IC_SHA256_LEN];

    if (!ic_hasher_sha256(hasher, data, len, digest))
        return 0;
    ic_hex(digest, sizeof(digest), out);
    return 1;
}

static void fill_pad(unsigned char pad[BLOCK_LEN], const unsigned char key[BLOCK_LEN],
                     unsigned char value)
{
    for (size_t i = 0; i < BLOCK_LEN; i++)
        pad[i] = key[i] ^ value;
}

int ic_hasher_hmac(ic_hasher *hasher, const void *key, size_t key_len, const void *data, size_t len,
                   unsigned char out[IC_SHA256_LEN])
{
    unsigned char block[BLOCK_LEN] = { 0 };
    unsigned char pad[BLOCK_LEN];
    unsigned char inner[IC_SHA256_LEN];
    int ok = 1;

    if (key_len > sizeof(block))
        ok = ic_hasher_sha256(hasher, key, key_len, block);
    else if (key_len != 0)
        memcpy(block, key, key_len);
    fill_pad(pad, block, 0x36);
    ok = ok && hash(hasher, pad, sizeof(pad), data, len, inner);
    fill_pad(pad, block, 0x5c);
    ok = ok && hash(hasher, pad, sizeof(pad), inner, sizeof(inner), out);
    ic_mem_wipe(block, sizeof(block));
    ic_mem_wipe(pad, sizeof(pad));
    ic_mem_wipe(inner, sizeof(inner));
    return ok;
}
