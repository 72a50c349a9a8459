/*
 * fuzz_batch.c - batch files, ours and those of the Python client: read or refused with a position; what
 * was read is written, as the file and as a journal, and read again as the same.
 */
#include "fuzz_records.h"

#include "base/buf.h"
#include "pipeline/batch_journal.h"
#include "pipeline/batch_text.h"

#include <stdlib.h>
#include <string.h>

static icecat_batch *load(const void *data, size_t len)
{
    icecat_batch *batch = NULL;
    icecat_error err = { 0 };

    FUZZ_CHECK(icecat_batch_load(fuzz_file(data, len), &batch, &err) == ICECAT_OK);
    return batch;
}

/* As icecat_batch_save() and a journal have it. */
static void write_all(const icecat_batch *batch, ic_buf *file, ic_buf *journal)
{
    ic_buf_add_text(file, "[");
    ic_buf_add_text(journal, IC_JOURNAL_HEAD);
    for (size_t i = 0; i < icecat_batch_count(batch); i++) {
        icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

        FUZZ_CHECK(icecat_batch_at(batch, i, &record) == 1);
        ic_buf_add_text(file, i == 0 ? "\n    " : ",\n    ");
        ic_batch_write_record(file, &record, 4);
        ic_batch_write_record(journal, &record, 0);
        ic_buf_add_char(journal, '\n');
    }
    FUZZ_CHECK(ic_buf_add_text(file, "\n]") == ICECAT_OK);
    FUZZ_CHECK(ic_buf_status(journal) == ICECAT_OK);
}

static void write_and_read(const icecat_batch *batch, size_t len)
{
    const icecat_allocator *mem = fuzz_memory(100 * len + 65536);
    icecat_batch *again;
    ic_buf file, journal;

    ic_buf_init(&file, mem, 16 * len + 1024);
    ic_buf_init(&journal, mem, 16 * len + 1024);
    write_all(batch, &file, &journal);
    for (size_t i = 0; i < file.len; i++)
        FUZZ_CHECK((unsigned char)file.data[i] < 0x7f); /* ASCII, as Python writes it */
    again = load(file.data, file.len);
    FUZZ_CHECK(icecat_batch_count(again) == icecat_batch_count(batch));
    fuzz_check_begins(again, batch);
    icecat_batch_free(again);
    again = load(journal.data, journal.len);
    FUZZ_CHECK(icecat_batch_count(again) == icecat_batch_count(batch));
    fuzz_check_begins(again, batch);
    icecat_batch_free(again);
    ic_buf_free(&file);
    ic_buf_free(&journal);
    fuzz_memory_check();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    icecat_batch *batch = NULL;
    icecat_error err = { 0 };
    icecat_status status = icecat_batch_load(fuzz_file(data, len), &batch, &err);

    fuzz_check_error(status, &err);
    FUZZ_CHECK((status == ICECAT_OK) == (batch != NULL));
    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_PARSE);
    if (status == ICECAT_OK) {
        fuzz_check_records(batch, len);
        /* Notes are of a journal, and are not in the file. */
        if (icecat_batch_note_count(batch) == 0)
            write_and_read(batch, len);
    }
    icecat_batch_free(batch);
    return 0;
}
