/*
 * crc32_fold.h - the two ways to a CRC-32 (internal to base/crc32).
 *
 * Both work on the register of the CRC, which is the complement of what ic_crc32() takes and returns.
 */
#ifndef IC_CRC32_FOLD_H
#define IC_CRC32_FOLD_H

#include <stddef.h>
#include <stdint.h>

#define IC_CRC32_FOLD_LEAST 64u /* bytes; fewer are not worth it */

/** By tables, on every processor. */
uint32_t ic_crc32_by_tables(uint32_t state, const void *data, size_t len);

/** Can this processor multiply without carry? */
int ic_crc32_can_fold(void);
/** By such multiplications, where ic_crc32_can_fold(): @p len is at least IC_CRC32_FOLD_LEAST, and a multiple of 16. */
uint32_t ic_crc32_fold(uint32_t state, const void *data, size_t len);

#endif
