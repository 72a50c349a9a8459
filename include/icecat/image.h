/*
 * image.h - is this file a sound JPEG or PNG image, and inside a service's limits?
 *
 * Only headers, structure and the end of the file are read; no pixel is decoded. "Sound" and
 * "inside the limits" are two answers. Source of the limits: Amazon Rekognition developer guide,
 * "Guidelines and quotas".
 *
 * Three forms give the same answer for the same bytes: memory, file, and a stream of chunks. Only
 * a stream that was not told its size may name another fault of a file that has several.
 *
 * @param options Limits, or NULL. Borrowed.
 * @param info    Receives what was found, also on refusal; required.
 * @param err     Receives the refusal in one sentence; may be NULL.
 * @param stream  The stream.
 * @param format  An icecat_image_format.
 * @param reason  An icecat_image_reason.
 *
 * Thread rule: any thread; a stream belongs to one at a time.
 */
#ifndef ICECAT_IMAGE_H
#define ICECAT_IMAGE_H

#include <icecat/error.h>
#include <icecat/export.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the bytes are. Values are frozen; new ones may be added. */
typedef enum icecat_image_format {
    ICECAT_IMAGE_UNKNOWN = 0,
    ICECAT_IMAGE_JPEG = 1,
    ICECAT_IMAGE_PNG = 2,
    ICECAT_IMAGE_WEBP = 3,
    ICECAT_IMAGE_GIF = 4,
    ICECAT_IMAGE_BMP = 5,
    ICECAT_IMAGE_TIFF = 6,
    ICECAT_IMAGE_HEIC = 7,
    ICECAT_IMAGE_AVIF = 8,
    ICECAT_IMAGE_JPEG_XL = 9,
    ICECAT_IMAGE_JPEG_2000 = 10,
    ICECAT_IMAGE_PDF = 11,
    ICECAT_IMAGE_HTML = 12,
    ICECAT_IMAGE_XML = 13,
    ICECAT_IMAGE_JSON = 14,
    ICECAT_IMAGE_GZIP = 15,
    ICECAT_IMAGE_ZIP = 16,
    ICECAT_IMAGE_LFS_POINTER = 17,
    ICECAT_IMAGE_BASE64 = 18,
    ICECAT_IMAGE_TEXT = 19,
    ICECAT_IMAGE_EMPTY = 20,
    ICECAT_IMAGE_APPLE_DOUBLE = 21,
    ICECAT_IMAGE_SVG = 22,
    ICECAT_IMAGE_ICO = 23,
    ICECAT_IMAGE_PSD = 24,
    ICECAT_IMAGE_MNG = 25,
    ICECAT_IMAGE_JNG = 26,
    ICECAT_IMAGE_MP4 = 27,
    ICECAT_IMAGE_PNM = 28
} icecat_image_format;

