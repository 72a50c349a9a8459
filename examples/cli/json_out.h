/*
 * json_out.h - write JSON to a stream, value by value.
 *
 * Nothing is kept in memory, numbers never follow the locale, and every text becomes valid UTF-8:
 * bytes that are none are written as U+FFFD. Every function takes the member's name; NULL inside an
 * array and for the outermost value. A write error shows in ferror() of the stream.
 */
#ifndef CLI_JSON_OUT_H
#define CLI_JSON_OUT_H

#include <icecat/error.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_OUT_DEPTH = 32 };

struct json_out {
    FILE *file;
    unsigned indent; /* blanks per level; 0: all on one line */
    unsigned depth;
    char closer[JSON_OUT_DEPTH];
    unsigned char has_members[JSON_OUT_DEPTH];
};

void json_out_init(struct json_out *out, FILE *file, unsigned indent);

void json_out_object(struct json_out *out, const char *name);
void json_out_array(struct json_out *out, const char *name);
/* Close the innermost object or array. */
void json_out_close(struct json_out *out);
/* End a document: close what is open, a line break, flush. 0 when the stream has an error. */
int json_out_end(struct json_out *out);

/* NULL is written as null. */
void json_out_text(struct json_out *out, const char *name, const char *text);
/* A file name: when its bytes are not UTF-8, "<name>_b64" follows with the exact bytes. */
void json_out_file(struct json_out *out, const char *name, const char *path);
void json_out_u64(struct json_out *out, const char *name, uint64_t value);
void json_out_i64(struct json_out *out, const char *name, int64_t value);
/* The shortest text that reads back as the same number; null when it is not finite. */
void json_out_double(struct json_out *out, const char *name, double value);
/* Rounded to @p decimals (at most 9). */
void json_out_fixed(struct json_out *out, const char *name, double value, unsigned decimals);
void json_out_bool(struct json_out *out, const char *name, int value);
void json_out_null(struct json_out *out, const char *name);
/* JSON text from cJSON or libicecat, as it is; null for NULL. Must be one valid JSON value. */
void json_out_raw(struct json_out *out, const char *name, const char *json);

/* An "error" object: code, name, message and what else @p err knows. @p file and @p hint may be NULL. */
void json_out_error(struct json_out *out, const char *name, const icecat_error *err,
                    const char *file, const char *hint);

/* Bytes of the UTF-8 sequence at @p text, 1 to 4, and its code point; 0 when there is none. */
size_t utf8_decode(const char *text, uint32_t *code);
/* 1 when all of @p text is UTF-8. */
int utf8_is_valid(const char *text);

#endif
