/*
 * jpeg.c - the walk over a JPEG: markers and segments from SOI to the first scan. Reference: ITU-T
 * T.81, and T.86 and T.872 for the application segments.
 *
 * Thumbnails carry headers of their own, so nothing is ever found by searching: each segment is
 * stepped over by its length. Stray bytes between segments are skipped as all decoders do, but
 * only so many.
 */
#include "image/jpeg_marker.h"
#include "image/walk.h"

#include <string.h>

#define M_APP0  0xe0u
#define M_APP1  0xe1u
#define M_APP2  0xe2u
#define M_APP14 0xeeu

#define SEGMENT_HEAD 4u /* marker and length */

#define U64(x) ((unsigned long long)(x))

void ic_jpeg_begin(ic_walk *walk)
{
    memset(&walk->as.jpeg, 0, sizeof(walk->as.jpeg));
    walk->pos = 2;
}

static ic_walk_result cut(ic_walk *walk)
{
    const ic_jpeg *jpeg = &walk->as.jpeg;

    return ic_walk_fault(
        walk, ICECAT_IMAGE_REASON_TRUNCATED, walk->size,
        "JPEG is truncated: it ends after %llu bytes, before its %s; send it again",
        U64(walk->size), jpeg->sof_marker == 0 ? "frame header (SOF)" : "pixels (SOS)");
}

/* The segment that began last runs on behind the end of the file. */
static ic_walk_result cut_segment(ic_walk *walk)
{
    const ic_jpeg *jpeg = &walk->as.jpeg;

    return ic_walk_fault(walk, ICECAT_IMAGE_REASON_TRUNCATED, jpeg->seg_at,
                         "JPEG is truncated: segment ff%02x at byte %llu claims %llu bytes but "
                         "%llu are left",
                         jpeg->seg_marker, U64(jpeg->seg_at), U64(jpeg->seg_end - jpeg->seg_at - 2),
                         U64(walk->size - jpeg->seg_at - 2));
}

static ic_walk_result missing(ic_walk *walk)
{
    if (walk->as.jpeg.sof_marker == 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_NO_SOF, walk->pos,
                             "JPEG has no frame header (SOF) before byte %llu; it is damaged",
                             U64(walk->pos));
    return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_NO_SOS, walk->pos,
                         "JPEG has no pixels: it ends without a scan (SOS)");
}

/* Skip what is no marker. 1 when the position moved, 0 at a marker, -1 when there is too much. */
static int skip_junk(ic_walk *walk, const uint8_t *p, size_t len)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    size_t n = 0;

    if (p[0] == 0xff && p[1] != 0xff && p[1] != 0)
        return 0;
    if (p[0] != 0xff) {
        const uint8_t *next = memchr(p, 0xff, len);

        n = next == NULL ? len : (size_t)(next - p);
        walk->info.warnings |= ICECAT_IMAGE_WARN_JUNK;
    } else if (p[1] == 0) {
        n = 2;
        walk->info.warnings |= ICECAT_IMAGE_WARN_JUNK;
    } else {
        n = 1; /* fill byte, which the format allows */
    }
    if (n > IC_WALK_JUNK_MAX - jpeg->junk) {
        walk->pos += IC_WALK_JUNK_MAX - jpeg->junk;
        return -1;
    }
    walk->pos += n;
    jpeg->junk += (uint32_t)n;
    return 1;
}

/* A marker that begins no segment of a header. */
static ic_walk_result refuse_marker(ic_walk *walk, uint32_t marker, uint32_t kind)
{
    if (kind == IC_MARKER_FIRST)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SECOND_SOI, walk->pos,
                             "JPEG is damaged: another image (SOI) begins inside its header, at "
                             "byte %llu",
                             U64(walk->pos));
    if (kind == IC_MARKER_LAST)
        return missing(walk);
    if (kind == IC_MARKER_PROCESS)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_PROCESS, walk->pos,
                             "%s JPEG, which common decoders do not read; convert it first",
                             marker == 0xf7   ? "JPEG-LS"
                             : marker == 0xc8 ? "extended (JPG)"
                                              : "hierarchical");
    return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_MARKER, walk->pos,
                         "JPEG is damaged: ff%02x at byte %llu is not a marker of its header",
                         marker, U64(walk->pos));
}

static ic_walk_result read_tables(ic_walk *walk, const ic_window *window)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    ic_walk_result result = IC_WALK_MORE;
    int taken = 1;

    while (taken && result == IC_WALK_MORE && walk->pos < jpeg->seg_end) {
        if (jpeg->state == IC_JPEG_QUANT)
            result = ic_jpeg_quant(walk, window, &taken);
        else
            result = ic_jpeg_huff(walk, window, &taken);
    }
    if (result == IC_WALK_MORE && walk->pos == jpeg->seg_end)
        jpeg->state = IC_JPEG_MARKER;
    return result;
}

