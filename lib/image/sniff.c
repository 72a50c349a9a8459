/*
 * sniff.c - name what is neither a whole PNG nor a whole JPEG signature: the other formats that
 * people send under a picture's name, and pictures whose first bytes were damaged on the way.
 */
#include "image/sniff.h"

#include "image/sniff_text.h"

#include <icecat/image.h>
#include <stdio.h>
#include <string.h>

static const uint8_t png_signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };

static int has(const uint8_t *data, size_t len, size_t at, const char *bytes, size_t n)
{
    return len >= at + n && memcmp(data + at, bytes, n) == 0;
}
#define HAS(at, text) has(data, len, (at), (text), sizeof(text) - 1)

static void set(ic_sniffed *out, uint32_t format, uint32_t reason, size_t offset, const char *text)
{
    out->format = format;
    out->reason = reason;
    out->offset = (uint32_t)offset;
    snprintf(out->message, sizeof(out->message), "%s", text);
}

/* A file that ends inside one of the two signatures. */
static int is_cut_signature(const uint8_t *data, size_t len, ic_sniffed *out)
{
    static const uint8_t jpeg[3] = { 0xff, 0xd8, 0xff };

    if (len < sizeof(png_signature) && memcmp(data, png_signature, len) == 0)
        out->format = ICECAT_IMAGE_PNG;
    else if (len < sizeof(jpeg) && memcmp(data, jpeg, len) == 0)
        out->format = ICECAT_IMAGE_JPEG;
    else
        return 0;
    out->reason = ICECAT_IMAGE_REASON_TRUNCATED;
    out->offset = (uint32_t)len;
    snprintf(out->message, sizeof(out->message),
             "%s is truncated: the file has only %zu byte%s; send it again",
             out->format == ICECAT_IMAGE_PNG ? "PNG" : "JPEG", len, len == 1 ? "" : "s");
    return 1;
}

/* An IHDR chunk near the beginning gives away a PNG whatever became of its signature. */
static int is_damaged_png(const uint8_t *data, size_t len, ic_sniffed *out)
{
    size_t same = 0, wrong = sizeof(png_signature);
    int has_ihdr = 0;

    for (size_t i = sizeof(png_signature); i-- > 0;) {
        if (i < len && data[i] == png_signature[i])
            same++;
        else
            wrong = i;
    }
    for (size_t i = 0; i + 8 <= len && i < 64 && !has_ihdr; i++)
        has_ihdr = memcmp(data + i, "\0\0\0\rIHDR", 8) == 0;
    if (same < 6 && !has_ihdr)
        return 0;
    set(out, ICECAT_IMAGE_PNG, ICECAT_IMAGE_REASON_PNG_SIGNATURE, wrong,
        "PNG with a damaged signature, as a transfer in text mode leaves it; send the original "
        "file as binary");
    return 1;
}

static int is_damaged_jpeg(const uint8_t *data, size_t len, ic_sniffed *out)
{
    size_t at = 0;

    if (HAS(0, "\xff\xd8")) {
        set(out, ICECAT_IMAGE_JPEG, ICECAT_IMAGE_REASON_JPEG_MARKER, 2,
            "JPEG is damaged: no marker follows its first two bytes; send the original file");
        return 1;
    }
    if (HAS(0, "\xef\xbb\xbf"))
        at = 3;
    while (at < len && at < 64 && (data[at] == 0 || strchr(" \t\r\n", data[at]) != NULL))
        at++;
    if (at == 0 || !HAS(at, "\xff\xd8\xff"))
        return 0;
    out->format = ICECAT_IMAGE_JPEG;
    out->reason = ICECAT_IMAGE_REASON_JPEG_LEADING_JUNK;
    out->offset = 0;
    snprintf(out->message, sizeof(out->message),
             "JPEG begins only at byte %zu, behind bytes that do not belong to it; remove them",
             at);
    return 1;
}

/* ISO media: the brand tells still pictures from films. */
static uint32_t iso_media(const uint8_t *data, size_t len)
{
    static const char heic[][5] = { "heic", "heix", "heim", "heis", "hevc", "hevx" };
    uint32_t format = ICECAT_IMAGE_MP4;

    if (!HAS(4, "ftyp"))
        return ICECAT_IMAGE_UNKNOWN;
    for (size_t at = 8; at + 4 <= len && at < 64; at += at == 8 ? 8 : 4) {
        if (HAS(at, "avif") || HAS(at, "avis"))
            return ICECAT_IMAGE_AVIF;
        for (size_t i = 0; i < sizeof(heic) / sizeof(heic[0]); i++) {
            if (HAS(at, heic[i]) || memcmp(data + at, heic[i], 4) == 0)
                return ICECAT_IMAGE_HEIC;
        }
        if (at == 8 && (HAS(8, "mif1") || HAS(8, "msf1")))
            format = ICECAT_IMAGE_HEIC; /* HEIF of either codec, until a brand says AVIF */
    }
    return format;
}

