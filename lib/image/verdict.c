/*
 * verdict.c - from a finished walk to the answer. "Sound" was decided by the walk; here follow the
 * limits, which never make an image unsound.
 */
#include "image/verdict.h"

#include "base/error.h"
#include "base/options.h"
#include "image/reason.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_image_options, check_crc);
IC_NO_PADDING_AFTER(icecat_image_info, reason);

#define MIB                  1048576u
#define SEGMENTS_MAX         65536u
#define REKOGNITION_SIDE     10000u
#define LIBJPEG_SIDE         65500u
#define DEFLATE_RATIO        1032u /* 258 bytes by 2 bits, the most that deflate can do */
#define JPEG_BLOCKS_PER_BYTE 8u    /* each block of 8 x 8 pixels takes at least a bit */

void icecat_image_options_init(icecat_image_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

void icecat_image_info_init(icecat_image_info *info, size_t struct_size)
{
    ic_options_init(info, struct_size);
}

icecat_status ic_image_options_load(icecat_image_options *own, const icecat_image_options *caller,
                                    icecat_error *err)
{
    icecat_status status = IC_OPTIONS_LOAD(own, caller, icecat_image_options, err);
    int any;

    if (status != ICECAT_OK)
        return status;
    if (own->profile > ICECAT_PROFILE_ANY)
        return ic_fail(err, ICECAT_E_ARGUMENT, "icecat_image_options: profile %u does not exist",
                       own->profile);
    any = own->profile == ICECAT_PROFILE_ANY;
    if (own->max_bytes == 0)
        own->max_bytes = any                                             ? UINT64_MAX
                         : own->profile == ICECAT_PROFILE_REKOGNITION_S3 ? 15 * MIB
                                                                         : 5 * MIB;
    if (own->max_pixels == 0)
        own->max_pixels = UINT64_MAX;
    if (own->min_side_px == 0)
        own->min_side_px = any ? 1 : 80;
    if (own->max_side_px == 0)
        own->max_side_px = any ? UINT32_MAX : REKOGNITION_SIDE;
    if (own->max_segments == 0)
        own->max_segments = SEGMENTS_MAX;
    return ICECAT_OK;
}

int ic_image_confirm(ic_walk *walk)
{
    int is_png = walk->info.format == ICECAT_IMAGE_PNG;
    char text[IC_CONFIRM_TEXT];
    int agreed;

    /* libjpeg stops at 65500; such an image is sound and has its own verdict, a limit. */
    if (!is_png && (walk->info.width_px > LIBJPEG_SIDE || walk->info.height_px > LIBJPEG_SIDE))
        return 1;
    agreed = is_png ? ic_png_confirm(walk, text) : ic_jpeg_confirm(walk, text);
    if (agreed == 0)
        ic_walk_fault(walk, ICECAT_IMAGE_REASON_DECODER, walk->pixels_at,
                      "%s is damaged: %s refuses its header (%s)", is_png ? "PNG" : "JPEG",
                      is_png ? "libpng" : "libjpeg", text);
    return agreed;
}

/* Could so many pixels come out of so few bytes? */
static int is_bomb(const ic_walk *walk)
{
    const icecat_image_info *info = &walk->info;
    uint64_t size = walk->size, width = info->width_px, height = info->height_px, row;

    if (size == IC_WALK_SIZE_UNKNOWN)
        return 0;
    if (info->format == ICECAT_IMAGE_JPEG)
        return (width + 7) / 8 * ((height + 7) / 8) / JPEG_BLOCKS_PER_BYTE > size;
    row = 1 + (width * info->channels * info->bit_depth + 7) / 8;
    return height / DEFLATE_RATIO > size / row + 1 || row * height / DEFLATE_RATIO > size;
}

static uint32_t over_limit(ic_walk *walk, const icecat_image_options *options)
{
    const icecat_image_info *info = &walk->info;
    uint32_t w = info->width_px, h = info->height_px;
    uint32_t most = options->max_side_px;

    if (walk->size != IC_WALK_SIZE_UNKNOWN && walk->size > options->max_bytes)
        return ICECAT_IMAGE_REASON_TOO_MANY_BYTES;
    if (!walk->has_header)
        return ICECAT_IMAGE_REASON_NONE;
    if (info->format == ICECAT_IMAGE_JPEG && most > LIBJPEG_SIDE)
        most = LIBJPEG_SIDE;
    if (w < options->min_side_px || h < options->min_side_px)
        return ICECAT_IMAGE_REASON_TOO_SMALL;
    if (w > most || h > most)
        return ICECAT_IMAGE_REASON_TOO_LARGE;
    if ((uint64_t)w * h > options->max_pixels)
        return ICECAT_IMAGE_REASON_TOO_MANY_PIXELS;
    if (options->profile != ICECAT_PROFILE_ANY && is_bomb(walk))
        return ICECAT_IMAGE_REASON_BOMB;
    return ICECAT_IMAGE_REASON_NONE;
}

static void explain_limit(ic_walk *walk, const icecat_image_options *options, uint32_t reason)
{
    uint32_t w = walk->info.width_px, h = walk->info.height_px;

    switch (reason) {
    case ICECAT_IMAGE_REASON_TOO_MANY_BYTES:
        ic_walk_fault(
            walk, reason, 0, "image has %llu bytes, over the limit of %llu; make it smaller%s",
            (unsigned long long)walk->size, (unsigned long long)options->max_bytes,
            options->profile == ICECAT_PROFILE_REKOGNITION_BYTES ? " or send it through S3" : "");
        break;
    case ICECAT_IMAGE_REASON_TOO_SMALL:
        ic_walk_fault(walk, reason, 0,
                      "image is %u x %u pixels; each side needs at least %u, send a larger one", w,
                      h, options->min_side_px);
        break;
    case ICECAT_IMAGE_REASON_TOO_LARGE:
        ic_walk_fault(walk, reason, 0,
                      "image is %u x %u pixels; each side may have at most %u, scale it down", w, h,
                      options->max_side_px < LIBJPEG_SIDE || walk->info.format != ICECAT_IMAGE_JPEG
                          ? options->max_side_px
                          : LIBJPEG_SIDE);
        break;
    case ICECAT_IMAGE_REASON_TOO_MANY_PIXELS:
        ic_walk_fault(walk, reason, 0,
                      "image is %u x %u = %llu pixels, over the limit of %llu; scale it down", w, h,
                      (unsigned long long)w * h, (unsigned long long)options->max_pixels);
        break;
    default:
        ic_walk_fault(walk, reason, 0,
                      "image claims %u x %u pixels in %llu bytes, more than they can hold: it is "
                      "incomplete or a decompression bomb",
                      w, h, (unsigned long long)walk->size);
        break;
    }
}

/* Strict callers take no oddity; the first one is named. */
static void refuse_warnings(ic_walk *walk)
{
    static const struct {
        uint32_t bit;
        const char *text;
    } names[] = {
        { ICECAT_IMAGE_WARN_TRAILING_DATA, "bytes follow the end of the image" },
        { ICECAT_IMAGE_WARN_EXIF_DAMAGED, "its EXIF block is damaged" },
        { ICECAT_IMAGE_WARN_JUNK, "stray bytes lie between its segments" },
        { ICECAT_IMAGE_WARN_CHUNK_CRC, "the checksum of an ancillary chunk is wrong" },
        { ICECAT_IMAGE_WARN_HEADER_UNSEEN, "only a part of its header was given" },
        { ICECAT_IMAGE_WARN_TAIL_UNSEEN, "its end was not given" },
    };

    if (walk->info.warnings & ICECAT_IMAGE_WARN_EXTENSION) {
        ic_walk_fault(walk, ICECAT_IMAGE_REASON_EXTENSION, 0,
                      "strict: %s under the name of another format; rename it",
                      walk->info.format == ICECAT_IMAGE_PNG ? "PNG" : "JPEG");
        return;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (walk->info.warnings & names[i].bit) {
            ic_walk_fault(walk, ICECAT_IMAGE_REASON_STRICT, walk->end, "strict: %s", names[i].text);
            return;
        }
    }
}

static void finish(ic_walk *walk, ic_walk_result result, const icecat_image_options *options)
{
    icecat_image_info *info = &walk->info;
    int turned = info->orientation >= 5;
    uint32_t reason;

    info->size_bytes = walk->size == IC_WALK_SIZE_UNKNOWN ? 0 : walk->size;
    info->display_width_px = turned ? info->height_px : info->width_px;
    info->display_height_px = turned ? info->width_px : info->height_px;
    if (result == IC_WALK_FAULT)
        return;
    if (result == IC_WALK_END && walk->end < walk->size && walk->size != IC_WALK_SIZE_UNKNOWN) {
        info->trailing_bytes = walk->size - walk->end;
        info->warnings |= ICECAT_IMAGE_WARN_TRAILING_DATA;
    }
    if (result == IC_WALK_MORE)
        info->warnings |= ICECAT_IMAGE_WARN_TAIL_UNSEEN;
    if (!walk->has_header)
        info->warnings |= ICECAT_IMAGE_WARN_HEADER_UNSEEN;
    if (options->strict && info->warnings != 0) {
        refuse_warnings(walk);
        return;
    }
    reason = over_limit(walk, options);
    if (reason != ICECAT_IMAGE_REASON_NONE)
        explain_limit(walk, options, reason);
    else
        info->within_limits = walk->has_header;
}

icecat_status ic_image_verdict(ic_walk *walk, ic_walk_result result,
                               const icecat_image_options *options, icecat_image_info *info,
                               icecat_error *err)
{
    icecat_status status;

    finish(walk, result, options);
    status = IC_OPTIONS_STORE(info, &walk->info, icecat_image_info, err);
    if (status != ICECAT_OK)
        return status;
    status = ic_image_reason_status(walk->info.reason);
    if (status == ICECAT_OK)
        return ICECAT_OK;
    return ic_fail(err, status, "%s", walk->message);
}
