/*
 * png_ihdr.c - what the header chunk of a PNG says: size, colour type, bit depth and methods.
 */
#include "base/crc32.h"
#include "image/walk.h"

static ic_walk_result check_colour(ic_walk *walk, uint32_t depth, uint32_t colour)
{
    /* Bit n is set when depth n goes with the colour type. */
    static const uint32_t depths[7] = { 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8 | 1u << 16,
                                        0,
                                        1u << 8 | 1u << 16,
                                        1u << 1 | 1u << 2 | 1u << 4 | 1u << 8,
                                        1u << 8 | 1u << 16,
                                        0,
                                        1u << 8 | 1u << 16 };
    static const uint8_t channels[7] = { 1, 0, 3, 1, 2, 0, 4 };
    static const uint8_t models[7] = { ICECAT_COLOUR_GREY, 0,
                                       ICECAT_COLOUR_RGB,  ICECAT_COLOUR_PALETTE,
                                       ICECAT_COLOUR_GREY, 0,
                                       ICECAT_COLOUR_RGB };

    if (colour > 6 || depth > 16 || (depths[colour] >> depth & 1) == 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_COLOUR, 24,
                             "PNG has colour type %u with bit depth %u, which do not exist "
                             "together; it is damaged",
                             colour, depth);
    walk->as.png.colour_type = colour;
    walk->info.bit_depth = depth;
    walk->info.channels = channels[colour];
    walk->info.colour_model = models[colour];
    walk->info.has_alpha = colour >> 2 & 1;
    return IC_WALK_MORE;
}

ic_walk_result ic_png_ihdr(ic_walk *walk, const uint8_t *p)
{
    uint32_t width = ic_be32(p + 16), height = ic_be32(p + 20);

    if (ic_crc32(0, p + 12, 17) != ic_be32(p + 29)) {
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_IHDR_CRC, 29,
                             "PNG is damaged: the checksum of its header (IHDR) is wrong; send the "
                             "original file");
#endif
    }
    walk->info.width_px = width;
    walk->info.height_px = height;
    if (width == 0 || height == 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_ZERO_SIZE, 16,
                             "PNG says it is %u x %u pixels; neither may be 0", width, height);
    if (width > 0x7fffffffu || height > 0x7fffffffu)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_OVER_FORMAT, 16,
                             "PNG says it is %u x %u pixels, but the format ends at 2147483647",
                             width, height);
    if (p[26] != 0 || p[27] != 0 || p[28] > 1)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_METHOD, 26,
                             "PNG uses compression %u, filter %u, interlace %u; only 0, 0 and 0 or "
                             "1 exist",
                             p[26], p[27], p[28]);
    walk->info.progressive = p[28];
    return check_colour(walk, p[24], p[25]);
}