static uint32_t magic_of_image(const uint8_t *data, size_t len)
{
    if (HAS(0, "RIFF") && HAS(8, "WEBP"))
        return ICECAT_IMAGE_WEBP;
    if (HAS(0, "GIF87a") || HAS(0, "GIF89a"))
        return ICECAT_IMAGE_GIF;
    if (HAS(0, "II*\0") || HAS(0, "MM\0*") || HAS(0, "II+\0") || HAS(0, "MM\0+"))
        return ICECAT_IMAGE_TIFF;
    if (HAS(0, "\xff\x0a") || HAS(0, "\0\0\0\x0cJXL \r\n\x87\n"))
        return ICECAT_IMAGE_JPEG_XL;
    if (HAS(0, "\0\0\0\x0cjP  \r\n\x87\n") || HAS(0, "\xff\x4f\xff\x51"))
        return ICECAT_IMAGE_JPEG_2000;
    if (HAS(0, "BM") && len >= 18 && data[15] == 0 && data[16] == 0 && data[17] == 0 &&
        data[14] >= 12 && data[14] <= 124)
        return ICECAT_IMAGE_BMP;
    if ((HAS(0, "\0\0\1\0") || HAS(0, "\0\0\2\0")) && len >= 6 && data[4] != 0 && data[5] == 0)
        return ICECAT_IMAGE_ICO;
    if (HAS(0, "8BPS"))
        return ICECAT_IMAGE_PSD;
    if (HAS(0, "\x8aMNG\r\n\x1a\n"))
        return ICECAT_IMAGE_MNG;
    if (HAS(0, "\x8bJNG\r\n\x1a\n"))
        return ICECAT_IMAGE_JNG;
    if (len >= 3 && data[0] == 'P' && data[1] >= '1' && data[1] <= '7' &&
        (data[2] == '\n' || data[2] == ' ' || data[2] == '\r' || data[2] == '\t'))
        return ICECAT_IMAGE_PNM;
    return iso_media(data, len);
}

static uint32_t magic_of_file(const uint8_t *data, size_t len)
{
    if (HAS(0, "%PDF"))
        return ICECAT_IMAGE_PDF;
    if (HAS(0, "\x1f\x8b"))
        return ICECAT_IMAGE_GZIP;
    if (HAS(0, "PK\3\4") || HAS(0, "PK\5\6"))
        return ICECAT_IMAGE_ZIP;
    if (HAS(0, "\0\5\x16\7") || HAS(0, "\0\5\x16\0"))
        return ICECAT_IMAGE_APPLE_DOUBLE;
    return ICECAT_IMAGE_UNKNOWN;
}

static const char *advice(uint32_t format)
{
    switch (format) {
    case ICECAT_IMAGE_WEBP:
        return "WebP image, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_GIF:
        return "GIF image, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_BMP:
        return "BMP image, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_TIFF:
        return "TIFF image, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_HEIC:
        return "HEIC image, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_AVIF:
        return "AVIF image, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_JPEG_XL:
        return "JPEG XL image, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_JPEG_2000:
        return "JPEG 2000 image, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_ICO:
        return "Windows icon, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_PSD:
        return "Photoshop file, not JPEG or PNG; export it as one of them";
    case ICECAT_IMAGE_MNG:
        return "MNG animation, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_JNG:
        return "JNG image, not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_MP4:
        return "MP4 or another ISO media file, not JPEG or PNG; take a still picture from it";
    case ICECAT_IMAGE_PNM:
        return "PNM image (PBM, PGM or PPM), not JPEG or PNG; convert it first";
    case ICECAT_IMAGE_PDF:
        return "PDF document, not JPEG or PNG; export the picture from it";
    case ICECAT_IMAGE_GZIP:
        return "gzip-compressed file, not JPEG or PNG; decompress it first";
    case ICECAT_IMAGE_ZIP:
        return "ZIP archive, not JPEG or PNG; extract the picture from it";
    case ICECAT_IMAGE_APPLE_DOUBLE:
        return "AppleDouble file (macOS metadata, named \"._...\"), not the picture itself; send "
               "the file without \"._\"";
    default:
        return "not a JPEG or PNG, nor another image format that is known here";
    }
}

void ic_sniff(const uint8_t *data, size_t len, ic_sniffed *out)
{
    uint32_t format;

    if (len == 0) {
        set(out, ICECAT_IMAGE_EMPTY, ICECAT_IMAGE_REASON_EMPTY, 0,
            "the file is empty (0 bytes); send it again");
        return;
    }
    if (is_cut_signature(data, len, out))
        return;
    format = magic_of_image(data, len);
    if (format == ICECAT_IMAGE_UNKNOWN)
        format = magic_of_file(data, len);
    if (format != ICECAT_IMAGE_UNKNOWN) {
        set(out, format, ICECAT_IMAGE_REASON_FOREIGN, 0, advice(format));
        return;
    }
    if (is_damaged_png(data, len, out) || is_damaged_jpeg(data, len, out))
        return;
    if (!ic_sniff_text(data, len, out))
        set(out, ICECAT_IMAGE_UNKNOWN, ICECAT_IMAGE_REASON_UNKNOWN, 0, advice(format));
}
