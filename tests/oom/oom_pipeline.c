/*
 * oom_pipeline.c - submit, process and results. What failed for want of memory succeeds when it is repeated
 * with enough, and until then no record says what is not so.
 */
#include "oom_aws.h"

#include "../unit/image/build.h"
#include "../unit/pipeline/process_fixture.h"

#include <icecat/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- submit -------------------------------------------------------------------------------- */

#define FILES 4

typedef struct submission {
    icecat_client *client;
    icecat_pipeline *pipeline;
    char folder[32];
    char paths[FILES][64];
    size_t given;
    size_t told[6]; /* by action */
} submission;

static void write_image(const char *path, uint32_t width)
{
    bytes image = { 0 };
    FILE *file = fopen(path, "wb");

    png_whole(&image, width, 80, 0);
    OOM_CHECK(file != NULL && fwrite(image.data, 1, image.len, file) == image.len);
    OOM_CHECK(fclose(file) == 0);
    bytes_free(&image);
}

/* The last file has the bytes of the first. */
static void open_submission(submission *s, const oom *o)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;

    memset(s, 0, sizeof(*s));
    options.bucket_source = "cats-source";
    options.client_id = "garden";
    s->client = oom_aws_client(o);
    OOM_CHECK(icecat_pipeline_new(s->client, &options, &s->pipeline, NULL) == ICECAT_OK);
    strcpy(s->folder, "/tmp/icecat-oom-XXXXXX");
    OOM_CHECK(mkdtemp(s->folder) != NULL);
    for (size_t i = 0; i < FILES; i++) {
        snprintf(s->paths[i], sizeof(s->paths[i]), "%s/%zu.png", s->folder, i);
        write_image(s->paths[i], i == FILES - 1 ? 80 : 80 + (uint32_t)i);
    }
}

static void close_submission(submission *s)
{
    for (size_t i = 0; i < FILES; i++)
        unlink(s->paths[i]);
    OOM_CHECK(rmdir(s->folder) == 0);
    icecat_pipeline_free(s->pipeline);
    icecat_client_free(s->client);
}

static int next_path(const char **path, void *userdata)
{
    submission *s = userdata;

    if (s->given == FILES)
        return 0;
    *path = s->paths[s->given++];
    return 1;
}

/* A failed image failed for memory; nothing is called unsound. */
static int settled(const icecat_submission *one, void *userdata)
{
    submission *s = userdata;

    s->told[one->action]++;
    OOM_CHECK(one->action == ICECAT_SUBMITTED || one->action == ICECAT_DUPLICATE ||
              one->action == ICECAT_FAILED);
    if (one->action == ICECAT_FAILED)
        (void)oom_is_good((icecat_status)one->error->status, one->error, OOM_MAY_BE_CRYPTO);
    return 0;
}

static void check_counts(const submission *s, const icecat_submit_counts *counts,
                         icecat_status status)
{
    OOM_CHECK(counts->submitted == s->told[ICECAT_SUBMITTED]);
    OOM_CHECK(counts->duplicate == s->told[ICECAT_DUPLICATE]);
    OOM_CHECK(counts->failed == s->told[ICECAT_FAILED] && counts->rejected == 0);
    if (status == ICECAT_OK)
        OOM_CHECK(counts->submitted == FILES - 1 && counts->duplicate == 1);
}

static void submit_many(const oom *o)
{
    icecat_submit_counts counts;
    icecat_submit_options options;
    icecat_error err = { 0 };
    icecat_status status;
    submission s;

    open_submission(&s, o);
    oom_begin();
    SWEPT(icecat_submit_counts_init)(&counts, sizeof(counts));
    SWEPT(icecat_submit_options_init)(&options, sizeof(options));
    status = SWEPT(icecat_pipeline_submit_many)(s.pipeline, BATCH_ID, next_path, settled, &s,
                                                &options, &counts, &err);
    oom_end();
    if (status == ICECAT_E_PARTIAL)
        OOM_CHECK(oom_has_failed() && counts.submitted != 0 && counts.failed != 0);
    else
        (void)oom_is_good(status, &err, OOM_MAY_BE_CRYPTO);
    check_counts(&s, &counts, status);
    close_submission(&s);
}

