/*
 * shared_client.c - several threads submit files and wait for the verdicts through one client and one
 * pipeline.
 *
 *   shared_client THREADS CONNECTIONS FILE...
 *
 * Settings come from the environment that icecat-local exports. Prints one line for each file,
 * "FINGERPRINT state is_cat", and ends with 0 when every thread got every verdict of its files.
 */
#include <icecat/icecat.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_THREADS 16
#define PATIENCE_MS 120000

typedef struct worker {
    pthread_t thread;
    icecat_pipeline *pipeline;
    uint64_t batch_id;
    char **files;
    size_t count;
    size_t given;
    size_t settled;
    char (*fingerprints)[72];
    icecat_results *results;
    icecat_status status;
    icecat_error error;
} worker;

static int next_path(const char **path, void *userdata)
{
    worker *w = userdata;

    if (w->given == w->count)
        return 0;
    *path = w->files[w->given++];
    return 1;
}

static int keep_fingerprint(const icecat_submission *submission, void *userdata)
{
    worker *w = userdata;

    if (submission->action != ICECAT_SUBMITTED)
        fprintf(stderr, "%s: action %u: %s\n", submission->path, submission->action,
                submission->error != NULL ? submission->error->message : "");
    memcpy(w->fingerprints[submission->index], submission->fingerprint,
           sizeof(submission->fingerprint));
    w->settled++;
    return 0;
}

static icecat_status await_verdicts(worker *w)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    const char **wanted = calloc(w->count, sizeof(*wanted));
    icecat_status status;

    if (wanted == NULL)
        return ICECAT_E_NO_MEMORY;
    for (size_t i = 0; i < w->count; i++)
        wanted[i] = w->fingerprints[i];
    call.timeout_ms = PATIENCE_MS;
    options.call = &call;
    options.fingerprints = wanted;
    options.fingerprints_count = w->count;
    status = icecat_pipeline_wait(w->pipeline, w->batch_id, &options, NULL, NULL, &w->results,
                                  &w->error);
    free(wanted);
    return status;
}

static void *work(void *userdata)
{
    worker *w = userdata;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;

    w->status = icecat_pipeline_submit_many(w->pipeline, w->batch_id, next_path, keep_fingerprint,
                                            w, NULL, &counts, &w->error);
    if (w->status == ICECAT_OK && (w->settled != w->count || counts.submitted != w->count))
        w->status = ICECAT_E_INTERNAL;
    if (w->status == ICECAT_OK)
        w->status = await_verdicts(w);
    return NULL;
}

static icecat_pipeline *make_pipeline(icecat_client *client, icecat_error *err)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_pipeline *pipeline = NULL;

    options.bucket_source = getenv("S3BUCKET_SOURCE");
    options.table = getenv("DYNAMODB_TABLE_NAME");
    options.client_id = "threads";
    icecat_pipeline_new(client, &options, &pipeline, err);
    return pipeline;
}

static int report(const worker *w)
{
    if (w->status != ICECAT_OK)
        fprintf(stderr, "%s: %s\n", icecat_status_name(w->status), w->error.message);
    for (size_t i = 0; i < icecat_results_count(w->results); i++) {
        icecat_result result = ICECAT_RESULT_INIT;

        if (icecat_results_at(w->results, i, &result))
            printf("%s %u %u\n", result.fingerprint, result.state, result.is_cat);
    }
    return w->status == ICECAT_OK;
}

/* Each worker gets an equal share; the last also what is left over. */
static int run(icecat_pipeline *pipeline, size_t threads, char **files, size_t count)
{
    static worker workers[MAX_THREADS];
    uint64_t batch_id = icecat_batch_id_new();
    char(*fingerprints)[72] = calloc(count, sizeof(*fingerprints));
    size_t share = count / threads;
    int good = fingerprints != NULL;

    for (size_t i = 0; i < threads && good; i++) {
        worker *w = &workers[i];

        w->pipeline = pipeline;
        w->batch_id = batch_id;
        w->files = files + i * share;
        w->count = i + 1 == threads ? count - i * share : share;
        w->fingerprints = fingerprints + i * share;
        if (pthread_create(&w->thread, NULL, work, w) != 0)
            abort();
    }
    for (size_t i = 0; i < threads && fingerprints != NULL; i++) {
        pthread_join(workers[i].thread, NULL);
        good &= report(&workers[i]);
        icecat_results_free(workers[i].results);
    }
    free(fingerprints);
    return good;
}

int main(int argc, char **argv)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    size_t threads = argc > 3 ? strtoul(argv[1], NULL, 10) : 0;
    icecat_client *client = NULL;
    icecat_pipeline *pipeline = NULL;
    icecat_error err = { 0 };
    int good = 0;

    if (threads == 0 || threads > MAX_THREADS) {
        fputs("usage: shared_client THREADS CONNECTIONS FILE...\n", stderr);
        return 2;
    }
    options.max_connections = (uint32_t)strtoul(argv[2], NULL, 10);
    options.max_attempts = 8;
    if (icecat_client_new(&options, &client, &err) == ICECAT_OK)
        pipeline = make_pipeline(client, &err);
    if (pipeline != NULL)
        good = run(pipeline, threads, argv + 3, (size_t)argc - 3);
    else
        fprintf(stderr, "%s\n", err.message);
    icecat_pipeline_free(pipeline);
    icecat_client_free(client);
    return good ? 0 : 1;
}
