/*
 * s3_digest.h - ETags, and checksums by the names that S3 has for them.
 */
#ifndef ICECAT_LOCAL_S3_DIGEST_H
#define ICECAT_LOCAL_S3_DIGEST_H

#include "digest.h"
#include "s3_store.h"

/* The n-th algorithm that S3 has headers for, NULL behind the last. */
const char *s3_algorithm(size_t n);
/* The one with this name, case ignored; NULL when it is not known. */
const char *s3_algorithm_named(const char *name);
/* Whether a checksum of the whole object can be made of it in a multipart upload. */
bool s3_algorithm_is_crc(const char *algorithm);
/* "x-amz-checksum-crc32" */
void s3_algorithm_header(const char *algorithm, char out[40]);
/* Begin to compute one; NULL when it is not known or memory ran out. */
digest *s3_algorithm_digest(const char *algorithm);
size_t s3_algorithm_length(const char *algorithm); /* bytes of its result; 0 when not known */

/* "ab12...": the MD5 in hexadecimal. False on failure. */
bool s3_etag_of(const void *bytes, size_t len, char out[S3_ETAG_SIZE]);

/* Compute a checksum of bytes, or of a whole body. False on failure. */
bool s3_checksum_of(const char *algorithm, const void *bytes, size_t len, s3_checksum *out);
bool s3_checksum_of_body(sqlite3 *db, int64_t body, uint64_t size, const char *algorithm,
                         s3_checksum *out);
/* The MD5 of a whole body in hexadecimal. */
bool s3_etag_of_body(sqlite3 *db, int64_t body, uint64_t size, char out[S3_ETAG_SIZE]);

#endif
