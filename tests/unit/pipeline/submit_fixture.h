/*
 * submit_fixture.h - a pipeline whose network is a script, a folder of images, and what was sent and told.
 */
#ifndef SUBMIT_FIXTURE_H
#define SUBMIT_FIXTURE_H

#include "../image/build.h"
#include "fake_transport.h"

#include <icecat/pipeline.h>

#define FIXTURE_MOST  64
#define FIXTURE_BATCH 1744377772123456u

/** One request as it went out. */
typedef struct sent_put {
    char url[512];
    char type[64];
    char name[1200]; /* "" without the header */
    char sha256[72];
    char body_sha256[72];
    size_t body_len;
} sent_put;

/** One image as the caller was told of it; texts are copied, "" stands for NULL. */
typedef struct told_image {
    icecat_submission submission; /* its pointers are not to be used */
    icecat_error error;
    char path[512];
    char file_name[256];
    char key[256];
    char upload_time[32];
    char duplicate_of[512];
} told_image;

typedef struct submit_fixture {
    icecat_client *client;
    icecat_pipeline *pipeline;
    fake_transport fake;
    char folder[64];
    char paths[FIXTURE_MOST][512];
    size_t path_count;
    size_t given;
    sent_put sent[FIXTURE_MOST];
    size_t sent_count;
    told_image told[FIXTURE_MOST];
    size_t told_count;
    const char *refuse_name;  /* puts of this file name get a 403 */
    size_t stop_after_given;  /* next() returns -1 then; 0 never */
    size_t stop_after_told;   /* settled() returns 1 then; 0 never */
    size_t cancel_after_told; /* settled() fires `cancel` then; 0 never */
    icecat_cancel *cancel;
} submit_fixture;

/** Every put is answered with 200 and an ETag. @p options may be NULL for a plain pipeline. */
void fixture_open(submit_fixture *fixture, const icecat_pipeline_options *options,
                  const icecat_allocator *allocator);
/** Another script than the good answer. */
void fixture_answers(submit_fixture *fixture, const fake_answer *answers, size_t count);
void fixture_close(submit_fixture *fixture);

/** Bytes of a sound PNG; each width gives others. Free with bytes_free(). */
bytes fixture_png(uint32_t width);
bytes fixture_jpeg(uint32_t width);

/** Write a file and give its path to the next submission. */
void fixture_file(submit_fixture *fixture, const char *name, const void *data, size_t len);
void fixture_png_file(submit_fixture *fixture, const char *name, uint32_t width);
/** A path of the folder that is given, whether it exists or not. */
const char *fixture_path(submit_fixture *fixture, const char *name);

/** Submit all paths; @p counts may be NULL. */
icecat_status fixture_submit(submit_fixture *fixture, const icecat_submit_options *options,
                             icecat_submit_counts *counts, icecat_error *err);
/** What was told of the file with this name; fails the test when nothing was, or twice. */
const told_image *fixture_told(const submit_fixture *fixture, const char *file_name);

#endif
