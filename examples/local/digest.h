/*
 * digest.h - the checksums and digests that AWS's protocols carry: three CRCs computed here, SHA and
 * MD5 by libcrypto.
 */
#ifndef ICECAT_LOCAL_DIGEST_H
#define ICECAT_LOCAL_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The last one is no x-amz-checksum-* of S3's but the ETag and Content-MD5. */
typedef enum digest_kind {
    DIGEST_CRC32,
    DIGEST_CRC32C,
    DIGEST_CRC64NVME,
    DIGEST_SHA1,
    DIGEST_SHA256,
    DIGEST_SHA512,
    DIGEST_MD5
} digest_kind;

#define DIGEST_KINDS     7
#define DIGEST_MAX       64 /* bytes of the longest one */
#define DIGEST_TEXT_SIZE 89 /* the same in base64, with the NUL byte */
#define DIGEST_HEX_SIZE  129

/* "CRC32", "SHA256" and so on; static. */
const char *digest_name(digest_kind kind);
/* Find a kind by its name, ASCII case ignored. */
bool digest_find(const char *name, digest_kind *kind);
size_t digest_length(digest_kind kind); /* bytes */
bool digest_is_crc(digest_kind kind);

/* One while it is computed. */
typedef struct digest digest;

digest *digest_new(digest_kind kind); /* NULL without memory */
void digest_free(digest *self);       /* NULL is allowed */
/* @p self is a digest; void, so that walkers of bytes can call it. */
bool digest_add(void *self, const void *bytes, size_t len);
/* The result, a CRC big-endian; its length, 0 on failure. */
size_t digest_end(digest *self, unsigned char out[DIGEST_MAX]);

/* The same in one call. data may be NULL when len is 0. 0 or false on failure. */
size_t digest_of(digest_kind kind, const void *data, size_t len, unsigned char out[DIGEST_MAX]);
bool digest_hex(digest_kind kind, const void *data, size_t len, char out[DIGEST_HEX_SIZE]);
bool digest_text(digest_kind kind, const void *data, size_t len, char out[DIGEST_TEXT_SIZE]);

/* Whether text is base64 of as many bytes as this kind has. */
bool digest_is_text(digest_kind kind, const char *text);

/* CRC-32 as zlib counts it, for x-amz-crc32: "123456789" gives cbf43926. */
uint32_t digest_crc32(const void *data, size_t len);

#endif
