/*
 * crc32.h - CRC-32 of ISO-HDLC (zlib, PNG, x-amz-crc32).
 */
#ifndef IC_CRC32_H
#define IC_CRC32_H

#include <stddef.h>
#include <stdint.h>

/** Continue @p crc (0 at first) over more bytes. "123456789" gives cbf43926. */
uint32_t ic_crc32(uint32_t crc, const void *data, size_t len);

#endif
