/*
 * fuzz_dotenv.c - files of KEY=value lines: read or refused with a line number and never with what is on
 * the line; what was read is written and read again as the same; two files in a row are as one.
 */
#include "fuzz.h"

#include "dotenv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static icecat_status parse(const char *text, size_t len, struct dotenv *out, icecat_error *err)
{
    icecat_status status = dotenv_parse("file", text, len, out, err);

    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_PARSE);
    FUZZ_CHECK(status == ICECAT_OK || out->count == 0);
    return status;
}

/* The message has the path, a line of the file, and words of our own. */
static void check_refusal(const icecat_error *err, const char *text, size_t len)
{
    unsigned line = 0, lines = 1;

    fuzz_check_line(err->message, sizeof(err->message));
    FUZZ_CHECK(strstr(err->message, "canary") == NULL);
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    if (sscanf(err->message, "file:%u: ", &line) == 1)
        FUZZ_CHECK(line >= 1 && line <= lines);
    else
        FUZZ_CHECK(memchr(text, '\0', len) != NULL);
}

static void check_same(const struct dotenv *a, const struct dotenv *b, size_t from)
{
    FUZZ_CHECK(b->count >= from + a->count);
    for (size_t i = 0; i < a->count; i++) {
        FUZZ_CHECK(strcmp(a->entries[i].key, b->entries[from + i].key) == 0);
        FUZZ_CHECK(strcmp(a->entries[i].value, b->entries[from + i].value) == 0);
    }
}

/* KEY='value', with its two escapes; may hold line breaks. */
static char *write_all(const struct dotenv *file, size_t *len)
{
    size_t size = 1;
    char *text, *to;

    for (size_t i = 0; i < file->count; i++)
        size += strlen(file->entries[i].key) + 2 * strlen(file->entries[i].value) + 5;
    text = to = malloc(size);
    FUZZ_CHECK(text != NULL);
    for (size_t i = 0; i < file->count; i++) {
        to += sprintf(to, "%s='", file->entries[i].key);
        for (const char *c = file->entries[i].value; *c != '\0'; c++) {
            if (*c == '\'' || *c == '\\')
                *to++ = '\\';
            *to++ = *c;
        }
        to += sprintf(to, "'\n");
    }
    *len = (size_t)(to - text);
    return text;
}

static void write_and_read(const struct dotenv *file)
{
    icecat_error err = { 0 };
    struct dotenv again;
    size_t len;
    char *text = write_all(file, &len);

    FUZZ_CHECK(parse(text, len, &again, &err) == ICECAT_OK);
    FUZZ_CHECK(again.count == file->count);
    check_same(file, &again, 0);
    dotenv_clear(&again);
    free(text);
}

/* Cut at any line break, the two halves say what the whole says, if each is good by itself. */
static void read_halves(const struct dotenv *whole, const char *text, size_t len)
{
    const char *cut = memchr(text + len / 2, '\n', len - len / 2);
    struct dotenv first, second;
    icecat_error err = { 0 };
    size_t at;

    if (cut == NULL)
        return;
    at = (size_t)(cut - text) + 1;
    if (parse(text, at, &first, &err) != ICECAT_OK)
        return; /* inside of quotes */
    if (parse(text + at, len - at, &second, &err) == ICECAT_OK &&
        (len - at < 3 || memcmp(text + at, "\xef\xbb\xbf", 3) != 0)) {
        FUZZ_CHECK(first.count + second.count == whole->count);
        check_same(&first, whole, 0);
        check_same(&second, whole, first.count);
    }
    dotenv_clear(&second);
    dotenv_clear(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_copy(data, len);
    icecat_error err = { 0 };
    struct dotenv file;

    if (parse(text, len, &file, &err) != ICECAT_OK) {
        check_refusal(&err, text, len);
    } else {
        FUZZ_CHECK(file.count <= len);
        for (size_t i = 0; i < file.count; i++) {
            const struct dotenv_entry *last = dotenv_get(&file, file.entries[i].key);

            FUZZ_CHECK(last != NULL && last >= &file.entries[i]);
            FUZZ_CHECK(strlen(file.entries[i].value) <= len && file.entries[i].key[0] != '\0');
        }
        write_and_read(&file);
        read_halves(&file, text, len);
    }
    dotenv_clear(&file);
    free(text);
    return 0;
}
