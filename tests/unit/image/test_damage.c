/*
 * test_damage.c - ten images, cut after every byte and changed in every byte of their beginning: all
 * three forms give one answer, nothing is printed, nothing leaks (the sanitizers see that) and
 * nothing hangs (the time limit of the test sees that).
 */
#include "check.h"
#include "samples.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

#define HEADER 1024u

typedef struct answer {
    icecat_status status;
    icecat_image_info info;
    icecat_error err;
} answer;

/* One unlinked file for everything, by the path of its descriptor. */
typedef struct scratch {
    int fd;
    char path[32];
} scratch;

static int scratch_open(void **state)
{
    static scratch file;
    const char *name = write_temporary("", "", 0);

    file.fd = open(name, O_RDWR);
    unlink(name);
    snprintf(file.path, sizeof(file.path), "/dev/fd/%d", file.fd);
    *state = &file;
    return file.fd < 0;
}

static int scratch_close(void **state)
{
    return close(((scratch *)*state)->fd);
}

static int same(const answer *a, const answer *b)
{
    return a->status == b->status && memcmp(&a->info, &b->info, sizeof(a->info)) == 0 &&
           (a->status == ICECAT_OK || strcmp(a->err.message, b->err.message) == 0);
}

static int sound(const answer *a)
{
    return a->status == ICECAT_OK || a->status == ICECAT_E_IMAGE_LIMIT;
}

/* The bytes in memory, in the file (which holds them already) and as streams. 1 when all agree. */
static int all_forms_agree(const scratch *file, const bytes *b)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    size_t small = b->len < 8192 ? 53 : 4093;
    answer memory, other;

    options.profile = ICECAT_PROFILE_ANY;
    memory.status = probe_any(b, &memory.info, &memory.err);
    other.info = (icecat_image_info)ICECAT_IMAGE_INFO_INIT;
    other.status = icecat_image_probe_file(file->path, &options, &other.info, &other.err);
    if (!same(&memory, &other))
        return 0;
    other.status = probe_stream(b->data, b->len, small, 1, &options, &other.info, &other.err);
    if (!same(&memory, &other))
        return 0;
    other.status = probe_stream(b->data, b->len, 7 * small, 0, &options, &other.info, &other.err);
    return sound(&memory) ? same(&memory, &other) : !sound(&other);
}

static void put(const scratch *file, const bytes *b)
{
    if (ftruncate(file->fd, 0) != 0 || pwrite(file->fd, b->data, b->len, 0) != (ssize_t)b->len)
        abort();
}

/* A damage goes on until the forms disagree; then it says where. "" is good. */
typedef struct finding {
    char text[160];
} finding;

static void cut_everywhere(const scratch *file, bytes *b, finding *found)
{
    size_t whole = b->len;

    put(file, b);
    for (size_t len = whole < HEADER ? whole : HEADER; len > 0 && found->text[0] == '\0'; len--) {
        b->len = len - 1;
        if (ftruncate(file->fd, (off_t)b->len) != 0 || !all_forms_agree(file, b))
            snprintf(found->text, sizeof(found->text), "cut after %zu bytes", b->len);
    }
    b->len = whole;
}

static void change_everywhere(const scratch *file, bytes *b, finding *found)
{
    put(file, b);
    for (size_t at = 0; at < HEADER && at < b->len && found->text[0] == '\0'; at++) {
        uint8_t was = b->data[at];
        /* Each bit, and the values that mean something to either format. */
        uint8_t values[] = { was ^ 1,  was ^ 2,  was ^ 4,   was ^ 8, was ^ 16,
                             was ^ 32, was ^ 64, was ^ 128, 0,       0xff };

        for (size_t i = 0; i < sizeof(values); i++) {
            b->data[at] = values[i];
            if (pwrite(file->fd, &values[i], 1, (off_t)at) != 1 || !all_forms_agree(file, b))
                snprintf(found->text, sizeof(found->text), "%02x at byte %zu", values[i], at);
        }
        b->data[at] = was;
        if (pwrite(file->fd, &was, 1, (off_t)at) != 1)
            abort();
    }
}

/* Both streams go into a file while @p damage runs; it has to stay empty. */
static void quietly(void **state, void (*damage)(const scratch *, bytes *, finding *))
{
    const scratch *file = *state;
    FILE *printed = tmpfile();
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    struct stat st;

    assert_non_null(printed);
    for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
        finding found = { "" };
        bytes b = { 0 };
        const char *name = sample_make(i, &b);

        fflush(NULL);
        dup2(fileno(printed), STDOUT_FILENO);
        dup2(fileno(printed), STDERR_FILENO);
        damage(file, &b, &found);
        fflush(NULL);
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        if (found.text[0] != '\0')
            fail_msg("%s, %s: the forms do not agree", name, found.text);
        assert_int_equal(fstat(fileno(printed), &st), 0);
        assert_int_equal(st.st_size, 0);
        bytes_free(&b);
    }
    close(out);
    close(err);
    fclose(printed);
}

static void a_cut_image_gets_one_answer(void **state)
{
    quietly(state, cut_everywhere);
}

static void a_changed_byte_gets_one_answer(void **state)
{
    quietly(state, change_everywhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_image_gets_one_answer),
        cmocka_unit_test(a_changed_byte_gets_one_answer),
    };

    return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
