/*
 * batch_sample.h - records and scratch files of the tests of batch files.
 */
#ifndef BATCH_SAMPLE_H
#define BATCH_SAMPLE_H

#include <icecat/pipeline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE_FP  "0eaf1da24040970c6396ca59488ad7fa739ef7ab4ee1f757f180dade9adc43cf"
#define SAMPLE_KEY SAMPLE_FP "/stablecaps900/batch-1744377772/2025-04-11-13/1744377772-debug.png"

/* The record that the predecessor's README shows. */
static inline icecat_batch_record sample_record(const char *name)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    record.client_id = "stablecaps900";
    record.batch_id = 1744377772;
    record.s3bucket_source = "cat-wrangler-source-ice1-dev";
    record.s3_key = SAMPLE_KEY;
    record.original_file_name = name;
    record.upload_time = "2025-04-11-13";
    record.fingerprint = SAMPLE_FP;
    record.epoch_timestamp = 1744377772;
    return record;
}

typedef struct scratch {
    char directory[64];
    char file[96];
    char journal[96];
} scratch;

static inline int scratch_make(void **state)
{
    static scratch s;

    snprintf(s.directory, sizeof(s.directory), "/tmp/icecat-batch-XXXXXX");
    if (mkdtemp(s.directory) == NULL)
        return -1;
    snprintf(s.file, sizeof(s.file), "%s/b.json", s.directory);
    snprintf(s.journal, sizeof(s.journal), "%s/b.journal", s.directory);
    *state = &s;
    return 0;
}

static inline int scratch_remove(void **state)
{
    scratch *s = *state;

    unlink(s->file);
    unlink(s->journal);
    return rmdir(s->directory);
}

static inline char *read_whole(const char *path, size_t *len)
{
    FILE *in = fopen(path, "rb");
    char *text = calloc(1, 1u << 20);

    if (in == NULL || text == NULL)
        abort();
    *len = fread(text, 1, (1u << 20) - 1, in);
    fclose(in);
    return text;
}

static inline void write_whole(const char *path, const char *text, size_t len)
{
    FILE *out = fopen(path, "wb");

    if (out == NULL || fwrite(text, 1, len, out) != len || fclose(out) != 0)
        abort();
}

#endif
