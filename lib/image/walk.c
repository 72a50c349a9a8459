/*
 * walk.c - begin a walk, recognise the format, hand over to the PNG or the JPEG walk.
 */
#include "image/walk.h"

#include "image/sniff.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* All but the message, in pieces that compilers clear with a few stores. A larger one they leave to an
 * instruction that takes as long as the whole header of a small PNG. */
static void clear(ic_walk *walk)
{
    icecat_image_info *info = &walk->info;
    size_t half = offsetof(icecat_image_info, display_width_px);

    memset(walk, 0, offsetof(ic_walk, info));
    memset(info, 0, half);
    memset(&info->display_width_px, 0, sizeof(*info) - half);
}

void ic_walk_begin(ic_walk *walk, uint64_t size, const icecat_image_options *options)
{
    clear(walk);
    walk->message[0] = '\0';
    walk->size = size;
    walk->body_limit = options->check_crc ? UINT64_MAX : IC_WALK_HEAD;
    walk->max_segments = options->max_segments;
    walk->check_crc = options->check_crc;
    walk->info.struct_size = sizeof(walk->info);
    walk->info.size_bytes = size == IC_WALK_SIZE_UNKNOWN ? 0 : size;
}

ic_walk_result ic_walk_fault(ic_walk *walk, uint32_t reason, uint64_t offset, const char *format,
                             ...)
{
    va_list args;

    walk->info.reason = reason;
    walk->info.fault_offset = offset;
    va_start(args, format);
    vsnprintf(walk->message, sizeof(walk->message), format, args);
    va_end(args);
    return IC_WALK_FAULT;
}

/* Neither signature is whole: find the name of what it is. Not inline: its message needs room on the stack,
 * which every walk would pay for. */
__attribute__((noinline)) static ic_walk_result foreign(ic_walk *walk, const uint8_t *data,
                                                        size_t len)
{
    ic_sniffed found;

    ic_sniff(data, len, &found);
    walk->info.format = found.format;
    return ic_walk_fault(walk, found.reason, found.offset, "%s", found.message);
}

static ic_walk_result sniff(ic_walk *walk, const ic_window *window)
{
    static const uint8_t png[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
    uint64_t left = ic_walk_left(walk);
    const uint8_t *data = ic_walk_look(walk, window, left < 8 ? (size_t)left : 8);

    if (data == NULL)
        return IC_WALK_MORE;
    if (left >= 8 && memcmp(data, png, sizeof(png)) == 0) {
        walk->info.format = ICECAT_IMAGE_PNG;
        ic_png_begin(walk);
    } else if (left >= 3 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff) {
        walk->info.format = ICECAT_IMAGE_JPEG;
        ic_jpeg_begin(walk);
    } else {
        size_t want = left < IC_SNIFF_LEN ? (size_t)left : IC_SNIFF_LEN;

        data = ic_walk_look(walk, window, want);
        return data == NULL ? IC_WALK_MORE : foreign(walk, data, want);
    }
    walk->is_sniffed = 1;
    return IC_WALK_HEADER;
}

ic_walk_result ic_walk_run(ic_walk *walk, const ic_window *window)
{
    if (!walk->is_sniffed) {
        ic_walk_result result = sniff(walk, window);

        if (result != IC_WALK_HEADER)
            return result;
    }
    if (walk->info.format == ICECAT_IMAGE_PNG)
        return ic_png_run(walk, window);
    return ic_jpeg_run(walk, window);
}
