/*
 * sha256.c - fingerprints of images, by libcrypto.
 */
#include "sha256.h"

#include "cli_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void write_hex(const unsigned char digest[32], char out[SHA256_HEX_LEN])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < 32; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[64] = '\0';
}

int sha256_hex(const void *data, size_t len, char out[SHA256_HEX_LEN])
{
    unsigned char digest[EVP_MAX_MD_SIZE];

    if (EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL) != 1)
        return 0;
    write_hex(digest, out);
    return 1;
}

int sha256_final(EVP_MD_CTX *context, char out[SHA256_HEX_LEN])
{
    unsigned char digest[EVP_MAX_MD_SIZE];

    if (EVP_DigestFinal_ex(context, digest, NULL) != 1)
        return 0;
    write_hex(digest, out);
    return 1;
}

static icecat_status hash_stream(FILE *file, const char *path, EVP_MD_CTX *context,
                                 char out[SHA256_HEX_LEN], icecat_error *err)
{
    unsigned char block[65536];
    int ok = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    size_t got;

    while (ok && (got = fread(block, 1, sizeof(block), file)) > 0)
        ok = EVP_DigestUpdate(context, block, got) == 1;
    if (ferror(file))
        return cli_error(err, ICECAT_E_FILE, "%s: %s", path, strerror(errno));
    if (!ok || !sha256_final(context, out))
        return cli_error(err, ICECAT_E_CRYPTO, "%s: SHA-256 failed in libcrypto", path);
    return ICECAT_OK;
}

icecat_status sha256_file(const char *path, char out[SHA256_HEX_LEN], icecat_error *err)
{
    FILE *file = fopen(path, "rb");
    EVP_MD_CTX *context;
    icecat_status status;

    out[0] = '\0';
    if (file == NULL)
        return cli_error(err, ICECAT_E_FILE, "%s: %s", path, strerror(errno));
    context = EVP_MD_CTX_new();
    status = hash_stream(file, path, context, out, err);
    EVP_MD_CTX_free(context);
    fclose(file);
    return status;
}
