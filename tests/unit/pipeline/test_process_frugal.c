/*
 * test_process_frugal.c - what process asks of the services, and what it must not ask.
 *
 * "b21" and the like are the numbers of the predecessor's faults in docs/migration.md.
 */
#include "../image/build.h"
#include "cmocka_all.h"
#include "process_fixture.h"
#include "scarce.h"

#include <stdlib.h>
#include <string.h>

/* B21: three HeadBucket for every image, outside of what was retried. */
static void b21_no_request_asks_whether_a_bucket_is_there(void **state)
{
    fixture *f = fixture_with(KEY);

    (void)state;
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_string_equal(f->aws.trace,
                        "GetObject PutItem DetectLabels CopyObject UpdateItem DeleteObject ");
    fixture_drop(f);
}

/* B22: the image's bytes went through the function, which bounds it to 5 MB and costs memory. */
static void b22_rekognition_gets_the_place_of_six_megabytes(void **state)
{
    enum { SIZE = 6 << 20 };
    fixture *f = fixture_with(KEY);
    fake_object *object = fake_aws_find(&f->aws, SRC, KEY);
    unsigned char *large = calloc(1, SIZE);

    (void)state;
    assert_non_null(large);
    memcpy(large, object->data, object->len);
    fake_aws_put(&f->aws, SRC, KEY, large, SIZE, "large.png");
    assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
    assert_non_null(strstr(f->aws.detect_request, "\"S3Object\""));
    assert_null(strstr(f->aws.detect_request, "\"Bytes\""));
    fixture_assert_settled(f, KEY, "success", DST);
    free(large);
    fixture_drop(f);
}

/* B23: pictures below 80 pixels or above 10,000 were sent, to be refused. */
static void b23_a_picture_outside_the_limits_is_never_sent(void **state)
{
    static const uint32_t sizes[][2] = { { 1, 1 }, { 79, 200 }, { 200, 79 }, { 10001, 80 } };

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        fixture *f = fixture_with(NULL);
        bytes png = { NULL, 0 };

        png_whole(&png, sizes[i][0], sizes[i][1], 2);
        fake_aws_put(&f->aws, SRC, KEY, png.data, png.len, "x.png");
        bytes_free(&png);
        assert_int_equal(fixture_process(f, KEY), ICECAT_OK);
        assert_int_equal(f->result.action, ICECAT_PROCESSED_REFUSED);
        assert_int_equal(fake_aws_count(&f->aws, "DetectLabels"), 0);
        fixture_assert_settled(f, KEY, "fail", BAD);
        fixture_drop(f);
    }
}

/* B30: log lines of every image stayed in memory. */
static void b30_memory_does_not_grow_with_the_images(void **state)
{
    scarce memory = { .left = SIZE_MAX };
    icecat_allocator allocator = scarce_allocator(&memory);
    size_t after_first = 0;
    fixture f;

    (void)state;
    fixture_open(&f, &allocator);
    for (unsigned i = 0; i < 50; i++) {
        fixture_upload(&f, i % 2 == 0 ? KEY_DEBUG : KEY, 100);
        f.aws.trace[0] = '\0';
        assert_int_equal(fixture_process(&f, i % 2 == 0 ? KEY_DEBUG : KEY), ICECAT_OK);
        if (i == 1)
            after_first = memory.live;
    }
    assert_int_equal(memory.live, after_first);
    fixture_close(&f);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(b21_no_request_asks_whether_a_bucket_is_there),
        cmocka_unit_test(b22_rekognition_gets_the_place_of_six_megabytes),
        cmocka_unit_test(b23_a_picture_outside_the_limits_is_never_sent),
        cmocka_unit_test(b30_memory_does_not_grow_with_the_images),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
