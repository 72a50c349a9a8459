/*
 * exif.h - the orientation in an EXIF block. Pure: bytes in, number out; nothing is trusted.
 *
 * The block is a TIFF file: 8 bytes that tell the byte order and where the first directory is, and
 * that directory. Both can be read apart, so that a walk need not hold the whole block.
 */
#ifndef IC_IMAGE_EXIF_H
#define IC_IMAGE_EXIF_H

#include <stddef.h>
#include <stdint.h>

#define IC_EXIF_HEADER_LEN  8
#define IC_EXIF_ENTRY_LEN   12
#define IC_EXIF_ENTRIES_MAX 84 /* looked at; a camera writes about 12 */

/** 1 and the directory's offset when @p header begins a block of @p total bytes; 0 when damaged. */
int ic_exif_header(const uint8_t header[IC_EXIF_HEADER_LEN], size_t total, uint32_t *directory,
                   uint32_t *big_endian);

/**
 * Look for the orientation in a directory.
 *
 * @param data  The directory's first @p len bytes, from its count on.
 * @param total Bytes of the block from the directory on, at least @p len.
 * @param orientation Receives 1 to 8, or 0 when it is absent or illegal.
 * @return 1, or 0 when the directory is damaged (@p orientation is set all the same).
 */
int ic_exif_directory(const uint8_t *data, size_t len, size_t total, uint32_t big_endian,
                      uint32_t *orientation);

/** Both steps over a block in memory. */
int ic_exif_orientation(const uint8_t *block, size_t len, uint32_t *orientation);

#endif
