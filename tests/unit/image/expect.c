/*
 * expect.c - what a row of the image corpus's manifest makes us expect.
 *
 * The manifest lists every fault that its reader met; ours stops at the first. A reason is right when
 * one of the listed faults explains it. Where we say something else, disagreements[] names the file,
 * and docs/decisions/image-verdicts.md argues.
 */
#include "expect.h"

#include <stdlib.h>
#include <string.h>

#define R(name) ICECAT_IMAGE_REASON_##name

static const struct {
    const char *fault; /* beginning of the verdict behind "reject: ", or of a note */
    uint32_t reason;
} faults[] = {
    { "EMPTY", R(EMPTY) },
    { "FORMAT:unknown", R(UNKNOWN) },
    { "FORMAT:unknown", R(TEXT_MANGLED) },
    { "FORMAT:", R(FOREIGN) },
    { "TRUNCATED", R(TRUNCATED) },
    { "DIM_ZERO", R(ZERO_SIZE) },
    { "DIM_SPEC", R(OVER_FORMAT) },
    { "PNG_SIGNATURE_DAMAGED", R(PNG_SIGNATURE) },
    { "PNG_NO_IHDR", R(PNG_NO_IHDR) },
    { "PNG_BAD_IHDR_LEN", R(PNG_IHDR_LENGTH) },
    { "PNG_IHDR_CRC", R(PNG_IHDR_CRC) },
    { "PNG_COLOUR", R(PNG_COLOUR) },
    { "PNG_METHOD", R(PNG_METHOD) },
    { "PNG_CGBI", R(PNG_CGBI) },
    { "bad-chunk-type", R(PNG_CHUNK_TYPE) },
    { "chunk-length>2^31", R(PNG_CHUNK_LENGTH) },
    { "chunk-runs-past-eof", R(TRUNCATED) },
    { "unknown-critical", R(PNG_CRITICAL) },
    { "second-IHDR", R(PNG_ORDER) },
    { "PLTE-in-gray", R(PNG_PALETTE) },
    { "bad-PLTE-len", R(PNG_PALETTE) },
    { "no-PLTE", R(PNG_PALETTE) },
    { "no-IDAT", R(PNG_NO_IDAT) },
    { "no-IEND", R(TRUNCATED) },
    { "crc:PLTE", R(PNG_CHUNK_CRC) },
    { "JPEG_LEADING_JUNK", R(JPEG_LEADING_JUNK) },
    { "JPEG_BAD_MARKER", R(JPEG_MARKER) },
    { "JPEG_BAD_SEGMENT", R(JPEG_SEGMENT) },
    { "JPEG_SECOND_SOI", R(JPEG_SECOND_SOI) },
    { "JPEG_NO_SOF", R(JPEG_NO_SOF) },
    { "JPEG_NO_SOS", R(JPEG_NO_SOS) },
    { "JPEG_TWO_SOF", R(JPEG_TWO_SOF) },
    { "JPEG_BAD_SOF", R(JPEG_SOF) },
    { "JPEG_PRECISION", R(JPEG_PRECISION) },
    { "JPEG_COMPONENTS", R(JPEG_COMPONENTS) },
    { "JPEG_SAMPLING", R(JPEG_SAMPLING) },
    { "JPEG_ARITHMETIC", R(JPEG_ARITHMETIC) },
    { "JPEG_UNSUPPORTED_SOF", R(JPEG_PROCESS) },
    { "dup-component-id", R(JPEG_SOF) },
    { "no-DQT", R(JPEG_NO_TABLE) },
    { "no-EOI", R(TRUNCATED) },
};

#define AFL "jpeg/jpeg_decoder_afl_seeds/"