/** Why an image was refused. Values and names are frozen; new ones may be added. */
typedef enum icecat_image_reason {
    ICECAT_IMAGE_REASON_NONE = 0,

    /* 1-19: not a JPEG or PNG (ICECAT_E_IMAGE_FORMAT) */
    ICECAT_IMAGE_REASON_EMPTY = 1,        /**< No byte at all. */
    ICECAT_IMAGE_REASON_FOREIGN = 2,      /**< Another format; info->format names it. */
    ICECAT_IMAGE_REASON_UNKNOWN = 3,      /**< No format that is known here. */
    ICECAT_IMAGE_REASON_TEXT_MANGLED = 4, /**< Image bytes that were converted as text. */
    ICECAT_IMAGE_REASON_EXTENSION = 5,    /**< Strict: the name ends as another format's would. */

    /* 20-39: both formats (ICECAT_E_IMAGE_CORRUPT) */
    ICECAT_IMAGE_REASON_TRUNCATED = 20,
    ICECAT_IMAGE_REASON_ZERO_SIZE = 21,   /**< Width or height is 0. */
    ICECAT_IMAGE_REASON_OVER_FORMAT = 22, /**< Width or height is over what the format allows. */
    ICECAT_IMAGE_REASON_TOO_MANY_SEGMENTS = 23, /**< More chunks or segments than max_segments. */
    ICECAT_IMAGE_REASON_DECODER = 24,           /**< libpng or libjpeg refuses the header. */
    ICECAT_IMAGE_REASON_STRICT = 25,            /**< Strict only: a warning. */

    /* 40-69: PNG (ICECAT_E_IMAGE_CORRUPT) */
    ICECAT_IMAGE_REASON_PNG_SIGNATURE = 40, /**< Damaged, as by a text-mode transfer. */
    ICECAT_IMAGE_REASON_PNG_NO_IHDR = 41,
    ICECAT_IMAGE_REASON_PNG_IHDR_LENGTH = 42,
    ICECAT_IMAGE_REASON_PNG_IHDR_CRC = 43,
    ICECAT_IMAGE_REASON_PNG_COLOUR = 44, /**< Colour type and bit depth do not go together. */
    ICECAT_IMAGE_REASON_PNG_METHOD = 45, /**< Compression, filter or interlace method. */
    ICECAT_IMAGE_REASON_PNG_CGBI = 46,   /**< Apple's variant, which is not a PNG. */
    ICECAT_IMAGE_REASON_PNG_CHUNK_TYPE = 47,
    ICECAT_IMAGE_REASON_PNG_CHUNK_LENGTH = 48,
    ICECAT_IMAGE_REASON_PNG_CRITICAL = 49, /**< A critical chunk that no decoder knows. */
    ICECAT_IMAGE_REASON_PNG_ORDER = 50,    /**< A chunk twice, or where it may not be. */
    ICECAT_IMAGE_REASON_PNG_PALETTE = 51,
    ICECAT_IMAGE_REASON_PNG_NO_IDAT = 52,
    ICECAT_IMAGE_REASON_PNG_CHUNK_CRC = 53,

    /* 70-99: JPEG (ICECAT_E_IMAGE_CORRUPT) */
    ICECAT_IMAGE_REASON_JPEG_LEADING_JUNK = 70, /**< A JPEG begins after other bytes. */
    ICECAT_IMAGE_REASON_JPEG_MARKER = 71,
    ICECAT_IMAGE_REASON_JPEG_SEGMENT = 72,
    ICECAT_IMAGE_REASON_JPEG_SECOND_SOI = 73,
    ICECAT_IMAGE_REASON_JPEG_NO_SOF = 74,
    ICECAT_IMAGE_REASON_JPEG_NO_SOS = 75,
    ICECAT_IMAGE_REASON_JPEG_TWO_SOF = 76,
    ICECAT_IMAGE_REASON_JPEG_SOF = 77,
    ICECAT_IMAGE_REASON_JPEG_PRECISION = 78, /**< Not 8 bits a sample, e.g. 12-bit JPEG. */
    ICECAT_IMAGE_REASON_JPEG_COMPONENTS = 79,
    ICECAT_IMAGE_REASON_JPEG_SAMPLING = 80,
    ICECAT_IMAGE_REASON_JPEG_ARITHMETIC = 81,
    ICECAT_IMAGE_REASON_JPEG_PROCESS = 82, /**< Lossless, hierarchical or JPEG-LS. */
    ICECAT_IMAGE_REASON_JPEG_TABLE = 83,
    ICECAT_IMAGE_REASON_JPEG_NO_TABLE = 84,
    ICECAT_IMAGE_REASON_JPEG_SOS = 85,

    /* 100-119: sound, but outside the limits (ICECAT_E_IMAGE_LIMIT) */
    ICECAT_IMAGE_REASON_TOO_MANY_BYTES = 100,
    ICECAT_IMAGE_REASON_TOO_SMALL = 101,
    ICECAT_IMAGE_REASON_TOO_LARGE = 102,
    ICECAT_IMAGE_REASON_TOO_MANY_PIXELS = 103,
    ICECAT_IMAGE_REASON_BOMB = 104 /**< More pixels than so few bytes can hold. */
} icecat_image_reason;

/** Whose limits apply. */
#define ICECAT_PROFILE_REKOGNITION_BYTES                                                           \
    0u                                   /**< Sent in the request: 5,242,880 bytes, 80-10,000 px. */
#define ICECAT_PROFILE_REKOGNITION_S3 1u /**< Read from S3: 15 MiB, 80-10,000 px. */
#define ICECAT_PROFILE_ANY            2u /**< Only soundness. */

