/*
 * batch_save.c - write the batch file: the array of the Python client, in the order of the positions.
 */
#include "base/error.h"
#include "base/file.h"
#include "pipeline/batch_load.h"

#include <stdlib.h>

#define CHUNK    65536u
#define MAX_LINE 65536u /* of one record */

static int by_position(const void *a, const void *b)
{
    const ic_batch_line *one = *(const ic_batch_line *const *)a;
    const ic_batch_line *other = *(const ic_batch_line *const *)b;

    if (one->view.position != other->view.position)
        return one->view.position < other->view.position ? -1 : 1;
    return one < other ? -1 : 1; /* as they were added; never the same */
}

/* The lines in the order of the file; the batch keeps its own. Free with ic_mem_free(). */
static icecat_status sort_lines(const icecat_batch *batch, const ic_batch_line ***out,
                                icecat_error *err)
{
    const ic_batch_line **lines = ic_mem_array(NULL, batch->count + 1, sizeof(ic_batch_line *));

    *out = lines;
    if (lines == NULL)
        return ic_fail_memory(err, "a batch file");
    for (size_t i = 0; i < batch->count; i++)
        lines[i] = &batch->lines[i];
    qsort(lines, batch->count, sizeof(ic_batch_line *), by_position);
    return ICECAT_OK;
}

/* Write what has gathered, unless it is little and more comes. */
static icecat_status flush(ic_replacement *file, const char *path, ic_buf *text, size_t least,
                           icecat_error *err)
{
    icecat_status status = ic_buf_check(text, path, err);

    if (status == ICECAT_OK && text->len >= least && text->len != 0) {
        status = ic_replacement_add(file, path, text->data, text->len, err);
        ic_buf_reset(text);
    }
    return status;
}

/* In pieces: the text of a hundred thousand records need not be in memory at once. */
static icecat_status write_array(const ic_batch_line *const *lines, size_t count,
                                 ic_replacement *file, const char *path, icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    ic_buf text;

    ic_buf_init(&text, NULL, CHUNK + MAX_LINE);
    ic_buf_add_char(&text, '[');
    for (size_t i = 0; i < count && status == ICECAT_OK; i++) {
        ic_buf_add_text(&text, i == 0 ? "\n    " : ",\n    ");
        ic_batch_write_record(&text, &lines[i]->view, 1);
        status = flush(file, path, &text, CHUNK, err);
    }
    ic_buf_add_text(&text, count != 0 ? "\n]" : "]");
    if (status == ICECAT_OK)
        status = flush(file, path, &text, 0, err);
    ic_buf_free(&text);
    return status;
}

icecat_status icecat_batch_save(icecat_batch *batch, const char *path, icecat_error *err)
{
    const ic_batch_line **lines;
    ic_replacement file;
    icecat_status status;

    ic_error_clear(err);
    if (batch == NULL || path == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "batch save: an argument is NULL");
    status = sort_lines(batch, &lines, err);
    if (status == ICECAT_OK)
        status = ic_replacement_open(&file, path, err);
    if (status == ICECAT_OK) {
        status = write_array(lines, batch->count, &file, path, err);
        if (status == ICECAT_OK)
            status = ic_replacement_finish(&file, path, err);
        else
            ic_replacement_drop(&file);
    }
    ic_mem_free(NULL, lines);
    if (status == ICECAT_OK)
        ic_journal_remove(&batch->journal);
    return status;
}
