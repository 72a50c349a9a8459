/*
 * walk.h - the bounded walk over an image's header, shared by all of lib/image.
 *
 * A walk never looks back and never holds more than the caller's window: it runs over the bytes it
 * is given and then says which bytes it needs next. Memory, files and streams only differ in who
 * fetches them. It trusts no length before comparing it with the size of the file.
 */
#ifndef IC_IMAGE_WALK_H
#define IC_IMAGE_WALK_H

#include <icecat/image.h>
#include <stddef.h>
#include <stdint.h>

#define IC_WALK_NEED_MAX     1024       /* no step asks for more bytes at once */
#define IC_WALK_SIZE_UNKNOWN UINT64_MAX /* of ic_walk.size */
#define IC_WALK_HEAD         4096       /* PNG chunks that begin here are walked even after IDAT */
#define IC_WALK_BODY_CHUNKS  1048576u   /* most PNG chunks of the pixels and behind them */
#define IC_WALK_JUNK_MAX     65536u     /* most stray bytes between markers of a JPEG */

typedef enum ic_walk_result {
    IC_WALK_MORE = 0, /* needs ic_walk.need bytes at ic_walk.pos */
    IC_WALK_HEADER,   /* everything before the pixels is sound; run again for what follows */
    IC_WALK_TAIL,     /* the end of the file has to be looked at */
    IC_WALK_END,      /* the end of the image was found at ic_walk.end */
    IC_WALK_FAULT     /* refused: reason, fault_offset and message are set */
} ic_walk_result;

/* Bytes of the file from offset start. */
typedef struct ic_window {
    const uint8_t *data;
    uint64_t start;
    size_t len;
} ic_window;

#define IC_PNG_IHDR_LEN 33 /* signature and IHDR chunk */

/* What libpng is shown. */
typedef struct ic_png {
    uint32_t state;
    uint32_t chunk_len; /* of the chunk before pos */
    uint64_t chunk_at;  /* its offset */
    uint8_t chunk[4];   /* its type */
    uint32_t crc;       /* check_crc: running */
    uint32_t crc_left;  /* check_crc: bytes of the chunk that were not seen yet */
    uint32_t count;     /* chunks so far */
    uint32_t has_palette;
    uint32_t colour_type;
    uint8_t ihdr[IC_PNG_IHDR_LEN];
} ic_png;

typedef struct ic_jpeg_component {
    uint8_t id, sampling, quant;
} ic_jpeg_component;

#define IC_JPEG_DAC_MAX 64 /* 32 ids with their values */

/* What libjpeg is shown in the end: frame, scan and what tells the colours. */
typedef struct ic_jpeg {
    uint32_t state;
    uint32_t count; /* segments so far */
    uint32_t junk;  /* stray and fill bytes so far */
    uint64_t seg_at;
    uint64_t seg_end;
    uint32_t seg_marker;
    uint32_t exif_big_endian;
    uint8_t has_exif, has_jfif, has_adobe, adobe_transform;
    uint8_t sof_marker; /* 0: none yet */
    uint8_t components;
    uint8_t quant_defined; /* bit of each id */
    uint8_t huff_defined;  /* bits 0-3 DC, 4-7 AC */
    uint16_t restart_interval;
    uint8_t sos_len;
    uint8_t sos[12];
    ic_jpeg_component component[4];
} ic_jpeg;

typedef struct ic_walk {
    uint64_t size; /* of the whole file, or IC_WALK_SIZE_UNKNOWN */
    uint64_t pos;
    uint64_t pixels_at;  /* first byte behind the header: IDAT chunk or scan */
    uint64_t end;        /* first byte behind the image */
    uint64_t body_limit; /* PNG chunks beginning from here are left to the tail check */
    size_t need;
    uint32_t max_segments;
    uint32_t check_crc;
    uint32_t has_header; /* 1 once IC_WALK_HEADER was returned */
    uint32_t is_sniffed; /* 1 once the format is known */
    icecat_image_info info;
    char message[224]; /* set with a fault only */
    /* Cleared by the walk whose it is. */
    union {
        ic_png png;
        ic_jpeg jpeg;
    } as;
} ic_walk;

/** Begin at the first byte of a file of @p size bytes, IC_WALK_SIZE_UNKNOWN for a stream. */
void ic_walk_begin(ic_walk *walk, uint64_t size, const icecat_image_options *options);
/** Go as far as @p window allows. Once size is known and the window reaches it, never MORE. */
ic_walk_result ic_walk_run(ic_walk *walk, const ic_window *window);

/* ---- for the walks themselves ------------------------------------------------------------- */

/** The @p n bytes at the walk's position, or NULL, and then they are what the walk needs. */
static inline const uint8_t *ic_walk_look(ic_walk *walk, const ic_window *window, size_t n)
{
    uint64_t offset = walk->pos - window->start;

    if (walk->pos >= window->start && offset <= window->len && window->len - offset >= n)
        return window->data + offset;
    walk->need = n;
    return NULL;
}

/** Bytes of the file from the position on; UINT64_MAX while the size is not known. */
static inline uint64_t ic_walk_left(const ic_walk *walk)
{
    if (walk->size == IC_WALK_SIZE_UNKNOWN)
        return UINT64_MAX;
    return walk->pos < walk->size ? walk->size - walk->pos : 0;
}

ic_walk_result ic_walk_fault(ic_walk *walk, uint32_t reason, uint64_t offset, const char *format,
                             ...) __attribute__((format(printf, 4, 5)));

static inline uint32_t ic_be16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t ic_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void ic_png_begin(ic_walk *walk);
ic_walk_result ic_png_run(ic_walk *walk, const ic_window *window);
void ic_jpeg_begin(ic_walk *walk);
ic_walk_result ic_jpeg_run(ic_walk *walk, const ic_window *window);

/** png_ihdr.c: the signature and IHDR chunk at @p p. MORE when they are right. */
ic_walk_result ic_png_ihdr(ic_walk *walk, const uint8_t *p);

/* jpeg_tables.c: contents of one segment. OK is IC_WALK_MORE. */
ic_walk_result ic_jpeg_frame(ic_walk *walk, const uint8_t *data, size_t len);
ic_walk_result ic_jpeg_scan(ic_walk *walk, const uint8_t *data, size_t len);
/** DAC, which means nothing to the pictures that are accepted, but must be well-formed. */
ic_walk_result ic_jpeg_conditioning(ic_walk *walk, const uint8_t *data, size_t len);
/** Take the tables of a whole segment's content. 0 when one of them is not right; whoever needs to say why
 *  takes them again one by one. */
int ic_jpeg_quants(ic_jpeg *jpeg, const uint8_t *data, size_t len);
int ic_jpeg_huffs(ic_jpeg *jpeg, const uint8_t *data, size_t len);
/** One table at the position: reads its first bytes, then the whole. 1 when it was taken. */
ic_walk_result ic_jpeg_quant(ic_walk *walk, const ic_window *window, int *taken);
ic_walk_result ic_jpeg_huff(ic_walk *walk, const ic_window *window, int *taken);
/** Number of channels and colour model, once SOF and the application segments are known. */
void ic_jpeg_colour(ic_walk *walk);

/* ---- confirmation by the libraries: 1 agreed, 0 refused (text set), -1 out of memory -------- */

#define IC_CONFIRM_TEXT 120
int ic_png_confirm(const ic_walk *walk, char text[IC_CONFIRM_TEXT]);
int ic_jpeg_confirm(const ic_walk *walk, char text[IC_CONFIRM_TEXT]);
const char *ic_png_library_version(void);
const char *ic_jpeg_library_version(void);

#endif
