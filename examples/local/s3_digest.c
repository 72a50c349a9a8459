/*
 * s3_digest.c - ETags and checksums.
 */
#include "s3_digest.h"

#include "s3_body.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct algorithm {
    const char *name;
    const char *evp; /* NULL: a CRC */
    size_t len;
    uint64_t polynomial; /* reflected */
} algorithm;

/* The last one is no checksum of S3's but the ETag. */
static const algorithm algorithms[] = {
    { "CRC32", NULL, 4, 0xEDB88320u },
    { "CRC32C", NULL, 4, 0x82F63B78u },
    { "CRC64NVME", NULL, 8, 0x9A6C9329AC4BC9B5u },
    { "SHA1", "SHA1", 20, 0 },
    { "SHA256", "SHA256", 32, 0 },
    { "SHA512", "SHA512", 64, 0 },
    { "MD5", "MD5", 16, 0 },
};
#define ALGORITHMS (sizeof(algorithms) / sizeof(algorithms[0]))

struct s3_digest {
    const algorithm *algorithm;
    EVP_MD_CTX *context; /* NULL: a CRC */
    uint64_t crc;
    uint64_t table[256];
};

static const algorithm *find(const char *name)
{
    for (size_t i = 0; i < ALGORITHMS; i++) {
        if (strcasecmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    }
    return NULL;
}

const char *s3_algorithm(size_t n)
{
    return n + 1 < ALGORITHMS ? algorithms[n].name : NULL;
}

const char *s3_algorithm_named(const char *name)
{
    const algorithm *found = find(name);

    return found == NULL || found == &algorithms[ALGORITHMS - 1] ? NULL : found->name;
}

bool s3_algorithm_is_crc(const char *name)
{
    const algorithm *found = find(name);

    return found != NULL && found->evp == NULL;
}

size_t s3_algorithm_length(const char *name)
{
    const algorithm *found = find(name);

    return found == NULL ? 0 : found->len;
}

void s3_algorithm_header(const char *name, char out[40])
{
    size_t used = (size_t)snprintf(out, 40, "x-amz-checksum-%s", name);

    for (size_t i = 0; i < used && i < 40; i++) {
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] - 'A' + 'a');
    }
}

static void make_table(s3_digest *digest)
{
    for (unsigned i = 0; i < 256; i++) {
        uint64_t crc = i;

        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1u) != 0 ? (crc >> 1) ^ digest->algorithm->polynomial : crc >> 1;
        digest->table[i] = crc;
    }
    digest->crc = digest->algorithm->len == 4 ? UINT32_MAX : UINT64_MAX;
}

s3_digest *s3_digest_new(const char *name)
{
    s3_digest *digest = find(name) == NULL ? NULL : calloc(1, sizeof(*digest));
    const EVP_MD *md;

    if (digest == NULL)
        return NULL;
    digest->algorithm = find(name);
    if (digest->algorithm->evp == NULL) {
        make_table(digest);
        return digest;
    }
    md = EVP_get_digestbyname(digest->algorithm->evp);
    digest->context = EVP_MD_CTX_new();
    if (md == NULL || digest->context == NULL ||
        EVP_DigestInit_ex(digest->context, md, NULL) != 1) {
        s3_digest_free(digest);
        return NULL;
    }
    return digest;
}

void s3_digest_free(s3_digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

bool s3_digest_add(void *userdata, const void *bytes, size_t len)
{
    s3_digest *digest = userdata;
    const unsigned char *at = bytes;
    uint64_t crc = digest->crc;

    if (digest->context != NULL)
        return EVP_DigestUpdate(digest->context, bytes, len) == 1;
    for (size_t i = 0; i < len; i++)
        crc = digest->table[(crc ^ at[i]) & 0xFFu] ^ (crc >> 8);
    digest->crc = crc;
    return true;
}

size_t s3_digest_end(s3_digest *digest, unsigned char out[S3_DIGEST_MAX])
{
    size_t len = digest->algorithm->len;
    unsigned got = 0;

    if (digest->context != NULL)
        return EVP_DigestFinal_ex(digest->context, out, &got) == 1 ? got : 0;
    for (size_t i = 0; i < len; i++)
        out[i] = (unsigned char)(~digest->crc >> (8 * (len - 1 - i)));
    return len;
}

/* Bytes in memory, or a body of the store when db is not NULL. */
static size_t compute(const char *name, sqlite3 *db, int64_t body, const void *bytes, uint64_t len,
                      unsigned char out[S3_DIGEST_MAX])
{
    s3_digest *digest = s3_digest_new(name);
    size_t got = 0;
    bool ok = digest != NULL;

    if (ok && db != NULL)
        ok = s3_body_walk(db, body, 0, len, s3_digest_add, digest) == SQLITE_DONE;
    else if (ok)
        ok = s3_digest_add(digest, bytes, (size_t)len);
    if (ok)
        got = s3_digest_end(digest, out);
    s3_digest_free(digest);
    return got;
}

static bool show(const char *name, const unsigned char *raw, size_t len, s3_checksum *out)
{
    (void)snprintf(out->algorithm, sizeof(out->algorithm), "%s", name);
    s3_base64(raw, len, out->value);
    return len > 0;
}

bool s3_checksum_of(const char *name, const void *bytes, size_t len, s3_checksum *out)
{
    unsigned char raw[S3_DIGEST_MAX];

    return show(name, raw, compute(name, NULL, 0, bytes, len, raw), out);
}

bool s3_checksum_of_body(sqlite3 *db, int64_t body, uint64_t size, const char *name,
                         s3_checksum *out)
{
    unsigned char raw[S3_DIGEST_MAX];

    return show(name, raw, compute(name, db, body, NULL, size, raw), out);
}

bool s3_etag_of(const void *bytes, size_t len, char out[S3_ETAG_SIZE])
{
    unsigned char raw[S3_DIGEST_MAX];
    size_t got = compute("MD5", NULL, 0, bytes, len, raw);

    s3_hex(raw, got, out);
    return got > 0;
}

bool s3_etag_of_body(sqlite3 *db, int64_t body, uint64_t size, char out[S3_ETAG_SIZE])
{
    unsigned char raw[S3_DIGEST_MAX];
    size_t got = compute("MD5", db, body, NULL, size, raw);

    s3_hex(raw, got, out);
    return got > 0;
}
