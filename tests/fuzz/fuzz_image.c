/*
 * fuzz_image.c - the promises that every answer about an image keeps.
 */
#include "fuzz_image.h"

#include <string.h>

icecat_image_options fuzz_options(uint32_t profile, uint32_t strict, uint32_t check_crc)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;

    options.profile = profile;
    options.strict = strict;
    options.check_crc = check_crc;
    return options;
}

int fuzz_is_sound(const fuzz_answer *answer)
{
    return answer->status == ICECAT_OK || answer->status == ICECAT_E_IMAGE_LIMIT;
}

static void check_sound(const icecat_image_info *info)
{
    int turned = info->orientation >= 5;

    FUZZ_CHECK(info->format == ICECAT_IMAGE_PNG || info->format == ICECAT_IMAGE_JPEG);
    FUZZ_CHECK(info->width_px != 0 && info->height_px != 0);
    FUZZ_CHECK(info->display_width_px == (turned ? info->height_px : info->width_px));
    FUZZ_CHECK(info->display_height_px == (turned ? info->width_px : info->height_px));
    FUZZ_CHECK(info->channels >= 1 && info->channels <= 4);
    FUZZ_CHECK(info->bit_depth >= 1 && info->bit_depth <= 16);
    FUZZ_CHECK(info->colour_model != ICECAT_COLOUR_UNKNOWN);
    FUZZ_CHECK(info->trailing_bytes < info->size_bytes);
}

static void check_answer(const fuzz_answer *answer, uint64_t size)
{
    const icecat_image_info *info = &answer->info;

    FUZZ_CHECK(answer->err.status == (int32_t)answer->status);
    FUZZ_CHECK(info->size_bytes == size);
    FUZZ_CHECK(info->orientation <= 8);
    FUZZ_CHECK(info->fault_offset <= size);
    FUZZ_CHECK((answer->status == ICECAT_OK) == (info->reason == ICECAT_IMAGE_REASON_NONE));
    FUZZ_CHECK(strcmp(icecat_image_reason_name(info->reason), "unknown-reason") != 0);
    if (answer->status == ICECAT_OK) {
        FUZZ_CHECK(info->fault_offset == 0);
        FUZZ_CHECK((info->warnings & ICECAT_IMAGE_WARN_HEADER_UNSEEN) == 0 || !info->within_limits);
    } else {
        FUZZ_CHECK(answer->status == ICECAT_E_IMAGE_FORMAT ||
                   answer->status == ICECAT_E_IMAGE_CORRUPT ||
                   answer->status == ICECAT_E_IMAGE_LIMIT);
        FUZZ_CHECK(!info->within_limits);
        FUZZ_CHECK(answer->err.message[0] != '\0');
    }
    if (fuzz_is_sound(answer) && (info->warnings & ICECAT_IMAGE_WARN_HEADER_UNSEEN) == 0 &&
        info->reason != ICECAT_IMAGE_REASON_TOO_MANY_BYTES)
        check_sound(info);
}

void fuzz_probe(const uint8_t *data, size_t len, const icecat_image_options *options,
                fuzz_answer *answer)
{
    const icecat_image_info fresh = ICECAT_IMAGE_INFO_INIT;

    answer->info = fresh;
    answer->status = icecat_image_probe(data, len, options, &answer->info, &answer->err);
    check_answer(answer, options->total_bytes > len ? options->total_bytes : len);
}

/* The first half of a file may be enough or not, but it never makes a sound file unsound. */
static void check_prefix(const uint8_t *data, size_t len, const fuzz_answer *whole)
{
    icecat_image_options options = fuzz_options(ICECAT_PROFILE_ANY, 0, 0);
    fuzz_answer prefix;

    if (len < 2)
        return;
    options.total_bytes = len;
    fuzz_probe(data, len / 2, &options, &prefix);
    if (whole->status == ICECAT_OK)
        FUZZ_CHECK(prefix.status == ICECAT_OK);
}

void fuzz_probe_all(const uint8_t *data, size_t len, fuzz_answer *answer)
{
    icecat_image_options any = fuzz_options(ICECAT_PROFILE_ANY, 0, 0);
    icecat_image_options crc = fuzz_options(ICECAT_PROFILE_ANY, 0, 1);
    icecat_image_options strict = fuzz_options(ICECAT_PROFILE_ANY, 1, 0);
    icecat_image_options inside = fuzz_options(ICECAT_PROFILE_REKOGNITION_BYTES, 0, 0);
    fuzz_answer other;

    fuzz_probe(data, len, &any, answer);
    check_prefix(data, len, answer);
    fuzz_probe(data, len, &crc, &other);
    FUZZ_CHECK(!fuzz_is_sound(&other) || fuzz_is_sound(answer));
    fuzz_probe(data, len, &strict, &other);
    FUZZ_CHECK((other.status == ICECAT_OK) ==
               (answer->status == ICECAT_OK && answer->info.warnings == 0));
    /* Limits never change what is sound. */
    fuzz_probe(data, len, &inside, &other);
    FUZZ_CHECK(fuzz_is_sound(&other) == fuzz_is_sound(answer));
    FUZZ_CHECK(other.info.width_px == answer->info.width_px);
}
