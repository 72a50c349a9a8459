/*
 * test_memory.c - what a check of an image costs in memory: at most 256 kB, heap and stack, for any
 * input; every piece is given back on every path, also when an allocation fails.
 */
#include "count_memory.h"
#include "image/walk.h"
#include "manifest.h"
#include "samples.h"

#include <icecat/image.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

#define MOST    262144u
#define NO_LESS ((size_t)-1)

typedef struct question {
    const uint8_t *data;
    size_t len;
    const char *file; /* instead of data */
    uint32_t check_crc;
    int is_stream;
    icecat_status status;
    size_t allowed;
    size_t heap; /* most bytes at once */
    size_t calls;
    long held;
} question;

static icecat_status ask_stream(const question *q, const icecat_image_options *options,
                                icecat_image_info *info, icecat_error *err)
{
    icecat_image_stream *stream = NULL;
    icecat_status status = icecat_image_stream_new(options, &stream, err);

    for (size_t at = 0; status == ICECAT_OK && at < q->len; at += 1000) {
        size_t n = q->len - at < 1000 ? q->len - at : 1000;

        status = icecat_image_stream_feed(stream, q->data + at, n, NULL, err);
    }
    if (status == ICECAT_OK)
        status = icecat_image_stream_finish(stream, 1, info, err);
    icecat_image_stream_free(stream);
    return status;
}

static void ask(void *userdata)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    question *q = userdata;
    icecat_error err;

    options.profile = ICECAT_PROFILE_ANY;
    options.check_crc = q->check_crc;
    count_memory_begin(q->allowed);
    if (q->file != NULL)
        q->status = icecat_image_probe_file(q->file, &options, &info, &err);
    else if (q->is_stream)
        q->status = ask_stream(q, &options, &info, &err);
    else
        q->status = icecat_image_probe(q->data, q->len, &options, &info, &err);
    q->heap = count_memory_end();
    q->calls = count_memory_calls();
    q->held = count_memory_held();
}

/* Heap and stack together stay under the limit, and the heap is empty afterwards. */
static size_t measure(question *q)
{
    size_t stack = count_stack(ask, q);

    assert_int_equal(q->held, 0);
    assert_in_range(q->heap + stack, 1, MOST);
    return q->heap + stack;
}

static size_t measure_bytes(const uint8_t *data, size_t len)
{
    size_t most = 0;

    for (int form = 0; form < 4; form++) {
        question q = { .data = data, .len = len, .allowed = NO_LESS };
        size_t used;

        q.is_stream = form & 1;
        q.check_crc = form >> 1 & 1;
        used = measure(&q);
        if (used > most)
            most = used;
    }
    return most;
}

static void no_image_takes_more_than_256_kb(void **state)
{
    static const uint8_t quant[65] = { 0 };
    bytes b = { 0 };

    (void)state;
    for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
        sample_make(i, &b);
        measure_bytes(b.data, b.len);
        bytes_free(&b);
    }
    /* Chunks and segments that claim much, are much, or are many. */
    png_whole(&b, 9, 9, 2);
    memcpy(b.data + 33, "\x7f\xff\xff\xff", 4);
    measure_bytes(b.data, b.len);
    bytes_free(&b);
    png_head(&b, 0x7fffffff, 0x7fffffff, 16, 6, 1);
    for (int i = 0; i < 70000; i++)
        bytes_add(&b, "\0\0\0\0tEXt\0\0\0\0", 12);
    measure_bytes(b.data, b.len);
    bytes_free(&b);
    jpeg_whole(&b, 96, 96, 4, JPEG_PROGRESSIVE);
    for (int i = 0; i < 300; i++)
        jpeg_segment(&b, 0xe2, NULL, 65533);
    for (int i = 0; i < 1000; i++)
        jpeg_segment(&b, 0xdb, quant, sizeof(quant));
    measure_bytes(b.data, b.len);
    bytes_free(&b);
}

static void no_file_of_the_corpus_takes_more(void **state)
{
    manifest *list = manifest_open();
    manifest_row row;
    size_t most = 0;

    (void)state;
    if (list == NULL)
        skip();
    while (manifest_next(list, &row)) {
        question q = { .file = row.file, .allowed = NO_LESS };
        size_t used = measure(&q);

        if (used > most)
            most = used;
    }
    manifest_close(list);
    print_message("most memory of one check: %zu bytes\n", most);
}

/* Let each allocation fail in turn, until the check needs no more. */
static void starve(question *q)
{
    icecat_status whole;

    q->allowed = NO_LESS;
    ask(q);
    whole = q->status;
    for (q->allowed = 0;; q->allowed++) {
        ask(q);
        assert_int_equal(q->held, 0);
        if (q->calls <= q->allowed)
            break;
        assert_int_equal(q->status, ICECAT_E_NO_MEMORY);
    }
    assert_int_equal(q->status, whole);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
        bytes b = { 0 };
        question q = { 0 };

        sample_make(i, &b);
        q.data = b.data;
        q.len = b.len;
        starve(&q);
        q.is_stream = 1;
        starve(&q);
        bytes_free(&b);
    }
}

/* A walk over the sample that stops before the confirmation. */
static void walk_header(ic_walk *walk, const bytes *b)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    ic_window window = { b->data, 0, b->len };

    options.max_segments = 1000;
    ic_walk_begin(walk, b->len, &options);
    assert_int_equal(ic_walk_run(walk, &window), IC_WALK_HEADER);
}

/* What the walk lets through, the libraries accept; so their refusal is provoked from inside. */
static void a_refusal_of_the_libraries_gives_all_back(void **state)
{
    char text[IC_CONFIRM_TEXT];
    bytes b = { 0 };
    ic_walk walk;
    int agreed;

    (void)state;
    sample_make(1, &b);
    walk_header(&walk, &b);
    walk.as.png.ihdr[25] = 7; /* no such colour type */
    count_memory_begin(NO_LESS);
    agreed = ic_png_confirm(&walk, text);
    assert_in_range(count_memory_end(), 1, MOST);
    assert_int_equal(count_memory_held(), 0);
    assert_int_equal(agreed, 0);
    assert_true(text[0] != '\0');
    bytes_free(&b);

    sample_make(6, &b);
    walk_header(&walk, &b);
    walk.as.jpeg.component[1].sampling = 0x55; /* more than there may be */
    count_memory_begin(NO_LESS);
    agreed = ic_jpeg_confirm(&walk, text);
    assert_in_range(count_memory_end(), 1, MOST);
    assert_int_equal(count_memory_held(), 0);
    assert_int_equal(agreed, 0);
    assert_true(text[0] != '\0');
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_image_takes_more_than_256_kb),
        cmocka_unit_test(no_file_of_the_corpus_takes_more),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_refusal_of_the_libraries_gives_all_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
