/*
 * file.c - read local files whole, with a maximum; replace them whole or not at all.
 */
#include "base/file.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static icecat_status fail_errno(icecat_error *err, const char *verb, const char *path, int code)
{
    return ic_fail(err, ICECAT_E_FILE, "cannot %s %s: %s", verb, path, strerror(code));
}

static icecat_status read_all(int fd, const char *path, size_t size, ic_buf *out, icecat_error *err)
{
    size_t done = 0;

    if (ic_buf_reserve(out, size) != ICECAT_OK)
        return ic_buf_check(out, path, err);
    while (done < size) {
        ssize_t got = read(fd, out->data + out->len, size - done);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(err, "read", path, errno);
        if (got == 0)
            return ic_fail(err, ICECAT_E_FILE,
                           "cannot read %s: it became shorter while it was read", path);
        out->len += (size_t)got;
        out->data[out->len] = '\0';
        done += (size_t)got;
    }
    return ICECAT_OK;
}

icecat_status ic_file_read(const char *path, size_t max, ic_buf *out, icecat_error *err)
{
    /* O_NONBLOCK: opening a FIFO must not hang; it is then refused as not regular. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    icecat_status status;
    struct stat info;

    if (fd < 0)
        return fail_errno(err, "open", path, errno);
    if (fstat(fd, &info) != 0)
        status = fail_errno(err, "read", path, errno);
    else if (!S_ISREG(info.st_mode))
        status = ic_fail(err, ICECAT_E_FILE, "cannot read %s: not a regular file", path);
    else if ((uint64_t)info.st_size > max)
        status = ic_fail(err, ICECAT_E_LIMIT, "%s has %lld bytes; at most %zu are allowed", path,
                         (long long)info.st_size, max);
    else
        status = read_all(fd, path, (size_t)info.st_size, out, err);
    close(fd);
    return status;
}

int ic_file_write_all(int fd, const char *data, size_t len)
{
    while (len != 0) {
        ssize_t put = write(fd, data, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return 0;
        data += put;
        len -= (size_t)put;
    }
    return 1;
}

void ic_file_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = ic_mem_dup_n(NULL, path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
    int fd;

    if (folder == NULL)
        return;
    fd = open(folder[0] != '\0' ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    ic_mem_free(NULL, folder);
}

/* ---- replace ----------------------------------------------------------------------------- */

void ic_replacement_drop(ic_replacement *own)
{
    if (own->fd < 0)
        return;
    close(own->fd);
    unlink(own->beside);
    own->fd = -1;
}

/* Undo, and tell @p code. */
static icecat_status fail_replacement(ic_replacement *own, const char *path, int code,
                                      icecat_error *err)
{
    ic_replacement_drop(own);
    return fail_errno(err, "write", path, code);
}

icecat_status ic_replacement_open(ic_replacement *own, const char *path, icecat_error *err)
{
    int written = snprintf(own->beside, sizeof(own->beside), "%s.XXXXXX", path);

    own->fd = -1;
    if (written < 0 || (size_t)written >= sizeof(own->beside))
        return fail_errno(err, "write", path, ENAMETOOLONG);
    own->fd = mkstemp(own->beside);
    if (own->fd < 0)
        return fail_errno(err, "write", path, errno);
    /* mkstemp gives 0600; a plain file gets what others are given. */
    if (fchmod(own->fd, 0644) != 0)
        return fail_replacement(own, path, errno, err);
    return ICECAT_OK;
}

icecat_status ic_replacement_add(ic_replacement *own, const char *path, const void *data,
                                 size_t len, icecat_error *err)
{
    if (ic_file_write_all(own->fd, data, len))
        return ICECAT_OK;
    return fail_replacement(own, path, errno, err);
}

icecat_status ic_replacement_finish(ic_replacement *own, const char *path, icecat_error *err)
{
    int fd = own->fd;
    int code;

    if (fsync(fd) != 0)
        return fail_replacement(own, path, errno, err);
    own->fd = -1;
    if (close(fd) == 0 && rename(own->beside, path) == 0)
        return ICECAT_OK;
    code = errno;
    unlink(own->beside);
    return fail_errno(err, "write", path, code);
}

icecat_status ic_file_replace(const char *path, const void *data, size_t len, icecat_error *err)
{
    ic_replacement own;
    icecat_status status = ic_replacement_open(&own, path, err);

    if (status == ICECAT_OK)
        status = ic_replacement_add(&own, path, data, len, err);
    return status == ICECAT_OK ? ic_replacement_finish(&own, path, err) : status;
}
