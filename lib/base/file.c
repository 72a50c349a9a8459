/*
 * file.c - read local files whole, with a maximum; replace them whole or not at all.
 */
#include "base/file.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 16 /* for a name that nobody has */
#define PIECE 131072u

static icecat_status fail_errno(icecat_error *err, const char *verb, const char *path, int code)
{
    return ic_fail(err, ICECAT_E_FILE, "cannot %s %s: %s", verb, path, strerror(code));
}

static icecat_status fail_hash(icecat_error *err)
{
    return ic_fail(err, ICECAT_E_CRYPTO, "libcrypto cannot compute a SHA-256");
}

/* With @p hash in pieces, each of which is hashed before the next is read. */
static icecat_status read_all(int fd, const char *path, size_t size, ic_sha256_state *hash,
                              ic_buf *out, icecat_error *err)
{
    size_t most = hash != NULL ? PIECE : size;
    size_t done = 0;

    if (ic_buf_reserve(out, size) != ICECAT_OK)
        return ic_buf_check(out, path, err);
    while (done < size) {
        size_t want = size - done < most ? size - done : most;
        ssize_t got = read(fd, out->data + out->len, want);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(err, "read", path, errno);
        if (got == 0)
            return ic_fail(err, ICECAT_E_FILE,
                           "cannot read %s: it became shorter while it was read", path);
        if (hash != NULL && !ic_sha256_add(hash, out->data + out->len, (size_t)got))
            return fail_hash(err);
        out->len += (size_t)got;
        out->data[out->len] = '\0';
        done += (size_t)got;
    }
    return ICECAT_OK;
}

static icecat_status read_file(const char *path, size_t max, ic_sha256_state *hash, ic_buf *out,
                               icecat_error *err)
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
        status = read_all(fd, path, (size_t)info.st_size, hash, out, err);
    close(fd);
    return status;
}

icecat_status ic_file_read(const char *path, size_t max, ic_buf *out, icecat_error *err)
{
    return read_file(path, max, NULL, out, err);
}

icecat_status ic_file_read_hashed(const char *path, size_t max, ic_buf *out,
                                  unsigned char digest[IC_SHA256_LEN], icecat_error *err)
{
    ic_sha256_state *hash = ic_sha256_begin();
    icecat_status status = hash != NULL ? read_file(path, max, hash, out, err) : fail_hash(err);

    if (!ic_sha256_end(hash, status == ICECAT_OK ? digest : NULL) && status == ICECAT_OK)
        status = fail_hash(err);
    return status;
}

int ic_file_write_all(int fd, const void *data, size_t len)
{
    const char *at = data;

    while (len != 0) {
        ssize_t put = write(fd, at, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return 0;
        at += put;
        len -= (size_t)put;
    }
    return 1;
}

void ic_file_sync_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = ic_mem_dup_n(NULL, path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
    int fd;

    if (directory == NULL)
        return;
    fd = open(directory[0] != '\0' ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    ic_mem_free(NULL, directory);
}

static uint32_t number_of_now(void)
{
    return (uint32_t)ic_time_unix_us() ^ (uint32_t)getpid() << 16;
}

/* Not mkstemp(), whose files are 0600: a new file gets what the umask leaves, and one that replaces another
 * gets its mode, and has never had a wider one. */
int ic_file_create_beside(const char *path, char *beside, size_t size)
{
    struct stat old;
    int replaces = stat(path, &old) == 0 && S_ISREG(old.st_mode);
    int fd = -1;

    for (int i = 0; i < TRIES && fd < 0; i++) {
        uint32_t number;
        int len;

        if (!ic_random_bytes(&number, sizeof(number)))
            number = number_of_now(); /* O_EXCL decides; a number only spares it tries */
        len = snprintf(beside, size, "%s.%08x", path, (unsigned)number);
        if (len < 0 || (size_t)len >= size) {
            errno = ENAMETOOLONG;
            return -1;
        }
        fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                  replaces ? old.st_mode & 0666 : 0666);
        if (fd < 0 && errno != EEXIST)
            return -1;
    }
    if (fd >= 0 && replaces)
        (void)fchmod(fd, old.st_mode & 0777);
    return fd;
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
    own->fd = ic_file_create_beside(path, own->beside, sizeof(own->beside));
    return own->fd >= 0 ? ICECAT_OK : fail_errno(err, "write", path, errno);
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
    if (close(fd) == 0 && rename(own->beside, path) == 0) {
        ic_file_sync_directory(path);
        return ICECAT_OK;
    }
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
