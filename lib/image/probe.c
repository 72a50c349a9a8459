/*
 * probe.c - the public checks of memory and of files.
 */
#include "base/error.h"
#include "image/name.h"
#include "image/source.h"
#include "image/tail.h"
#include "image/verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Walk, confirm, look at the end. -1 when out of memory. */
static int examine(ic_walk *walk, ic_source *source, ic_walk_result *result)
{
    *result = ic_source_walk(source, walk);
    if (*result == IC_WALK_HEADER) {
        int agreed = ic_image_confirm(walk);

        if (agreed < 0)
            return -1;
        *result = agreed ? ic_source_walk(source, walk) : IC_WALK_FAULT;
    }
    if (*result == IC_WALK_TAIL)
        *result = ic_tail_check(walk, source);
    return 0;
}

icecat_status icecat_image_probe(const void *data, size_t len, const icecat_image_options *options,
                                 icecat_image_info *info, icecat_error *err)
{
    icecat_image_options own;
    icecat_status status;
    ic_walk_result result;
    ic_source source;
    ic_walk walk;

    ic_error_clear(err);
    if (info == NULL || (data == NULL && len != 0))
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", info == NULL ? "info" : "data");
    status = ic_image_options_load(&own, options, err);
    if (status != ICECAT_OK)
        return status;
    ic_source_memory(&source, data, len);
    ic_walk_begin(&walk, own.total_bytes > len ? own.total_bytes : len, &own);
    if (examine(&walk, &source, &result) < 0)
        return ic_fail_memory(err, "reading an image header");
    return ic_image_verdict(&walk, result, &own, info, err);
}

static icecat_status open_file(const char *path, int *fd, uint64_t *size, icecat_error *err)
{
    struct stat st;

    /* Without O_NONBLOCK a pipe would wait for a writer. */
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd < 0 || fstat(*fd, &st) != 0)
        return ic_fail(err, ICECAT_E_FILE, "cannot open %s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return ic_fail(err, ICECAT_E_FILE, "%s is %s, not a file; name the image itself", path,
                       S_ISDIR(st.st_mode) ? "a folder" : "a pipe, socket or device");
    *size = (uint64_t)st.st_size;
    return ICECAT_OK;
}

static icecat_status probe_open(const char *path, int fd, uint64_t size,
                                const icecat_image_options *options, icecat_image_info *info,
                                icecat_error *err)
{
    uint8_t buffer[IC_SOURCE_BUFFER];
    uint32_t promised = ic_image_format_of_name(path);
    ic_walk_result result;
    ic_source source;
    ic_walk walk;

    ic_source_file(&source, fd, size, buffer);
    ic_walk_begin(&walk, size, options);
    if (examine(&walk, &source, &result) < 0)
        return ic_fail_memory(err, "reading an image header");
    if (source.failed)
        return ic_fail(err, ICECAT_E_FILE, "cannot read %s: %s", path,
                       source.failed > 0 ? strerror(source.failed)
                                         : "it became shorter while it was read");
    if (promised != ICECAT_IMAGE_UNKNOWN && promised != walk.info.format)
        walk.info.warnings |= ICECAT_IMAGE_WARN_EXTENSION;
    return ic_image_verdict(&walk, result, options, info, err);
}

icecat_status icecat_image_probe_file(const char *path, const icecat_image_options *options,
                                      icecat_image_info *info, icecat_error *err)
{
    icecat_image_options own;
    icecat_status status;
    uint64_t size = 0;
    int fd = -1;

    ic_error_clear(err);
    if (path == NULL || info == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", path == NULL ? "path" : "info");
    status = ic_image_options_load(&own, options, err);
    if (status == ICECAT_OK)
        status = open_file(path, &fd, &size, err);
    if (status == ICECAT_OK)
        status = probe_open(path, fd, size, &own, info, err);
    if (fd >= 0)
        close(fd);
    return status;
}
