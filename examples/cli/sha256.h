/*
 * sha256.h - fingerprints of images: hex SHA-256, 64 digits.
 */
#ifndef CLI_SHA256_H
#define CLI_SHA256_H

#include <icecat/error.h>
#include <openssl/evp.h>
#include <stddef.h>

#define SHA256_HEX_LEN 65

/* 0 when libcrypto fails. */
int sha256_hex(const void *data, size_t len, char out[SHA256_HEX_LEN]);

/* End a hash that was begun with EVP_sha256(). 0 when libcrypto fails. */
int sha256_final(EVP_MD_CTX *context, char out[SHA256_HEX_LEN]);

/* Of a file, read to its end. ICECAT_E_FILE, ICECAT_E_CRYPTO. */
icecat_status sha256_file(const char *path, char out[SHA256_HEX_LEN], icecat_error *err);

#endif
