/*
 * test_reads.c - how much of a file a check reads: its head and its end, no byte of the pixels, and
 * little more than it needs. pread() is the only way by which the library reads files here; the linker
 * replaces it.
 */
#include "check.h"
#include "manifest.h"
#include "samples.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

#define HEAD 4096u
#define JUMP 1024u

static struct {
    size_t reads;
    uint64_t bytes;
} seen;

ssize_t __real_pread(int fd, void *out, size_t len, off_t at);
ssize_t __wrap_pread(int fd, void *out, size_t len, off_t at);

ssize_t __wrap_pread(int fd, void *out, size_t len, off_t at)
{
    ssize_t got = __real_pread(fd, out, len, at);

    seen.reads++;
    if (got > 0)
        seen.bytes += (uint64_t)got;
    return got;
}

static icecat_status probe_path(const char *path, uint32_t check_crc)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;

    memset(&seen, 0, sizeof(seen));
    options.profile = ICECAT_PROFILE_ANY;
    options.check_crc = check_crc;
    return icecat_image_probe_file(path, &options, &info, NULL);
}

static icecat_status probe_bytes(const bytes *b, uint32_t check_crc)
{
    const char *path = write_temporary("", b->data, b->len);
    icecat_status status = probe_path(path, check_crc);

    unlink(path);
    return status;
}

static void assert_reads(size_t reads, uint64_t len)
{
    assert_int_equal(seen.reads, reads);
    assert_int_equal(seen.bytes, len);
}

static void a_small_file_is_read_once(void **state)
{
    bytes b = { 0 };

    (void)state;
    png_whole(&b, 30, 30, 2);
    assert_true(b.len < HEAD);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_OK);
    assert_reads(1, b.len);
    bytes_free(&b);
    jpeg_whole(&b, 96, 96, 1, 0);
    assert_true(b.len < HEAD);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_OK);
    assert_reads(1, b.len);
    bytes_free(&b);
}

static void of_a_large_file_only_head_and_end_are_read(void **state)
{
    bytes b = { 0 };

    (void)state;
    png_whole(&b, 600, 600, 2);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_OK);
    assert_reads(2, HEAD + 12);
    assert_int_equal(probe_bytes(&b, 1), ICECAT_OK); /* all, on request, and once */
    assert_int_equal(seen.bytes, b.len);
    bytes_free(&b);
    jpeg_whole(&b, 900, 900, 3, 0);
    assert_true(b.len > 2 * HEAD);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_OK);
    assert_reads(2, HEAD + 2);
    bytes_free(&b);
}

static void a_large_segment_is_stepped_over(void **state)
{
    bytes b = { 0 };

    (void)state;
    jpeg_whole(&b, 96, 96, 3, 0);
    for (int i = 0; i < 16; i++) /* a megabyte of colour profile */
        jpeg_segment(&b, 0xe2, NULL, 65533);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_OK);
    assert_in_range(seen.reads, 2, 19);
    assert_in_range(seen.bytes, 1, 3 * HEAD + 16 * JUMP);
    bytes_free(&b);

    jpeg_whole(&b, 900, 900, 3, 0);
    for (int i = 0; i < 2; i++)
        jpeg_segment(&b, 0xe2, NULL, 65533);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_OK);
    assert_reads(4,
                 HEAD + 2 * JUMP + 2); /* two segments are stepped over; the rest is read at once */
    bytes_free(&b);

    png_head(&b, 9, 9, 8, 2, 0);
    {
        uint8_t *text = calloc(1, 200000);

        assert_non_null(text);
        png_chunk(&b, "tEXt", text, 200000);
        free(text);
    }
    png_pixels(&b, 9, 9, 24);
    png_chunk(&b, "IEND", NULL, 0);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_OK);
    assert_in_range(seen.bytes, 1, HEAD + JUMP);
    bytes_free(&b);
}

static void what_is_refused_at_once_is_not_read_on(void **state)
{
    bytes b = { 0 };

    (void)state;
    bytes_add(&b, "RIFF\0\0\1\0WEBPVP8 ", 16);
    bytes_add_zeros(&b, 100000);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_E_IMAGE_FORMAT);
    assert_reads(1, HEAD);
    bytes_free(&b);

    png_whole(&b, 300, 300, 2);
    memcpy(b.data + 33, "\x7f\xff\xff\xff", 4);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_E_IMAGE_CORRUPT);
    assert_reads(1, HEAD);
    bytes_free(&b);
}

/* Only where the end is not at the end is more read, and then at most 64 kB and 32 MB. */
static void the_end_is_looked_for_in_reason(void **state)
{
    bytes b = { 0 };

    (void)state;
    jpeg_whole(&b, 96, 96, 3, 0);
    bytes_add_zeros(&b, 30000);
    assert_int_equal(probe_bytes(&b, 0), ICECAT_OK);
    assert_in_range(seen.bytes, 1, b.len + HEAD);
    bytes_free(&b);
}

static void no_file_of_the_corpus_is_read_in_vain(void **state)
{
    manifest *list = manifest_open();
    manifest_row row;
    int sound_reads = 0, sound = 0;

    (void)state;
    if (list == NULL)
        skip();
    while (manifest_next(list, &row)) {
        icecat_status status = probe_path(row.file, 0);
        struct stat st;

        assert_int_equal(stat(row.file, &st), 0);
        /* Only a search for a missing end comes back to what was read for the header. */
        assert_in_range(seen.bytes, 0, (uint64_t)st.st_size + HEAD);
        if (status == ICECAT_OK) {
            sound++;
            sound_reads += (int)seen.reads;
        }
    }
    manifest_close(list);
    print_message("%d sound files, %d reads\n", sound, sound_reads);
    assert_in_range(sound_reads, sound, 2 * sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_file_is_read_once),
        cmocka_unit_test(of_a_large_file_only_head_and_end_are_read),
        cmocka_unit_test(a_large_segment_is_stepped_over),
        cmocka_unit_test(what_is_refused_at_once_is_not_read_on),
        cmocka_unit_test(the_end_is_looked_for_in_reason),
        cmocka_unit_test(no_file_of_the_corpus_is_read_in_vain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
