/*
 * submit_fixture.c - a pipeline whose network is a script, a folder of images, and what was sent and
 * told.
 */
#include "submit_fixture.h"

#include "base/digest.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const fake_answer good = { 200, ICECAT_OK, "etag: \"0123abcd\"", NULL };
static const fake_answer refused = {
    403, ICECAT_OK, NULL, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
};

static void copy_header(const ic_exchange *exchange, const char *name, char *out, size_t size)
{
    const char *value = ic_pairs_get(exchange->headers, name);

    snprintf(out, size, "%s", value != NULL ? value : "");
}

static void record_put(const ic_exchange *exchange, void *userdata)
{
    submit_fixture *fixture = userdata;
    sent_put *put = &fixture->sent[fixture->sent_count % FIXTURE_MOST];

    fixture->sent_count++;
    snprintf(put->url, sizeof(put->url), "%s", exchange->url);
    copy_header(exchange, "content-type", put->type, sizeof(put->type));
    copy_header(exchange, "x-amz-meta-original-file-name", put->name, sizeof(put->name));
    copy_header(exchange, "x-amz-content-sha256", put->sha256, sizeof(put->sha256));
    ic_sha256_hex(exchange->body, exchange->body_len, put->body_sha256);
    put->body_len = exchange->body_len;
}

static const fake_answer *choose_answer(const ic_exchange *exchange, void *userdata)
{
    const submit_fixture *fixture = userdata;
    const char *name = ic_pairs_get(exchange->headers, "x-amz-meta-original-file-name");

    return fixture->refuse_name != NULL && name != NULL && strcmp(name, fixture->refuse_name) == 0
               ? &refused
               : NULL;
}

void fixture_answers(submit_fixture *fixture, const fake_answer *answers, size_t count)
{
    fixture->fake.answers = answers;
    fixture->fake.answer_count = count;
}

void fixture_open(submit_fixture *fixture, const icecat_pipeline_options *options,
                  const icecat_allocator *allocator)
{
    icecat_pipeline_options plain = ICECAT_PIPELINE_OPTIONS_INIT;

    memset(fixture, 0, sizeof(*fixture));
    plain.bucket_source = "cats-source";
    plain.client_id = "garden";
    fixture->client = fake_client_new(allocator, 0);
    assert_non_null(fixture->client);
    fake_transport_install(&fixture->fake, fixture->client, &good, 1);
    fixture->fake.on_start = record_put;
    fixture->fake.choose = choose_answer;
    fixture->fake.userdata = fixture;
    assert_int_equal(icecat_pipeline_new(fixture->client, options != NULL ? options : &plain,
                                         &fixture->pipeline, NULL),
                     ICECAT_OK);
    strcpy(fixture->folder, "/tmp/icecat-submit-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
}

void fixture_close(submit_fixture *fixture)
{
    for (size_t i = 0; i < fixture->path_count; i++)
        remove(fixture->paths[i]);
    rmdir(fixture->folder);
    icecat_pipeline_free(fixture->pipeline);
    icecat_client_free(fixture->client);
}

bytes fixture_png(uint32_t width)
{
    bytes image = { NULL, 0 };

    png_whole(&image, width, 80, 0);
    return image;
}

bytes fixture_jpeg(uint32_t width)
{
    bytes image = { NULL, 0 };

    jpeg_whole(&image, width, 80, 1, 0);
    return image;
}

const char *fixture_path(submit_fixture *fixture, const char *name)
{
    char *path = fixture->paths[fixture->path_count++];

    assert_true(fixture->path_count <= FIXTURE_MOST);
    snprintf(path, sizeof(fixture->paths[0]), "%s/%s", fixture->folder, name);
    return path;
}

void fixture_file(submit_fixture *fixture, const char *name, const void *data, size_t len)
{
    FILE *file = fopen(fixture_path(fixture, name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

void fixture_png_file(submit_fixture *fixture, const char *name, uint32_t width)
{
    bytes image = fixture_png(width);

    fixture_file(fixture, name, image.data, image.len);
    bytes_free(&image);
}

static int give_path(const char **path, void *userdata)
{
    submit_fixture *fixture = userdata;

    if (fixture->stop_after_given != 0 && fixture->given == fixture->stop_after_given)
        return -1;
    if (fixture->given == fixture->path_count)
        return 0;
    *path = fixture->paths[fixture->given++];
    return 1;
}

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text != NULL ? text : "");
}

static int take_told(const icecat_submission *submission, void *userdata)
{
    submit_fixture *fixture = userdata;
    told_image *told = &fixture->told[fixture->told_count++];

    assert_true(fixture->told_count <= FIXTURE_MOST);
    told->submission = *submission;
    if (submission->error != NULL)
        told->error = *submission->error;
    copy_text(told->path, sizeof(told->path), submission->path);
    copy_text(told->file_name, sizeof(told->file_name), submission->file_name);
    copy_text(told->key, sizeof(told->key), submission->key);
    copy_text(told->upload_time, sizeof(told->upload_time), submission->upload_time);
    copy_text(told->duplicate_of, sizeof(told->duplicate_of), submission->duplicate_of);
    if (fixture->told_count == fixture->cancel_after_told)
        icecat_cancel_fire(fixture->cancel);
    return fixture->told_count == fixture->stop_after_told;
}

icecat_status fixture_submit(submit_fixture *fixture, const icecat_submit_options *options,
                             icecat_submit_counts *counts, icecat_error *err)
{
    return icecat_pipeline_submit_many(fixture->pipeline, FIXTURE_BATCH, give_path, take_told,
                                       fixture, options, counts, err);
}

const told_image *fixture_told(const submit_fixture *fixture, const char *file_name)
{
    const told_image *found = NULL;

    for (size_t i = 0; i < fixture->told_count; i++) {
        if (strcmp(fixture->told[i].file_name, file_name) != 0)
            continue;
        assert_null(found);
        found = &fixture->told[i];
    }
    assert_non_null(found);
    return found;
}
