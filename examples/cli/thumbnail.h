/*
 * thumbnail.h - a small JPEG of a picture that was submitted.
 *
 * A file is shown only when its SHA-256 is the one on record: whatever a batch file says, its reader
 * gets to see no other picture than those that were submitted. Symbolic links may therefore be
 * followed, as submitting does. Only regular files are opened, and decoded is only what
 * icecat_image_stream_finish() finds sound. Memory stays under 32 MB whatever the picture.
 */
#ifndef CLI_THUMBNAIL_H
#define CLI_THUMBNAIL_H

#include <stddef.h>
#include <stdint.h>

enum { THUMBNAIL_MOST_PX = 640, THUMBNAIL_LEAST_PX = 16 };

enum thumbnail_state {
    THUMBNAIL_OK,
    THUMBNAIL_GONE,    /* there is no such file, or no regular one that can be read */
    THUMBNAIL_CHANGED, /* it is another file now */
    THUMBNAIL_UNSOUND, /* no sound JPEG or PNG */
    THUMBNAIL_TOO_BIG, /* decoding it would take too much memory or time */
    THUMBNAIL_LEFT_OUT /* nobody asked: no thumbnails, or no room for more */
};

struct thumbnail {
    enum thumbnail_state state;
    unsigned char *jpeg; /* with THUMBNAIL_OK; malloc'd */
    size_t len;
    uint32_t width, height;               /* of it */
    uint32_t source_width, source_height; /* of the picture as shown; 0 when unknown */
    uint64_t source_bytes;                /* size of the file; 0 when it is gone or another one */
};

/* @p path when its content has @p fingerprint, @p most_px on the longer side at most. */
void thumbnail_make(struct thumbnail *out, const char *path, const char *fingerprint,
                    uint32_t most_px);
void thumbnail_clear(struct thumbnail *thumbnail);

#endif
