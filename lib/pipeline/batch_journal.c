/*
 * batch_journal.c - the append-only file that keeps a running submission's notes and records.
 */
#include "pipeline/batch_journal.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BESIDE_SIZE 16 /* what a name beside another has more, with its NUL byte */

void ic_journal_init(ic_journal *journal)
{
    memset(journal, 0, sizeof(*journal));
    journal->fd = -1;
}

static icecat_status fail_errno(icecat_error *err, const char *verb, const char *path, int code)
{
    return ic_fail(err, ICECAT_E_FILE, "cannot %s the journal %s: %s", verb, path, strerror(code));
}

static const char *name_of(const ic_journal *journal)
{
    return journal->path != NULL ? journal->path : "of the batch";
}

/* 0 when another program has the file. A file system that knows no locks allows everything. */
static int lock(int fd)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

    return fcntl(fd, F_SETLK, &whole) == 0 || (errno != EACCES && errno != EAGAIN);
}

/* ---- lines ------------------------------------------------------------------------------- */

icecat_status ic_journal_sync(ic_journal *journal, icecat_error *err)
{
    if (journal->fd < 0 || journal->durable == journal->len)
        return ICECAT_OK;
    if (fdatasync(journal->fd) != 0)
        return fail_errno(err, "write", name_of(journal), errno);
    journal->durable = journal->len;
    return ICECAT_OK;
}

icecat_status ic_journal_add(ic_journal *journal, const char *lines, size_t len, icecat_error *err)
{
    int64_t before = journal->len;
    icecat_status status = ICECAT_OK;

    if (journal->fd < 0)
        return ICECAT_OK;
    if (!ic_file_write_all(journal->fd, lines, len))
        status = fail_errno(err, "write", name_of(journal), errno);
    else
        journal->len += (int64_t)len;
    if (status == ICECAT_OK && !journal->is_deferred)
        status = ic_journal_sync(journal, err);
    if (status == ICECAT_OK)
        return ICECAT_OK;
    /* Half a line in the middle of the file would spoil it, should a later one succeed, and so would a hole. */
    journal->len = before;
    if (ftruncate(journal->fd, (off_t)before) != 0 ||
        lseek(journal->fd, (off_t)before, SEEK_SET) < 0)
        ic_journal_close(journal);
    return status;
}

/* ---- begin ------------------------------------------------------------------------------- */

static icecat_status fail_exists(const char *path, icecat_error *err)
{
    return ic_fail(err, ICECAT_E_FILE,
                   "the journal %s exists already: another submission of this batch is running, or "
                   "one was killed and can be resumed from it",
                   path);
}

icecat_status ic_journal_open(ic_journal *journal, const char *path, icecat_error *err)
{
    icecat_status status;
    struct stat there;

    if (lstat(path, &there) == 0)
        return fail_exists(path, err);
    journal->path = ic_mem_dup(NULL, path);
    journal->beside = ic_mem_alloc(NULL, strlen(path) + BESIDE_SIZE);
    if (journal->path == NULL || journal->beside == NULL) {
        ic_journal_close(journal);
        return ic_fail_memory(err, "the journal's name");
    }
    journal->fd = ic_file_create_beside(path, journal->beside, strlen(path) + BESIDE_SIZE);
    if (journal->fd < 0) {
        status = fail_errno(err, "create", path, errno);
        ic_journal_close(journal);
        return status;
    }
    lock(journal->fd);
    journal->is_deferred = 1; /* until it has its place, it is nobody's */
    status = ic_journal_add(journal, IC_JOURNAL_HEAD, strlen(IC_JOURNAL_HEAD), err);
    if (status != ICECAT_OK)
        ic_journal_remove(journal);
    return status;
}

/* A link fails when the name is taken; where there are no links, a look before has to do. */
static int take_name(const char *beside, const char *path)
{
    struct stat there;

    if (link(beside, path) == 0)
        return unlink(beside) == 0;
    if (errno == EEXIST)
        return 0;
    if (lstat(path, &there) == 0) {
        errno = EEXIST;
        return 0;
    }
    return rename(beside, path) == 0;
}

icecat_status ic_journal_place(ic_journal *journal, icecat_error *err)
{
    icecat_status status = ic_journal_sync(journal, err);

    if (status != ICECAT_OK)
        return status;
    if (!take_name(journal->beside, journal->path))
        return errno == EEXIST ? fail_exists(journal->path, err)
                               : fail_errno(err, "create", journal->path, errno);
    ic_mem_free(NULL, journal->beside);
    journal->beside = NULL;
    journal->is_deferred = 0;
    ic_file_sync_directory(journal->path);
    return ICECAT_OK;
}

/* ---- go on ------------------------------------------------------------------------------- */

static icecat_status check_alone(const ic_journal *journal, size_t size, icecat_error *err)
{
    struct stat info;

    if (lock(journal->fd) && fstat(journal->fd, &info) == 0 && (uint64_t)info.st_size == size)
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_FILE, "the journal %s is being written by another program",
                   journal->path);
}

icecat_status ic_journal_resume(ic_journal *journal, const char *path, size_t size, size_t whole,
                                icecat_error *err)
{
    icecat_status status;

    journal->path = ic_mem_dup(NULL, path);
    if (journal->path == NULL)
        return ic_fail_memory(err, "the journal's name");
    journal->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
    status = journal->fd < 0 ? fail_errno(err, "open", path, errno)
                             : check_alone(journal, size, err);
    if (status == ICECAT_OK && whole < size && ftruncate(journal->fd, (off_t)whole) != 0)
        status = fail_errno(err, "write", path, errno);
    journal->len = (int64_t)whole;
    if (status != ICECAT_OK)
        ic_journal_close(journal);
    return status;
}

/* ---- end --------------------------------------------------------------------------------- */

void ic_journal_close(ic_journal *journal)
{
    if (journal->fd >= 0)
        close(journal->fd);
    ic_mem_free(NULL, journal->path);
    ic_mem_free(NULL, journal->beside);
    ic_journal_init(journal);
}

void ic_journal_remove(ic_journal *journal)
{
    const char *name = journal->beside != NULL ? journal->beside : journal->path;
    struct stat mine;
    struct stat there;

    if (journal->fd >= 0 && fstat(journal->fd, &mine) == 0 && stat(name, &there) == 0 &&
        mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
        unlink(name);
    ic_journal_close(journal);
}

int ic_journal_recognise(const char *data, size_t len)
{
    size_t head = strlen(IC_JOURNAL_HEAD);

    return memcmp(data, IC_JOURNAL_HEAD, len < head ? len : head) == 0;
}
