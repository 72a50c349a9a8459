/*
 * jpeg_exif.c - the steps of the JPEG walk through an EXIF segment: its head, then its first directory,
 * wherever in the segment that is.
 */
#include "image/exif.h"
#include "image/jpeg_marker.h"
#include "image/walk.h"

static ic_walk_result leave_exif(ic_walk *walk, int is_sound)
{
    if (!is_sound)
        walk->info.warnings |= ICECAT_IMAGE_WARN_EXIF_DAMAGED;
    walk->pos = walk->as.jpeg.seg_end;
    walk->as.jpeg.state = IC_JPEG_MARKER;
    return IC_WALK_MORE;
}

/* The head of an EXIF block, which tells where its directory is. */
ic_walk_result ic_jpeg_exif_head(ic_walk *walk, const ic_window *window)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    size_t left = (size_t)(jpeg->seg_end - walk->pos);
    uint32_t directory;
    const uint8_t *p;

    if (left < IC_EXIF_ID_LEN + IC_EXIF_HEADER_LEN)
        return leave_exif(walk, 0);
    p = ic_walk_look(walk, window, IC_EXIF_ID_LEN + IC_EXIF_HEADER_LEN);
    if (p == NULL)
        return IC_WALK_MORE;
    if (!ic_exif_header(p + IC_EXIF_ID_LEN, left - IC_EXIF_ID_LEN, &directory,
                        &jpeg->exif_big_endian))
        return leave_exif(walk, 0);
    walk->pos += IC_EXIF_ID_LEN + directory;
    jpeg->state = IC_JPEG_EXIF_DIRECTORY;
    return IC_WALK_MORE;
}

/* The directory, first its count. */
ic_walk_result ic_jpeg_exif_directory(ic_walk *walk, const ic_window *window)
{
    const ic_jpeg *jpeg = &walk->as.jpeg;
    size_t left = (size_t)(jpeg->seg_end - walk->pos);
    const uint8_t *p = ic_walk_look(walk, window, 2);
    size_t want;

    if (p == NULL)
        return IC_WALK_MORE;
    want = jpeg->exif_big_endian ? ic_be16(p) : (uint32_t)p[1] << 8 | p[0];
    if (want > IC_EXIF_ENTRIES_MAX)
        want = IC_EXIF_ENTRIES_MAX;
    want = 2 + want * IC_EXIF_ENTRY_LEN;
    if (want > left)
        want = left;
    p = ic_walk_look(walk, window, want);
    if (p == NULL)
        return IC_WALK_MORE;
    return leave_exif(
        walk, ic_exif_directory(p, want, left, jpeg->exif_big_endian, &walk->info.orientation));
}
