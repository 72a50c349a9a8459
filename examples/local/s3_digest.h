/*
 * s3_digest.h - ETags and checksums.
 */
#ifndef ICECAT_LOCAL_S3_DIGEST_H
#define ICECAT_LOCAL_S3_DIGEST_H

#include "s3_store.h"

#define S3_DIGEST_MAX 64 /* bytes */

/* MD5, CRC32, CRC32C, CRC64NVME, SHA1, SHA256 or SHA512 while it is computed. */
typedef struct s3_digest s3_digest;

/* NULL for another algorithm or without memory. */
s3_digest *s3_digest_new(const char *algorithm);
void s3_digest_free(s3_digest *digest);
/* Fits s3_body_take. */
bool s3_digest_add(void *digest, const void *bytes, size_t len);
/* The result, big-endian; its length, 0 on failure. */
size_t s3_digest_end(s3_digest *digest, unsigned char out[S3_DIGEST_MAX]);

/* The n-th algorithm that S3 has headers for, NULL behind the last. */
const char *s3_algorithm(size_t n);
/* The one with this name, case ignored; NULL when it is not known. */
const char *s3_algorithm_named(const char *name);
/* Whether a checksum of the whole object can be made of it in a multipart upload. */
bool s3_algorithm_is_crc(const char *algorithm);
/* "x-amz-checksum-crc32" */
void s3_algorithm_header(const char *algorithm, char out[40]);

/* "ab12...": the MD5 in hexadecimal. False on failure. */
bool s3_etag_of(const void *bytes, size_t len, char out[S3_ETAG_SIZE]);

/* Compute a checksum of bytes, or of a whole body. False on failure. */
bool s3_checksum_of(const char *algorithm, const void *bytes, size_t len, s3_checksum *out);
bool s3_checksum_of_body(sqlite3 *db, int64_t body, uint64_t size, const char *algorithm,
                         s3_checksum *out);
/* The MD5 of a whole body in hexadecimal. */
bool s3_etag_of_body(sqlite3 *db, int64_t body, uint64_t size, char out[S3_ETAG_SIZE]);

/* Base64 without line breaks; out has room for 4 * (len + 2) / 3 + 1. */
void s3_base64(const unsigned char *bytes, size_t len, char *out);
/* Decode exactly len bytes; false when text is anything else. */
bool s3_base64_decode(const char *text, unsigned char *out, size_t len);
void s3_hex(const unsigned char *bytes, size_t len, char *out);
bool s3_hex_decode(const char *text, unsigned char *out, size_t len);
size_t s3_algorithm_length(const char *algorithm); /* bytes of its result */

#endif
