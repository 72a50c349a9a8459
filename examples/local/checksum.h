/*
 * checksum.h - the checksums of S3 that requests may carry: x-amz-checksum-* and Content-MD5.
 */
#ifndef ICECAT_LOCAL_CHECKSUM_H
#define ICECAT_LOCAL_CHECKSUM_H

#include <stddef.h>

typedef enum checksum_kind {
    CHECKSUM_CRC32,
    CHECKSUM_CRC32C,
    CHECKSUM_CRC64NVME,
    CHECKSUM_SHA1,
    CHECKSUM_SHA256,
    CHECKSUM_SHA512,
    CHECKSUM_MD5
} checksum_kind;

#define CHECKSUM_MAX       64 /* bytes of the longest one */
#define CHECKSUM_TEXT_SIZE 89 /* the same in base64, with the NUL byte */

/* "CRC32", "SHA256" and so on; static. */
const char *checksum_name(checksum_kind kind);
/* Find a kind by its name, ASCII case ignored. 1 when there is one. */
int checksum_find(const char *name, checksum_kind *kind);
/* Base64 of the big-endian checksum, as S3 writes it. 1 on success. */
int checksum_text(checksum_kind kind, const void *data, size_t len, char out[CHECKSUM_TEXT_SIZE]);
/* 1 when text is base64 of as many bytes as this kind has. */
int checksum_is_valid(checksum_kind kind, const char *text);

#endif
