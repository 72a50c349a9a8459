/*
 * dotenv.c - read the text of a dotenv file.
 */
#include "dotenv.h"

#include "cli_error.h"

#include <stdlib.h>
#include <string.h>

/* Where the reader is. Nothing is read at or behind end. */
struct reader {
    const char *path;
    const char *at;
    const char *end;
    char *value; /* the current one; as long as the whole text */
    unsigned line;
    struct dotenv *out;
    icecat_error *err;
};

static int is_name(char c, int first)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           (!first && ((c >= '0' && c <= '9') || c == '.' || c == '-'));
}

static int peek(const struct reader *reader)
{
    return reader->at < reader->end ? (unsigned char)*reader->at : -1;
}

static int at_line_end(const struct reader *reader)
{
    return peek(reader) < 0 || peek(reader) == '\n' ||
           (peek(reader) == '\r' && (reader->at + 1 == reader->end || reader->at[1] == '\n'));
}

static void skip_blanks(struct reader *reader)
{
    while (peek(reader) == ' ' || peek(reader) == '\t')
        reader->at++;
}

static icecat_status fault(const struct reader *reader, const char *what)
{
    return cli_error(reader->err, ICECAT_E_PARSE, "%s:%u: %s", reader->path, reader->line, what);
}

static icecat_status no_memory(const struct reader *reader)
{
    return cli_error(reader->err, ICECAT_E_NO_MEMORY, "%s: out of memory", reader->path);
}

/* Append an entry; takes both texts, also on failure. */
static icecat_status append(struct reader *reader, char *key, char *value, unsigned line)
{
    struct dotenv *out = reader->out;
    struct dotenv_entry *grown = NULL;

    if (key != NULL && value != NULL)
        grown = realloc(out->entries, (out->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        free(key);
        cli_wipe_text(value);
        return no_memory(reader);
    }
    out->entries = grown;
    grown[out->count++] = (struct dotenv_entry){ key, value, line };
    return ICECAT_OK;
}

/* The character that a backslash and @p c stand for in such quotes; -1 when the backslash stays. */
static int unescape(char quote, char c)
{
    static const char letters[] = "nrtabfv\"";
    static const char meanings[] = "\n\r\t\a\b\f\v\"";
    const char *found;

    if (c == '\\' || c == '\'')
        return (unsigned char)c;
    found = quote == '"' && c != '\0' ? strchr(letters, c) : NULL;
    return found != NULL ? (unsigned char)meanings[found - letters] : -1;
}

/* Behind the opening quote. */
static icecat_status quoted(struct reader *reader, char quote)
{
    unsigned first_line = reader->line;
    char *value = reader->value;

    for (; peek(reader) != quote; reader->at++) {
        int c = peek(reader);

        if (c < 0) {
            reader->line = first_line;
            return fault(reader, "the quote that begins here does not end");
        }
        if (c == '\\' && reader->at + 1 < reader->end && unescape(quote, reader->at[1]) >= 0)
            c = unescape(quote, *++reader->at);
        else if (c == '\n')
            reader->line++;
        *value++ = (char)c;
    }
    *value = '\0';
    reader->at++;
    skip_blanks(reader);
    if (!at_line_end(reader) && peek(reader) != '#')
        return fault(reader, "text follows the closing quote");
    while (!at_line_end(reader))
        reader->at++;
    return ICECAT_OK;
}

/* Up to the end of the line or a blank with #, without blanks at the end. */
static void unquoted(struct reader *reader)
{
    const char *start = reader->at, *end = reader->at;

    for (; !at_line_end(reader); reader->at++) {
        int c = peek(reader);

        if (c == '#' && (reader->at == start || reader->at[-1] == ' ' || reader->at[-1] == '\t'))
            break;
        if (c != ' ' && c != '\t')
            end = reader->at + 1;
    }
    while (!at_line_end(reader))
        reader->at++;
    memcpy(reader->value, start, (size_t)(end - start));
    reader->value[end - start] = '\0';
}

static icecat_status read_value(struct reader *reader)
{
    int quote = peek(reader);
    icecat_status status = ICECAT_OK;

    if (quote == '\'' || quote == '"') {
        reader->at++;
        status = quoted(reader, (char)quote);
    } else {
        unquoted(reader);
    }
    if (status == ICECAT_OK && quote != '\'' && strstr(reader->value, "${") != NULL)
        return fault(reader,
                     "${...} is not replaced in this file; write the value itself, or put it "
                     "in single quotes");
    return status;
}

/* The name, then "=". */
static icecat_status read_key(struct reader *reader, const char **key, size_t *len)
{
    if ((size_t)(reader->end - reader->at) > 7 && memcmp(reader->at, "export", 6) == 0 &&
        (reader->at[6] == ' ' || reader->at[6] == '\t')) {
        reader->at += 6;
        skip_blanks(reader);
    }
    *key = reader->at;
    while (peek(reader) >= 0 && is_name((char)peek(reader), reader->at == *key))
        reader->at++;
    *len = (size_t)(reader->at - *key);
    skip_blanks(reader);
    if (*len == 0 || peek(reader) != '=')
        return fault(reader, "expected KEY=value");
    reader->at++;
    skip_blanks(reader);
    return ICECAT_OK;
}

static icecat_status read_entry(struct reader *reader)
{
    unsigned line = reader->line;
    const char *key;
    size_t key_len;
    icecat_status status = read_key(reader, &key, &key_len);

    if (status == ICECAT_OK)
        status = read_value(reader);
    if (status != ICECAT_OK)
        return status;
    return append(reader, cli_copy_text(key, key_len),
                  cli_copy_text(reader->value, strlen(reader->value)), line);
}

/* From here to the end of the line. */
static icecat_status read_line(struct reader *reader)
{
    icecat_status status = ICECAT_OK;

    skip_blanks(reader);
    if (peek(reader) == '#') {
        while (!at_line_end(reader))
            reader->at++;
    }
    if (!at_line_end(reader))
        status = read_entry(reader);
    if (status == ICECAT_OK && peek(reader) == '\r')
        reader->at++;
    if (status == ICECAT_OK && peek(reader) == '\n') {
        reader->at++;
        reader->line++;
    }
    return status;
}

icecat_status dotenv_parse(const char *path, const char *text, size_t len, struct dotenv *out,
                           icecat_error *err)
{
    struct reader reader = { path, text, text + len, NULL, 1, out, err };
    icecat_status status = ICECAT_OK;

    memset(out, 0, sizeof(*out));
    if (memchr(text, '\0', len) != NULL)
        return cli_error(err, ICECAT_E_PARSE, "%s: not a text file: it has a zero byte", path);
    reader.value = malloc(len + 1);
    if (reader.value == NULL)
        return no_memory(&reader);
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        reader.at += 3;
    while (status == ICECAT_OK && reader.at < reader.end)
        status = read_line(&reader);
    cli_wipe(reader.value, len + 1);
    free(reader.value);
    if (status != ICECAT_OK)
        dotenv_clear(out);
    return status;
}

const struct dotenv_entry *dotenv_get(const struct dotenv *dotenv, const char *key)
{
    for (size_t i = dotenv->count; i > 0; i--) {
        if (strcmp(dotenv->entries[i - 1].key, key) == 0)
            return &dotenv->entries[i - 1];
    }
    return NULL;
}

void dotenv_clear(struct dotenv *dotenv)
{
    for (size_t i = 0; i < dotenv->count; i++) {
        free(dotenv->entries[i].key);
        cli_wipe_text(dotenv->entries[i].value);
    }
    free(dotenv->entries);
    memset(dotenv, 0, sizeof(*dotenv));
}
