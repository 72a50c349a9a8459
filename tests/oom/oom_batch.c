/*
 * oom_batch.c - batch files and journals: a failed call leaves the file that was there, whole, or none;
 * nothing lies beside it; and what the journal had it still has. They have no allocator but malloc.
 */
#include "oom.h"

#include <dirent.h>
#include <icecat/pipeline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char fingerprint[] =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

typedef struct folder {
    char path[32];
    char file[64];
    char journal[64];
} folder;

static void open_folder(folder *f)
{
    strcpy(f->path, "/tmp/icecat-oom-XXXXXX");
    OOM_CHECK(mkdtemp(f->path) != NULL);
    snprintf(f->file, sizeof(f->file), "%s/batch.json", f->path);
    snprintf(f->journal, sizeof(f->journal), "%s/batch.journal", f->path);
}

/* Nothing but these two may be in it. */
static void close_folder(const folder *f)
{
    DIR *list = opendir(f->path);
    struct dirent *entry;

    OOM_CHECK(list != NULL);
    while ((entry = readdir(list)) != NULL)
        OOM_CHECK(entry->d_name[0] == '.' || strcmp(entry->d_name, "batch.json") == 0 ||
                  strcmp(entry->d_name, "batch.journal") == 0);
    closedir(list);
    unlink(f->file);
    unlink(f->journal);
    OOM_CHECK(rmdir(f->path) == 0);
}

static icecat_batch_record record_of(const char *name, uint64_t position)
{
    icecat_batch_record record;

    SWEPT(icecat_batch_record_init)(&record, sizeof(record));
    record.client_id = "me";
    record.s3bucket_source = "cats";
    record.s3_key = "k";
    record.original_file_name = name;
    record.upload_time = "2026-11-25-13";
    record.fingerprint = fingerprint;
    record.path = name;
    record.batch_id = 1744377772123456;
    record.epoch_timestamp = 1744377772;
    record.position = position;
    return record;
}

/* How many records a file has, read when there is memory again; -1: it is not there. */
static long records_in(const char *path)
{
    icecat_batch *batch = NULL;
    icecat_error err;
    long count;

    if (access(path, F_OK) != 0)
        return -1;
    if (icecat_batch_load(path, &batch, &err) != ICECAT_OK)
        fprintf(stderr, "%s\n", err.message);
    OOM_CHECK(batch != NULL);
    count = (long)icecat_batch_count(batch);
    icecat_batch_free(batch);
    return count;
}

/* What was added is there, and nothing else. */
static long add_records(icecat_batch *batch, long added)
{
    for (uint64_t i = 1; batch != NULL && i <= 20; i++) {
        icecat_batch_record record = record_of("k\xc3\xa4tzchen \xff.jpg", i);
        icecat_error err = { 0 };

        added += oom_is_good(SWEPT(icecat_batch_add)(batch, &record, &err), &err, 0);
        OOM_CHECK((long)SWEPT(icecat_batch_count)(batch) == added);
    }
    return added;
}

static void batch_file(const oom *o)
{
    icecat_batch_record record = record_of("a", 0);
    icecat_batch *batch = NULL, *again = NULL;
    icecat_error err = { 0 };
    long added, saved = -1;
    folder f;

    (void)o;
    open_folder(&f);
    oom_begin();
    batch = SWEPT(icecat_batch_new)();
    OOM_CHECK(batch != NULL || oom_has_failed());
    added = add_records(batch, 0);
    if (batch != NULL && oom_is_good(SWEPT(icecat_batch_save)(batch, f.file, &err), &err, 0))
        saved = added;
    if (saved >= 0 && !oom_is_good(SWEPT(icecat_batch_load)(f.file, &again, &err), &err, 0))
        OOM_CHECK(again == NULL);
    if (again != NULL)
        OOM_CHECK(SWEPT(icecat_batch_at)(again, 0, &record) == (added != 0));
    SWEPT(icecat_batch_free)(again);
    icecat_batch_free(batch);
    oom_end();
    OOM_CHECK(records_in(f.file) == saved);
    close_folder(&f);
}

