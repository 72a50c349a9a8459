/*
 * digest.c - SHA-256, SHA-1 for names, MD5 for ETags, and hex, by libcrypto.
 */
#include "base/digest.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

int ic_crypto_is_ready(void)
{
    return OSSL_LIB_CTX_get0_global_default() != NULL;
}

int ic_sha256(const void *data, size_t len, unsigned char out[IC_SHA256_LEN])
{
    return ic_crypto_is_ready() && SHA256(len != 0 ? data : (const void *)"", len, out) != NULL;
}

ic_sha256_state *ic_sha256_begin(void)
{
    EVP_MD_CTX *state = ic_crypto_is_ready() ? EVP_MD_CTX_new() : NULL;

    if (state != NULL && EVP_DigestInit_ex(state, EVP_sha256(), NULL) == 1)
        return state;
    EVP_MD_CTX_free(state);
    return NULL;
}

int ic_sha256_add(ic_sha256_state *state, const void *data, size_t len)
{
    return EVP_DigestUpdate(state, data, len) == 1;
}

int ic_sha256_end(ic_sha256_state *state, unsigned char out[IC_SHA256_LEN])
{
    int ok = state != NULL && out != NULL && EVP_DigestFinal_ex(state, out, NULL) == 1;

    EVP_MD_CTX_free(state);
    return ok;
}

int ic_sha256_hex(const void *data, size_t len, char out[IC_SHA256_HEX_SIZE])
{
    unsigned char digest[IC_SHA256_LEN];

    if (!ic_sha256(data, len, digest))
        return 0;
    ic_hex(digest, sizeof(digest), out);
    return 1;
}

int ic_sha1_hex(const void *data, size_t len, char out[IC_SHA1_HEX_SIZE])
{
    unsigned char digest[SHA_DIGEST_LENGTH];

    if (!ic_crypto_is_ready() ||
        EVP_Digest(len != 0 ? data : (const void *)"", len, digest, NULL, EVP_sha1(), NULL) != 1)
        return 0;
    ic_hex(digest, sizeof(digest), out);
    return 1;
}

int ic_md5_hex(const void *data, size_t len, char out[IC_MD5_HEX_SIZE])
{
    unsigned char digest[MD5_DIGEST_LENGTH];

    if (!ic_crypto_is_ready() ||
        EVP_Digest(len != 0 ? data : (const void *)"", len, digest, NULL, EVP_md5(), NULL) != 1)
        return 0;
    ic_hex(digest, sizeof(digest), out);
    return 1;
}

void ic_hex(const void *data, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = data;

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}

int ic_sha256_hex_is_valid(const char *text)
{
    return text != NULL && strlen(text) == 2 * IC_SHA256_LEN &&
           strspn(text, "0123456789abcdef") == 2 * IC_SHA256_LEN;
}

int ic_digest_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

int ic_random_bytes(void *out, size_t len)
{
    return len <= INT_MAX && ic_crypto_is_ready() && RAND_bytes(out, (int)len) == 1;
}

const char *ic_digest_library_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}
