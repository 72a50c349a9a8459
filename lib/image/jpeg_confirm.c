/*
 * jpeg_confirm.c - libjpeg's opinion about a header that our walk accepted. The only file that
 * includes <jpeglib.h>.
 *
 * libjpeg is shown a header put together anew from what the walk kept: the colour markers, frame and
 * scan. Tables are left out, because it would only repeat the walk's checks of their lengths; so segments
 * of any size and number cost nothing, and what it allocates depends on these few bytes only.
 */
#include "image/walk.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#define SOF_LEN_MAX 22 /* of four components, each with marker and length */
#define SOS_LEN_MAX 16

typedef struct shown {
    struct jpeg_error_mgr errors; /* first: libjpeg hands back a pointer to it */
    jmp_buf jump;
    char *text;
    int is_out_of_memory;
    size_t len;
    uint8_t bytes[2 + 18 + 16 + SOF_LEN_MAX + 6 + SOS_LEN_MAX];
} shown;

static void on_exit_error(j_common_ptr common)
{
    shown *show = (shown *)(void *)common->err;
    char message[JMSG_LENGTH_MAX];

    show->errors.format_message(common, message);
    snprintf(show->text, IC_CONFIRM_TEXT, "%.*s", IC_CONFIRM_TEXT - 1, message);
    /* Its number depends on the release, its text does not. */
    show->is_out_of_memory = strncmp(message, "Insufficient memory", 19) == 0;
    longjmp(show->jump, 1);
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

static void put(shown *show, const void *data, size_t len)
{
    memcpy(show->bytes + show->len, data, len);
    show->len += len;
}

static void put_head(shown *show, uint8_t marker, size_t content)
{
    uint8_t head[4] = { 0xff, marker, (uint8_t)((content + 2) >> 8), (uint8_t)(content + 2) };

    put(show, head, sizeof(head));
}

static void put_colour(shown *show, const ic_jpeg *jpeg)
{
    uint8_t adobe[12] = { 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, jpeg->adobe_transform };

    if (jpeg->has_jfif) {
        put_head(show, 0xe0, 14);
        put(show, "JFIF\0\1\1\0\0\1\0\1\0\0", 14);
    }
    if (jpeg->has_adobe) {
        put_head(show, 0xee, sizeof(adobe));
        put(show, adobe, sizeof(adobe));
    }
}

static void put_frame(shown *show, const ic_walk *walk)
{
    const ic_jpeg *jpeg = &walk->as.jpeg;
    uint8_t frame[6] = { 8,
                         (uint8_t)(walk->info.height_px >> 8),
                         (uint8_t)walk->info.height_px,
                         (uint8_t)(walk->info.width_px >> 8),
                         (uint8_t)walk->info.width_px,
                         jpeg->components };

    put_head(show, jpeg->sof_marker, 6 + 3 * (size_t)jpeg->components);
    put(show, frame, sizeof(frame));
    for (unsigned i = 0; i < jpeg->components; i++) {
        uint8_t part[3] = { jpeg->component[i].id, jpeg->component[i].sampling,
                            jpeg->component[i].quant };

        put(show, part, sizeof(part));
    }
}

static void prepare(shown *show, const ic_walk *walk)
{
    const ic_jpeg *jpeg = &walk->as.jpeg;
    uint8_t interval[2] = { (uint8_t)(jpeg->restart_interval >> 8),
                            (uint8_t)jpeg->restart_interval };

    put(show, "\xff\xd8", 2);
    put_colour(show, jpeg);
    put_frame(show, walk);
    put_head(show, 0xdd, sizeof(interval));
    put(show, interval, sizeof(interval));
    put_head(show, 0xda, jpeg->sos_len);
    put(show, jpeg->sos, jpeg->sos_len);
}

static int agrees(const ic_walk *walk, const struct jpeg_decompress_struct *jpeg)
{
    return jpeg->image_width == walk->info.width_px && jpeg->image_height == walk->info.height_px &&
           jpeg->num_components == (int)walk->info.channels && jpeg->data_precision == 8;
}

/* The one function with setjmp; whatever changes behind it lives in *show or is volatile. */
static int read_header(const ic_walk *walk, shown *show)
{
    struct jpeg_decompress_struct jpeg;
    volatile int result = 0;

    /* Set before the jump is armed, because destroy looks at it on every path. */
    memset(&jpeg, 0, sizeof(jpeg));
    jpeg.err = &show->errors;
    if (setjmp(show->jump) == 0) {
        jpeg_create_decompress(&jpeg);
        jpeg_mem_src(&jpeg, show->bytes, (unsigned long)show->len);
        jpeg_read_header(&jpeg, TRUE);
        result = agrees(walk, &jpeg);
        if (!result)
            snprintf(show->text, IC_CONFIRM_TEXT, "it reads another size or depth");
    }
    jpeg_destroy_decompress(&jpeg);
    return result;
}

int ic_jpeg_confirm(const ic_walk *walk, char text[IC_CONFIRM_TEXT])
{
    shown show;
    int result;

    text[0] = '\0';
    show.text = text;
    show.is_out_of_memory = 0;
    show.len = 0;
    jpeg_std_error(&show.errors);
    show.errors.error_exit = on_exit_error;
    show.errors.emit_message = on_message;
    show.errors.output_message = on_output;
    prepare(&show, walk);
    result = read_header(walk, &show);
    return show.is_out_of_memory ? -1 : result;
}

#define TEXT_OF(a) #a
#define TEXT(a)    TEXT_OF(a)

/* The library has no function that tells; its release at build time stands for it. */
const char *ic_jpeg_library_version(void)
{
#ifdef LIBJPEG_TURBO_VERSION
    return TEXT(LIBJPEG_TURBO_VERSION);
#else
    return "not libjpeg-turbo; API " TEXT(JPEG_LIB_VERSION);
#endif
}
