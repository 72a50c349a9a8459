/*
 * submit_batch.c - the batch file of a submission: CLIENT_batch-ID.json, and its journal while images
 * are uploaded.
 */
#include "submit.h"

#include "batch_source.h"
#include "cli_error.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOURNAL_END ".journal"

/* With the folders above it. Names of files are nobody else's business: 0700. */
static icecat_status make_folder(const char *path, icecat_error *err)
{
    char *own = strdup(path);
    int failed = 0;
    int code = 0;

    if (own == NULL)
        return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
    for (char *at = own + 1; !failed && at[-1] != '\0'; at++) {
        char kept = *at;

        if (kept != '/' && kept != '\0')
            continue;
        *at = '\0';
        failed = mkdir(own, 0700) != 0 && errno != EEXIST && errno != EISDIR;
        code = errno;
        *at = kept;
    }
    free(own);
    if (failed)
        return cli_error(err, ICECAT_E_FILE, "cannot make the folder %s for batch files: %s", path,
                         strerror(code));
    return ICECAT_OK;
}

static icecat_status make_names(struct submit_batch *batch, const char *dir, const char *client,
                                icecat_error *err)
{
    size_t len = strlen(dir) + strlen(client) + 64;

    batch->path = malloc(len);
    batch->journal = malloc(len);
    if (batch->path == NULL || batch->journal == NULL)
        return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
    snprintf(batch->path, len, "%s/%s_batch-%llu.json", dir, client, (unsigned long long)batch->id);
    snprintf(batch->journal, len, "%s" JOURNAL_END, batch->path);
    return ICECAT_OK;
}

/* An earlier submission with the same id must not lose its records to this one. */
static icecat_status load_earlier(struct submit_batch *batch, icecat_error *err)
{
    struct stat info;
    icecat_status status;

    if (stat(batch->path, &info) != 0) {
        batch->batch = icecat_batch_new();
        return batch->batch != NULL ? ICECAT_OK
                                    : cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
    }
    status = icecat_batch_load(batch->path, &batch->batch, err);
    batch->first = icecat_batch_count(batch->batch);
    return status;
}

icecat_status submit_batch_open(struct cli *cli, uint64_t id, struct submit_batch *out,
                                icecat_error *err)
{
    const char *dir = batch_logs_dir(cli);
    icecat_status status = make_folder(dir, err);

    *out = (struct submit_batch){ .id = id };
    if (status == ICECAT_OK)
        status = make_names(out, dir, config_text(&cli->config, CONFIG_CLIENT_ID), err);
    if (status == ICECAT_OK)
        status = load_earlier(out, err);
    return status;
}

icecat_status submit_batch_begin(struct submit_batch *batch, icecat_error *err)
{
    icecat_status status = icecat_batch_journal(batch->batch, batch->journal, err);

    batch->is_open = status == ICECAT_OK;
    icecat_batch_defer(batch->batch);
    return status;
}

/* ---- resume ------------------------------------------------------------------------------ */

/* Both names from one of them. */
static icecat_status split_names(const char *file, struct submit_batch *batch, icecat_error *err)
{
    size_t len = strlen(file);
    size_t end = strlen(JOURNAL_END);

    if (len > end && strcmp(file + len - end, JOURNAL_END) == 0)
        len -= end;
    batch->path = malloc(len + end + 1);
    batch->journal = malloc(len + end + 1);
    if (batch->path == NULL || batch->journal == NULL)
        return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
    snprintf(batch->path, len + 1, "%s", file);
    snprintf(batch->journal, len + end + 1, "%s" JOURNAL_END, batch->path);
    return ICECAT_OK;
}

/* Records of an earlier submission have no position; they come first. */
static size_t count_earlier(const icecat_batch *batch)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    size_t count = 0;

    while (icecat_batch_at(batch, count, &record) && record.position == 0)
        count++;
    return count;
}

icecat_status submit_batch_resume(const char *file, struct submit_batch *out, icecat_error *err)
{
    icecat_status status;
    struct stat info;

    *out = (struct submit_batch){ .id = 0 };
    status = split_names(file, out, err);
    if (status != ICECAT_OK)
        return status;
    if (stat(out->journal, &info) != 0 && errno == ENOENT && stat(out->path, &info) == 0)
        return icecat_batch_load(out->path, &out->batch, err);
    status = icecat_batch_resume(out->journal, &out->batch, err);
    if (status != ICECAT_OK)
        return status;
    out->is_open = 1;
    out->first = count_earlier(out->batch);
    icecat_batch_defer(out->batch);
    return ICECAT_OK;
}

/* ---- records ----------------------------------------------------------------------------- */

icecat_status submit_batch_add(struct cli *cli, struct submit_batch *batch,
                               const icecat_submission *submission, uint64_t position,
                               icecat_error *err)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    record.client_id = config_text(&cli->config, CONFIG_CLIENT_ID);
    record.s3bucket_source = config_text(&cli->config, CONFIG_BUCKET_SOURCE);
    record.s3_key = submission->key;
    record.original_file_name = submission->file_name;
    record.upload_time = submission->upload_time;
    record.fingerprint = submission->fingerprint;
    record.path = submission->path;
    record.etag = submission->etag[0] != '\0' ? submission->etag : NULL;
    record.duplicate_of = submission->duplicate_of;
    record.batch_id = batch->id;
    record.size_bytes = submission->size_bytes;
    record.epoch_timestamp = submission->upload_ts;
    record.position = position;
    return icecat_batch_add(batch->batch, &record, err);
}

size_t submit_batch_added(const struct submit_batch *batch)
{
    size_t count = icecat_batch_count(batch->batch); /* 0 without a batch */

    return count - (count != 0 ? batch->first : 0);
}

icecat_status submit_batch_save(struct submit_batch *batch, icecat_error *err)
{
    icecat_status status = ICECAT_OK;

    if (!batch->is_open)
        return ICECAT_OK;
    if (submit_batch_added(batch) != 0)
        status = icecat_batch_save(batch->batch, batch->path, err);
    else
        unlink(batch->journal);
    batch->is_open = status != ICECAT_OK;
    return status;
}

void submit_batch_discard(struct submit_batch *batch)
{
    if (batch->is_open && submit_batch_added(batch) == 0)
        unlink(batch->journal);
    batch->is_open = 0;
}

void submit_batch_close(struct submit_batch *batch)
{
    icecat_batch_free(batch->batch);
    free(batch->path);
    free(batch->journal);
    *batch = (struct submit_batch){ .id = 0 };
}
