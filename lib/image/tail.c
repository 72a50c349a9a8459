/*
 * tail.c - is the end of the image there, and what follows it?
 *
 * A cut upload is the commonest real fault, and no header shows it. Almost every sound file ends
 * with its end marker, which one small read shows. Where it does not, something was
 * appended (zeros, a film, a second picture) or the end is missing, and only then is more read.
 */
#include "image/tail.h"

#include <string.h>

int ic_tail_is_iend(const uint8_t bytes[IC_TAIL_PNG_LEN])
{
    return memcmp(bytes, "\0\0\0\0IEND\xae\x42\x60\x82", IC_TAIL_PNG_LEN) == 0;
}

static ic_walk_result png_tail(ic_walk *walk, ic_source *source)
{
    uint64_t at = walk->size - IC_TAIL_PNG_LEN;

    if (walk->size - walk->pos >= IC_TAIL_PNG_LEN) {
        if (!ic_source_load(source, at, IC_TAIL_PNG_LEN))
            return IC_WALK_MORE;
        if (ic_tail_is_iend(source->window.data + (at - source->window.start))) {
            walk->end = walk->size;
            return IC_WALK_END;
        }
    }
    walk->body_limit = UINT64_MAX; /* step over every chunk, to learn where it ends or breaks */
    return ic_source_walk(source, walk);
}

/* The last two bytes of almost every file. */
static int ends_with_eoi(const ic_walk *walk, ic_source *source)
{
    uint64_t at = walk->size - 2;
    const uint8_t *p;

    if (!ic_source_load(source, at, 2))
        return 0;
    p = source->window.data + (at - source->window.start);
    return p[0] == 0xff && p[1] == 0xd9;
}

/* First or last FF D9 wholly inside [from, to). */
static uint64_t find_eoi(ic_source *source, uint64_t from, uint64_t to, int last)
{
    uint64_t found = IC_TAIL_NOT_FOUND;

    while (to > from && to - from >= 2) {
        const uint8_t *data, *p, *end;
        uint64_t have;

        if (!ic_source_load(source, from, 2))
            return found;
        data = source->window.data + (from - source->window.start);
        have = source->window.start + source->window.len - from;
        if (have > to - from)
            have = to - from;
        end = data + have - 1; /* the last byte begins the next piece */
        for (p = data; (p = memchr(p, 0xff, (size_t)(end - p))) != NULL; p++) {
            if (p[1] != 0xd9)
                continue;
            found = from + (uint64_t)(p - data);
            if (!last)
                return found;
        }
        from += have - 1;
    }
    return found;
}

ic_walk_result ic_tail_no_eoi(ic_walk *walk)
{
    return ic_walk_fault(walk, ICECAT_IMAGE_REASON_TRUNCATED, walk->size,
                         "JPEG is truncated: its end marker is missing after %llu bytes; send it "
                         "again",
                         (unsigned long long)walk->size);
}

static ic_walk_result jpeg_tail(ic_walk *walk, ic_source *source)
{
    uint64_t from = walk->pixels_at, near = from, far, found;

    if (walk->size - from < 2)
        return ic_tail_no_eoi(walk);
    if (walk->size - from > IC_TAIL_NEAR)
        near = walk->size - IC_TAIL_NEAR;
    if (ends_with_eoi(walk, source)) {
        walk->end = walk->size;
        return IC_WALK_END;
    }
    found = find_eoi(source, near, walk->size, 1);
    if (found == IC_TAIL_NOT_FOUND && !source->failed) {
        far = near - from < IC_TAIL_FAR ? near + 1 : from + IC_TAIL_FAR;
        found = find_eoi(source, from, far, 0);
    }
    if (source->failed)
        return IC_WALK_MORE;
    if (found == IC_TAIL_NOT_FOUND)
        return ic_tail_no_eoi(walk);
    walk->end = found + 2;
    return IC_WALK_END;
}

ic_walk_result ic_tail_check(ic_walk *walk, ic_source *source)
{
    if (source->visible < walk->size)
        return IC_WALK_MORE;
    if (walk->info.format == ICECAT_IMAGE_PNG)
        return png_tail(walk, source);
    return jpeg_tail(walk, source);
}
