/*
 * batch.c - the records and notes of a batch in memory, and the journal that keeps them.
 */
#include "base/error.h"
#include "base/options.h"
#include "pipeline/batch_load.h"

#include <string.h>

#define MAX_RECORDS 4000000u
#define MAX_NOTES   8000000u
#define MAX_NOTE    32768u
#define MAX_LINE    (8u * MAX_NOTE) /* every byte of a note may take six */
#define CHUNK       65536u
#define FIRST_CAP   16u

IC_NO_PADDING_AFTER(icecat_batch_record, position);

void icecat_batch_record_init(icecat_batch_record *record, size_t struct_size)
{
    ic_options_init(record, struct_size);
}

icecat_batch *icecat_batch_new(void)
{
    icecat_batch *batch = ic_mem_zalloc(NULL, sizeof(*batch));

    if (batch == NULL)
        return NULL;
    ic_journal_init(&batch->journal);
    ic_buf_init(&batch->line, NULL, MAX_LINE);
    return batch;
}

static void drop_notes(icecat_batch *batch)
{
    for (size_t i = 0; i < batch->note_count; i++)
        ic_mem_free(NULL, batch->notes[i]);
    ic_mem_free(NULL, batch->notes);
    batch->notes = NULL;
    batch->note_count = 0;
    batch->note_cap = 0;
}

void icecat_batch_free(icecat_batch *batch)
{
    if (batch == NULL)
        return;
    drop_notes(batch);
    for (size_t i = 0; i < batch->count; i++)
        ic_mem_free(NULL, batch->lines[i].memory);
    ic_mem_free(NULL, batch->lines);
    ic_buf_free(&batch->line);
    ic_journal_close(&batch->journal);
    ic_mem_free(NULL, batch);
}

static icecat_status make_room(icecat_batch *batch, icecat_error *err)
{
    size_t cap = batch->cap != 0 ? batch->cap * 2 : FIRST_CAP;
    ic_batch_line *lines;

    if (batch->count < batch->cap)
        return ICECAT_OK;
    if (batch->count >= MAX_RECORDS)
        return ic_fail(err, ICECAT_E_LIMIT, "a batch has at most %u records", MAX_RECORDS);
    lines = ic_mem_regrow(NULL, batch->lines, cap, sizeof(*lines));
    if (lines == NULL)
        return ic_fail_memory(err, "the records of a batch");
    batch->lines = lines;
    batch->cap = cap;
    return ICECAT_OK;
}

icecat_status ic_batch_take(icecat_batch *batch, const ic_batch_line *line, icecat_error *err)
{
    icecat_status status = make_room(batch, err);

    if (status == ICECAT_OK)
        batch->lines[batch->count++] = *line;
    return status;
}

icecat_status ic_batch_take_note(icecat_batch *batch, const char *text, icecat_error *err)
{
    if (batch->note_count == batch->note_cap) {
        size_t cap = batch->note_cap != 0 ? batch->note_cap * 2 : FIRST_CAP;
        char **notes;

        if (batch->note_count >= MAX_NOTES)
            return ic_fail(err, ICECAT_E_LIMIT, "a batch has at most %u notes", MAX_NOTES);
        notes = ic_mem_regrow(NULL, batch->notes, cap, sizeof(*notes));
        if (notes == NULL)
            return ic_fail_memory(err, "the notes of a batch");
        batch->notes = notes;
        batch->note_cap = cap;
    }
    batch->notes[batch->note_count] = ic_mem_dup(NULL, text);
    if (batch->notes[batch->note_count] == NULL)
        return ic_fail_memory(err, "a note");
    batch->note_count++;
    return ICECAT_OK;
}

/* Written whole before it is sent, so that a line is torn only by a dying machine or a full disk. */
static icecat_status journal_lines(ic_journal *journal, ic_buf *lines, icecat_error *err)
{
    icecat_status status = ic_buf_check(lines, "a line of a journal", err);

    if (status == ICECAT_OK && lines->len != 0)
        status = ic_journal_add(journal, lines->data, lines->len, err);
    ic_buf_reset(lines);
    return status;
}

static void write_record_line(ic_buf *out, const icecat_batch_record *record)
{
    ic_batch_write_record(out, record, 0);
    ic_buf_add_char(out, '\n');
}

static void write_note_line(ic_buf *out, const char *text)
{
    ic_batch_write_note(out, text);
    ic_buf_add_char(out, '\n');
}

static icecat_status journal_record(icecat_batch *batch, const icecat_batch_record *record,
                                    icecat_error *err)
{
    if (batch->journal.fd < 0)
        return ICECAT_OK;
    write_record_line(&batch->line, record);
    return journal_lines(&batch->journal, &batch->line, err);
}

