/*
 * fuzz_journal.c - the journal of a submission: whatever a dying machine left of it, what its whole lines
 * say is read, nothing of that is lost when it is gone on with, and what is added then is there.
 */
#include "fuzz_records.h"

#include "pipeline/batch_journal.h"

#include <stdlib.h>
#include <string.h>

static const char fingerprint[] =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static icecat_batch *load(const void *data, size_t len)
{
    icecat_batch *batch = NULL;
    icecat_error err = { 0 };

    (void)icecat_batch_load(fuzz_file(data, len), &batch, &err);
    return batch;
}

/* Bytes of the lines that have their line break. */
static size_t whole_lines(const uint8_t *data, size_t len)
{
    while (len != 0 && data[len - 1] != '\n')
        len--;
    return len;
}

/* Cut anywhere, a journal that was good is good, and says less. */
static void check_cut(const icecat_batch *whole, const uint8_t *data, size_t len)
{
    static const unsigned eighths[] = { 1, 3, 4, 6, 7, 8 };

    for (size_t i = 0; i < sizeof(eighths) / sizeof(eighths[0]); i++) {
        size_t keep = len * eighths[i] / 8;
        icecat_batch *part = load(data, keep);

        FUZZ_CHECK(part != NULL);
        fuzz_check_begins(whole, part);
        icecat_batch_free(part);
    }
}

static void add_more(icecat_batch *batch)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    icecat_error err = { 0 };

    record.client_id = "me";
    record.s3bucket_source = "cats";
    record.s3_key = "a\n\xff\"";
    record.original_file_name = "\xc3\xa4";
    record.upload_time = "2026-11-25-13";
    record.fingerprint = fingerprint;
    record.batch_id = 1744377772123456;
    icecat_batch_defer(batch); /* the disk is not what is asked here */
    FUZZ_CHECK(icecat_batch_add(batch, &record, &err) == ICECAT_OK);
    FUZZ_CHECK(icecat_batch_note(batch, "a \"note\"\n", &err) == ICECAT_OK);
}

static void go_on(const uint8_t *data, size_t len)
{
    const char *path = fuzz_file(data, len);
    icecat_batch *batch = NULL, *before, *after = NULL;
    icecat_error err = { 0 };
    icecat_status status = icecat_batch_resume(path, &batch, &err);
    size_t notes;

    fuzz_check_error(status, &err);
    FUZZ_CHECK((status == ICECAT_OK) == (batch != NULL));
    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_PARSE);
    if (status != ICECAT_OK)
        return;
    fuzz_check_records(batch, len);
    notes = icecat_batch_note_count(batch);
    add_more(batch);
    icecat_batch_free(batch);
    FUZZ_CHECK(icecat_batch_load(path, &after, &err) == ICECAT_OK);
    before = load(data, whole_lines(data, len));
    FUZZ_CHECK(before != NULL);
    fuzz_check_begins(after, before);
    FUZZ_CHECK(icecat_batch_count(after) == icecat_batch_count(before) + 1);
    FUZZ_CHECK(icecat_batch_note_count(after) == notes + 1);
    FUZZ_CHECK(strcmp(icecat_batch_note_at(after, notes), "a \"note\"\n") == 0);
    icecat_batch_free(before);
    icecat_batch_free(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const size_t head = sizeof(IC_JOURNAL_HEAD) - 1;
    uint8_t *with_head = (uint8_t *)fuzz_copy(data, len);
    icecat_batch *whole;

    /* The first line is ours: a fuzzer that loses it tests another reader. */
    if (len < head || memcmp(data, IC_JOURNAL_HEAD, head) != 0) {
        free(with_head);
        with_head = malloc(head + len);
        FUZZ_CHECK(with_head != NULL);
        memcpy(with_head, IC_JOURNAL_HEAD, head);
        memcpy(with_head + head, data, len);
        len += head;
    }
    whole = load(with_head, len);
    if (whole != NULL)
        check_cut(whole, with_head, whole_lines(with_head, len));
    icecat_batch_free(whole);
    go_on(with_head, len);
    free(with_head);
    return 0;
}
