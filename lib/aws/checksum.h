/*
 * checksum.h - the checksum that S3 verifies, keeps with an object, and answers with. Pure.
 *
 * It is the SHA-256 that is signed anyway, in base64, so it costs no second pass over the body; see
 * docs/decisions/put-checksums.md.
 */
#ifndef IC_CHECKSUM_H
#define IC_CHECKSUM_H

#include "base/digest.h"

#define IC_CHECKSUM_HEADER "x-amz-checksum-sha256"
#define IC_CHECKSUM_SIZE   45 /* base64 of 32 bytes, with the NUL byte */

/** Value of the header for a hash in hex. 0 when @p sha256_hex is no hash. */
int ic_checksum_write(const char *sha256_hex, char out[IC_CHECKSUM_SIZE]);

#endif
