/*
 * fuzz_records.c - what the targets of batch files and journals compare.
 */
#include "fuzz_records.h"

#include <string.h>

static void get(const icecat_batch *batch, size_t index, icecat_batch_record *out)
{
    const icecat_batch_record fresh = ICECAT_BATCH_RECORD_INIT;

    *out = fresh;
    FUZZ_CHECK(icecat_batch_at(batch, index, out) == 1);
}

static void check_text(const char *a, const char *b)
{
    FUZZ_CHECK((a == NULL) == (b == NULL));
    FUZZ_CHECK(a == NULL || strcmp(a, b) == 0);
}

/* A position is in journals only. */
static void check_same(const icecat_batch_record *a, const icecat_batch_record *b)
{
    check_text(a->client_id, b->client_id);
    check_text(a->s3bucket_source, b->s3bucket_source);
    check_text(a->s3_key, b->s3_key);
    check_text(a->original_file_name, b->original_file_name);
    check_text(a->upload_time, b->upload_time);
    check_text(a->fingerprint, b->fingerprint);
    check_text(a->path, b->path);
    check_text(a->etag, b->etag);
    check_text(a->duplicate_of, b->duplicate_of);
    FUZZ_CHECK(a->batch_id == b->batch_id && a->size_bytes == b->size_bytes);
    FUZZ_CHECK(a->epoch_timestamp == b->epoch_timestamp);
}

void fuzz_check_begins(const icecat_batch *b, const icecat_batch *a)
{
    FUZZ_CHECK(icecat_batch_count(b) >= icecat_batch_count(a));
    FUZZ_CHECK(icecat_batch_note_count(b) >= icecat_batch_note_count(a));
    for (size_t i = 0; i < icecat_batch_count(a); i++) {
        icecat_batch_record one, other;

        get(a, i, &one);
        get(b, i, &other);
        check_same(&one, &other);
    }
    for (size_t i = 0; i < icecat_batch_note_count(a); i++)
        check_text(icecat_batch_note_at(a, i), icecat_batch_note_at(b, i));
}

void fuzz_check_records(const icecat_batch *batch, size_t len)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    FUZZ_CHECK(icecat_batch_count(batch) + icecat_batch_note_count(batch) <= len);
    for (size_t i = 0; i < icecat_batch_count(batch); i++) {
        get(batch, i, &record);
        FUZZ_CHECK(record.client_id != NULL && record.s3_key != NULL);
        FUZZ_CHECK(record.s3bucket_source != NULL && record.original_file_name != NULL);
        FUZZ_CHECK(record.upload_time != NULL && strlen(record.fingerprint) == 64);
        FUZZ_CHECK(record.batch_id >= 1000000000 && record.epoch_timestamp >= 0);
    }
    FUZZ_CHECK(icecat_batch_at(batch, icecat_batch_count(batch), &record) == 0);
    FUZZ_CHECK(icecat_batch_note_at(batch, icecat_batch_note_count(batch)) == NULL);
}
