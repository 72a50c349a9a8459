/*
 * test_file.c - read files whole, and replace them whole.
 */
#include "base/error.h"
#include "base/file.h"
#include "cmocka_all.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- how a file is made ------------------------------------------------------------------ */

static mode_t first_mode;
static int first_flags;

/*
 * Stands before the C library's, also for the library: a new file must never have been open to more
 * people than the old one, not even until its mode is set.
 */
int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list more;

    va_start(more, flags);
    if ((flags & O_CREAT) != 0) {
        mode = (mode_t)va_arg(more, int);
        first_mode = mode;
        first_flags = flags;
    }
    va_end(more);
    return openat(AT_FDCWD, path, flags, mode);
}

typedef struct folder {
    char name[64];
    char path[96];
} folder;

static int set_up(void **state)
{
    folder *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    snprintf(f->name, sizeof(f->name), "/tmp/icecat-file-XXXXXX");
    assert_non_null(mkdtemp(f->name));
    snprintf(f->path, sizeof(f->path), "%s/a.json", f->name);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    folder *f = *state;

    unlink(f->path);
    assert_int_equal(rmdir(f->name), 0); /* and nothing else was left in it */
    free(f);
    return 0;
}

static mode_t mode_of(const char *path)
{
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 07777;
}

static void check_text(const char *path, const char *expected)
{
    ic_buf text;

    ic_buf_init(&text, NULL, 100);
    assert_int_equal(ic_file_read(path, 100, &text, NULL), ICECAT_OK);
    assert_string_equal(ic_buf_text(&text), expected);
    ic_buf_free(&text);
}

static void a_new_file_gets_what_the_umask_leaves(void **state)
{
    const folder *f = *state;
    mode_t before = umask(077);

    assert_int_equal(ic_file_replace(f->path, "one", 3, NULL), ICECAT_OK);
    umask(022);
    assert_int_equal(mode_of(f->path), 0600);
    unlink(f->path);
    assert_int_equal(ic_file_replace(f->path, "one", 3, NULL), ICECAT_OK);
    umask(before);
    assert_int_equal(mode_of(f->path), 0644);
    check_text(f->path, "one");
}

static void a_replaced_file_keeps_its_mode(void **state)
{
    const folder *f = *state;
    mode_t before = umask(022);

    assert_int_equal(ic_file_replace(f->path, "one", 3, NULL), ICECAT_OK);
    assert_int_equal(chmod(f->path, 0640), 0);
    assert_int_equal(ic_file_replace(f->path, "", 0, NULL), ICECAT_OK);
    umask(before);
    assert_int_equal(mode_of(f->path), 0640);
    check_text(f->path, "");
}

static void a_file_that_cannot_be_written_leaves_nothing(void **state)
{
    const folder *f = *state;
    char path[160];
    char long_path[5000];
    icecat_error err;

    snprintf(path, sizeof(path), "%s/none/a.json", f->name);
    assert_int_equal(ic_file_replace(path, "x", 1, &err), ICECAT_E_FILE);
    assert_non_null(strstr(err.message, "none/a.json"));
    assert_int_equal(ic_file_replace(f->name, "x", 1, &err), ICECAT_E_FILE); /* a folder */
    memset(long_path, 'a', sizeof(long_path) - 1);
    long_path[sizeof(long_path) - 1] = '\0';
    assert_int_equal(ic_file_replace(long_path, "x", 1, &err), ICECAT_E_FILE);
}

static void a_full_disk_leaves_the_old_file_as_it_was(void **state)
{
    static char large[100000];
    const folder *f = *state;
    struct rlimit before;
    struct rlimit small;
    icecat_error err;

    assert_int_equal(ic_file_replace(f->path, "one", 3, NULL), ICECAT_OK);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 4096;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(ic_file_replace(f->path, large, sizeof(large), &err), ICECAT_E_FILE);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_non_null(strstr(err.message, "cannot write"));
    check_text(f->path, "one");
}

static void a_private_file_is_replaced_by_one_that_was_never_public(void **state)
{
    const folder *f = *state;
    mode_t mask = umask(0);
    struct stat info;

    assert_int_equal(ic_file_replace(f->path, "one", 3, NULL), ICECAT_OK);
    assert_int_equal(first_mode, 0666);
    assert_int_equal(first_flags & (O_EXCL | O_CLOEXEC), O_EXCL | O_CLOEXEC);
    assert_int_equal(chmod(f->path, 0600), 0);
    assert_int_equal(ic_file_replace(f->path, "two", 3, NULL), ICECAT_OK);
    assert_int_equal(first_mode, 0600);
    assert_int_equal(stat(f->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    umask(mask);
}

static void only_regular_files_inside_the_limit_are_read(void **state)
{
    const folder *f = *state;
    icecat_error err;
    ic_buf text;

    ic_buf_init(&text, NULL, 100);
    assert_int_equal(ic_file_read(f->path, 100, &text, &err), ICECAT_E_FILE);
    assert_int_equal(ic_file_read(f->name, 100, &text, &err), ICECAT_E_FILE);
    assert_non_null(strstr(err.message, "not a regular file"));
    assert_int_equal(mkfifo(f->path, 0600), 0);
    assert_int_equal(ic_file_read(f->path, 100, &text, &err), ICECAT_E_FILE);
    unlink(f->path);
    assert_int_equal(ic_file_replace(f->path, "12345", 5, NULL), ICECAT_OK);
    assert_int_equal(ic_file_read(f->path, 4, &text, &err), ICECAT_E_LIMIT);
    assert_int_equal(text.len, 0);
    ic_buf_free(&text);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_file_gets_what_the_umask_leaves),
        TEST(a_replaced_file_keeps_its_mode),
        TEST(a_file_that_cannot_be_written_leaves_nothing),
        TEST(a_full_disk_leaves_the_old_file_as_it_was),
        TEST(a_private_file_is_replaced_by_one_that_was_never_public),
        TEST(only_regular_files_inside_the_limit_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
