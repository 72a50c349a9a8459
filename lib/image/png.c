/*
 * png.c - the walk over a PNG: signature, IHDR with its CRC, the chunks up to the pixels, and behind
 * them as far as asked. Reference: W3C PNG specification, third edition.
 */
#include "base/crc32.h"
#include "image/exif.h"
#include "image/walk.h"

#include <string.h>

enum { IHDR, CHUNK, EXIF, PALETTE, DATA, CHUNK_CRC, BODY_DONE };

#define CHUNK_HEAD 8u
#define CHUNK_OVER 12u /* length, type and CRC */

#define PALETTE_MAX 768u

#define TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))
#define T_IHDR           TYPE('I', 'H', 'D', 'R')
#define T_PLTE           TYPE('P', 'L', 'T', 'E')
#define T_IDAT           TYPE('I', 'D', 'A', 'T')
#define T_IEND           TYPE('I', 'E', 'N', 'D')
#define T_TRNS           TYPE('t', 'R', 'N', 'S')
#define T_EXIF           TYPE('e', 'X', 'I', 'f')
#define T_ACTL           TYPE('a', 'c', 'T', 'L')
#define T_CGBI           TYPE('C', 'g', 'B', 'I')

#define FORMAT_U64 "%llu"
#define U64(x)     ((unsigned long long)(x))

void ic_png_begin(ic_walk *walk)
{
    memset(&walk->as.png, 0, sizeof(walk->as.png));
}

static ic_walk_result read_ihdr(ic_walk *walk, const ic_window *window)
{
    ic_walk_result result;
    const uint8_t *p;

    if (ic_walk_left(walk) < IC_PNG_IHDR_LEN)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_TRUNCATED, walk->size,
                             "PNG is truncated: it ends after " FORMAT_U64
                             " bytes, inside its header; send it again",
                             U64(walk->size));
    p = ic_walk_look(walk, window, IC_PNG_IHDR_LEN);
    if (p == NULL)
        return IC_WALK_MORE;
    if (ic_be32(p + 12) == T_CGBI)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_CGBI, 12,
                             "Apple CgBI file (made for iOS apps), not a PNG; convert it first");
    if (ic_be32(p + 12) != T_IHDR)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_NO_IHDR, 12,
                             "PNG does not begin with its header chunk (IHDR); it is damaged");
    if (ic_be32(p + 8) != 13)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_IHDR_LENGTH, 8,
                             "PNG has a header (IHDR) of %u bytes instead of 13; it is damaged",
                             ic_be32(p + 8));
    result = ic_png_ihdr(walk, p);
    if (result != IC_WALK_MORE)
        return result;
    memcpy(walk->as.png.ihdr, p, IC_PNG_IHDR_LEN);
    walk->pos = IC_PNG_IHDR_LEN;
    walk->as.png.state = CHUNK;
    return IC_WALK_MORE;
}

static int is_letter(uint8_t c)
{
    c |= 0x20;
    return c >= 'a' && c <= 'z';
}

/* The file ends before, inside or behind the head of a chunk. */
static ic_walk_result cut(ic_walk *walk)
{
    const ic_png *png = &walk->as.png;
    uint64_t data = png->chunk_at + CHUNK_HEAD;

    if (walk->pos > walk->size && png->chunk_at + CHUNK_OVER <= walk->size &&
        walk->size - data < png->chunk_len)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_TRUNCATED, png->chunk_at,
                             "PNG is truncated: chunk %.4s at byte " FORMAT_U64
                             " claims %u bytes but " FORMAT_U64 " are left",
                             (const char *)png->chunk, U64(png->chunk_at), png->chunk_len,
                             U64(walk->size - data));
    return ic_walk_fault(
        walk, ICECAT_IMAGE_REASON_TRUNCATED, walk->size,
        "PNG is truncated: it ends after " FORMAT_U64 " bytes, %s; send it again", U64(walk->size),
        walk->has_header ? "before its end chunk (IEND)" : "before its pixels (IDAT)");
}

/* Does the chunk at the position end inside the file? MORE when it does or nobody knows yet. */
static ic_walk_result check_room(ic_walk *walk)
{
    uint64_t left = ic_walk_left(walk);

    if (left == UINT64_MAX || (left >= CHUNK_OVER && left - CHUNK_OVER >= walk->as.png.chunk_len))
        return IC_WALK_MORE;
    walk->pos += CHUNK_OVER + (uint64_t)walk->as.png.chunk_len;
    return cut(walk);
}

