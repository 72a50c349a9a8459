/*
 * batch_journal.c - the append-only file that keeps a running submission's records.
 */
#include "pipeline/batch_journal.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void ic_journal_init(ic_journal *journal)
{
    journal->fd = -1;
    journal->path = NULL;
    journal->len = 0;
}

static icecat_status fail_errno(icecat_error *err, const char *verb, const char *path, int code)
{
    return ic_fail(err, ICECAT_E_FILE, "cannot %s the journal %s: %s", verb, path, strerror(code));
}

icecat_status ic_journal_add(ic_journal *journal, const char *line, size_t len, icecat_error *err)
{
    int code;

    if (journal->fd < 0)
        return ICECAT_OK;
    if (!ic_file_write_all(journal->fd, line, len) || fdatasync(journal->fd) != 0) {
        code = errno;
        /* Half a line in the middle of the file would spoil it, should a later one succeed. */
        if (ftruncate(journal->fd, (off_t)journal->len) != 0)
            ic_journal_close(journal);
        return fail_errno(err, "write", journal->path != NULL ? journal->path : "of the batch",
                          code);
    }
    journal->len += (int64_t)len;
    return ICECAT_OK;
}

icecat_status ic_journal_open(ic_journal *journal, const char *path, icecat_error *err)
{
    icecat_status status;

    journal->path = ic_mem_dup(NULL, path);
    if (journal->path == NULL)
        return ic_fail_memory(err, "the journal's name");
    journal->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
    if (journal->fd < 0) {
        status = errno == EEXIST
                     ? ic_fail(err, ICECAT_E_FILE,
                               "the journal %s exists already: another submission of this batch is "
                               "running, or one was killed and can be resumed from it",
                               path)
                     : fail_errno(err, "create", path, errno);
        ic_journal_close(journal);
        return status;
    }
    ic_file_sync_directory(path);
    status = ic_journal_add(journal, IC_JOURNAL_HEAD, strlen(IC_JOURNAL_HEAD), err);
    if (status != ICECAT_OK)
        ic_journal_remove(journal);
    return status;
}

void ic_journal_close(ic_journal *journal)
{
    if (journal->fd >= 0)
        close(journal->fd);
    ic_mem_free(NULL, journal->path);
    ic_journal_init(journal);
}

void ic_journal_remove(ic_journal *journal)
{
    struct stat mine;
    struct stat there;

    if (journal->fd >= 0 && fstat(journal->fd, &mine) == 0 && stat(journal->path, &there) == 0 &&
        mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
        unlink(journal->path);
    ic_journal_close(journal);
}

int ic_journal_recognise(const char *data, size_t len)
{
    size_t head = strlen(IC_JOURNAL_HEAD);

    return memcmp(data, IC_JOURNAL_HEAD, len < head ? len : head) == 0;
}
