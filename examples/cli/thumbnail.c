/*
 * thumbnail.c - from a path to a thumbnail: open, check that it is the picture, decode, turn, encode.
 */
#include "thumbnail.h"

#include "sha256.h"
#include "thumbnail_raster.h"
#include <fcntl.h>
#include <icecat/image.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that is longer was not uploaded by icecat with any of its own limits. */
#define MOST_FILE_BYTES (256u << 20)

void thumbnail_clear(struct thumbnail *thumbnail)
{
    free(thumbnail->jpeg);
    *thumbnail = (struct thumbnail){ .state = THUMBNAIL_LEFT_OUT };
}

/* O_NONBLOCK: opening a FIFO must not wait for its writer. */
static FILE *open_regular(const char *path, uint64_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat info;
    FILE *file;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || (file = fdopen(fd, "rb")) == NULL) {
        close(fd);
        return NULL;
    }
    *size = (uint64_t)info.st_size;
    return file;
}

/* Feed the whole file to the hash and to the walk; 0 when it could not be read to its end. */
static int read_through(FILE *file, EVP_MD_CTX *hash, icecat_image_stream *walk)
{
    unsigned char block[65536];
    size_t got;

    while ((got = fread(block, 1, sizeof(block), file)) > 0) {
        if (EVP_DigestUpdate(hash, block, got) != 1 ||
            icecat_image_stream_feed(walk, block, got, NULL, NULL) != ICECAT_OK)
            return 0;
    }
    return ferror(file) == 0;
}

/* Read once for both questions: is it the picture, and is it sound? */
static enum thumbnail_state examine(FILE *file, uint64_t size, const char *fingerprint,
                                    icecat_image_info *info)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    icecat_image_stream *walk = NULL;
    char found[SHA256_HEX_LEN] = "";
    enum thumbnail_state state = THUMBNAIL_CHANGED;

    options.profile = ICECAT_PROFILE_ANY;
    options.total_bytes = size;
    if (hash != NULL && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1 &&
        icecat_image_stream_new(&options, &walk, NULL) == ICECAT_OK &&
        read_through(file, hash, walk) && sha256_final(hash, found) &&
        strcmp(found, fingerprint) == 0)
        state = icecat_image_stream_finish(walk, 1, info, NULL) == ICECAT_OK ? THUMBNAIL_OK
                                                                             : THUMBNAIL_UNSOUND;
    icecat_image_stream_free(walk);
    EVP_MD_CTX_free(hash);
    return state;
}

static enum thumbnail_state convert(FILE *file, const icecat_image_info *info, uint32_t most_px,
                                    struct thumbnail *out)
{
    struct raster raster = { .rgb = NULL };
    enum thumbnail_state state = info->format == ICECAT_IMAGE_JPEG
                                     ? thumbnail_read_jpeg(file, most_px, &raster)
                                     : thumbnail_read_png(file, most_px, &raster);

    if (state == THUMBNAIL_OK && (!raster_orient(&raster, info->orientation) ||
                                  !thumbnail_write_jpeg(&raster, &out->jpeg, &out->len)))
        state = THUMBNAIL_TOO_BIG;
    out->width = raster.width;
    out->height = raster.height;
    raster_clear(&raster);
    return state;
}

void thumbnail_make(struct thumbnail *out, const char *path, const char *fingerprint,
                    uint32_t most_px)
{
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    uint64_t size = 0;
    FILE *file = path != NULL ? open_regular(path, &size) : NULL;

    *out = (struct thumbnail){ .state = THUMBNAIL_GONE };
    if (file == NULL)
        return;
    if (fingerprint == NULL || size > MOST_FILE_BYTES)
        out->state = THUMBNAIL_CHANGED;
    else
        out->state = examine(file, size, fingerprint, &info);
    if (out->state != THUMBNAIL_CHANGED)
        out->source_bytes = size;
    if (out->state == THUMBNAIL_OK) {
        out->source_width = info.display_width_px;
        out->source_height = info.display_height_px;
        rewind(file);
        out->state = most_px != 0 ? convert(file, &info, most_px, out) : THUMBNAIL_LEFT_OUT;
    }
    fclose(file);
}