static void submit_one(const oom *o)
{
    bytes image = { 0 };
    icecat_error err = { 0 };
    submission s;
    char key[256] = "x";

    png_whole(&image, 80, 80, 0);
    open_submission(&s, o);
    oom_begin();
    if (oom_is_good(SWEPT(icecat_pipeline_submit)(s.pipeline, BATCH_ID, "a.png", image.data,
                                                  image.len, NULL, key, sizeof(key), &err),
                    &err, OOM_MAY_BE_CRYPTO))
        OOM_CHECK(strlen(key) > 64);
    else
        OOM_CHECK(key[0] == '\0');
    oom_end();
    close_submission(&s);
    bytes_free(&image);
}

static void pipelines(const oom *o)
{
    icecat_client *client = oom_aws_client(o);
    icecat_pipeline_options options;
    icecat_pipeline *pipeline = NULL;
    icecat_error err = { 0 };
    uint64_t id = 0;

    oom_begin();
    SWEPT(icecat_pipeline_options_init)(&options, sizeof(options));
    options.bucket_source = "cats-a";
    options.bucket_dest = "cats-b";
    options.table = "cats";
    options.client_id = "garden";
    if (!oom_is_good(SWEPT(icecat_pipeline_new)(client, &options, &pipeline, &err), &err, 0))
        OOM_CHECK(pipeline == NULL);
    SWEPT(icecat_pipeline_free)(pipeline);
    OOM_CHECK(SWEPT(icecat_batch_id_new)() != 0 || oom_has_failed());
    OOM_CHECK(SWEPT(icecat_batch_id_parse)("batch-1744377772", &id, &err) == ICECAT_OK);
    oom_end();
    icecat_client_free(client);
}

/* ---- process ------------------------------------------------------------------------------- */

/* Whatever memory there was, doing it again ends in one final record and one object. */
static void process_key(const oom *o, const char *key, const char *data, const char *state,
                        const char *bucket)
{
    icecat_process_result result;
    icecat_error err = { 0 };
    icecat_status status;
    fixture f;

    fixture_open(&f, o->allocator);
    f.aws.own_work = oom_own_work;
    if (data != NULL)
        fake_aws_put(&f.aws, SRC, key, data, strlen(data), "a%20b.png");
    else
        fixture_upload(&f, key, 100);
    oom_begin();
    SWEPT(icecat_process_result_init)(&result, sizeof(result));
    status = SWEPT(icecat_pipeline_process)(f.pipeline, SRC, key, NULL, &result, &err);
    oom_end();
    if (oom_is_good(status, &err, OOM_MAY_BE_CRYPTO))
        fixture_assert_settled(&f, key, state, bucket);
    if (o->is_warm) {
        OOM_CHECK(fixture_process(&f, key) == ICECAT_OK);
        fixture_assert_settled(&f, key, state, bucket);
    }
    fixture_close(&f);
}

static void process_cat(const oom *o)
{
    process_key(o, KEY, NULL, "success", DST);
}

static void process_debug(const oom *o)
{
    process_key(o, KEY_DEBUG, NULL, "success", DST);
}

static void process_no_picture(const oom *o)
{
    process_key(o, KEY, "<html>no picture", "fail", BAD);
}

static const char record_text[] =
    "\"client_id\":{\"S\":\"tester\"},\"op_status\":{\"S\":\"success\"},\"upload_ts\":{\"N\":"
    "\"1744377773\"},\"rek_iscat\":{\"S\":\"True\"},\"s3img_key\":{\"S\":\"" DST "/" KEY "\"},"
    "\"file_name\":{\"S\":\"a.png\"},\"logs\":{\"S\":\"[\\\"a line\\\"]\"},\"rek_resp\":{\"S\":"
    "\"{\\\"Labels\\\":[{\\\"Name\\\":\\\"Cat\\\",\\\"Confidence\\\":90}]}\"}";

static void forget(const oom *o)
{
    icecat_error err = { 0 };
    uint32_t removed = 7;
    icecat_status status;
    int is_told;
    fixture f;

    fixture_open(&f, o->allocator);
    f.aws.own_work = oom_own_work;
    fixture_old_item(&f, record_text);
    oom_begin();
    is_told = oom_is_good(SWEPT(icecat_pipeline_forget)(f.pipeline, DST, KEY, NULL, &removed, &err),
                          &err, OOM_MAY_BE_CRYPTO);
    oom_end();
    if (is_told)
        OOM_CHECK(removed == 1 && cJSON_GetArraySize(f.aws.items) == 0);
    /* The answer may be what there was no memory for; doing it again is safe. */
    status = icecat_pipeline_forget(f.pipeline, DST, KEY, NULL, &removed, &err);
    OOM_CHECK(!o->is_warm || (status == ICECAT_OK && cJSON_GetArraySize(f.aws.items) == 0));
    fixture_close(&f);
}