/* Files that we refuse for a reason that the manifest does not list. */
static const struct {
    const char *path;
    uint32_t reason;
} disagreements[] = {
    /* A marker that no header has is named, before the missing bytes behind it. */
    { AFL "id_000006_src_000000_op_flip1_pos_3__cov.jpg", R(JPEG_MARKER) },
    { AFL "id_000416_src_000000_op_havoc_rep_16.jpg", R(JPEG_MARKER) },
    { "jpeg/synthetic/soi_then_html.jpg", R(JPEG_MARKER) },
    /* So are the markers of processes that nobody reads, which are no frames to the manifest. */
    { AFL "id_000023_src_000000_op_flip1_pos_21__cov.jpg", R(JPEG_PROCESS) },
    { AFL "id_000034_src_000000_op_flip1_pos_159__cov.jpg", R(JPEG_PROCESS) },
    { "jpeg/synthetic/sof_marker_c8.jpg", R(JPEG_PROCESS) },
    /* Arithmetic coding is met before the number of components. */
    { AFL "id_003632_src_003613_op_havoc_rep_8.jpg", R(JPEG_ARITHMETIC) },
    { AFL "id_004630_src_004598_op_arith8_pos_93_val__9.jpg", R(JPEG_ARITHMETIC) },
    { AFL "id_005758_sync_jpeg_turbo_src_004354.jpg", R(JPEG_ARITHMETIC) },
    /* The manifest's reader looks into no table and no scan header. */
    { AFL "id_000081_src_000000_op_flip1_pos_181__cov.jpg", R(JPEG_TABLE) },
    { AFL "id_002075_src_001092_op_arith8_pos_209_val__20__cov.jpg", R(JPEG_TABLE) },
    { "jpeg/jpeg_decoder_crash/derive-huffman-codes-overflow.jpg", R(JPEG_TABLE) },
    { AFL "id_000647_src_000035_op_flip1_pos_305__cov.jpg", R(JPEG_SOS) },
    { AFL "id_000667_src_000035_op_int16_pos_306_val_be__32__cov.jpg", R(JPEG_SOS) },
    { AFL "id_000681_src_000036_op_int8_pos_306_val__1__cov.jpg", R(JPEG_SOS) },
    { AFL "id_000885_sync_jpeg9_src_000654__cov.jpg", R(JPEG_SOS) },
    { AFL "id_001411_src_000636_op_flip4_pos_165__cov.jpg", R(JPEG_SOS) },
    { AFL "id_001467_src_000666_op_flip4_pos_307__cov.jpg", R(JPEG_SOS) },
    { AFL "id_002306_src_001438_op_flip4_pos_290__cov.jpg", R(JPEG_SOS) },
    { AFL "id_004887_src_004848_op_flip1_pos_284.jpg", R(JPEG_SOS) },
    /* The end chunk is looked at anyway, so its checksum needs no check_crc. */
    { "png/synthetic/iend_badcrc.png", R(PNG_CHUNK_CRC) },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static uint32_t disagreement(const manifest_row *row)
{
    for (size_t i = 0; i < COUNT(disagreements); i++) {
        if (strcmp(row->path, disagreements[i].path) == 0)
            return disagreements[i].reason;
    }
    return R(NONE);
}

int expect_sound(const manifest_row *row)
{
    if (disagreement(row) != R(NONE))
        return 0;
    return strcmp(row->level, "none") == 0 || strcmp(row->level, "L4-chunk-crc") == 0;
}

static int explains(const char *fault, uint32_t reason)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        if (faults[i].reason == reason && starts(fault, faults[i].fault))
            return 1;
    }
    return 0;
}

int expect_reason(const manifest_row *row, uint32_t reason)
{
    const char *note = row->notes;

    if (disagreement(row) != R(NONE))
        return reason == disagreement(row);
    if (starts(row->verdict, "reject: "))
        return explains(row->verdict + strlen("reject: "), reason);
    while (note != NULL && *note != '\0') {
        if (explains(note, reason))
            return 1;
        note = strchr(note, ',');
        note += note != NULL;
    }
    return 0;
}

uint32_t expect_limit(const manifest_row *row)
{
    /* Inside the service's limits by their size, but more pixels than so few bytes can hold. */
    static const char *const bombs[] = { "jpeg/synthetic/sof_dims_10000.jpg",
                                         "png/image_png/x_image-issue_1075.png" };

    for (size_t i = 0; i < COUNT(bombs); i++) {
        if (strcmp(row->path, bombs[i]) == 0)
            return R(BOMB);
    }
    if (starts(row->limits, "TOO_SMALL"))
        return R(TOO_SMALL);
    return starts(row->limits, "TOO_LARGE_DIM") ? R(TOO_LARGE) : R(NONE);
}

