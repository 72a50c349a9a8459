/*
 * thumbnail_jpeg.c - JPEG in and out: decode at an eighth to the whole of its size, encode the result.
 *
 * libjpeg's scaled decoding leaves out the work whose result nobody would see. Its virtual arrays, the
 * only memory that grows with the height (of progressive images), obey max_memory_to_use.
 */
#include "thumbnail_raster.h"

#include <setjmp.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

enum { QUALITY = 75, MOST_SCANS = 200 };

/* Leaves libjpeg: its first member is what libjpeg knows. */
struct leaver {
    struct jpeg_error_mgr errors;
    jmp_buf jump;
};

struct reader {
    struct jpeg_decompress_struct jpeg;
    struct leaver leaver;
    struct jpeg_progress_mgr progress;
    struct shrink shrink;
    uint8_t *row;
    uint32_t most_px;
    int is_too_big;
};

static void on_error(j_common_ptr common)
{
    struct leaver *leaver = (struct leaver *)(void *)common->err;

    longjmp(leaver->jump, 1);
}

static void on_message(j_common_ptr common, int level)
{
    (void)common;
    (void)level;
}

static void on_output(j_common_ptr common)
{
    (void)common;
}

static void leaver_init(struct leaver *leaver)
{
    jpeg_std_error(&leaver->errors);
    leaver->errors.error_exit = on_error;
    leaver->errors.emit_message = on_message;
    leaver->errors.output_message = on_output;
}

/* ---- reading ----------------------------------------------------------------------------- */

/* A few bytes can ask for any number of scans over the whole picture. */
static void on_progress(j_common_ptr common)
{
    struct reader *reader = common->client_data;

    if (reader->jpeg.input_scan_number > MOST_SCANS) {
        reader->is_too_big = 1;
        longjmp(reader->leaver.jump, 1);
    }
}

/* The least of 1/8, 1/4, 1/2 and 1 that still has as many pixels as are wanted; libjpeg-turbo is
 * fastest with these. */
static unsigned scale_for(uint32_t longer, uint32_t most_px)
{
    unsigned eighths = 1;

    while (eighths < 8 && (uint64_t)longer * eighths < (uint64_t)most_px * 8)
        eighths *= 2;
    return eighths;
}

static int begin_jpeg(struct reader *reader)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    uint32_t longer;

    jpeg_read_header(jpeg, TRUE);
    longer = jpeg->image_width > jpeg->image_height ? jpeg->image_width : jpeg->image_height;
    if ((uint64_t)jpeg->image_width * jpeg->image_height > THUMBNAIL_MOST_PIXELS) {
        reader->is_too_big = 1;
        return 0;
    }
    jpeg->scale_num = scale_for(longer, reader->most_px);
    jpeg->scale_denom = 8;
    jpeg->dct_method = JDCT_IFAST;
    jpeg->do_fancy_upsampling = FALSE;
    jpeg->out_color_space = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK
                                ? JCS_CMYK
                                : JCS_EXT_RGBA;
    jpeg_start_decompress(jpeg);
    reader->row = malloc((size_t)jpeg->output_width * 4);
    return reader->row != NULL && jpeg->output_components == 4 &&
           shrink_begin(&reader->shrink, jpeg->output_width, jpeg->output_height, reader->most_px);
}

/* Adobe's files, which are nearly all there are, store how much ink there is not. */
static void cmyk_to_rgba(uint8_t *pixel, size_t count, int is_inverted)
{
    for (; count-- > 0; pixel += 4) {
        unsigned key = is_inverted ? pixel[3] : 255u - pixel[3];

        for (size_t i = 0; i < 3; i++) {
            unsigned ink = is_inverted ? pixel[i] : 255u - pixel[i];

            pixel[i] = (uint8_t)(ink * key / 255);
        }
        pixel[3] = 255;
    }
}

static int read_rows(struct reader *reader)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    JSAMPROW row = reader->row;

    while (jpeg->output_scanline < jpeg->output_height) {
        uint32_t y = jpeg->output_scanline;

        if (jpeg_read_scanlines(jpeg, &row, 1) != 1)
            return 0;
        if (jpeg->out_color_space == JCS_CMYK)
            cmyk_to_rgba(row, jpeg->output_width, jpeg->saw_Adobe_marker != 0);
        shrink_add(&reader->shrink, y, 0, 1, row, jpeg->output_width);
    }
    return 1;
}

/* The one function with setjmp of reading; what changes behind it lives in *reader. */
static int read_all(struct reader *reader, FILE *file)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;

    if (setjmp(reader->leaver.jump) != 0)
        return 0;
    jpeg_create_decompress(jpeg);
    jpeg->client_data = reader;
    jpeg->progress = &reader->progress;
    jpeg->mem->max_memory_to_use = (long)THUMBNAIL_DECODER_BYTES(reader->most_px);
    jpeg_stdio_src(jpeg, file);
    return begin_jpeg(reader) && read_rows(reader);
}

enum thumbnail_state thumbnail_read_jpeg(FILE *file, uint32_t most_px, struct raster *out)
{
    struct reader *reader = calloc(1, sizeof(*reader));
    enum thumbnail_state state = THUMBNAIL_UNSOUND;

    *out = (struct raster){ .rgb = NULL };
    if (reader == NULL)
        return THUMBNAIL_TOO_BIG;
    leaver_init(&reader->leaver);
    reader->jpeg.err = &reader->leaver.errors;
    reader->progress.progress_monitor = on_progress;
    reader->most_px = most_px;
    if (read_all(reader, file))
        state = shrink_end(&reader->shrink, out) ? THUMBNAIL_OK : THUMBNAIL_TOO_BIG;
    else if (reader->is_too_big || reader->leaver.errors.msg_code == JERR_OUT_OF_MEMORY ||
             reader->leaver.errors.msg_code == JERR_NO_BACKING_STORE)
        state = THUMBNAIL_TOO_BIG;
    jpeg_destroy_decompress(&reader->jpeg);
    shrink_clear(&reader->shrink);
    free(reader->row);
    free(reader);
    return state;
}

/* ---- writing ----------------------------------------------------------------------------- */

struct writer {
    struct jpeg_compress_struct jpeg;
    struct leaver leaver;
    unsigned char *data;
    unsigned long len;
};

/* The one function with setjmp of writing. */
static int write_all(struct writer *writer, const struct raster *raster)
{
    struct jpeg_compress_struct *jpeg = &writer->jpeg;

    if (setjmp(writer->leaver.jump) != 0)
        return 0;
    jpeg_create_compress(jpeg);
    jpeg_mem_dest(jpeg, &writer->data, &writer->len);
    jpeg->image_width = raster->width;
    jpeg->image_height = raster->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, QUALITY, TRUE);
    jpeg->optimize_coding = TRUE;
    jpeg_start_compress(jpeg, TRUE);
    while (jpeg->next_scanline < raster->height) {
        JSAMPROW row = raster->rgb + (size_t)jpeg->next_scanline * raster->width * 3;

        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
    return 1;
}

int thumbnail_write_jpeg(const struct raster *raster, unsigned char **out, size_t *len)
{
    struct writer *writer = calloc(1, sizeof(*writer));
    int ok;

    *out = NULL;
    *len = 0;
    if (writer == NULL)
        return 0;
    leaver_init(&writer->leaver);
    writer->jpeg.err = &writer->leaver.errors;
    ok = write_all(writer, raster);
    jpeg_destroy_compress(&writer->jpeg);
    if (ok) {
        *out = writer->data;
        *len = writer->len;
    } else {
        free(writer->data);
    }
    free(writer);
    return ok;
}
