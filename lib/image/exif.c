/*
 * exif.c - the orientation in an EXIF block.
 */
#include "image/exif.h"

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT      3
#define TYPE_LONG       4

static uint32_t read16(const uint8_t *p, uint32_t big_endian)
{
    return big_endian ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t read32(const uint8_t *p, uint32_t big_endian)
{
    return big_endian ? read16(p, 1) << 16 | read16(p + 2, 1)
                      : read16(p + 2, 0) << 16 | read16(p, 0);
}

int ic_exif_header(const uint8_t header[IC_EXIF_HEADER_LEN], size_t total, uint32_t *directory,
                   uint32_t *big_endian)
{
    if (header[0] == 'I' && header[1] == 'I')
        *big_endian = 0;
    else if (header[0] == 'M' && header[1] == 'M')
        *big_endian = 1;
    else
        return 0;
    if (read16(header + 2, *big_endian) != 42)
        return 0;
    *directory = read32(header + 4, *big_endian);
    return *directory >= IC_EXIF_HEADER_LEN && *directory <= total && total - *directory >= 2;
}

/* The value of the entry when it is one number of 1 to 8. */
static int entry_orientation(const uint8_t *entry, uint32_t big_endian, uint32_t *orientation)
{
    uint32_t type = read16(entry + 2, big_endian);
    uint32_t value;

    if (read32(entry + 4, big_endian) != 1)
        return 0;
    if (type == TYPE_SHORT)
        value = read16(entry + 8, big_endian);
    else if (type == TYPE_LONG)
        value = read32(entry + 8, big_endian);
    else
        return 0;
    if (value < 1 || value > 8)
        return 0;
    *orientation = value;
    return 1;
}

int ic_exif_directory(const uint8_t *data, size_t len, size_t total, uint32_t big_endian,
                      uint32_t *orientation)
{
    size_t count, fits;

    *orientation = 0;
    if (len < 2)
        return 0;
    count = read16(data, big_endian);
    fits = (len - 2) / IC_EXIF_ENTRY_LEN;
    for (size_t i = 0; i < count && i < fits; i++) {
        const uint8_t *entry = data + 2 + i * IC_EXIF_ENTRY_LEN;

        if (read16(entry, big_endian) == TAG_ORIENTATION)
            return entry_orientation(entry, big_endian, orientation);
    }
    return count <= (total - 2) / IC_EXIF_ENTRY_LEN;
}

int ic_exif_orientation(const uint8_t *block, size_t len, uint32_t *orientation)
{
    uint32_t directory, big_endian;

    *orientation = 0;
    if (len < IC_EXIF_HEADER_LEN || !ic_exif_header(block, len, &directory, &big_endian))
        return 0;
    return ic_exif_directory(block + directory, len - directory, len - directory, big_endian,
                             orientation);
}