/** Limits. Zero in any field means the profile's value. */
typedef struct icecat_image_options {
    size_t struct_size;    /**< Set by ICECAT_IMAGE_OPTIONS_INIT. */
    uint64_t max_bytes;    /**< Most bytes of the file. */
    uint64_t max_pixels;   /**< Most pixels, width times height. */
    uint64_t total_bytes;  /**< Streams and prefixes: size of the whole file; 0 when unknown. */
    uint32_t profile;      /**< ICECAT_PROFILE_... */
    uint32_t min_side_px;  /**< Least width and height. */
    uint32_t max_side_px;  /**< Most width and height. */
    uint32_t strict;       /**< 1: warnings are refusals. */
    uint32_t max_segments; /**< Most chunks or segments before the pixels; 65,536. */
    uint32_t check_crc;    /**< 1: check the CRC of every PNG chunk; reads the whole file. */
} icecat_image_options;
#define ICECAT_IMAGE_OPTIONS_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(icecat_image_options)                                                \
    }

/** Oddities that do not make an image unsound; bits of icecat_image_info.warnings. */
#define ICECAT_IMAGE_WARN_TRAILING_DATA 1u /**< Bytes follow the end of the image. */
#define ICECAT_IMAGE_WARN_EXIF_DAMAGED  2u /**< The EXIF block is malformed and was ignored. */
#define ICECAT_IMAGE_WARN_EXTENSION     4u /**< The file's name ends as another format's would. */
#define ICECAT_IMAGE_WARN_JUNK          8u /**< Stray bytes between the markers of a JPEG. */
#define ICECAT_IMAGE_WARN_TAIL_UNSEEN                                                              \
    16u /**< Only a prefix was given, so the end was not checked. */
#define ICECAT_IMAGE_WARN_HEADER_UNSEEN                                                            \
    32u /**< The prefix ended before the header did; nothing was wrong so far. */
#define ICECAT_IMAGE_WARN_CHUNK_CRC                                                                \
    64u /**< With check_crc: a PNG chunk that decoders ignore is damaged. */

/** Colour models. */
#define ICECAT_COLOUR_UNKNOWN 0u /**< Not known, of a format that is not read. */
#define ICECAT_COLOUR_GREY    1u /**< One channel of brightness. */
#define ICECAT_COLOUR_RGB     2u /**< Red, green, blue. */
#define ICECAT_COLOUR_PALETTE 3u /**< Indexes into a table of RGB. */
#define ICECAT_COLOUR_YCBCR   4u /**< Brightness and two colour differences. */
#define ICECAT_COLOUR_CMYK    5u /**< Cyan, magenta, yellow, black. */
#define ICECAT_COLOUR_YCCK    6u /**< CMYK as YCbCr and black. */