static void read_app(ic_walk *walk, uint32_t marker, const uint8_t *data, size_t len)
{
    ic_jpeg *jpeg = &walk->as.jpeg;

    if (marker == M_APP0 && len >= 14 && memcmp(data, "JFIF", 5) == 0) {
        jpeg->has_jfif = 1;
    } else if (marker == M_APP14 && len >= 12 && memcmp(data, "Adobe", 5) == 0) {
        jpeg->has_adobe = 1;
        jpeg->adobe_transform = data[11];
    } else if (marker == M_APP2 && len >= 4 && memcmp(data, "MPF", 4) == 0) {
        walk->info.multi_picture = 1;
    } else if (marker == M_APP1 && len >= IC_EXIF_ID_LEN && !jpeg->has_exif &&
               memcmp(data, "Exif\0", IC_EXIF_ID_LEN) == 0) {
        jpeg->has_exif = 1;
        jpeg->state = IC_JPEG_EXIF_HEAD;
    }
}

/* The content of a segment, as far as it was wanted. @p content is its length by the segment. */
static ic_walk_result read_content(ic_walk *walk, uint32_t marker, const uint8_t *data, size_t len,
                                   size_t content)
{
    ic_jpeg *jpeg = &walk->as.jpeg;

    jpeg->state = IC_JPEG_MARKER;
    switch (ic_jpeg_kind(marker)) {
    case IC_MARKER_FRAME:
        return ic_jpeg_frame(walk, data, content);
    case IC_MARKER_HUFF:
        jpeg->state = IC_JPEG_HUFF;
        break;
    case IC_MARKER_QUANT:
        jpeg->state = IC_JPEG_QUANT;
        break;
    case IC_MARKER_CONDITION:
        return ic_jpeg_conditioning(walk, data, content);
    case IC_MARKER_INTERVAL:
        if (content != 2)
            return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SEGMENT, jpeg->seg_at,
                                 "JPEG is damaged: restart interval (DRI) of %zu bytes", content);
        jpeg->restart_interval = (uint16_t)ic_be16(data);
        break;
    case IC_MARKER_START:
        return jpeg->sof_marker == 0 ? missing(walk) : ic_jpeg_scan(walk, data, content);
    case IC_MARKER_APP:
        read_app(walk, marker, data, len);
        break;
    default:
        break;
    }
    return IC_WALK_MORE;
}

/* The first scan's header was the last segment. */
static ic_walk_result end_header(ic_walk *walk)
{
    walk->pixels_at = walk->as.jpeg.seg_end;
    walk->has_header = 1;
    walk->as.jpeg.state = IC_JPEG_SCAN_DATA;
    ic_jpeg_colour(walk);
    return IC_WALK_HEADER;
}

static ic_walk_result read_segment(ic_walk *walk, const ic_window *window)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    uint32_t marker = jpeg->seg_marker;
    ic_walk_result result;
    const uint8_t *p;
    size_t length, want;

    if (ic_walk_left(walk) < SEGMENT_HEAD)
        return cut(walk);
    p = ic_walk_look(walk, window, SEGMENT_HEAD);
    if (p == NULL)
        return IC_WALK_MORE;
    length = ic_be16(p + 2);
    if (length < 2)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SEGMENT, walk->pos,
                             "JPEG is damaged: segment ff%02x at byte %llu has length %zu", marker,
                             U64(walk->pos), length);
    jpeg->seg_end = walk->pos + 2 + length;
    if (jpeg->seg_end > walk->size)
        return cut_segment(walk);
    want = ic_jpeg_markers[marker - 0xc0].want;
    if (want > length - 2)
        want = length - 2;
    p = ic_walk_look(walk, window, SEGMENT_HEAD + want);
    if (p == NULL)
        return IC_WALK_MORE;
    result = read_content(walk, marker, p + SEGMENT_HEAD, want, length - 2);
    if (result != IC_WALK_MORE)
        return result;
    if (ic_jpeg_kind(marker) == IC_MARKER_START) {
        walk->pos = jpeg->seg_end;
        return end_header(walk);
    }
    walk->pos = jpeg->state == IC_JPEG_MARKER ? jpeg->seg_end : walk->pos + SEGMENT_HEAD;
    if (jpeg->state == IC_JPEG_QUANT || jpeg->state == IC_JPEG_HUFF)
        return read_tables(walk, window);
    return IC_WALK_MORE;
}

