/*
 * test_batch_memory.c - every allocation, and every system call that writes, of a batch's life fails once:
 * the failure is told, what was told to be written can be read, and nothing is left lying about.
 */
#include "batch_sample.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define RECORDS 3

/* ---- faults ------------------------------------------------------------------------------ */

typedef enum kind { NOTHING, MEMORY, SYSTEM } kind;

static struct {
    kind kind;
    size_t left; /* calls of that kind that still succeed */
    int code;    /* errno of the one that does not */
    int came;
} fault;

static int fails(kind which)
{
    if (fault.kind != which || fault.came || fault.left-- != 0)
        return 0;
    fault.came = 1;
    errno = fault.code;
    return 1;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_realloc(void *data, size_t size);
void *__wrap_realloc(void *data, size_t size);
ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_ftruncate(int fd, off_t len);
int __wrap_ftruncate(int fd, off_t len);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

void *__wrap_malloc(size_t size)
{
    return fails(MEMORY) ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *data, size_t size)
{
    return fails(MEMORY) ? NULL : __real_realloc(data, size);
}

/* Half of it arrives before the disk is full. */
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
    if (!fails(SYSTEM))
        return __real_write(fd, data, len);
    if (len > 1)
        assert_int_equal(__real_write(fd, data, len / 2), len / 2);
    errno = fault.code;
    return -1;
}

int __wrap_fsync(int fd)
{
    return fails(SYSTEM) ? -1 : __real_fsync(fd);
}

int __wrap_fdatasync(int fd)
{
    return fails(SYSTEM) ? -1 : __real_fdatasync(fd);
}

int __wrap_link(const char *from, const char *to)
{
    return fails(SYSTEM) ? -1 : __real_link(from, to);
}

int __wrap_rename(const char *from, const char *to)
{
    return fails(SYSTEM) ? -1 : __real_rename(from, to);
}

int __wrap_ftruncate(int fd, off_t len)
{
    return fails(SYSTEM) ? -1 : __real_ftruncate(fd, len);
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list more;
    mode_t mode = 0;

    va_start(more, flags);
    if ((flags & O_CREAT) != 0)
        mode = va_arg(more, mode_t);
    va_end(more);
    return fails(SYSTEM) ? -1 : __real_open(path, flags, mode);
}

/* ---- a batch's life ---------------------------------------------------------------------- */

static icecat_status add(icecat_batch *batch, size_t number, size_t *told, icecat_error *err)
{
    icecat_batch_record record = sample_record("k\xc3\xa4tzchen.png");
    icecat_status status;

    record.position = RECORDS - number;
    record.path = "pets/a.png";
    status = icecat_batch_add(batch, &record, err);
    *told += status == ICECAT_OK;
    return status;
}

/* What ran before it was killed: a note, and two records in a journal. */
static icecat_status begin(const scratch *s, size_t *told, icecat_error *err)
{
    icecat_batch *batch = icecat_batch_new();
    icecat_status status = ICECAT_E_NO_MEMORY;

    err->status = ICECAT_E_NO_MEMORY; /* icecat_batch_new() has no other way to say it */
    if (batch != NULL)
        status = icecat_batch_note(batch, "what is to be done", err);
    if (status == ICECAT_OK)
        status = icecat_batch_journal(batch, s->journal, err);
    if (status == ICECAT_OK)
        status = add(batch, 0, told, err);
    if (status == ICECAT_OK)
        icecat_batch_defer(batch);
    if (status == ICECAT_OK)
        status = add(batch, 1, told, err);
    if (status == ICECAT_OK)
        status = icecat_batch_sync(batch, err);
    icecat_batch_free(batch);
    return status;
}

static icecat_status go_on(const scratch *s, size_t *told, icecat_error *err)
{
    icecat_batch *batch = NULL;
    icecat_status status = icecat_batch_resume(s->journal, &batch, err);

    if (status == ICECAT_OK)
        status = icecat_batch_note(batch, "go on", err);
    if (status == ICECAT_OK)
        status = add(batch, 2, told, err);
    if (status == ICECAT_OK)
        status = icecat_batch_save(batch, s->file, err);
    icecat_batch_free(batch);
    return status;
}

static icecat_status live(const scratch *s, size_t *told, icecat_error *err)
{
    icecat_batch *batch = NULL;
    icecat_status status = begin(s, told, err);

    if (status == ICECAT_OK) { /* as a dying machine leaves it */
        FILE *journal = fopen(s->journal, "ab");

        fputs("{\"client_id\":\"to", journal);
        fclose(journal);
        status = go_on(s, told, err);
    }
    if (status == ICECAT_OK)
        status = icecat_batch_load(s->file, &batch, err);
    icecat_batch_free(batch);
    return status;
}

/* ---- what must be so, whatever failed ---------------------------------------------------- */

static size_t count_in(const char *path)
{
    icecat_batch *batch = NULL;
    icecat_error err;
    size_t count;

    if (access(path, F_OK) != 0)
        return 0;
    if (icecat_batch_load(path, &batch, &err) != ICECAT_OK)
        fail_msg("%s", err.message);
    count = icecat_batch_count(batch);
    icecat_batch_free(batch);
    return count;
}

static size_t count_files(const char *directory)
{
    DIR *entries = opendir(directory);
    const struct dirent *entry;
    size_t count = 0;

    assert_non_null(entries);
    while ((entry = readdir(entries)) != NULL)
        count += entry->d_name[0] != '.';
    closedir(entries);
    return count;
}

/* 1 when the fault came; then the batch is begun anew by the next run. */
static int live_with(const scratch *s, kind which, size_t left, int code)
{
    icecat_error err = { 0 };
    icecat_status status;
    size_t told = 0;
    size_t in_file;
    size_t in_journal;
    int came;

    fault.kind = which;
    fault.left = left;
    fault.code = code;
    fault.came = 0;
    status = live(s, &told, &err);
    came = fault.came;
    fault.kind = NOTHING;

    assert_int_equal(err.status, status);
    assert_true(status == ICECAT_OK ||
                status == (which == MEMORY ? ICECAT_E_NO_MEMORY : ICECAT_E_FILE));
    assert_true(came || status == ICECAT_OK);
    in_file = count_in(s->file);
    in_journal = count_in(s->journal);
    assert_true(in_file == 0 || in_file == RECORDS);
    assert_true(in_file >= told || in_journal >= told);
    assert_true(status != ICECAT_OK || in_file == RECORDS);
    assert_int_equal(count_files(s->directory),
                     (access(s->file, F_OK) == 0) + (access(s->journal, F_OK) == 0));
    unlink(s->file);
    unlink(s->journal);
    return came;
}

static size_t sweep(const scratch *s, kind which, int code)
{
    size_t left = 0;

    while (live_with(s, which, left, code))
        left++;
    return left;
}

static void every_allocation_may_fail(void **state)
{
    assert_in_range(sweep(*state, MEMORY, ENOMEM), 20, 1000);
}

static void every_system_call_may_fail(void **state)
{
    assert_in_range(sweep(*state, SYSTEM, ENOSPC), 15, 100);
    /* Where there are no links, and where somebody was faster. */
    assert_in_range(sweep(*state, SYSTEM, EPERM), 15, 100);
    assert_in_range(sweep(*state, SYSTEM, EEXIST), 15, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(every_system_call_may_fail, scratch_make, scratch_remove),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
