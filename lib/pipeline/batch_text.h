/*
 * batch_text.h - one batch record as JSON text, in the exact form of Python's json.dump(), and back.
 */
#ifndef IC_BATCH_TEXT_H
#define IC_BATCH_TEXT_H

#include "base/buf.h"
#include "base/view.h"

#include <icecat/pipeline.h>

/**
 * Append a JSON string in ASCII, as Python writes it: other characters as \uXXXX, and a byte that is
 * not UTF-8, as file names may hold, as the lone surrogate \udcXX ("surrogateescape").
 */
icecat_status ic_batch_write_text(ic_buf *out, const char *text);

/** Append the object: as a line of a journal, with its position, or, with @p is_element, as an element of
 *  the batch file's array. */
icecat_status ic_batch_write_record(ic_buf *out, const icecat_batch_record *record, int is_element);

/** How a line that is a note begins. */
#define IC_NOTE_HEAD "{\"note\": "

/** Append a note as a line of a journal, without its line break. */
icecat_status ic_batch_write_note(ic_buf *out, const char *text);
/**
 * Read a note; free @p out with ic_mem_free(). ICECAT_E_PARSE when the line is none, or not whole;
 * ICECAT_E_NO_MEMORY. The text is changed only when it begins as a note.
 */
icecat_status ic_batch_note_parse(char *text, size_t len, char **out);

/** A parsed record: @p view's texts lie in @p memory. */
typedef struct ic_batch_line {
    icecat_batch_record view;
    char *memory;
} ic_batch_line;

/** Copy a record's texts into one block; ICECAT_E_NO_MEMORY. Free with ic_mem_free(). */
icecat_status ic_batch_line_copy(const icecat_batch_record *record, ic_batch_line *out);

/**
 * Read one object. @p where ("record 3 at byte 120") names it in the error. The text is changed.
 * ICECAT_E_PARSE or ICECAT_E_NO_MEMORY.
 */
icecat_status ic_batch_line_parse(char *text, size_t len, const char *where, ic_batch_line *out,
                                  icecat_error *err);

#endif