/** What was found. */
typedef struct icecat_image_info {
    size_t struct_size;         /**< Set by ICECAT_IMAGE_INFO_INIT. */
    uint64_t size_bytes;        /**< Size of the file; 0 when unknown. */
    uint64_t fault_offset;      /**< Byte at which the refusal was decided. */
    uint64_t trailing_bytes;    /**< Bytes behind the end of the image. */
    uint32_t format;            /**< icecat_image_format. */
    uint32_t width_px;          /**< As stored. */
    uint32_t height_px;         /**< As stored. */
    uint32_t display_width_px;  /**< As shown, after EXIF orientation. */
    uint32_t display_height_px; /**< As shown, after EXIF orientation. */
    uint32_t channels;          /**< 1 to 4. */
    uint32_t bit_depth;         /**< Bits of one channel. */
    uint32_t colour_model;      /**< ICECAT_COLOUR_... */
    uint32_t has_alpha;         /**< 1 when there is transparency. */
    uint32_t progressive;       /**< 1 for a progressive JPEG or an interlaced PNG. */
    uint32_t animated;          /**< 1 for an APNG. */
    uint32_t multi_picture;     /**< 1 for an MPO. */
    uint32_t orientation;       /**< EXIF, 1 to 8; 0 when absent or illegal. */
    uint32_t warnings;          /**< ICECAT_IMAGE_WARN_... bits. */
    uint32_t within_limits;     /**< 1 when sound and inside the limits. */
    uint32_t reason;            /**< icecat_image_reason; 0 when nothing is wrong. */
} icecat_image_info;
#define ICECAT_IMAGE_INFO_INIT                                                                     \
    {                                                                                              \
        .struct_size = sizeof(icecat_image_info)                                                   \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_image_options_init(icecat_image_options *options, size_t struct_size);

/** Zero @p info, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_image_info_init(icecat_image_info *info, size_t struct_size);

/**
 * Check an image in memory.
 *
 * @param data    The file's bytes; with options->total_bytes larger than @p len, its first bytes.
 * @param len     Bytes at @p data. 64 kB of a longer file are enough for all but odd files; those
 *                give ICECAT_OK with ICECAT_IMAGE_WARN_HEADER_UNSEEN and within_limits 0.
 * @param options Limits, or NULL. Borrowed.
 * @param info    Receives what was found, also on refusal; required.
 * @param err     Receives the refusal in one sentence; may be NULL.
 * @retval ICECAT_OK              Sound and inside the limits.
 * @retval ICECAT_E_IMAGE_FORMAT  Not a JPEG or PNG; info->format names it if known.
 * @retval ICECAT_E_IMAGE_CORRUPT Truncated or damaged; info->reason and fault_offset tell.
 * @retval ICECAT_E_IMAGE_LIMIT   Sound, but outside the limits.
 * @retval ICECAT_E_ARGUMENT      @p info is NULL or a size is wrong.
 * @retval ICECAT_E_NO_MEMORY
 *
 * Uses at most 256 kB of memory for any input. Safe to call from any thread.
 */
ICECAT_API icecat_status icecat_image_probe(const void *data, size_t len,
                                            const icecat_image_options *options,
                                            icecat_image_info *info, icecat_error *err);

/**
 * Check an image file. Reads its head and tail, not the pixels. Also warns when the extension
 * disagrees with the bytes.
 *
 * @param path Name of the file.
 * @retval ICECAT_E_FILE The file cannot be opened or read, or is not a regular file.
 *
 * Otherwise as icecat_image_probe().
 */
ICECAT_API icecat_status icecat_image_probe_file(const char *path,
                                                 const icecat_image_options *options,
                                                 icecat_image_info *info, icecat_error *err);

/** An image that arrives in chunks. One thread at a time; about 2 kB. */
typedef struct icecat_image_stream icecat_image_stream;

/**
 * Begin an image whose bytes arrive in chunks.
 *
 * @param options Limits, or NULL; total_bytes is the size of the whole file if it is known.
 * @param out     Receives the stream; free with icecat_image_stream_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_image_stream_new(const icecat_image_options *options,
                                                 icecat_image_stream **out, icecat_error *err);

/**
 * Give the next bytes, in any portions.
 *
 * @param data   The bytes; not kept.
 * @param len    Bytes at @p data.
 * @param enough Set to 1 once the header is judged: more bytes can only tell whether the file's end
 *               is there. May be NULL.
 * @retval ICECAT_OK         Also when the image is refused; icecat_image_stream_finish() tells.
 * @retval ICECAT_E_ARGUMENT More than total_bytes, or after the end.
 */
ICECAT_API icecat_status icecat_image_stream_feed(icecat_image_stream *stream, const void *data,
                                                  size_t len, uint32_t *enough, icecat_error *err);

/**
 * End the stream and judge.
 *
 * @param is_whole 1: everything was given, so the end of the image must be there. 0: the caller
 *                 stopped early, and the end is not checked.
 * @param info     Receives what was found.
 *
 * Statuses as icecat_image_probe().
 */
ICECAT_API icecat_status icecat_image_stream_finish(icecat_image_stream *stream, uint32_t is_whole,
                                                    icecat_image_info *info, icecat_error *err);

/** Release a stream. NULL is allowed. */
ICECAT_API void icecat_image_stream_free(icecat_image_stream *stream);

/** Short name of a format, e.g. "jpeg", "webp", "lfs-pointer"; "unknown" for others. Static. */
ICECAT_API const char *icecat_image_format_name(uint32_t format);

/** Content-Type of a format, e.g. "image/jpeg"; NULL for what is not an image. Static. */
ICECAT_API const char *icecat_image_content_type(uint32_t format);

/** Stable name of a reason, e.g. "png-ihdr-crc"; "none" for 0, "unknown-reason" for unknown values.
 *  Static. */
ICECAT_API const char *icecat_image_reason_name(uint32_t reason);

#ifdef __cplusplus
}
#endif

#endif
