/*
 * process_fixture.c - a pipeline on a fake AWS with one uploaded picture.
 */
#include "process_fixture.h"

#include "../image/build.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fixture_open(fixture *f, const icecat_allocator *allocator)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;

    memset(f, 0, sizeof(*f));
    fake_aws_init(&f->aws);
    f->client = fake_aws_client(&f->aws, allocator);
    assert_non_null(f->client);
    options.bucket_source = SRC;
    options.bucket_dest = DST;
    options.bucket_fail = BAD;
    options.table = "ice-table";
    assert_int_equal(icecat_pipeline_new(f->client, &options, &f->pipeline, NULL), ICECAT_OK);
}

fixture *fixture_with(const char *key)
{
    fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    fixture_open(f, NULL);
    if (key != NULL)
        fixture_upload(f, key, 100);
    return f;
}

void fixture_drop(fixture *f)
{
    fixture_close(f);
    free(f);
}

void fixture_fail(fixture *f, const char *operation, int status, const char *body)
{
    f->aws.failing = operation;
    f->aws.fail_status = status;
    f->aws.fail_body = body;
}

void fixture_old_item(fixture *f, const char *more)
{
    char json[2048];

    snprintf(json, sizeof(json),
             "{\"batch_id\":{\"N\":\"1744377772123456\"},\"img_fprint\":{\"S\":\"" FINGERPRINT
             "\"},%s}",
             more);
    fake_aws_put_item(&f->aws, json);
    f->aws.writes = 0;
}

void fixture_close(fixture *f)
{
    icecat_pipeline_free(f->pipeline);
    icecat_client_free(f->client);
    fake_aws_free(&f->aws);
}

void fixture_upload(fixture *f, const char *key, uint32_t side)
{
    bytes png = { NULL, 0 };

    png_whole(&png, side, side, 2);
    fake_aws_put(&f->aws, SRC, key, png.data, png.len, "Gr%C3%BC%C3%9Fe%20%2B%20Katze.png");
    bytes_free(&png);
}

icecat_status fixture_process(fixture *f, const char *key)
{
    icecat_process_result_init(&f->result, sizeof(f->result));
    return icecat_pipeline_process(f->pipeline, SRC, key, NULL, &f->result, &f->error);
}

const char *fixture_attribute(const fixture *f, const char *name)
{
    assert_int_equal(cJSON_GetArraySize(f->aws.items), 1);
    return fake_aws_attribute(&f->aws, 0, name);
}

void fixture_assert_settled(fixture *f, const char *key, const char *state, const char *bucket)
{
    char place[400];

    snprintf(place, sizeof(place), "%s/%s", bucket, key);
    assert_string_equal(fixture_attribute(f, "op_status"), state);
    assert_string_equal(fixture_attribute(f, "s3img_key"), place);
    assert_int_equal(fake_aws_copies(&f->aws, key), 1);
    assert_non_null(fake_aws_find(&f->aws, bucket, key));
}