/* The head of a chunk: is it one, and is there room for it? MORE when all is well. */
static ic_walk_result check_chunk(ic_walk *walk, const uint8_t *p, uint32_t length)
{
    ic_png *png = &walk->as.png;

    if (!is_letter(p[4]) || !is_letter(p[5]) || !is_letter(p[6]) || !is_letter(p[7]))
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_CHUNK_TYPE, walk->pos + 4,
                             "PNG is damaged: %02x%02x%02x%02x at byte " FORMAT_U64
                             " is not the name of a chunk",
                             p[4], p[5], p[6], p[7], U64(walk->pos + 4));
    if (length > 0x7fffffffu)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_CHUNK_LENGTH, walk->pos,
                             "PNG is damaged: chunk %.4s at byte " FORMAT_U64
                             " claims %u bytes, more than the format allows",
                             (const char *)p + 4, U64(walk->pos), length);
    if (++png->count > (walk->has_header ? IC_WALK_BODY_CHUNKS : walk->max_segments))
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_TOO_MANY_SEGMENTS, walk->pos,
                             "PNG has more than %u chunks; raise max_segments if it is right",
                             walk->has_header ? IC_WALK_BODY_CHUNKS : walk->max_segments);
    png->chunk_at = walk->pos;
    png->chunk_len = length;
    memcpy(png->chunk, p + 4, 4);
    return check_room(walk);
}

/* Leave the chunk whose head is at chunk_at: step over it, or read it for its CRC. */
static ic_walk_result leave(ic_walk *walk)
{
    ic_png *png = &walk->as.png;

    if (walk->check_crc) {
        walk->pos = png->chunk_at + CHUNK_HEAD;
        png->crc = ic_crc32(0, png->chunk, 4);
        png->crc_left = png->chunk_len;
        png->state = DATA;
    } else {
        walk->pos = png->chunk_at + CHUNK_OVER + png->chunk_len;
        png->state = CHUNK;
    }
    return IC_WALK_MORE;
}

static ic_walk_result begin_palette(ic_walk *walk)
{
    ic_png *png = &walk->as.png;

    if (png->has_palette)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_ORDER, png->chunk_at,
                             "PNG is damaged: it has two palettes (PLTE)");
    if ((png->colour_type & 2) == 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_PALETTE, png->chunk_at,
                             "PNG is damaged: it is greyscale but has a palette (PLTE)");
    if (png->chunk_len == 0 || png->chunk_len > PALETTE_MAX || png->chunk_len % 3 != 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_PALETTE, png->chunk_at,
                             "PNG is damaged: its palette has %u bytes, not 3 to 768 by threes",
                             png->chunk_len);
    png->state = PALETTE;
    return IC_WALK_MORE;
}

/* Every chunk in front of the pixels, by its name. */
static ic_walk_result header_chunk(ic_walk *walk, uint32_t type)
{
    ic_png *png = &walk->as.png;

    switch (type) {
    case T_PLTE:
        return begin_palette(walk);
    case T_IDAT:
        if (png->colour_type == 3 && !png->has_palette)
            return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_PALETTE, png->chunk_at,
                                 "PNG is damaged: it needs a palette (PLTE) and has none");
        walk->pixels_at = png->chunk_at;
        walk->has_header = 1;
        leave(walk);
        return IC_WALK_HEADER;
    case T_IEND:
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_NO_IDAT, png->chunk_at,
                             "PNG has no pixels: its end chunk (IEND) comes before any IDAT");
    case T_TRNS:
        walk->info.has_alpha = 1;
        return leave(walk);
    case T_ACTL:
        walk->info.animated = 1;
        return leave(walk);
    case T_EXIF:
        if (walk->info.orientation != 0 || png->chunk_len < IC_EXIF_HEADER_LEN)
            return leave(walk);
        png->state = EXIF;
        return IC_WALK_MORE;
    default:
        return leave(walk);
    }
}

/* A chunk head: names, lengths and order. HEADER or END pass through. */
static ic_walk_result read_chunk(ic_walk *walk, const ic_window *window)
{
    ic_walk_result result;
    const uint8_t *p;
    uint32_t type, length;

    if (walk->size != IC_WALK_SIZE_UNKNOWN && walk->pos > walk->size)
        return cut(walk);
    if (walk->has_header && walk->pos >= walk->body_limit)
        return IC_WALK_TAIL;
    if (ic_walk_left(walk) < CHUNK_OVER)
        return cut(walk);
    p = ic_walk_look(walk, window, CHUNK_HEAD);
    if (p == NULL)
        return IC_WALK_MORE;
    length = ic_be32(p);
    type = ic_be32(p + 4);
    result = check_chunk(walk, p, length);
    if (result != IC_WALK_MORE)
        return result;
    if (type == T_IHDR)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_ORDER, walk->pos,
                             "PNG is damaged: it has two headers (IHDR)");
    if ((p[4] & 0x20) == 0 && type != T_PLTE && type != T_IDAT && type != T_IEND)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_CRITICAL, walk->pos,
                             "PNG needs chunk %.4s at byte " FORMAT_U64 ", which no decoder knows",
                             (const char *)p + 4, U64(walk->pos));
    if (!walk->has_header)
        return header_chunk(walk, type);
    if (type == T_IEND) {
        walk->as.png.state = CHUNK_CRC;
        walk->as.png.crc = ic_crc32(0, p + 4, 4);
        walk->pos += CHUNK_HEAD + length;
        return IC_WALK_MORE;
    }
    return leave(walk);
}

