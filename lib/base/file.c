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

static int write_all(int fd, const char *data, size_t len)
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
    return fsync(fd) == 0;
}

icecat_status ic_file_replace(const char *path, const void *data, size_t len, icecat_error *err)
{
    char beside[4096];
    int written = snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
    int code;
    int fd;

    if (written < 0 || (size_t)written >= sizeof(beside))
        return fail_errno(err, "write", path, ENAMETOOLONG);
    fd = mkstemp(beside);
    if (fd < 0)
        return fail_errno(err, "write", path, errno);
    /* mkstemp gives 0600; a plain file gets what the umask leaves. */
    if (fchmod(fd, 0644) != 0 || !write_all(fd, data, len)) {
        code = errno;
        close(fd);
        unlink(beside);
        return fail_errno(err, "write", path, code);
    }
    if (close(fd) != 0 || rename(beside, path) != 0) {
        code = errno;
        unlink(beside);
        return fail_errno(err, "write", path, code);
    }
    return ICECAT_OK;
}