/* A file that is replaced is whole at every time: the old one or the new one. */
static void batch_replaced(const oom *o)
{
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = record_of("a", 1);
    icecat_error err = { 0 };
    long saved = 1;
    folder f;

    (void)o;
    open_folder(&f);
    OOM_CHECK(batch != NULL && icecat_batch_add(batch, &record, &err) == ICECAT_OK);
    OOM_CHECK(icecat_batch_save(batch, f.file, &err) == ICECAT_OK);
    OOM_CHECK(icecat_batch_add(batch, &record, &err) == ICECAT_OK);
    oom_begin();
    if (oom_is_good(SWEPT(icecat_batch_save)(batch, f.file, &err), &err, 0))
        saved = 2;
    oom_end();
    OOM_CHECK(records_in(f.file) == saved);
    icecat_batch_free(batch);
    close_folder(&f);
}

/* ---- journals ------------------------------------------------------------------------------ */

static void journal(const oom *o)
{
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = record_of("a", 1);
    icecat_error err = { 0 };
    long added = 1;
    int has_journal;
    folder f;

    (void)o;
    open_folder(&f);
    OOM_CHECK(batch != NULL && icecat_batch_add(batch, &record, &err) == ICECAT_OK);
    oom_begin();
    (void)oom_is_good(SWEPT(icecat_batch_note)(batch, "before", &err), &err, 0);
    has_journal = oom_is_good(SWEPT(icecat_batch_journal)(batch, f.journal, &err), &err, 0);
    SWEPT(icecat_batch_defer)(batch);
    added = add_records(batch, added);
    (void)oom_is_good(SWEPT(icecat_batch_note)(batch, "a \"note\"", &err), &err, 0);
    (void)oom_is_good(SWEPT(icecat_batch_sync)(batch, &err), &err, 0);
    oom_end();
    OOM_CHECK(records_in(f.journal) == (has_journal ? added : -1));
    icecat_batch_free(batch);
    close_folder(&f);
}

static void write_journal(const folder *f)
{
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = record_of("a", 1);
    icecat_error err;
    FILE *file;

    OOM_CHECK(batch != NULL && icecat_batch_add(batch, &record, &err) == ICECAT_OK);
    OOM_CHECK(icecat_batch_note(batch, "one", &err) == ICECAT_OK);
    OOM_CHECK(icecat_batch_note(batch, "two", &err) == ICECAT_OK);
    OOM_CHECK(icecat_batch_journal(batch, f->journal, &err) == ICECAT_OK);
    OOM_CHECK(icecat_batch_add(batch, &record, &err) == ICECAT_OK);
    icecat_batch_free(batch);
    file = fopen(f->journal, "a");
    OOM_CHECK(file != NULL && fputs("{\"client_id\": \"torn", file) >= 0 && fclose(file) == 0);
}

/* What was in the journal stays in it, whether or not it could be read. */
static void resumed(const oom *o)
{
    icecat_batch *batch = NULL;
    icecat_error err = { 0 };
    long added = 2;
    folder f;

    (void)o;
    open_folder(&f);
    write_journal(&f);
    oom_begin();
    if (oom_is_good(SWEPT(icecat_batch_resume)(f.journal, &batch, &err), &err, 0)) {
        OOM_CHECK(icecat_batch_count(batch) == 2);
        OOM_CHECK(SWEPT(icecat_batch_note_count)(batch) == 2);
        OOM_CHECK(strcmp(SWEPT(icecat_batch_note_at)(batch, 1), "two") == 0);
        icecat_batch_defer(batch);
        added = add_records(batch, added);
    } else {
        OOM_CHECK(batch == NULL);
    }
    icecat_batch_free(batch);
    oom_end();
    OOM_CHECK(records_in(f.journal) == added);
    close_folder(&f);
}

/* The last line has no line break but is whole: it counts, or the load fails for want of memory. */
static void journal_loaded(const oom *o)
{
    static const char text[] = "{\"icecat_journal\": 1}\n{\"note\": \"one\"}\n{\"note\": \"two\"}";
    icecat_batch *batch = NULL;
    icecat_error err = { 0 };
    FILE *file;
    folder f;

    (void)o;
    open_folder(&f);
    file = fopen(f.journal, "w");
    OOM_CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    oom_begin();
    if (oom_is_good(icecat_batch_load(f.journal, &batch, &err), &err, 0))
        OOM_CHECK(icecat_batch_note_count(batch) == 2);
    icecat_batch_free(batch);
    oom_end();
    close_folder(&f);
}

const oom_case oom_batch_cases[] = {
    { "batch_file", batch_file, 0, 1 },
    { "batch_replaced", batch_replaced, 0, 1 },
    { "journal", journal, 0, 1 },
    { "resumed", resumed, 0, 1 },
    { "journal_loaded", journal_loaded, 0, 1 },
    { NULL, NULL, 0, 0 },
};
