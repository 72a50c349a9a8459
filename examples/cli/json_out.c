/*
 * json_out.c - write JSON to a stream, value by value.
 */
#include "json_out.h"

#include "text.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void json_out_init(struct json_out *out, FILE *file, unsigned indent)
{
    *out = (struct json_out){ .file = file, .indent = indent };
}

static void new_line(struct json_out *out)
{
    if (out->indent != 0)
        fprintf(out->file, "\n%*s", (int)(out->indent * out->depth), "");
}

static void write_string(FILE *file, const char *text)
{
    putc('"', file);
    for (;;) {
        size_t len = text_plain_len(text);
        uint32_t code;

        fwrite(text, 1, len, file);
        text += len;
        if (*text == '\0')
            break;
        len = utf8_decode(text, &code);
        if (len == 0)
            fputs("\xef\xbf\xbd", file);
        else if (code == '"' || code == '\\')
            fprintf(file, "\\%c", (int)code);
        else if (code == '\n')
            fputs("\\n", file);
        else if (text_steers(code)) /* JSON would allow most, and a terminal obey them */
            fprintf(file, "\\u%04x", (unsigned)code);
        else
            fwrite(text, 1, len, file);
        text += len != 0 ? len : 1;
    }
    putc('"', file);
}

/* Beyond ASCII, what steers a terminal can only be inside of a string. */
static void write_json(FILE *file, const char *json)
{
    while (*json != '\0') {
        uint32_t code;
        size_t len = utf8_decode(json, &code);

        if (len != 0 && code >= 0x7f && text_steers(code))
            fprintf(file, "\\u%04x", (unsigned)code);
        else
            fwrite(json, 1, len != 0 ? len : 1, file);
        json += len != 0 ? len : 1;
    }
}

/* What comes in front of a value: comma, line break, name. */
static void begin_value(struct json_out *out, const char *name)
{
    if (out->depth != 0) {
        if (out->has_members[out->depth - 1])
            putc(',', out->file);
        out->has_members[out->depth - 1] = 1;
        new_line(out);
    }
    if (name != NULL) {
        write_string(out->file, name);
        fputs(out->indent != 0 ? ": " : ":", out->file);
    }
}

static void open_level(struct json_out *out, const char *name, char opener, char closer)
{
    begin_value(out, name);
    if (out->depth == JSON_OUT_DEPTH)
        abort(); /* the depth is fixed by the code that calls, never by data */
    putc(opener, out->file);
    out->closer[out->depth] = closer;
    out->has_members[out->depth] = 0;
    out->depth++;
}

void json_out_object(struct json_out *out, const char *name)
{
    open_level(out, name, '{', '}');
}

void json_out_array(struct json_out *out, const char *name)
{
    open_level(out, name, '[', ']');
}

void json_out_close(struct json_out *out)
{
    out->depth--;
    if (out->has_members[out->depth])
        new_line(out);
    putc(out->closer[out->depth], out->file);
}

int json_out_end(struct json_out *out)
{
    while (out->depth != 0)
        json_out_close(out);
    putc('\n', out->file);
    fflush(out->file);
    return ferror(out->file) == 0;
}

void json_out_text(struct json_out *out, const char *name, const char *text)
{
    begin_value(out, name);
    if (text != NULL)
        write_string(out->file, text);
    else
        fputs("null", out->file);
}

static void write_base64(FILE *file, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = (const unsigned char *)text;
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i += 3) {
        unsigned second = i + 1 < len ? at[i + 1] : 0;
        unsigned third = i + 2 < len ? at[i + 2] : 0;
        unsigned bits = (unsigned)at[i] << 16 | second << 8 | third;

        putc(digits[bits >> 18], file);
        putc(digits[bits >> 12 & 63], file);
        putc(i + 1 < len ? digits[bits >> 6 & 63] : '=', file);
        putc(i + 2 < len ? digits[bits & 63] : '=', file);
    }
}

void json_out_file(struct json_out *out, const char *name, const char *path)
{
    json_out_text(out, name, path);
    if (path == NULL || name == NULL || utf8_is_valid(path))
        return;
    putc(',', out->file);
    new_line(out);
    fprintf(out->file, "\"%s_b64\":%s\"", name, out->indent != 0 ? " " : "");
    write_base64(out->file, path);
    putc('"', out->file);
}

void json_out_u64(struct json_out *out, const char *name, uint64_t value)
{
    begin_value(out, name);
    fprintf(out->file, "%" PRIu64, value);
}

void json_out_i64(struct json_out *out, const char *name, int64_t value)
{
    begin_value(out, name);
    fprintf(out->file, "%" PRId64, value);
}

/* Whatever the locale writes between the digits becomes a point. */
static void write_number(FILE *file, const char *number)
{
    int in_number = 1;

    for (; *number != '\0'; number++) {
        int known = strchr("0123456789+-e", *number) != NULL;

        if (known)
            putc(*number, file);
        else if (in_number)
            putc('.', file);
        in_number = known;
    }
}

void json_out_double(struct json_out *out, const char *name, double value)
{
    char text[64] = "null";

    begin_value(out, name);
    if (!isfinite(value)) {
        fputs(text, out->file);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (!(strtod(text, NULL) < value) && !(strtod(text, NULL) > value))
            break;
    }
    write_number(out->file, text);
}

void json_out_fixed(struct json_out *out, const char *name, double value, unsigned decimals)
{
    char text[400]; /* DBL_MAX has 309 digits */
    unsigned places = decimals < 9 ? decimals : 9;

    if (!isfinite(value)) {
        json_out_null(out, name);
        return;
    }
    begin_value(out, name);
    snprintf(text, sizeof(text), "%.*f", (int)places, value);
    write_number(out->file, text);
}

void json_out_bool(struct json_out *out, const char *name, int value)
{
    begin_value(out, name);
    fputs(value != 0 ? "true" : "false", out->file);
}

void json_out_null(struct json_out *out, const char *name)
{
    begin_value(out, name);
    fputs("null", out->file);
}

void json_out_raw(struct json_out *out, const char *name, const char *json)
{
    begin_value(out, name);
    write_json(out->file, json != NULL ? json : "null");
}

void json_out_error(struct json_out *out, const char *name, const icecat_error *err,
                    const char *file, const char *hint)
{
    icecat_status status = (icecat_status)err->status;

    json_out_object(out, name);
    json_out_i64(out, "code", icecat_status_exit_code(status));
    json_out_text(out, "name", icecat_status_name(status));
    json_out_text(out, "message",
                  err->message[0] != '\0' ? err->message : icecat_status_message(status));
    if (hint != NULL)
        json_out_text(out, "hint", hint);
    if (file != NULL)
        json_out_file(out, "file", file);
    if (err->http_status != 0)
        json_out_i64(out, "http_status", err->http_status);
    if (err->aws_code[0] != '\0')
        json_out_text(out, "aws_code", err->aws_code);
    if (err->request_id[0] != '\0')
        json_out_text(out, "request_id", err->request_id);
    json_out_bool(out, "retryable", err->retryable != 0);
    if (err->attempts != 0)
        json_out_u64(out, "attempts", err->attempts);
    json_out_close(out);
}