/* ---- results ------------------------------------------------------------------------------- */

static void take_results(icecat_status status, const icecat_error *err, icecat_results *results)
{
    if (oom_is_good(status, err, OOM_MAY_BE_CRYPTO)) {
        icecat_result result;

        SWEPT(icecat_result_init)(&result, sizeof(result));
        OOM_CHECK(SWEPT(icecat_results_count)(results) == 1);
        OOM_CHECK(SWEPT(icecat_results_at)(results, 0, &result) == 1);
        OOM_CHECK(result.state == ICECAT_RESULT_SUCCESS && result.is_cat);
        OOM_CHECK(SWEPT(icecat_results_attributes_json)(results, 0) != NULL || oom_has_failed());
    } else {
        OOM_CHECK(results == NULL);
    }
    SWEPT(icecat_results_free)(results);
}

static void ask_results(fixture *f)
{
    static const char *const wanted[] = { FINGERPRINT };
    icecat_results_options options;
    icecat_results *results = NULL;
    icecat_error err = { 0 };
    icecat_status status;

    SWEPT(icecat_results_options_init)(&options, sizeof(options));
    options.with_logs = options.with_response = 1;
    status = SWEPT(icecat_pipeline_results)(f->pipeline, BATCH_ID, &options, &results, &err);
    take_results(status, &err, results);
    options.fingerprints = wanted;
    options.fingerprints_count = 1;
    results = NULL;
    status = SWEPT(icecat_pipeline_wait)(f->pipeline, BATCH_ID, &options, NULL, NULL, &results,
                                         &err);
    take_results(status, &err, results);
    results = NULL;
    status = SWEPT(icecat_pipeline_result)(f->pipeline, BATCH_ID, "01234567", NULL, &results, &err);
    take_results(status, &err, results);
}

static void search(fixture *f)
{
    icecat_search_options options;
    icecat_results *results = NULL;
    icecat_error err = { 0 };
    icecat_status status;

    SWEPT(icecat_search_options_init)(&options, sizeof(options));
    options.batch_id = BATCH_ID;
    options.with_logs = options.with_response = 1;
    status = SWEPT(icecat_pipeline_search)(f->pipeline, &options, &results, &err);
    take_results(status, &err, results);
}

static void results_with(const oom *o, void (*ask)(fixture *f))
{
    fixture f;

    fixture_open(&f, o->allocator);
    f.aws.own_work = oom_own_work;
    fixture_old_item(&f, record_text);
    oom_begin();
    ask(&f);
    oom_end();
    fixture_close(&f);
}

static void results(const oom *o)
{
    results_with(o, ask_results);
}

static void searches(const oom *o)
{
    results_with(o, search);
}

/* ---- what needs no memory ------------------------------------------------------------------ */

static void words(const oom *o)
{
    icecat_submission one;

    (void)o;
    oom_begin();
    SWEPT(icecat_submission_init)(&one, sizeof(one));
    OOM_CHECK(SWEPT(icecat_status_name)(ICECAT_E_NO_MEMORY)[0] != '\0');
    OOM_CHECK(SWEPT(icecat_status_message)(ICECAT_E_NO_MEMORY)[0] != '\0');
    OOM_CHECK(SWEPT(icecat_status_is_retryable)(ICECAT_OK) == 0);
    OOM_CHECK(SWEPT(icecat_status_exit_code)(ICECAT_OK) == 0);
    OOM_CHECK(SWEPT(icecat_version_number)() != 0);
    OOM_CHECK(SWEPT(icecat_version_string)()[0] != '\0');
    for (size_t i = 0; i < 5; i++) {
        static const char *const names[] = { "libcurl", "openssl", "cjson", "libpng",
                                             "libjpeg-turbo" };

        OOM_CHECK(SWEPT(icecat_version_dependency)(names[i]) != NULL);
    }
    oom_end();
}

const oom_case oom_pipeline_cases[] = {
    { "pipelines", pipelines, 0, 0 },
    { "submit_one", submit_one, 0, 0 },
    { "submit_many", submit_many, 0, 0 },
    { "process_cat", process_cat, 0, 0 },
    { "process_debug", process_debug, 0, 0 },
    { "process_no_picture", process_no_picture, 0, 0 },
    { "forget", forget, 0, 0 },
    { "results", results, 0, 0 },
    { "searches", searches, 0, 0 },
    { "words", words, 0, 1 },
    { NULL, NULL, 0, 0 },
};
