/*
 * credentials_split.c - a command line into its words, without a shell.
 */
#include "aws/credentials_split.h"

#include "base/error.h"

#include <string.h>

typedef struct splitter {
    const char *at;
    char *put;
    icecat_error *err;
} splitter;

static int is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What stands in quotes; @p s->at is behind the opening one. */
static icecat_status take_quoted(splitter *s, char quote)
{
    for (; *s->at != quote; s->at++) {
        if (*s->at == '\0')
            return ic_fail(s->err, ICECAT_E_CONFIG, "a %c is not closed", quote);
        if (quote == '"' && *s->at == '\\' && (s->at[1] == '"' || s->at[1] == '\\'))
            s->at++;
        *s->put++ = *s->at;
    }
    s->at++;
    return ICECAT_OK;
}

static icecat_status take_word(splitter *s)
{
    icecat_status status = ICECAT_OK;

    while (*s->at != '\0' && !is_gap(*s->at) && status == ICECAT_OK) {
        char c = *s->at++;

        if (c == '\'' || c == '"') {
            status = take_quoted(s, c);
        } else if (c == '\\' && *s->at == '\0') {
            status = ic_fail(s->err, ICECAT_E_CONFIG, "nothing follows the \\ at the end");
        } else {
            *s->put++ = c == '\\' ? *s->at++ : c;
        }
    }
    *s->put++ = '\0';
    return status;
}

icecat_status ic_words_split(const ic_mem *mem, const char *line, ic_words *out, icecat_error *err)
{
    splitter s = { line, NULL, err };
    icecat_status status = ICECAT_OK;

    memset(out, 0, sizeof(*out));
    /* No word is longer than its text and the end that replaces a gap. */
    s.put = out->memory = ic_mem_alloc(mem, strlen(line) + 2);
    if (out->memory == NULL)
        return ic_fail_memory(err, "a command");
    while (status == ICECAT_OK) {
        while (is_gap(*s.at))
            s.at++;
        if (*s.at == '\0')
            break;
        if (out->count == IC_WORDS_MAX) {
            status = ic_fail(err, ICECAT_E_LIMIT, "over %d words", IC_WORDS_MAX);
            break;
        }
        out->items[out->count++] = s.put;
        status = take_word(&s);
    }
    if (status == ICECAT_OK && out->count == 0)
        status = ic_fail(err, ICECAT_E_CONFIG, "there is no command");
    if (status != ICECAT_OK)
        ic_words_free(mem, out);
    return status;
}

void ic_words_free(const ic_mem *mem, ic_words *words)
{
    ic_mem_free(mem, words->memory);
    memset(words, 0, sizeof(*words));
}