int expect_format(const manifest_row *row, uint32_t format)
{
    static const struct {
        const char *verdict;
        uint32_t format;
    } formats[] = {
        { "appledouble", ICECAT_IMAGE_APPLE_DOUBLE },
        { "bmp", ICECAT_IMAGE_BMP },
        { "gif", ICECAT_IMAGE_GIF },
        { "git-lfs-pointer", ICECAT_IMAGE_LFS_POINTER },
        { "gzip", ICECAT_IMAGE_GZIP },
        { "heif/avif/mp4", ICECAT_IMAGE_HEIC },
        { "heif/avif/mp4", ICECAT_IMAGE_AVIF },
        { "heif/avif/mp4", ICECAT_IMAGE_MP4 },
        { "html", ICECAT_IMAGE_HTML },
        { "ico", ICECAT_IMAGE_ICO },
        { "jng", ICECAT_IMAGE_JNG },
        { "jp2", ICECAT_IMAGE_JPEG_2000 },
        { "jxl", ICECAT_IMAGE_JPEG_XL },
        { "mng", ICECAT_IMAGE_MNG },
        { "pdf", ICECAT_IMAGE_PDF },
        { "psd", ICECAT_IMAGE_PSD },
        { "tiff", ICECAT_IMAGE_TIFF },
        { "webp", ICECAT_IMAGE_WEBP },
        { "xml/svg", ICECAT_IMAGE_XML },
        { "xml/svg", ICECAT_IMAGE_SVG },
        { "zip", ICECAT_IMAGE_ZIP },
        /* What the manifest has no name for, we may name. */
        { "unknown", ICECAT_IMAGE_UNKNOWN },
        { "unknown", ICECAT_IMAGE_BASE64 },
        { "unknown", ICECAT_IMAGE_JSON },
        { "unknown", ICECAT_IMAGE_PNM },
        { "unknown", ICECAT_IMAGE_TEXT },
    };

    if (!starts(row->verdict, "reject: FORMAT:"))
        return 1;
    for (size_t i = 0; i < COUNT(formats); i++) {
        if (formats[i].format == format &&
            strcmp(row->verdict + strlen("reject: FORMAT:"), formats[i].verdict) == 0)
            return 1;
    }
    return 0;
}

/* A number of the row's JSON, which stands in a quoted field; @p otherwise when it is not there. */
static uint32_t number(const manifest_row *row, const char *key, uint32_t otherwise)
{
    const char *at = strstr(row->info, key);

    return at == NULL ? otherwise : (uint32_t)strtoul(at + strlen(key), NULL, 10);
}

static const char *png_details(const manifest_row *row, const icecat_image_info *info)
{
    static const uint32_t channels[7] = { 1, 0, 3, 1, 2, 0, 4 };
    uint32_t type = number(row, "\"\"ct\"\": ", 0);

    if (type > 6 || info->channels != channels[type])
        return "channels";
    if ((info->colour_model == ICECAT_COLOUR_PALETTE) != (type == 3) ||
        (info->colour_model == ICECAT_COLOUR_RGB) != (type == 2 || type == 6))
        return "colour model";
    if (info->progressive != number(row, "\"\"il\"\": ", 2))
        return "interlace";
    if ((info->animated != 0) != (strstr(row->info, "\"\"apng\"\": true") != NULL))
        return "animated";
    return NULL;
}

static const char *jpeg_details(const manifest_row *row, const icecat_image_info *info)
{
    uint32_t orientation;

    if (info->channels != number(row, "\"\"nc\"\": ", 0))
        return "channels";
    if ((info->progressive != 0) != (strstr(row->info, "\"\"progressive\"\"") != NULL))
        return "progressive";
    orientation = number(row, "\"\"orient\"\": ", 0); /* null reads as 0 */
    if (info->orientation != (orientation <= 8 ? orientation : 0))
        return "orientation"; /* what does not exist counts as absent, with a warning */
    if (orientation > 8 && (info->warnings & ICECAT_IMAGE_WARN_EXIF_DAMAGED) == 0)
        return "orientation's warning";
    if ((info->warnings & ICECAT_IMAGE_WARN_JUNK) != 0 &&
        strstr(row->notes, "junk-between-markers") == NULL && strstr(row->decoder, "W:") == NULL)
        return "junk";
    return NULL;
}

const char *expect_details(const manifest_row *row, const icecat_image_info *info)
{
    const char *trailing = strstr(row->notes, "trailing:");

    if (info->width_px != row->width || info->height_px != row->height)
        return "size";
    if (info->bit_depth != number(row, "\"\"bd\"\": ", 0))
        return "bit depth";
    if (info->trailing_bytes !=
        (trailing == NULL ? 0 : strtoul(trailing + strlen("trailing:"), NULL, 10)))
        return "trailing bytes";
    return info->format == ICECAT_IMAGE_PNG ? png_details(row, info) : jpeg_details(row, info);
}