static ic_walk_result read_palette(ic_walk *walk, const ic_window *window)
{
    ic_png *png = &walk->as.png;
    const uint8_t *p;

    if (check_room(walk) == IC_WALK_FAULT)
        return IC_WALK_FAULT;
    p = ic_walk_look(walk, window, CHUNK_OVER + png->chunk_len);
    if (p == NULL)
        return IC_WALK_MORE;
    if (ic_crc32(0, p + 4, 4 + png->chunk_len) != ic_be32(p + CHUNK_HEAD + png->chunk_len)) {
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_CHUNK_CRC, png->chunk_at,
                             "PNG is damaged: the checksum of its palette (PLTE) is wrong");
#endif
    }
    png->has_palette = 1;
    return leave(walk);
}

/* EXIF in a PNG: only the chunk's first kilobyte is looked at, where writers put the directory. */
static ic_walk_result read_exif(ic_walk *walk, const ic_window *window)
{
    ic_png *png = &walk->as.png;
    size_t len = png->chunk_len;
    uint32_t directory, big_endian;
    const uint8_t *p;

    if (check_room(walk) == IC_WALK_FAULT)
        return IC_WALK_FAULT;
    if (len > IC_WALK_NEED_MAX - CHUNK_HEAD)
        len = IC_WALK_NEED_MAX - CHUNK_HEAD;
    p = ic_walk_look(walk, window, CHUNK_HEAD + len);
    if (p == NULL)
        return IC_WALK_MORE;
    p += CHUNK_HEAD;
    if (!ic_exif_header(p, png->chunk_len, &directory, &big_endian))
        walk->info.warnings |= ICECAT_IMAGE_WARN_EXIF_DAMAGED;
    else if (directory + 2 <= len &&
             !ic_exif_directory(p + directory, len - directory, png->chunk_len - directory,
                                big_endian, &walk->info.orientation))
        walk->info.warnings |= ICECAT_IMAGE_WARN_EXIF_DAMAGED;
    return leave(walk);
}

/* check_crc: take what there is of the chunk's bytes. */
static ic_walk_result read_data(ic_walk *walk, const ic_window *window)
{
    ic_png *png = &walk->as.png;

    while (png->crc_left != 0) {
        const uint8_t *p = ic_walk_look(walk, window, 1);
        size_t len;

        if (p == NULL) {
            if (ic_walk_left(walk) == 0)
                break; /* the size was learnt meanwhile, and the chunk is longer */
            return IC_WALK_MORE;
        }
        len = window->len - (size_t)(p - window->data);
        if (len > png->crc_left)
            len = png->crc_left;
        png->crc = ic_crc32(png->crc, p, len);
        png->crc_left -= (uint32_t)len;
        walk->pos += len;
    }
    if (png->crc_left != 0) {
        walk->pos += png->crc_left + 4;
        return cut(walk);
    }
    png->state = CHUNK_CRC;
    return IC_WALK_MORE;
}

static ic_walk_result read_crc(ic_walk *walk, const ic_window *window)
{
    ic_png *png = &walk->as.png;
    int is_end = memcmp(png->chunk, "IEND", 4) == 0;
    const uint8_t *p;

    if (ic_walk_left(walk) < 4)
        return cut(walk);
    p = ic_walk_look(walk, window, 4);
    if (p == NULL)
        return IC_WALK_MORE;
    if (png->crc != ic_be32(p) && !(is_end && png->chunk_len != 0)) {
        if ((png->chunk[0] & 0x20) == 0)
            return ic_walk_fault(walk, ICECAT_IMAGE_REASON_PNG_CHUNK_CRC, png->chunk_at,
                                 "PNG is damaged: the checksum of chunk %.4s at byte " FORMAT_U64
                                 " is wrong; send the original file",
                                 (const char *)png->chunk, U64(png->chunk_at));
        walk->info.warnings |= ICECAT_IMAGE_WARN_CHUNK_CRC;
    }
    walk->pos += 4;
    if (is_end) {
        walk->end = walk->pos;
        png->state = BODY_DONE;
    } else {
        png->state = CHUNK;
    }
    return IC_WALK_MORE;
}

ic_walk_result ic_png_run(ic_walk *walk, const ic_window *window)
{
    static ic_walk_result (*const steps[])(ic_walk *, const ic_window *) = {
        read_ihdr, read_chunk, read_exif, read_palette, read_data, read_crc
    };

    for (;;) {
        uint32_t before = walk->as.png.state;
        uint64_t pos = walk->pos;
        ic_walk_result result;

        if (before == BODY_DONE)
            return IC_WALK_END;
        result = steps[before](walk, window);
        if (result != IC_WALK_MORE)
            return result;
        if (walk->as.png.state == before && walk->pos == pos)
            return IC_WALK_MORE;
    }
}
