/*
 * json.c - cJSON with bounds, and typed access that never crashes.
 *
 * cJSON's memory hooks are global to the process, so its trees live in malloc'ed memory.
 */
#include "base/json.h"

#include "base/error.h"
#include "base/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WHOLE 9007199254740992.0 /* 2^53 */

#define MAX_VALUES 1000000u /* each takes some 70 bytes of memory, and only two of text */

/* Checked before parsing: cJSON recurses to its own, much larger, limit, and builds a tree without one.
 * What is wrong with the text, or NULL. */
static const char *find_excess(const char *text, size_t len)
{
    size_t values = 1;
    int in_string = 0;
    int depth = 0;

    if (memchr(text, '\0', len) != NULL)
        return "has a NUL byte"; /* which would end a C string inside of it */
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
            if (++depth > IC_JSON_MAX_DEPTH)
                return "is nested more than 64 deep";
            values++;
        } else if (c == '}' || c == ']') {
            depth--;
        } else if (c == ',') {
            values++;
        }
        if (values > MAX_VALUES)
            return "has more than 1000000 values";
    }
    return NULL;
}

static int only_blanks(const char *from, const char *end)
{
    while (from < end && (*from == ' ' || *from == '\t' || *from == '\r' || *from == '\n'))
        from++;
    return from == end;
}

icecat_status ic_json_parse(const void *data, size_t len, const char *what, cJSON **out,
                            icecat_error *err)
{
    const char *text = data;
    const char *end = NULL;
    const char *excess;
    cJSON *tree;

    *out = NULL;
    if (len == 0)
        return ic_fail(err, ICECAT_E_PARSE, "%s is empty; JSON was expected", what);
    excess = find_excess(text, len);
    if (excess != NULL)
        return ic_fail(err, ICECAT_E_PARSE, "%s %s", what, excess);
    errno = 0;
    tree = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    if (tree == NULL && errno == ENOMEM)
        return ic_fail_memory(err, what);
    if (tree == NULL)
        return ic_fail(err, ICECAT_E_PARSE, "%s is not JSON: error near byte %zu", what,
                       end != NULL ? (size_t)(end - text) : 0);
    if (!only_blanks(end, text + len)) {
        cJSON_Delete(tree);
        return ic_fail(err, ICECAT_E_PARSE, "%s has text after its JSON, from byte %zu", what,
                       (size_t)(end - text));
    }
    *out = tree;
    return ICECAT_OK;
}

const cJSON *ic_json_get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char *ic_json_text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(ic_json_get(object, name));
}

int ic_json_double(const cJSON *object, const char *name, double *out)
{
    const cJSON *member = ic_json_get(object, name);

    if (!cJSON_IsNumber(member) || !isfinite(member->valuedouble))
        return 0;
    *out = member->valuedouble;
    return 1;
}

int ic_json_u64(const cJSON *object, const char *name, uint64_t *out)
{
    double number;

    if (!ic_json_double(object, name, &number) || number < 0 || number > MAX_WHOLE ||
        floor(number) < number)
        return 0;
    *out = (uint64_t)number;
    return 1;
}

static void write_escape(ic_buf *out, unsigned char byte)
{
    static const char letters[] = "\b\f\n\r\t\"\\";
    static const char names[] = "bfnrt\"\\";
    const char *at = byte != 0 ? strchr(letters, byte) : NULL;

    if (at != NULL) {
        ic_buf_add_char(out, '\\');
        ic_buf_add_char(out, names[at - letters]);
    } else {
        ic_buf_add_format(out, "\\u%04x", byte);
    }
}

icecat_status ic_json_write_text_n(ic_buf *out, const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t i = 0;

    ic_buf_add_char(out, '"');
    while (i < len) {
        size_t run = i;
        size_t step = 0;

        while (run < len && bytes[run] >= 0x20 && bytes[run] != '"' && bytes[run] != '\\' &&
               bytes[run] != 0x7f && (step = ic_utf8_len(bytes + run, len - run)) != 0)
            run += step;
        ic_buf_add(out, text + i, run - i);
        if (run < len && ic_utf8_len(bytes + run, len - run) == 0)
            ic_buf_add_text(out, IC_UTF8_REPLACEMENT);
        else if (run < len)
            write_escape(out, bytes[run]);
        i = run + 1;
    }
    return ic_buf_add_char(out, '"');
}

icecat_status ic_json_write_text(ic_buf *out, const char *text)
{
    return ic_json_write_text_n(out, text, strlen(text));
}

icecat_status ic_json_write_member(ic_buf *out, const char *name)
{
    if (out->len != 0 && out->data[out->len - 1] != '{')
        ic_buf_add_char(out, ',');
    ic_json_write_text(out, name);
    return ic_buf_add_char(out, ':');
}

icecat_status ic_json_write_double(ic_buf *out, double number)
{
    char text[40];

    if (!isfinite(number))
        return ic_buf_add_text(out, "null");
    /* 15 digits are exact for what people write; 17 for every double. */
    snprintf(text, sizeof(text), "%.15g", number);
    if (strtod(text, NULL) < number || strtod(text, NULL) > number)
        snprintf(text, sizeof(text), "%.17g", number);
    for (char *c = text; *c != '\0'; c++) {
        if (*c == ',') /* the decimal point of some locales */
            *c = '.';
    }
    return ic_buf_add_text(out, text);
}

icecat_status ic_json_write_tree(ic_buf *out, const cJSON *tree)
{
    char *text = cJSON_PrintUnformatted(tree);
    icecat_status status;

    if (text == NULL)
        return out->failed = ICECAT_E_NO_MEMORY;
    status = ic_buf_add_text(out, text);
    cJSON_free(text);
    return status;
}