static ic_walk_result read_marker(ic_walk *walk, const ic_window *window)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    const uint8_t *p;
    uint32_t kind;
    int moved;

    if (ic_walk_left(walk) < 2)
        return cut(walk);
    p = ic_walk_look(walk, window, 2);
    if (p == NULL)
        return IC_WALK_MORE;
    moved = skip_junk(walk, p, window->len - (size_t)(p - window->data));
    if (moved < 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_MARKER, walk->pos,
                             "JPEG is damaged: more than %u stray bytes between its segments",
                             IC_WALK_JUNK_MAX);
    if (moved)
        return IC_WALK_MORE;
    if (++jpeg->count > walk->max_segments)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_TOO_MANY_SEGMENTS, walk->pos,
                             "JPEG has more than %u segments; raise max_segments if it is right",
                             walk->max_segments);
    jpeg->seg_at = walk->pos;
    jpeg->seg_marker = p[1];
    kind = ic_jpeg_kind(p[1]);
    if (kind < IC_MARKER_FIRST) {
        jpeg->state = IC_JPEG_SEGMENT;
        return read_segment(walk, window);
    }
    if (kind != IC_MARKER_ALONE)
        return refuse_marker(walk, p[1], kind);
    walk->pos += 2;
    return IC_WALK_MORE;
}

/* Take a segment of which @p seen of @p len bytes are at @p data. *taken is 0 when it is one that needs more
 * care, or has tables that are damaged. */
static ic_walk_result take_plain(ic_walk *walk, const uint8_t *data, size_t seen, size_t len,
                                 int *taken)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    uint32_t marker = jpeg->seg_marker;
    const ic_jpeg_marker *what = &ic_jpeg_markers[marker - 0xc0];
    size_t want = what->want < len ? what->want : len;
    ic_walk_result result;

    *taken = seen >= want;
    if (!*taken)
        return IC_WALK_MORE;
    switch (what->kind) {
    case IC_MARKER_SKIP:
        return IC_WALK_MORE;
    case IC_MARKER_QUANT:
        *taken = seen == len && ic_jpeg_quants(jpeg, data, len);
        return IC_WALK_MORE;
    case IC_MARKER_HUFF:
        *taken = seen == len && ic_jpeg_huffs(jpeg, data, len);
        return IC_WALK_MORE;
    case IC_MARKER_APP:
        *taken = marker != M_APP1;
        if (*taken)
            read_app(walk, marker, data, want);
        return IC_WALK_MORE;
    case IC_MARKER_FRAME:
        return ic_jpeg_frame(walk, data, len);
    case IC_MARKER_START:
        *taken = jpeg->sof_marker != 0;
        result = *taken ? ic_jpeg_scan(walk, data, len) : IC_WALK_MORE;
        return *taken && result == IC_WALK_MORE ? end_header(walk) : result;
    default:
        *taken = 0;
        return IC_WALK_MORE;
    }
}

/* Most segments lie in the window as far as they are looked at, and hold what they should. They are taken
 * here, without a stop after each step; whatever else comes is left, with nothing done, to the steps below. */
static ic_walk_result take_plain_segments(ic_walk *walk, const ic_window *window)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    uint64_t pos = walk->pos, end = window->start + window->len;
    ic_walk_result result = IC_WALK_MORE;
    uint32_t left = walk->max_segments - jpeg->count, count = 0;
    int taken = 1;

    while (result == IC_WALK_MORE && count < left && pos >= window->start &&
           pos + SEGMENT_HEAD <= end) {
        const uint8_t *p = window->data + (pos - window->start);
        size_t len = ic_be16(p + 2);
        size_t seen = (size_t)(end - pos) - SEGMENT_HEAD;
        uint64_t before = jpeg->seg_end;

        if (p[0] != 0xff || p[1] < 0xc0 || len < 2 || pos + 2 + len > walk->size)
            break;
        len -= 2;
        jpeg->seg_at = pos;
        jpeg->seg_marker = p[1];
        jpeg->seg_end = pos + SEGMENT_HEAD + len;
        result = take_plain(walk, p + SEGMENT_HEAD, seen < len ? seen : len, len, &taken);
        if (!taken) {
            jpeg->seg_end = before; /* it may be no segment at all */
            break;
        }
        pos = jpeg->seg_end;
        count++;
    }
    jpeg->count += count;
    walk->pos = pos;
    return result;
}

ic_walk_result ic_jpeg_run(ic_walk *walk, const ic_window *window)
{
    static ic_walk_result (*const steps[])(
        ic_walk *, const ic_window *) = { read_marker, read_segment,      read_tables,
                                          read_tables, ic_jpeg_exif_head, ic_jpeg_exif_directory };

    for (;;) {
        uint32_t before = walk->as.jpeg.state;
        uint64_t pos = walk->pos;
        ic_walk_result result;

        if (before == IC_JPEG_SCAN_DATA)
            return IC_WALK_TAIL;
        if (walk->as.jpeg.seg_end > walk->size) /* which a stream learns late */
            return cut_segment(walk);
        result = before == IC_JPEG_MARKER ? take_plain_segments(walk, window) : IC_WALK_MORE;
        if (result == IC_WALK_MORE)
            result = steps[before](walk, window);
        if (result != IC_WALK_MORE)
            return result;
        if (walk->as.jpeg.state == before && walk->pos == pos)
            return IC_WALK_MORE;
    }
}
