/*
 * batch_line.c - read one batch record from its JSON text, and keep its texts together (pure).
 */
#include "pipeline/batch_text.h"

#include "base/error.h"
#include "base/json.h"
#include "pipeline/object_key.h"

#include <string.h>

#define TEXTS 9

/* The fields that hold text, in one place, so that none is forgotten when a record is copied. */
static void list_texts(icecat_batch_record *record, const char **fields[TEXTS])
{
    fields[0] = &record->client_id;
    fields[1] = &record->s3bucket_source;
    fields[2] = &record->s3_key;
    fields[3] = &record->original_file_name;
    fields[4] = &record->upload_time;
    fields[5] = &record->fingerprint;
    fields[6] = &record->path;
    fields[7] = &record->etag;
    fields[8] = &record->duplicate_of;
}

icecat_status ic_batch_line_copy(const icecat_batch_record *record, ic_batch_line *out)
{
    icecat_batch_record copy = *record;
    const char **fields[TEXTS];
    size_t need = 0;
    char *at;

    list_texts(&copy, fields);
    for (size_t i = 0; i < TEXTS; i++)
        need += *fields[i] != NULL ? strlen(*fields[i]) + 1 : 0;
    at = ic_mem_alloc(NULL, need);
    if (at == NULL)
        return ICECAT_E_NO_MEMORY;
    out->memory = at;
    for (size_t i = 0; i < TEXTS; i++) {
        size_t size = *fields[i] != NULL ? strlen(*fields[i]) + 1 : 0;

        if (size == 0)
            continue;
        memcpy(at, *fields[i], size);
        *fields[i] = at;
        at += size;
    }
    out->view = copy;
    return ICECAT_OK;
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* Code unit of the escape "\uXXXX" at @p text, or -1. */
static long read_unit(const char *text, size_t len)
{
    long unit = 0;

    if (len < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        if (hex_value(text[i]) < 0)
            return -1;
        unit = unit * 16 + hex_value(text[i]);
    }
    return unit;
}

/*
 * Turn each lone \udc80 ... \udcff back into its byte: Python writes them for file names that are not
 * UTF-8, and JSON readers refuse them. Returns the new length.
 */
static size_t restore_bytes(char *text, size_t len)
{
    size_t to = 0;

    for (size_t from = 0; from < len;) {
        long unit = read_unit(text + from, len - from);
        size_t step = text[from] == '\\' && from + 1 < len ? 2 : 1;

        if (unit >= 0xd800 && unit <= 0xdbff && len - from >= 12) {
            step = 12; /* the first half of a pair keeps its second */
        } else if (unit >= 0xdc80 && unit <= 0xdcff) {
            text[to++] = (char)(unit & 0xff);
            from += 6;
            continue;
        }
        memmove(text + to, text + from, step);
        to += step;
        from += step;
    }
    return to;
}

static icecat_status need_text(const cJSON *object, const char *name, const char *where,
                               const char **out, icecat_error *err)
{
    *out = ic_json_text(object, name);
    if (*out == NULL)
        return ic_fail(err, ICECAT_E_PARSE, "%s has no text \"%s\"", where, name);
    return ICECAT_OK;
}

/* "batch-N" as the Python client writes it; "N" and the number N are understood too. */
static int read_batch_id(const cJSON *object, uint64_t *out)
{
    const char *text = ic_json_text(object, "batch_id");
    uint64_t number;

    if (text != NULL)
        return icecat_batch_id_parse(text, out, NULL) == ICECAT_OK;
    if (!ic_json_u64(object, "batch_id", &number) || number < 1000000000)
        return 0;
    *out = number;
    return 1;
}

static icecat_status read_record(const cJSON *object, const char *where, icecat_batch_record *out,
                                 icecat_error *err)
{
    struct {
        const char *name;
        const char **field;
    } needed[] = {
        { "client_id", &out->client_id },     { "s3bucket_source", &out->s3bucket_source },
        { "s3_key", &out->s3_key },           { "original_file_name", &out->original_file_name },
        { "upload_time", &out->upload_time }, { "img_fprint", &out->fingerprint },
    };
    uint64_t epoch;

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (need_text(object, needed[i].name, where, needed[i].field, err) != ICECAT_OK)
            return ICECAT_E_PARSE;
    }
    if (!ic_sha256_hex_is_valid(out->fingerprint))
        return ic_fail(err, ICECAT_E_PARSE, "%s: img_fprint is not 64 lower-case hex digits",
                       where);
    if (!read_batch_id(object, &out->batch_id))
        return ic_fail(err, ICECAT_E_PARSE, "%s has no batch_id of 10 to 16 digits", where);
    if (!ic_json_u64(object, "epoch_timestamp", &epoch))
        return ic_fail(err, ICECAT_E_PARSE, "%s has no number \"epoch_timestamp\"", where);
    out->epoch_timestamp = (int64_t)epoch;
    out->path = ic_json_text(object, "path");
    out->etag = ic_json_text(object, "etag");
    out->duplicate_of = ic_json_text(object, "duplicate_of");
    if (!ic_json_u64(object, "size", &out->size_bytes))
        out->size_bytes = 0;
    if (!ic_json_u64(object, "position", &out->position))
        out->position = 0;
    return ICECAT_OK;
}

icecat_status ic_batch_line_parse(char *text, size_t len, const char *where, ic_batch_line *out,
                                  icecat_error *err)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    cJSON *object = NULL;
    icecat_status status;

    status = ic_json_parse(text, restore_bytes(text, len), where, &object, err);
    if (status != ICECAT_OK)
        return status;
    status = read_record(object, where, &record, err);
    if (status == ICECAT_OK && ic_batch_line_copy(&record, out) != ICECAT_OK)
        status = ic_fail_memory(err, "a batch record");
    cJSON_Delete(object);
    return status;
}

icecat_status ic_batch_note_parse(char *text, size_t len, char **out)
{
    cJSON *object = NULL;
    const char *note;
    icecat_status status;

    *out = NULL;
    if (!ic_view_starts(ic_view_n(text, len), IC_NOTE_HEAD) || text[len - 1] != '}')
        return ICECAT_E_PARSE;
    status = ic_json_parse(text, restore_bytes(text, len), "a note", &object, NULL);
    note = ic_json_text(object, "note");
    if (status == ICECAT_OK && note == NULL)
        status = ICECAT_E_PARSE;
    if (status == ICECAT_OK)
        *out = ic_mem_dup(NULL, note);
    cJSON_Delete(object);
    return status == ICECAT_OK && *out == NULL ? ICECAT_E_NO_MEMORY : status;
}
