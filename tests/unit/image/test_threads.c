/*
 * test_threads.c - many threads ask about the same images at once, in all three forms, and each gets the
 * answer that one thread alone gets. The thread sanitizer watches, when it is built in.
 */
#include "check.h"
#include "samples.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

#define THREADS 8
#define ROUNDS  50

/* Read by all threads, written by none. */
struct sample {
    bytes b;
    char path[128];
    icecat_status status;
    icecat_image_info info;
};

static int is_answer(const struct sample *sample, icecat_status status,
                     const icecat_image_info *info)
{
    return status == sample->status && memcmp(info, &sample->info, sizeof(*info)) == 0;
}

static icecat_status ask_stream(const struct sample *sample, const icecat_image_options *options,
                                icecat_image_info *info)
{
    icecat_image_stream *stream = NULL;
    icecat_status status = icecat_image_stream_new(options, &stream, NULL);

    if (status == ICECAT_OK)
        status = icecat_image_stream_feed(stream, sample->b.data, sample->b.len, NULL, NULL);
    if (status == ICECAT_OK)
        status = icecat_image_stream_finish(stream, 1, info, NULL);
    icecat_image_stream_free(stream);
    return status;
}

/* NULL when every answer was right. */
static void *ask_all(void *userdata)
{
    const struct sample *samples = userdata;
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;

    options.profile = ICECAT_PROFILE_ANY;
    for (int round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
            const struct sample *sample = &samples[i];
            icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
            icecat_status status;

            status = icecat_image_probe(sample->b.data, sample->b.len, &options, &info, NULL);
            if (!is_answer(sample, status, &info))
                return userdata;
            status = icecat_image_probe_file(sample->path, &options, &info, NULL);
            if (!is_answer(sample, status, &info))
                return userdata;
            status = ask_stream(sample, &options, &info);
            if (!is_answer(sample, status, &info))
                return userdata;
        }
    }
    return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
    struct sample samples[SAMPLE_COUNT] = { 0 };
    pthread_t threads[THREADS];
    icecat_error err;

    (void)state;
    for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
        sample_make(i, &samples[i].b);
        strcpy(samples[i].path, write_temporary("", samples[i].b.data, samples[i].b.len));
        samples[i].status = probe_any(&samples[i].b, &samples[i].info, &err);
    }
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_all, samples), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        void *wrong;

        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
        unlink(samples[i].path);
        bytes_free(&samples[i].b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(threads_do_not_disturb_each_other) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
