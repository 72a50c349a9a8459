/*
 * png_confirm.c - libpng's opinion about a header that our walk accepted. The only file that
 * includes <png.h>.
 *
 * libpng is shown the signature, IHDR, a palette if there is one, and the head of the first IDAT; what
 * lies between them was stepped over by the walk and costs nothing here. It reads from memory, allocates
 * from a small budget, prints nothing, and leaves through one setjmp.
 */
#include "image/walk.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PALETTE_LEN 15
#define DATA_LEN    8

#define BUDGET 65536u /* bytes that libpng may allocate; it uses about 2 kB */

typedef struct shown {
    jmp_buf jump;
    uint8_t bytes[IC_PNG_IHDR_LEN + PALETTE_LEN + DATA_LEN];
    size_t len, at;
    size_t allocated;
    int is_out_of_memory;
    char *text;
} shown;

/* Both write to nobody: an error is for our message, a warning concerns what was not shown. */
static void on_error(png_structp png, png_const_charp message)
{
    shown *show = png_get_error_ptr(png);

    snprintf(show->text, IC_CONFIRM_TEXT, "%s", message);
    longjmp(show->jump, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static png_voidp allocate(png_structp png, png_alloc_size_t size)
{
    shown *show = png_get_mem_ptr(png);
    void *data = NULL;

    if (size <= BUDGET - show->allocated)
        data = malloc(size);
    if (data == NULL)
        show->is_out_of_memory = 1;
    else
        show->allocated += size;
    return data;
}

static void release(png_structp png, png_voidp data)
{
    (void)png;
    free(data);
}

static void read_bytes(png_structp png, png_bytep out, size_t len)
{
    shown *show = png_get_io_ptr(png);

    if (len > show->len - show->at)
        png_error(png, "it reads on behind its first IDAT");
    memcpy(out, show->bytes + show->at, len);
    show->at += len;
}

static void put(shown *show, const void *data, size_t len)
{
    memcpy(show->bytes + show->len, data, len);
    show->len += len;
}

/* The palette's length and CRC were checked; a short one stands for it, because libpng computes the
 * CRC of each entry apart, which takes longer than all the rest. */
static void prepare(shown *show, const ic_png *from)
{
    put(show, from->ihdr, IC_PNG_IHDR_LEN);
    if (from->has_palette)
        put(show, "\0\0\0\3PLTE\0\0\0\xa7\x7a\x3d\xda", PALETTE_LEN);
    put(show, "\0\0\0\1IDAT", DATA_LEN);
}

static int agrees(const ic_walk *walk, png_structp png, png_infop info)
{
    return png_get_image_width(png, info) == walk->info.width_px &&
           png_get_image_height(png, info) == walk->info.height_px &&
           png_get_bit_depth(png, info) == walk->info.bit_depth &&
           png_get_channels(png, info) == walk->info.channels;
}

/* The one function with setjmp; whatever changes behind it lives in *show or is volatile. */
static int read_info(const ic_walk *walk, shown *show)
{
    png_structp volatile png = NULL;
    png_infop volatile info = NULL;
    volatile int result = 0;

    if (setjmp(show->jump) == 0) {
        png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, show, on_error, on_warning, show,
                                       allocate, release);
        if (png != NULL)
            info = png_create_info_struct(png);
        if (info != NULL) {
            png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
            png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
            png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
#endif
            png_set_read_fn(png, show, read_bytes);
            png_read_info(png, info);
            result = agrees(walk, png, info);
            if (!result)
                snprintf(show->text, IC_CONFIRM_TEXT, "it reads another size or depth");
        }
    }
    if (png != NULL) {
        png_structp end_png = png;
        png_infop end_info = info;

        png_destroy_read_struct(&end_png, end_info != NULL ? &end_info : NULL, NULL);
    }
    return result;
}

int ic_png_confirm(const ic_walk *walk, char text[IC_CONFIRM_TEXT])
{
    shown show;
    int result;

    show.len = show.at = show.allocated = 0;
    show.is_out_of_memory = 0;
    show.text = text;
    text[0] = '\0';
    prepare(&show, &walk->as.png);
    result = read_info(walk, &show);
    return show.is_out_of_memory ? -1 : result;
}

const char *ic_png_library_version(void)
{
    return png_get_libpng_ver(NULL);
}
