/*
 * fuzz_exif.c - an EXIF block gives the same orientation alone, inside a JPEG and inside a PNG, and
 * never makes its image unsound.
 */
#include "fuzz_image.h"

#include "../unit/image/build.h"
#include "image/exif.h"
#include "image/walk.h"

#include <string.h>

#define JPEG_BLOCK_MAX 65527u /* a segment's content less "Exif\0\0" */
#define PNG_BLOCK_MAX  (IC_WALK_NEED_MAX - 8u)

/* Sound images around the block; made once. */
static bytes jpeg, png;

static void make_images(void)
{
    if (jpeg.len != 0)
        return;
    jpeg_whole(&jpeg, 8, 16, 1, 0);
    png_whole(&png, 8, 16, 0);
}

/* Entries of the first directory, or 0 when the block has none. */
static size_t entries(const uint8_t *block, size_t len)
{
    uint32_t directory, big_endian;

    if (len < IC_EXIF_HEADER_LEN || !ic_exif_header(block, len, &directory, &big_endian))
        return 0;
    block += directory;
    return big_endian ? (size_t)block[0] << 8 | block[1] : (size_t)block[1] << 8 | block[0];
}

static void check_image(const bytes *image, int is_exact, int is_sound, uint32_t orientation)
{
    icecat_image_options options = fuzz_options(ICECAT_PROFILE_ANY, 0, 0);
    fuzz_answer answer;

    fuzz_probe(image->data, image->len, &options, &answer);
    FUZZ_CHECK(answer.status == ICECAT_OK);
    FUZZ_CHECK((answer.info.warnings & ~ICECAT_IMAGE_WARN_EXIF_DAMAGED) == 0);
    if (!is_exact)
        return;
    FUZZ_CHECK(answer.info.orientation == orientation);
    FUZZ_CHECK((answer.info.warnings == 0) == is_sound);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint32_t orientation = 9;
    int is_sound = ic_exif_orientation(data, len, &orientation);
    bytes image = { 0 };

    FUZZ_CHECK(orientation <= 8);
    if (len > JPEG_BLOCK_MAX)
        return 0;
    make_images();
    bytes_add(&image, "Exif\0", 6);
    bytes_add(&image, data, len);
    {
        bytes with = { 0 };

        bytes_add(&with, jpeg.data, jpeg.len);
        jpeg_segment(&with, 0xe1, image.data, image.len);
        check_image(&with, entries(data, len) <= IC_EXIF_ENTRIES_MAX, is_sound, orientation);
        bytes_free(&with);
    }
    bytes_free(&image);
    bytes_add(&image, png.data, IC_PNG_IHDR_LEN);
    png_chunk(&image, "eXIf", data, len);
    bytes_add(&image, png.data + IC_PNG_IHDR_LEN, png.len - IC_PNG_IHDR_LEN);
    check_image(&image, len >= IC_EXIF_HEADER_LEN && len <= PNG_BLOCK_MAX, is_sound, orientation);
    bytes_free(&image);
    return 0;
}