static icecat_status check_record(const icecat_batch_record *record, icecat_error *err)
{
    if (record->client_id == NULL || record->s3bucket_source == NULL || record->s3_key == NULL ||
        record->original_file_name == NULL || record->upload_time == NULL ||
        record->fingerprint == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "a batch record needs client_id, s3bucket_source, s3_key, "
                       "original_file_name, upload_time and fingerprint");
    if (record->epoch_timestamp < 0)
        return ic_fail(err, ICECAT_E_ARGUMENT, "a batch record's epoch_timestamp is negative");
    return ICECAT_OK;
}

icecat_status icecat_batch_add(icecat_batch *batch, const icecat_batch_record *record,
                               icecat_error *err)
{
    icecat_batch_record own;
    ic_batch_line line = { .memory = NULL };
    icecat_status status;

    ic_error_clear(err);
    if (batch == NULL || record == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "batch add: an argument is NULL");
    status = IC_OPTIONS_LOAD(&own, record, icecat_batch_record, err);
    if (status == ICECAT_OK)
        status = check_record(&own, err);
    if (status == ICECAT_OK)
        status = make_room(batch, err);
    if (status != ICECAT_OK)
        return status;
    if (ic_batch_line_copy(&own, ic_batch_last(batch), &line) != ICECAT_OK)
        return ic_fail_memory(err, "a batch record");
    status = journal_record(batch, &line.view, err);
    if (status == ICECAT_OK)
        status = ic_batch_take(batch, &line, err);
    if (status != ICECAT_OK)
        ic_mem_free(NULL, line.memory);
    return status;
}

icecat_status icecat_batch_note(icecat_batch *batch, const char *text, icecat_error *err)
{
    ic_error_clear(err);
    if (batch == NULL || text == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "batch note: an argument is NULL");
    if (strlen(text) > MAX_NOTE)
        return ic_fail(err, ICECAT_E_LIMIT, "a note has %zu bytes; at most %u are allowed",
                       strlen(text), MAX_NOTE);
    if (batch->journal.fd < 0)
        return ic_batch_take_note(batch, text, err);
    write_note_line(&batch->line, text);
    return journal_lines(&batch->journal, &batch->line, err);
}

size_t icecat_batch_note_count(const icecat_batch *batch)
{
    return batch != NULL ? batch->note_count : 0;
}

const char *icecat_batch_note_at(const icecat_batch *batch, size_t index)
{
    return batch != NULL && index < batch->note_count ? batch->notes[index] : NULL;
}

/* All that the batch has by now: one that was loaded must not lose what it had. Many lines at a time, for
 * until the journal has its place nobody counts on any of them. */
static icecat_status journal_all(icecat_batch *batch, icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    ic_buf lines;

    ic_buf_init(&lines, NULL, CHUNK + MAX_LINE);
    for (size_t i = 0; i < batch->note_count && status == ICECAT_OK; i++) {
        write_note_line(&lines, batch->notes[i]);
        if (lines.len >= CHUNK)
            status = journal_lines(&batch->journal, &lines, err);
    }
    for (size_t i = 0; i < batch->count && status == ICECAT_OK; i++) {
        write_record_line(&lines, &batch->lines[i].view);
        if (lines.len >= CHUNK)
            status = journal_lines(&batch->journal, &lines, err);
    }
    if (status == ICECAT_OK)
        status = journal_lines(&batch->journal, &lines, err);
    ic_buf_free(&lines);
    return status;
}

icecat_status icecat_batch_journal(icecat_batch *batch, const char *path, icecat_error *err)
{
    icecat_status status;

    ic_error_clear(err);
    if (batch == NULL || path == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "batch journal: an argument is NULL");
    if (batch->journal.fd >= 0)
        return ic_fail(err, ICECAT_E_ARGUMENT, "the batch has a journal already: %s",
                       batch->journal.path);
    status = ic_journal_open(&batch->journal, path, err);
    if (status != ICECAT_OK)
        return status;
    status = journal_all(batch, err);
    if (status == ICECAT_OK)
        status = ic_journal_place(&batch->journal, err);
    if (status != ICECAT_OK)
        ic_journal_remove(&batch->journal);
    else
        drop_notes(batch); /* the file has them */
    return status;
}

void icecat_batch_defer(icecat_batch *batch)
{
    if (batch != NULL)
        batch->journal.is_deferred = 1;
}

icecat_status icecat_batch_sync(icecat_batch *batch, icecat_error *err)
{
    ic_error_clear(err);
    if (batch == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "batch sync: batch is NULL");
    return ic_journal_sync(&batch->journal, err);
}

size_t icecat_batch_count(const icecat_batch *batch)
{
    return batch != NULL ? batch->count : 0;
}

int icecat_batch_at(const icecat_batch *batch, size_t index, icecat_batch_record *out)
{
    if (batch == NULL || out == NULL || index >= batch->count)
        return 0;
    return IC_OPTIONS_STORE(out, &batch->lines[index].view, icecat_batch_record, NULL) == ICECAT_OK;
}
