/*
 * batch_text.c - write one batch record as Python's json.dump() does (pure).
 *
 * The first eight members, their order and the escapes are the Python client's; it must be able to
 * read what this library writes. Members of our own follow.
 */
#include "pipeline/batch_text.h"

#include <string.h>

/* Code point at @p text and its length; 0 when the bytes are not UTF-8. */
static size_t decode_utf8(const unsigned char *text, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t len = text[0] < 0x80   ? 1
                 : text[0] < 0xc2 ? 0
                 : text[0] < 0xe0 ? 2
                 : text[0] < 0xf0 ? 3
                 : text[0] < 0xf5 ? 4
                                  : 0;

    if (len < 2) {
        *code = text[0];
        return len;
    }
    *code = text[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xc0) != 0x80) /* also stops at the NUL byte */
            return 0;
        *code = *code << 6 | (text[i] & 0x3fu);
    }
    if (*code < least[len] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
        return 0;
    return len;
}

/* One that is not plain. */
static void write_code(ic_buf *out, uint32_t code)
{
    static const char letters[] = "\b\f\n\r\t\"\\";
    static const char names[] = "bfnrt\"\\";
    const char *at = code != 0 && code < 0x80 ? strchr(letters, (int)code) : NULL;

    if (at != NULL) {
        ic_buf_add_char(out, '\\');
        ic_buf_add_char(out, names[at - letters]);
    } else if (code < 0x10000) {
        ic_buf_add_format(out, "\\u%04x", code);
    } else {
        ic_buf_add_format(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
                          0xdc00 + ((code - 0x10000) & 0x3ff));
    }
}

/* How many bytes stand for themselves; of most texts it is all. */
static size_t plain_len(const unsigned char *text)
{
    size_t len = 0;

    while (text[len] >= 0x20 && text[len] < 0x7f && text[len] != '"' && text[len] != '\\')
        len++;
    return len;
}

/* Write the character at @p text, which is not plain; its length. */
static size_t write_special(ic_buf *out, const unsigned char *text)
{
    uint32_t code;
    size_t len = decode_utf8(text, &code);

    if (len != 0) {
        write_code(out, code);
        return len;
    }
    ic_buf_add_format(out, "\\udc%02x", *text);
    return 1;
}

icecat_status ic_batch_write_text(ic_buf *out, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    ic_buf_add_char(out, '"');
    for (;;) {
        size_t len = plain_len(at);

        ic_buf_add(out, at, len);
        at += len;
        if (*at == '\0')
            return ic_buf_add_char(out, '"');
        at += write_special(out, at);
    }
}

typedef struct member_writer {
    ic_buf *out;
    int is_element;
    int count;
} member_writer;

/* Comma, line break and blanks, as Python puts them between members. */
static void write_separator(ic_buf *out, int is_element, int is_first)
{
    static const char text[] = ",\n        ";

    if (is_element)
        ic_buf_add(out, text + is_first, sizeof(text) - 1 - (size_t)is_first);
    else if (!is_first)
        ic_buf_add(out, ", ", 2);
}

/* The names are ours, and need no escapes. */
static void write_name(member_writer *writer, const char *name)
{
    write_separator(writer->out, writer->is_element, writer->count++ == 0);
    ic_buf_add_char(writer->out, '"');
    ic_buf_add_text(writer->out, name);
    ic_buf_add(writer->out, "\": ", 3);
}

static void write_text(member_writer *writer, const char *name, const char *value)
{
    write_name(writer, name);
    ic_batch_write_text(writer->out, value);
}

/* What the file need not tell is left out. */
static void write_optional(member_writer *writer, const char *name, const char *value)
{
    if (value != NULL)
        write_text(writer, name, value);
}

static void write_number(member_writer *writer, const char *name, uint64_t value)
{
    write_name(writer, name);
    ic_buf_add_u64(writer->out, value);
}

icecat_status ic_batch_write_record(ic_buf *out, const icecat_batch_record *record, int is_element)
{
    member_writer writer = { out, is_element, 0 };

    ic_buf_add_char(out, '{');
    write_text(&writer, "client_id", record->client_id);
    write_name(&writer, "batch_id");
    ic_buf_add_text(out, "\"batch-");
    ic_buf_add_u64(out, record->batch_id);
    ic_buf_add_char(out, '"');
    write_text(&writer, "s3bucket_source", record->s3bucket_source);
    write_text(&writer, "s3_key", record->s3_key);
    write_text(&writer, "original_file_name", record->original_file_name);
    write_text(&writer, "upload_time", record->upload_time);
    write_text(&writer, "img_fprint", record->fingerprint);
    write_number(&writer, "epoch_timestamp",
                 record->epoch_timestamp > 0 ? (uint64_t)record->epoch_timestamp : 0);
    write_optional(&writer, "path", record->path);
    if (record->size_bytes != 0)
        write_number(&writer, "size", record->size_bytes);
    write_optional(&writer, "etag", record->etag);
    write_optional(&writer, "duplicate_of", record->duplicate_of);
    if (!is_element && record->position != 0)
        write_number(&writer, "position", record->position);
    if (is_element)
        ic_buf_add_text(out, "\n    ");
    return ic_buf_add_char(out, '}');
}

icecat_status ic_batch_write_note(ic_buf *out, const char *text)
{
    ic_buf_add_text(out, IC_NOTE_HEAD);
    ic_batch_write_text(out, text);
    return ic_buf_add_char(out, '}');
}
