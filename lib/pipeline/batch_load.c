/*
 * batch_load.c - read a batch file: the array of the Python client, or the journal of a killed run.
 *
 * The array is cut into its objects first and each is parsed alone, so that a file of 256 MiB needs
 * no tree of ten times its size, and a fault has a position.
 */
#include "pipeline/batch_load.h"

#include "base/error.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>

static icecat_status take_record(icecat_batch *batch, char *text, size_t len, const char *where,
                                 icecat_error *err)
{
    ic_batch_line line = { .memory = NULL };
    icecat_status status = ic_batch_line_parse(text, len, where, &line, err);

    if (status == ICECAT_OK)
        status = ic_batch_take(batch, &line, err);
    if (status != ICECAT_OK)
        ic_mem_free(NULL, line.memory);
    return status;
}

/* Length of the JSON value at @p text, up to a ',' or ']' of the array around it; 0 when it never ends. */
static size_t value_len(const char *text, size_t len)
{
    int in_string = 0;
    size_t depth = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = 0;
        } else if (c == '"') {
            in_string = 1;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (depth == 0 && (c == ',' || c == ']')) {
            return i;
        } else if (c == '}' || c == ']') {
            depth -= depth != 0;
        }
    }
    return 0;
}

static size_t skip_blanks(const char *text, size_t at, size_t len)
{
    while (at < len && memchr(" \t\r\n", text[at], 4) != NULL)
        at++;
    return at;
}

static icecat_status parse_array(icecat_batch *batch, char *text, size_t at, size_t len,
                                 icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    size_t number = 0;

    at = skip_blanks(text, at + 1, len);
    if (at < len && text[at] == ']')
        at++;
    else
        number = 1;
    while (number != 0 && status == ICECAT_OK) {
        size_t size = value_len(text + at, len - at);
        char where[64];
        int more;

        snprintf(where, sizeof(where), "record %zu, at byte %zu,", number, at);
        if (size == 0)
            return ic_fail(err, ICECAT_E_PARSE, "%s is empty or cut off", where);
        more = text[at + size] == ',';
        status = take_record(batch, text + at, size, where, err);
        at = skip_blanks(text, at + size + 1, len);
        number = more ? number + 1 : 0;
    }
    if (status == ICECAT_OK && skip_blanks(text, at, len) != len)
        status = ic_fail(err, ICECAT_E_PARSE, "text follows the array, at byte %zu", at);
    return status;
}

/* A line of a journal. */
static icecat_status take_line(icecat_batch *batch, char *text, size_t len, const char *where,
                               icecat_error *err)
{
    char *note;
    icecat_status status = ic_batch_note_parse(text, len, &note);

    if (status == ICECAT_E_PARSE)
        return take_record(batch, text, len, where, err);
    status = status == ICECAT_OK ? ic_batch_take_note(batch, note, err)
                                 : ic_fail_memory(err, "a note");
    ic_mem_free(NULL, note);
    return status;
}

/* The last line may be torn: it has no line break, and is believed only when it is whole. */
static icecat_status parse_journal(icecat_batch *batch, char *text, size_t len, icecat_error *err)
{
    size_t at = strlen(IC_JOURNAL_HEAD);
    icecat_status status = ICECAT_OK;

    for (size_t number = 2; at < len && status == ICECAT_OK; number++) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t size = end != NULL ? (size_t)(end - (text + at)) : len - at;
        char where[64];

        snprintf(where, sizeof(where), "journal line %zu", number);
        status = take_line(batch, text + at, size, where, err);
        if (end == NULL && status == ICECAT_E_PARSE) {
            ic_error_clear(err);
            status = ICECAT_OK;
        }
        at += size + 1;
    }
    return status;
}

icecat_status ic_batch_parse(icecat_batch *batch, char *text, size_t len, icecat_error *err)
{
    size_t at = skip_blanks(text, 0, len);

    if (ic_journal_recognise(text, len))
        return parse_journal(batch, text, len, err);
    if (at == len || text[at] != '[')
        return ic_fail(err, ICECAT_E_PARSE,
                       "neither a JSON array of records nor a journal, at byte %zu", at);
    return parse_array(batch, text, at, len, err);
}

static icecat_status read_text(const char *path, ic_buf *text, icecat_error *err)
{
    icecat_status status;

    ic_buf_init(text, NULL, IC_BATCH_FILE_MAX);
    status = ic_file_read(path, IC_BATCH_FILE_MAX, text, err);
    if (status == ICECAT_E_LIMIT)
        status = ic_fail(err, ICECAT_E_FILE, "batch file %s is over 256 MiB", path);
    return status;
}

/* A new batch with what the text says. An empty file has no data pointer. */
static icecat_status parse_new(const char *path, char *text, size_t len, icecat_batch **out,
                               icecat_error *err)
{
    icecat_batch *batch = icecat_batch_new();
    icecat_status status = batch != NULL ? ICECAT_OK : ic_fail_memory(err, "a batch");

    if (status == ICECAT_OK && len != 0)
        status = ic_batch_parse(batch, text, len, err);
    if (status == ICECAT_E_PARSE)
        ic_error_prefix(err, "batch file %s", path);
    if (status == ICECAT_OK)
        *out = batch;
    else
        icecat_batch_free(batch);
    return status;
}

icecat_status icecat_batch_load(const char *path, icecat_batch **out, icecat_error *err)
{
    ic_buf text;
    icecat_status status;

    ic_error_clear(err);
    if (path == NULL || out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "batch load: an argument is NULL");
    *out = NULL;
    status = read_text(path, &text, err);
    if (status == ICECAT_OK)
        status = parse_new(path, text.data, text.len, out, err);
    ic_buf_free(&text);
    return status;
}

/* Bytes of the lines that have their line break. */
static size_t whole_lines(const ic_buf *text)
{
    size_t len = text->len;

    while (len != 0 && text->data[len - 1] != '\n')
        len--;
    return len;
}

icecat_status icecat_batch_resume(const char *path, icecat_batch **out, icecat_error *err)
{
    icecat_batch *batch = NULL;
    size_t whole = 0;
    ic_buf text;
    icecat_status status;

    ic_error_clear(err);
    if (path == NULL || out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "batch resume: an argument is NULL");
    *out = NULL;
    status = read_text(path, &text, err);
    if (status == ICECAT_OK) {
        whole = whole_lines(&text);
        if (whole < strlen(IC_JOURNAL_HEAD) || !ic_journal_recognise(text.data, whole))
            status = ic_fail(err, ICECAT_E_PARSE, "%s is not the journal of a submission", path);
    }
    if (status == ICECAT_OK)
        status = parse_new(path, text.data, whole, &batch, err);
    if (status == ICECAT_OK)
        status = ic_journal_resume(&batch->journal, path, text.len, whole, err);
    if (status == ICECAT_OK)
        *out = batch;
    else
        icecat_batch_free(batch);
    ic_buf_free(&text);
    return status;
}
