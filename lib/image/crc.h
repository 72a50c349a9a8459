/*
 * crc.h - the CRC-32 of PNG chunks.
 */
#ifndef IC_IMAGE_CRC_H
#define IC_IMAGE_CRC_H

#include <stddef.h>
#include <stdint.h>

/** Continue @p crc, which begins as 0, over @p len bytes. */
uint32_t ic_crc32(uint32_t crc, const uint8_t *data, size_t len);

#endif
