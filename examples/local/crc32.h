/*
 * crc32.h - CRC-32 as zlib counts it, for x-amz-crc32.
 */
#ifndef ICECAT_LOCAL_CRC32_H
#define ICECAT_LOCAL_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* "123456789" gives cbf43926. */
uint32_t crc32_of(const void *data, size_t len);

#endif
