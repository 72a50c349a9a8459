/*
 * test_submit_memory.c - every allocation of a submission fails once: the right status, and no leak (the
 * sanitizer tells).
 */
#include "cmocka_all.h"
#include "submit_fixture.h"

#include <stdlib.h>
#include <string.h>

typedef struct tap {
    size_t left; /* allocations that still succeed */
    int failed;  /* one was refused */
    int armed;
} tap;

/* 1 when this allocation is the one that fails. */
static int runs_dry(tap *own)
{
    if (!own->armed || own->left-- != 0)
        return 0;
    own->armed = 0; /* only this one */
    own->failed = 1;
    return 1;
}

static void *tap_alloc(size_t size, void *userdata)
{
    return runs_dry(userdata) ? NULL : malloc(size);
}

static void *tap_realloc(void *data, size_t size, void *userdata)
{
    return runs_dry(userdata) ? NULL : realloc(data, size);
}

static void tap_free(void *data, void *userdata)
{
    (void)userdata;
    free(data);
}

static icecat_allocator allocator_of(tap *own)
{
    icecat_allocator allocator = { tap_alloc, tap_realloc, tap_free, own };

    return allocator;
}

static void check_told(const submit_fixture *fixture, const icecat_submit_counts *counts)
{
    uint64_t by_action[5] = { 0 };

    assert_true(counts->total == fixture->told_count);
    for (size_t i = 0; i < fixture->told_count; i++) {
        const told_image *told = &fixture->told[i];

        assert_in_range(told->submission.action, ICECAT_SUBMITTED, ICECAT_FAILED);
        by_action[told->submission.action]++;
        if (told->submission.action == ICECAT_FAILED && told->error.http_status == 0)
            assert_int_equal(told->error.status, ICECAT_E_NO_MEMORY);
    }
    assert_true(counts->submitted == by_action[ICECAT_SUBMITTED]);
    assert_true(counts->duplicate == by_action[ICECAT_DUPLICATE]);
    assert_true(counts->failed == by_action[ICECAT_FAILED]);
    assert_true(counts->rejected == 0);
}

/* Four images, of which two are equal to the first, whose upload is refused. */
static int submit_with(size_t allocations)
{
    tap own = { allocations, 0, 0 };
    icecat_allocator allocator = allocator_of(&own);
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    submit_fixture fixture;
    icecat_status status;
    icecat_error err;

    fixture_open(&fixture, NULL, &allocator);
    fixture.refuse_name = "0.png";
    fixture_png_file(&fixture, "0.png", 80);
    fixture_png_file(&fixture, "1.png", 80);
    fixture_png_file(&fixture, "2.png", 81);
    fixture_png_file(&fixture, "3.png", 80);
    own.armed = 1;
    status = fixture_submit(&fixture, NULL, &counts, &err);
    own.armed = 0;
    check_told(&fixture, &counts);
    assert_int_equal(err.status, status);
    /* The engine's own memory is taken before a path is asked for. */
    if (counts.total == 0)
        assert_int_equal(status, ICECAT_E_NO_MEMORY);
    else
        assert_int_equal(status, counts.submitted != 0 ? ICECAT_E_PARTIAL : ICECAT_E_ACCESS);
    if (!own.failed) {
        assert_true(counts.submitted == 2 && counts.duplicate == 1 && counts.failed == 1);
    } else if (counts.total != 0) {
        assert_true(counts.total == 4 && counts.submitted != 0);
    }
    fixture_close(&fixture);
    return own.failed;
}

static void a_bulk_submission_survives_every_failed_allocation(void **state)
{
    size_t allocations = 0;

    (void)state;
    while (submit_with(allocations))
        allocations++;
    assert_true(allocations > 40);
}

static void one_image_survives_every_failed_allocation(void **state)
{
    bytes image = fixture_png(80);
    icecat_status status = ICECAT_E_NO_MEMORY;
    size_t allocations;

    (void)state;
    for (allocations = 0; status != ICECAT_OK; allocations++) {
        tap own = { allocations, 0, 0 };
        icecat_allocator allocator = allocator_of(&own);
        submit_fixture fixture;
        char key[256];

        fixture_open(&fixture, NULL, &allocator);
        own.armed = 1;
        status = icecat_pipeline_submit(fixture.pipeline, FIXTURE_BATCH, "a.png", image.data,
                                        image.len, NULL, key, sizeof(key), NULL);
        own.armed = 0;
        if (status != ICECAT_OK) {
            assert_int_equal(status, ICECAT_E_NO_MEMORY);
            assert_string_equal(key, "");
        }
        fixture_close(&fixture);
    }
    assert_true(allocations > 10);
    bytes_free(&image);
}

static void a_pipeline_survives_every_failed_allocation(void **state)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_status status = ICECAT_E_NO_MEMORY;
    size_t allocations;

    (void)state;
    options.bucket_source = "cats-a";
    options.bucket_dest = "cats-b";
    options.bucket_fail = "cats-c";
    options.table = "cats";
    options.client_id = "garden";
    options.label = "Dog";
    for (allocations = 0; status != ICECAT_OK; allocations++) {
        tap own = { allocations, 0, 0 };
        icecat_allocator allocator = allocator_of(&own);
        icecat_client *client = fake_client_new(&allocator, 0);
        icecat_pipeline *pipeline = NULL;

        own.armed = 1;
        status = icecat_pipeline_new(client, &options, &pipeline, NULL);
        if (status != ICECAT_OK) {
            assert_int_equal(status, ICECAT_E_NO_MEMORY);
            assert_null(pipeline);
        }
        icecat_pipeline_free(pipeline);
        icecat_client_free(client);
    }
    assert_int_equal(allocations, 8); /* the struct and seven texts, one of which is the last */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bulk_submission_survives_every_failed_allocation),
        cmocka_unit_test(one_image_survives_every_failed_allocation),
        cmocka_unit_test(a_pipeline_survives_every_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
