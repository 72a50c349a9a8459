/*
 * batch_load.h - what a batch holds, for the files that fill, read and write it.
 */
#ifndef IC_BATCH_LOAD_H
#define IC_BATCH_LOAD_H

#include "pipeline/batch_journal.h"
#include "pipeline/batch_text.h"

#define IC_BATCH_FILE_MAX (256u << 20)

struct icecat_batch {
    ic_batch_line *lines;
    size_t count;
    size_t cap;
    char **notes;
    size_t note_count;
    size_t note_cap;
    ic_journal journal;
    ic_buf line; /* on its way to the journal */
};

/** The last record, with which the next one shares texts; NULL when there is none. */
static inline const ic_batch_line *ic_batch_last(const icecat_batch *batch)
{
    return batch->count != 0 ? &batch->lines[batch->count - 1] : NULL;
}

/** Append a line and own its memory; on failure the caller still does. */
icecat_status ic_batch_take(icecat_batch *batch, const ic_batch_line *line, icecat_error *err);
/** Append a copy of a note. */
icecat_status ic_batch_take_note(icecat_batch *batch, const char *text, icecat_error *err);

/** Append every record and note of a whole file's text, which is changed. */
icecat_status ic_batch_parse(icecat_batch *batch, char *text, size_t len, icecat_error *err);

#endif
