/*
 * thumbnail_png.c - decode a PNG row by row, also an interlaced one.
 *
 * The rows of the seven passes of an interlaced PNG are averaged as they come, each pixel where it
 * belongs, so that no picture is ever in memory as a whole. libpng allocates from a budget.
 */
#include "thumbnail_raster.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

/* Behind each block, so that the budget gets back what is freed. */
union block_head {
    size_t size;
    max_align_t align;
};

struct reader {
    jmp_buf jump;
    FILE *file;
    struct shrink shrink;
    uint8_t *row;
    size_t budget;
    uint32_t most_px;
    int is_too_big;
};

static void on_error(png_structp png, png_const_charp message)
{
    struct reader *reader = png_get_error_ptr(png);

    (void)message;
    longjmp(reader->jump, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static png_voidp allocate(png_structp png, png_alloc_size_t size)
{
    struct reader *reader = png_get_mem_ptr(png);
    union block_head *head = NULL;

    if (size <= reader->budget)
        head = malloc(sizeof(*head) + size);
    if (head == NULL) {
        reader->is_too_big = 1;
        return NULL;
    }
    head->size = size;
    reader->budget -= size;
    return head + 1;
}

static void release(png_structp png, png_voidp data)
{
    struct reader *reader = png_get_mem_ptr(png);
    union block_head *head = (union block_head *)data - 1;

    if (data == NULL)
        return;
    reader->budget += head->size;
    free(head);
}

static void read_bytes(png_structp png, png_bytep out, size_t len)
{
    struct reader *reader = png_get_io_ptr(png);

    if (fread(out, 1, len, reader->file) != len)
        png_error(png, "the file ends early");
}

/* Whatever it is becomes four bytes a pixel. */
static void ask_for_rgba(png_structp png)
{
    png_set_expand(png); /* palettes, fewer than 8 bits, a transparent colour */
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
}

static int begin_png(struct reader *reader, png_structp png, png_infop info)
{
    uint32_t width, height;

    png_set_user_limits(png, THUMBNAIL_MOST_SIDE, THUMBNAIL_MOST_SIDE);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_chunk_malloc_max(png, 1u << 20);
    png_set_read_fn(png, reader, read_bytes);
    png_read_info(png, info);
    width = png_get_image_width(png, info);
    height = png_get_image_height(png, info);
    if ((uint64_t)width * height > THUMBNAIL_MOST_PIXELS) {
        reader->is_too_big = 1;
        return 0;
    }
    ask_for_rgba(png);
    png_start_read_image(png);
    reader->row = malloc((size_t)width * 8); /* as wide as libpng can make a row */
    return reader->row != NULL && shrink_begin(&reader->shrink, width, height, reader->most_px);
}

/* Where the pixels of each pass of Adam7 begin, and how far apart they are. */
static const struct pass {
    uint8_t x, y, dx, dy;
} passes[] = { { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
               { 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 } };

static void read_pass(struct reader *reader, png_structp png, const struct pass *pass)
{
    uint32_t width = reader->shrink.in_width, height = reader->shrink.in_height;
    uint32_t columns = (width + pass->dx - 1u - pass->x) / pass->dx;

    /* libpng steps over passes without a pixel. */
    for (uint32_t y = pass->y; columns != 0 && y < height; y += pass->dy) {
        png_read_row(png, reader->row, NULL);
        shrink_add(&reader->shrink, y, pass->x, pass->dx, reader->row, columns);
    }
}

static void read_rows(struct reader *reader, png_structp png, png_infop info)
{
    if (png_get_interlace_type(png, info) == PNG_INTERLACE_NONE) {
        for (uint32_t y = 0; y < reader->shrink.in_height; y++) {
            png_read_row(png, reader->row, NULL);
            shrink_add(&reader->shrink, y, 0, 1, reader->row, reader->shrink.in_width);
        }
        return;
    }
    for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++)
        read_pass(reader, png, &passes[i]);
}

/* The one function with setjmp; what changes behind it lives in *reader or is volatile. */
static int read_all(struct reader *reader)
{
    png_structp volatile png = NULL;
    png_infop volatile info = NULL;
    volatile int ok = 0;

    if (setjmp(reader->jump) == 0) {
        png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning, reader,
                                       allocate, release);
        if (png != NULL)
            info = png_create_info_struct(png);
        if (info != NULL && begin_png(reader, png, info)) {
            read_rows(reader, png, info);
            ok = 1;
        }
    }
    if (png != NULL) {
        png_structp end_png = png;
        png_infop end_info = info;

        png_destroy_read_struct(&end_png, end_info != NULL ? &end_info : NULL, NULL);
    }
    return ok;
}

enum thumbnail_state thumbnail_read_png(FILE *file, uint32_t most_px, struct raster *out)
{
    struct reader *reader = calloc(1, sizeof(*reader));
    enum thumbnail_state state = THUMBNAIL_UNSOUND;

    *out = (struct raster){ .rgb = NULL };
    if (reader == NULL)
        return THUMBNAIL_TOO_BIG;
    reader->file = file;
    reader->budget = THUMBNAIL_DECODER_BYTES(most_px);
    reader->most_px = most_px;
    if (read_all(reader))
        state = shrink_end(&reader->shrink, out) ? THUMBNAIL_OK : THUMBNAIL_TOO_BIG;
    else if (reader->is_too_big)
        state = THUMBNAIL_TOO_BIG;
    shrink_clear(&reader->shrink);
    free(reader->row);
    free(reader);
    return state;
}
